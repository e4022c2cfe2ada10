"""An offer held against the law: the facts a contract would rest on, the figures, and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from documents.completeness import Missing
from documents.facts import (
    Confirmation,
    EmployerFacts,
    PackFacts,
    PersonFacts,
    ProgrammeFacts,
    WillFacts,
)
from documents.faults import Fault as Stop
from documents.figures import Figures, reckon
from documents.law import Law
from documents.packs import check_pack
from documents.rates import Frozen, Unconfirmed
from service.runtime.clock import PARIS, civil_date
from service.runtime.errors import Fault, InBoth
from service.store.papers.offers import HiringFacts, RecordedOfferFacts
from service.store.papers.offers_terms import TermsFacts

M = TypeVar("M", bound=Frozen)

OFFER_PARTS = ("offer", "allowance", "programme")
"""What must hold before an offer is sent; the rest must hold before a contract is made of it."""


@dataclass(frozen=True)
class OfferChecks:
    """The facts, the figures of the start date, and everything that stops a contract; `unread` could not be used."""

    facts: PackFacts
    figures: Figures
    missing: tuple[Missing, ...]
    unread: tuple[Fault, ...]

    @property
    def stops_sending(self) -> tuple[Missing, ...]:
        """What must be put right before the person sees the offer; figures may be confirmed until the contract."""
        return tuple(
            item
            for item in self.missing
            if item.field.split(".")[0] in OFFER_PARTS and item.fault is not Stop.UNCONFIRMED
        )

    @property
    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Figures of law that still need a named person."""
        stopped = {item.field for item in self.missing if item.fault is Stop.UNCONFIRMED}
        return tuple(
            doubt for doubt in self.figures.unconfirmed if f"confirmations.{doubt.figure}" in stopped
        )


def check_offer(offer: RecordedOfferFacts, hiring: HiringFacts, *, law: Law, now: datetime) -> OfferChecks:
    """Everything about this offer as of now."""
    facts, unread = facts_for_pack(offer, hiring)
    return OfferChecks(
        facts=facts,
        figures=reckon(facts, law),
        missing=check_pack(facts, law=law, issued_at=now.astimezone(PARIS)),
        unread=unread,
    )


def facts_for_pack(
    offer: RecordedOfferFacts | None, hiring: HiringFacts
) -> tuple[PackFacts, tuple[Fault, ...]]:
    """One hiring as documents read it, empty where no offer is; what does not fit is left out and named."""
    terms = offer.terms if offer else TermsFacts()
    employer, employer_faults = _read(EmployerFacts, "employer", hiring.employer)
    person, person_faults = _read(PersonFacts, "person", _person(hiring))
    programme, programme_faults = _read(ProgrammeFacts, "programme", _programme(terms, hiring))
    facts = PackFacts(
        employer=employer,
        person=person,
        programme=programme,
        offer=terms.contract,
        allowance=terms.allowance,
        will=WillFacts(
            person_agreed_on=_day(offer.candidate_will_at if offer else None),
            employer_agreed_on=_day(offer.employer_will_at if offer else None),
            adaptation_months=terms.adaptation_months,
            adaptation_notice_days=terms.adaptation_notice_days,
        ),
        confirmations=tuple(_confirmation(given) for given in (offer.confirmations if offer else ())),
    )
    return facts, (*employer_faults, *person_faults, *programme_faults)


def _day(moment: datetime | None) -> date | None:
    return civil_date(moment) if moment else None


def _person(hiring: HiringFacts) -> dict[str, Any]:
    named = {"first_name": hiring.given_name or None, "last_name": hiring.family_name or None}
    return {**named, **hiring.civil}


def _programme(terms: TermsFacts, hiring: HiringFacts) -> dict[str, Any]:
    calls = terms.calls
    said = hiring.programme.get("nature_of_work") or ""
    return {
        "name": hiring.programme_title or None,
        "nature_of_work": " ".join(str(said).split()) or None,
        "has_inbound_calls": calls.has_inbound,
        "has_outbound_calls": calls.has_outbound,
        "pacing": calls.pacing,
        "handles_card_data": bool(hiring.programme.get("card_data")),
    }


def _confirmation(given: Mapping[str, Any]) -> Confirmation:
    return Confirmation.model_validate({name: given.get(name) for name in Confirmation.model_fields})


def _read(model: type[M], part: str, values: Mapping[str, Any]) -> tuple[M, tuple[Fault, ...]]:
    """The model without the members that do not fit, and a fault for each of those."""
    known = {name: value for name, value in values.items() if name in model.model_fields}
    try:
        return model.model_validate(known), ()
    except ValidationError as error:
        faulty = {str(entry["loc"][0]) for entry in error.errors()}
        faults = tuple(
            Fault(
                pointer="/" + "/".join((part, *map(str, entry["loc"]))),
                code="unreadable",
                sentence="This value cannot stand in a contract. Correct it.",
            )
            for entry in error.errors()
        )
        kept = {name: value for name, value in known.items() if name not in faulty}
        return model.model_validate(kept), faults


def pointer_of(field: str) -> str:
    """Where a field of the documents' facts is in an offer's body (RFC 6901).

    >>> pointer_of("offer.trial"), pointer_of("will.adaptation_months"), pointer_of("person.birth_date")
    ('/trial', '/adaptation_months', '/person/birth_date')
    >>> pointer_of("confirmations.smic/france/2026-06-01")
    '/confirmations/smic~1france~12026-06-01'
    """
    part, _, rest = field.partition(".")
    if part == "confirmations":
        return f"/confirmations/{rest.replace('~', '~0').replace('/', '~1')}"
    below = rest.replace(".", "/")
    if part == "offer" or field.startswith("will.adaptation"):
        return f"/{below}"
    return f"/{part}/{below}"


def fault_of(item: Missing) -> Fault:
    """One thing missing, with its article and what to do, in the words of the law's own language."""
    law = f"{item.label} ({item.article}). {item.remedy}"
    return Fault(
        pointer=pointer_of(item.field),
        code=item.fault.value,
        sentence=InBoth(law, law),
    )
