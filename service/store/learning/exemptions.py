"""Proofs shown in place of modules, who showed them, and what was decided."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.store import reach
from service.store.assessing.assessments import Facts
from service.store.learning.assignments import assignments_within
from service.store.learning.cohorts import name_of
from service.tables.people import Candidate, Staff
from service.tables.training import Assignment, Exemption


class ExemptionFacts(Facts):
    """One proof for one module: a file, or words about a paper that was seen. Undecided while `decided_at` is empty.

    `entered_by` is empty where the learner sent it.
    """

    id: UUID
    assignment_id: UUID
    candidate_id: UUID
    person: str
    path: str
    edition: str
    module: str
    words: str
    sha256: str
    media_type: str
    size_bytes: int
    file_name: str
    asked_at: datetime
    entered_by: str
    decided_at: datetime | None
    decided_by: str
    is_granted: bool
    reason: str


Position = tuple[datetime, UUID]
"""Where a page ends: the oldest first."""


def position_from(written: Sequence[Any]) -> Position:
    """Where a cursor of this list says the next page starts."""
    return (datetime.fromisoformat(written[0]), UUID(written[1]))


async def waiting_page(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    after: Position | None = None,
    path: str = "",
    module: str = "",
) -> tuple[ExemptionFacts, ...]:
    """Proofs within reach that wait for a decision, the longest waiting first; of one path or one module if named."""
    query = _facts(actor).where(col(Exemption.decided_at).is_(None))
    if path:
        query = query.where(col(Assignment.path) == path)
    if module:
        query = query.where(col(Exemption.module) == module)
    order = (col(Exemption.asked_at), col(Exemption.id))
    if after is not None:
        bounds = (sa.literal(after[0], UTCDateTime), sa.literal(after[1], sa.Uuid))
        query = query.where(sa.tuple_(*order) > sa.tuple_(*bounds))
    rows = await session.execute(query.order_by(*order).limit(limit))
    return tuple(_read(row) for row in rows)


async def waiting_modules(
    session: AsyncSession, actor: Actor, *, limit: int = 200
) -> tuple[tuple[str, str, int], ...]:
    """Path, module and how many proofs within reach wait for a decision there."""
    order = (col(Assignment.path), col(Exemption.module))
    rows = await session.execute(
        select(*order, func.count())
        .join(Assignment, col(Assignment.id) == col(Exemption.assignment_id))
        .where(assignments_within(actor), col(Exemption.decided_at).is_(None))
        .group_by(*order)
        .order_by(*order)
        .limit(limit)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


async def many_of(
    session: AsyncSession, actor: Actor, exemption_ids: Iterable[UUID]
) -> tuple[ExemptionFacts, ...]:
    """These proofs, those within reach."""
    rows = await session.execute(_facts(actor).where(col(Exemption.id).in_(list(exemption_ids))))
    return tuple(_read(row) for row in rows)


async def decided_lately(session: AsyncSession, actor: Actor, *, limit: int) -> tuple[ExemptionFacts, ...]:
    """The newest decisions within reach."""
    rows = await session.execute(
        _facts(actor)
        .where(col(Exemption.decided_at).is_not(None))
        .order_by(col(Exemption.decided_at).desc(), col(Exemption.id))
        .limit(limit)
    )
    return tuple(_read(row) for row in rows)


async def of_assignments(
    session: AsyncSession, actor: Actor, assignment_ids: Iterable[UUID]
) -> tuple[ExemptionFacts, ...]:
    """Everything shown for these assignments, the newest first."""
    rows = await session.execute(
        _facts(actor)
        .where(col(Exemption.assignment_id).in_(list(assignment_ids)))
        .order_by(col(Exemption.asked_at).desc(), col(Exemption.id))
    )
    return tuple(_read(row) for row in rows)


async def facts_of(session: AsyncSession, actor: Actor, exemption_id: str | UUID) -> ExemptionFacts:
    """One proof, if its person is within reach."""
    row = (await session.execute(_one(actor, exemption_id))).first()
    if row is None:
        raise NotFound
    return _read(row)


async def exemption_row(session: AsyncSession, actor: Actor, exemption_id: str | UUID) -> Exemption:
    """The row to decide, held until the end of the transaction."""
    await facts_of(session, actor, exemption_id)
    row = await session.get(Exemption, reach.id_of(exemption_id), with_for_update=True)
    if row is None:
        raise NotFound
    return row


async def count_waiting(session: AsyncSession, candidate_id: UUID) -> int:
    """How many proofs of one person wait. The caller has checked who is asking."""
    found = await session.scalar(
        select(func.count())
        .select_from(Exemption)
        .join(Assignment, col(Assignment.id) == col(Exemption.assignment_id))
        .where(col(Assignment.candidate_id) == candidate_id, col(Exemption.decided_at).is_(None))
    )
    return found or 0


def _one(actor: Actor, exemption_id: str | UUID) -> Any:
    return _facts(actor).where(col(Exemption.id) == reach.id_of(exemption_id))


_ENTERED, _DECIDED = aliased(Staff), aliased(Staff)


def _facts(actor: Actor) -> Any:
    within: ColumnElement[bool] = assignments_within(actor)
    return (
        select(
            Exemption, Assignment, col(Candidate.given_name), col(Candidate.family_name),
            col(Candidate.pseudonym), col(_ENTERED.name), col(_DECIDED.name),
        )
        .join(Assignment, col(Assignment.id) == col(Exemption.assignment_id))
        .join(Candidate, col(Candidate.id) == col(Assignment.candidate_id))
        .outerjoin(_ENTERED, col(_ENTERED.id) == col(Exemption.asked_by))
        .outerjoin(_DECIDED, col(_DECIDED.id) == col(Exemption.decided_by))
        .where(within)
    )  # fmt: skip


def _read(row: Any) -> ExemptionFacts:
    exemption, assignment, given_name, family_name, pseudonym, entered_by, decided_by = row
    return ExemptionFacts(
        **exemption.model_dump(exclude={"asked_by", "decided_by"}),
        candidate_id=assignment.candidate_id,
        person=name_of(given_name, family_name, pseudonym),
        path=assignment.path,
        edition=assignment.edition,
        entered_by=entered_by or "",
        decided_by=decided_by or "",
    )
