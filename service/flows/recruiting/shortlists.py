"""The ranked people of a programme and the ranked programmes of a person; every reading of people is noted."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.matching import Match, Outcome
from service.flows.matching import ranked_base
from service.flows.matching.matching import read_programme, reading_of, weigh
from service.flows.matching.matching_ranks import by_rank
from service.flows.matching.plans import plan_match
from service.flows.writing.shortlists_on_paper import Entry
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.vocabulary import FINAL_STAGES, ProgrammeState
from service.store import audit
from service.store.matching import matching as store
from service.store.matching import packed_readings
from service.store.matching.matching import AppliedFacts
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.store.recruiting import programmes
from service.store.recruiting.programmes import ProgrammeFacts


@dataclass(frozen=True)
class Listed:
    """One person of a shortlist; `applied` is None for somebody of the pool who did not apply."""

    person: CandidateFacts
    match: Match
    applied: AppliedFacts | None

    @property
    def place(self) -> tuple[float, str]:
        """Where the person stands, for the next page to begin after."""
        return (self.match.score, self.match.candidate)


@dataclass(frozen=True)
class Shortlist:
    """Everybody within reach weighed for one programme, best first; closed applications are left out, and counted.

    Of very many people only who stands on the page is listed, and `counted` says how many stand where.
    """

    programme: ProgrammeFacts
    listed: tuple[Listed, ...]
    closed: int
    counted: Mapping[Outcome, int] | None = None

    @property
    def considered(self) -> int:
        """How many people were weighed."""
        return sum(self.outcomes.values())

    @property
    def outcomes(self) -> Mapping[Outcome, int]:
        """How many people stand where; every outcome is there."""
        if self.counted is not None:
            return self.counted
        found = Counter(one.match.outcome for one in self.listed)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The same people for paper and spreadsheet."""
        return tuple(Entry(one.person.shown_name, one.match) for one in self.listed)


@dataclass(frozen=True)
class ShortlistQuestion:
    """Which part of a shortlist is asked for; what is left out lets everybody through."""

    outcomes: frozenset[Outcome] = frozenset(Outcome)
    applied_only: bool = False
    people: frozenset[UUID] | None = None
    limit: int | None = None
    after: tuple[float, str] | None = None

    def asks_for(self, one: Listed) -> bool:
        return (
            one.match.outcome in self.outcomes
            and (one.applied is not None or not self.applied_only)
            and (self.people is None or one.person.id in self.people)
        )


@dataclass(frozen=True)
class ShortlistPage:
    """What was asked of a shortlist; `after` is where the next page begins, None at the end."""

    shortlist: Shortlist
    listed: tuple[Listed, ...]
    found: int
    after: tuple[float, str] | None


@dataclass(frozen=True)
class Suited:
    """One programme for one person."""

    programme: ProgrammeFacts
    match: Match
    applied: AppliedFacts | None


async def read_shortlist(
    database: Database,
    actor: Actor,
    programme_id: str | UUID,
    *,
    question: ShortlistQuestion,
    editions: Editions,
    now: datetime,
    action: str = "shortlist.read",
) -> ShortlistPage:
    """The people asked for, best first, with their files' reading noted.

    It takes the database and not a session: the weighing of hundreds of people happens between two short
    transactions and off the event loop, so that nobody's write waits for it.
    """
    async with database.transaction(write=False) as session:
        programme = await programmes.facts_of(session, actor, programme_id)
        applied = await store.applied_for(session, actor, programme.id)
        is_large = question.limit is not None and await packed_readings.are_more_than(
            session, ranked_base.LARGE
        )
        people = () if is_large else await candidates.facts_of_many(session, actor)
    if is_large:
        page = await _page_of_many(database, actor, programme, applied, question, editions=editions, now=now)
    else:
        shortlist = await asyncio.to_thread(_rank, programme, people, applied, editions, now)
        page = _page_of(shortlist, question)
    async with database.transaction() as session:
        _note_reading(session, actor, page, action=action, now=now)
    return page


async def _page_of_many(
    database: Database,
    actor: Actor,
    programme: ProgrammeFacts,
    applied: Mapping[UUID, AppliedFacts],
    question: ShortlistQuestion,
    *,
    editions: Editions,
    now: datetime,
) -> ShortlistPage:
    """The same page when people are many: all are weighed in columns, those on the page pair by pair with reasons."""
    asked = ranked_base.Asked(
        question.outcomes, question.applied_only, question.people, question.limit or 0, question.after
    )
    ranked = await ranked_base.page_of_many(
        database, actor, programme, applied, asked, editions=editions, now=now
    )
    async with database.transaction(write=False) as session:
        shown = [person_id for person_id, _ in ranked.places]
        people = await candidates.facts_of_many(session, actor, shown)
    listed = await asyncio.to_thread(
        _listed_of, people, programme, applied, dict(ranked.places), editions, now
    )
    closed = sum(one.stage in FINAL_STAGES for one in applied.values())
    after = None if ranked.is_last or not listed else listed[-1].place
    shortlist = Shortlist(programme, listed, closed, counted=ranked.outcomes)
    return ShortlistPage(shortlist, listed, ranked.found, after)


def _listed_of(
    people: Sequence[CandidateFacts],
    programme: ProgrammeFacts,
    applied: Mapping[UUID, AppliedFacts],
    ranks: Mapping[UUID, int],
    editions: Editions,
    now: datetime,
) -> tuple[Listed, ...]:
    listed = [
        Listed(
            one,
            weigh(editions, one, programme, now=now).model_copy(update={"rank": ranks[one.id]}),
            applied.get(one.id),
        )
        for one in people
    ]
    return tuple(sorted(listed, key=lambda one: one.match.rank))


def _rank(
    programme: ProgrammeFacts,
    people: Sequence[CandidateFacts],
    applied: Mapping[UUID, AppliedFacts],
    editions: Editions,
    now: datetime,
) -> Shortlist:
    matcher = editions.matcher
    prepared = read_programme(matcher, programme.as_profile, programme.profile)
    today = civil_date(now)
    by_id = {str(person.id): person for person in people if _is_eligible(person, applied.get(person.id))}
    matches = []
    for person in by_id.values():
        profile = person.as_profile
        match = matcher.weigh(profile, reading_of(editions, person, on=today), prepared)
        matches.append(plan_match(editions, match, now=now, start=prepared.programme.start_date))
    listed = tuple(
        Listed(by_id[match.candidate], match, applied.get(by_id[match.candidate].id))
        for match in by_rank(matches)
    )
    closed = sum(one.stage in FINAL_STAGES for one in applied.values())
    return Shortlist(programme, listed, closed)


def _is_eligible(person: CandidateFacts, applied: AppliedFacts | None) -> bool:
    """Whom a shortlist names: whoever applies, and the pool; not whoever was hired or has a closed application."""
    if applied is None:
        return not person.is_agent
    return applied.stage not in FINAL_STAGES


def _page_of(shortlist: Shortlist, question: ShortlistQuestion) -> ShortlistPage:
    found = [one for one in shortlist.listed if question.asks_for(one)]
    rest = [one for one in found if _stands_after(one, question.after)]
    shown = rest[: question.limit]
    after = shown[-1].place if len(rest) > len(shown) else None
    return ShortlistPage(shortlist, tuple(shown), len(found), after)


def _stands_after(one: Listed, place: tuple[float, str] | None) -> bool:
    if place is None:
        return True
    score, candidate = one.place
    return (-score, candidate) > (-place[0], place[1])


def _note_reading(
    session: AsyncSession, actor: Actor, page: ShortlistPage, *, action: str, now: datetime
) -> None:
    """One entry with everybody who was shown: a person may later ask who read about them."""
    audit.record(
        session, actor, action=action, subject=("programme", page.shortlist.programme.id), now=now,
        detail={"people": [one.match.candidate for one in page.listed]},
    )  # fmt: skip


async def read_matches(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> tuple[Suited, ...]:
    """Open programmes within reach for one person, best first, with the reading noted."""
    person = await candidates.facts_of(session, actor, candidate_id)
    audit.record(session, actor, action="matches.read", subject=("candidate", person.id), now=now)
    return await matches_of(session, actor, person, editions=editions, now=now)


async def matches_of(
    session: AsyncSession, actor: Actor, person: CandidateFacts, *, editions: Editions, now: datetime
) -> tuple[Suited, ...]:
    """Open programmes within reach for one person, best first; the caller has noted that the file is read."""
    wanted = await programmes.facts_of_many(session, actor, state=ProgrammeState.OPEN)
    applied = await store.applied_by(session, actor, person.id)
    found = [(weigh(editions, person, programme, now=now), programme) for programme in wanted]
    found.sort(key=lambda pair: (-pair[0].score, pair[1].title, str(pair[1].id)))
    return tuple(
        Suited(programme, match.model_copy(update={"rank": rank}), applied.get(programme.id))
        for rank, (match, programme) in enumerate(found, start=1)
    )


@dataclass(frozen=True)
class WeighedApplication:
    """One application with the weighing that holds: the stored one, else one made now."""

    application_id: UUID
    programme: ProgrammeFacts
    match: Match
    matched_at: datetime


async def read_application_match(
    session: AsyncSession, actor: Actor, application_id: str | UUID, *, editions: Editions, now: datetime
) -> WeighedApplication:
    """The whole explanation of one pair, with the reading noted."""
    stored = await store.stored_match(session, actor, application_id)
    person = await candidates.facts_of(session, actor, stored.candidate_id)
    programme = await programmes.facts_of(session, actor, stored.programme_id)
    audit.record(session, actor, action="match.read", subject=("application", stored.id), now=now)
    kept = _kept_match(stored.match)
    if kept is not None and stored.matched_at is not None:
        return WeighedApplication(stored.id, programme, kept, stored.matched_at)
    return WeighedApplication(stored.id, programme, weigh(editions, person, programme, now=now), now)


def _kept_match(document: Mapping[str, Any] | None) -> Match | None:
    """What was stored, unless an older release wrote it in a shape that is no longer read."""
    try:
        return Match.model_validate(document) if document is not None else None
    except ValidationError:
        return None
