"""Groups that start together: made, renamed, joined and left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from service.flows import assignments
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken
from service.store import audit, cohorts, reach
from service.store.assignments import paths_of_cohort
from service.tables.training import Cohort, CohortMember

MAX_MEMBERS = 500


@dataclass(frozen=True)
class Joining:
    """What came of adding people: who is new, and the assignments they were given."""

    added: tuple[UUID, ...]
    assignments: tuple[UUID, ...]


async def create(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    start_date: date,
    programme_id: UUID | None,
    now: datetime,
) -> UUID:
    """A new group without members."""
    check_name(name)
    assignments.check_start(start_date, today=civil_date(now))
    if programme_id is not None:
        await _check_programme(session, actor, programme_id)
    row = Cohort(
        name=name.strip(),
        programme_id=programme_id,
        start_date=start_date,
        created_by=actor.staff_id,
        created_at=now,
    )
    session.add(row)
    audit.record(session, actor, action="cohort.create", subject=("cohort", row.id), now=now)
    await session.flush()
    return row.id


def check_name(name: str) -> None:
    """A name is 1 to 120 characters that can be seen."""
    if not 1 <= len(name.strip()) <= 120 or not name.isprintable():
        raise RuleBroken(
            "Give the group a name of 1 to 120 characters.",
            faults=[Fault("/name", "length", "1 to 120 characters")],
        )


async def _check_programme(session: AsyncSession, actor: Actor, programme_id: UUID) -> None:
    try:
        await reach.programme_row(session, actor, programme_id)
    except NotFound:
        fault = Fault("/programme_id", "unknown", "no programme of yours has this id")
        raise RuleBroken("This programme is not known here.", faults=[fault]) from None


async def edit(
    session: AsyncSession,
    actor: Actor,
    row: Cohort,
    *,
    name: str | None,
    start_date: date | None,
    now: datetime,
) -> None:
    """Rename a group or move its start; assignments already given keep their dates."""
    if name is not None:
        check_name(name)
        row.name = name.strip()
    if start_date is not None:
        assignments.check_start(start_date, today=civil_date(now))
        row.start_date = start_date
    audit.record(session, actor, action="cohort.edit", subject=("cohort", row.id), now=now)
    await session.flush()


async def add_members(
    session: AsyncSession,
    actor: Actor,
    row: Cohort,
    candidate_ids: Sequence[UUID],
    *,
    editions: Editions,
    now: datetime,
    with_paths_from: date | None = None,
) -> Joining:
    """Add people within reach; those already in stay as they are.

    `with_paths_from` also gives the newcomers every path that the group has, from that date.
    """
    present = await cohorts.member_ids(session, row.id)
    wanted = [one for one in dict.fromkeys(candidate_ids) if one not in present]
    if len(present) + len(wanted) > MAX_MEMBERS:
        raise RuleBroken("A group holds at most %(most)s people.", most=MAX_MEMBERS)
    for candidate_id in wanted:
        await _check_person(session, actor, candidate_id)
        session.add(CohortMember(cohort_id=row.id, candidate_id=candidate_id, joined_at=now))
        audit.record(
            session, actor, action="cohort.join", subject=("candidate", candidate_id), now=now,
            detail={"cohort": str(row.id)},
        )  # fmt: skip
    await _count_change(session, row, changed=bool(wanted))
    given: list[UUID] = []
    for path in await paths_of_cohort(session, row.id) if with_paths_from and wanted else ():
        done = await assignments.give(
            session, actor, wanted, path=path, start_date=with_paths_from or row.start_date,
            cohort_id=row.id, editions=editions, now=now,
        )  # fmt: skip
        given.extend(done.created)
    return Joining(tuple(wanted), tuple(given))


async def _check_person(session: AsyncSession, actor: Actor, candidate_id: UUID) -> None:
    try:
        await reach.candidate_row(session, actor, candidate_id)
    except NotFound:
        fault = Fault("/candidates", "unknown", "%(id)s is nobody within your reach", {"id": candidate_id})
        raise RuleBroken("Somebody of this list is not known here.", faults=[fault]) from None


async def remove_member(
    session: AsyncSession, actor: Actor, row: Cohort, candidate_id: UUID, *, now: datetime
) -> None:
    """Take somebody out of a group; what they were given stays theirs."""
    await reach.candidate_row(session, actor, candidate_id)
    await session.delete(await cohorts.membership(session, row.id, candidate_id))
    await _count_change(session, row, changed=True)
    audit.record(
        session, actor, action="cohort.leave", subject=("candidate", candidate_id), now=now,
        detail={"cohort": str(row.id)},
    )  # fmt: skip


async def _count_change(session: AsyncSession, row: Cohort, *, changed: bool) -> None:
    """Members are part of what an ETag of the group stands for."""
    if changed:
        flag_modified(row, "name")
    await session.flush()


async def delete(session: AsyncSession, actor: Actor, row: Cohort, *, now: datetime) -> None:
    """Delete a group that nobody is in."""
    if await cohorts.member_ids(session, row.id):
        raise Conflict("Take its members out first.", code="cohort-not-empty")
    await session.delete(row)
    audit.record(session, actor, action="cohort.delete", subject=("cohort", row.id), now=now)
    await session.flush()
