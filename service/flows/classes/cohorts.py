"""Groups that start together: made, renamed, joined and left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from service.flows.classes import class_seats
from service.flows.learning import assignments
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken
from service.runtime.settings import Settings
from service.store import audit, reach
from service.store.learning import cohorts
from service.store.learning.assignments import paths_of_cohort
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
    seats: int | None = None,
) -> UUID:
    """A new group without members, for as many as `seats` says."""
    check_name(name)
    check_seats(seats)
    assignments.check_start(start_date, today=civil_date(now))
    if programme_id is not None:
        await _check_programme(session, actor, programme_id)
    row = Cohort(
        name=name.strip(),
        programme_id=programme_id,
        start_date=start_date,
        seats=seats,
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


def check_seats(seats: int | None, *, members: int = 0) -> None:
    """Seats are at least as many as the people in the group already, and at most what any group may hold."""
    if seats is not None and not max(1, members) <= seats <= MAX_MEMBERS:
        least = max(1, members)
        fault = Fault("/seats", "range", "%(least)s to %(most)s", {"least": least, "most": MAX_MEMBERS})
        raise RuleBroken(
            "A group has %(least)s to %(most)s seats.", least=least, most=MAX_MEMBERS, faults=[fault]
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
    seats: int | None = None,
    without_seats: bool = False,
) -> None:
    """Rename a group, move its start or give it other seats; assignments already given keep their dates.

    What is None stays; `without_seats` takes the bound away.
    """
    if name is not None:
        check_name(name)
        row.name = name.strip()
    if start_date is not None:
        assignments.check_start(start_date, today=civil_date(now))
        row.start_date = start_date
    if seats is not None or without_seats:
        check_seats(seats, members=len(await cohorts.member_ids(session, row.id)))
        row.seats = seats
    audit.record(session, actor, action="cohort.edit", subject=("cohort", row.id), now=now)
    await session.flush()


async def add_members(
    session: AsyncSession,
    actor: Actor,
    row: Cohort,
    candidate_ids: Sequence[UUID],
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
    with_paths_from: date | None = None,
) -> Joining:
    """Add people within reach; those already in stay as they are. Newcomers are invited to the group's classes to come.

    `with_paths_from` also gives the newcomers every path that the group has, from that date.
    """
    present = await cohorts.member_ids(session, row.id)
    wanted = [one for one in dict.fromkeys(candidate_ids) if one not in present]
    most = MAX_MEMBERS if row.seats is None else row.seats
    if len(present) + len(wanted) > most:
        fault = Fault(
            "/candidates", "no-seat", "%(left)s seats are left", {"left": max(0, most - len(present))}
        )
        raise RuleBroken("A group holds at most %(most)s people.", most=most, faults=[fault])
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
    await class_seats.join_group_classes(
        session, actor, row.id, wanted, editions=editions, settings=settings, now=now
    )
    return Joining(tuple(wanted), tuple(given))


async def _check_person(session: AsyncSession, actor: Actor, candidate_id: UUID) -> None:
    try:
        await reach.candidate_row(session, actor, candidate_id)
    except NotFound:
        fault = Fault("/candidates", "unknown", "%(id)s is nobody within your reach", {"id": candidate_id})
        raise RuleBroken("Somebody of this list is not known here.", faults=[fault]) from None


async def remove_member(
    session: AsyncSession,
    actor: Actor,
    row: Cohort,
    candidate_id: UUID,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> None:
    """Take somebody out of a group and of its classes to come; what they were given stays theirs."""
    await reach.candidate_row(session, actor, candidate_id)
    await session.delete(await cohorts.membership(session, row.id, candidate_id))
    await _count_change(session, row, changed=True)
    await class_seats.leave_group_classes(
        session, actor, row.id, candidate_id, editions=editions, settings=settings, now=now
    )
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
