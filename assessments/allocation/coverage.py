"""Half hours of the week: which are open to whom, how many people are needed in each, and how many are there."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated

from pydantic import Field

from assessments.matching.availability import Stretch, joined
from assessments.profiles import MINUTES_A_DAY, Window
from assessments.values import Value

MINUTES = 30
A_DAY = MINUTES_A_DAY // MINUTES
A_WEEK = 7 * A_DAY
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Need(Window):
    """How many people are wanted at work all through one stretch of one weekday (1 is Monday)."""

    people: Annotated[int, Field(ge=0, le=10_000)]


class HalfHour(Value):
    """One half hour of the week, counted from 0 (Monday 00:00 to 00:30): people needed and people there."""

    slot: Annotated[int, Field(ge=0, lt=A_WEEK)]
    needed: Annotated[int, Field(ge=0)]
    there: Annotated[int, Field(ge=0)]

    @property
    def day(self) -> int:
        """1 is Monday."""
        return self.slot // A_DAY + 1

    @property
    def start(self) -> str:
        """When it begins, as in `08:30`."""
        return clock(self.slot)

    @property
    def short(self) -> int:
        """People lacking."""
        return max(0, self.needed - self.there)


class Coverage(Value):
    """One programme: seats and people placed, then half hours in order, where somebody is needed or there.

    `half_hours` is empty for a programme without needs: nobody's hours were planned for it. Sums are in half hours of
    one person.
    """

    programme: str
    seats: int
    placed: int
    half_hours: tuple[HalfHour, ...] = ()

    @property
    def needed(self) -> int:
        return sum(one.needed for one in self.half_hours)

    @property
    def short(self) -> int:
        return sum(one.short for one in self.half_hours)

    @property
    def covered(self) -> int:
        """What is needed and there."""
        return self.needed - self.short

    @property
    def share(self) -> float:
        """Covered over needed; 1 where nothing is needed."""
        return self.covered / self.needed if self.needed else 1.0


def clock(slot: int) -> str:
    """When a half hour begins.

    >>> clock(17), clock(48 + 17)
    ('08:30', '08:30')
    """
    minutes = slot % A_DAY * MINUTES
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def half_hour_told(slot: int) -> str:
    """A half hour in words, for those who mend a file.

    >>> half_hour_told(17)
    'Monday 08:30'
    """
    return f"{_DAYS[slot // A_DAY % 7]} {clock(slot)}"


def half_hours_inside(windows: Iterable[Window]) -> frozenset[int]:
    """The half hours that lie wholly inside the windows; windows that touch are joined first.

    >>> sorted(half_hours_inside([Window.model_validate({"day": 1, "from": "08:10", "to": "09:30"})]))
    [17, 18]
    """
    return frozenset(slot for stretch in joined(windows) for slot in _inside(stretch))


def _inside(stretch: Stretch) -> Iterable[int]:
    first, last = -(-stretch[0] // MINUTES), stretch[1] // MINUTES
    return (slot % A_WEEK for slot in range(first, last))


def half_hours_touched(window: Window) -> range:
    """The half hours that the window has a part of.

    >>> list(half_hours_touched(Window.model_validate({"day": 1, "from": "08:10", "to": "09:00"})))
    [16, 17]
    """
    return range(window.first_minute // MINUTES, -(-(window.first_minute + window.minutes) // MINUTES))


def need_curve(needs: Iterable[Need]) -> Mapping[int, int]:
    """People needed by half hour; where needs overlap, the highest holds."""
    curve: dict[int, int] = {}
    for need in needs:
        for slot in half_hours_touched(need):
            curve[slot] = max(curve.get(slot, 0), need.people)
    return curve


def covered_by(
    programme: str, *, seats: int, curve: Mapping[int, int], rosters: Iterable[Collection[int]]
) -> Coverage:
    """Needs held against the half hours that people work, one collection of half hours for each person placed."""
    there: dict[int, int] = {}
    placed = 0
    for roster in rosters:
        placed += 1
        for slot in roster:
            there[slot] = there.get(slot, 0) + 1
    slots = sorted({slot for slot, people in curve.items() if people} | set(there))
    return Coverage(
        programme=programme,
        seats=seats,
        placed=placed,
        half_hours=tuple(
            HalfHour(slot=slot, needed=curve.get(slot, 0), there=there.get(slot, 0)) for slot in slots
        ),
    )


def windows_of(slots: Iterable[int]) -> tuple[Window, ...]:
    """Half hours as stretches of weekdays, in order; what runs past midnight is two stretches.

    >>> [(one.day, one.start, one.end) for one in windows_of([16, 17, 47, 48])]
    [(1, '08:00', '09:00'), (1, '23:30', '24:00'), (2, '00:00', '00:30')]
    """
    found: list[list[int]] = []
    for slot in sorted(slots):
        if found and found[-1][1] == slot and slot % A_DAY:
            found[-1][1] = slot + 1
        else:
            found.append([slot, slot + 1])
    return tuple(
        Window.model_validate({"day": first // A_DAY + 1, "from": clock(first), "to": _end(last)})
        for first, last in found
    )


def _end(slot: int) -> str:
    return "24:00" if slot % A_DAY == 0 else clock(slot)
