"""The amendment that adds telework to a contract already running: its clauses, its answer, and what follows."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, time
from enum import StrEnum

from pydantic import Field

from documents.allowances import AgreementKind, AllowanceMode
from documents.facts import Cents, Line, PackFacts, TeleworkOrigin, Text, Weekday
from documents.faults import Fault, Finding
from documents.kinds import DocumentKind
from documents.law import Law
from documents.money import short_date
from documents.papers.paper import Deadline, LetterFacts, Paper
from documents.papers.telework import (
    Asker,
    Day,
    Slot,
    adaptation_end,
    before,
    contact_faults,
    delay,
    hours_faults,
    in_date_order,
    last_day,
    no_delay,
    slots_of,
    week_of,
)
from documents.rates import Frozen
from documents.terms import TeleworkStep

STEPS = (TeleworkStep.YEARLY_INTERVIEW, TeleworkStep.ACCIDENT_REPORT)


class CostsMode(StrEnum):
    """How the costs of telework are borne: a flat allowance beside receipts, or receipts alone."""

    ALLOWANCE = "allowance"
    RECEIPTS = "receipts"


class AmendmentDetails(Frozen):
    """What the amendment says beyond employer and person; what is empty is named before it is issued."""

    asked_by: Asker = Field(
        default=Asker.EMPLOYER,
        title="Qui demande le télétravail",
        description="À la demande de la personne, l'avenant peut prendre effet dès son accord.",
    )
    is_economic: bool = Field(
        default=False,
        title="Le changement a un motif économique",
        description="La proposition part alors en lettre recommandée et le délai de réponse est plus long.",
    )
    contract_signed_on: Day | None = Field(
        default=None, title="Date du contrat de travail", description="Le contrat que cet avenant modifie."
    )
    job_title: Line | None = Field(default=None, title="Intitulé du poste")
    effective_on: Day | None = Field(default=None, title="Date d'effet")
    ends_on: Day | None = Field(
        default=None, title="Date de fin", description="Vide : le télétravail est sans limite de durée."
    )
    other_place: Line | None = Field(
        default=None,
        title="Autre lieu de télétravail",
        description="Adresse d'un second lieu accepté par l'employeur. Vide : le domicile seul.",
    )
    home_days: tuple[Weekday, ...] = Field(default=(), max_length=7, title="Jours en télétravail")
    slots: tuple[Slot, ...] = Field(
        default=(),
        max_length=28,
        title="Horaires de la semaine",
        description="Une ligne par plage de travail, jours sur site compris.",
    )
    contact_start: time | None = Field(default=None, title="Début de la plage de contact")
    contact_end: time | None = Field(default=None, title="Fin de la plage de contact")
    time_control: Text | None = Field(
        default=None,
        title="Contrôle du temps et de la charge de travail",
        description="Comment les heures sont comptées et la charge suivie.",
    )
    adaptation_months: int | None = Field(
        default=None,
        ge=1,
        le=6,
        title="Période d'adaptation, en mois",
        description="La loi ne fixe pas de durée.",
    )
    adaptation_notice_days: int | None = Field(
        default=None, ge=1, le=60, title="Délai pour arrêter pendant l'adaptation, en jours"
    )
    return_notice_days: int | None = Field(
        default=None, ge=1, le=180, title="Délai de retour sur site après l'adaptation, en jours"
    )
    uses_own_equipment: bool = Field(default=False, title="La personne utilise son propre matériel")
    equipment: tuple[Line, ...] = Field(default=(), max_length=20, title="Matériel fourni")
    handles_card_data: bool = Field(default=False, title="Le poste traite des données de carte bancaire")
    costs: CostsMode = Field(default=CostsMode.ALLOWANCE, title="Prise en charge des frais")
    allowance_mode: AllowanceMode = Field(default=AllowanceMode.MONTHLY, title="Mode de l'allocation")
    allowance_rate_cents: Cents | None = Field(
        default=None,
        title="Taux de l'allocation, en centimes",
        description="Par jour télétravaillé, ou par mois et par jour de télétravail dans la semaine.",
    )
    occupation_indemnity_cents: Cents | None = Field(
        default=None,
        title="Indemnité d'occupation par mois, en centimes",
        description="Vide : une lettre à part en fixe le montant.",
    )
    monitoring_tools: tuple[Line, ...] = Field(
        default=(),
        max_length=12,
        title="Outils de suivi de l'activité",
        description="Chaque outil et son but.",
    )


class AmendmentFacts(LetterFacts):
    details: AmendmentDetails = AmendmentDetails()


def _answer_step(details: AmendmentDetails) -> TeleworkStep:
    return TeleworkStep.ECONOMIC_AMENDMENT_ANSWER if details.is_economic else TeleworkStep.AMENDMENT_ANSWER


def _context(facts: AmendmentFacts, law: Law, issued_on: date) -> Mapping[str, object]:
    details = facts.details
    step = _answer_step(details)
    answer, accident = delay(law, step, issued_on), delay(law, TeleworkStep.ACCIDENT_REPORT, issued_on)
    return {
        "week": week_of(details.slots, details.home_days),
        "is_hybrid": {slot.day for slot in details.slots} != set(details.home_days),
        "answer_words": answer.words if answer else "",
        "answer_by": last_day(law, step, issued_on),
        "accident_words": accident.words if accident else "",
        "monthly_allowance_cents": (details.allowance_rate_cents or 0) * len(set(details.home_days)),
        "adaptation_ends_on": adaptation_end(details.effective_on, details.adaptation_months)
        if details.effective_on and details.adaptation_months
        else None,
    }


def _faults(facts: AmendmentFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    details = facts.details
    yield from no_delay(law, (*STEPS, _answer_step(details)), issued_on)
    yield from hours_faults(details.slots, details.home_days, law.rules_on(issued_on).working_time)
    yield from contact_faults(details.contact_start, details.contact_end)
    yield from before(
        details.contract_signed_on,
        details.effective_on,
        field="details.effective_on",
        label="L'avenant prendrait effet avant le contrat qu'il modifie",
        article="CCN art. 14",
    )
    yield from before(
        details.effective_on,
        details.ends_on,
        field="details.ends_on",
        label="Le télétravail finirait avant de commencer",
        article="L1222-9",
    )
    yield from _too_soon(facts, law, issued_on)
    if details.handles_card_data and details.uses_own_equipment:
        yield Finding(
            Fault.INCONSISTENT,
            "details.uses_own_equipment",
            "Ce poste traite des données de carte bancaire",
            "PCI DSS v4.0.1",
            "Confiez un poste géré par l'employeur.",
        )


def _too_soon(facts: AmendmentFacts, law: Law, issued_on: date) -> Iterator[Finding]:
    """Nobody is hurried: what the employer asks for starts after the days to answer."""
    details, answer_by = facts.details, last_day(law, _answer_step(facts.details), issued_on)
    if not details.effective_on or not answer_by:
        return
    is_free = details.asked_by is Asker.PERSON and not details.is_economic
    if details.effective_on < issued_on if is_free else details.effective_on <= answer_by:
        day = issued_on if is_free else answer_by
        yield Finding(
            Fault.INCONSISTENT,
            "details.effective_on",
            "L'avenant prendrait effet avant sa date"
            if is_free
            else "L'avenant prendrait effet avant la fin du délai de réponse",
            "CCN art. 14",
            f"Choisissez une date {'à partir du' if is_free else 'après le'} {short_date(day)}.",
        )


def _deadlines(facts: AmendmentFacts, law: Law, issued_on: date) -> tuple[Deadline, ...]:
    details, start = facts.details, facts.details.effective_on
    answer_by = last_day(law, _answer_step(details), issued_on)
    found = [
        Deadline(
            what="Répondre à l'avenant de télétravail ; le silence vaut refus",
            on=answer_by,
            article="CCN art. 14",
            holder="person",
        )
        if answer_by
        else None
    ]
    if not start:
        return in_date_order(found)
    found.append(
        Deadline(
            what="Signer l'attestation sur l'honneur du logement",
            on=start,
            article="ANI du 19 juillet 2005, art. 7",
            holder="person",
        )
    )
    if not details.uses_own_equipment:
        found.append(
            Deadline(
                what="Remettre et installer le matériel",
                on=start,
                article="ANI du 19 juillet 2005, art. 7",
                holder="employer",
            )
        )
    if details.occupation_indemnity_cents is None:
        found.append(
            Deadline(
                what="Remettre la lettre d'indemnité d'occupation du domicile",
                on=start.replace(day=monthrange(start.year, start.month)[1]),
                article="Cass. soc. 19 mars 2025, n° 22-17.315",
                holder="employer",
            )
        )
    if details.adaptation_months:
        found.append(
            Deadline(
                what="Faire le bilan de la période d'adaptation",
                on=adaptation_end(start, details.adaptation_months),
                article="ANI du 26 novembre 2020",
                holder="employer",
            )
        )
    interview_by = last_day(law, TeleworkStep.YEARLY_INTERVIEW, start)
    if interview_by and not (details.ends_on and details.ends_on < interview_by):
        found.append(
            Deadline(
                what="Tenir l'entretien annuel de télétravail",
                on=interview_by,
                article="L1222-10 3°",
                holder="employer",
            )
        )
    if details.ends_on:
        found.append(
            Deadline(
                what="Préparer la fin du télétravail ou un nouvel avenant",
                on=details.ends_on,
                article="L1222-9",
                holder="employer",
            )
        )
    return in_date_order(found)


def _prefill(hiring: PackFacts) -> Mapping[str, object]:
    offer, will = hiring.offer, hiring.will
    return {
        "job_title": offer.job_title,
        "home_days": offer.home_days,
        "slots": slots_of(offer),
        "contact_start": offer.contact_start,
        "contact_end": offer.contact_end,
        "adaptation_months": will.adaptation_months,
        "adaptation_notice_days": will.adaptation_notice_days
        if will.telework_origin is TeleworkOrigin.AMENDMENT
        else None,
        "uses_own_equipment": offer.uses_own_equipment,
        "equipment": [item.label for item in offer.equipment],
        "handles_card_data": hiring.programme.handles_card_data,
        "allowance_mode": hiring.allowance.mode,
        "allowance_rate_cents": hiring.allowance.rate_cents,
        "occupation_indemnity_cents": offer.occupation_indemnity_cents,
    }


PAPERS = (
    Paper(
        kind=DocumentKind.TELEWORK_AMENDMENT,
        facts=AmendmentFacts,
        context=_context,
        faults=_faults,
        deadlines=_deadlines,
        prefill=_prefill,
        situations={
            "telework_text": lambda facts: facts.employer.telework_basis is not AgreementKind.NONE,
            "allowance": lambda facts: facts.details.costs is CostsMode.ALLOWANCE,
            "lent_equipment": lambda facts: not facts.details.uses_own_equipment,
        },
    ),
)
