"""Everybody as columns, kept by the process and brought up to what is stored: what large shortlists are ranked over."""

import asyncio
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.ranking.packed import Layout, Shared, layout_of, pack, shared_of
from assessments.ranking.people import People, merged, people_of
from service.flows.matching.lexicons import revised
from service.flows.matching.matching import reading_of
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.store.matching import packed_readings as store
from service.store.matching.packed_readings import PackedFacts, State
from service.store.people.candidates import CandidateFacts

PACKED_AT_ONCE = 200
PACKED_AHEAD = 2_000
MOST_CHANGED = 2_000
"""Beyond this many changes everything is loaded anew, which then costs no more."""


@dataclass(frozen=True)
class Base:
    """People in the order of their ids. `names` are the ids' bytes; `state` is what was stored when this was made."""

    state: State
    names: NDArray[np.bytes_]
    revisions: Mapping[UUID, int]
    people: People

    def places_of(self, candidate_ids: Collection[UUID]) -> NDArray[np.intp]:
        """The rows of those who are there."""
        names = np.array([one.bytes for one in candidate_ids], dtype="S16")
        if not len(names) or not len(self.names):
            return np.zeros(0, dtype=np.intp)
        places = np.minimum(np.searchsorted(self.names, names), len(self.names) - 1)
        found: NDArray[np.intp] = places[self.names[places] == names]
        return found

    def id_at(self, place: int) -> UUID:
        """Whose row this is."""
        return UUID(bytes=bytes(self.names[place]).ljust(16, b"\0"))


_kept: WeakKeyDictionary[Database, Base] = WeakKeyDictionary()


def layout_for(editions: Editions) -> Layout:
    """How people are packed under these editions."""
    return layout_of(editions.resolver.skills, editions.matcher.editions)


def packed_facts(editions: Editions, layout: Layout, person: CandidateFacts, *, now: datetime) -> PackedFacts:
    """One person packed as of today, ledger and all."""
    reading = reading_of(editions, person, on=civil_date(now))
    made = pack(layout, person.as_profile, reading, name=person.id.bytes)
    return PackedFacts(
        candidate_id=person.id, layout=layout.name, revision=secrets.randbits(31), packed=made.record,
        profile=made.shared, words=made.words,
    )  # fmt: skip


async def pack_people(
    database: Database,
    editions: Editions,
    *,
    now: datetime,
    most: int | None = None,
) -> int:
    """Pack everybody who is not, or whose levels age today; how many. Reading people happens outside transactions."""
    layout, after, count = layout_for(editions), None, 0
    while True:
        async with database.transaction(write=False) as session:
            people = await store.unpacked(
                session, layout.name, today=civil_date(now), limit=PACKED_AT_ONCE, after=after
            )
        if not people or (most is not None and count >= most):
            return count
        after = people[-1].id
        made = await asyncio.to_thread(_packed, editions, layout, people, now)
        async with database.transaction() as session:
            count += await store.put(session, made)


async def pack_ahead(database: Database, editions: Editions, *, larger_than: int, now: datetime) -> int:
    """Pack some of those who are not, before anybody asks for a list; nobody where people are few."""
    async with database.transaction(write=False) as session:
        in_force = await revised(session, editions)
        state = await store.state_of(session, layout_for(in_force).name)
        is_needed = await store.are_more_than(session, larger_than) and not await store.is_complete(
            session, state, today=civil_date(now)
        )
    return await pack_people(database, in_force, now=now, most=PACKED_AHEAD) if is_needed else 0


def _packed(
    editions: Editions, layout: Layout, people: Sequence[CandidateFacts], now: datetime
) -> list[tuple[CandidateFacts, PackedFacts]]:
    return [(one, packed_facts(editions, layout, one, now=now)) for one in people]


async def base_of(
    database: Database, editions: Editions, contents: Collection[frozenset[str]], *, now: datetime
) -> Base:
    """Everybody, as stored now; `contents` are what programmes ask in words that no known skill covers.

    What this process holds is kept as long as the stored state is the same; after a few changes only those are read.
    """
    layout, today = layout_for(editions), civil_date(now)
    async with database.transaction(write=False) as session:
        state = await store.state_of(session, layout.name)
        is_complete = await store.is_complete(session, state, today=today)
    if not is_complete:
        await pack_people(database, editions, now=now)
    async with database.transaction(write=False) as session:
        await store.hold_still(session)
        base = await _refreshed(session, layout, _kept.get(database))
        new = base.people.unread(contents)
        if new:
            words = await store.words_of(session, layout.name)
            await asyncio.to_thread(base.people.learn, new, words)
    _kept[database] = base
    return base


async def _refreshed(session: AsyncSession, layout: Layout, held: Base | None) -> Base:
    state = await store.state_of(session, layout.name)
    if held is not None and held.people.layout.name == layout.name:
        if held.state == state:
            return held
        revisions = await store.revisions_of(session, layout.name)
        new = {one for one, revision in revisions.items() if held.revisions.get(one) != revision}
        if len(new) <= MOST_CHANGED:
            return await _changed(session, layout, held, state, revisions, new)
    else:
        revisions = await store.revisions_of(session, layout.name)
    people, names = await _loaded(session, layout, None)
    return Base(state, names, revisions, people)


async def _changed(
    session: AsyncSession,
    layout: Layout,
    held: Base,
    state: State,
    revisions: Mapping[UUID, int],
    new: set[UUID],
) -> Base:
    """What is held, without who left, with who came or changed."""
    gone = held.places_of([one for one in held.revisions if one not in revisions or one in new])
    fresh, names = await _loaded(session, layout, new)
    if held.people.contents:
        fresh.learn(held.people.contents, await store.words_of(session, layout.name, new))
    stays = np.delete(np.arange(len(held.names)), gone)
    every = np.concatenate([held.names, names])
    left = np.concatenate([stays, np.arange(len(held.names), len(every))])
    order = left[np.argsort(every[left], kind="stable")]
    people = await asyncio.to_thread(merged, held.people, fresh, order)
    return Base(state, every[order], revisions, people)


async def _loaded(
    session: AsyncSession, layout: Layout, candidate_ids: Collection[UUID] | None
) -> tuple[People, NDArray[np.bytes_]]:
    """Columns of everybody, or of some, from their packed records."""
    packed = await store.records_of(session, layout.name, candidate_ids)
    records = np.frombuffer(b"".join(packed), dtype=layout.record)
    names = np.ascontiguousarray(records["name"]).view("S16").ravel()
    profiles = await _profiles(session, records, names)
    people = await asyncio.to_thread(
        people_of,
        layout,
        records,
        shared=lambda places: [profiles[bytes(names[at]).ljust(16, b"\0")] for at in places],
        words=_nobody_asks,
    )
    return people, names


def _nobody_asks() -> Sequence[bytes]:
    raise LookupError("words are read before anybody is weighed")


async def _profiles(
    session: AsyncSession, records: NDArray[Any], names: NDArray[np.bytes_]
) -> dict[bytes, Shared]:
    """What is shared, of one person for each distinct week, set of languages and set of wishes."""
    places = {
        int(at)
        for part in ("week", "tongue", "traits")
        for at in np.unique(records[part], return_index=True)[1]
    }
    ids = [UUID(bytes=bytes(names[at]).ljust(16, b"\0")) for at in sorted(places)]
    told = await store.profiles_of(session, ids)
    return {one.bytes: shared_of(text) for one, text in told.items()}
