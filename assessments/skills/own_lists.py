"""A customer's own list of skills, from CSV files with one skill a row."""

import re
from collections.abc import Mapping

from pydantic import ValidationError

from assessments.skills.concept_files import FileFault, ListError, ReadList, Rows, several
from assessments.skills.concepts import ESCO, OWN, ROME, Concept, ConceptList

NEEDED = frozenset({"notation"})
LABELS = frozenset({"label_fr", "label_en"})
COLUMNS = ("notation", "label_fr", "label_en", "aliases_fr", "aliases_en", "broader", "same_as", "kind")
"""All but `notation` and one label may be left out."""

MOST_NAMES = 200
LONGEST_NAME = 300
_NOTATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SCHEME = re.compile(r"[a-z][a-z0-9-]{1,31}")


def read(files: Mapping[str, str], *, scheme: str, edition: str) -> ReadList:
    """The skills of a customer's list, from texts by file name; raises ListError with every fault.

    A row holds `notation` (letters, digits, point, dash), `label_fr` or `label_en`, and where wanted `aliases_fr`,
    `aliases_en` (parted by a bar), `broader` (a notation of the list), `same_as` (the own skill it stands for), `kind`.
    """
    faults: list[FileFault] = []
    _check_scheme(scheme, faults)
    found: dict[str, tuple[str, int, Mapping[str, str]]] = {}
    ignored = [name for name, text in files.items() if not _take(Rows(name, text, faults), found)]
    if len(ignored) == len(files):
        faults += [
            FileFault(file=name, line=1, message="needs the columns notation and label_fr or label_en")
            for name in ignored
        ]
    concepts = _concepts(found, scheme, faults)
    if faults:
        raise ListError(faults)
    listed = ConceptList(scheme=scheme, edition=edition, concepts=concepts)
    return ReadList(concepts=listed, ignored_files=tuple(ignored))


def _check_scheme(scheme: str, faults: list[FileFault]) -> None:
    if not _SCHEME.fullmatch(scheme) or scheme in (OWN, ESCO, ROME):
        message = (
            f"« {scheme[:60]} » cannot name a list: take two to 32 small letters, digits and dashes; own, esco and "
            "rome are taken"
        )
        faults.append(FileFault(file="", line=0, message=message))


def _take(rows: Rows, found: dict[str, tuple[str, int, Mapping[str, str]]]) -> bool:
    if not rows.columns >= NEEDED or not rows.columns & LABELS:
        return False
    for line, row in rows:
        notation = row["notation"].strip()
        if not _NOTATION.fullmatch(notation):
            rows.say(
                line, f"« {notation[:60]} » is no notation: letters, digits, points and dashes, at most 80"
            )
        elif notation in found:
            rows.say(line, f"« {notation} » is named by line {found[notation][1]} before")
        else:
            found[notation] = (rows.file, line, row)
    return True


def _concepts(
    found: Mapping[str, tuple[str, int, Mapping[str, str]]], scheme: str, faults: list[FileFault]
) -> tuple[Concept, ...]:
    concepts = []
    for notation, (file, line, row) in found.items():
        told = _faults_of(row, found)
        if not told:
            try:
                concepts.append(_concept(scheme, notation, row))
            except ValidationError:
                told = ["cannot be read as a skill"]
        faults += [FileFault(file=file, line=line, message=message) for message in told]
    return tuple(concepts)


def _faults_of(row: Mapping[str, str], known: Mapping[str, object]) -> list[str]:
    told = []
    if not any(row.get(name, "").strip() for name in LABELS):
        told.append("has no label in French or in English")
    if any(len(name) > LONGEST_NAME for name in _names(row)) or len(_names(row)) > MOST_NAMES:
        told.append(f"holds more than {MOST_NAMES} names, or one of more than {LONGEST_NAME} characters")
    told += [f"is a kind of « {one} », which the list lacks" for one in _broader(row) if one not in known]
    return told


def _names(row: Mapping[str, str]) -> tuple[str, ...]:
    every = ("label_fr", "label_en", "aliases_fr", "aliases_en")
    return tuple(name for column in every for name in several(row.get(column, "")))


def _broader(row: Mapping[str, str]) -> tuple[str, ...]:
    return several(row.get("broader", ""))


def _concept(scheme: str, notation: str, row: Mapping[str, str]) -> Concept:
    same = row.get("same_as", "").strip()
    return Concept(
        uri=f"{scheme}:{notation}",
        scheme=scheme,
        notation=notation,
        label_fr=" ".join(row.get("label_fr", "").split()),
        label_en=" ".join(row.get("label_en", "").split()),
        aliases_fr=several(row.get("aliases_fr", "")),
        aliases_en=several(row.get("aliases_en", "")),
        broader=tuple(f"{scheme}:{one}" for one in _broader(row)),
        same_as=(same if ":" in same else f"{OWN}:{same}") if same else None,
        kind=" ".join(row.get("kind", "").split())[:80],
    )
