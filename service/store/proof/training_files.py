"""What the proof of a training rests on besides its learning events: help, half-days, papers, and the trail of all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.continuous.help import Topic
from service.runtime.actors import Actor
from service.runtime.vocabulary import Stage
from service.store import reach
from service.store.learning.cohorts import name_of
from service.store.papers.papers import IssuedPaperFacts, papers_within
from service.tables.applications import Application
from service.tables.badges import Badge
from service.tables.help import HelpMessage, HelpRequest
from service.tables.papers import IssuedPaper
from service.tables.people import Candidate, Staff
from service.tables.trail import AuditEntry
from service.tables.training import Assignment, Cohort

AT_ONCE = 400


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HelpFacts(_Facts):
    """One question on a module and its first answer; never the words themselves."""

    assignment_id: UUID
    module: str
    asked_at: datetime
    answered_at: datetime | None
    answered_by: str


class ProvenFacts(_Facts):
    """What a list shows of one assignment's proofs: certificates issued and whether a badge stands."""

    certificates: int = 0
    files: int = 0
    has_badge: bool = False


async def help_of(session: AsyncSession, assignment_ids: Sequence[UUID]) -> dict[UUID, list[HelpFacts]]:
    """Questions on modules by assignment, oldest first; what was asked in confidence is never among them."""
    first = (
        select(
            col(HelpMessage.request_id).label("request_id"),
            sa.func.min(col(HelpMessage.at)).label("at"),
        )
        .where(col(HelpMessage.from_learner).is_(False))
        .group_by(col(HelpMessage.request_id))
        .subquery()
    )
    rows = await session.execute(
        select(
            col(HelpRequest.assignment_id),
            col(HelpRequest.module),
            col(HelpRequest.asked_at),
            col(HelpRequest.answered_at),
            col(Staff.name),
        )
        .outerjoin(first, first.c.request_id == col(HelpRequest.id))
        .outerjoin(
            HelpMessage,
            sa.and_(
                col(HelpMessage.request_id) == first.c.request_id,
                col(HelpMessage.at) == first.c.at,
                col(HelpMessage.from_learner).is_(False),
            ),
        )
        .outerjoin(Staff, col(Staff.id) == col(HelpMessage.staff_id))
        .where(
            col(HelpRequest.assignment_id).in_(list(assignment_ids)), col(HelpRequest.topic) == Topic.LESSON
        )
        .order_by(col(HelpRequest.asked_at), col(HelpRequest.id))
    )
    found: dict[UUID, list[HelpFacts]] = {}
    for assignment_id, module, asked_at, answered_at, staff in rows:
        assert assignment_id is not None
        found.setdefault(assignment_id, []).append(
            HelpFacts(
                assignment_id=assignment_id,
                module=module,
                asked_at=asked_at,
                answered_at=answered_at,
                answered_by=staff or "",
            )
        )
    return found


async def trainer_of(session: AsyncSession, assignment_id: UUID) -> str:
    """Who gave the path; empty when a rule did, or somebody who is gone."""
    found = await session.scalar(
        select(col(Staff.name))
        .join(Assignment, col(Assignment.assigned_by) == col(Staff.id))
        .where(col(Assignment.id) == assignment_id)
    )
    return found or ""


async def application_of(session: AsyncSession, actor: Actor, candidate_id: UUID) -> UUID | None:
    """The application that a person's training papers are filed under: where they were hired, else the newest."""
    found: UUID | None = await session.scalar(
        select(col(Application.id))
        .where(col(Application.candidate_id) == candidate_id, reach.applications_within(actor))
        .order_by(
            sa.case((col(Application.stage) == Stage.HIRED, 0), else_=1),
            col(Application.created_at).desc(),
            col(Application.id),
        )
        .limit(1)
    )
    return found


async def papers_of(
    session: AsyncSession, actor: Actor, assignment_ids: Iterable[UUID]
) -> dict[UUID, list[IssuedPaperFacts]]:
    """Papers issued for these trainings, the newest first."""
    rows = await session.execute(
        select(IssuedPaper, Candidate, Staff)
        .join(Candidate, col(Candidate.id) == col(IssuedPaper.candidate_id))
        .outerjoin(Staff, col(Staff.id) == col(IssuedPaper.issued_by))
        .where(col(IssuedPaper.assignment_id).in_(list(assignment_ids)), papers_within(actor))
        .order_by(col(IssuedPaper.year).desc(), col(IssuedPaper.series), col(IssuedPaper.number).desc())
    )
    found: dict[UUID, list[IssuedPaperFacts]] = {}
    for paper, person, issuer in rows:
        said = IssuedPaperFacts.model_validate(paper).model_copy(
            update={
                "person_name": name_of(person.given_name, person.family_name, person.pseudonym),
                "issuer_name": issuer.name if issuer else "",
            }
        )
        assert said.assignment_id is not None
        found.setdefault(said.assignment_id, []).append(said)
    return found


async def proven_of(session: AsyncSession, assignment_ids: Sequence[UUID]) -> dict[UUID, ProvenFacts]:
    """What each row of a list has by way of proof, in two queries whatever its length."""
    ids = list(assignment_ids)
    counted = await session.execute(
        select(col(IssuedPaper.assignment_id), col(IssuedPaper.kind), sa.func.count())
        .where(col(IssuedPaper.assignment_id).in_(ids))
        .group_by(col(IssuedPaper.assignment_id), col(IssuedPaper.kind))
    )
    kinds: dict[UUID, dict[str, int]] = {}
    for assignment_id, kind, count in counted:
        assert assignment_id is not None
        kinds.setdefault(assignment_id, {})[kind] = count
    badges = set(
        await session.scalars(
            select(col(Badge.assignment_id)).where(
                col(Badge.assignment_id).in_(ids), col(Badge.withdrawn_at).is_(None)
            )
        )
    )
    return {
        one: ProvenFacts(
            certificates=kinds.get(one, {}).get("completion_certificate", 0),
            files=kinds.get(one, {}).get("distance_training_file", 0),
            has_badge=one in badges,
        )
        for one in ids
    }


class WantedProof(_Facts):
    """Whose proofs an auditor asks for; a period keeps every training that was under way in it."""

    candidate_id: UUID | None = None
    cohort_id: UUID | None = None
    path: str | None = None
    first_day: date | None = None
    last_day: date | None = None


def within(actor: Actor, wanted: WantedProof) -> list[sa.ColumnElement[bool]]:
    """The conditions on `Assignment`, reach among them."""
    conditions: list[sa.ColumnElement[bool]] = [
        col(Assignment.candidate_id).in_(select(col(Candidate.id)).where(reach.candidates_within(actor)))
    ]
    if wanted.candidate_id is not None:
        conditions.append(col(Assignment.candidate_id) == wanted.candidate_id)
    if wanted.cohort_id is not None:
        conditions.append(col(Assignment.cohort_id) == wanted.cohort_id)
    if wanted.path is not None:
        conditions.append(col(Assignment.path) == wanted.path)
    if wanted.last_day is not None:
        conditions.append(col(Assignment.start_date) <= wanted.last_day)
    if wanted.first_day is not None:
        conditions.append(
            sa.or_(col(Assignment.completed_on).is_(None), col(Assignment.completed_on) >= wanted.first_day)
        )
    return conditions


async def assignments_wanted(
    session: AsyncSession, actor: Actor, wanted: WantedProof, *, limit: int
) -> tuple[UUID, ...]:
    """The trainings that an export is about, oldest start first; one more than `limit` at most."""
    query = (
        select(col(Assignment.id))
        .where(*within(actor, wanted))
        .order_by(col(Assignment.start_date), col(Assignment.id))
        .limit(limit + 1)
    )
    return tuple(await session.scalars(query))


async def count_wanted(session: AsyncSession, actor: Actor, wanted: WantedProof, *, most: int) -> int:
    """How many trainings an export would be about; one more than `most` at most."""
    some = select(col(Assignment.id)).where(*within(actor, wanted)).limit(most + 1).subquery()
    return await session.scalar(select(sa.func.count()).select_from(some)) or 0


async def trail_of(session: AsyncSession, subjects: Iterable[str]) -> list[dict[str, Any]]:
    """Every audit entry about these subjects, each with what its hash is made of and its place in the chain."""
    found: list[AuditEntry] = []
    ids = sorted(set(subjects))
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        found += await session.scalars(select(AuditEntry).where(col(AuditEntry.subject_id).in_(part)))
    return [
        {
            "spoken": {
                "id": one.id,
                "at": one.at.isoformat(),
                "actor": [one.actor_kind, one.actor_id],
                "action": one.action,
                "subject": [one.subject_kind, one.subject_id],
                "detail": one.detail,
                "previous": one.previous_hash,
            },
            "hash": one.entry_hash,
            "position": one.chain_position,
        }
        for one in sorted(found, key=lambda one: one.id or 0)
    ]


async def chain_end(session: AsyncSession) -> tuple[int, str]:
    """Position and hash of the newest linked entry: what the whole chain comes to now."""
    last = await session.scalar(
        select(AuditEntry)
        .where(col(AuditEntry.chain_position).is_not(None))
        .order_by(col(AuditEntry.chain_position).desc())
        .limit(1)
    )
    return (last.chain_position or 0, last.entry_hash or "") if last else (0, "")


class ListedFacts(_Facts):
    """One training as the list of proofs shows it."""

    id: UUID
    person: str
    path: str
    edition: str
    cohort: str
    start_date: date
    completed_on: date | None
    percent: int


Position = tuple[date, UUID]
"""Where a page of trainings ends: the newest start first."""


async def page_of(
    session: AsyncSession, actor: Actor, wanted: WantedProof, *, limit: int, after: Position | None = None
) -> tuple[ListedFacts, ...]:
    """One page of trainings in one query, the newest start first."""
    keys = (col(Assignment.start_date), col(Assignment.id))
    query = (
        select(
            Assignment,
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            col(Cohort.name),
        )
        .join(Candidate, col(Candidate.id) == col(Assignment.candidate_id))
        .outerjoin(Cohort, col(Cohort.id) == col(Assignment.cohort_id))
        .where(*within(actor, wanted))
        .order_by(*(key.desc() for key in keys))
        .limit(limit)
    )
    if after is not None:
        query = query.where(
            sa.tuple_(*keys) < sa.tuple_(sa.literal(after[0], sa.Date), sa.literal(after[1], sa.Uuid))
        )
    return tuple(
        ListedFacts(
            id=one.id,
            person=name_of(given_name, family_name, pseudonym),
            path=one.path,
            edition=one.edition,
            cohort=cohort or "",
            start_date=one.start_date,
            completed_on=one.completed_on,
            percent=one.percent,
        )
        for one, given_name, family_name, pseudonym, cohort in await session.execute(query)
    )
