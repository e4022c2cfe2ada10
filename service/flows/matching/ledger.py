"""The one skill ledger of a person: written by trainings, interviews and eyes at work, every level explained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.ledger import Held, held_by, next_change
from assessments.matching.ledger_policy import HowShown, LedgerPolicy
from onboarding.learning.progress import ModuleState, Progress
from onboarding.paths.paths import Path
from service.flows.matching.lexicons import revised
from service.flows.matching.matching import read_person, weigh_candidates
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, RuleBroken
from service.runtime.ids import new_id
from service.store import audit, reach
from service.store.matching import ledger as store
from service.store.matching.ledger import SkillEntryFacts
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.tables.ledger import SkillEntry
from service.tables.training import Assignment

MOST_LEVEL = 5
LONGEST = 500
AT_ONCE = 200


@dataclass(frozen=True)
class Ledger:
    """One person's skills on a day: what stands, every entry with who wrote it, and the rules.

    `editions` are those it was read by: our own list of skills as people changed it.
    """

    person: CandidateFacts
    held: tuple[Held, ...]
    entries: Mapping[str, SkillEntryFacts]
    ended: tuple[SkillEntryFacts, ...]
    policy: LedgerPolicy
    editions: Editions


@dataclass(frozen=True)
class Seen:
    """What somebody saw at work: a skill of the taxonomy, a level from 0 to 5, on which day, in words."""

    skill: str
    level: int
    seen_on: date
    words: str


async def read_ledger(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> Ledger:
    """The ledger of one person within reach; the reading is noted."""
    person = await candidates.facts_of(session, actor, candidate_id)
    audit.record(session, actor, action="ledger.read", subject=("candidate", person.id), now=now)
    return await ledger_of(session, person, editions=editions, now=now)


async def ledger_of(
    session: AsyncSession, person: CandidateFacts, *, editions: Editions, now: datetime
) -> Ledger:
    """The same for a caller that has checked who is asking and noted it."""
    editions = await revised(session, editions)
    today = civil_date(now)
    policy = editions.ledger_policy_on(today)
    found = await store.entries_of(session, person.id)
    counting = [one for one in found if one.ended_at is None]
    words = read_person(editions.matcher, person.as_profile, person.profile)
    held = held_by(words, [one.as_entry for one in counting], on=today, policy=policy)
    return Ledger(
        person, held, {str(one.id): one for one in counting},
        tuple(one for one in found if one.ended_at is not None), policy, editions,
    )  # fmt: skip


async def observe(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    seen: Seen,
    *,
    editions: Editions,
    now: datetime,
) -> SkillEntryFacts:
    """Note what one saw of a person at work; said again word for word, it is the first note.

    RuleBroken with a pointer for each thing that does not fit. Only a member of staff who signed in sees anybody.
    """
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("Only a member of staff who signed in can note what they saw.")
    person = await reach.candidate_row(session, actor, candidate_id)
    editions = await revised(session, editions)
    policy = editions.ledger_policy_on(civil_date(now))
    said = " ".join(seen.words.split())
    if faults := _faults_of(seen, said, policy, editions=editions, today=civil_date(now)):
        raise RuleBroken("This cannot be noted as it is; see errors.", faults=faults)
    entry_id = uuid5(person.id, f"seen {actor.staff_id} {seen.skill} {seen.level} {seen.seen_on} {said}")
    row = SkillEntry(
        id=entry_id, candidate_id=person.id, skill=seen.skill, level=seen.level, evidence=HowShown.OBSERVED,
        known_on=seen.seen_on, words=said, policy_edition=policy.edition, staff_id=actor.staff_id,
        recorded_at=now,
    )  # fmt: skip
    found = {one.id: one for one in await store.entries_of(session, person.id)}
    if entry_id in found and found[entry_id].ended_at is not None:
        row.id = new_id()
    await record(session, actor, person.id, (row,), editions=editions, now=now)
    return next(one for one in await store.entries_of(session, person.id) if one.id == row.id)


def _faults_of(
    seen: Seen, said: str, policy: LedgerPolicy, *, editions: Editions, today: date
) -> list[Fault]:
    faults = []
    if seen.skill not in editions.resolver.skills:
        faults.append(Fault("/skill", "unknown-skill", "Choose a skill of the list."))
    if not 0 <= seen.level <= MOST_LEVEL:
        faults.append(Fault("/level", "out-of-range", "A level from 0 to 5."))
    if seen.seen_on > today:
        faults.append(Fault("/seen_on", "to-come", "A day that has come; this one is still to come."))
    least = policy.observation_least_characters
    if len(said) < least:
        told = {"least": least}
        faults.append(
            Fault("/words", "too-short", "Say what you saw in at least %(least)s characters.", told)
        )
    if len(said) > LONGEST:
        faults.append(Fault("/words", "too-long", "at most %(most)s characters", {"most": LONGEST}))
    return faults


async def take_back(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    entry_id: str | UUID,
    *,
    why: str,
    editions: Editions,
    now: datetime,
) -> None:
    """End a note that one wrote oneself, with a reason; it stays readable. Conflict for one that ended before."""
    person = await reach.candidate_row(session, actor, candidate_id)
    row = await store.entry_row(session, person.id, entry_id)
    if actor.kind is not ActorKind.STAFF or row.staff_id is None or row.staff_id != actor.staff_id:
        raise Forbidden("Only whoever wrote this note can take it back.")
    if row.ended_at is not None:
        raise Conflict("This note was taken back already.", code="already-ended")
    if not why.strip():
        raise RuleBroken("Say why.", faults=[Fault("/why", "missing", "a few words on why")])
    await end(session, actor, row, why=why, editions=editions, now=now)


async def end(
    session: AsyncSession, actor: Actor, row: SkillEntry, *, why: str, editions: Editions, now: datetime
) -> None:
    """Let an entry count no more; the caller has checked who may."""
    row.ended_at, row.ended_by, row.ended_why = now, actor.staff_id, why.strip()[:2000]
    await session.flush()
    audit.record(
        session, actor, action="ledger.end", subject=("candidate", row.candidate_id), now=now,
        detail={"entry": str(row.id), "skill": row.skill},
    )  # fmt: skip
    await rewrite(session, row.candidate_id, editions=editions, now=now)


async def record(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    rows: Sequence[SkillEntry],
    *,
    editions: Editions,
    now: datetime,
) -> None:
    """Add the entries that are not there yet, and bring the person's levels and open applications up to them."""
    known = await store.known_ids(session, [row.id for row in rows])
    added = [row for row in rows if row.id not in known]
    if not added:
        return
    session.add_all(added)
    await session.flush()
    audit.record(
        session, actor, action="ledger.record", subject=("candidate", candidate_id), now=now,
        detail={"entries": [str(row.id) for row in added], "evidence": added[0].evidence.value},
    )  # fmt: skip
    await rewrite(session, candidate_id, editions=editions, now=now)


async def rewrite(session: AsyncSession, candidate_id: UUID, *, editions: Editions, now: datetime) -> None:
    """Write what counts beside the profile, and weigh the applications under way anew."""
    today = civil_date(now)
    entries = [one.as_entry for one in await store.entries_of(session, candidate_id) if one.ended_at is None]
    until = next_change(entries, on=today, policy=editions.ledger_policy_on(today))
    told: list[dict[str, Any]] = [one.model_dump(mode="json") for one in entries]
    await store.put_beside(session, candidate_id, ledger=told or None, until=until)
    await weigh_candidates(session, editions, [candidate_id], now=now)


async def refresh_due(session: AsyncSession, *, editions: Editions, now: datetime) -> int:
    """Bring people whose levels aged up to today, at most 200 at once; how many."""
    due = await store.people_due(session, today=civil_date(now), limit=AT_ONCE)
    for candidate_id in due:
        await rewrite(session, candidate_id, editions=editions, now=now)
    return len(due)


async def note_training(
    session: AsyncSession,
    row: Assignment,
    path: Path,
    progressed: Progress,
    *,
    editions: Editions,
    now: datetime,
) -> None:
    """Write what the modules that are done have shown; each module once, on the day it was done.

    A module that somebody was exempted from counts the same, and its words say so.
    """
    policy = editions.ledger_policy_on(civil_date(now))
    rows = [
        SkillEntry(
            id=uuid5(row.id, f"trained {module} {skill}"), candidate_id=row.candidate_id, skill=skill,
            level=level, evidence=HowShown.TRAINED, known_on=done_on,
            words=f"Module « {title} » {'dispensé sur preuve' if is_exempted else 'terminé'}", source_id=row.id,
            policy_edition=policy.edition, recorded_at=now,
        )
        for module, title, done_on, is_exempted in _done(progressed)
        for skill, level in _taught(policy, path, module).items()
        if level and skill in editions.resolver.skills
    ]  # fmt: skip
    await record(session, SYSTEM, row.candidate_id, rows, editions=editions, now=now)


def _done(progressed: Progress) -> Iterable[tuple[str, str, date, bool]]:
    return (
        (one.module, one.title.fr, one.completed_on, one.state is ModuleState.EXEMPTED)
        for one in progressed.modules
        if one.completed_on
    )


def _taught(policy: LedgerPolicy, path: Path, slug: str) -> Mapping[str, int]:
    """What a module shows: by a rule of the policy, by its author's names, or at the levels that it says itself."""
    module = path.module(slug)
    if module is None:
        return {}
    said = {one.skill: one.level for one in module.levels}
    return {**policy.taught(path.slug, slug, named=module.teaches), **said}


async def end_training(
    session: AsyncSession, assignment: Assignment, *, why: str, editions: Editions, now: datetime
) -> None:
    """Let what a training showed count no more, once it holds no longer; the entries stay readable."""
    found = await store.entries_from(session, assignment.candidate_id, assignment.id)
    for row in found:
        row.ended_at, row.ended_why = now, why
    await session.flush()
    for row in found:
        audit.record(
            session, SYSTEM, action="ledger.end", subject=("candidate", row.candidate_id), now=now,
            detail={"entry": str(row.id), "skill": row.skill},
        )  # fmt: skip
    if found:
        await rewrite(session, assignment.candidate_id, editions=editions, now=now)


@dataclass(frozen=True)
class Readings:
    """What was sent of one interview: by question its label and the ratings of those who rated it."""

    interview_id: UUID
    labels: Mapping[str, str]
    ratings: Sequence[Mapping[str, int | None]]


async def note_interview(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    readings: Readings,
    *,
    editions: Editions,
    now: datetime,
) -> None:
    """Write what a closed interview has shown, question by question; readings too far apart show nothing."""
    policy = editions.ledger_policy_on(civil_date(now))
    rows = [
        SkillEntry(
            id=uuid5(readings.interview_id, f"tested {question} {skill}"), candidate_id=candidate_id,
            skill=skill, level=level, evidence=HowShown.TESTED, known_on=civil_date(now),
            words=f"Entretien, question « {label} »", source_id=readings.interview_id,
            policy_edition=policy.edition, recorded_at=now,
        )
        for question, label in readings.labels.items()
        if (level := policy.interview.level(_given(readings, question)))
        for skill in policy.skills_of(question)
    ]  # fmt: skip
    await record(session, actor, candidate_id, rows, editions=editions, now=now)


def _given(readings: Readings, question: str) -> tuple[int, ...]:
    return tuple(value for one in readings.ratings if (value := one.get(question)) is not None)
