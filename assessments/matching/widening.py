"""The least more availability that gives the hours a programme asks for: which day, from when to when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from assessments.matching.availability import (
    HoursPolicy,
    Stretch,
    joined,
    minutes_by_day,
    overlap,
    usable_hours,
)
from assessments.profiles import MINUTES_A_DAY, CandidateProfile, ProgrammeProfile, Window

_GRID = 30
_GRAIN = 15


@dataclass(frozen=True)
class Added:
    """More availability on one day, and the working minutes that it gives."""

    windows: tuple[Stretch, ...]
    minutes: int
    gain: int


def widened(
    person: CandidateProfile, programme: ProgrammeProfile, policy: HoursPolicy
) -> tuple[Window, ...] | None:
    """The fewest minutes of availability to add, in half hours, so that the programme's hours are reached.

    Empty where they are reached already; None where no availability would do (the programme is open too little).
    Ties go to fewer stretches, then to earlier days. What people wish of hours is left as it is.
    """
    need = ceil(policy.enough_ratio * programme.weekly_hours * 60 - 1e-9)
    has = _worked(person.availability, programme, policy)
    if sum(has) >= need:
        return ()
    days = [_options(person, programme, policy, day, has[day]) for day in range(7)]
    chosen = _least(days, need - sum(has))
    windows = tuple(window for added in chosen or () for window in _windows(added.windows))
    if chosen is None or not _is_enough((*person.availability, *windows), programme, policy):
        return None
    return windows


def _worked(windows: Iterable[Window], programme: ProgrammeProfile, policy: HoursPolicy) -> tuple[int, ...]:
    return minutes_by_day(
        overlap(joined(windows), joined(programme.opening_hours)),
        split_shifts_allowed=programme.split_shifts_allowed,
        policy=policy,
    )


def _is_enough(windows: Iterable[Window], programme: ProgrammeProfile, policy: HoursPolicy) -> bool:
    hours = usable_hours(
        windows,
        programme.opening_hours,
        weekly_hours=programme.weekly_hours,
        wished_hours=None,
        split_shifts_allowed=programme.split_shifts_allowed,
        policy=policy,
    )
    return hours.usable / hours.weekly >= policy.enough_ratio


def _options(
    person: CandidateProfile, programme: ProgrammeProfile, policy: HoursPolicy, day: int, has: int
) -> list[Added]:
    """What one day could add: each opening of that day, from what the person has of it outwards, or from an end."""
    first, last = day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY
    open_today = overlap(joined(programme.opening_hours), ((first, last),))
    held = overlap(joined(person.availability), open_today)
    found: list[Added] = []
    for start, end in open_today:
        mine = [piece for piece in held if start <= piece[0] < end]
        for stretch in _stretches(start, end, mine):
            more = _missing(stretch, mine)
            worked = minutes_by_day(
                joined_stretches((*held, *more)),
                split_shifts_allowed=programme.split_shifts_allowed,
                policy=policy,
            )[day]
            if worked > has:
                found.append(Added(more, sum(b - a for a, b in more), worked - has))
    return _efficient(found)


def joined_stretches(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches of one week, those that touch made one."""
    whole: list[Stretch] = []
    for start, end in sorted(stretches):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return tuple(whole)


def _stretches(start: int, end: int, mine: Sequence[Stretch]) -> Iterator[Stretch]:
    """Whole stretches to be free in: outwards from what is there, later first, or from either end of the opening."""
    if mine:
        low, high = mine[0][0], mine[-1][1]
        for length in range(_GRID, end - start + _GRID, _GRID):
            later = min(length, end - high)
            yield max(start, low - (length - later)), min(end, high + later)
            earlier = min(length, low - start)
            yield max(start, low - earlier), min(end, high + length - earlier)
    else:
        for length in range(_GRID, end - start + _GRID, _GRID):
            yield start, min(end, start + length)
            yield max(start, end - length), end


def _missing(stretch: Stretch, mine: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The parts of a stretch that are not there yet."""
    at, gaps = stretch[0], []
    for start, end in mine:
        if start > at:
            gaps.append((at, min(start, stretch[1])))
        at = max(at, end)
    if at < stretch[1]:
        gaps.append((at, stretch[1]))
    return tuple(gap for gap in gaps if gap[0] < gap[1])


def _efficient(options: Iterable[Added]) -> list[Added]:
    """Without options that give no more than one that asks for less."""
    kept: list[Added] = []
    for option in sorted(options, key=lambda one: (one.minutes, -one.gain, one.windows)):
        if not kept or option.gain > kept[-1].gain:
            kept.append(option)
    return kept


def _least(days: Sequence[Sequence[Added]], need: int) -> tuple[Added, ...] | None:
    """One option a day at most, together at least `need` minutes of work, for the least that is added."""
    best: dict[int, tuple[int, int, tuple[Added, ...]]] = {0: (0, 0, ())}
    goal = ceil(need / _GRAIN)
    for options in days:
        reached = dict(best)
        for gain, (minutes, stretches, chosen) in best.items():
            for option in options:
                total = min(goal, gain + option.gain // _GRAIN)
                cost = (minutes + option.minutes, stretches + len(option.windows), (*chosen, option))
                if total not in reached or cost[:2] < reached[total][:2]:
                    reached[total] = cost
        best = reached
    return best[goal][2] if goal in best else None


def _windows(stretches: Iterable[Stretch]) -> Iterator[Window]:
    for start, end in stretches:
        day = start // MINUTES_A_DAY
        yield Window.model_validate(
            {
                "day": day + 1,
                "from": _clock(start - day * MINUTES_A_DAY),
                "to": _clock(end - day * MINUTES_A_DAY),
            }
        )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
