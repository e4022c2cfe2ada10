"""People needed and people planned by half hour, as a picture of each day with its words and its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from service.runtime.vocabulary import Locale
from service.web.figures import Figures
from service.web.translations import Translator, french

A_DAY = 48
DAYS = (
    french("Lundi"), french("Mardi"), french("Mercredi"), french("Jeudi"), french("Vendredi"),
    french("Samedi"), french("Dimanche"),
)  # fmt: skip
TALL = 40
"""The height of a day's drawing in its own units; a half hour is one unit wide."""


@dataclass(frozen=True)
class Box:
    """One rectangle of a drawing, in its units from the top left."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class DayView:
    """One day: bars of who is planned, boxes of who is missing, the line of what is needed, and the same in words."""

    name: str
    bars: tuple[Box, ...]
    gaps: tuple[Box, ...]
    need: str
    peak: int
    covered: str
    needed: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One half hour of one day in the table."""

    planned: int
    needed: int

    @property
    def lacks(self) -> int:
        return max(0, self.needed - self.planned)


@dataclass(frozen=True)
class RowView:
    """One half hour of the week's days."""

    clock: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CoverageView:
    """The week of one programme; `marks` are the hours written above the drawings, by their place in per cent."""

    width: int
    marks: tuple[tuple[str, str], ...]
    days: tuple[DayView, ...]
    rows: tuple[RowView, ...]
    columns: tuple[str, ...]
    covered: str
    needed: str
    percent: str
    is_whole: bool


def coverage_view(
    needed: Sequence[int], planned: Sequence[int], translate: Translator
) -> CoverageView | None:
    """The picture of a week of 336 half hours from Monday midnight; None when nothing is needed and nobody planned."""
    seen = [place for place in range(7 * A_DAY) if needed[place] or planned[place]]
    if not seen:
        return None
    first = min(place % A_DAY for place in seen) // 2 * 2
    last = -(-(max(place % A_DAY for place in seen) + 1) // 2) * 2
    days = sorted({place // A_DAY for place in seen})
    most = max(max(needed), max(planned))
    figures = Figures(translate.locale)
    met = sum(min(need, there) for need, there in zip(needed, planned, strict=True))
    wanted = sum(needed)
    return CoverageView(
        width=last - first,
        marks=_marks(first, last, figures),
        days=tuple(_day(day, needed, planned, (first, last), most, translate) for day in days),
        rows=_rows(days, needed, planned, (first, last), figures),
        columns=tuple(translate(DAYS[day]) for day in days),
        covered=figures.number(met / 2),
        needed=figures.number(wanted / 2),
        percent=figures.number(100 * met // wanted if wanted else 100),
        is_whole=met == wanted,
    )


def _marks(first: int, last: int, figures: Figures) -> tuple[tuple[str, str], ...]:
    step = 4 if last - first <= 32 else 8
    return tuple(
        (f"{100 * (place - first) / (last - first):.2f}", clock_of(place, figures))
        for place in range(first, last + 1, step)
    )


def clock_of(half_hour: int, figures: Figures) -> str:
    """A half hour of a day as a clock shows it; midnight at the end of the day is 24.

    >>> clock_of(48, Figures(Locale.EN)), clock_of(17, Figures(Locale.EN))
    ('24:00', '08:30')
    """
    if half_hour == A_DAY:
        return "24:00" if figures.locale is Locale.EN else "24\N{NO-BREAK SPACE}h"
    return figures.clock(time(half_hour // 2, half_hour % 2 * 30))


def _day(
    day: int,
    needed: Sequence[int],
    planned: Sequence[int],
    shown: tuple[int, int],
    most: int,
    translate: Translator,
) -> DayView:
    first, last = shown
    start = day * A_DAY
    wanted = needed[start + first : start + last]
    there = planned[start + first : start + last]
    figures = Figures(translate.locale)
    return DayView(
        name=translate(DAYS[day]),
        bars=tuple(_box(*run, most) for run in _runs([(0, count) for count in there])),
        gaps=tuple(_box(*run, most) for run in _runs(list(zip(there, wanted, strict=True)))),
        need=_steps(wanted, most),
        peak=max(wanted, default=0),
        covered=figures.number(sum(map(min, wanted, there)) / 2),
        needed=figures.number(sum(wanted) / 2),
        missing=_missing(wanted, there, first, translate),
    )


def _runs(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """(first, length, low, high) of neighbouring half hours with the same span; empty spans are left out."""
    found: list[tuple[int, int, int, int]] = []
    for place, (low, high) in enumerate(spans):
        if high <= low:
            continue
        if found and found[-1][0] + found[-1][1] == place and found[-1][2:] == (low, high):
            found[-1] = (found[-1][0], found[-1][1] + 1, low, high)
        else:
            found.append((place, 1, low, high))
    return found


def _box(first: int, length: int, low: int, high: int, most: int) -> Box:
    return Box(str(first), _y(high, most), str(length), f"{TALL * (high - low) / most:.2f}")


def _y(count: int, most: int) -> str:
    return f"{TALL - TALL * count / most:.2f}"


def _steps(wanted: Sequence[int], most: int) -> str:
    """The line of what is needed as an SVG path: up and down at the half hours, flat between."""
    parts = [f"M0 {TALL}"]
    before = 0
    for place, count in enumerate([*wanted, 0]):
        if count != before:
            parts.append(f"H{place}V{_y(count, most)}")
            before = count
    return "".join(parts)


def _missing(
    wanted: Sequence[int], there: Sequence[int], first: int, translate: Translator
) -> tuple[str, ...]:
    """Stretches with too few people, each with the most that is lacking in it."""
    figures = Figures(translate.locale)
    found: list[list[int]] = []
    for place, (need, have) in enumerate(zip(wanted, there, strict=True)):
        if need <= have:
            continue
        if found and found[-1][1] == place:
            found[-1][1], found[-1][2] = place + 1, max(found[-1][2], need - have)
        else:
            found.append([place, place + 1, need - have])
    return tuple(
        translate(
            french("%(start)s à %(end)s : %(n)s"),
            start=clock_of(first + start, figures), end=clock_of(first + end, figures), n=most,
        )
        for start, end, most in found
    )  # fmt: skip


def _rows(
    days: Sequence[int],
    needed: Sequence[int],
    planned: Sequence[int],
    shown: tuple[int, int],
    figures: Figures,
) -> tuple[RowView, ...]:
    return tuple(
        RowView(
            clock_of(place, figures),
            tuple(Cell(planned[day * A_DAY + place], needed[day * A_DAY + place]) for day in days),
        )
        for place in range(*shown)
    )
