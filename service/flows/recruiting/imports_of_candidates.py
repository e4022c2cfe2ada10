"""The people of a file against those known: who is new, who changed, who is likely somebody known already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.flows.matching.matching import weigh_candidates
from service.flows.people.candidates import (
    Identity,
    new_row,
    profile_document,
    put_identity,
    remembered,
    skill_values,
)
from service.flows.people.duplicates import TwinFinder
from service.flows.reading.reading_files import CandidateRow
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.ids import new_id
from service.runtime.vocabulary import Locale, Source
from service.store import audit
from service.store.people.duplicates import KnownPerson, known_people
from service.tables.people import Candidate, CandidateSkill

KEYS_AT_ONCE = 500


@dataclass(frozen=True)
class FoundTwin:
    """A new row and whom it is likely the same as."""

    line: int
    name: str
    other_name: str
    candidate_id: UUID | None
    other_line: int | None
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A known person and what the file says newly."""

    row: Candidate
    profile: dict[str, Any]
    identity: Identity


@dataclass(frozen=True)
class PlannedPeople:
    """What applying the rows would do."""

    new: tuple[tuple[Candidate, str], ...]
    changed: tuple[Change, ...]
    unchanged: int
    twins: tuple[FoundTwin, ...]


async def plan_people(session: AsyncSession, rows: Sequence[CandidateRow]) -> PlannedPeople:
    """Compare; nothing is written. A row is known by its key, which was kept as the external id."""
    known = await _rows_by_key(session, [row.key for row in rows])
    finder = TwinFinder(await known_people(session))
    new: list[tuple[Candidate, str]] = []
    changed: list[Change] = []
    twins: list[FoundTwin] = []
    lines: dict[UUID, int] = {}
    unchanged = 0
    for row in rows:
        present = known.get(row.key)
        if present is None:
            made = _row_of(row)
            new.append((made, row.key))
            twins += _twins(finder, made, row.line, lines)
        else:
            change = _change(present, row)
            changed += [change] if change else []
            unchanged += change is None
    return PlannedPeople(tuple(new), tuple(changed), unchanged, tuple(twins))


async def _rows_by_key(session: AsyncSession, keys: Sequence[str]) -> Mapping[str, Candidate]:
    found: dict[str, Candidate] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        rows = await session.scalars(select(Candidate).where(col(Candidate.external_id).in_(part)))
        found.update({row.external_id: row for row in rows if row.external_id})
    return found


def identity_of(row: CandidateRow) -> Identity:
    """Given and family name as written, or parted from a name in one piece."""
    said = row.identity
    email, phone = str(said.email or ""), said.phone or ""
    if said.name and not said.given_name and not said.family_name:
        return Identity.from_whole_name(said.name, email=email, phone=phone)
    return Identity(said.given_name or "", said.family_name or "", email, phone)


def _row_of(row: CandidateRow) -> Candidate:
    # The moment is set when the row is written; a plan that is only shown needs none.
    return new_row(row.profile, identity_of(row), source=Source.IMPORTED, now=_NEVER, external_id=row.key)


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _twins(finder: TwinFinder, made: Candidate, line: int, lines: dict[UUID, int]) -> list[FoundTwin]:
    name = f"{made.given_name} {made.family_name}".strip() or made.pseudonym
    person = KnownPerson(made.id, name, made.folded_name, made.folded_email, made.folded_phone)
    found = [
        FoundTwin(
            line=line,
            name=name,
            other_name=twin.known.shown_name,
            candidate_id=None if twin.known.id in lines else twin.known.id,
            other_line=lines.get(twin.known.id),
            signs=tuple(sign.value for sign in twin.signs),
        )
        for twin in finder.twins_of(person)
    ]
    finder.add(person)
    lines[made.id] = line
    return found


def _change(present: Candidate, row: CandidateRow) -> Change | None:
    """What the file says newly; what it leaves empty never erases what is known."""
    said = {name: value for name, value in profile_document(row.profile).items() if value not in ("", [], {})}
    profile = {**present.profile, **said}
    new = identity_of(row)
    identity = Identity(
        new.given_name or present.given_name,
        new.family_name or present.family_name,
        new.email or present.email,
        new.phone or present.phone,
    )
    old = Identity(present.given_name, present.family_name, present.email, present.phone)
    return None if profile == present.profile and identity == old else Change(present, profile, identity)


async def write_people(
    session: AsyncSession, actor: Actor, plan: PlannedPeople, *, editions: Editions, now: datetime
) -> None:
    """Write the plan in the caller's transaction, each person with an audit entry and known skills."""
    for row, _ in plan.new:
        row.created_at = row.updated_at = now
    session.add_all([row for row, _ in plan.new])
    await session.flush()
    for change in plan.changed:
        put_identity(change.row, change.identity)
        change.row.profile, change.row.updated_at = change.profile, now
        change.row.locale = Locale(change.profile.get("locale", "fr"))
    await _forget_skills(session, [change.row.id for change in plan.changed])
    touched = [row for row, _ in plan.new] + [change.row for change in plan.changed]
    await _write_skills(session, touched, editions)
    await weigh_candidates(session, editions, [change.row.id for change in plan.changed], now=now)
    for place, row in enumerate(touched):
        action = "candidate.create" if place < len(plan.new) else "candidate.edit"
        audit.record(
            session,
            actor,
            action=action,
            subject=("candidate", row.id),
            now=now,
            detail={"source": "imported"},
        )
    await session.flush()


async def _write_skills(session: AsyncSession, touched: Sequence[Candidate], editions: Editions) -> None:
    """One statement for all: thousands of rows through the identity map would take most of the import's time."""
    read = remembered(editions)
    values = [
        {"id": new_id(), **values} for row in touched for values in skill_values(read, row.id, row.profile)
    ]
    if values:
        await session.execute(insert(CandidateSkill), values)


async def _forget_skills(session: AsyncSession, candidate_ids: Sequence[UUID]) -> None:
    for start in range(0, len(candidate_ids), KEYS_AT_ONCE):
        part = candidate_ids[start : start + KEYS_AT_ONCE]
        await session.execute(delete(CandidateSkill).where(col(CandidateSkill.candidate_id).in_(part)))
