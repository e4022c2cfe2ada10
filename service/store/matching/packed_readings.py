"""What matching reads of people, packed: loaded whole, refreshed by what changed, and who is still to be packed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.ids import new_id
from service.store.people.candidates import CandidateFacts
from service.store.reach import candidates_within
from service.tables.matching import PackedReading
from service.tables.people import Candidate

KEYS_AT_ONCE = 500


class PackedFacts(BaseModel):
    """One person packed, ready to be kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidate_id: UUID
    layout: str
    revision: int
    packed: bytes
    profile: bytes
    words: bytes


@dataclass(frozen=True)
class State:
    """How many are packed under one layout, and the sum of their revisions: any change of any row changes it."""

    count: int
    revisions: int


async def hold_still(session: AsyncSession) -> None:
    """Let all that this transaction reads be of one moment; the first thing it does. On SQLite it is so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


async def state_of(session: AsyncSession, layout: str) -> State:
    """Read from an index alone."""
    row = await session.execute(
        select(func.count(), func.coalesce(func.sum(col(PackedReading.revision)), 0)).where(
            col(PackedReading.layout) == layout
        )
    )
    count, revisions = row.one()
    return State(count, int(revisions))


async def revisions_of(session: AsyncSession, layout: str) -> Mapping[UUID, int]:
    """The revision of everybody packed."""
    rows = await session.execute(
        select(col(PackedReading.candidate_id), col(PackedReading.revision)).where(
            col(PackedReading.layout) == layout
        )
    )
    return {row.candidate_id: row.revision for row in rows}


async def records_of(
    session: AsyncSession, layout: str, candidate_ids: Collection[UUID] | None = None
) -> list[bytes]:
    """The packed records of everybody, or of some, in the order of their ids. No actor: the caller filters by reach."""
    return await _column(session, col(PackedReading.packed), layout, candidate_ids)


async def words_of(
    session: AsyncSession, layout: str, candidate_ids: Collection[UUID] | None = None
) -> list[bytes]:
    """The packed words, in the same order."""
    return await _column(session, col(PackedReading.words), layout, candidate_ids)


async def _column(
    session: AsyncSession, column: Any, layout: str, candidate_ids: Collection[UUID] | None
) -> list[bytes]:
    wanted = (
        select(column).where(col(PackedReading.layout) == layout).order_by(col(PackedReading.candidate_id))
    )
    if candidate_ids is None:
        return list(await session.scalars(wanted))
    found: list[bytes] = []
    for part in in_parts(sorted(candidate_ids)):
        found += await session.scalars(wanted.where(col(PackedReading.candidate_id).in_(part)))
    return found


async def profiles_of(session: AsyncSession, candidate_ids: Sequence[UUID]) -> Mapping[UUID, bytes]:
    """What is shared, of some people."""
    found: dict[UUID, bytes] = {}
    for part in in_parts(candidate_ids):
        rows = await session.execute(
            select(col(PackedReading.candidate_id), col(PackedReading.profile)).where(
                col(PackedReading.candidate_id).in_(part)
            )
        )
        found.update((row.candidate_id, row.profile) for row in rows)
    return found


async def unpacked(
    session: AsyncSession, layout: str, *, today: date, limit: int, after: UUID | None = None
) -> tuple[CandidateFacts, ...]:
    """People without a record under this layout, or whose levels age today; by id. For the service itself."""
    packed = (
        select(col(PackedReading.id))
        .where(col(PackedReading.candidate_id) == col(Candidate.id), col(PackedReading.layout) == layout)
        .exists()
    )
    wanted = (
        select(Candidate)
        .where(~packed | (col(Candidate.ledger_until) <= today))
        .order_by(col(Candidate.id))
        .limit(limit)
    )
    rows = await session.scalars(wanted if after is None else wanted.where(col(Candidate.id) > after))
    return tuple(CandidateFacts.model_validate(row) for row in rows)


async def is_complete(session: AsyncSession, state: State, *, today: date) -> bool:
    """Whether everybody is packed and nobody's levels age today."""
    due = select(col(Candidate.id)).where(col(Candidate.ledger_until) <= today).limit(1)
    if await session.scalar(due) is not None:
        return False
    return await session.scalar(select(func.count()).select_from(Candidate)) == state.count


async def put(session: AsyncSession, made: Sequence[tuple[CandidateFacts, PackedFacts]]) -> int:
    """Keep what was packed, of whoever has not changed since it was read; how many.

    The people's own rows are held, so that an edit waits for this or this sees it.
    """
    ids = [person.id for person, _ in made]
    held = {
        row.id: (row.version, row.ledger)
        for part in in_parts(ids)
        for row in await session.scalars(
            select(Candidate).where(col(Candidate.id).in_(part)).order_by(col(Candidate.id)).with_for_update()
        )
    }
    kept = [one for person, one in made if held.get(person.id) == (person.version, person.ledger)]
    await forget(session, [one.candidate_id for one in kept])
    if kept:
        await session.execute(insert(PackedReading), [{"id": new_id(), **one.model_dump()} for one in kept])
    return len(kept)


async def forget(session: AsyncSession, candidate_ids: Sequence[UUID]) -> None:
    """Drop what was packed of people who changed."""
    for part in in_parts(candidate_ids):
        await session.execute(delete(PackedReading).where(col(PackedReading.candidate_id).in_(part)))


async def are_more_than(session: AsyncSession, most: int) -> bool:
    """Whether there are more people than that in all; counted no further."""
    some = select(col(Candidate.id)).limit(most + 1).subquery()
    return (await session.scalar(select(func.count()).select_from(some)) or 0) > most


async def ids_within(session: AsyncSession, actor: Actor) -> Sequence[UUID] | None:
    """Whom an actor reaches, None for everybody."""
    within = candidates_within(actor)
    if isinstance(within, sa.True_):
        return None
    return (await session.scalars(select(col(Candidate.id)).where(within))).all()


async def agents(session: AsyncSession) -> Sequence[UUID]:
    """People who were hired."""
    return (await session.scalars(select(col(Candidate.id)).where(col(Candidate.is_agent)))).all()


def in_parts(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    """As many ids at once as a statement takes well."""
    every = list(ids)
    return (every[start : start + KEYS_AT_ONCE] for start in range(0, len(every), KEYS_AT_ONCE))
