"""Requests for help: one's own, the queue of those who answer, and how long answers take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.continuous.help import Handled, Topic
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.errors import NotFound
from service.runtime.vocabulary import HelpState, Role, Stage
from service.store import reach
from service.store.assessing.assessments import Facts
from service.store.learning.cohorts import name_of
from service.store.mail.mailboxes import Mailbox, of_staff
from service.tables.applications import Application
from service.tables.help import HelpMessage, HelpRequest
from service.tables.people import Candidate, Staff, StaffProgramme
from service.tables.programmes import Programme

LISTING = "help requests"
"""What marks a cursor as one of this list."""

READERS: dict[Role, frozenset[Topic]] = {
    Role.TRAINER: frozenset({Topic.LESSON, Topic.WORK}),
    Role.SUPERVISOR: frozenset({Topic.LESSON, Topic.WORK}),
    Role.SUPPORT: frozenset(Topic),
}
"""Who reads what: words said in confidence reach the support person alone."""


class MessageFacts(Facts):
    """One message; `by` is the name of whoever of the staff wrote it."""

    id: UUID
    from_learner: bool
    by: str
    words: str
    at: datetime


class HelpFacts(Facts):
    """One request; its messages, oldest first, when they were asked for."""

    id: UUID
    candidate_id: UUID
    person: str
    programme_id: UUID | None
    programme: str
    assignment_id: UUID | None
    topic: Topic
    path: str
    edition: str
    module: str
    page: str
    state: HelpState
    asked_at: datetime
    answer_due: date
    answered_at: datetime | None
    reminded_at: datetime | None
    closed_at: datetime | None
    policy_edition: str
    version: int
    first_words: str
    messages: tuple[MessageFacts, ...] = ()


@dataclass(frozen=True)
class HelpPage:
    """Requests, and the position after the last one when there are more."""

    lines: tuple[HelpFacts, ...]
    after: tuple[Any, ...] | None


def requests_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `HelpRequest`: one's own, or those of people within reach about what one's role reads."""
    if actor.kind is ActorKind.CANDIDATE:
        return col(HelpRequest.candidate_id) == actor.id
    topics = READERS.get(actor.role) if actor.kind is ActorKind.STAFF and actor.role else None
    if topics is None:
        return sa.false()
    people = col(HelpRequest.candidate_id).in_(
        select(col(Candidate.id)).where(reach.candidates_within(actor))
    )
    return sa.and_(col(HelpRequest.topic).in_(sorted(topics)), people)


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    state: HelpState | None = None,
    after: Sequence[Any] | None = None,
) -> HelpPage:
    """One page in one query; what waits comes soonest due first, what was answered newest first."""
    query = _facts().where(requests_within(actor)).limit(limit + 1)
    if state is HelpState.WAITING:
        order = (col(HelpRequest.answer_due), col(HelpRequest.id))
        query = query.where(col(HelpRequest.state) == state).order_by(*order)
        if after is not None:
            bounds = (sa.literal(date.fromisoformat(after[0]), sa.Date), sa.literal(UUID(after[1]), sa.Uuid))
            query = query.where(sa.tuple_(*order) > sa.tuple_(*bounds))
    else:
        order = (col(HelpRequest.asked_at), col(HelpRequest.id))
        query = query.order_by(*(one.desc() for one in order))
        if state is not None:
            query = query.where(col(HelpRequest.state) == state)
        if after is not None:
            moment_type = HelpRequest.__table__.c.asked_at.type  # type: ignore[attr-defined]
            moment = sa.literal(datetime.fromisoformat(after[0]), moment_type)
            query = query.where(sa.tuple_(*order) < sa.tuple_(moment, sa.literal(UUID(after[1]), sa.Uuid)))
    found = [_read(*row) for row in await session.execute(query)]
    last = found[limit - 1] if len(found) > limit else None
    place = None if last is None else last.answer_due if state is HelpState.WAITING else last.asked_at
    return HelpPage(tuple(found[:limit]), (place.isoformat(), str(last.id)) if last and place else None)


async def facts_of(session: AsyncSession, actor: Actor, request_id: str | UUID) -> HelpFacts:
    """One request with every message, if within reach; NotFound otherwise."""
    query = _facts().where(col(HelpRequest.id) == reach.id_of(request_id), requests_within(actor))
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFound
    facts = _read(*found)
    messages = (await _messages(session, [facts.id])).get(facts.id, ())
    return facts.model_copy(update={"messages": messages})


async def exchanges_of(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[HelpFacts, ...]:
    """Every request of one person within reach with its messages, oldest first, but none said in confidence.

    What the file of a course at a distance tells of the help that was given.
    """
    wanted = _facts().where(
        requests_within(actor), col(HelpRequest.candidate_id) == candidate_id,
        col(HelpRequest.topic) != Topic.PRIVATE,
    )  # fmt: skip
    order = (col(HelpRequest.asked_at), col(HelpRequest.id))
    found = [_read(*row) for row in await session.execute(wanted.order_by(*order))]
    said = await _messages(session, [one.id for one in found])
    return tuple(one.model_copy(update={"messages": said.get(one.id, ())}) for one in found)


async def _messages(
    session: AsyncSession, request_ids: Sequence[UUID]
) -> dict[UUID, tuple[MessageFacts, ...]]:
    """The messages of these requests, oldest first."""
    rows = await session.execute(
        select(HelpMessage, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(HelpMessage.staff_id))
        .where(col(HelpMessage.request_id).in_(request_ids))
        .order_by(col(HelpMessage.number))
    )
    said: dict[UUID, tuple[MessageFacts, ...]] = {}
    for one, by in rows:
        told = MessageFacts(id=one.id, from_learner=one.from_learner, by=by or "", words=one.words, at=one.at)
        said[one.request_id] = (*said.get(one.request_id, ()), told)
    return said


async def request_row(session: AsyncSession, actor: Actor, request_id: str | UUID) -> HelpRequest:
    """The request to change, if within reach, held until the end of the transaction."""
    row = await session.scalar(
        select(HelpRequest)
        .where(col(HelpRequest.id) == reach.id_of(request_id), requests_within(actor))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def hold_person(session: AsyncSession, candidate_id: UUID) -> None:
    """Let what one person asks happen one after the other: two presses at once are one request, and the count holds."""
    await session.execute(
        select(col(Candidate.id)).where(col(Candidate.id) == candidate_id).with_for_update(key_share=True)
    )


async def message_count(session: AsyncSession, request_id: UUID) -> int:
    count = select(sa.func.count()).where(col(HelpMessage.request_id) == request_id)
    return await session.scalar(count) or 0


async def has_message(session: AsyncSession, message_id: UUID) -> bool:
    return await session.get(HelpMessage, message_id) is not None


async def open_count(session: AsyncSession, candidate_id: UUID) -> int:
    """How many requests of one person still wait for an answer."""
    count = select(sa.func.count()).where(
        col(HelpRequest.candidate_id) == candidate_id, col(HelpRequest.state) == HelpState.WAITING
    )
    return await session.scalar(count) or 0


async def answered_count(session: AsyncSession, candidate_id: UUID) -> int:
    """How many requests of one person have an answer that they have not called settled."""
    count = select(sa.func.count()).where(
        col(HelpRequest.candidate_id) == candidate_id, col(HelpRequest.state) == HelpState.ANSWERED
    )
    return await session.scalar(count) or 0


async def programme_of(session: AsyncSession, candidate_id: UUID) -> UUID | None:
    """The programme that one person works for: the one hired for last."""
    found: UUID | None = await session.scalar(
        select(col(Application.programme_id))
        .where(col(Application.candidate_id) == candidate_id, col(Application.stage) == Stage.HIRED)
        .order_by(col(Application.stage_since).desc(), col(Application.id))
        .limit(1)
    )
    return found


async def mailboxes_of_readers(
    session: AsyncSession, *, topic: Topic, programme_id: UUID | None, limit: int
) -> tuple[Mailbox, ...]:
    """Where those who read a topic are written to; of a programme, those who see it.

    Words in confidence go to support persons alone; the others to trainers and supervisors, who stand nearer.
    """
    roles = (Role.SUPPORT,) if topic is Topic.PRIVATE else (Role.TRAINER, Role.SUPERVISOR)
    sees: ColumnElement[bool] = col(Staff.sees_all_programmes).is_(True)
    if programme_id is not None:
        theirs = select(col(StaffProgramme.staff_id)).where(col(StaffProgramme.programme_id) == programme_id)
        sees = sa.or_(sees, col(Staff.id).in_(theirs))
    rows = await session.execute(
        of_staff()
        .where(col(Staff.role).in_(roles), sees)
        .order_by(col(Staff.sees_all_programmes), col(Staff.role), col(Staff.created_at), col(Staff.id))
        .limit(limit)
    )
    return tuple(Mailbox(*row) for row in rows)


async def due_unreminded(session: AsyncSession, *, before: date, limit: int) -> list[HelpRequest]:
    """Requests that still wait though their day has passed, and of which nobody was reminded, held."""
    rows = await session.scalars(
        select(HelpRequest)
        .where(
            col(HelpRequest.state) == HelpState.WAITING, col(HelpRequest.answer_due) < before,
            col(HelpRequest.reminded_at).is_(None),
        )
        .order_by(col(HelpRequest.answer_due), col(HelpRequest.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    return list(rows)


async def handled_since(session: AsyncSession, actor: Actor, since: datetime) -> tuple[Handled, ...]:
    """What the figures of help are made of, for requests within reach that came since then."""
    rows = await session.execute(
        select(col(HelpRequest.asked_at), col(HelpRequest.first_due), col(HelpRequest.answered_at)).where(
            col(HelpRequest.asked_at) >= since, requests_within(actor)
        )
    )
    return tuple(
        Handled(
            asked_at=asked, due_on=due, answered_at=answered,
            answered_on=civil_date(answered) if answered else None,
        )
        for asked, due, answered in rows
    )  # fmt: skip


def _facts() -> Any:
    first_words = (
        select(col(HelpMessage.words))
        .where(col(HelpMessage.request_id) == col(HelpRequest.id))
        .order_by(col(HelpMessage.number))
        .limit(1)
        .scalar_subquery()
    )
    wanted: tuple[Any, ...] = (
        HelpRequest, col(Candidate.given_name), col(Candidate.family_name), col(Candidate.pseudonym),
        col(Programme.title), first_words,
    )  # fmt: skip
    return (
        select(*wanted)
        .join(Candidate, col(Candidate.id) == col(HelpRequest.candidate_id))
        .outerjoin(Programme, col(Programme.id) == col(HelpRequest.programme_id))
    )


def _read(
    row: HelpRequest, given: str, family: str, pseudonym: str, programme: str | None, words: str | None
) -> HelpFacts:
    return HelpFacts(
        **row.model_dump(exclude={"first_due"}), person=name_of(given, family, pseudonym),
        programme=programme or "", first_words=words or "",
    )  # fmt: skip
