"""Offers: which ones somebody reaches, where each stands, and all that a contract made of one would rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Locale, OfferState
from service.store.mail.mailboxes import Mailbox
from service.store.papers.offers_terms import TermsFacts
from service.store.reach import applications_within, id_of
from service.tables.applications import Application
from service.tables.offers import CivilDetails, Offer
from service.tables.people import Candidate, Staff
from service.tables.programmes import Employer, Programme

OPEN_STATES = (OfferState.DRAFT, OfferState.SENT, OfferState.ACCEPTED)


class RecordedOfferFacts(BaseModel):
    """One offer as it is recorded."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    application_id: UUID
    candidate_id: UUID
    programme_id: UUID
    state: OfferState
    terms: TermsFacts
    start_date: date
    employer_will_at: datetime | None
    candidate_will_at: datetime | None
    sent_at: datetime | None
    answered_at: datetime | None
    answer_note: str
    confirmations: tuple[dict[str, Any], ...]
    created_at: datetime
    version: int


class HiringFacts(BaseModel):
    """Who and what an offer is about: the person, the programme, the employer, and what only a contract needs."""

    model_config = ConfigDict(frozen=True)

    given_name: str
    family_name: str
    pseudonym: str
    email: str
    locale: Locale
    programme_title: str
    client_name: str
    programme: dict[str, Any]
    employer: dict[str, Any]
    civil: dict[str, Any]

    @property
    def person_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.pseudonym


class OfferLineFacts(BaseModel):
    """One line of a list of offers."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    application_id: UUID
    candidate_id: UUID
    programme_id: UUID
    state: OfferState
    person_name: str
    programme_title: str
    job_title: str
    start_date: date
    created_at: datetime


@dataclass(frozen=True)
class OfferPage:
    """Lines, newest first, and the position after the last one when there are more."""

    lines: tuple[OfferLineFacts, ...]
    after: tuple[str, str] | None


def offers_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Offer`: its application is within reach; a candidate sees none that was not sent."""
    within = applications_within(actor)
    if isinstance(within, sa.True_):  # every application: the list then walks the index of its order
        return within
    reach = col(Offer.application_id).in_(select(col(Application.id)).where(within))
    if actor.kind is ActorKind.CANDIDATE:
        return sa.and_(reach, col(Offer.sent_at).is_not(None))
    return reach


async def offer_row(session: AsyncSession, actor: Actor, offer_id: str | UUID) -> Offer:
    """The offer, if within reach; NotFound otherwise."""
    row = await session.scalar(select(Offer).where(col(Offer.id) == id_of(offer_id), offers_within(actor)))
    if row is None:
        raise NotFound
    return row


async def open_offer_of(session: AsyncSession, application_id: UUID) -> UUID | None:
    """The one offer of an application that is a draft, sent or accepted."""
    found: UUID | None = await session.scalar(
        select(col(Offer.id))
        .where(col(Offer.application_id) == application_id, col(Offer.state).in_(OPEN_STATES))
        .limit(1)
    )
    return found


async def accepted_for(session: AsyncSession, application_id: UUID) -> RecordedOfferFacts | None:
    """The offer that the person accepted for this application, if any: what a decision to hire needs."""
    row = await session.scalar(
        select(Offer).where(
            col(Offer.application_id) == application_id, col(Offer.state) == OfferState.ACCEPTED
        )
    )
    return None if row is None else RecordedOfferFacts.model_validate(row)


async def last_of(session: AsyncSession, application_id: UUID) -> RecordedOfferFacts | None:
    """The offer that papers of this application speak of: the open one, else the last that was made."""
    rows = await session.scalars(
        select(Offer)
        .where(col(Offer.application_id) == application_id)
        .order_by(col(Offer.created_at).desc(), col(Offer.id))
    )
    offers = list(rows)
    found = next((row for row in offers if row.state in OPEN_STATES), next(iter(offers), None))
    return None if found is None else RecordedOfferFacts.model_validate(found)


async def has_accepted_offer(session: AsyncSession, candidate_id: UUID) -> bool:
    """Whether this person accepted any offer: only then is more asked than an application may ask."""
    found = await session.scalar(
        select(col(Offer.id))
        .where(col(Offer.candidate_id) == candidate_id, col(Offer.state) == OfferState.ACCEPTED)
        .limit(1)
    )
    return found is not None


async def hiring_of(session: AsyncSession, offer: Offer) -> HiringFacts:
    """All that this offer's contract would rest on beside the terms; one query each for person and employer."""
    return await hiring_for(session, offer.candidate_id, offer.programme_id)


async def hiring_for(session: AsyncSession, candidate_id: UUID, programme_id: UUID | None) -> HiringFacts:
    """The same for somebody who may have no offer yet, nor a programme. The caller has checked who is asking."""
    found = await session.execute(
        select(Candidate, Programme, CivilDetails)
        .select_from(Candidate)
        .outerjoin(Programme, col(Programme.id) == programme_id)
        .outerjoin(CivilDetails, col(CivilDetails.candidate_id) == col(Candidate.id))
        .where(col(Candidate.id) == candidate_id)
    )
    person, programme, civil = found.one()
    return HiringFacts(
        given_name=person.given_name,
        family_name=person.family_name,
        pseudonym=person.pseudonym,
        email=person.email,
        locale=person.locale,
        programme_title=programme.title if programme else "",
        client_name=programme.client_name if programme else "",
        programme=programme.profile if programme else {},
        employer=await employer_facts(session),
        civil=civil.facts if civil else {},
    )


async def employer_facts(session: AsyncSession) -> dict[str, Any]:
    """What is recorded of the employer; empty when nothing is yet."""
    row = await session.scalar(select(Employer).limit(1))
    return dict(row.facts) if row else {}


async def mailbox_of_maker(session: AsyncSession, offer: Offer) -> Mailbox | None:
    """Where to write to whoever made the offer; nothing when that person is gone."""
    maker = await session.get(Staff, offer.made_by) if offer.made_by else None
    return Mailbox(maker.email, maker.locale) if maker and maker.is_active else None


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    after: Sequence[Any] | None = None,
    states: Sequence[OfferState] = (),
    application_id: UUID | None = None,
) -> OfferPage:
    """Offers within reach, the newest first; `after` is the position (created_at, id) that a page ended at."""
    wanted = _lines(actor)
    if states:
        wanted = wanted.where(col(Offer.state).in_(states))
    if application_id is not None:
        wanted = wanted.where(col(Offer.application_id) == application_id)
    if after is not None:
        moment, last = datetime.fromisoformat(str(after[0])), id_of(str(after[1]))
        here: Any = sa.tuple_(col(Offer.created_at), col(Offer.id))
        wanted = wanted.where(here < (moment, last))
    rows = (await session.execute(wanted.limit(limit + 1))).mappings().all()
    lines = tuple(_line(row) for row in rows[:limit])
    more = len(rows) > limit
    return OfferPage(lines, (lines[-1].created_at.isoformat(), str(lines[-1].id)) if more else None)


def _lines(actor: Actor) -> sa.Select[Any]:
    return (
        select(
            col(Offer.id),
            col(Offer.application_id),
            col(Offer.candidate_id),
            col(Offer.programme_id),
            col(Offer.state),
            col(Offer.terms),
            col(Offer.start_date),
            col(Offer.created_at),
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            col(Programme.title).label("programme_title"),
        )
        .join(Candidate, col(Candidate.id) == col(Offer.candidate_id))
        .join(Programme, col(Programme.id) == col(Offer.programme_id))
        .where(offers_within(actor))
        .order_by(col(Offer.created_at).desc(), col(Offer.id).desc())
    )


def _line(row: Mapping[str, Any]) -> OfferLineFacts:
    shown = {name: row[name] for name in OfferLineFacts.model_fields if name in row}
    name = f"{row['given_name']} {row['family_name']}".strip() or row["pseudonym"]
    return OfferLineFacts(**shown, person_name=name, job_title=row["terms"].get("job_title") or "")
