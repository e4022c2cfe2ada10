"""How it went afterwards: what was recorded of people at work, as frozen facts."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.ids import parse_id
from service.runtime.vocabulary import OutcomeMeasure, Stage
from service.store import reach
from service.tables.applications import Application
from service.tables.outcomes import Outcome
from service.tables.people import Candidate, Staff


class OutcomeFacts(BaseModel):
    """One thing seen of one person so many days after the start; the newest of its kind counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    candidate_id: UUID
    application_id: UUID | None
    days: int
    measure: OutcomeMeasure
    value: int
    recorded_on: date
    recorded_by: UUID | None
    staff_name: str | None
    note: str
    created_at: datetime


def outcome_facts(row: Outcome, *, staff_name: str | None) -> OutcomeFacts:
    return OutcomeFacts(**row.model_dump(), staff_name=staff_name)


async def outcomes_of(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID
) -> tuple[OutcomeFacts, ...]:
    """All that was recorded of one person within reach, by days, newest first."""
    person = await reach.candidate_row(session, actor, candidate_id)
    rows = await session.execute(
        select(Outcome, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(Outcome.recorded_by))
        .where(col(Outcome.candidate_id) == person.id)
        .order_by(col(Outcome.days), col(Outcome.measure), col(Outcome.created_at).desc(), col(Outcome.id))
    )
    return tuple(outcome_facts(row, staff_name=name) for row, name in rows)


class Person(BaseModel):
    """Somebody that a file names, and whether anything can be noted of their work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    is_hired: bool


NAMES_AT_ONCE = 500


async def people_named(
    session: AsyncSession, actor: Actor, names: Iterable[str]
) -> dict[str, tuple[Person, ...]]:
    """People within reach by our id, the id of the file they came from, or e-mail; keys are casefolded."""
    wanted = sorted({name.casefold() for name in names})
    hired = (
        select(col(Application.id))
        .where(col(Application.candidate_id) == col(Candidate.id), col(Application.stage) == Stage.HIRED)
        .exists()
    )
    found: dict[str, dict[UUID, Person]] = {}
    for start in range(0, len(wanted), NAMES_AT_ONCE):
        part = wanted[start : start + NAMES_AT_ONCE]
        rows = await session.execute(
            select(
                col(Candidate.id),
                col(Candidate.external_id),
                col(Candidate.email),
                col(Candidate.is_agent),
                hired,
            ).where(
                reach.candidates_within(actor),
                or_(
                    col(Candidate.id).in_([one for one in map(parse_id, part) if one is not None]),
                    func.lower(col(Candidate.external_id)).in_(part),
                    func.lower(col(Candidate.email)).in_(part),
                ),
            )
        )
        for person_id, external_id, email, is_agent, is_hired in rows:
            person = Person(id=person_id, is_hired=bool(is_agent or is_hired))
            for name in {str(person_id), (external_id or "").casefold(), email.casefold()} & set(part):
                found.setdefault(name, {})[person_id] = person
    return {name: tuple(people.values()) for name, people in found.items()}


async def noted_of(
    session: AsyncSession, candidate_ids: Iterable[UUID]
) -> set[tuple[UUID, int, OutcomeMeasure, int, date]]:
    """What is noted of these people already. The caller has checked who is asking."""
    wanted, found = sorted(candidate_ids), set()
    for start in range(0, len(wanted), NAMES_AT_ONCE):
        rows = await session.execute(
            select(
                col(Outcome.candidate_id), col(Outcome.days), col(Outcome.measure), col(Outcome.value),
                col(Outcome.recorded_on),
            ).where(col(Outcome.candidate_id).in_(wanted[start : start + NAMES_AT_ONCE]))
        )  # fmt: skip
        found |= {(one[0], one[1], one[2], one[3], one[4]) for one in rows}
    return found


async def hired_application_ids(session: AsyncSession, candidate_id: UUID) -> tuple[UUID, ...]:
    """The applications by which this person was hired, newest first. The caller has checked who is asking."""
    found = await session.scalars(
        select(col(Application.id))
        .where(col(Application.candidate_id) == candidate_id, col(Application.stage) == Stage.HIRED)
        .order_by(col(Application.stage_since).desc(), col(Application.id))
    )
    return tuple(found)
