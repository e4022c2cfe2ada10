"""Read the skills of ROME from its files: know-how, knowledge and ways of being, each under its macro-competence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.skills.concept_files import FileFault, ListError, ReadList, Rows
from assessments.skills.concepts import ROME, Concept, ConceptList

SOURCE = "ROME 4.0, France Travail, Licence Ouverte 2.0"
_CODE = re.compile(r"^\d{1,9}$")
_NO_SKILL = "contexte_travail"


@dataclass
class _Competence:
    label: str
    kind: str
    aliases: list[str] = field(default_factory=list)
    broader: list[str] = field(default_factory=list)


def read(files: Mapping[str, str], *, edition: str) -> ReadList:
    """The competences of ROME's CSV files, from texts by file name; raises ListError with every fault.

    Known by their columns: the links from occupations to competences (`code_ogr`, `type`, `libelle`; work contexts are
    no skills) and the competences themselves (`code_ogr`, `libelle_competence`). Occupations, titles and texts hold no
    skills and are named as ignored. ROME has no addresses of its own: a competence is `rome:` and its OGR code.
    """
    faults: list[FileFault] = []
    found: dict[str, _Competence] = {}
    ignored = [name for name, text in files.items() if not _take(Rows(name, text, faults), found)]
    if len(ignored) == len(files):
        faults += [
            FileFault(file=name, line=1, message="is no file of ROME's competences") for name in ignored
        ]
    if faults:
        raise ListError(faults)
    concepts = tuple(_concept(code, one) for code, one in found.items())
    listed = ConceptList(scheme=ROME, edition=edition, source=SOURCE, concepts=concepts)
    return ReadList(concepts=listed, ignored_files=tuple(ignored))


def _take(rows: Rows, found: dict[str, _Competence]) -> bool:
    if {"code_ogr", "type", "libelle"} <= rows.columns:
        _take_rows(rows, found, label="libelle")
    elif {"code_ogr", "libelle_competence"} <= rows.columns:
        _take_rows(rows, found, label="libelle_competence")
    else:
        return False
    return True


def _take_rows(rows: Rows, found: dict[str, _Competence], *, label: str) -> None:
    for line, row in rows:
        if row.get("type") == _NO_SKILL:
            continue
        code, name = row["code_ogr"].strip(), " ".join(row[label].split())
        if not _CODE.match(code):
            rows.say(line, f"« {code[:60]} » is no OGR code")
        elif not name:
            rows.say(line, "has no label")
        else:
            _add(found, code, name, row)


def _add(found: dict[str, _Competence], code: str, name: str, row: Mapping[str, str]) -> None:
    kind = row.get("cat_comp") or row.get("categorie") or row.get("type") or ""
    if row.get("type") == "savoir":
        kind = "Savoir"
    one = found.setdefault(code, _Competence(name, kind))
    if name != one.label and name not in one.aliases:
        one.aliases.append(name)
    macro = row.get("code_ogr_macro_comp", "").strip()
    if _CODE.match(macro) and macro != code and macro not in one.broader:
        one.broader.append(macro)


def _concept(code: str, one: _Competence) -> Concept:
    return Concept(
        uri=f"{ROME}:{code}",
        scheme=ROME,
        notation=code,
        label_fr=one.label,
        aliases_fr=tuple(one.aliases),
        broader=tuple(f"{ROME}:{macro}" for macro in one.broader),
        kind=one.kind,
    )
