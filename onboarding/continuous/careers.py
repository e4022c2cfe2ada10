"""How far somebody is from a role or a programme: what it asks for, what of it is there, and which modules lead on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from onboarding.content import Label, Name, Reason, Slug, Value, Words
from onboarding.faults import Fault, FaultyFileError, parse, place
from onboarding.paths.paths import Edition, Path
from onboarding.sentences import Sentences


class WantedModule(Value):
    """A module that a role asks for; the whole path where ``module`` is left out."""

    path: Slug
    module: Slug | None = None


class WantedSkill(Value):
    """A level of a skill that a role or a programme asks for."""

    skill: Name
    level: StrictInt = Field(ge=1, le=5)


class Destination(Value):
    """A role to grow into: what it is, the modules and skills it asks for, and how it is reached (a person decides)."""

    slug: Slug
    title: Label
    purpose: Words
    modules: tuple[WantedModule, ...] = ()
    skills: tuple[WantedSkill, ...] = ()
    reached_by: Words


class CareerMap(Value):
    """One edition of the roles that people here can grow into."""

    edition: Edition
    valid_from: date
    source: Annotated[str, StringConstraints(min_length=1)]
    confidence: Annotated[str, StringConstraints(min_length=1)]
    destinations: tuple[Destination, ...] = Field(min_length=1)


def read(text: str) -> CareerMap:
    """Read one edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed: CareerMap | tuple[Fault, ...] = parse(text, CareerMap)
    if not isinstance(parsed, CareerMap):
        raise FaultyFileError(parsed)
    if faults := tuple(_faults_of(parsed)):
        raise FaultyFileError(faults)
    return parsed


def _faults_of(found: CareerMap) -> Iterable[Fault]:
    slugs = [one.slug for one in found.destinations]
    for number, one in enumerate(found.destinations):
        if one.slug in slugs[:number]:
            yield Fault(where=place("destinations", number, "slug"), what=f"{one.slug!r} is already used")
        if not one.modules and not one.skills:
            yield Fault(
                where=place("destinations", number), what="asks for nothing: name a module or a skill"
            )


class Lesson(Value):
    """Something to learn: a module of a path, or a class of the catalogue (then ``path`` and ``module`` are empty)."""

    path: Slug | None = None
    module: Slug | None = None
    title: Label
    minutes: StrictInt = Field(ge=1)
    is_done: bool = False


class SkillStanding(Value):
    """One skill that is asked for, and the level shown today."""

    skill: Name
    asked: StrictInt
    shown: StrictInt

    @property
    def is_met(self) -> bool:
        return self.shown >= self.asked


class Way(Value):
    """What lies between somebody and a destination. ``unmet`` are skills that nothing here teaches: practice does.

    ``modules_left`` counts modules to follow alone, ``classes_left`` classes with a trainer.
    """

    lessons: tuple[Lesson, ...]
    skills: tuple[SkillStanding, ...]
    unmet: tuple[Name, ...]
    modules_left: int
    classes_left: int
    minutes_left: int
    is_reached: bool
    reasons: tuple[Reason, ...]


def modules_of(wanted: Iterable[WantedModule], paths: Mapping[str, Path]) -> tuple[tuple[str, str], ...]:
    """Path and module of everything asked for, each once, in order; paths that are not given today are left out."""
    found: dict[tuple[str, str], None] = {}
    for one in wanted:
        path = paths.get(one.path)
        if path is None:
            continue
        for module in path.modules:
            if one.module is None or one.module == module.slug:
                found[path.slug, module.slug] = None
    return tuple(found)


def way(
    *,
    wanted: Sequence[tuple[str, str]],
    skills: Sequence[SkillStanding],
    taught: Sequence[Lesson],
    unmet: Collection[str],
    paths: Mapping[str, Path],
    done: Collection[tuple[str, str]],
    sentences: Sentences,
) -> Way:
    """Put together what is asked for and what is there.

    ``wanted`` are modules of ``paths`` by path and module, ``done`` those that hold today. ``taught`` are lessons that
    would bring the missing skills, ``unmet`` the skills that none of them brings. A lesson that is asked for and
    teaches too is told once.
    """
    lessons = [
        Lesson(
            path=slug, module=module.slug, title=module.title, minutes=module.minutes,
            is_done=(slug, module.slug) in done,
        )
        for slug, name in wanted
        if (module := paths[slug].module(name))
    ]  # fmt: skip
    known = {(one.path, one.module) for one in lessons}
    lessons += [one for one in taught if one.path is None or (one.path, one.module) not in known]
    left = [one for one in lessons if not one.is_done]
    modules = [one for one in left if one.path is not None]
    missing = [one for one in skills if not one.is_met]
    is_reached = not left and not missing
    return Way(
        lessons=tuple(lessons),
        skills=tuple(skills),
        unmet=tuple(one.skill for one in missing if one.skill in unmet),
        modules_left=len(modules),
        classes_left=len(left) - len(modules),
        minutes_left=sum(one.minutes for one in left),
        is_reached=is_reached,
        reasons=tuple(_reasons(left, modules, len(unmet), is_reached=is_reached, sentences=sentences)),
    )


def _reasons(
    left: Sequence[Lesson], modules: Sequence[Lesson], unmet: int, *, is_reached: bool, sentences: Sentences
) -> Iterable[Reason]:
    if is_reached:
        yield sentences.reason("career_reached")
    if modules:
        minutes = sum(one.minutes for one in modules)
        yield sentences.reason("career_modules", count=len(modules), minutes=minutes)
    if len(left) > len(modules):
        yield sentences.reason("career_classes", count=len(left) - len(modules))
    if unmet:
        yield sentences.reason("career_practice", count=unmet)
