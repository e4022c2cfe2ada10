"""The form of the yearly telework interview: what is known is printed, what is said is written on its lines."""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import Field

from documents.facts import Line, PackFacts, TeleworkOrigin, Weekday
from documents.faults import Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.telework import (
    Day,
    VacantPost,
    before,
    delay,
    in_date_order,
    last_day,
    no_delay,
    sensitive_faults,
)
from documents.rates import Frozen
from documents.terms import TeleworkStep


class KnownFigure(Frozen):
    """Something that the records say of the year: its name and its value, for both to look at."""

    label: Line = Field(title="Élément")
    value: Line = Field(title="Valeur")


class PastAction(Frozen):
    """What was decided at the last interview, and what became of it."""

    action: Line = Field(title="Action décidée")
    outcome: Line | None = Field(default=None, title="Où elle en est")


class InterviewDetails(Frozen):
    """What is known before the interview; nothing here judges the person, and nothing is about health."""

    job_title: Line | None = Field(default=None, title="Intitulé du poste")
    telework_since: Day | None = Field(default=None, title="En télétravail depuis le")
    telework_origin: TeleworkOrigin = Field(default=TeleworkOrigin.HIRE, title="Origine du télétravail")
    home_days: tuple[Weekday, ...] = Field(default=(), max_length=7, title="Jours en télétravail")
    interview_on: Day | None = Field(
        default=None, title="Date de l'entretien", description="Vide : elle s'écrit à la main."
    )
    manager: Line | None = Field(
        default=None, title="Entretien mené par", description="Nom et fonction de la personne responsable."
    )
    previous_on: Day | None = Field(default=None, title="Entretien précédent")
    past_actions: tuple[PastAction, ...] = Field(
        default=(), max_length=8, title="Actions décidées la dernière fois"
    )
    known_work: tuple[KnownFigure, ...] = Field(
        default=(),
        max_length=10,
        title="Charge de travail connue",
        description="Heures prévues et faites, pauses prises, changements d'horaires : pour toute l'année.",
    )
    equipment: tuple[Line, ...] = Field(default=(), max_length=20, title="Matériel confié")
    posts_checked_on: Day | None = Field(default=None, title="Postes vacants vérifiés le")
    vacant_posts: tuple[VacantPost, ...] = Field(
        default=(), max_length=10, title="Postes sans télétravail vacants"
    )
    career_interview_on: Day | None = Field(
        default=None,
        title="Prochain entretien de parcours professionnel",
        description="Pour le rappeler ; il a son propre compte rendu.",
    )


class InterviewFacts(LetterFacts):
    details: InterviewDetails = InterviewDetails()


def _held_on(facts: InterviewFacts, issued_on: date) -> date:
    return facts.details.interview_on or issued_on


def _context(facts: InterviewFacts, law: Law, issued_on: date) -> Mapping[str, object]:
    row = delay(law, TeleworkStep.YEARLY_INTERVIEW, issued_on)
    return {
        "next_words": row.words if row else "",
        "next_by": last_day(law, TeleworkStep.YEARLY_INTERVIEW, _held_on(facts, issued_on)),
    }


def _faults(facts: InterviewFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    details = facts.details
    yield from no_delay(law, (TeleworkStep.YEARLY_INTERVIEW,), issued_on)
    yield from before(
        details.telework_since,
        details.interview_on,
        field="details.interview_on",
        label="L'entretien aurait lieu avant le début du télétravail",
        article="L1222-10 3°",
    )
    yield from before(
        details.previous_on,
        details.interview_on,
        field="details.previous_on",
        label="L'entretien précédent serait après celui-ci",
        article="L1222-10 3°",
    )
    yield from sensitive_faults(_texts(details), law, issued_on)


def _texts(details: InterviewDetails) -> Iterator[tuple[str, str]]:
    for number, past in enumerate(details.past_actions):
        yield f"details.past_actions.{number}.action", past.action
        if past.outcome:
            yield f"details.past_actions.{number}.outcome", past.outcome
    for number, known in enumerate(details.known_work):
        yield f"details.known_work.{number}.label", known.label


def _deadlines(facts: InterviewFacts, law: Law, issued_on: date) -> tuple[Deadline, ...]:
    details = facts.details
    next_by = last_day(law, TeleworkStep.YEARLY_INTERVIEW, _held_on(facts, issued_on))
    return in_date_order(
        (
            Deadline(
                what="Tenir cet entretien annuel de télétravail",
                on=details.interview_on,
                article="L1222-10 3°",
                holder="employer",
            )
            if details.interview_on and details.interview_on >= issued_on
            else None,
            Deadline(
                what="Tenir le prochain entretien annuel de télétravail",
                on=next_by,
                article="L1222-10 3°",
                holder="employer",
            )
            if next_by
            else None,
        )
    )


def _prefill(hiring: PackFacts) -> Mapping[str, object]:
    offer = hiring.offer
    return {
        "job_title": offer.job_title,
        "telework_since": offer.start_date,
        "telework_origin": hiring.will.telework_origin,
        "home_days": offer.home_days,
        "equipment": [item.label for item in offer.equipment],
    }


PAPERS = (
    Paper(
        kind=DocumentKind.TELEWORK_INTERVIEW,
        facts=InterviewFacts,
        context=_context,
        faults=_faults,
        deadlines=_deadlines,
        prefill=_prefill,
        situations={
            "moved_later": lambda facts: facts.details.telework_origin is TeleworkOrigin.AMENDMENT,
            "hired_for_it": lambda facts: facts.details.telework_origin is TeleworkOrigin.HIRE,
            "held_before": lambda facts: facts.details.previous_on is not None,
        },
    ),
)
