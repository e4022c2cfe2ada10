"""The skills in force: the shipped list as people changed it here, beside every list that was brought in."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.skills.concepts import Concept
from assessments.skills.revisions import revised_taxonomy
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.lexicon_shelf import LexiconShelf
from service.store.recruiting import skills as store
from service.store.recruiting.skills import Standing

if TYPE_CHECKING:
    from assessments.skills.finding import Finder

T = TypeVar("T")

MOST_KEPT = 4


class Kept(Generic[T]):
    """The last few things made; a standing names what they were made of, so nothing kept is ever stale."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Hashable) -> T | None:
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: Hashable, made: T) -> T:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


_editions: Kept[tuple[Editions, Editions]] = Kept()
_finders: Kept["Finder"] = Kept()
_rung = 0


async def revised(session: AsyncSession, editions: Editions) -> Editions:
    """The editions with our own list as people changed it; the same object as long as nobody changes anything more.

    One look at the database. Where nobody changed anything, it is `editions` itself.
    """
    found = await store.standing(session)
    if found == Standing():
        return editions
    key = (found, id(editions))
    kept = _editions.of(key) or _editions.keep(key, (editions, await _made(session, editions, found)))
    return kept[1]


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


async def finder(
    session: AsyncSession, shipped: Editions, shelf: LexiconShelf | None = None
) -> Callable[[], "Finder"]:
    """What makes (or remembers) the finder over our own list and every list brought in, as they stand.

    Call the result in a thread: 14,000 skills are indexed in some seconds, once for each change of a list; an index
    that `shelf` holds is read back in a fraction of one.
    """
    found = await store.standing(session)
    kept = _finders.of((found, id(shipped)))
    if kept is not None:
        return lambda: kept
    editions = await revised(session, shipped)
    key = _key_of(found, editions)
    packed = shelf.get(key) if shelf else None
    others = await store.concepts_of(session) if found.edition and packed is None else ()

    def made() -> "Finder":
        return _finders.keep((found, id(shipped)), _finder(editions, others, key, packed, shelf))

    return made


def own_finder(shipped: Editions) -> "Finder":
    """The finder over our own list alone, where there is no database to ask for others."""
    return _finder(shipped, (), "", None, None)


def _key_of(found: Standing, editions: Editions) -> str:
    """All that an index depends on: what was brought in and changed here, and the words of the shipped editions."""
    taxonomy, policy, words = (
        editions.taxonomies[-1],
        editions.lexicon_policies[-1],
        editions.vocabularies[-1],
    )
    # Sets come in another order in each process: sorted, the same words give the same key.
    shipped = "".join(
        json.dumps(one.model_dump(), sort_keys=True, default=_steady) for one in (taxonomy, policy, words)
    )
    return hashlib.sha256(f"{found!r} {shipped}".encode()).hexdigest()


def _steady(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _finder(
    editions: Editions,
    others: tuple[Concept, ...],
    key: str,
    packed: bytes | None,
    shelf: LexiconShelf | None,
) -> "Finder":
    from assessments.skills import finding, lexicon, lexicon_pack

    policy = editions.lexicon_policies[-1]
    if packed is not None:
        return finding.Finder(lexicon_pack.from_bytes(packed), policy, editions.resolver)
    concepts = (*lexicon.own_concepts(editions.taxonomies[-1]), *others)
    index = lexicon.build(concepts, policy, editions.vocabularies[-1])
    if shelf is not None and others:
        shelf.put(key, lexicon_pack.to_bytes(index))
    return finding.Finder(index, policy, editions.resolver)


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
