"""Archives of proofs being prepared: each person's own, how far they are, whose trainings, and which are over."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import ProofArchiveState
from service.store.proof.training_files import WantedProof, within
from service.store.reach import id_of
from service.tables.proof_archives import ProofArchive, ProofArchiveTraining
from service.tables.training import Assignment

SHOWN = 10
"""A page tells of the newest ones; older ones are over anyway."""


class ProofArchiveFacts(BaseModel):
    """One archive as whoever asked for it sees it; `made` counts the trainings that are in it so far."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    asked_by: UUID
    wanted: dict[str, Any]
    trainings: int
    made: int
    state: ProofArchiveState
    sha256: str | None
    size_bytes: int | None
    created_at: datetime
    ready_at: datetime | None
    kept_until: datetime | None


async def facts_of(session: AsyncSession, actor: Actor, archive_id: str | UUID) -> ProofArchiveFacts:
    """One's own archive; NotFound for anybody else's."""
    row = await session.scalar(
        select(ProofArchive).where(
            col(ProofArchive.id) == id_of(archive_id), col(ProofArchive.asked_by) == actor.staff_id
        )
    )
    if row is None:
        raise NotFound
    return ProofArchiveFacts.model_validate(row)


async def newest_of(session: AsyncSession, actor: Actor) -> tuple[ProofArchiveFacts, ...]:
    """One's own archives, the newest first."""
    rows = await session.scalars(
        select(ProofArchive)
        .where(col(ProofArchive.asked_by) == actor.staff_id)
        .order_by(col(ProofArchive.created_at).desc(), col(ProofArchive.id).desc())
        .limit(SHOWN)
    )
    return tuple(ProofArchiveFacts.model_validate(row) for row in rows)


async def under_way(session: AsyncSession, actor: Actor) -> bool:
    """Whether one of this person's archives is being made."""
    found = await session.scalar(
        select(col(ProofArchive.id))
        .where(
            col(ProofArchive.asked_by) == actor.staff_id,
            col(ProofArchive.state) == ProofArchiveState.REQUESTED,
        )
        .limit(1)
    )
    return found is not None


async def people_of(session: AsyncSession, actor: Actor, wanted: WantedProof, *, limit: int) -> Sequence[Any]:
    """Pairs (training, person) that an archive would hold, oldest start first; one more than `limit` at most."""
    rows = await session.execute(
        select(col(Assignment.id), col(Assignment.candidate_id))
        .where(*within(actor, wanted))
        .order_by(col(Assignment.start_date), col(Assignment.id))
        .limit(limit + 1)
    )
    return rows.all()


async def hold(session: AsyncSession, archive_id: UUID, people: Iterable[Any]) -> None:
    """Note whose trainings an archive is to hold, in their order."""
    await session.execute(
        sa.insert(ProofArchiveTraining),
        [
            {
                "archive_id": archive_id,
                "assignment_id": assignment_id,
                "candidate_id": candidate_id,
                "position": position,
            }
            for position, (assignment_id, candidate_id) in enumerate(people, start=1)
        ],
    )


async def trainings_of(session: AsyncSession, archive_id: UUID) -> tuple[UUID, ...]:
    """The trainings an archive is to hold, in their order; those of people erased since are gone from it."""
    return tuple(
        await session.scalars(
            select(col(ProofArchiveTraining.assignment_id))
            .where(col(ProofArchiveTraining.archive_id) == archive_id)
            .order_by(col(ProofArchiveTraining.position))
        )
    )


async def that_hold(session: AsyncSession, candidate_id: UUID) -> list[ProofArchive]:
    """Every archive that this person is in."""
    held = select(col(ProofArchiveTraining.archive_id)).where(
        col(ProofArchiveTraining.candidate_id) == candidate_id
    )
    return list(await session.scalars(select(ProofArchive).where(col(ProofArchive.id).in_(held))))


async def over(session: AsyncSession, *, now: datetime) -> list[ProofArchive]:
    """Archives whose file was to be kept until now."""
    return list(
        await session.scalars(
            select(ProofArchive).where(
                col(ProofArchive.kept_until) <= now, col(ProofArchive.state) == ProofArchiveState.READY
            )
        )
    )
