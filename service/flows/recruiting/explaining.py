"""Why anybody stands where they stand in a list: the parts of the score, who ties, what would change it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from assessments.matching.counterfactuals import Known, Opening, openings_of
from assessments.matching.matching import Match
from assessments.matching.placing import ScorePart, TruePlace, error_of, parts_of, true_places
from assessments.matching.variations import Gained, gains_of
from service.flows.learning.courses import TrainingPlan, training_on, training_plan
from service.flows.matching.matching import read_programme, reading_of, weigh
from service.flows.recruiting import blind
from service.flows.recruiting.shortlists import Listed, ShortlistPage, ShortlistQuestion, read_shortlist
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.vocabulary import ProgrammeState
from service.store import audit
from service.store.matching import matching as store
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.store.recruiting import programmes
from service.store.recruiting.programmes import ProgrammeFacts

MOST_AROUND = 60
"""How many people around somebody are looked at for ties, where a list is too long to be read whole."""

_FAR = 4
"""Standard errors of one score beyond which nobody ties: the error of a difference is at most about twice as large."""

MOST_WEIGHED = 1_000
"""How many people are weighed again for each change of a programme: the best placed, the others being far from it."""


@dataclass(frozen=True)
class Explanation:
    """One pair, whole. `place` and `considered` are of the shortlist, None for somebody who is not in it (any more)."""

    person: CandidateFacts
    programme: ProgrammeFacts
    match: Match
    parts: tuple[ScorePart, ...]
    considered: int | None
    place: TruePlace | None
    above: Listed | None
    below: Listed | None
    ties: tuple[Listed, ...]
    training: TrainingPlan | None
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Explained:
    """One programme for a person, and what a class before its start would be made of."""

    programme: ProgrammeFacts
    match: Match
    training: TrainingPlan | None
    application_id: UUID | None


@dataclass(frozen=True)
class Prospects:
    """All open programmes for one person, best first, and the changes that would open some of them."""

    person: CandidateFacts
    programmes: tuple[Explained, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True)
class Gains:
    """What a programme could ask for otherwise, and whom that would bring; `weighed` people were weighed again."""

    programme: ProgrammeFacts
    gained: tuple[Gained, ...]
    people: dict[str, CandidateFacts]
    weighed: int
    considered: int


async def explain(
    database: Database,
    actor: Actor,
    programme_id: str | UUID,
    candidate_id: UUID,
    *,
    editions: Editions,
    now: datetime,
) -> Explanation:
    """The whole explanation of one place in a shortlist, with the reading noted.

    Somebody who is not in the list (hired, or closed) is weighed alone.
    """
    question = ShortlistQuestion(people=frozenset({candidate_id}), limit=1)
    asked = partial(read_shortlist, database, actor, programme_id, editions=editions, now=now)
    page = await asked(question=question, action="match.explain")
    if page.listed:
        around = (
            page if _is_whole(page) else await asked(question=_around(page, editions), action="match.explain")
        )
        return await asyncio.to_thread(_explained, around, page.listed[0], editions, now)
    async with database.transaction() as session:
        person = await candidates.facts_of(session, actor, candidate_id)
        audit.record(session, actor, action="match.explain", subject=("candidate", person.id), now=now)
    match = weigh(editions, person, page.shortlist.programme, now=now)
    return await asyncio.to_thread(_explained, page, Listed(person, match, None), editions, now)


def _is_whole(page: ShortlistPage) -> bool:
    """Whether everybody weighed is listed; of very many people only who was asked for is."""
    return len(page.shortlist.listed) == page.shortlist.considered


def _around(page: ShortlistPage, editions: Editions) -> ShortlistQuestion:
    """Those who stand from where a tie may begin, downwards."""
    match = page.listed[0].match
    margin = _FAR * error_of(match, editions.matcher.policy)
    return ShortlistQuestion(limit=MOST_AROUND, after=(match.score + margin + 0.01, ""))


def places_shown(page: ShortlistPage, editions: Editions) -> Mapping[str, TruePlace]:
    """The true place of everybody on a page, by candidate, as far as those beside them are known."""
    shown, listed = [one.match for one in page.listed], [one.match for one in page.shortlist.listed]
    found = true_places(shown, listed, editions.matcher.policy)
    first = listed[0].rank if listed else 1
    if [match.rank for match in listed] == list(range(first, first + len(listed))):
        return {name: _moved(place, first - 1) for name, place in found.items()}
    alone = {match.candidate: match.rank for match in shown}
    return {name: TruePlace(from_place=rank, to_place=rank, ties_with=()) for name, rank in alone.items()}


def _moved(place: TruePlace, by: int) -> TruePlace:
    return place.model_copy(update={"from_place": place.from_place + by, "to_place": place.to_place + by})


def veiled(actor: Actor, found: Explanation) -> Explanation:
    """The explanation as this actor may see it; the weighing itself saw the untouched words."""
    if not actor.is_blind:
        return found
    return replace(
        found,
        person=blind.person_of(actor, found.person),
        match=blind.veiled_match(blind.veil_of(actor, found.person), found.match),
        above=blind.listed_of(actor, found.above) if found.above else None,
        below=blind.listed_of(actor, found.below) if found.below else None,
        ties=tuple(blind.listed_of(actor, one) for one in found.ties),
    )


def _explained(page: ShortlistPage, one: Listed, editions: Editions, now: datetime) -> Explanation:
    listed, programme, matcher = page.shortlist.listed, page.shortlist.programme, editions.matcher
    at = next((at for at, other in enumerate(listed) if other.person.id == one.person.id), None)
    places = (
        true_places([one.match], [other.match for other in listed], matcher.policy) if at is not None else {}
    )
    place = places.get(one.match.candidate)
    today = civil_date(now)
    prepared = read_programme(matcher, programme.as_profile, programme.profile)
    known = Known(one.person.as_profile, reading_of(editions, one.person, on=today))
    ties = frozenset(place.ties_with if place else ())
    return Explanation(
        person=one.person,
        programme=programme,
        match=one.match,
        parts=parts_of(one.match, matcher.policy),
        considered=page.shortlist.considered if at is not None else None,
        place=place,
        above=listed[at - 1] if at else None,
        below=listed[at + 1] if at is not None and at + 1 < len(listed) else None,
        ties=tuple(other for other in listed if other.match.candidate in ties),
        training=training_plan(editions, one.match, known.reading, prepared, now=now),
        openings=openings_of(known, [prepared], matcher=matcher, training=training_on(editions, today)),
    )


async def read_prospects(
    database: Database, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> Prospects:
    """Every open programme within reach for one person: where they stand, why, what would change it; noted.

    The weighing happens between two short transactions, so that nobody's write waits for it.
    """
    async with database.transaction(write=False) as session:
        person = await candidates.facts_of(session, actor, candidate_id)
        wanted = await programmes.facts_of_many(session, actor, state=ProgrammeState.OPEN)
        applied = await store.applied_by(session, actor, person.id)
    by_id = {id_: one.id for id_, one in applied.items()}
    found = await asyncio.to_thread(_prospects, person, wanted, by_id, editions, now)
    async with database.transaction() as session:
        audit.record(session, actor, action="prospects.read", subject=("candidate", person.id), now=now)
    return found


def _prospects(
    person: CandidateFacts,
    wanted: Sequence[ProgrammeFacts],
    applied: dict[UUID, UUID],
    editions: Editions,
    now: datetime,
) -> Prospects:
    today, matcher = civil_date(now), editions.matcher
    known = Known(person.as_profile, reading_of(editions, person, on=today))
    pairs = [(one, read_programme(matcher, one.as_profile, one.profile)) for one in wanted]
    found = []
    for one, prepared in pairs:
        match = weigh(editions, person, one, now=now)
        training = training_plan(editions, match, known.reading, prepared, now=now)
        found.append(Explained(one, match, training, applied.get(one.id)))
    found.sort(key=lambda one: (-one.match.score, one.match.programme))
    openings = openings_of(
        known, [prepared for _, prepared in pairs], matcher=matcher, training=training_on(editions, today)
    )
    ranked = (
        Explained(
            one.programme, one.match.model_copy(update={"rank": rank}), one.training, one.application_id
        )
        for rank, one in enumerate(found, start=1)
    )
    return Prospects(person, tuple(ranked), openings)


def veiled_prospects(actor: Actor, found: Prospects) -> Prospects:
    """The programmes of one person as this actor may see them."""
    if not actor.is_blind:
        return found
    veil = blind.veil_of(actor, found.person)
    shown = tuple(replace(one, match=blind.veiled_match(veil, one.match)) for one in found.programmes)
    return replace(found, person=blind.person_of(actor, found.person), programmes=shown)


async def read_gains(
    database: Database, actor: Actor, programme_id: str | UUID, *, editions: Editions, now: datetime
) -> Gains:
    """Whom each change of a programme would bring, by weighing again; the reading of the people shown is noted."""
    question = ShortlistQuestion(limit=MOST_WEIGHED)
    page = await read_shortlist(
        database, actor, programme_id, question=question, editions=editions, now=now, action="gains.read"
    )
    return await asyncio.to_thread(_gains, page, editions, now)


def _gains(page: ShortlistPage, editions: Editions, now: datetime) -> Gains:
    programme, matcher, today = page.shortlist.programme, editions.matcher, civil_date(now)
    prepared = read_programme(matcher, programme.as_profile, programme.profile)
    known = [Known(one.person.as_profile, reading_of(editions, one.person, on=today)) for one in page.listed]
    gained = gains_of(known, prepared, matcher=matcher)
    people = {str(one.person.id): one.person for one in page.listed}
    return Gains(programme, gained, people, len(known), page.shortlist.considered)
