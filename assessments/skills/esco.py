"""Read the skills of ESCO from the files of its portal: labels in two languages, other names, broader links."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from assessments.skills.concept_files import FileFault, ListError, ReadList, Rows, several
from assessments.skills.concepts import ESCO, Concept, ConceptList

SOURCE = "ESCO, European Commission, CC BY 4.0 (Decision 2011/833/EU)"
_BASE = "http://data.europa.eu/esco/"
_URI = re.compile(r"^http://data\.europa\.eu/esco/\S{1,200}$")
_LANGUAGE = re.compile(r"(?:^|[_\-.])(fr|en)(?:[_\-.]|$)", re.IGNORECASE)

Language = Literal["fr", "en"]


@dataclass
class _Skill:
    labels: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, list[str]] = field(default_factory=lambda: {"fr": [], "en": []})
    broader: list[str] = field(default_factory=list)
    kind: str = ""


def read(files: Mapping[str, str], *, edition: str) -> ReadList:
    """The skills of the portal's CSV download, from texts by file name; raises ListError with every fault.

    Known by their columns: `skills_fr.csv`, `skills_en.csv` (the name says the language), `broaderRelations…csv`,
    and a cut in both languages (`id`, `label_en`, `label_fr`, `alt_…`) with its own links (`skill_id`, `broader`).
    Of a concept that two files name, the names are put together; what is no longer `released` is left out.
    """
    faults: list[FileFault] = []
    skills: dict[str, _Skill] = {}
    links: dict[str, list[str]] = {}
    ignored = [name for name, text in files.items() if not _take(Rows(name, text, faults), skills, links)]
    if len(ignored) == len(files):
        faults += [FileFault(file=name, line=1, message="is no file of ESCO's skills") for name in ignored]
    if faults:
        raise ListError(faults)
    for uri, broader in links.items():
        if uri in skills:
            skills[uri].broader += broader
    concepts = tuple(_concept(uri, skill) for uri, skill in skills.items())
    listed = ConceptList(scheme=ESCO, edition=edition, source=SOURCE, concepts=concepts)
    return ReadList(concepts=listed, ignored_files=tuple(ignored))


def _take(rows: Rows, skills: dict[str, _Skill], links: dict[str, list[str]]) -> bool:
    """Read one file into what is known so far; False when its columns are none of skills."""
    if {"conceptUri", "preferredLabel", "altLabels"} <= rows.columns:
        _take_portal(rows, skills)
    elif {"id", "label_en", "label_fr"} <= rows.columns and "isco08" not in rows.columns:
        _take_cut(rows, skills)
    elif {"conceptUri", "broaderUri"} <= rows.columns:
        _take_links(rows, links, "conceptUri", "broaderUri")
    elif {"skill_id", "broader"} <= rows.columns:
        _take_links(rows, links, "skill_id", "broader")
    else:
        return False
    return True


def _take_portal(rows: Rows, skills: dict[str, _Skill]) -> None:
    named = _LANGUAGE.search(rows.file)
    if named is None:
        rows.say(0, "its name says no language: call it skills_fr.csv or skills_en.csv")
        return
    language = named.group(1).lower()
    seen: set[str] = set()
    for line, row in rows:
        uri, label = row["conceptUri"].strip(), " ".join(row["preferredLabel"].split())
        if row.get("status", "").strip() not in ("", "released"):
            continue
        if _is_sound(rows, line, uri, label, seen):
            aliases = (*several(row["altLabels"]), *several(row.get("hiddenLabels", "")))
            _add(skills, uri, {language: label}, {language: aliases}, row.get("skillType", ""))


def _take_cut(rows: Rows, skills: dict[str, _Skill]) -> None:
    seen: set[str] = set()
    for line, row in rows:
        uri = _address(row["id"])
        labels = {language: " ".join(row[f"label_{language}"].split()) for language in ("fr", "en")}
        if _is_sound(rows, line, uri, labels["en"] or labels["fr"], seen):
            aliases = {language: several(row.get(f"alt_{language}", "")) for language in ("fr", "en")}
            _add(skills, uri, labels, aliases, row.get("skill_type", ""))


def _take_links(rows: Rows, links: dict[str, list[str]], narrow: str, wide: str) -> None:
    for line, row in rows:
        uri, broader = _address(row[narrow]), _address(row[wide])
        if _URI.match(uri) and _URI.match(broader):
            links.setdefault(uri, []).append(broader)
        else:
            rows.say(line, "names no two concepts of ESCO")


def _address(written: str) -> str:
    """A concept's whole address; the cut writes `skill/…`, `isced-f/…`, or the bare identifier of a skill."""
    short = written.strip()
    if short.startswith("http"):
        return short
    return _BASE + (short if "/" in short else f"skill/{short}")


def _is_sound(rows: Rows, line: int, uri: str, label: str, seen: set[str]) -> bool:
    if not _URI.match(uri):
        rows.say(line, f"« {uri[:60]} » is no address of ESCO")
    elif not label:
        rows.say(line, "has no label")
    elif uri in seen:
        rows.say(line, "names a concept that a line before names")
    else:
        seen.add(uri)
        return True
    return False


def _add(
    skills: dict[str, _Skill],
    uri: str,
    labels: Mapping[str, str],
    aliases: Mapping[str, Iterable[str]],
    kind: str,
) -> None:
    skill = skills.setdefault(uri, _Skill())
    for language, label in labels.items():
        if label and skill.labels.setdefault(language, label) != label:
            skill.aliases[language].append(label)
    for language, names in aliases.items():
        skill.aliases[language] += names
    skill.kind = skill.kind or kind.removeprefix("skill/").strip()


def _concept(uri: str, skill: _Skill) -> Concept:
    return Concept(
        uri=uri,
        scheme=ESCO,
        notation=uri.rpartition("/")[2],
        label_fr=skill.labels.get("fr", ""),
        label_en=skill.labels.get("en", ""),
        aliases_fr=_others(skill, "fr"),
        aliases_en=_others(skill, "en"),
        broader=tuple(dict.fromkeys(skill.broader)),
        kind=skill.kind,
    )


def _others(skill: _Skill, language: Language) -> tuple[str, ...]:
    own = skill.labels.get(language)
    return tuple(dict.fromkeys(name for name in skill.aliases[language] if name != own))
