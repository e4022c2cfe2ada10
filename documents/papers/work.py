"""The work that an offer promises or that an employee is told of: one set of details, held against the law."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from typing import Any, Protocol

from pydantic import Field

from documents import trial
from documents.coherence import contract_faults
from documents.facts import (
    Cents,
    DayHours,
    EmployerFacts,
    FixedTermReason,
    Line,
    OfferFacts,
    PackFacts,
    PersonFacts,
    ProgrammeFacts,
    Shift,
    Term,
    Text,
    TrialFacts,
    Weekday,
)
from documents.faults import Fault, Finding
from documents.figures import Figures, reckon
from documents.law import Law
from documents.rates import Frozen, Unconfirmed
from documents.schedules import schedule_faults
from documents.terms import DelayRow, DelayStep, in_force
from documents.wording import STATUS_NAMES

FULL_TIME_MINUTES = 35 * 60
SAID_HERE = {
    "offer.schedule": "details.shifts",
    "offer.trial.is_renewable": "details.is_trial_renewable",
    "offer.trial": "details.trial_months",
    "offer.home_days": "details.shifts",
}


class ShiftLine(Frozen):
    """One stretch of work of the usual week, at home or on site."""

    day: Weekday = Field(title="Jour", description="Jour de la semaine.")
    start: time = Field(title="Début", description="Heure de début.")
    end: time = Field(title="Fin", description="Heure de fin.")
    is_at_home: bool = Field(
        default=True, title="À domicile", description="Non : sur le site de rattachement."
    )


class WeekLine(Frozen):
    """Days that have the same hours at the same place."""

    days: tuple[Weekday, ...]
    shifts: tuple[Shift, ...]
    is_at_home: bool

    @property
    def minutes(self) -> int:
        """Of one of these days."""
        return sum(shift.minutes for shift in self.shifts)


class WorkDetails(Frozen):
    """Job, contract, pay, hours and trial, flat, as a form asks for them."""

    job_title: Line | None = Field(default=None, title="Poste", description="Intitulé du poste.")
    duties: tuple[Line, ...] = Field(
        default=(), max_length=12, title="Missions", description="Une mission par ligne."
    )
    term: Term = Field(default=Term.OPEN_ENDED, title="Contrat", description="CDI ou CDD.")
    start_date: date | None = Field(
        default=None, title="Date d’embauche", description="Premier jour de travail."
    )
    start_time: time | None = Field(
        default=None, title="Heure d’embauche", description="Heure du premier jour."
    )
    end_date: date | None = Field(default=None, title="Fin du CDD", description="Seulement pour un CDD.")
    reason: FixedTermReason | None = Field(
        default=None, title="Motif du CDD", description="Remplacement ou accroissement temporaire."
    )
    reason_detail: Text | None = Field(
        default=None,
        title="Précision du motif",
        description="Pourquoi le besoin est temporaire, en une phrase.",
    )
    coefficient: int | None = Field(
        default=None, gt=0, le=1000, title="Coefficient", description="De la convention collective."
    )
    monthly_pay_cents: Cents | None = Field(
        default=None, title="Salaire mensuel brut", description="En euros, pour la durée du contrat."
    )
    weekly_minutes: int | None = Field(
        default=None,
        gt=0,
        le=2100,
        title="Durée par semaine",
        description="En minutes : 2100 pour 35 heures.",
    )
    fewer_hours_reason: Line | None = Field(
        default=None,
        title="Motif d’un temps partiel sous 24 heures",
        description="La demande écrite et motivée de la personne (article L3123-7).",
    )
    shifts: tuple[ShiftLine, ...] = Field(
        default=(), max_length=28, title="Horaires", description="Une ligne par vacation de la semaine."
    )
    trial_months: int = Field(default=0, ge=0, le=8, title="Essai, en mois", description="Pour un CDI.")
    trial_days: int = Field(default=0, ge=0, le=60, title="Essai, en jours", description="Pour un CDD.")
    is_trial_renewable: bool = Field(
        default=False, title="Essai renouvelable", description="Si la convention le permet."
    )

    @property
    def is_fixed_term(self) -> bool:
        return self.term is Term.FIXED_TERM

    @property
    def is_part_time(self) -> bool:
        return self.weekly_minutes is not None and self.weekly_minutes < FULL_TIME_MINUTES

    @property
    def days(self) -> tuple[DayHours, ...]:
        """The week day by day, each day's shifts in order of their hours; a day without any is left out."""
        found = {
            day: sorted((one for one in self.shifts if one.day is day), key=lambda one: one.start)
            for day in Weekday
        }
        return tuple(
            DayHours(day=day, shifts=tuple(Shift(start=one.start, end=one.end) for one in lines[:4]))
            for day, lines in found.items()
            if lines
        )

    @property
    def week(self) -> tuple[WeekLine, ...]:
        """Days of the same hours and place together, in the order of the first of them."""
        found: dict[tuple[tuple[Shift, ...], bool], list[Weekday]] = {}
        for day in self.days:
            found.setdefault((day.shifts, day.day in self.home_days), []).append(day.day)
        return tuple(
            WeekLine(days=tuple(days), shifts=shifts, is_at_home=at_home)
            for (shifts, at_home), days in found.items()
        )

    @property
    def home_days(self) -> tuple[Weekday, ...]:
        """Days on which every shift is worked at home."""
        return tuple(
            day.day for day in self.days if all(one.is_at_home for one in self.shifts if one.day is day.day)
        )

    @property
    def is_at_home(self) -> bool:
        return any(one.is_at_home for one in self.shifts)


class AboutWork(Protocol):
    """Facts whose details are about the work itself."""

    @property
    def employer(self) -> EmployerFacts: ...
    @property
    def person(self) -> PersonFacts: ...
    @property
    def details(self) -> WorkDetails: ...


def work_faults(facts: AboutWork, law: Law, day: date) -> Iterator[Finding]:
    """What a contract on these details would be refused for: pay, dates, trial, hours, and a day without data."""
    hiring = _hiring(facts)
    figures = reckon(hiring, law)
    for found in (*contract_faults(hiring, figures), *schedule_faults(hiring, figures)):
        yield found._replace(field=_path(found.field))
    for detail in figures.refusals:
        yield Finding(
            Fault.NO_FIGURE,
            "details.start_date",
            detail,
            "Données de droit",
            "Vérifiez la date et le coefficient, ou ajoutez l'édition manquante.",
        )


def pay_doubts(facts: AboutWork, law: Law, day: date) -> tuple[Unconfirmed, ...]:
    """The figures behind the minimum that this pay is held against."""
    minimum = figures_of(facts, law).minimum
    return minimum.unconfirmed if minimum else ()


def figures_of(facts: AboutWork, law: Law) -> Figures:
    return reckon(_hiring(facts), law)


def work_context(facts: AboutWork, law: Law) -> dict[str, object]:
    """What every paper on the work prints and law or calendar give: minimum, level, status, last day of the trial."""
    figures = figures_of(facts, law)
    minimum = figures.minimum
    details = facts.details
    return {
        "minimum": minimum,
        "status_name": STATUS_NAMES[minimum.status] if minimum else "",
        "trial_end": _trial_end(details),
        "renewal_words": figures.trial_renewal.words if figures.trial_renewal else None,
        "complementary_minutes": figures.complementary_minutes,
        "convention": figures.rules.convention,
    }


def work_of_hiring(facts: PackFacts) -> dict[str, object]:
    """The details that a hiring holds already, under the names of `WorkDetails`."""
    offer = facts.offer
    same = sorted(WorkDetails.model_fields.keys() & OfferFacts.model_fields.keys())
    shifts = tuple(
        ShiftLine(day=day.day, start=shift.start, end=shift.end, is_at_home=day.day in offer.home_days)
        for day in offer.schedule
        for shift in day.shifts
    )
    return {name: getattr(offer, name) for name in same} | {
        "shifts": shifts,
        "trial_months": offer.trial.months,
        "trial_days": offer.trial.days,
        "is_trial_renewable": offer.trial.is_renewable,
    }


def delay_on(law: Law, step: DelayStep, day: date) -> DelayRow:
    """The delay in force on a day; before the first edition, the earliest one serves."""
    current = [row for row in in_force(law.terms.delays, day) if row.step is step]
    return current[0] if current else next(row for row in law.terms.delays if row.step is step)


def situations_of_work() -> Mapping[str, Callable[[Any], bool]]:
    """Situations that mentions of both papers name."""
    return {
        "fixed_term": lambda facts: facts.details.is_fixed_term,
        "part_time": lambda facts: facts.details.is_part_time,
        "at_home": lambda facts: facts.details.is_at_home,
        "with_trial": lambda facts: bool(facts.details.trial_months or facts.details.trial_days),
    }


def _path(field: str) -> str:
    for known, here in SAID_HERE.items():
        if field == known or field.startswith(f"{known}."):
            return here
    return f"details.{field.removeprefix('offer.')}" if field.startswith("offer.") else field


def _hiring(facts: AboutWork) -> PackFacts:
    """The same work as a hiring, so that one set of rules judges contracts and what is said about them."""
    details = facts.details
    offer = OfferFacts(
        job_title=details.job_title,
        term=details.term,
        end_date=details.end_date,
        reason=details.reason,
        coefficient=details.coefficient,
        monthly_pay_cents=details.monthly_pay_cents,
        weekly_minutes=details.weekly_minutes,
        schedule=details.days,
        start_date=details.start_date,
        start_time=details.start_time,
        trial=TrialFacts(
            months=details.trial_months, days=details.trial_days, is_renewable=details.is_trial_renewable
        ),
        has_asked_fewer_hours=details.fewer_hours_reason is not None,
    )
    return PackFacts(employer=facts.employer, person=facts.person, programme=ProgrammeFacts(), offer=offer)


def _trial_end(details: WorkDetails) -> date | None:
    if details.start_date is None or not (details.trial_months or details.trial_days):
        return None
    return trial.last_day(details.start_date, months=details.trial_months, days=details.trial_days)
