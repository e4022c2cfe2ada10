"""The monthly statement of the telework allowance: days, rates, caps, corrections by difference, exempt and taxable."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import Field

from documents.allowance_corrections import AllowanceCorrection, correct
from documents.allowance_days import (
    Absence,
    AbsenceKind,
    HomeDay,
    HomeRhythm,
    agreed_pay,
    home_days_of,
    month_of_schedule,
    planned_days,
)
from documents.allowances import (
    RAISING,
    AllowanceMode,
    AllowanceRefused,
    AllowanceStatement,
    Ceiling,
    MonthWorked,
    ceiling,
    days_in,
    statement,
)
from documents.facts import Cents, Line, PackFacts, Weekday
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.money import MONTHS, month_name
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.payroll_lines import PayrollLine, lines_of_allowance, lines_of_correction
from documents.rates import Frozen, Unconfirmed

ARTICLE = "Arrêté du 4 septembre 2025, art. 6 et 7"
NOT_SHARED = "Mois incomplet : indiquez les jours prévus, pour partager le montant convenu."


class Rhythm(Frozen):
    """The home days of the contract while they hold, ticked one by one as a form has them."""

    start: date = Field(title="Depuis le")
    end: date | None = Field(default=None, title="Jusqu'au", description="Vide : le rythme dure encore.")
    monday: bool = Field(default=False, title="Lundi")
    tuesday: bool = Field(default=False, title="Mardi")
    wednesday: bool = Field(default=False, title="Mercredi")
    thursday: bool = Field(default=False, title="Jeudi")
    friday: bool = Field(default=False, title="Vendredi")
    saturday: bool = Field(default=False, title="Samedi")
    sunday: bool = Field(default=False, title="Dimanche")

    @property
    def weekdays(self) -> tuple[int, ...]:
        """Counted from 0, Monday."""
        return tuple(number for number, day in enumerate(Weekday) if getattr(self, day.value))


class AbsenceEntry(Frozen):
    """Days without work, both ends included."""

    start: date = Field(title="Premier jour")
    end: date = Field(title="Dernier jour")
    kind: AbsenceKind = Field(default=AbsenceKind.LEAVE, title="Motif")


class PastMonth(Frozen):
    """A past month put right: what was settled and what is due, both by their days, never by sums."""

    month: date = Field(title="Mois corrigé")
    why: Line | None = Field(default=None, title="Motif de la correction")
    settled_days: int = Field(ge=0, le=31, title="Jours télétravaillés réglés")
    due_days: int = Field(ge=0, le=31, title="Jours télétravaillés dus")
    settled_weekly_days: int = Field(default=0, ge=0, le=6, title="Jours par semaine réglés")
    due_weekly_days: int = Field(default=0, ge=0, le=6, title="Jours par semaine dus")
    was_whole: bool = Field(default=True, title="Réglé comme un mois complet")
    is_whole: bool = Field(default=True, title="Le mois est complet")
    planned_days: int | None = Field(default=None, ge=1, le=31, title="Jours prévus dans le mois")
    settled_receipts_cents: Cents = Field(default=0, title="Frais réels prouvés alors")
    due_receipts_cents: Cents = Field(default=0, title="Frais réels prouvés depuis")


class AllowanceStatementDetails(Frozen):
    """What the statement is reckoned from; every sum on it comes from these days and from the law of each month."""

    month: date | None = Field(default=None, title="Mois", description="Un jour quelconque du mois.")
    mode: AllowanceMode = Field(default=AllowanceMode.MONTHLY, title="Mode de calcul")
    rate_cents: Cents | None = Field(
        default=None,
        title="Taux convenu",
        description="Par jour, ou par mois et par jour de la semaine. Vide : le plafond exonéré.",
    )
    rhythms: tuple[Rhythm, ...] = Field(
        default=(), max_length=12, title="Rythme de télétravail", description="Une ligne par période."
    )
    absences: tuple[AbsenceEntry, ...] = Field(default=(), max_length=31, title="Absences")
    closed: tuple[date, ...] = Field(default=(), max_length=31, title="Jours fériés et fermetures")
    worked_on: tuple[date, ...] = Field(
        default=(),
        max_length=31,
        title="Jours réellement télétravaillés",
        description="Relevés des heures. Vide : le planning fait foi.",
    )
    receipts_cents: Cents = Field(
        default=0, title="Frais réels prouvés du mois", description="Total exonéré de l'état de frais réels."
    )
    corrections: tuple[PastMonth, ...] = Field(default=(), max_length=24, title="Corrections de mois passés")
    contact: Line | None = Field(default=None, title="À qui signaler un écart")
    answer_by: date | None = Field(default=None, title="Date limite pour signaler un écart")


class AllowanceStatementFacts(LetterFacts):
    details: AllowanceStatementDetails = AllowanceStatementDetails()


class Cell(Frozen):
    """One day of the calendar: its number (0 outside the month) and what it was; no word where none was planned."""

    number: int
    word: str
    is_counted: bool = False


class CalendarWeek(Frozen):
    monday: date
    cells: tuple[Cell, ...]


class Corrected(Frozen):
    """One past month: what was settled, what is due, and the difference."""

    why: str
    settled: AllowanceStatement
    due: AllowanceStatement
    correction: AllowanceCorrection


class Month(NamedTuple):
    """What is known of the month, before the law is asked."""

    worked: MonthWorked
    days: tuple[HomeDay, ...]
    planned: int


def _month_of(details: AllowanceStatementDetails) -> Month | AllowanceRefused | None:
    """The month by its schedule, or by the days really worked where they are given; None while it is not said."""
    if details.month is None or not (details.rhythms or details.worked_on):
        return None
    first = details.month.replace(day=1)
    rhythms = [HomeRhythm(start=one.start, end=one.end, weekdays=one.weekdays) for one in details.rhythms]
    absences = [Absence(start=one.start, end=one.end, kind=one.kind) for one in details.absences]
    worked = month_of_schedule(first, rhythms, absences=absences, closed=details.closed)
    if isinstance(worked, AllowanceRefused):
        return worked
    if details.worked_on:
        worked = worked.model_copy(update={"days": len(set(details.worked_on))})
    return Month(
        worked=worked,
        days=home_days_of(first, rhythms, absences=absences, closed=details.closed),
        planned=planned_days(first, rhythms, closed=details.closed),
    )


def _stated(
    worked: MonthWorked, facts: AllowanceStatementFacts, law: Law, *, planned: int | None, receipts_cents: int
) -> AllowanceStatement | AllowanceRefused:
    details = facts.details
    paid = None
    if details.rate_cents is not None:
        paid = agreed_pay(worked, mode=details.mode, rate_cents=details.rate_cents, planned=planned)
        if paid is None:
            return AllowanceRefused(detail=NOT_SHARED)
    return statement(
        law,
        worked,
        mode=details.mode,
        agreement=facts.employer.telework_basis,
        paid_cents=paid,
        receipts_cents=receipts_cents,
    )


def _made(facts: AllowanceStatementFacts, law: Law) -> AllowanceStatement | AllowanceRefused | None:
    month = _month_of(facts.details)
    if not isinstance(month, Month):
        return month
    return _stated(
        month.worked, facts, law, planned=month.planned, receipts_cents=facts.details.receipts_cents
    )


def _corrected(past: PastMonth, facts: AllowanceStatementFacts, law: Law) -> Corrected | AllowanceRefused:
    """One past month by difference, both sides by the law of that month."""
    assert facts.details.month is not None, "asked only once the month is said"
    first = past.month.replace(day=1)
    sides = (
        (past.settled_weekly_days, past.settled_days, past.was_whole, past.settled_receipts_cents),
        (past.due_weekly_days, past.due_days, past.is_whole, past.due_receipts_cents),
    )
    found = []
    for weekly, days, is_whole, receipts in sides:
        worked = MonthWorked(month=first, weekly_days=weekly, days=days, is_whole=is_whole)
        made = _stated(worked, facts, law, planned=past.planned_days, receipts_cents=receipts)
        if isinstance(made, AllowanceRefused):
            return made
        found.append(made)
    settled, due = found
    made_right = correct(settled, due, settled_in=facts.details.month)
    if isinstance(made_right, AllowanceRefused):
        return made_right
    return Corrected(why=past.why or "", settled=settled, due=due, correction=made_right)


def _corrections(facts: AllowanceStatementFacts, law: Law) -> Iterator[Corrected | AllowanceRefused]:
    if facts.details.month is not None:
        for past in facts.details.corrections:
            yield _corrected(past, facts, law)


def _faults(facts: AllowanceStatementFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    if details.month is None:
        return
    yield from _days_faults(details, day)
    if details.mode is AllowanceMode.MONTHLY and not details.rhythms:
        yield Finding(
            Fault.ABSENT,
            "details.rhythms",
            "Rythme de télétravail",
            ARTICLE,
            "Le calcul par mois part du nombre de jours par semaine : indiquez le rythme.",
        )
    for number, rhythm in enumerate(details.rhythms):
        if not rhythm.weekdays:
            path = f"details.rhythms.{number}.monday"
            yield Finding(
                Fault.ABSENT, path, "Jours en télétravail", ARTICLE, "Cochez au moins un jour de la semaine."
            )
    made = _made(facts, law)
    if isinstance(made, AllowanceRefused):
        yield _wrong("details.rhythms" if details.rhythms else "details.worked_on", made.detail)
    for number, found in enumerate(_corrections(facts, law)):
        if isinstance(found, AllowanceRefused):
            last = "planned_days" if found.detail == NOT_SHARED else "month"
            yield _wrong(f"details.corrections.{number}.{last}", found.detail)
    months = [past.month.replace(day=1) for past in details.corrections]
    for number, month in enumerate(months):
        if month in months[:number]:
            yield _wrong(f"details.corrections.{number}.month", f"{month_name(month)} est corrigé deux fois")


def _days_faults(details: AllowanceStatementDetails, day: date) -> Iterator[Finding]:
    """Days that are not of this month, not over yet, told twice, or worked while absent."""
    assert details.month is not None, "asked only once the month is said"
    first = details.month.replace(day=1)
    if first > day:
        yield _wrong("details.month", "Ce mois n'a pas commencé")
    absent = {one for entry in details.absences for one in _each(entry)}
    for number, worked in enumerate(details.worked_on):
        path = f"details.worked_on.{number}"
        if worked.replace(day=1) != first:
            yield _wrong(path, "Ce jour n'est pas dans le mois du relevé")
        elif worked > day:
            yield _wrong(path, "Ce jour n'est pas encore passé")
        elif worked in details.worked_on[:number]:
            yield _wrong(path, "Ce jour figure deux fois")
        elif worked in absent:
            yield _wrong(path, "Ce jour est aussi un jour d'absence")


def _each(entry: AbsenceEntry) -> Iterator[date]:
    """Each day of an absence; of a very long one, its first year and more."""
    length = min((entry.end - entry.start).days, 400)
    return (entry.start + timedelta(days=offset) for offset in range(length + 1))


def _wrong(field: str, detail: str) -> Finding:
    return Finding(Fault.INCONSISTENT, field, detail.rstrip("."), ARTICLE, "Corrigez cette valeur.")


def _doubts(facts: AllowanceStatementFacts, law: Law, day: date) -> tuple[Unconfirmed, ...]:
    """Every doubtful ceiling, of this month and of the past ones, once."""
    ceilings: list[Ceiling] = []
    made = _made(facts, law)
    if isinstance(made, AllowanceStatement):
        ceilings.append(made.ceiling)
    for found in _corrections(facts, law):
        if isinstance(found, Corrected):
            ceilings += [found.settled.ceiling, found.due.ceiling]
    return tuple({doubt.figure: doubt for one in ceilings for doubt in one.unconfirmed}.values())


def _context(facts: AllowanceStatementFacts, law: Law, day: date) -> Mapping[str, object]:
    """The month by the engine, its calendar, both modes where the lower one serves, corrections, and payroll lines."""
    details, month, made = facts.details, _month_of(facts.details), _made(facts, law)
    assert isinstance(month, Month), "its faults stop the statement"
    assert isinstance(made, AllowanceStatement), "its faults stop the statement"
    corrected = tuple(one for one in _corrections(facts, law) if isinstance(one, Corrected))
    lines = [*lines_of_allowance(".", made)]
    lines += [line for one in corrected for line in lines_of_correction(".", one.correction)]
    return {
        "made": made,
        "worked": month.worked,
        "planned": month.planned,
        "weeks": tuple(_weeks(month, details, day)),
        "is_early": day < month.worked.month.replace(day=days_in(month.worked.month)),
        "modes": _modes(month.worked, facts, law),
        "corrected": corrected,
        "lines": tuple(_without_number(lines)),
        "total_cents": made.paid_cents + sum(one.correction.paid_cents for one in corrected),
        "exempt_cents": made.exempt_cents + sum(one.correction.exempt_cents for one in corrected),
        "taxable_cents": made.taxable_cents + sum(one.correction.taxable_cents for one in corrected),
    }


def _without_number(lines: Iterable[PayrollLine]) -> Iterator[Mapping[str, object]]:
    """Payroll lines as the paper shows them: its reader is known by name."""
    for line in lines:
        yield line.model_dump(exclude={"employee"})


def _modes(worked: MonthWorked, facts: AllowanceStatementFacts, law: Law) -> tuple[Ceiling, ...]:
    """Both computations of a month that is not whole, the one of its mode first; nothing else has two."""
    if worked.is_whole or facts.details.mode is AllowanceMode.PER_DAY:
        return ()
    whole = worked.model_copy(update={"is_whole": True})
    asked = ((whole, AllowanceMode.MONTHLY), (worked, AllowanceMode.PER_DAY))
    found = [ceiling(law, one, mode=mode, agreement=facts.employer.telework_basis) for one, mode in asked]
    return tuple(one for one in found if isinstance(one, Ceiling))


ABSENT = {AbsenceKind.LEAVE: "congé", AbsenceKind.SICKNESS: "maladie", AbsenceKind.SUSPENSION: "suspension"}


def _weeks(month: Month, details: AllowanceStatementDetails, issued_on: date) -> Iterator[CalendarWeek]:
    """The month as a calendar, week by week from Monday."""
    first = month.worked.month
    last = first.replace(day=days_in(first))
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        days = [monday + timedelta(days=offset) for offset in range(7)]
        cells = [
            _cell(day, month, details, issued_on) if first <= day <= last else Cell(number=0, word="")
            for day in days
        ]
        yield CalendarWeek(monday=max(monday, first), cells=tuple(cells))
        monday += timedelta(days=7)


def _cell(day: date, month: Month, details: AllowanceStatementDetails, issued_on: date) -> Cell:
    planned = next((one for one in month.days if one.day == day), None)
    if day in details.worked_on:
        return Cell(number=day.day, word="compté", is_counted=True)
    if planned is None:
        return Cell(number=day.day, word="")
    if planned.is_closed:
        return Cell(number=day.day, word="fermé")
    if planned.absence:
        return Cell(number=day.day, word=ABSENT[planned.absence])
    if details.worked_on:
        return Cell(number=day.day, word="non compté" if day <= issued_on else "à venir")
    return Cell(number=day.day, word="compté", is_counted=True)


def _title(facts: AllowanceStatementFacts) -> str:
    month = facts.details.month
    if month is None:
        return "Relevé d’allocation de télétravail"
    return f"Relevé d’allocation de télétravail, {MONTHS[month.month - 1]} {month.year}"


def _deadlines(facts: AllowanceStatementFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    asked = facts.details.answer_by
    if asked is None or asked < day:
        return ()
    what = "Signaler un écart sur le relevé d'allocation de télétravail"
    return (Deadline(what=what, on=asked, article=ARTICLE, holder="person"),)


def _prefill(facts: PackFacts) -> Mapping[str, object]:
    """Mode, rate and home days as the hiring has them."""
    offer = facts.offer
    found: dict[str, object] = {"mode": facts.allowance.mode}
    if facts.allowance.rate_cents is not None:
        found["rate_cents"] = facts.allowance.rate_cents
    if offer.start_date and offer.home_days:
        ticked = {day.value: True for day in offer.home_days}
        found["rhythms"] = ({"start": offer.start_date, "end": offer.end_date, **ticked},)
    return found


def _is_incomplete(facts: AllowanceStatementFacts) -> bool:
    month = _month_of(facts.details)
    return (
        isinstance(month, Month) and not month.worked.is_whole and facts.details.mode is AllowanceMode.MONTHLY
    )


PAPERS = (
    Paper(
        kind=DocumentKind.ALLOWANCE_STATEMENT,
        facts=AllowanceStatementFacts,
        context=_context,
        faults=_faults,
        doubts=_doubts,
        situations={
            "by_schedule": lambda facts: not facts.details.worked_on,
            "has_corrections": lambda facts: bool(facts.details.corrections),
            "is_incomplete": _is_incomplete,
            "is_raised": lambda facts: facts.employer.telework_basis in RAISING,
        },
        deadlines=_deadlines,
        prefill=_prefill,
        title=_title,
    ),
)
