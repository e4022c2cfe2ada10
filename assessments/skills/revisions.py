"""What people change in a list of skills: aliases and broader links, one numbered revision at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.skills.concepts import OWN, Concept, cycles
from assessments.skills.phrases import Vocabulary, clauses, fold
from assessments.skills.skills import Skill, Taxonomy
from assessments.values import Locale, Value

LONGEST_ALIAS = 120


class SkillChange(StrEnum):
    """What a person may change in a skill of any list."""

    ALIAS_ADDED = "alias_added"
    ALIAS_REMOVED = "alias_removed"
    BROADER_SET = "broader_set"


class Revision(Value):
    """One change to the skill `uri`; `name` is the alias, or the uri of the broader skill ("" takes it away)."""

    number: Annotated[int, Field(ge=1)]
    uri: str
    kind: SkillChange
    name: str = ""
    locale: Locale = "fr"


class Refusal(StrEnum):
    """Why a change is not made."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    KNOWN = "known"
    TAKEN = "taken"
    NOT_THERE = "not_there"
    CYCLE = "cycle"


class Refused(Value):
    """A change that is not made: why, and the other skills concerned (who has the name, or the ring it would close)."""

    why: Refusal
    uris: tuple[str, ...] = ()


def named(text: str) -> str:
    """A name as it is compared: one space between words, no accents, no capitals.

    >>> named("  Réclamation   d’ABONNÉ ")
    "reclamation d'abonne"
    """
    return " ".join(fold(text.strip()).split())


def refusal(
    change: Revision, skills: Iterable[Concept], vocabulary: Vocabulary | None = None
) -> Refused | None:
    """Why `change` cannot be made to `skills`, or None; they are as they stand, earlier changes folded in.

    `skills` holds the one changed and all that its name or its link may meet: two skills must not share a name, and no
    skill is a kind of itself. With `vocabulary`, a name of which nothing is left to read is empty.
    """
    known = {one.uri: one for one in skills}
    if change.uri not in known:
        return Refused(why=Refusal.NOT_THERE)
    if change.kind is SkillChange.BROADER_SET:
        return _refused_link(change, known)
    if change.kind is SkillChange.ALIAS_REMOVED:
        return _refused_removal(change, known[change.uri])
    return _refused_name(change, known, vocabulary)


def _refused_name(
    change: Revision, known: Mapping[str, Concept], vocabulary: Vocabulary | None
) -> Refused | None:
    name = named(change.name)
    if len(name) < 2 or (vocabulary is not None and not clauses(name, vocabulary)):
        return Refused(why=Refusal.EMPTY)
    if len(change.name) > LONGEST_ALIAS:
        return Refused(why=Refusal.TOO_LONG)
    owners = tuple(uri for uri, one in known.items() if name in {named(other) for other in one.names})
    if change.uri in owners:
        return Refused(why=Refusal.KNOWN, uris=(change.uri,))
    return Refused(why=Refusal.TAKEN, uris=owners) if owners else None


def _refused_removal(change: Revision, skill: Concept) -> Refused | None:
    """A label stays: it is what the list itself calls the skill."""
    aliases = {named(name) for name in (*skill.aliases_fr, *skill.aliases_en)}
    labels = {named(skill.label_fr), named(skill.label_en)}
    is_there = named(change.name) in aliases - labels
    return None if is_there else Refused(why=Refusal.NOT_THERE, uris=(skill.uri,))


def _refused_link(change: Revision, known: Mapping[str, Concept]) -> Refused | None:
    if change.name and change.name not in known:
        return Refused(why=Refusal.NOT_THERE, uris=(change.name,))
    linked = known[change.uri].model_copy(update={"broader": (change.name,) if change.name else ()})
    ring = next((ring for ring in cycles({**known, change.uri: linked}.values()) if change.uri in ring), ())
    return Refused(why=Refusal.CYCLE, uris=ring) if ring else None


def revised(concepts: Iterable[Concept], revisions: Iterable[Revision]) -> tuple[Concept, ...]:
    """The concepts with every revision folded in by its number; those of concepts that are not there wait."""
    changed: dict[str, list[Revision]] = {}
    for one in sorted(revisions, key=lambda one: one.number):
        changed.setdefault(one.uri, []).append(one)
    return tuple(_revised(one, changed[one.uri]) if one.uri in changed else one for one in concepts)


def _revised(concept: Concept, revisions: Sequence[Revision]) -> Concept:
    for one in revisions:
        if one.kind is SkillChange.BROADER_SET:
            concept = concept.model_copy(update={"broader": (one.name,) if one.name else ()})
        elif one.kind is SkillChange.ALIAS_REMOVED:
            concept = concept.model_copy(
                update={
                    "aliases_fr": _without(concept.aliases_fr, one.name),
                    "aliases_en": _without(concept.aliases_en, one.name),
                }
            )
        else:
            place = f"aliases_{one.locale}"
            names = (*_without(getattr(concept, place), one.name), one.name)
            concept = concept.model_copy(update={place: names})
    return concept


def _without(names: Iterable[str], name: str) -> tuple[str, ...]:
    gone = named(name)
    return tuple(one for one in names if named(one) != gone)


def with_former(concept: Concept, former: Iterable[str]) -> Concept:
    """The concept with labels of earlier editions as French aliases: what was called so once is still found."""
    known = {named(name) for name in concept.names}
    lost = tuple(name for name in dict.fromkeys(former) if named(name) not in known)
    return concept.model_copy(update={"aliases_fr": (*concept.aliases_fr, *lost)}) if lost else concept


def revised_taxonomy(
    taxonomy: Taxonomy, revisions: Sequence[Revision], *, lent: Iterable[Concept] = (), edition: str
) -> Taxonomy:
    """Our own list with what people changed in it, and with the names of customers' skills that stand for ours.

    A broader link that a later shipped edition would turn into a ring is left as it was shipped; a lent name that
    another of our skills has already is left out.
    """
    changed: dict[str, list[Revision]] = {}
    for one in sorted(revisions, key=lambda one: one.number):
        changed.setdefault(one.uri.removeprefix(f"{OWN}:"), []).append(one)
    skills = {
        one.key: _revised_skill(one, changed.get(one.key, ()), {skill.key for skill in taxonomy.skills})
        for one in taxonomy.skills
    }
    _undo_rings(skills, taxonomy)
    _lend(skills, lent)
    return taxonomy.model_copy(update={"edition": edition, "skills": tuple(skills.values())})


def _revised_skill(skill: Skill, revisions: Iterable[Revision], keys: set[str]) -> Skill:
    aliases, broader = skill.aliases, skill.broader
    for one in revisions:
        if one.kind is SkillChange.BROADER_SET:
            wider = one.name.removeprefix(f"{OWN}:")
            broader = wider if wider in keys else None
        else:
            aliases = _without(aliases, one.name)
            if one.kind is SkillChange.ALIAS_ADDED:
                aliases = (*aliases, one.name)
    if aliases == skill.aliases and broader == skill.broader:
        return skill
    return skill.model_copy(update={"aliases": aliases, "broader": broader})


def _undo_rings(skills: dict[str, Skill], shipped: Taxonomy) -> None:
    first = {skill.key: skill.broader for skill in shipped.skills}
    for key in tuple(_in_rings(skills)):
        skills[key] = skills[key].model_copy(update={"broader": first[key]})


def _in_rings(skills: Mapping[str, Skill]) -> Iterator[str]:
    for start in skills:
        seen, here = set(), skills[start].broader
        while here is not None and here not in seen and here != start:
            seen.add(here)
            here = skills[here].broader
        if here == start:
            yield start


def _lend(skills: dict[str, Skill], lent: Iterable[Concept]) -> None:
    taken = {named(name) for skill in skills.values() for name in skill.names}
    for concept in lent:
        key = (concept.same_as or "").removeprefix(f"{OWN}:")
        if key in skills:
            new = tuple(name for name in concept.names if named(name) not in taken)
            taken |= {named(name) for name in new}
            skills[key] = skills[key].model_copy(update={"aliases": (*skills[key].aliases, *new)})
