"""What the events of one module amount to: which of its parts are done, when, and the time really spent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from onboarding.content import Slug, Value
from onboarding.learning.events import (
    AttemptsGranted,
    CarriedOver,
    ClassAttended,
    Event,
    Exempted,
    PackageCompleted,
    PageRead,
    QuizMarked,
)
from onboarding.paths.paths import Module


class Record(Value):
    """What was done of one module. ``pages`` are those read, in the module's order.

    ``completed_on`` is the day on which its last part was done, on which a proof was accepted for it, or on which it
    was finished in an edition left behind, whichever came first. ``parts_done`` counts pages, quiz, package and class,
    each as one, out of ``parts``.
    """

    pages: tuple[Slug, ...]
    attempts: int
    granted: int
    best: int | None
    is_quiz_passed: bool
    is_package_done: bool
    package_percent: int | None
    is_attended: bool
    exempted_on: date | None
    completed_on: date | None
    parts: int
    parts_done: int
    seconds: int


def belongs(module: Module, event: Event) -> bool:
    """Whether the module has the part that the event tells of."""
    match event:
        case PageRead():
            return any(page.slug == event.page for page in module.pages)
        case QuizMarked() | AttemptsGranted():
            return bool(module.quiz)
        case PackageCompleted():
            return module.package is not None
        case ClassAttended():
            return module.live is not None
        case Exempted() | CarriedOver():
            return True


def record_of(module: Module, events: Iterable[Event]) -> Record:
    """Read the events of one module, each of which belongs to it; order and repetition do not matter."""
    told = tuple(events)
    read_on = _first_days((one.page, one.on) for one in told if isinstance(one, PageRead))
    marks = [one for one in told if isinstance(one, QuizMarked)]
    runs = [one for one in told if isinstance(one, PackageCompleted)]
    pages = tuple(page.slug for page in module.pages)
    quiz_on = min((one.on for one in marks if one.passed), default=None)
    package_on = min((one.on for one in runs if one.passed), default=None)
    attended_on = min((one.on for one in told if isinstance(one, ClassAttended)), default=None)
    exempted_on = min((one.on for one in told if isinstance(one, Exempted)), default=None)
    carried_on = min((one.on for one in told if isinstance(one, CarriedOver)), default=None)
    learned_on = quiz_on if module.quiz else _all_read(pages, read_on)
    done_on = _last(
        [
            *([learned_on] if module.quiz or pages else []),
            *([package_on] if module.package else []),
            *([attended_on] if module.live else []),
        ]
    )
    read_or_known = len(pages) if quiz_on else len(read_on)
    return Record(
        pages=tuple(page for page in pages if page in read_on),
        attempts=len({one.attempt for one in marks}),
        granted=_granted(told),
        best=max((one.percent for one in marks), default=None),
        is_quiz_passed=quiz_on is not None,
        is_package_done=package_on is not None,
        package_percent=max((one.percent for one in runs if one.percent is not None), default=None),
        is_attended=attended_on is not None,
        exempted_on=exempted_on,
        completed_on=min((day for day in (done_on, exempted_on, carried_on) if day), default=None),
        parts=len(pages) + bool(module.quiz) + bool(module.package) + bool(module.live),
        parts_done=read_or_known + bool(quiz_on) + bool(package_on) + bool(attended_on),
        seconds=_seconds(told),
    )


def _first_days(told: Iterable[tuple[str, date]]) -> Mapping[str, date]:
    first: dict[str, date] = {}
    for name, on in told:
        first[name] = min(on, first.get(name, on))
    return first


def _all_read(pages: Sequence[str], read_on: Mapping[str, date]) -> date | None:
    return max(read_on.values()) if pages and len(read_on) == len(pages) else None


def _last(days: Sequence[date | None]) -> date | None:
    """The latest of the days, once there is one for every part."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _granted(events: Iterable[Event]) -> int:
    """Each grant once; should the same one ever be told with two counts, the larger holds."""
    grants: dict[str, int] = {}
    for event in events:
        if isinstance(event, AttemptsGranted):
            grants[event.grant] = max(event.count, grants.get(event.grant, 0))
    return sum(grants.values())


def _seconds(events: Iterable[Event]) -> int:
    """Time spent: each sitting once; told twice with two lengths, the longer holds."""
    spent: dict[tuple[str, str], int] = {}
    for event in events:
        match event:
            case PageRead():
                name = event.page
            case QuizMarked() | PackageCompleted():
                name = event.attempt
            case ClassAttended():
                name = event.session
            case _:
                continue
        spent[event.kind, name] = max(event.seconds, spent.get((event.kind, name), 0))
    return sum(spent.values())
