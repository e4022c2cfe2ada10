"""The offer of a post, or the promise of it: what binds the employer, until when, and what the person accepts."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from pydantic import Field

from documents.facts import Line, PackFacts, Text
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.work import (
    WorkDetails,
    delay_on,
    pay_doubts,
    situations_of_work,
    work_context,
    work_faults,
    work_of_hiring,
)
from documents.terms import DelayStep


class Commitment(StrEnum):
    """An offer may be taken back at the employer's risk; a promise may not (Cass. soc. 21 September 2017)."""

    OFFER = "offer"
    PROMISE = "promise"


class OfferLetterDetails(WorkDetails):
    """The work offered, how far the employer is bound, and how to answer."""

    commitment: Commitment = Field(
        default=Commitment.OFFER,
        title="Engagement",
        description="Offre : l’employeur peut la retirer, à ses risques. Promesse : il ne le peut plus.",
    )
    answer_by: date | None = Field(
        default=None, title="Réponse attendue le", description="Dernier jour pour accepter."
    )
    answer_to: Line | None = Field(
        default=None, title="Réponse à envoyer à", description="Adresse, messagerie ou page où répondre."
    )
    programme: Line | None = Field(default=None, title="Programme", description="Le premier programme.")
    nature_of_work: Text | None = Field(
        default=None, title="Nature du travail", description="Ce que la personne fera, en une phrase."
    )
    other_pay: tuple[Line, ...] = Field(
        default=(), max_length=12, title="Autres éléments de paie", description="Primes, titres-restaurant…"
    )
    conditions: tuple[Line, ...] = Field(
        default=(),
        max_length=8,
        title="Conditions",
        description="Ce qui doit être réuni avant l’embauche, par exemple un titre de travail valable.",
    )


class OfferLetterFacts(LetterFacts):
    details: OfferLetterDetails


def _context(facts: OfferLetterFacts, law: Law, day: date) -> dict[str, object]:
    step = DelayStep.FIXED_TERM_DELIVERY if facts.details.is_fixed_term else DelayStep.CONTRACT_DELIVERY
    return work_context(facts, law) | {
        "delivery_words": delay_on(law, step, day).words,
        "visit_words": delay_on(law, DelayStep.PREVENTION_VISIT, day).words,
    }


def _faults(facts: OfferLetterFacts, law: Law, day: date) -> Iterator[Finding]:
    yield from work_faults(facts, law, day)
    details = facts.details
    if details.start_date and details.start_date < day:
        yield Finding(
            Fault.INCONSISTENT,
            "details.start_date",
            "L’embauche proposée est déjà passée",
            "Cass. soc. 21 septembre 2017",
            "Choisissez une date d’embauche à venir.",
        )
    if details.answer_by is None:
        return
    if details.answer_by < day:
        yield Finding(
            Fault.INCONSISTENT,
            "details.answer_by",
            "Le délai de réponse est déjà passé",
            "Cass. soc. 21 septembre 2017 ; Code civil, art. 1116",
            "Laissez un délai raisonnable pour répondre.",
        )
    elif details.start_date and details.answer_by > details.start_date:
        yield Finding(
            Fault.INCONSISTENT,
            "details.answer_by",
            "La réponse serait attendue après l’embauche",
            "L1221-10",
            "Demandez la réponse avant la date d’embauche.",
        )


def _deadlines(facts: OfferLetterFacts, law: Law, day: date) -> tuple[Deadline, ...]:
    if facts.details.answer_by is None:
        return ()
    return (
        Deadline(
            what="Répondre à l’offre d’embauche",
            on=facts.details.answer_by,
            article="Cass. soc. 21 septembre 2017",
            holder="person",
        ),
    )


def _prefill(facts: PackFacts) -> dict[str, object]:
    return work_of_hiring(facts) | {
        "programme": facts.programme.name,
        "nature_of_work": facts.programme.nature_of_work,
    }


PAPERS = (
    Paper(
        kind=DocumentKind.OFFER_LETTER,
        facts=OfferLetterFacts,
        context=_context,
        faults=_faults,
        doubts=pay_doubts,
        situations={
            **situations_of_work(),
            "promise": lambda facts: facts.details.commitment is Commitment.PROMISE,
            "offer": lambda facts: facts.details.commitment is Commitment.OFFER,
            "conditional": lambda facts: bool(facts.details.conditions),
        },
        deadlines=_deadlines,
        prefill=_prefill,
        title=lambda facts: (
            "Promesse d’embauche" if facts.details.commitment is Commitment.PROMISE else "Offre d’embauche"
        ),
    ),
)
