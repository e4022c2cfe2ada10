"""The skills in force: the shipped list as people changed it here, beside every list that was brought in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.revisions import revised_taxonomy
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.store import skills as store
from service.store.skills import Standing

_kept: WeakKeyDictionary[Any, tuple[Standing, Editions, Editions]] = WeakKeyDictionary()
_lock = Lock()
_rung = 0


async def revised(session: AsyncSession, editions: Editions) -> Editions:
    """The editions with our own list as people changed it; the same object as long as nobody changes anything more.

    One look at the database. Where nobody changed anything, it is `editions` itself.
    """
    found = await store.standing(session)
    if found == Standing():
        return editions
    with _lock:
        kept = _kept.get(session.bind)
    if kept is not None and kept[0] == found and kept[1] is editions:
        return kept[2]
    made = await _made(session, editions, found)
    with _lock:
        _kept[session.bind] = (found, editions, made)
    return made


async def _made(session: AsyncSession, editions: Editions, found: Standing) -> Editions:
    shipped = editions.taxonomies[-1]
    lent = await store.customers_concepts(session) if found.edition else ()
    changes = [one for one in await store.revisions_of(session) if one.uri.startswith("own:")]
    if not changes and not lent:
        return editions
    name = f"{shipped.edition}+{changes[-1].number if changes else 0}"
    if lent and found.edition:
        name += f".{found.edition.hex[:8]}"
    taxonomy = revised_taxonomy(shipped, changes, lent=lent, edition=name)
    return replace(editions, taxonomies=(*editions.taxonomies[:-1], taxonomy))


def ring_after_commit(session: AsyncSession) -> None:
    """Say, once this transaction has committed, that the skills in force changed in this process."""
    event.listen(session.sync_session, "after_commit", _ring, once=True)


def _ring(_session: object) -> None:
    global _rung
    _rung += 1


@dataclass
class InForce:
    """The editions that requests are given: looked at again after a change here, and when told to look."""

    database: Database
    shipped: Editions
    _now: Editions | None = None
    _heard: int = -1

    async def editions(self) -> Editions:
        """What is in force; without a question to the database as long as nothing changed in this process."""
        if self._now is None or self._heard != _rung:
            await self.look()
        return self._now or self.shipped

    async def look(self, settle: Callable[[Editions], object] = lambda one: one.matcher) -> None:
        """Read what is in force now, also what another process changed; indexed before it is handed out."""
        heard = _rung
        async with self.database.transaction(write=False) as session:
            found = await revised(session, self.shipped)
        if found is not self.shipped:
            settle(found)
        self._now, self._heard = found, heard
