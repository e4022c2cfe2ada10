"""A wave is composed: its programmes with seats and needs, the people it may place, and what a recruiter fixes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col

from service.flows.people.candidates import CheckVersion
from service.flows.waves.waves_needs import checked, is_closed_then
from service.runtime.actors import Actor
from service.runtime.errors import Fault, NotFound, RuleBroken
from service.runtime.vocabulary import FINAL_STAGES, LockKind, ProgrammeState
from service.store import audit, reach
from service.store.people.candidates import CandidateQuestion, found_by
from service.store.waves import waves as store
from service.store.waves.waves import NeedFacts, WaveFacts
from service.tables.applications import Application
from service.tables.people import Candidate
from service.tables.waves import Wave, WaveLock, WavePerson, WaveProgramme

MOST_PROGRAMMES = 60
MOST_PEOPLE = 5_000
MOST_SEATS = 100_000


@dataclass(frozen=True)
class Added:
    """What came of taking people in: how many are new, and how many the question found."""

    added: int
    found: int


async def create(
    session: AsyncSession, actor: Actor, *, name: str, now: datetime, note: str = ""
) -> WaveFacts:
    """A new wave with nothing in it."""
    row = Wave(name=_name(name), note=note.strip(), staff_id=actor.staff_id, created_at=now, updated_at=now)
    session.add(row)
    audit.record(session, actor, action="wave.create", subject=("wave", row.id), now=now)
    await session.flush()
    return await store.facts_of(session, actor, row.id)


async def edit(
    session: AsyncSession,
    actor: Actor,
    wave_id: str | UUID,
    *,
    check_version: CheckVersion,
    now: datetime,
    name: str | None = None,
    note: str | None = None,
) -> WaveFacts:
    """Rename a wave or change its note."""
    row = await store.wave_row(session, actor, wave_id, to_change=True)
    check_version(row.version)
    row.name = row.name if name is None else _name(name)
    row.note = row.note if note is None else note.strip()
    await _changed(session, actor, row, action="wave.edit", now=now)
    return await store.facts_of(session, actor, row.id)


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 120 or not name.strip().isprintable():
        raise RuleBroken(
            "Give the wave a name of 1 to 120 characters.",
            faults=[Fault("/name", "length", "1 to 120 characters")],
        )
    return name.strip()


async def _changed(
    session: AsyncSession, actor: Actor, row: Wave, *, action: str, now: datetime, **detail: object
) -> None:
    row.updated_at = now
    # Two changes in one moment are two versions all the same.
    flag_modified(row, "updated_at")
    audit.record(session, actor, action=action, subject=("wave", row.id), now=now, detail=dict(detail))
    await session.flush()


async def put_programme(
    session: AsyncSession,
    actor: Actor,
    wave_id: str | UUID,
    programme_id: str | UUID,
    *,
    seats: int,
    needs: Sequence[NeedFacts],
    now: datetime,
) -> WaveFacts:
    """Take an open programme in, or change its seats and needs in this wave; doing it twice changes nothing."""
    row = await store.wave_row(session, actor, wave_id, to_change=True)
    programme = await reach.programme_row(session, actor, programme_id)
    if programme.state is not ProgrammeState.OPEN:
        raise RuleBroken("This programme is closed; open it first.", code="programme-closed")
    if not 0 <= seats <= MOST_SEATS:
        fault = Fault("/seats", "range", "from 0 to %(most)s seats", {"most": MOST_SEATS})
        raise RuleBroken("This is not a number of seats.", faults=[fault])
    kept = checked(needs)
    if is_closed_then(needs, programme.profile.get("opening_hours", [])):
        fault = Fault("/needs", "closed", "the programme is closed in some of these half hours")
        raise RuleBroken("Needs lie inside the opening hours of the programme.", faults=[fault])
    entry = await _entry(session, row.id, programme.id)
    if entry is None:
        position = await _next_position(session, row.id)
        entry = WaveProgramme(
            wave_id=row.id, programme_id=programme.id, position=position, seats=seats, needs=kept
        )
        session.add(entry)
    else:
        entry.seats, entry.needs = seats, kept
    await _changed(
        session, actor, row, action="wave.programme", now=now, programme=str(programme.id), seats=seats
    )
    return await store.facts_of(session, actor, row.id)


async def _entry(session: AsyncSession, wave_id: UUID, programme_id: UUID) -> WaveProgramme | None:
    return await session.scalar(
        select(WaveProgramme).where(
            col(WaveProgramme.wave_id) == wave_id, col(WaveProgramme.programme_id) == programme_id
        )
    )


async def _next_position(session: AsyncSession, wave_id: UUID) -> int:
    places = list(
        await session.scalars(
            select(col(WaveProgramme.position)).where(col(WaveProgramme.wave_id) == wave_id)
        )
    )
    if len(places) >= MOST_PROGRAMMES:
        raise RuleBroken("A wave holds at most %(most)s programmes.", most=MOST_PROGRAMMES, code="too-many")
    return max(places, default=0) + 1


async def remove_programme(
    session: AsyncSession, actor: Actor, wave_id: str | UUID, programme_id: str | UUID, *, now: datetime
) -> WaveFacts:
    """Take a programme out of a wave, with what was fixed there; scenarios stay as they were proposed."""
    row = await store.wave_row(session, actor, wave_id, to_change=True)
    entry = await _entry(session, row.id, reach.id_of(programme_id))
    if entry is None:
        raise NotFound
    await session.execute(
        sa.delete(WaveLock).where(
            col(WaveLock.wave_id) == row.id, col(WaveLock.programme_id) == entry.programme_id
        )
    )
    await session.delete(entry)
    await _changed(
        session, actor, row, action="wave.programme_out", now=now, programme=str(entry.programme_id)
    )
    return await store.facts_of(session, actor, row.id)


async def add_people(
    session: AsyncSession,
    actor: Actor,
    wave_id: str | UUID,
    *,
    now: datetime,
    candidate_ids: Sequence[UUID] = (),
    question: CandidateQuestion | None = None,
    applying: bool = False,
) -> Added:
    """Take people in: those named, those whom a question about the pool finds, or whoever applies to its programmes.

    Who was hired is left out, as is who is in already. NotFound when one of those named is out of reach.
    """
    row = await store.wave_row(session, actor, wave_id, to_change=True)
    wanted = select(col(Candidate.id)).where(
        reach.candidates_within(actor), ~col(Candidate.is_agent), *_asked(actor, row, question, applying)
    )
    if candidate_ids:
        await _check_named(session, actor, candidate_ids)
        wanted = wanted.where(col(Candidate.id).in_(candidate_ids))
    elif question is None and not applying:
        raise RuleBroken("Say whom to take in: ids, words to search, or those who apply.")
    found = set(await session.scalars(wanted.limit(MOST_PEOPLE + 1)))
    present = await store.people_ids(session, row.id)
    new = sorted(found - present)
    if len(present) + len(new) > MOST_PEOPLE:
        raise RuleBroken("A wave holds at most %(most)s people.", most=MOST_PEOPLE, code="too-many")
    session.add_all(WavePerson(wave_id=row.id, candidate_id=one) for one in new)
    await _changed(session, actor, row, action="wave.people_in", now=now, people=[str(one) for one in new])
    return Added(len(new), len(found))


def _asked(
    actor: Actor, row: Wave, question: CandidateQuestion | None, applying: bool
) -> list[sa.ColumnElement[bool]]:
    asked = [] if question is None else found_by(actor, question)
    if applying:
        asked.append(
            col(Candidate.id).in_(
                select(col(Application.candidate_id))
                .join(WaveProgramme, col(WaveProgramme.programme_id) == col(Application.programme_id))
                .where(col(WaveProgramme.wave_id) == row.id, col(Application.stage).not_in(FINAL_STAGES))
            )
        )
    return asked


async def _check_named(session: AsyncSession, actor: Actor, candidate_ids: Sequence[UUID]) -> None:
    reached = set(
        await session.scalars(
            select(col(Candidate.id)).where(
                reach.candidates_within(actor), col(Candidate.id).in_(candidate_ids)
            )
        )
    )
    if set(candidate_ids) - reached:
        raise NotFound


async def remove_person(
    session: AsyncSession, actor: Actor, wave_id: str | UUID, candidate_id: str | UUID, *, now: datetime
) -> WaveFacts:
    """Leave one person out of the next runs; the file and the applications of the person stay as they are."""
    row = await store.wave_row(session, actor, wave_id, to_change=True)
    person = reach.id_of(candidate_id)
    entry = await session.scalar(
        select(WavePerson).where(col(WavePerson.wave_id) == row.id, col(WavePerson.candidate_id) == person)
    )
    if entry is None:
        raise NotFound
    await session.execute(
        sa.delete(WaveLock).where(col(WaveLock.wave_id) == row.id, col(WaveLock.candidate_id) == person)
    )
    await session.delete(entry)
    await _changed(session, actor, row, action="wave.person_out", now=now, person=str(person))
    return await store.facts_of(session, actor, row.id)


async def lock(
    session: AsyncSession,
    actor: Actor,
    wave_id: str | UUID,
    candidate_id: str | UUID,
    programme_id: str | UUID,
    *,
    kind: LockKind,
    now: datetime,
) -> WaveFacts:
    """Fix a person at a programme, or say never there, for every later run; a person is fixed at one programme only."""
    row = await store.wave_row(session, actor, wave_id, to_change=True)
    person, programme = await _pair(session, row, candidate_id, programme_id)
    earlier = await session.scalars(
        select(WaveLock).where(col(WaveLock.wave_id) == row.id, col(WaveLock.candidate_id) == person)
    )
    for one in earlier:
        if one.programme_id == programme or LockKind.AT is kind is one.kind:
            await session.delete(one)
    await session.flush()
    session.add(
        WaveLock(
            wave_id=row.id, candidate_id=person, programme_id=programme, kind=kind,
            staff_id=actor.staff_id, locked_at=now,
        )
    )  # fmt: skip
    await _changed(
        session, actor, row, action="wave.lock", now=now, person=str(person), programme=str(programme),
        kind=kind.value,
    )  # fmt: skip
    return await store.facts_of(session, actor, row.id)


async def unlock(
    session: AsyncSession,
    actor: Actor,
    wave_id: str | UUID,
    candidate_id: str | UUID,
    programme_id: str | UUID,
    *,
    now: datetime,
) -> WaveFacts:
    """Leave a person free again; nothing fixed is no error, as long as both are in the wave."""
    row = await store.wave_row(session, actor, wave_id, to_change=True)
    person, programme = await _pair(session, row, candidate_id, programme_id)
    await session.execute(
        sa.delete(WaveLock).where(
            col(WaveLock.wave_id) == row.id,
            col(WaveLock.candidate_id) == person,
            col(WaveLock.programme_id) == programme,
        )
    )
    await _changed(
        session, actor, row, action="wave.unlock", now=now, person=str(person), programme=str(programme)
    )
    return await store.facts_of(session, actor, row.id)


async def _pair(
    session: AsyncSession, row: Wave, candidate_id: str | UUID, programme_id: str | UUID
) -> tuple[UUID, UUID]:
    """A person and a programme of this wave; NotFound when one of them is not in it."""
    person, programme = reach.id_of(candidate_id), reach.id_of(programme_id)
    is_in = select(col(WavePerson.id)).where(
        col(WavePerson.wave_id) == row.id, col(WavePerson.candidate_id) == person
    )
    if await session.scalar(is_in) is None or await _entry(session, row.id, programme) is None:
        raise NotFound
    return person, programme
