"""Wishes for durable work, written in the transaction that wants them, and how far each has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime import wake
from service.runtime.vocabulary import WorkKind
from service.tables.trail import Outbox, Worker


@dataclass(frozen=True)
class OpenWork:
    """One wish not yet done, and which workers are alive."""

    id: UUID
    kind: WorkKind
    subject_id: UUID
    living_workers: frozenset[str]


def ask(session: AsyncSession, kind: WorkKind, subject_id: UUID, *, now: datetime) -> None:
    """Ask for one piece of durable work; it starts after this transaction has committed, and only then."""
    session.add(Outbox(kind=kind, subject_id=subject_id, created_at=now))
    event.listen(session.sync_session, "after_commit", _wake_dispatcher, once=True)


def _wake_dispatcher(_session: object) -> None:
    wake.ring()


async def open_work(session: AsyncSession, *, now: datetime, dead_after: timedelta) -> list[OpenWork]:
    """Everything asked for and not done, oldest first, at most 500 a round."""
    rows = await session.scalars(
        select(Outbox).where(col(Outbox.done_at).is_(None)).order_by(col(Outbox.created_at)).limit(500)
    )
    living = await session.scalars(select(col(Worker.id)).where(col(Worker.seen_at) > now - dead_after))
    alive = frozenset(living)
    return [OpenWork(row.id, row.kind, row.subject_id, alive) for row in rows]


async def say_alive(session: AsyncSession, worker_id: str, *, now: datetime) -> None:
    """Note that this worker lives."""
    worker = await session.get(Worker, worker_id)
    if worker is None:
        session.add(Worker(id=worker_id, started_at=now, seen_at=now))
    else:
        worker.seen_at = now


async def mark_done(session: AsyncSession, row_id: UUID, *, now: datetime) -> None:
    """Say in the same transaction as the effect that the wish is fulfilled; saying it twice does no harm."""
    row = await session.get(Outbox, row_id)
    if row is not None and row.done_at is None:
        row.done_at = now


async def mark_failed(session: AsyncSession, row_id: UUID, why: str, *, now: datetime) -> None:
    row = await session.get(Outbox, row_id)
    if row is not None and row.done_at is None:
        row.done_at, row.failure = now, why[:500]
