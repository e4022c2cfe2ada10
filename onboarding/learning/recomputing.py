"""The standing of many learners on one path at once: what lists keep of `progress`, without its sentences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from onboarding.learning.progress import StepKind
from onboarding.paths.paths import Module, Path

Told = tuple[str, str, str, bool, int, date]
"""One event as plain values: module, kind, name (page, attempt, grant, session, exemption), passed, count, day."""


class Kept(NamedTuple):
    """What lists show of one learner; the same figures as ``progress`` gives, to the day.

    ``unpassed`` are marked attempts at one quiz that is still to pass, the most of any module; ``next_due`` is ``None``
    once everything is done.
    """

    percent: int
    is_complete: bool
    completed_on: date | None
    next_due: date | None
    moved_on: date | None
    modules_done: int
    unpassed: int
    waits_for_trainer: bool
    step: str
    step_module: str
    step_page: str


class _Unit(NamedTuple):
    """One module made ready: its place in the path, its pages by place, and which parts it has."""

    slug: str
    pages: tuple[str, ...]
    places: Mapping[str, int]
    has_quiz: bool
    has_package: bool
    has_class: bool
    parts: int
    minutes: int
    attempts: int | None
    before: tuple[int, ...]


class _Record:
    """What the events of one module come to, filled while they are read once."""

    __slots__ = ("acquired_on", "attempts", "attended_on", "grants", "package_on", "quiz_on", "read_on")

    def __init__(self) -> None:
        self.read_on: dict[int, date] = {}
        self.attempts: set[str] = set()
        self.grants: dict[str, int] = {}
        self.quiz_on: date | None = None
        self.package_on: date | None = None
        self.attended_on: date | None = None
        self.acquired_on: date | None = None


_NOTHING = _Record()


class Recomputer:
    """One edition of a path, made ready for as many learners as there are."""

    def __init__(self, path: Path) -> None:
        at = {module.slug: place for place, module in enumerate(path.modules)}
        self.minutes = path.minutes
        self.units = tuple(_unit(module, at) for module in path.modules)
        self.at = at

    def kept(self, events: Iterable[Told], *, due: Sequence[date], has_begun: bool) -> Kept:
        """Read one learner's events, in any order and told however often; ``due`` are the dates by place."""
        records: dict[int, _Record] = {}
        moved_on: date | None = None
        for told in events:
            if moved_on is None or told[5] > moved_on:
                moved_on = told[5]
            place = self.at.get(told[0])
            if place is not None:
                record = records.get(place)
                if record is None:
                    record = records[place] = _Record()
                _note(self.units[place], record, told)
        return self._standing(records, moved_on, due, has_begun=has_begun)

    def _standing(
        self, records: Mapping[int, _Record], moved_on: date | None, due: Sequence[date], *, has_begun: bool
    ) -> Kept:
        ends = [_completed_on(unit, records.get(place, _NOTHING)) for place, unit in enumerate(self.units)]
        done, unpassed, waits = 0, 0, False
        alone: tuple[str, str, str] | None = None
        helped: tuple[str, str, str] | None = None
        next_due: date | None = None
        for place, unit in enumerate(self.units):
            if ends[place] is not None:
                done += unit.minutes
                continue
            record = records.get(place, _NOTHING)
            done += unit.minutes * _parts_done(unit, record) // unit.parts
            if next_due is None or due[place] < next_due:
                next_due = due[place]
            left = _attempts_left(unit, record)
            if unit.has_quiz and record.quiz_on is None:
                unpassed = max(unpassed, len(record.attempts))
            if not has_begun or any(ends[before] is None for before in unit.before):
                continue
            waits = waits or (unit.has_quiz and record.quiz_on is None and left == 0)
            if alone is None:
                alone, other = _steps(unit, record, left)
                helped = helped or other
        last = [day for day in ends if day is not None]
        is_complete = len(last) == len(ends)
        step = _FINISHED if is_complete else alone or helped or _WAIT
        return Kept(
            done * 100 // self.minutes,
            is_complete,
            max(last) if is_complete else None,
            next_due,
            moved_on,
            len(last),
            unpassed,
            waits,
            *step,
        )


_ACQUIRED = ("exempted", "carried_over")
"""What takes the place of a module's parts: an accepted proof, the same module finished in an edition before."""
_FINISHED = (StepKind.FINISHED.value, "", "")
_WAIT = (StepKind.WAIT.value, "", "")


def _unit(module: Module, at: Mapping[str, int]) -> _Unit:
    pages = tuple(page.slug for page in module.pages)
    return _Unit(
        slug=module.slug,
        pages=pages,
        places={page: place for place, page in enumerate(pages)},
        has_quiz=bool(module.quiz),
        has_package=module.package is not None,
        has_class=module.live is not None,
        parts=len(pages) + bool(module.quiz) + bool(module.package) + bool(module.live),
        minutes=module.minutes,
        attempts=module.attempts,
        before=tuple(at[slug] for slug in module.prerequisites),
    )


def _note(unit: _Unit, record: _Record, told: Told) -> None:
    """Add one event to its module's record; one of a part that the module does not have changes nothing."""
    _, kind, name, passed, count, on = told
    if kind == "page_read":
        place = unit.places.get(name)
        if place is not None and on < record.read_on.get(place, date.max):
            record.read_on[place] = on
    elif kind == "quiz_marked":
        if unit.has_quiz:
            record.attempts.add(name)
            if passed and (record.quiz_on is None or on < record.quiz_on):
                record.quiz_on = on
    elif kind == "attempts_granted":
        record.grants[name] = max(count, record.grants.get(name, 0))
    elif kind == "package_completed":
        if unit.has_package and passed and (record.package_on is None or on < record.package_on):
            record.package_on = on
    elif kind == "class_attended":
        if unit.has_class and (record.attended_on is None or on < record.attended_on):
            record.attended_on = on
    elif kind in _ACQUIRED and (record.acquired_on is None or on < record.acquired_on):
        record.acquired_on = on


def _completed_on(unit: _Unit, record: _Record) -> date | None:
    """The day of the last part done, or on which it was acquired whole, whichever came first."""
    if record is _NOTHING:
        return None
    ends: list[date | None] = []
    if unit.has_quiz:
        ends.append(record.quiz_on)
    elif unit.pages:
        ends.append(max(record.read_on.values()) if len(record.read_on) == len(unit.pages) else None)
    if unit.has_package:
        ends.append(record.package_on)
    if unit.has_class:
        ends.append(record.attended_on)
    done_on = None
    for end in ends:
        if end is None:
            return record.acquired_on
        done_on = end if done_on is None or end > done_on else done_on
    if done_on is None or record.acquired_on is None:
        return done_on or record.acquired_on
    return min(done_on, record.acquired_on)


def _parts_done(unit: _Unit, record: _Record) -> int:
    known = len(unit.pages) if record.quiz_on else len(record.read_on)
    return known + bool(record.quiz_on) + bool(record.package_on) + bool(record.attended_on)


def _attempts_left(unit: _Unit, record: _Record) -> int | None:
    if unit.attempts is None:
        return None
    return max(0, unit.attempts + sum(record.grants.values()) - len(record.attempts))


def _steps(
    unit: _Unit, record: _Record, left: int | None
) -> tuple[tuple[str, str, str] | None, tuple[str, str, str] | None]:
    """The first thing the learner can do alone in an open module, and the first that needs somebody else."""
    helped = None
    if record.quiz_on is None:
        for place, page in enumerate(unit.pages):
            if place not in record.read_on:
                return (StepKind.READ_PAGE.value, unit.slug, page), None
    if unit.has_package and record.package_on is None:
        return (StepKind.RUN_PACKAGE.value, unit.slug, ""), None
    if unit.has_quiz and record.quiz_on is None:
        if left != 0:
            return (StepKind.TAKE_QUIZ.value, unit.slug, ""), None
        helped = (StepKind.ASK_TRAINER.value, unit.slug, "")
    if unit.has_class and record.attended_on is None:
        helped = helped or (StepKind.ATTEND_CLASS.value, unit.slug, "")
    return None, helped
