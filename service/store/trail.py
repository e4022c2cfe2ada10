"""The audit trail's chain, and what waits to be linked."""

import hashlib
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.tables.trail import AuditEntry

GENESIS = "0" * 64


def entry_hash(entry: AuditEntry, previous: str) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of what the entry says and the hash before it."""
    return hashlib.sha256(rfc8785.dumps(_spoken(entry, previous))).hexdigest()


def _spoken(entry: AuditEntry, previous: str) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor": [entry.actor_kind, entry.actor_id],
        "action": entry.action,
        "subject": [entry.subject_kind, entry.subject_id],
        "detail": entry.detail,
        "previous": previous,
    }


async def link_waiting(session: AsyncSession, *, before: datetime, limit: int = 1000) -> int:
    """Chain entries older than `before` (younger ones may still be joined by a slower transaction's); how many."""
    last = await session.scalar(
        select(AuditEntry)
        .where(col(AuditEntry.chain_position).is_not(None))
        .order_by(col(AuditEntry.chain_position).desc())
        .limit(1)
    )
    position = last.chain_position if last and last.chain_position else 0
    previous = last.entry_hash if last and last.entry_hash else GENESIS
    waiting = await session.scalars(
        select(AuditEntry)
        .where(col(AuditEntry.entry_hash).is_(None), col(AuditEntry.at) < before)
        .order_by(col(AuditEntry.id))
        .limit(limit)
    )
    entries = list(waiting)
    for entry in entries:
        position += 1
        entry.chain_position, entry.previous_hash = position, previous
        entry.entry_hash = previous = entry_hash(entry, previous)
    return len(entries)


async def first_broken_link(session: AsyncSession) -> int | None:
    """The id of the first chained entry that does not fit its hash or its place; None when the chain holds."""
    previous = GENESIS
    rows = await session.stream_scalars(
        select(AuditEntry)
        .where(col(AuditEntry.chain_position).is_not(None))
        .order_by(col(AuditEntry.chain_position))
    )
    expected = 0
    async for entry in rows:
        expected += 1
        if (
            entry.chain_position != expected
            or entry.previous_hash != previous
            or entry.entry_hash != entry_hash(entry, previous)
        ):
            return entry.id
        previous = entry.entry_hash
    return None


async def counts(session: AsyncSession) -> tuple[int, int]:
    """How many entries are linked, and how many wait."""
    linked = await session.scalar(
        select(func.count()).select_from(AuditEntry).where(col(AuditEntry.chain_position).is_not(None))
    )
    every = await session.scalar(select(func.count()).select_from(AuditEntry))
    return linked or 0, (every or 0) - (linked or 0)
