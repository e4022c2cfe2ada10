"""What the papers on telework share: who asks, the hours of a week, vacant posts, delays counted from a day."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from documents.facts import Line, OfferFacts, Shift, Weekday, minutes_of
from documents.faults import Fault, Finding
from documents.law import Law
from documents.money import hours
from documents.papers.paper import Deadline
from documents.rates import Frozen, NoFigure, find
from documents.rules import WorkingTimeRules
from documents.spans import months_later, same_day_or_month_end
from documents.terms import TeleworkDelayRow, TeleworkStep, in_force
from documents.wording import DAY_NAMES

Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2200, 12, 31))]
"""A date on a paper on telework: delays of months and days can be counted from it."""


class Asker(StrEnum):
    """Who asks for telework, or for its end."""

    EMPLOYER = "employer"
    PERSON = "person"


class Slot(Frozen):
    """One stretch of work on one weekday; a day with a lunch break has two."""

    day: Weekday = Field(title="Jour")
    start: time = Field(title="Début")
    end: time = Field(title="Fin")


class WorkDay(Frozen):
    """The stretches of one weekday in order, and whether they are worked at home."""

    day: Weekday
    shifts: tuple[Shift, ...]
    minutes: int
    is_home: bool


class VacantPost(Frozen):
    """A post without telework that may match a person's qualifications (L1222-10 2°)."""

    title: Line = Field(title="Poste")
    place: Line = Field(title="Lieu de travail")
    hours: Line = Field(title="Durée et horaires")
    starts_on: Day | None = Field(default=None, title="Disponible à partir du")


def delay(law: Law, step: TeleworkStep, on: date) -> TeleworkDelayRow | None:
    """How long a step lasts by the texts in force on a day; none where no edition covers that day."""
    row = find(law.terms.telework_delays, table="telework-delays", on=on, series=step.value)
    return None if isinstance(row, NoFigure) else row


def last_day(law: Law, step: TeleworkStep, start: date) -> date | None:
    """The last day of a step that starts on a day; that first day does not count.

    Fifteen days from 24 November end on 9 December; a month from 31 January ends on 28 February.
    """
    row = delay(law, step, start)
    return same_day_or_month_end(start, row.months) + timedelta(days=row.days) if row else None


def adaptation_end(start: date, months: int) -> date:
    """The last day of an adaptation period of whole months.

    >>> str(adaptation_end(date(2027, 1, 1), 3)), str(adaptation_end(date(2026, 11, 30), 3))
    ('2027-03-31', '2027-02-28')
    """
    return months_later(start, months) - timedelta(days=1)


def in_date_order(deadlines: Iterable[Deadline | None]) -> tuple[Deadline, ...]:
    """Those that there are, the nearest first; equal days keep their order."""
    return tuple(sorted((found for found in deadlines if found), key=lambda found: found.on))


def week_of(slots: tuple[Slot, ...], home_days: Iterable[Weekday] = ()) -> tuple[WorkDay, ...]:
    """The week from Monday on, one entry for each worked day."""
    at_home = set(home_days)
    return tuple(_work_day(day, slots, is_home=day in at_home) for day in Weekday if _of(day, slots))


def _work_day(day: Weekday, slots: tuple[Slot, ...], *, is_home: bool) -> WorkDay:
    shifts = tuple(Shift(start=slot.start, end=slot.end) for slot in _of(day, slots))
    return WorkDay(day=day, shifts=shifts, minutes=sum(shift.minutes for shift in shifts), is_home=is_home)


def _of(day: Weekday, slots: tuple[Slot, ...]) -> list[Slot]:
    return sorted((slot for slot in slots if slot.day is day), key=lambda slot: slot.start)


def slots_of(offer: OfferFacts) -> list[dict[str, object]]:
    """The hours of a hiring as slots, for a form to start from."""
    return [
        {"day": day.day, "start": shift.start, "end": shift.end}
        for day in offer.schedule
        for shift in day.shifts
    ]


def hours_faults(
    slots: tuple[Slot, ...], home_days: Iterable[Weekday], rules: WorkingTimeRules
) -> Iterator[Finding]:
    """Hours that cannot be: an end before its start, two stretches at once, too long a day or week, no hours."""
    if wrong := [slot for slot in slots if slot.end <= slot.start]:
        yield _hours_fault(f"Le {DAY_NAMES[wrong[0].day]}, un horaire finit avant de commencer")
        return
    for day in Weekday:
        if any(after.start < before.end for before, after in pairwise(_of(day, slots))):
            yield _hours_fault(f"Le {DAY_NAMES[day]}, deux horaires se chevauchent")
            return
    week = week_of(slots)
    for worked in week:
        if worked.minutes > rules.max_day_minutes:
            yield _hours_fault(
                f"Le {DAY_NAMES[worked.day]} dépasse {hours(rules.max_day_minutes)} de travail"
            )
    if sum(worked.minutes for worked in week) > rules.max_week_minutes:
        yield _hours_fault(f"La semaine dépasse {hours(rules.max_week_minutes)} de travail")
    if slots and (idle := sorted(set(home_days) - {slot.day for slot in slots}, key=list(Weekday).index)):
        yield Finding(
            Fault.INCONSISTENT,
            "details.home_days",
            f"Le {DAY_NAMES[idle[0]]} est un jour à domicile, mais aucun horaire n'y est prévu",
            "L1222-9",
            "Donnez les horaires de ce jour, ou retirez-le des jours à domicile.",
        )


def contact_faults(start: time | None, end: time | None) -> Iterator[Finding]:
    """A contact range that ends before it starts."""
    if start and end and minutes_of(end) <= minutes_of(start):
        yield Finding(
            Fault.INCONSISTENT,
            "details.contact_end",
            "La plage de contact finit avant de commencer",
            "L1222-9 II 4°",
            "Corrigez les heures où l'employeur peut contacter la personne.",
        )


def before(
    first: date | None, second: date | None, *, field: str, label: str, article: str
) -> Iterator[Finding]:
    """The finding when `second`, which stands in `field`, is before `first`."""
    if first and second and second < first:
        yield Finding(Fault.INCONSISTENT, field, label, article, "Corrigez l'une des deux dates.")


def no_delay(law: Law, steps: Iterable[TeleworkStep], on: date) -> Iterator[Finding]:
    """The finding for a day that no edition of the delays covers."""
    if any(delay(law, step, on) is None for step in steps):
        yield Finding(
            Fault.NO_FIGURE,
            "issued_on",
            f"Aucun délai de télétravail n'est connu au {on:%d/%m/%Y}",
            "Données de droit",
            "Vérifiez la date, ou ajoutez l'édition manquante.",
        )


def _hours_fault(label: str) -> Finding:
    return Finding(
        Fault.INCONSISTENT,
        "details.slots",
        label,
        "L3121-18 ; L3121-20",
        "Corrigez les horaires de la semaine.",
    )


def sensitive_faults(texts: Iterable[tuple[str, str]], law: Law, on: date) -> Iterator[Finding]:
    """Texts (path, words) that tell of health or of a protected situation, each with the first such word."""
    stems = tuple(row.stem for row in in_force(law.terms.sensitive_words, on))
    for path, text in texts:
        if word := sensitive_word(text, stems):
            yield Finding(
                Fault.INCONSISTENT,
                path,
                f"Ce texte semble parler de santé ou d'une situation protégée (« {word} »)",
                "RGPD art. 9 ; L1132-1",
                "Écrivez les faits du poste, sans rien dire de la santé ni de la famille de la personne.",
            )


def sensitive_word(text: str, stems: tuple[str, ...]) -> str | None:
    """The first word or group of words in a text that begins with one of the stems, accents and case aside.

    >>> sensitive_word("Le poste demande des appels confidentiels.", ("maladie", "handicap"))
    >>> sensitive_word("En raison de son HANDICAP reconnu", ("maladie", "handicap"))
    'handicap'
    """
    folded = "".join(
        letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter)
    )
    plain = " ".join(re.split(r"[^a-z0-9]+", folded))
    places = ((f" {plain}".find(f" {stem}"), stem) for stem in stems)
    return min((found for found in places if found[0] >= 0), default=(0, None))[1]
