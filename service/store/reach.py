"""Whose rows an actor reaches: the walls between people, clients and programmes, written once.

Every SELECT of a person's rows starts here. What is out of reach is NotFound, the same answer as what does not exist.
"""

from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Role
from service.tables.applications import Application
from service.tables.columns import Row
from service.tables.people import Candidate
from service.tables.programmes import Programme

R = TypeVar("R", bound=Row)

PEOPLE_ROLES = (
    Role.RECRUITER,
    Role.TRAINER,
    Role.SUPERVISOR,
    Role.SUPPORT,
    Role.CLIENT_MANAGER,
    Role.APPROVER,
)
"""Staff who meet people's files at all; an administrator administers and reads nobody."""


def candidates_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Candidate` for what this actor reaches.

    A candidate reaches himself; staff with all programmes reach everybody; the others, and their tokens, reach the
    people who applied to one of their programmes.
    """
    if actor.kind is ActorKind.CANDIDATE:
        return col(Candidate.id) == actor.id
    if actor.kind is ActorKind.SYSTEM:
        return sa.true()
    if actor.kind is ActorKind.STAFF and actor.role not in PEOPLE_ROLES:
        return sa.false()
    if actor.kind not in (ActorKind.STAFF, ActorKind.TOKEN):
        return sa.false()
    if actor.sees_all_programmes:
        return sa.true()
    return col(Candidate.id).in_(
        select(col(Application.candidate_id)).where(col(Application.programme_id).in_(actor.programme_ids))
    )


def programmes_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Programme` for what this actor reaches; a candidate reaches those applied to."""
    if actor.kind is ActorKind.CANDIDATE:
        return col(Programme.id).in_(
            select(col(Application.programme_id)).where(col(Application.candidate_id) == actor.id)
        )
    if actor.kind is ActorKind.SYSTEM or actor.sees_all_programmes:
        return sa.true()
    return col(Programme.id).in_(actor.programme_ids)


def applications_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Application`: the person is within reach, and so is the programme when there is one."""
    reached = candidates_within(actor)
    if isinstance(
        reached, sa.True_
    ):  # everybody: a list then walks the index of its order instead of all people
        return reached
    people = col(Application.candidate_id).in_(select(col(Candidate.id)).where(reached))
    if actor.kind is ActorKind.CANDIDATE or actor.kind is ActorKind.SYSTEM or actor.sees_all_programmes:
        return people
    return sa.and_(people, col(Application.programme_id).in_(actor.programme_ids))


def id_of(text: str | UUID) -> UUID:
    """The id a path names; anything that is not an id is NotFound, like an id that nobody has."""
    found = text if isinstance(text, UUID) else parse_id(text)
    if found is None:
        raise NotFound
    return found


async def candidate_row(session: AsyncSession, actor: Actor, candidate_id: str | UUID) -> Candidate:
    """The person, if within reach; the only way to one by id."""
    return await _one(session, Candidate, candidates_within(actor), candidate_id)


async def programme_row(session: AsyncSession, actor: Actor, programme_id: str | UUID) -> Programme:
    return await _one(session, Programme, programmes_within(actor), programme_id)


async def application_row(session: AsyncSession, actor: Actor, application_id: str | UUID) -> Application:
    return await _one(session, Application, applications_within(actor), application_id)


async def _one(session: AsyncSession, table: type[R], within: ColumnElement[bool], row_id: str | UUID) -> R:
    row = await session.scalar(select(table).where(col(table.id) == id_of(row_id), within))
    if row is None:
        raise NotFound
    return row
