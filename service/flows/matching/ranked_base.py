"""One page of a large shortlist: everybody weighed in columns, and only who stands on the page named."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from assessments.matching.matches import Outcome
from assessments.ranking.ranking import OUTCOMES, Ranker, Weighed
from service.flows.matching.matching import Lately, read_programme, weigh
from service.flows.matching.packed_base import Base, base_of
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.vocabulary import FINAL_STAGES
from service.store.matching import packed_readings as store
from service.store.matching.matching import AppliedFacts
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.store.recruiting.programmes import ProgrammeFacts

LARGE = 500
"""More people than this are weighed in columns; up to here reading their files costs no more."""

_mended: Lately[Outcome] = Lately(50_000)


@dataclass(frozen=True)
class Asked:
    """Which part of a list is wanted; `people` None for all of them, `after` the place of the last one shown."""

    outcomes: frozenset[Outcome]
    applied_only: bool
    people: frozenset[UUID] | None
    limit: int
    after: tuple[float, str] | None


@dataclass(frozen=True)
class RankedPage:
    """Who stands on the page with their ranks among all, how many people stand where, how many the question finds."""

    places: tuple[tuple[UUID, int], ...]
    outcomes: Mapping[Outcome, int]
    found: int
    is_last: bool


async def page_of_many(
    database: Database,
    actor: Actor,
    programme: ProgrammeFacts,
    applied: Mapping[UUID, AppliedFacts],
    asked: Asked,
    *,
    editions: Editions,
    now: datetime,
) -> RankedPage:
    """The page that ranking everybody within reach pair by pair gives."""
    matcher = editions.matcher
    ranker = Ranker(matcher, [read_programme(matcher, programme.as_profile, programme.profile)])
    base = await base_of(database, editions, ranker.contents, now=now)
    async with database.transaction(write=False) as session:
        within = await store.ids_within(session, actor)
        hired = await store.agents(session)
    weighed = await asyncio.to_thread(ranker.weighed, base.people)
    is_listed = _listed(base, applied, within, hired)
    outcomes = await _outcomes(
        database, actor, programme, base, weighed, is_listed, editions=editions, now=now
    )
    return await asyncio.to_thread(_page, base, weighed.hundredths, outcomes, is_listed, applied, asked)


def _listed(
    base: Base,
    applied: Mapping[UUID, AppliedFacts],
    within: Sequence[UUID] | None,
    hired: Sequence[UUID],
) -> NDArray[np.bool_]:
    """Whoever applies, and the pool; not whoever was hired or has a closed application, nor whoever is out of reach."""
    is_listed = np.ones(len(base.names), dtype=bool)
    is_listed[base.places_of(hired)] = False
    for is_open in (True, False):
        ids = [person for person, one in applied.items() if (one.stage not in FINAL_STAGES) is is_open]
        is_listed[base.places_of(ids)] = is_open
    return is_listed if within is None else is_listed & _mask(base, within)


def _mask(base: Base, candidate_ids: Collection[UUID]) -> NDArray[np.bool_]:
    mask = np.zeros(len(base.names), dtype=bool)
    mask[base.places_of(candidate_ids)] = True
    return mask


async def _outcomes(
    database: Database,
    actor: Actor,
    programme: ProgrammeFacts,
    base: Base,
    weighed: Weighed,
    is_listed: NDArray[np.bool_],
    *,
    editions: Editions,
    now: datetime,
) -> NDArray[np.uint8]:
    """Places in `OUTCOMES`; where only the line stands against somebody, what the plan for this person says."""
    outcomes = weighed.outcomes.copy()
    keys = {
        int(at): _key(base, programme, int(at), editions, now)
        for at in np.flatnonzero(is_listed & weighed.line_alone)
    }
    unknown = {base.id_at(at): at for at, key in keys.items() if _mended.known(key) is None}
    people: list[CandidateFacts] = []
    async with database.transaction(write=False) as session:
        for ids in store.in_parts(unknown):
            people += await candidates.facts_of_many(session, actor, ids)
    for at, outcome in await asyncio.to_thread(_planned, people, programme, unknown, editions, now):
        _mended.keep(keys[at], outcome)
    for at, key in keys.items():
        outcomes[at] = OUTCOMES.index(_mended.known(key) or Outcome.NO)
    return outcomes


def _key(base: Base, programme: ProgrammeFacts, at: int, editions: Editions, now: datetime) -> str:
    person = base.id_at(at)
    told = (
        base.revisions[person],
        programme.id,
        programme.version,
        editions.matcher.editions,
        civil_date(now),
    )
    return f"{person} {told}"


def _planned(
    people: Sequence[CandidateFacts],
    programme: ProgrammeFacts,
    places: Mapping[UUID, int],
    editions: Editions,
    now: datetime,
) -> list[tuple[int, Outcome]]:
    return [(places[one.id], weigh(editions, one, programme, now=now).outcome) for one in people]


def _page(
    base: Base,
    hundredths: NDArray[np.int64],
    outcomes: NDArray[np.uint8],
    is_listed: NDArray[np.bool_],
    applied: Mapping[UUID, AppliedFacts],
    asked: Asked,
) -> RankedPage:
    listed = np.flatnonzero(is_listed)
    order = listed[np.lexsort((listed, -hundredths[listed]))]
    wanted = np.isin(outcomes, [OUTCOMES.index(one) for one in asked.outcomes])
    if asked.applied_only:
        wanted &= _mask(base, applied)
    if asked.people is not None:
        wanted &= _mask(base, asked.people)
    found = np.flatnonzero(wanted[order])
    rest = found if asked.after is None else found[_stands_after(base, hundredths, order[found], asked.after)]
    shown = rest[: asked.limit]
    counts = Counter(outcomes[listed].tolist())
    return RankedPage(
        places=tuple((base.id_at(int(order[at])), int(at) + 1) for at in shown),
        outcomes={outcome: counts[place] for place, outcome in enumerate(OUTCOMES)},
        found=len(found),
        is_last=len(rest) == len(shown),
    )


def _stands_after(
    base: Base, hundredths: NDArray[np.int64], rows: NDArray[np.intp], place: tuple[float, str]
) -> NDArray[np.bool_]:
    score, candidate = round(place[0] * 100), UUID(place[1]).bytes if place[1] else b""
    tie = hundredths[rows] == score
    is_after: NDArray[np.bool_] = (hundredths[rows] < score) | (tie & (base.names[rows] > candidate))
    return is_after
