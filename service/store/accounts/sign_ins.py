"""Who stands behind a token, a session or a link."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import ANONYMOUS, Actor, ActorKind
from service.runtime.ids import token_hash
from service.runtime.vocabulary import Role
from service.tables.people import ApiToken, Candidate, OneTimeLink, SignIn, Staff, StaffProgramme


async def actor_of_session(session: AsyncSession, token: str, *, now: datetime) -> Actor:
    """Who signed in with this session token; ANONYMOUS when it ended, expired or its person may no longer enter."""
    found = await session.scalar(select(SignIn).where(col(SignIn.token_hash) == token_hash(token)))
    if found is None or found.ended_at is not None or found.expires_at <= now:
        return ANONYMOUS
    if found.staff_id is not None:
        actor = await actor_of_staff(session, found.staff_id, sign_in_id=found.id)
        return replace(actor, is_blind=found.is_blind)
    candidate = await session.get(Candidate, found.candidate_id)
    return ANONYMOUS if candidate is None else candidate_actor(candidate, sign_in_id=found.id)


async def look(session: AsyncSession, sign_in_id: UUID, *, is_blind: bool) -> None:
    """Remember with a session whether it looks at people without identity."""
    await session.execute(update(SignIn).where(col(SignIn.id) == sign_in_id).values(is_blind=is_blind))


async def actor_of_api_token(session: AsyncSession, token: str, *, now: datetime) -> Actor:
    """The machine behind an API token; it reaches no further than the member of staff who made it."""
    found = await session.scalar(select(ApiToken).where(col(ApiToken.token_hash) == token_hash(token)))
    if found is None or found.revoked_at is not None or (found.expires_at and found.expires_at <= now):
        return ANONYMOUS
    maker = await actor_of_staff(session, found.staff_id)
    if not maker.is_signed_in:
        return ANONYMOUS
    return Actor(
        ActorKind.TOKEN,
        id=found.id,
        staff_id=maker.staff_id,
        name=found.name,
        scopes=frozenset(found.scopes),
        sees_all_programmes=maker.sees_all_programmes,
        programme_ids=maker.programme_ids,
    )


async def actor_of_staff(session: AsyncSession, staff_id: UUID, *, sign_in_id: UUID | None = None) -> Actor:
    """A member of the staff with the reach they have now; ANONYMOUS when they may no longer enter."""
    staff = await session.get(Staff, staff_id)
    if staff is None or not staff.is_active:
        return ANONYMOUS
    chosen = await session.scalars(
        select(col(StaffProgramme.programme_id)).where(col(StaffProgramme.staff_id) == staff.id)
    )
    return Actor(
        ActorKind.STAFF,
        role=staff.role,
        id=staff.id,
        staff_id=staff.id,
        name=staff.name,
        sees_all_programmes=staff.sees_all_programmes,
        programme_ids=frozenset(chosen),
        sign_in_id=sign_in_id,
    )


def candidate_actor(candidate: Candidate, *, sign_in_id: UUID | None = None) -> Actor:
    """A candidate (or an agent, once hired) as an actor."""
    return Actor(
        ActorKind.CANDIDATE,
        role=Role.AGENT if candidate.is_agent else Role.CANDIDATE,
        id=candidate.id,
        name=candidate.given_name or candidate.pseudonym,
        sign_in_id=sign_in_id,
    )


async def staff_by_email(session: AsyncSession, email: str) -> Staff | None:
    if "\x00" in email:  # PostgreSQL cannot even be asked
        return None
    return await session.scalar(select(Staff).where(col(Staff.email) == email.strip().lower()))


async def link_by_token(session: AsyncSession, token: str, *, to_use: bool = False) -> OneTimeLink | None:
    """The link of this token; `to_use` holds it, so that two who open it at once are one and a refusal."""
    query = select(OneTimeLink).where(col(OneTimeLink.token_hash) == token_hash(token))
    return await session.scalar(query.with_for_update() if to_use else query)
