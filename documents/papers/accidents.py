"""An accident at home: what to do and by when, and the report of place, time and circumstances."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from pydantic import Field

from documents.facts import Line, PackFacts, Text
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.work import delay_on
from documents.rates import Frozen
from documents.terms import DelayStep, TeleworkDelayRow, TeleworkStep, in_force

SUNDAY = 6


class Use(StrEnum):
    """Told beforehand, with lines to fill by hand; or the report of an accident that happened."""

    INFORMATION = "information"
    REPORT = "report"


class AccidentDetails(Frozen):
    """Whom to tell; and, for a report, what happened in the person's own words."""

    use: Use = Field(
        default=Use.INFORMATION, title="Usage", description="Information à l’avance, ou récit d’un accident."
    )
    report_to: Line | None = Field(
        default=None, title="Prévenir", description="Nom, téléphone et messagerie de qui est prévenu."
    )
    usual_hours: Line | None = Field(
        default=None, title="Horaires habituels", description="Pour situer l’accident dans le travail."
    )
    happened_on: date | None = Field(default=None, title="Jour de l’accident", description="Le jour même.")
    happened_at: time | None = Field(default=None, title="Heure de l’accident", description="L’heure connue.")
    shift_that_day: Line | None = Field(
        default=None, title="Horaires de ce jour", description="Les heures de travail de ce jour-là."
    )
    place: Text | None = Field(
        default=None, title="Lieu", description="L’adresse et la pièce, l’escalier, la cour…"
    )
    activity: Text | None = Field(
        default=None, title="Ce que la personne faisait", description="L’activité au moment de l’accident."
    )
    circumstances: Text | None = Field(
        default=None, title="Circonstances", description="Ce qui s’est passé, et avec quel objet."
    )
    injury: Text | None = Field(
        default=None, title="Lésions", description="Siège et nature, sans plus : le médecin fait le reste."
    )
    witnesses: tuple[Line, ...] = Field(
        default=(), max_length=6, title="Témoins", description="Nom et contact, s’il y en a."
    )
    others_involved: Line | None = Field(default=None, title="Tiers en cause", description="S’il y en a un.")
    care: Line | None = Field(
        default=None, title="Soins", description="Secours, hôpital, médecin, si connus."
    )
    reported_on: date | None = Field(
        default=None, title="Employeur prévenu le", description="Le jour où l’employeur l’a su."
    )
    reported_at: time | None = Field(
        default=None, title="Employeur prévenu à", description="L’heure où l’employeur l’a su."
    )

    @property
    def is_report(self) -> bool:
        return self.use is Use.REPORT


class AccidentFacts(LetterFacts):
    details: AccidentDetails


def declared_by(known: date, law: Law, day: date) -> date:
    """The last day of the employer's 48 hours, Sundays left out (CSS R441-3).

    Public holidays are left out too by that text; they are not known here, so the day may be early, never late.
    """
    left = delay_on(law, DelayStep.ACCIDENT_DECLARATION, day).hours // 24
    last = known
    while left:
        last += timedelta(days=1)
        left -= last.weekday() != SUNDAY
    return last


def _report_row(law: Law, day: date) -> TeleworkDelayRow:
    rows = in_force(law.terms.telework_delays, day) or law.terms.telework_delays
    return next(row for row in rows if row.step is TeleworkStep.ACCIDENT_REPORT)


def _context(facts: AccidentFacts, law: Law, day: date) -> dict[str, object]:
    details = facts.details
    known = details.reported_on
    return {
        "report_words": _report_row(law, day).words,
        "declaration_words": delay_on(law, DelayStep.ACCIDENT_DECLARATION, day).words,
        "declared_by": declared_by(known, law, day) if known else None,
        "report_by": _report_by(details, law, day),
    }


def _report_by(details: AccidentDetails, law: Law, day: date) -> datetime | None:
    """The end of the person's own delay, to the minute (CSS R441-2)."""
    if details.happened_on is None or details.happened_at is None:
        return None
    happened = datetime.combine(details.happened_on, details.happened_at)
    return happened + timedelta(hours=_report_row(law, day).hours)


def _faults(facts: AccidentFacts, law: Law, day: date) -> Iterator[Finding]:
    details = facts.details
    if not details.is_report or details.happened_on is None:
        return
    if details.happened_on > day:
        yield _wrong("details.happened_on", "L'accident serait à venir", "Corrigez le jour de l'accident.")
    if details.reported_on is None:
        return
    if details.reported_on > day:
        yield _wrong("details.reported_on", "L'employeur serait prévenu plus tard", "Indiquez le jour réel.")
    told = (details.reported_on, details.reported_at or time.max)
    if told < (details.happened_on, details.happened_at or time.min):
        yield _wrong(
            "details.reported_on",
            "L'employeur aurait été prévenu avant l'accident",
            "Corrigez le jour et l'heure.",
        )


def _wrong(field: str, label: str, remedy: str) -> Finding:
    return Finding(Fault.INCONSISTENT, field, label, "Code de la sécurité sociale, art. R441-2", remedy)


def _deadlines(facts: AccidentFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    """The person's own delay while the employer does not know, the employer's from the day it does."""
    details = facts.details
    if not details.is_report or details.happened_on is None:
        return ()
    if details.reported_on:
        return (
            Deadline(
                what="Déclarer l’accident du travail à la caisse, et remettre la feuille d’accident",
                on=declared_by(details.reported_on, law, day),
                article="Code de la sécurité sociale, art. L441-2, L441-5 et R441-3",
                holder="employer",
            ),
        )
    last = _report_by(details, law, day)
    return (
        Deadline(
            what="Prévenir l’employeur de l’accident",
            on=last.date() if last else details.happened_on,
            article="Code de la sécurité sociale, art. L441-1 et R441-2",
            holder="person",
        ),
    )


def _prefill(facts: PackFacts) -> dict[str, object]:
    return {"report_to": facts.employer.support_contact}


PAPERS = (
    Paper(
        kind=DocumentKind.ACCIDENT_INFORMATION,
        facts=AccidentFacts,
        context=_context,
        faults=_faults,
        situations={
            "report": lambda facts: facts.details.is_report,
            "beforehand": lambda facts: not facts.details.is_report,
            "employer_knows": lambda facts: facts.details.is_report and facts.details.reported_on is not None,
        },
        deadlines=_deadlines,
        prefill=_prefill,
        title=lambda facts: (
            "Récit d’un accident" if facts.details.is_report else "En cas d’accident à domicile"
        ),
    ),
)
