"""Checklists of placements: one whole, those within reach by their start, a person's own, and what settles tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.day_one.checklists import Follow, FollowKind, Owner, TaskState
from onboarding.day_one.one_off import OneOff
from service.runtime.actors import SYSTEM, Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import ChecklistChange, Locale, Stage
from service.store.reach import applications_within, id_of
from service.tables.applications import Application
from service.tables.checklists import (
    Checklist,
    ChecklistEvent,
    ChecklistFile,
    ChecklistTask,
    EquipmentLoan,
)
from service.tables.papers import SocialNumber
from service.tables.people import Candidate
from service.tables.programmes import Programme
from service.tables.training import Assignment

GONE_STAGES = (Stage.NOT_RETAINED, Stage.WITHDRAWN)
"""An application that ended so starts nothing, whatever was accepted before."""


class Facts(BaseModel):
    """What leaves the store: frozen, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class ChecklistFacts(Facts):
    """One placement's checklist, with whom and what it is about."""

    id: UUID
    application_id: UUID
    candidate_id: UUID
    offer_id: UUID
    programme_id: UUID
    edition: str
    conditions: tuple[str, ...]
    start_date: date
    known_since: date
    returns_on: date | None
    opened_at: datetime
    version: int
    person_name: str
    given_name: str
    email: str
    locale: Locale
    programme_title: str


class FileFacts(Facts):
    """One file that shows a task done."""

    id: UUID
    task_id: UUID
    sha256: str
    media_type: str
    size_bytes: int
    file_name: str
    created_at: datetime


class TaskFacts(Facts):
    """One task as it is recorded."""

    id: UUID
    checklist_id: UUID
    candidate_id: UUID
    slug: str
    owner: Owner
    is_gate: bool
    is_optional: bool
    due_on: date
    state: TaskState
    done_on: date | None
    done_for: date | None
    holds_until: date | None
    evidence: dict[str, Any]
    note: str
    one_off: OneOff | None
    version: int
    file: FileFacts | None = None


class LoanFacts(Facts):
    """One thing lent, as both sides say it."""

    id: UUID
    checklist_id: UUID
    position: int
    item: str
    label: str
    serial: str
    sent_on: date | None
    parcel: str
    received_on: date | None
    received_note: str
    returned_on: date | None
    returned_note: str


class EventFacts(Facts):
    """One thing that happened."""

    kind: ChecklistChange
    task: str
    detail: dict[str, Any]
    by_name: str
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """What of the placements is asked for; everything left open asks for all of them."""

    since: date | None = None
    owner: Owner | None = None
    late_on: date | None = None
    blocks: bool = False


def checklists_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Checklist`: its application is within reach, and did not end without a hire."""
    return col(Checklist.application_id).in_(
        select(col(Application.id)).where(
            applications_within(actor), col(Application.stage).not_in(GONE_STAGES)
        )
    )


async def facts_of(session: AsyncSession, actor: Actor, application_id: str | UUID) -> ChecklistFacts:
    """The checklist of one application within reach; NotFound when there is none."""
    wanted = _checklists(actor).where(col(Checklist.application_id) == id_of(application_id))
    found = (await session.execute(wanted)).first()
    if found is None:
        raise NotFound
    return _facts(*found)


async def facts_by_id(session: AsyncSession, actor: Actor, checklist_id: UUID) -> ChecklistFacts:
    found = (await session.execute(_checklists(actor).where(col(Checklist.id) == checklist_id))).first()
    if found is None:
        raise NotFound
    return _facts(*found)


async def row_of(session: AsyncSession, actor: Actor, application_id: str | UUID) -> Checklist:
    """The row, held until the transaction ends."""
    row = await session.scalar(
        select(Checklist)
        .where(col(Checklist.application_id) == id_of(application_id), checklists_within(actor))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def row_by_id(session: AsyncSession, checklist_id: UUID) -> Checklist:
    """The row of a task that the caller reaches, held until the transaction ends."""
    return (
        await session.execute(select(Checklist).where(col(Checklist.id) == checklist_id).with_for_update())
    ).scalar_one()


async def of_offer(session: AsyncSession, offer_id: UUID) -> ChecklistFacts | None:
    """The checklist that an offer opened, if any. The caller has checked who is asking."""
    found = (await session.execute(_checklists(SYSTEM).where(col(Checklist.offer_id) == offer_id))).first()
    return _facts(*found) if found else None


async def facts_of_many(session: AsyncSession, checklist_ids: Sequence[UUID]) -> tuple[ChecklistFacts, ...]:
    """These checklists, the soonest start first, 500 a query. The caller has checked who is asking."""
    found: list[ChecklistFacts] = []
    for begin in range(0, len(checklist_ids), 500):
        part = col(Checklist.id).in_(checklist_ids[begin : begin + 500])
        found += [_facts(*row) for row in await session.execute(_checklists(SYSTEM).where(part))]
    return tuple(sorted(found, key=lambda one: (one.start_date, one.id)))


async def of_candidate(session: AsyncSession, actor: Actor, candidate_id: UUID) -> tuple[ChecklistFacts, ...]:
    """A person's own placements, the soonest start first."""
    wanted = _checklists(actor).where(col(Checklist.candidate_id) == candidate_id)
    rows = await session.execute(wanted.order_by(col(Checklist.start_date), col(Checklist.id)))
    return tuple(_facts(*row) for row in rows)


async def page_of(
    session: AsyncSession,
    actor: Actor,
    wanted: Wanted,
    *,
    limit: int,
    after: Sequence[Any] | None = None,
) -> tuple[ChecklistFacts, ...]:
    """Placements by their start, the soonest first; `after` is (start_date, id)."""
    query = _checklists(actor).where(*_asked(wanted))
    if after is not None:
        here: Any = sa.tuple_(col(Checklist.start_date), col(Checklist.id))
        query = query.where(here > (date.fromisoformat(str(after[0])), id_of(str(after[1]))))
    rows = await session.execute(query.order_by(col(Checklist.start_date), col(Checklist.id)).limit(limit))
    return tuple(_facts(*row) for row in rows)


def position_of(facts: ChecklistFacts) -> tuple[str, str]:
    return facts.start_date.isoformat(), str(facts.id)


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        asked.append(col(Checklist.start_date) >= wanted.since)
    of_task: list[ColumnElement[bool]] = []
    if wanted.owner is not None:
        of_task.append(col(ChecklistTask.owner) == wanted.owner)
    if wanted.late_on is not None:
        of_task.append(col(ChecklistTask.due_on) < wanted.late_on)
    if wanted.blocks:
        of_task.append(col(ChecklistTask.is_gate).is_(True))
    if of_task:
        open_ones = select(col(ChecklistTask.id)).where(
            col(ChecklistTask.checklist_id) == col(Checklist.id),
            col(ChecklistTask.state) == TaskState.OPEN,
            col(ChecklistTask.is_optional).is_(False),
            *of_task,
        )
        asked.append(open_ones.exists())
    return asked


async def tasks_of(session: AsyncSession, checklist_ids: Sequence[UUID]) -> tuple[TaskFacts, ...]:
    """Every task of these checklists with its file. The caller has checked who is asking."""
    rows = await session.execute(
        select(ChecklistTask, ChecklistFile)
        .outerjoin(ChecklistFile, col(ChecklistFile.task_id) == col(ChecklistTask.id))
        .where(col(ChecklistTask.checklist_id).in_(checklist_ids))
        .order_by(col(ChecklistTask.due_on), col(ChecklistTask.slug))
    )
    return tuple(_task(row, file) for row, file in rows)


def _task(row: ChecklistTask, file: ChecklistFile | None) -> TaskFacts:
    return TaskFacts(
        **row.model_dump(), file=FileFacts.model_validate(file, extra="ignore") if file else None
    )


async def task_rows(session: AsyncSession, checklist_id: UUID) -> dict[str, ChecklistTask]:
    rows = await session.scalars(
        select(ChecklistTask).where(col(ChecklistTask.checklist_id) == checklist_id).with_for_update()
    )
    return {row.slug: row for row in rows}


async def task_row(session: AsyncSession, actor: Actor, task_id: str | UUID) -> ChecklistTask:
    """One task of a placement within reach, held until the transaction ends, its checklist first as in a move."""
    wanted = id_of(task_id)
    checklist_id = await session.scalar(
        select(col(Checklist.id))
        .join(ChecklistTask, col(Checklist.id) == col(ChecklistTask.checklist_id))
        .where(col(ChecklistTask.id) == wanted, checklists_within(actor))
        .with_for_update(of=Checklist)
    )
    if checklist_id is None:
        raise NotFound
    rows = await session.scalars(
        select(ChecklistTask).where(col(ChecklistTask.id) == wanted).with_for_update()
    )
    return rows.one()


async def file_of(session: AsyncSession, task_id: UUID) -> ChecklistFile | None:
    return await session.scalar(select(ChecklistFile).where(col(ChecklistFile.task_id) == task_id))


async def is_file_in_use(session: AsyncSession, sha256: str) -> bool:
    """Whether another checklist holds the same bytes."""
    found = await session.scalar(
        select(col(ChecklistFile.id)).where(col(ChecklistFile.sha256) == sha256).limit(1)
    )
    return found is not None


async def loans_of(session: AsyncSession, checklist_ids: Sequence[UUID]) -> tuple[LoanFacts, ...]:
    """What is lent with these placements, in the order of the offer. The caller has checked who is asking."""
    rows = await session.scalars(
        select(EquipmentLoan)
        .where(col(EquipmentLoan.checklist_id).in_(checklist_ids))
        .order_by(col(EquipmentLoan.position), col(EquipmentLoan.id))
    )
    return tuple(LoanFacts.model_validate(row, extra="ignore") for row in rows)


async def loan_rows(session: AsyncSession, checklist_id: UUID) -> list[EquipmentLoan]:
    rows = await session.scalars(
        select(EquipmentLoan)
        .where(col(EquipmentLoan.checklist_id) == checklist_id)
        .order_by(col(EquipmentLoan.position), col(EquipmentLoan.id))
        .with_for_update()
    )
    return list(rows)


async def loan_row(session: AsyncSession, actor: Actor, loan_id: str | UUID) -> EquipmentLoan:
    """One thing lent with a placement within reach, held until the transaction ends, its checklist first.

    Also where the application came to nothing: what was sent still has to come back.
    """
    wanted = id_of(loan_id)
    checklist_id = await session.scalar(
        select(col(Checklist.id))
        .join(EquipmentLoan, col(Checklist.id) == col(EquipmentLoan.checklist_id))
        .join(Application, col(Application.id) == col(Checklist.application_id))
        .where(col(EquipmentLoan.id) == wanted, applications_within(actor))
        .with_for_update(of=Checklist)
    )
    rows = await session.scalars(
        select(EquipmentLoan).where(col(EquipmentLoan.id) == wanted).with_for_update()
    )
    row = rows.one_or_none() if checklist_id is not None else None
    if row is None:
        raise NotFound
    return row


async def events_of(session: AsyncSession, checklist_id: UUID) -> tuple[EventFacts, ...]:
    """What happened, the newest first; at most 200."""
    rows = await session.scalars(
        select(ChecklistEvent)
        .where(col(ChecklistEvent.checklist_id) == checklist_id)
        .order_by(col(ChecklistEvent.at).desc(), col(ChecklistEvent.id))
        .limit(200)
    )
    return tuple(EventFacts.model_validate(row, extra="ignore") for row in rows)


async def to_settle(
    session: AsyncSession, edition: str, slug: str, follow: Follow, *, limit: int, checklist_id: UUID | None
) -> list[ChecklistTask]:
    """Open tasks of this name whose record elsewhere is there by now."""
    query = (
        select(ChecklistTask)
        .join(Checklist, col(Checklist.id) == col(ChecklistTask.checklist_id))
        .where(
            col(ChecklistTask.slug) == slug,
            col(ChecklistTask.state) == TaskState.OPEN,
            col(Checklist.edition) == edition,
            _is_recorded(follow).exists(),
        )
    )
    if checklist_id is not None:
        query = query.where(col(Checklist.id) == checklist_id)
    return list(await session.scalars(query.order_by(col(ChecklistTask.id)).limit(limit)))


def _is_recorded(follow: Follow) -> Select[Any]:
    if follow.kind is FollowKind.SOCIAL_NUMBER:
        return select(col(SocialNumber.id)).where(
            col(SocialNumber.candidate_id) == col(ChecklistTask.candidate_id)
        )
    given = select(col(Assignment.id)).where(
        col(Assignment.candidate_id) == col(ChecklistTask.candidate_id), col(Assignment.path) == follow.path
    )
    finished = follow.kind is FollowKind.PATH_FINISHED
    return given.where(col(Assignment.is_complete)) if finished else given


def _checklists(actor: Actor) -> Select[Checklist, Candidate, Programme]:
    return (
        select(Checklist, Candidate, Programme)
        .join(Candidate, col(Candidate.id) == col(Checklist.candidate_id))
        .join(Programme, col(Programme.id) == col(Checklist.programme_id))
        .where(checklists_within(actor))
    )


def _facts(row: Checklist, person: Candidate, programme: Programme) -> ChecklistFacts:
    name = f"{person.given_name} {person.family_name}".strip() or person.pseudonym
    return ChecklistFacts(
        **row.model_dump(exclude={"conditions"}), conditions=tuple(row.conditions), person_name=name,
        given_name=person.given_name, email=person.email, locale=person.locale,
        programme_title=programme.title,
    )  # fmt: skip
