"""What would change the answer, found by solving again: for a person over all programmes, for a programme over all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessments.matching.courses import Course
from assessments.matching.matches import Blocking, Match, Outcome
from assessments.matching.matching import Matcher, Prepared
from assessments.matching.readings import PersonReading
from assessments.matching.training_paths import Training, after, needs_of
from assessments.matching.widening import widened
from assessments.profiles import CandidateProfile, Window
from assessments.values import Value

_CLOSED = frozenset({Blocking.LANGUAGE, Blocking.WISH})
"""Causes that nothing here changes: a language is not learnt in weeks, and a wish is the person's own."""


class ChangeKind(StrEnum):
    """What would be different."""

    COURSE = "course"
    HOURS = "hours"
    COMPUTER = "computer"
    HEADSET = "headset"
    ROOM = "room"
    QUIET = "quiet"


class Change(Value):
    """One thing that could be different for a person: a course, a stretch of availability, or a thing arranged."""

    kind: ChangeKind
    course: Course | None = None
    window: Window | None = None
    weekly_hours: float | None = None

    @property
    def minutes(self) -> int:
        """What it asks of the person's time, for putting the lightest first."""
        if self.course:
            return self.course.minutes
        return self.window.minutes if self.window else 0


class Opening(Value):
    """Changes that together turn programmes into a match; none of them can be left out for `for_programme`."""

    changes: tuple[Change, ...]
    for_programme: str
    programmes: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A person with what was read of them."""

    person: CandidateProfile
    reading: PersonReading


def changed(known: Known, changes: Iterable[Change]) -> Known:
    """The person as they would be; who is there stays as they are."""
    person, reading = known.person, known.reading
    taken = tuple(changes)
    reading = after(reading, [change.course for change in taken if change.course])
    windows = tuple(change.window for change in taken if change.window)
    wished = max((change.weekly_hours for change in taken if change.weekly_hours), default=None)
    update: dict[str, object] = {"availability": (*person.availability, *windows)}
    if wished is not None and (person.desired_weekly_hours or 0) < wished:
        update["desired_weekly_hours"] = wished
    kinds = {change.kind for change in taken}
    if person.home and (mended := _home(kinds)):
        update["home"] = person.home.model_copy(update=mended)
    things = {"has_computer": ChangeKind.COMPUTER, "has_headset": ChangeKind.HEADSET}
    held = {name: True for name, kind in things.items() if kind in kinds}
    return Known(person.model_copy(update=update), reading.model_copy(update=held))


def _home(kinds: Iterable[ChangeKind]) -> dict[str, object]:
    wanted = set(kinds)
    mended: dict[str, object] = {}
    if ChangeKind.ROOM in wanted:
        mended["dedicated_room"] = True
    if ChangeKind.QUIET in wanted:
        mended["noise"] = "low"
    return mended


def openings_of(
    known: Known, prepared: Sequence[Prepared], *, matcher: Matcher, training: Training, most: int = 12
) -> tuple[Opening, ...]:
    """For each programme that is no match today the least changes that make it one, and what else they open.

    Every programme is weighed again under each set, so that what is said to open does. The set that opens most comes
    first, then the one that asks for the least time. Languages and wishes are not for changing; measured lines belong
    to the plan of remedies.
    """
    now = [matcher.weigh(known.person, known.reading, one) for one in prepared]
    closed = [
        (one, match) for one, match in zip(prepared, now, strict=True) if match.outcome is not Outcome.MATCH
    ]
    sets: dict[tuple[Change, ...], str] = {}
    for one, match in closed:
        found = _least_changes(known, one, match, matcher=matcher, training=training)
        if found:
            sets.setdefault(found, one.programme.id)
    openings = [
        Opening(changes=changes, for_programme=name, programmes=_opened(known, changes, closed, matcher))
        for changes, name in sets.items()
    ]
    openings.sort(key=lambda one: (-len(one.programmes), _effort(one.changes), one.for_programme))
    return tuple(openings[:most])


def _effort(changes: Iterable[Change]) -> tuple[int, int]:
    listed = tuple(changes)
    return sum(change.minutes for change in listed), len(listed)


def _opened(
    known: Known, changes: Sequence[Change], closed: Iterable[tuple[Prepared, Match]], matcher: Matcher
) -> tuple[str, ...]:
    other = changed(known, changes)
    return tuple(
        one.programme.id
        for one, _ in closed
        if matcher.weigh(other.person, other.reading, one).outcome is Outcome.MATCH
    )


def _least_changes(
    known: Known, prepared: Prepared, match: Match, *, matcher: Matcher, training: Training
) -> tuple[Change, ...]:
    """Changes that make a match, none of which can be left out; empty where there are none."""
    if match.blocking in _CLOSED:
        return ()

    def is_match(changes: Iterable[Change]) -> bool:
        other = changed(known, changes)
        return matcher.weigh(other.person, other.reading, prepared).outcome is Outcome.MATCH

    # The musts first; what is only wished for is learnt as well where the musts alone are not enough.
    tried = (
        tuple(
            _candidates(known, prepared, match, matcher=matcher, training=training, with_wished=with_wished)
        )
        for with_wished in (False, True)
    )
    wanted = next((changes for changes in tried if changes and is_match(changes)), ())
    kept = list(wanted)
    for change in sorted(wanted, key=lambda one: (-one.minutes, one.kind.value)):
        rest = [other for other in kept if other != change]
        if is_match(rest):
            kept = rest
    return tuple(kept)


def _candidates(
    known: Known, prepared: Prepared, match: Match, *, matcher: Matcher, training: Training, with_wished: bool
) -> Iterator[Change]:
    programme = prepared.programme
    path = training.shortest(needs_of(prepared, known.reading, with_wished=with_wished))
    if path.minutes > training.most_minutes:
        return
    for course in path.courses:
        yield Change(kind=ChangeKind.COURSE, course=course)
    policy = matcher.policy.hours
    if match.hours.usable / match.hours.weekly < policy.enough_ratio:
        windows = widened(known.person, programme, policy) or ()
        wished = known.person.desired_weekly_hours
        asked = programme.weekly_hours if wished is not None and wished < programme.weekly_hours else None
        for window in windows:
            yield Change(kind=ChangeKind.HOURS, window=window, weekly_hours=asked)
        if not windows and asked:
            yield Change(kind=ChangeKind.HOURS, weekly_hours=asked)
    sentences = {gap.key for gap in match.gaps}
    for kind, sentence in _THINGS.items():
        if sentence in sentences:
            yield Change(kind=kind)


_THINGS = {
    ChangeKind.COMPUTER: "computer_missing",
    ChangeKind.HEADSET: "headset_missing",
    ChangeKind.ROOM: "room_open",
    ChangeKind.QUIET: "room_noisy",
}
"""Findings of the home post that can be arranged, by the key of their gap."""
