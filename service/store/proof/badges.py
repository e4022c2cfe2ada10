"""Badges: whose they are, what they say, whether they were withdrawn; and the public halves of their keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.store import reach
from service.store.learning.cohorts import name_of
from service.tables.badges import Badge, SigningKey
from service.tables.people import Candidate


class BadgeFacts(BaseModel):
    """One badge. `signed` is the credential as a compact JWT; `thumbprint` says with which key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    candidate_id: UUID
    assignment_id: UUID
    path: str
    edition: str
    title_fr: str
    title_en: str
    issuer_name: str
    signed: str
    is_name_shown: bool
    issued_at: datetime
    completed_at: datetime
    valid_until: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    thumbprint: str
    public_jwk: dict[str, Any]
    holder: str

    def stands_on(self, moment: datetime) -> bool:
        """Whether it is neither withdrawn nor past its last moment."""
        return self.withdrawn_at is None and (self.valid_until is None or moment <= self.valid_until)


async def public(session: AsyncSession, badge_id: str | UUID) -> BadgeFacts:
    """A badge for whoever knows its address; NotFound for any other."""
    return await _one(session, _badges().where(col(Badge.id) == reach.id_of(badge_id)))


async def within_reach(session: AsyncSession, actor: Actor, badge_id: str | UUID) -> BadgeFacts:
    return await _one(
        session, _badges().where(col(Badge.id) == reach.id_of(badge_id), reach.candidates_within(actor))
    )


async def of_assignments(
    session: AsyncSession, actor: Actor, assignment_ids: Sequence[UUID]
) -> dict[UUID, BadgeFacts]:
    """The badge of each of these trainings that has one."""
    rows = await session.execute(
        _badges().where(col(Badge.assignment_id).in_(list(assignment_ids)), reach.candidates_within(actor))
    )
    return {badge.assignment_id: badge for badge in (_read(*row) for row in rows)}


async def badge_row(session: AsyncSession, actor: Actor, badge_id: str | UUID) -> Badge:
    """The row to change, held until the end of the transaction."""
    row = await session.scalar(
        select(Badge)
        .where(
            col(Badge.id) == reach.id_of(badge_id),
            col(Badge.candidate_id).in_(select(col(Candidate.id)).where(reach.candidates_within(actor))),
        )
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def public_keys(session: AsyncSession) -> tuple[dict[str, Any], ...]:
    """The public halves, the newest first."""
    rows = await session.scalars(
        select(col(SigningKey.public_jwk)).order_by(col(SigningKey.created_at).desc(), col(SigningKey.id))
    )
    return tuple(rows)


async def public_key(session: AsyncSession, thumbprint: str) -> dict[str, Any]:
    found: dict[str, Any] | None = await session.scalar(
        select(col(SigningKey.public_jwk)).where(col(SigningKey.thumbprint) == thumbprint[:64])
    )
    if found is None:
        raise NotFound
    return dict(found)


async def _one(session: AsyncSession, query: Select[Badge, SigningKey, Candidate]) -> BadgeFacts:
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound
    return _read(*row)


def _badges() -> Select[Badge, SigningKey, Candidate]:
    return (
        select(Badge, SigningKey, Candidate)
        .join(SigningKey, col(SigningKey.id) == col(Badge.key_id))
        .join(Candidate, col(Candidate.id) == col(Badge.candidate_id))
    )


def _read(badge: Badge, key: SigningKey, person: Candidate) -> BadgeFacts:
    return BadgeFacts(
        **badge.model_dump(exclude={"key_id", "subject", "withdrawn_by"}),
        thumbprint=key.thumbprint,
        public_jwk=dict(key.public_jwk),
        holder=name_of(person.given_name, person.family_name, person.pseudonym),
    )
