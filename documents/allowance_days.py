"""The days really teleworked in a month: from the schedule, contracts and absences, or from a time sheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from pydantic import Field

from documents.allowances import AllowanceMode, AllowanceRefused, MonthWorked, days_in
from documents.money import round_half_up, short_date
from documents.rates import Frozen

MINUTES_A_DAY = 24 * 60


class AbsenceKind(StrEnum):
    """Why somebody who has a contract did not work."""

    LEAVE = "leave"
    SICKNESS = "sickness"
    SUSPENSION = "suspension"


class HomeRhythm(Frozen):
    """The home days of a contract while they hold; weekdays from 0 (Monday); `end` empty while it runs."""

    start: date
    end: date | None = None
    weekdays: tuple[int, ...]


class Absence(Frozen):
    """Days without work, both ends included."""

    start: date
    end: date
    kind: AbsenceKind = AbsenceKind.LEAVE


def month_of_schedule(
    month: date,
    rhythms: Sequence[HomeRhythm],
    *,
    absences: Sequence[Absence] = (),
    closed: Iterable[date] = (),
) -> MonthWorked | AllowanceRefused:
    """What the schedule says of a month: home days of a contract that are neither absent nor closed.

    A month is whole when one rhythm covers each of its days and nobody was absent in it; a public holiday
    (`closed`) takes a day and leaves the month whole. Where the rhythm changes, the lowest one counts (prudent:
    law.md A1-bis, no text gives a formula).
    """
    if fault := _fault_of(rhythms, absences):
        return AllowanceRefused(detail=fault)
    first = month.replace(day=1)
    days = [first + timedelta(days=offset) for offset in range(days_in(first))]
    in_force = [next((one for one in rhythms if _holds(one, day)), None) for day in days]
    absent = {day for day in days if any(one.start <= day <= one.end for one in absences)}
    shut = absent | set(closed)
    worked = [
        day
        for day, one in zip(days, in_force, strict=True)
        if one and day.weekday() in one.weekdays and day not in shut
    ]
    weekly = {len(set(one.weekdays)) for one in in_force if one}
    away = any(one and day in absent for day, one in zip(days, in_force, strict=True))
    return MonthWorked(
        month=first,
        weekly_days=min(weekly, default=0),
        days=len(worked),
        is_whole=None not in in_force and len({one.weekdays for one in in_force if one}) == 1 and not away,
    )


def _holds(rhythm: HomeRhythm, day: date) -> bool:
    return rhythm.start <= day and (rhythm.end is None or day <= rhythm.end)


def _fault_of(rhythms: Sequence[HomeRhythm], absences: Sequence[Absence]) -> str | None:
    for place, one in enumerate(rhythms, start=1):
        if one.end and one.end < one.start:
            return f"Contrat {place} : la fin ({short_date(one.end)}) précède le début ({short_date(one.start)})."
        if not set(one.weekdays) <= set(range(7)) or len(set(one.weekdays)) > 6:
            return f"Contrat {place} : les jours de la semaine vont de 0 (lundi) à 6, six au plus."
    for place, absence in enumerate(absences, start=1):
        if absence.end < absence.start:
            return (
                f"Absence {place} : la fin ({short_date(absence.end)}) précède le début "
                f"({short_date(absence.start)})."
            )
    ordered = sorted(rhythms, key=lambda one: one.start)
    for one, following in pairwise(ordered):
        if one.end is None or one.end >= following.start:
            return (
                f"Contrats : celui du {short_date(one.start)} et celui du {short_date(following.start)} "
                "se chevauchent."
            )
    return None


class HomeDay(Frozen):
    """One home day of the rhythm: counted, or why it is not."""

    day: date
    absence: AbsenceKind | None = None
    is_closed: bool = False

    @property
    def is_counted(self) -> bool:
        return self.absence is None and not self.is_closed


def home_days_of(
    month: date,
    rhythms: Sequence[HomeRhythm],
    *,
    absences: Sequence[Absence] = (),
    closed: Iterable[date] = (),
) -> tuple[HomeDay, ...]:
    """The home days behind `month_of_schedule`, one by one; a public holiday within an absence is told as closed."""
    first, shut = month.replace(day=1), set(closed)
    found = []
    for day in (first + timedelta(days=offset) for offset in range(days_in(first))):
        if any(_holds(one, day) and day.weekday() in one.weekdays for one in rhythms):
            away = next((one.kind for one in absences if one.start <= day <= one.end), None)
            is_closed = day in shut
            found.append(HomeDay(day=day, absence=None if is_closed else away, is_closed=is_closed))
    return tuple(found)


def planned_days(month: date, rhythms: Sequence[HomeRhythm], *, closed: Iterable[date] = ()) -> int:
    """Home days that the whole month would give: before the first rhythm its own days serve, after the last too."""
    ordered = sorted(rhythms, key=lambda one: one.start)
    widened = [
        one.model_copy(
            update={
                "start": date.min if place == 0 else one.start,
                "end": one.end if place < len(ordered) - 1 else None,
            }
        )
        for place, one in enumerate(ordered)
    ]
    return sum(day.is_counted for day in home_days_of(month, widened, closed=closed))


def agreed_pay(
    worked: MonthWorked, *, mode: AllowanceMode, rate_cents: int, planned: int | None
) -> int | None:
    """What an agreed rate gives for a month, in cents; None where an incomplete month has no planned days to share by.

    Per day: `rate × days`. Monthly: `rate × weekly days`, and of a month that is not whole the share of planned
    home days that were worked, rounded half up once. No text gives that share: it is the employer's rule.
    20.00 for each of 2 weekly days, 6 days of 9: 26.67.
    """
    days = worked.days or 0
    if mode is AllowanceMode.PER_DAY:
        return rate_cents * days
    whole = rate_cents * worked.weekly_days
    if worked.is_whole:
        return whole
    return round_half_up(Fraction(whole * min(days, planned), planned)) if planned else None


class SheetFault(Frozen):
    """One line of a time sheet that does not fit; lines are counted from 1, the header included."""

    line: int
    column: str
    value: str
    detail: str


class DaysWorked(Frozen):
    """Days with home work of one person in the month, each counted once."""

    employee: str
    days: int = Field(ge=0, le=31)


COLUMNS = ("matricule", "date", "heures")


def read_sheet(text: str, *, month: date) -> tuple[DaysWorked, ...] | tuple[SheetFault, ...]:
    """Days per person from a time sheet (`matricule;date;heures`), or every fault with its line, never a part.

    Dates are 2026-03-31 or 31/03/2026, hours 7, 7,5 or 7.5. A day of no hours is no day; all lines of one day
    together never exceed 24 hours. People come in the order in which they are first named.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    if lacking := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        return tuple(SheetFault(line=1, column=name, value="", detail="Colonne absente.") for name in lacking)
    minutes: dict[str, dict[date, int]] = {}
    faults: list[SheetFault] = []
    try:
        for row in reader:
            faults += _take(row, reader.line_num, month, minutes)
    except csv.Error as error:
        faults.append(
            SheetFault(line=reader.line_num, column="", value="", detail=f"Ligne illisible : {error}.")
        )
    if faults:
        return tuple(faults)
    return tuple(
        DaysWorked(employee=name, days=sum(worked > 0 for worked in days.values()))
        for name, days in minutes.items()
    )


def _take(
    row: dict[str, str], line: int, month: date, minutes: dict[str, dict[date, int]]
) -> list[SheetFault]:
    cells = {name: (row[name] or "").strip() for name in COLUMNS}

    def fault(column: str, detail: str) -> list[SheetFault]:
        return [SheetFault(line=line, column=column, value=cells[column], detail=detail)]

    if not cells["matricule"]:
        return fault("matricule", "Indiquez le matricule.")
    day = _day_of(cells["date"])
    if day is None:
        return fault("date", "Ce n'est pas une date du calendrier.")
    if day.replace(day=1) != month.replace(day=1):
        return fault("date", f"Cette date n'est pas dans le mois du {short_date(month)}.")
    spent = _minutes_of(cells["heures"])
    if spent is None:
        return fault("heures", "Ce n'est pas un nombre d'heures.")
    days = minutes.setdefault(cells["matricule"], {})
    days[day] = days.get(day, 0) + spent
    return fault("heures", "Un jour a 24 heures au plus.") if days[day] > MINUTES_A_DAY else []


def _day_of(cell: str) -> date | None:
    french = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", cell, re.ASCII)
    text = "-".join(reversed(french.groups())) if french else cell
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None


def _minutes_of(cell: str) -> int | None:
    """Whole minutes, a part of one counts as one: some work is work."""
    if not re.fullmatch(r"\d{1,4}([.,]\d{1,4})?", cell, re.ASCII):
        return None
    whole, _, rest = cell.replace(",", ".").partition(".")
    return int(whole) * 60 + -(-int(rest.ljust(4, "0")) * 60 // 10_000)
