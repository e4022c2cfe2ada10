"""The employer's reasoned refusal of telework: objective facts, what was looked for, who looks again; no health."""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import Field

from documents.allowances import AgreementKind
from documents.facts import Line, Text
from documents.faults import Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.telework import Day, before, in_date_order, sensitive_faults
from documents.rates import Frozen


class Reason(Frozen):
    """One objective reason: what it is, and the facts of the post that show it."""

    heading: Line = Field(title="Raison", description="Par exemple « Sécurité des données du programme ».")
    explanation: Text = Field(
        title="Les faits", description="Ce qui, dans le poste, le montre. Jamais un jugement sur la personne."
    )


class RefusalDetails(Frozen):
    """A request, its refusal and why. Why a reason is due by law is not kept: it may tell of health or family."""

    job_title: Line | None = Field(default=None, title="Intitulé du poste")
    asked_on: Day | None = Field(default=None, title="Date de la demande")
    request: Text | None = Field(
        default=None, title="La demande", description="Ce que la personne demande : jours, lieu, durée."
    )
    reasons: tuple[Reason, ...] = Field(
        default=(),
        max_length=8,
        title="Raisons objectives",
        description="Chacune avec les faits qui la montrent.",
    )
    solutions: tuple[Line, ...] = Field(
        default=(),
        max_length=8,
        title="Solutions examinées",
        description="Ce qui a été cherché pour pouvoir dire oui, en tout ou en partie.",
    )
    offered_instead: Text | None = Field(
        default=None, title="Ce que l'employeur propose", description="Vide s'il n'y a pas de proposition."
    )
    decided_by: Line | None = Field(
        default=None, title="Décision prise par", description="La personne qui a décidé, et sa fonction."
    )
    review_on: Day | None = Field(default=None, title="Nouvel examen prévu le")
    appeal_contact: Line | None = Field(
        default=None, title="Recours", description="Qui réexamine la demande."
    )
    appeal_by: Day | None = Field(default=None, title="Recours au plus tard le")


class RefusalFacts(LetterFacts):
    details: RefusalDetails = RefusalDetails()


def _context(facts: RefusalFacts, law: Law, issued_on: date) -> Mapping[str, object]:
    return {"has_text": facts.employer.telework_basis is not AgreementKind.NONE}


def _faults(facts: RefusalFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    details = facts.details
    yield from before(
        details.asked_on,
        issued_on,
        field="details.asked_on",
        label="La demande serait postérieure à la réponse",
        article="L1222-9 III",
    )
    yield from before(
        issued_on,
        details.appeal_by,
        field="details.appeal_by",
        label="La date du recours est passée",
        article="L1222-9 III",
    )
    yield from before(
        issued_on,
        details.review_on,
        field="details.review_on",
        label="Le nouvel examen serait antérieur à la réponse",
        article="L1222-9 III",
    )
    yield from sensitive_faults(_texts(details), law, issued_on)


def _texts(details: RefusalDetails) -> Iterator[tuple[str, str]]:
    yield from (("details.request", text) for text in (details.request,) if text)
    for number, reason in enumerate(details.reasons):
        yield f"details.reasons.{number}.heading", reason.heading
        yield f"details.reasons.{number}.explanation", reason.explanation
    for number, solution in enumerate(details.solutions):
        yield f"details.solutions.{number}", solution
    yield from (("details.offered_instead", text) for text in (details.offered_instead,) if text)


def _deadlines(facts: RefusalFacts, law: Law, issued_on: date) -> tuple[Deadline, ...]:
    details = facts.details
    return in_date_order(
        (
            Deadline(
                what="Demander un nouvel examen de la réponse",
                on=details.appeal_by,
                article="L1222-9 III",
                holder="person",
            )
            if details.appeal_by
            else None,
            Deadline(
                what="Examiner à nouveau la demande de télétravail",
                on=details.review_on,
                article="L1222-9 III",
                holder="employer",
            )
            if details.review_on
            else None,
        )
    )


PAPERS = (
    Paper(
        kind=DocumentKind.REASONED_REFUSAL,
        facts=RefusalFacts,
        context=_context,
        faults=_faults,
        deadlines=_deadlines,
        prefill=lambda hiring: {"job_title": hiring.offer.job_title},
        situations={
            "telework_text": lambda facts: facts.employer.telework_basis is not AgreementKind.NONE,
        },
    ),
)
