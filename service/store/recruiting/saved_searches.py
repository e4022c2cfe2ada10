"""Searches that somebody keeps, and whom each finds now and had found at the last look."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Stage
from service.store import reach
from service.store.assessing.assessments import Facts
from service.store.people.candidates import CandidateLine, CandidateQuestion, ids_of, page_of
from service.tables.pool import SavedSearch, SavedSearchSeen


class SavedSearchFacts(Facts):
    """One kept search; `question` holds the filters of the list of people, by name."""

    id: UUID
    staff_id: UUID
    name: str
    question: dict[str, Any]
    created_at: datetime
    looked_at: datetime
    version: int

    @property
    def as_question(self) -> CandidateQuestion:
        """The filters as the list of people takes them."""
        told = dict(self.question)
        if told.get("stage"):
            told["stage"] = Stage(told["stage"])
        if told.get("programme_id"):
            told["programme_id"] = UUID(told["programme_id"])
        return CandidateQuestion(**told)


async def searches_of(session: AsyncSession, actor: Actor) -> tuple[SavedSearchFacts, ...]:
    """One's own searches, by name."""
    rows = await session.scalars(
        select(SavedSearch)
        .where(col(SavedSearch.staff_id) == actor.staff_id)
        .order_by(func.lower(col(SavedSearch.name)), col(SavedSearch.id))
    )
    return tuple(SavedSearchFacts.model_validate(row.model_dump()) for row in rows)


async def search_row(
    session: AsyncSession, actor: Actor, search_id: str | UUID, *, to_change: bool = False
) -> SavedSearch:
    """One of one's own searches; nobody else's is there."""
    query = select(SavedSearch).where(
        col(SavedSearch.id) == reach.id_of(search_id), col(SavedSearch.staff_id) == actor.staff_id
    )
    row = await session.scalar(query.with_for_update() if to_change else query)
    if row is None:
        raise NotFound
    return row


async def seen_by(session: AsyncSession, search_id: UUID) -> frozenset[UUID]:
    """Whom a search had found at the last look."""
    seen = select(col(SavedSearchSeen.candidate_id)).where(col(SavedSearchSeen.search_id) == search_id)
    return frozenset(await session.scalars(seen))


async def counts_of(
    session: AsyncSession, actor: Actor, searches: Sequence[SavedSearchFacts]
) -> Mapping[UUID, tuple[int, int]]:
    """How many each search finds now, and how many of them it had not found at the last look."""
    found = {}
    for one in searches:
        now = ids_of(actor, one.as_question).subquery()
        seen = select(col(SavedSearchSeen.candidate_id)).where(col(SavedSearchSeen.search_id) == one.id)
        count = sa.func.count()
        row = (
            await session.execute(select(count, count.filter(now.c.id.not_in(seen))).select_from(now))
        ).one()
        found[one.id] = (row[0], row[1])
    return found  # fmt: skip


async def lines_of(
    session: AsyncSession, actor: Actor, search: SavedSearchFacts, *, limit: int
) -> tuple[tuple[CandidateLine, ...], tuple[CandidateLine, ...]]:
    """Whom the search finds now: who is new since the last look, then the others, each as far as `limit`."""
    seen = select(col(SavedSearchSeen.candidate_id)).where(col(SavedSearchSeen.search_id) == search.id)
    question = search.as_question
    new = await page_of(session, actor, question, limit=limit, but=seen)
    old = await page_of(session, actor, question, limit=limit, only=seen)
    return tuple(new.lines), tuple(old.lines)


async def note_seen(session: AsyncSession, actor: Actor, row: SavedSearch, *, now: datetime) -> int:
    """Let the last look be now; how many were new."""
    search = SavedSearchFacts.model_validate(row.model_dump())
    found = frozenset(await session.scalars(ids_of(actor, search.as_question)))
    seen = await seen_by(session, row.id)
    gone = seen - found
    for part in _parts(tuple(gone)):
        await session.execute(
            delete(SavedSearchSeen).where(
                col(SavedSearchSeen.search_id) == row.id, col(SavedSearchSeen.candidate_id).in_(part)
            )
        )
    session.add_all(SavedSearchSeen(search_id=row.id, candidate_id=one) for one in found - seen)
    row.looked_at = now
    await session.flush()
    return len(found - seen)


def _parts(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]
