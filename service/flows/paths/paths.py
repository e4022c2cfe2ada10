"""Training paths by date: which edition is given today, and the very edition that somebody began."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from onboarding.day_one.readiness import Requirements
from onboarding.learning.schedule import due_dates
from onboarding.paths.paths import Module, Path
from onboarding.sentences import Sentences
from service.flows.training_days import working_days
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Gone, NotFound, RuleBroken

T = TypeVar("T", Sentences, Requirements)


def in_force(editions: Editions, today: date) -> tuple[Path, ...]:
    """The edition of each path that is given to people today, by name."""
    latest: dict[str, Path] = {}
    for path in sorted(editions.paths.values(), key=lambda path: (path.valid_from, path.edition)):
        if path.valid_from <= today and (path.slug, path.edition) not in editions.withdrawn:
            latest[path.slug] = path
    return tuple(latest[slug] for slug in sorted(latest))


def editions_of(editions: Editions, slug: str) -> tuple[str, ...]:
    """Every edition kept of a path, newest first."""
    return tuple(sorted((edition for name, edition in editions.paths if name == slug), reverse=True))


def to_give(editions: Editions, slug: str, *, today: date) -> Path:
    """The edition of `slug` that is given today; NotFound when there is none."""
    for path in in_force(editions, today):
        if path.slug == slug:
            return path
    raise NotFound("No path of that name is given today.")


def to_assign(editions: Editions, slug: str, *, today: date) -> Path:
    """The same for an assignment: a name that is not given today is a fault of the form."""
    for path in in_force(editions, today):
        if path.slug == slug:
            return path
    raise RuleBroken(
        "No path of that name is given today.",
        faults=[Fault("/path", "unknown", "choose one of the paths of GET /paths")],
    )


def as_begun(editions: Editions, slug: str, edition: str) -> Path:
    """The edition that somebody began, whatever came after it; Gone when its file was withdrawn."""
    path = editions.paths.get((slug, edition))
    if path is None:
        raise Gone(
            "The edition %(edition)s of this path was withdrawn.", edition=edition, code="edition-withdrawn"
        )
    return path


def module_of(path: Path, slug: str) -> Module:
    module = path.module(slug)
    if module is None:
        raise NotFound
    return module


def module_followed(editions: Editions, slug: str, edition: str, module: str) -> tuple[Path, Module]:
    """The edition that somebody follows and a module of it; Conflict for one that another edition of it has."""
    path = as_begun(editions, slug, edition)
    found = path.module(module)
    if found is None and any(one.module(module) for (name, _), one in editions.paths.items() if name == slug):
        raise Conflict(
            "This module is not part of the edition that you follow; what you did in it is kept.",
            code="module-elsewhere",
        )
    return path, module_of(path, module)


def dates_of(path: Path, start: date, own: Mapping[str, date] = MappingProxyType({})) -> Mapping[str, date]:
    """Module slug -> due date for somebody who starts on `start`; dates of their own take the place of counted ones."""
    counted = due_dates(path, start=start, working_days=working_days(start))
    return MappingProxyType({slug: own.get(slug, day) for slug, day in counted.items()})


def sentences_in_force(editions: Editions, today: date) -> Sentences:
    return _latest(editions.sentences, today)


def requirements_in_force(editions: Editions, today: date) -> Requirements:
    """What day one asks for, in the edition valid today."""
    return _latest(editions.readiness, today)


def _latest(found: tuple[T, ...], today: date) -> T:
    valid = [edition for edition in found if edition.valid_from <= today]
    return (valid or list(found))[-1]
