"""People and programmes weighed: stored for each application, on demand for everything else."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.matching.ledger import Entry, overlay
from assessments.matching.matching import Match, Matcher, Prepared
from assessments.matching.readings import PersonReading
from assessments.profiles import CandidateProfile, ProgrammeProfile
from service.flows.matching.plans import plan_match
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import FINAL_STAGES
from service.store.matching import packed_readings
from service.store.people.candidates import CandidateFacts
from service.store.recruiting.programmes import ProgrammeFacts
from service.tables.applications import Application
from service.tables.people import Candidate
from service.tables.programmes import Programme

T = TypeVar("T")

MOST_KEPT = 5_000
AT_ONCE = 500


class Lately(Generic[T]):
    """What was made of a text lately, by its content: an edited file is another text, so nothing kept is ever stale."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def of(self, key: str, make: Callable[[], T]) -> T:
        """The value of `key`, made when it is not kept; the one longest unused goes first."""
        found = self.known(key)
        return self.keep(key, make()) if found is None else found

    def known(self, key: str) -> T | None:
        """The value of `key` if it is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: str, made: T) -> T:
        """Keep a value made elsewhere."""
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


_readings: Lately[PersonReading] = Lately(MOST_KEPT)
_wishes: Lately[Prepared] = Lately(500)


def read_person(matcher: Matcher, profile: CandidateProfile, document: Mapping[str, Any]) -> PersonReading:
    """What a person's own words show. Reading costs some milliseconds, weighing a fraction: readings are kept."""
    key = _key(matcher, document)
    return _readings.of(key, lambda: matcher.reader.read(profile))


def reading_of(editions: Editions, person: CandidateFacts, *, on: date) -> PersonReading:
    """What matching reads of a person on a day: their own words, and over them what the ledger shows, if anything."""
    matcher = editions.matcher
    words = read_person(matcher, person.as_profile, person.profile)
    entries = entries_of(person)
    return (
        overlay(matcher.reader, words, entries, on=on, policy=editions.ledger_policy_on(on))
        if entries
        else words
    )


def entries_of(person: CandidateFacts) -> tuple[Entry, ...]:
    """What counts of a person's ledger, as kept beside their profile."""
    return tuple(Entry.model_validate_json(json.dumps(one)) for one in person.ledger or ())


def read_programme(matcher: Matcher, profile: ProgrammeProfile, document: Mapping[str, Any]) -> Prepared:
    """A programme's wishes as known skills; the profile's id is the caller's, whoever read it first."""
    kept = _wishes.of(_key(matcher, document), lambda: matcher.prepare(profile))
    return Prepared(profile, kept.wishes, kept.conditions, kept.sectors)


def _key(matcher: Matcher, document: Mapping[str, Any]) -> str:
    text = json.dumps([matcher.editions.model_dump(), document], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def weigh(editions: Editions, person: CandidateFacts, programme: ProgrammeFacts, *, now: datetime) -> Match:
    """One pair with its plan; its rank is 1, since nobody else is compared."""
    matcher = editions.matcher
    profile = person.as_profile
    reading = reading_of(editions, person, on=civil_date(now))
    wanted = programme.as_profile
    match = matcher.weigh(profile, reading, read_programme(matcher, wanted, programme.profile))
    return plan_match(editions, match, now=now, start=wanted.start_date)


def note_match(
    editions: Editions, application: Application, person: Candidate, programme: Programme, *, now: datetime
) -> Match:
    """Weigh one application from its rows and write the result on it; nothing is flushed."""
    match = weigh(
        editions, CandidateFacts.model_validate(person), ProgrammeFacts.model_validate(programme), now=now
    )
    application.match = match.model_dump(mode="json")
    application.match_outcome = match.outcome.value
    application.match_score = hundredths(match.score)
    application.matched_at = now
    return match


def hundredths(score: float) -> int:
    """A score as applications keep it.

    >>> hundredths(99.58)
    9958
    """
    return round(score * 100)


async def weigh_application(
    session: AsyncSession, editions: Editions, application: Application, *, now: datetime
) -> Match | None:
    """Weigh one application anew and store the result with the editions used; None for one without a programme."""
    person = await session.get(Candidate, application.candidate_id)
    programme = await session.get(Programme, application.programme_id) if application.programme_id else None
    if person is None or programme is None:
        return None
    return note_match(editions, application, person, programme, now=now)


async def weigh_candidates(
    session: AsyncSession, editions: Editions, candidate_ids: Sequence[UUID], *, now: datetime
) -> int:
    """Weigh every application under way of people whose profiles changed; how many. Closed ones stay as they were.

    What was packed of these people is forgotten: the next large list packs them anew.
    """
    await packed_readings.forget(session, candidate_ids)
    return await _weigh_open(session, editions, col(Application.candidate_id), candidate_ids, now=now)


async def weigh_programmes(
    session: AsyncSession, editions: Editions, programme_ids: Sequence[UUID], *, now: datetime
) -> int:
    """Weigh every application under way for programmes that changed; how many. Closed ones stay as they were."""
    return await _weigh_open(session, editions, col(Application.programme_id), programme_ids, now=now)


async def _weigh_open(
    session: AsyncSession, editions: Editions, column: Any, ids: Sequence[UUID], *, now: datetime
) -> int:
    count = 0
    for start in range(0, len(ids), AT_ONCE):
        rows = await session.execute(
            select(Application, Candidate, Programme)
            .join(Candidate, col(Candidate.id) == col(Application.candidate_id))
            .join(Programme, col(Programme.id) == col(Application.programme_id))
            .where(column.in_(ids[start : start + AT_ONCE]), col(Application.stage).not_in(FINAL_STAGES))
            .order_by(col(Application.id))
        )
        found = rows.all()
        count += len(found)
        for application, person, programme in found:
            note_match(editions, application, person, programme, now=now)
    return count
