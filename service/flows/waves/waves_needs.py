"""How many people a programme needs on the line and when: lines that a person types, checked on the half hours."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assessments.allocation.coverage import half_hours_inside
from assessments.profiles import Window
from service.flows.reading.reading_cells import BadCell, windows
from service.runtime.errors import Fault, RuleBroken
from service.store.waves.waves import NeedFacts

MOST_LINES = 200
MOST_PEOPLE = 100_000
HALF_HOURS_A_DAY = 48
HALF_HOURS = 7 * HALF_HOURS_A_DAY
_SHORT = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_LINE = re.compile(r"(.+?)\s*=\s*(\d{1,6})\s*(?:personnes?|people|p\.?)?")
_ON_THE_HALF_HOUR = re.compile(r"(?:[01]\d|2[0-3]):(?:00|30)|24:00")


def read_lines(text: str) -> tuple[NeedFacts, ...]:
    """What lines like `lun-ven 09:00-12:00 = 8` say, one stretch of one day each; BadCell says how to write a line.

    >>> [(one.day, one.start, one.end, one.people) for one in read_lines("lun-mar 9h-12h30 = 8 personnes")]
    [(1, '09:00', '12:30', 8), (2, '09:00', '12:30', 8)]
    """
    found: list[NeedFacts] = []
    for line in filter(None, (line.strip() for line in re.split(r"[\r\n|;]", text))):
        said = _LINE.fullmatch(line)
        if said is None:
            raise BadCell(f"contient « {line[:60]} » ; écrivez des lignes comme lun-ven 09:00-12:00 = 8")
        found += [
            NeedFacts(day=one["day"], start=one["from"], end=one["to"], people=int(said[2]))
            for one in windows(said[1])
        ]
    return tuple(found)


def lines_of(needs: Iterable[NeedFacts]) -> str:
    """The same lines as `read_lines` reads, days that are alike in one line.

    >>> print(lines_of(read_lines("lun-ven 9h-12h = 8\\nlun 12h-14h = 3")))
    lun-ven 09:00-12:00 = 8
    lun 12:00-14:00 = 3
    """
    days: dict[tuple[str, str, int], list[int]] = {}
    for need in needs:
        days.setdefault((need.start, need.end, need.people), []).append(need.day)
    return "\n".join(
        f"{_days(part)} {start}-{end} = {people}"
        for (start, end, people), every in days.items()
        for part in _runs(sorted(set(every)))
    )


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _days(run: tuple[int, int]) -> str:
    first, last = _SHORT[run[0] - 1], _SHORT[run[1] - 1]
    return first if first == last else f"{first}-{last}"


def checked(needs: Sequence[NeedFacts]) -> list[dict[str, Any]]:
    """The lines as a wave keeps them; RuleBroken points at each that cannot hold."""
    faults = [fault for place, need in enumerate(needs) if (fault := _fault(need, f"/needs/{place}"))]
    if len(needs) > MOST_LINES:
        faults = [Fault("/needs", "too-many", "at most %(most)s lines", {"most": MOST_LINES})]
    if faults:
        raise RuleBroken(
            "A need runs from one half hour of a day to a later one, for a number of people.", faults=faults
        )
    ordered = sorted(needs, key=lambda need: (need.day, need.start, need.end, need.people))
    return [{"day": need.day, "from": need.start, "to": need.end, "people": need.people} for need in ordered]


def _fault(need: NeedFacts, pointer: str) -> Fault | None:
    if not 1 <= need.day <= 7:
        return Fault(f"{pointer}/day", "range", "a day from 1 (Monday) to 7")
    for name, clock in (("from", need.start), ("to", need.end)):
        if not _ON_THE_HALF_HOUR.fullmatch(clock):
            return Fault(f"{pointer}/{name}", "half-hour", "a time on the hour or the half hour, as HH:MM")
    if need.end <= need.start:
        return Fault(f"{pointer}/to", "order", "later than where it starts; a night is two lines on two days")
    if not 0 <= need.people <= MOST_PEOPLE:
        return Fault(f"{pointer}/people", "range", "from 0 to %(most)s people", {"most": MOST_PEOPLE})
    return None


def is_closed_then(needs: Iterable[NeedFacts], opening: Sequence[Mapping[str, Any]]) -> bool:
    """Whether somebody is wanted in a half hour not wholly inside the opening hours; none given means always open.

    >>> week = [{"day": 1, "from": "09:15", "to": "12:00"}]
    >>> is_closed_then(read_lines("lun 9h-12h = 2"), week), is_closed_then(read_lines("lun 9h30-12h = 2"), week)
    (True, False)
    """
    if not opening:
        return False
    is_open = half_hours_inside(Window.model_validate(one) for one in opening)
    return any(count and place not in is_open for place, count in enumerate(curve_of(needs)))


def half_hour_of(clock: str) -> int:
    """How many half hours after midnight.

    >>> half_hour_of("09:30"), half_hour_of("24:00")
    (19, 48)
    """
    return int(clock[:2]) * 2 + (int(clock[3:]) >= 30)


def curve_of(needs: Iterable[NeedFacts]) -> tuple[int, ...]:
    """People wanted in each of the week's 336 half hours, from Monday midnight; where lines overlap, the most."""
    wanted = [0] * HALF_HOURS
    for need in needs:
        first = (need.day - 1) * HALF_HOURS_A_DAY
        for place in range(first + half_hour_of(need.start), first + half_hour_of(need.end)):
            wanted[place] = max(wanted[place], need.people)
    return tuple(wanted)


def suggested(
    opening: Iterable[Mapping[str, Any]], *, seats: int, weekly_hours: float
) -> tuple[NeedFacts, ...]:
    """A flat curve over the opening hours that so many people can hold; where a person begins to draw peaks.

    >>> week = [{"day": day, "from": "09:00", "to": "16:00"} for day in range(1, 6)]
    >>> [(one.day, one.people) for one in suggested(week, seats=6, weekly_hours=35.0)][:2]
    [(1, 6), (2, 6)]
    """
    spans = [(int(one["day"]), _up(str(one["from"])), _down(str(one["to"]))) for one in opening]
    spans = [(day, start, end) for day, start, end in spans if start < end]
    hours = sum(end - start for _, start, end in spans) / 2
    people = int(seats * weekly_hours / hours) if hours else 0
    return tuple(
        NeedFacts(day=day, start=_clock(start), end=_clock(end), people=min(people, seats))
        for day, start, end in sorted(spans)
        if people
    )


def _up(clock: str) -> int:
    return int(clock[:2]) * 2 + -(-int(clock[3:]) // 30)


def _down(clock: str) -> int:
    return int(clock[:2]) * 2 + int(clock[3:]) // 30


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2:02}:{half_hour % 2 * 30:02}"
