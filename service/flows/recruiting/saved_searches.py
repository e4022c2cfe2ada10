"""Searches kept by name: they stay live, and say who is new since the last look."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Conflict, Fault, Forbidden, RuleBroken
from service.store import audit
from service.store.people.candidates import CandidateLine, CandidateQuestion
from service.store.recruiting import saved_searches as store
from service.store.recruiting.saved_searches import SavedSearchFacts
from service.tables.pool import SavedSearch

MOST_KEPT = 50
LONGEST_NAME = 120
MOST_SHOWN = 50


@dataclass(frozen=True)
class Standing:
    """One kept search with how many it finds now, and how many of them are new."""

    search: SavedSearchFacts
    found: int
    new: int


@dataclass(frozen=True)
class Look:
    """Whom one search finds now, at most 50 of each: new since the last look, and known before."""

    standing: Standing
    new: tuple[CandidateLine, ...]
    known: tuple[CandidateLine, ...]


async def keep(
    session: AsyncSession, actor: Actor, *, name: str, question: CandidateQuestion, now: datetime
) -> SavedSearchFacts:
    """Keep a search under a name; whoever it finds now is known. Conflict for a name that one uses already."""
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("Only a member of staff who signed in can keep a search.")
    said = " ".join(name.split())
    if not 0 < len(said) <= LONGEST_NAME:
        raise RuleBroken(
            "Give the search a name of 1 to 120 characters.",
            faults=[Fault("/name", "length", "1 to 120 characters")],
        )
    asked = _kept(question)
    if not asked:
        raise RuleBroken(
            "Filter the list before you keep the search.",
            faults=[Fault("/question", "empty", "at least one filter")],
        )
    own = await store.searches_of(session, actor)
    if len(own) >= MOST_KEPT:
        raise Conflict(
            "There are already %(most)s searches; remove one first.", code="too-many-searches", most=MOST_KEPT
        )
    row = SavedSearch(staff_id=actor.staff_id, name=said, question=asked, created_at=now, looked_at=now)
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict("One of your searches has this name.", code="name-taken") from None
    await store.note_seen(session, actor, row, now=now)
    audit.record(session, actor, action="search.keep", subject=("saved_search", row.id), now=now)
    return SavedSearchFacts.model_validate(row.model_dump())


def _kept(question: CandidateQuestion) -> dict[str, Any]:
    """The filters that are set, as JSON; the order of a list is no question about people."""
    told = {name: value for name, value in asdict(question).items() if value is not None and name != "sort"}
    return {name: value if isinstance(value, int) else str(value) for name, value in told.items()}


async def standings(session: AsyncSession, actor: Actor) -> tuple[Standing, ...]:
    """One's own searches with what each finds now."""
    own = await store.searches_of(session, actor)
    counts = await store.counts_of(session, actor, own)
    return tuple(Standing(one, *counts[one.id]) for one in own)


async def look(session: AsyncSession, actor: Actor, search_id: str | UUID) -> Look:
    """Whom a search finds now; looking changes nothing."""
    row = await store.search_row(session, actor, search_id)
    search = SavedSearchFacts.model_validate(row.model_dump())
    counts = await store.counts_of(session, actor, [search])
    new, known = await store.lines_of(session, actor, search, limit=MOST_SHOWN)
    return Look(Standing(search, *counts[search.id]), new, known)


async def note_look(session: AsyncSession, actor: Actor, search_id: str | UUID, *, now: datetime) -> int:
    """Say that one has looked: whoever is found now is known from here on; how many were new."""
    row = await store.search_row(session, actor, search_id, to_change=True)
    return await store.note_seen(session, actor, row, now=now)


async def remove(session: AsyncSession, actor: Actor, search_id: str | UUID, *, now: datetime) -> None:
    """Forget one of one's own searches."""
    row = await store.search_row(session, actor, search_id, to_change=True)
    await session.delete(row)
    await session.flush()
    audit.record(session, actor, action="search.remove", subject=("saved_search", row.id), now=now)
