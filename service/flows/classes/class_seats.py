"""Seats of a class: taken, waited for, given up, and handed on to whoever waits longest."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import ClassPolicy, Seat, moving_up, seat_for
from service.flows.classes import class_letters
from service.runtime.actors import SYSTEM, Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken
from service.runtime.settings import Settings
from service.store import audit, reach
from service.store.classes import class_attendance, classes
from service.store.classes.class_seats import addressees, seat_rows
from service.tables.classes import ClassSeat, LiveClass


async def enrol(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    candidate_ids: Sequence[UUID],
    *,
    policy: ClassPolicy,
    settings: Settings,
    now: datetime,
) -> dict[UUID, Seat]:
    """Put people on the list of a locked class, in this order: a seat while there is one, else the waiting list.

    Who is on it already stays as they are. The caller has seen to it that these people are within reach. Conflict once
    it is cancelled or its trainer signed: that list is what was signed.
    """
    if row.cancelled_at is not None:
        raise Conflict("This class was cancelled.", code="class-cancelled")
    signed = await class_attendance.signatures_of(session, [row.id])
    if any(one.candidate_id is None for one in signed):
        raise Conflict("Somebody signed for this class; it stays as it was held.", code="class-signed")
    rows = {one.candidate_id: one for one in await seat_rows(session, row.id)}
    taken = sum(one.seat is Seat.TAKEN for one in rows.values())
    given: dict[UUID, Seat] = {}
    for candidate_id in dict.fromkeys(candidate_ids):
        kept = rows.get(candidate_id)
        if kept is not None and kept.seat is not Seat.LEFT:
            continue
        seat = seat_for(taken, seats=row.seats)
        taken += seat is Seat.TAKEN
        given[candidate_id] = seat
        if kept is None:
            session.add(
                ClassSeat(class_id=row.id, candidate_id=candidate_id, seat=seat, asked_at=now, changed_at=now)
            )
        else:
            kept.seat, kept.asked_at, kept.changed_at, kept.left_reason = seat, now, now, ""
        audit.record(
            session, actor, action="class.enrol", subject=("candidate", candidate_id), now=now,
            detail={"class": str(row.id), "seat": seat.value},
        )  # fmt: skip
    await session.flush()
    if row.ends_at > now:
        await _tell_seats(session, row, given, policy=policy, settings=settings, now=now)
    return given


async def enrol_people(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    candidate_ids: Sequence[UUID],
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> dict[UUID, Seat]:
    """The same for people whom a trainer names; RuleBroken when one of them is nobody within reach."""
    for candidate_id in candidate_ids:
        try:
            await reach.candidate_row(session, actor, candidate_id)
        except NotFound:
            fault = Fault(
                "/candidates", "unknown", "%(id)s is nobody within your reach", {"id": candidate_id}
            )
            raise RuleBroken("Somebody of this list is not known here.", faults=[fault]) from None
    policy = editions.class_policy_of(row.policy_edition)
    return await enrol(session, actor, row, candidate_ids, policy=policy, settings=settings, now=now)


async def enrol_oneself(
    session: AsyncSession,
    actor: Actor,
    class_id: str | UUID,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> Seat:
    """A learner asks for a seat of a class that is open to them; Conflict once it has begun."""
    candidate_id = reach.id_of(str(actor.id))
    held = await classes.open_class_of(session, candidate_id, class_id)
    row = await classes.class_row(session, SYSTEM, held.id, for_update=True)
    if row.starts_at <= now:
        raise Conflict("This class has begun.", code="class-begun")
    policy = editions.class_policy_of(row.policy_edition)
    given = await enrol(session, actor, row, [candidate_id], policy=policy, settings=settings, now=now)
    if candidate_id in given:
        return given[candidate_id]
    return next(one.seat for one in await seat_rows(session, row.id) if one.candidate_id == candidate_id)


async def leave(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    candidate_id: UUID,
    *,
    reason: str,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> None:
    """Take one person off the list of a locked class; their seat goes to whoever waits longest.

    Conflict once the class is over for somebody who leaves by themselves, or once they or a trainer signed for it.
    """
    kept = next((one for one in await seat_rows(session, row.id) if one.candidate_id == candidate_id), None)
    if kept is None or kept.seat is Seat.LEFT:
        raise NotFound
    is_own_wish = actor.id == candidate_id
    if is_own_wish and row.starts_at <= now:
        raise Conflict("This class has begun.", code="class-begun")
    signed = await class_attendance.signatures_of(session, [row.id])
    if any(one.candidate_id in (candidate_id, None) for one in signed):
        raise Conflict("This person signed for a half-day of the class.", code="class-signed")
    had_seat = kept.seat is Seat.TAKEN
    kept.seat, kept.changed_at, kept.left_reason = Seat.LEFT, now, " ".join(reason.split())[:300]
    await session.flush()
    audit.record(
        session, actor, action="class.leave", subject=("candidate", candidate_id), now=now,
        detail={"class": str(row.id)},
    )  # fmt: skip
    if row.cancelled_at is not None:
        return
    policy = editions.class_policy_of(row.policy_edition)
    if had_seat and row.ends_at > now:
        held = await classes.facts_of(session, SYSTEM, row.id)
        for to in (await addressees(session, [candidate_id])).values():
            class_letters.write(
                session, "class_left", held, to, policy=policy, settings=settings, now=now,
                is_own_wish="yes" if is_own_wish else "", reason="" if is_own_wish else kept.left_reason,
            )  # fmt: skip
    await promote(session, actor, row, policy=policy, settings=settings, now=now)


async def promote(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    *,
    policy: ClassPolicy,
    settings: Settings,
    now: datetime,
) -> tuple[UUID, ...]:
    """Give free seats to those who wait longest and write to them; nobody moves up once the class has begun."""
    if row.starts_at <= now or row.cancelled_at is not None:
        return ()
    rows = await seat_rows(session, row.id)
    waiting = [one for one in rows if one.seat is Seat.WAITING]
    up = moving_up(waiting, taken=sum(one.seat is Seat.TAKEN for one in rows), seats=row.seats)
    for one in up:
        one.seat, one.changed_at = Seat.TAKEN, now
        audit.record(
            session, actor, action="class.move_up", subject=("candidate", one.candidate_id), now=now,
            detail={"class": str(row.id)},
        )  # fmt: skip
    await session.flush()
    given = {one.candidate_id: Seat.TAKEN for one in up}
    await _tell_seats(session, row, given, policy=policy, settings=settings, now=now, is_late_seat=True)
    return tuple(given)


async def join_group_classes(
    session: AsyncSession,
    actor: Actor,
    cohort_id: UUID,
    candidate_ids: Sequence[UUID],
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> None:
    """Put newcomers of a group on the lists of its classes to come."""
    for row in await classes.cohort_rows_to_come(session, cohort_id, now=now):
        policy = editions.class_policy_of(row.policy_edition)
        await enrol(session, actor, row, candidate_ids, policy=policy, settings=settings, now=now)


async def leave_group_classes(
    session: AsyncSession,
    actor: Actor,
    cohort_id: UUID,
    candidate_id: UUID,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> None:
    """Take somebody who left a group off the lists of its classes to come, save one they signed for already."""
    for row in await classes.cohort_rows_to_come(session, cohort_id, now=now):
        listed = {one.candidate_id for one in await seat_rows(session, row.id) if one.seat is not Seat.LEFT}
        signed = await class_attendance.signatures_of(session, [row.id])
        if candidate_id in listed - {one.candidate_id for one in signed}:
            await leave(
                session, actor, row, candidate_id, reason="", editions=editions, settings=settings, now=now
            )


async def _tell_seats(
    session: AsyncSession,
    row: LiveClass,
    given: dict[UUID, Seat],
    *,
    policy: ClassPolicy,
    settings: Settings,
    now: datetime,
    is_late_seat: bool = False,
) -> None:
    if not given:
        return
    held = await classes.facts_of(session, SYSTEM, row.id)
    people = await addressees(session, given)
    for candidate_id, seat in given.items():
        to = people.get(candidate_id)
        if to is not None:
            class_letters.write(
                session, "class_invited" if seat is Seat.TAKEN else "class_waiting", held, to, policy=policy,
                settings=settings, now=now, is_late_seat="yes" if is_late_seat else "",
            )  # fmt: skip
