"""The same wave under other conditions: scenarios side by side, and what one change would bring, by solving again."""

from collections.abc import Iterator, Mapping, Sequence

from assessments.allocation.allocation import allocate, by_seats
from assessments.allocation.allocations import Allocation, Compared, Comparison, Counterfactual, Infeasible
from assessments.allocation.coverage import A_DAY, MINUTES
from assessments.allocation.policy import AllocationPolicy
from assessments.allocation.waves import Change, Goal, Scenario, Wave, WaveProgramme, under
from assessments.profiles import Window, Windows
from assessments.values import Text


def compare(
    wave: Wave, scenarios: Sequence[Scenario], policy: AllocationPolicy, *, seconds: float | None = None
) -> Comparison:
    """The wave as it is and every scenario, each solved for itself; `seconds` is for each of them."""
    base = allocate(wave, policy, seconds=seconds)
    return Comparison(
        base=base,
        scenarios=tuple(
            _compared(base, one, allocate(under(wave, one), policy, goals=one.goals, seconds=seconds))
            for one in scenarios
        ),
    )


def _compared(base: Allocation | Infeasible, scenario: Scenario, result: Allocation | Infeasible) -> Compared:
    if isinstance(base, Infeasible) or isinstance(result, Infeasible):
        return Compared(name=scenario.name, result=result)
    before, after = _homes(base), _homes(result)
    return Compared(
        name=scenario.name,
        result=result,
        more=tuple(person for person in after if person not in before),
        fewer=tuple(person for person in before if person not in after),
        moved=tuple(person for person in after if before.get(person, after[person]) != after[person]),
        points=round(result.total - base.total, 2),
        half_hours_covered=_covered(result) - _covered(base),
    )


def _homes(found: Allocation) -> Mapping[str, str]:
    return {one.person: one.programme for one in found.placed}


def _covered(found: Allocation) -> int:
    return sum(one.covered for one in found.coverage)


def counterfactuals(
    wave: Wave,
    policy: AllocationPolicy,
    *,
    programmes: Sequence[str] | None = None,
    goals: Sequence[Goal] | None = None,
    seconds: float | None = None,
) -> tuple[Counterfactual, ...]:
    """What more seats or other opening hours of one programme would bring, each solved again; most people first.

    Only changes that bring people or points are told. Without `seconds` weeks are not planned again: people and points
    are then those of seats and of hours in common, and half hours are not said. `programmes` keeps it to some. Empty
    where the wave as it is cannot hold.
    """

    def solved(one: Wave) -> Allocation | Infeasible:
        if seconds:
            return allocate(one, policy, goals=goals, seconds=seconds)
        return by_seats(one, policy, goals=goals)

    base = solved(wave)
    if isinstance(base, Infeasible):
        return ()
    wanted = [one for one in wave.programmes if programmes is None or one.id in programmes]
    found = []
    for programme in wanted:
        for change, sentence, figures in _changes(programme, policy):
            again = solved(under(wave, Scenario(name="what if", changes=(change,))))
            if isinstance(again, Allocation):
                found.append(
                    _told(base, again, programme, change, sentence, figures, has_weeks=bool(seconds))
                )
    helpful = [one for one in found if one.people_more > 0 or (one.people_more == 0 and one.points_more > 0)]
    return tuple(sorted(helpful, key=lambda one: (-one.people_more, -one.points_more, one.change.programme)))


def _changes(
    programme: WaveProgramme, policy: AllocationPolicy
) -> Iterator[tuple[Change, Text, dict[str, object]]]:
    changes, words, name = policy.changes, policy.words, programme.id
    for count in changes.seats:
        yield Change(programme=name, seats=programme.seats + count), words.seats_more, {"count": count}
    for minutes in changes.open_earlier_minutes if programme.opening_hours else ():
        if hours := opening_earlier(programme.opening_hours or (), minutes):
            yield Change(programme=name, opening_hours=hours), words.open_earlier, {"minutes": minutes}
    for minutes in changes.close_later_minutes if programme.opening_hours else ():
        if hours := closing_later(programme.opening_hours or (), minutes):
            yield Change(programme=name, opening_hours=hours), words.close_later, {"minutes": minutes}


def _told(
    base: Allocation,
    again: Allocation,
    programme: WaveProgramme,
    change: Change,
    sentence: Text,
    figures: dict[str, object],
    *,
    has_weeks: bool,
) -> Counterfactual:
    before, after = _homes(base), _homes(again)
    people = len(after) - len(before)
    return Counterfactual(
        change=change,
        text=sentence.with_(programme=programme.title or programme.id, people=people, **figures),
        people_more=people,
        more=tuple(person for person in after if person not in before),
        points_more=round(again.total - base.total, 2),
        half_hours_more=_covered(again) - _covered(base) if has_weeks else None,
    )


def opening_earlier(hours: Windows, minutes: int) -> tuple[Window, ...]:
    """The same hours with the first window of each day that much earlier, not before midnight.

    >>> week = (Window.model_validate({"day": 1, "from": "09:00", "to": "12:00"}),)
    >>> opening_earlier(week, 30)[0].start
    '08:30'
    """
    firsts = {day: min(one.start for one in hours if one.day == day) for day in {one.day for one in hours}}
    return tuple(_moved(one, start=-minutes) if one.start == firsts[one.day] else one for one in hours)


def closing_later(hours: Windows, minutes: int) -> tuple[Window, ...]:
    """The same hours with the last window of each day that much later, not past midnight."""
    lasts = {day: max(one.end for one in hours if one.day == day) for day in {one.day for one in hours}}
    return tuple(_moved(one, end=minutes) if one.end == lasts[one.day] else one for one in hours)


def _moved(window: Window, *, start: int = 0, end: int = 0) -> Window:
    midnight = (window.day - 1) * A_DAY * MINUTES
    first = max(0, window.first_minute - midnight + start)
    last = min(A_DAY * MINUTES, window.first_minute - midnight + window.minutes + end)
    return Window.model_validate({"day": window.day, "from": clock_of(first), "to": clock_of(last)})


def clock_of(minutes: int) -> str:
    """Minutes after midnight as a time of day.

    >>> clock_of(510), clock_of(1440)
    ('08:30', '24:00')
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
