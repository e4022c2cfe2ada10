"""What one paper would say: all that is recorded of the hiring, and the details that are typed for it alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.ext.asyncio import AsyncSession

from documents.completeness import Missing
from documents.facts import Confirmation, PackFacts, PersonFacts
from documents.faults import Fault as Stop
from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.issuing import check_paper
from documents.papers.paper import Paper
from documents.papers.shelf import PAPERS
from documents.rates import Unconfirmed
from service.flows.papers.offers_checks import facts_for_pack, pointer_of
from service.runtime.actors import Actor
from service.runtime.clock import PARIS
from service.runtime.errors import Fault, InBoth, NotFound, told
from service.store.papers import offers
from service.store.papers.offers import HiringFacts, RecordedOfferFacts
from service.store.recruiting.applications import ApplicationFacts, facts_of

SEALED_KINDS = frozenset({DocumentKind.DPAE_SHEET})
"""Papers that hold the social-security number: their plan and their file are kept under seal."""
SEALED_MEMBER = "nir"
GATHERED_KINDS = frozenset({DocumentKind.DISTANCE_TRAINING_FILE})
"""Papers that say what traces say: nobody types them, they are issued where their traces are."""

EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)
YEARS = {"first": EARLIEST.year, "last": LATEST.year}
WRONG = {
    "extra_forbidden": told("This paper has no such detail."),
    "missing": told("Give this value."),
    "string_too_long": told("This is too long; shorten it."),
    "string_too_short": told("Give this value."),
    "too_long": told("These are too many lines."),
    "enum": told("Choose one of the values of the list."),
    "literal_error": told("Choose one of the values of the list."),
    "greater_than_equal": told("This number is too small."),
    "greater_than": told("This number is too small."),
    "less_than_equal": told("This number is too large."),
    "less_than": told("This number is too large."),
}
WRONG_DAY = told("Write a day that exists.")
WRONG_VALUE = told("This value does not fit; correct it.")


def issuable() -> tuple[DocumentKind, ...]:
    """The kinds that are issued about one person; shortlists and reports are made where their facts are."""
    return tuple(kind for kind in _about_a_person() if kind not in GATHERED_KINDS)


def _about_a_person() -> tuple[DocumentKind, ...]:
    return tuple(
        kind for kind, paper in PAPERS.items() if {"employer", "person"} <= set(paper.facts.model_fields)
    )


def paper_of(kind: str, *, is_gathered: bool = False) -> Paper[Any]:
    """The paper of that name; NotFound for one that is not issued about a person, or not by typing it."""
    kinds = _about_a_person() if is_gathered else issuable()
    found = next((one for one in kinds if one.value == kind), None)
    if found is None:
        raise NotFound
    return PAPERS[found]


def details_of(paper: Paper[Any]) -> type[BaseModel] | None:
    """The model of what this paper alone needs; None where the hiring says everything."""
    member = paper.facts.model_fields.get("details")
    return member.annotation if member is not None else None


@dataclass(frozen=True)
class Known:
    """What is recorded of one application: the hiring as documents read it, and what of it could not be read."""

    application: ApplicationFacts
    offer: RecordedOfferFacts | None
    hiring: HiringFacts
    facts: PackFacts
    unread: tuple[Fault, ...]


async def gather(session: AsyncSession, actor: Actor, application_id: Any) -> Known:
    """Everything recorded, if the application is within reach; an offer is not needed yet."""
    application = await facts_of(session, actor, application_id)
    offer = await offers.last_of(session, application.id)
    hiring = await offers.hiring_for(session, application.candidate_id, application.programme_id)
    facts, unread = facts_for_pack(offer, hiring)
    return Known(application, offer, hiring, facts, unread)


def known_by_name(known: Known, kind: DocumentKind) -> Known:
    """The same without address and birth, where the paper does not print them: a trainer needs neither."""
    if kind is DocumentKind.TRAINING_SUMMONS:  # sent by post where the person lives
        return known
    person = known.facts.person
    named = PersonFacts(first_name=person.first_name, last_name=person.last_name)
    unread = tuple(one for one in known.unread if not one.pointer.startswith("/person/"))
    return replace(known, facts=known.facts.model_copy(update={"person": named}), unread=unread)


@dataclass(frozen=True)
class Draft:
    """One paper as it would be issued now, and everything that stops it. `facts` is None when details do not fit."""

    paper: Paper[Any]
    details: Mapping[str, Any]
    facts: Any
    missing: tuple[Missing, ...]
    doubts: tuple[Unconfirmed, ...]
    unfit: tuple[Fault, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All of it, details that do not fit first."""
        return (*self.unfit, *map(fault_of, self.missing))

    @property
    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Figures that a named person must vouch for before this paper is issued."""
        waiting = {one.field for one in self.missing if one.fault is Stop.UNCONFIRMED}
        return tuple(one for one in self.doubts if f"confirmations.{one.figure}" in waiting)


def prefilled(paper: Paper[Any], known: Known) -> dict[str, Any]:
    """Details that the hiring already says, as JSON would."""
    model = details_of(paper)
    if model is None:
        return {}
    said = dict(paper.prefill(known.facts))
    kept = {name: value for name, value in said.items() if name in model.model_fields}
    try:
        return model.model_validate(kept).model_dump(mode="json", include=set(kept))
    except ValidationError:
        return {}


def draft_paper(
    paper: Paper[Any],
    known: Known,
    *,
    details: Mapping[str, Any],
    confirmations: Iterable[Confirmation] = (),
    sealed_number: str | None = None,
    law: Law,
    now: datetime,
) -> Draft:
    """The paper from what is known and typed; a member that `details` does not name keeps what the hiring says."""
    typed = {**prefilled(paper, known), **details}
    own: tuple[Fault, ...] = ()
    if SEALED_MEMBER in details and paper.kind in SEALED_KINDS:
        own = (Fault(f"/details/{SEALED_MEMBER}", "unknown", WRONG["extra_forbidden"]),)
        typed.pop(SEALED_MEMBER)
    if sealed_number is not None:
        typed[SEALED_MEMBER] = sealed_number
    values = {
        name: getattr(known.facts, name)
        for name in paper.facts.model_fields
        if name in PackFacts.model_fields
    }
    values["confirmations"] = (*known.facts.confirmations, *confirmations)
    facts, unfit = _read(paper, values, typed)
    odd = tuple(_odd(getattr(facts, "details", None), "/details"))
    if odd:
        wrong = {one.pointer.split("/")[2] for one in odd}
        sound = {name: value for name, value in typed.items() if name not in wrong}
        facts, unfit = _read(paper, values, sound)
    unfit = (*odd, *own, *unfit, *(fault for fault in known.unread if fault.pointer.split("/")[1] in values))
    if facts is None:
        return Draft(paper, typed, None, (), (), unfit)
    issued_at = now.astimezone(PARIS)
    return Draft(
        paper=paper,
        details=typed,
        facts=facts,
        missing=check_paper(paper.kind, facts, law=law, issued_at=issued_at),
        doubts=tuple(paper.doubts(facts, law, issued_at.date())),
        unfit=unfit,
    )


def _read(
    paper: Paper[Any], values: Mapping[str, Any], typed: Mapping[str, Any]
) -> tuple[Any, tuple[Fault, ...]]:
    """The facts without the details that do not fit, and a fault for each of those."""
    if details_of(paper) is None:
        unknown = tuple(Fault(f"/details/{name}", "unknown", WRONG["extra_forbidden"]) for name in typed)
        return paper.facts.model_validate(dict(values)), unknown
    try:
        return paper.facts.model_validate({**values, "details": dict(typed)}), ()
    except ValidationError as error:
        found = error.errors(include_url=False)
    faulty = {str(entry["loc"][1]) for entry in found if len(entry["loc"]) > 1}
    faults = tuple(_unfit(entry) for entry in found)
    kept = {name: value for name, value in typed.items() if name not in faulty}
    try:
        return paper.facts.model_validate({**values, "details": kept}), faults
    except ValidationError:
        return None, faults


def _odd(value: object, pointer: str) -> Iterator[Fault]:
    """Days that no calendar here reckons with, and times that name a zone: those of the wall in France name none."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _odd(getattr(value, name), f"{pointer}/{name}")
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _odd(item, f"{pointer}/{number}")
    elif isinstance(value, date) and not EARLIEST <= value <= LATEST:
        yield Fault(pointer, "date", "Choose a date between %(first)s and %(last)s.", YEARS)
    elif isinstance(value, time) and value.tzinfo is not None:
        yield Fault(pointer, "invalid", "Write a time of day without a time zone.")


def _unfit(entry: ErrorDetails) -> Fault:
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in entry["loc"])
    kind = str(entry["type"])
    if kind == "value_error":  # written for people by whoever wrote the paper, in its own language
        said = str(entry["ctx"]["error"]) if "ctx" in entry else str(entry["msg"])
        return Fault(pointer, "invalid", InBoth(said, said))
    words = WRONG_DAY if kind.startswith("date") else WRONG.get(kind, WRONG_VALUE)
    return Fault(pointer, "unknown" if kind == "extra_forbidden" else "invalid", words)


def fault_of(item: Missing) -> Fault:
    """One thing missing, with its article and what to do, in the words of the law's own language."""
    words = f"{item.label} ({item.article}). {item.remedy}".strip()
    return Fault(pointer_in_paper(item.field), item.fault.value, InBoth(words, words))


def pointer_in_paper(field: str) -> str:
    """Where a field of a paper's facts stands (RFC 6901).

    >>> pointer_in_paper("details.items.0.serial"), pointer_in_paper("person.birth_date")
    ('/details/items/0/serial', '/person/birth_date')
    """
    if field.startswith("confirmations."):
        return pointer_of(field)
    return "/" + field.replace(".", "/")
