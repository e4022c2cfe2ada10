"""Live classes: planned, moved, led by somebody else, cancelled; everybody on the list hears of it once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import ClassPolicy, Seat
from service.flows.classes import class_letters, class_seats
from service.flows.classes.class_letters import when_words
from service.flows.classes.class_plans import Plan, checked
from service.runtime.actors import SYSTEM, Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, RuleBroken, told
from service.runtime.settings import Settings
from service.store import audit
from service.store.classes import class_attendance, classes
from service.store.classes.class_seats import addressees, seat_rows
from service.store.classes.classes import ClassFacts
from service.store.learning import cohorts
from service.tables.classes import LiveClass

LONGEST_REASON = 300


@dataclass(frozen=True)
class Replaced:
    """What came of handing over every class to come: those handed over, and those at whose time the other is busy."""

    handed_over: tuple[UUID, ...]
    busy: tuple[UUID, ...]


async def plan_class(
    session: AsyncSession, actor: Actor, plan: Plan, *, editions: Editions, settings: Settings, now: datetime
) -> UUID:
    """A new class; everybody of its group is put on its list and invited, and so is whoever leads it."""
    policy = editions.class_policy_on(civil_date(now))
    span = await checked(session, actor, plan, editions=editions, policy=policy, now=now)
    row = LiveClass(
        cohort_id=plan.cohort_id, created_by=actor.staff_id, created_at=now, changed_at=now,
        starts_at=span.starts_at, ends_at=span.ends_at, policy_edition=policy.edition, **_words_of(plan),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    audit.record(session, actor, action="class.plan", subject=("class", row.id), now=now)
    if row.trainer_id is not None and row.trainer_id != actor.staff_id:
        await _tell_leader(session, row, "class_lead", policy=policy, settings=settings, now=now)
    if row.cohort_id is not None:
        await cohorts.cohort_row(session, actor, row.cohort_id, for_update=True)  # nobody joins meanwhile
        members = await cohorts.members_of(session, actor, row.cohort_id)
        await class_seats.enrol(
            session, actor, row, [one.id for one in members], policy=policy, settings=settings, now=now
        )
    return row.id


def _words_of(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title.strip(), "path": plan.path, "module": plan.module, "zone": plan.zone,
        "place": plan.place.strip(), "link": plan.link.strip(), "note": plan.note.strip(),
        "seats": plan.seats, "trainer_id": plan.trainer_id,
    }  # fmt: skip


def plan_of(held: ClassFacts) -> Plan:
    """A class as its form shows it."""
    there = ZoneInfo(held.zone)
    starts, ends = held.starts_at.astimezone(there), held.ends_at.astimezone(there)
    return Plan(
        title=held.title, day=starts.date(), starts=starts.time(), ends=ends.time(), zone=held.zone,
        is_second=True if starts.fold or ends.fold else None,
        cohort_id=held.cohort_id, path=held.path, module=held.module, place=held.place, link=held.link,
        note=held.note, seats=held.seats, trainer_id=held.trainer_id,
    )  # fmt: skip


async def change_class(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    plan: Plan,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> bool:
    """Change a class to what the plan says; its group stays. Says whether people were told.

    Everybody with a seat hears of what their calendar shows; more seats go to whoever waits longest. Conflict once it
    is cancelled or its trainer signed, and for what a learner signed for: its title and its hours.
    """
    signed = await _still_open(session, row)
    policy = editions.class_policy_of(row.policy_edition)
    span = await checked(session, actor, plan, editions=editions, policy=policy, now=now)
    before = await classes.facts_of(session, SYSTEM, row.id)
    asked = (plan.title.strip(), span.starts_at, span.ends_at, plan.zone)
    if signed and asked != (before.title, before.starts_at, before.ends_at, before.zone):
        raise _signed()  # what the fingerprint of a signature holds
    for name, value in {**_words_of(plan), "starts_at": span.starts_at, "ends_at": span.ends_at}.items():
        setattr(row, name, value)
    if row.trainer_id != before.trainer_id:
        row.first_trainer_id, row.replacement_reason = row.first_trainer_id or before.trainer_id, ""
    is_news = _shown(row) != _shown(before)
    is_told = is_news and max(before.ends_at, row.ends_at) > now
    if is_news:
        row.sequence += 1
        row.changed_at = now
    await session.flush()
    audit.record(session, actor, action="class.change", subject=("class", row.id), now=now)
    if is_told:
        await _tell_change(session, row, before, actor=actor, policy=policy, settings=settings, now=now)
    await class_seats.promote(session, actor, row, policy=policy, settings=settings, now=now)
    return is_told


def _shown(held: LiveClass | ClassFacts) -> tuple[object, ...]:
    """What calendars and letters show of a class."""
    return (
        held.title, held.starts_at, held.ends_at, held.zone, held.place, held.link, held.note, held.trainer_id,
    )  # fmt: skip


async def _still_open(session: AsyncSession, row: LiveClass) -> bool:
    """Whether a learner signed already; Conflict once it is cancelled or a trainer signed: then it is what was held.

    Learners sign from a quarter of an hour before the start on, when a link may break or a trainer not come.
    """
    if row.cancelled_at is not None:
        raise Conflict("This class was cancelled.", code="class-cancelled")
    signatures = await class_attendance.signatures_of(session, [row.id])
    if any(one.candidate_id is None for one in signatures):
        raise _signed()
    return bool(signatures)


def _signed() -> Conflict:
    return Conflict("Somebody signed for this class; it stays as it was held.", code="class-signed")


async def replace_trainer(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    *,
    trainer_id: UUID,
    reason: str,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> None:
    """Somebody else leads this class, for a reason that both of them read; learners hear who it is.

    Conflict once it is cancelled or its trainer signed.
    """
    why = checked_reason(reason)
    await _still_open(session, row)
    if trainer_id not in {one.id for one in await classes.leaders(session)}:
        raise _bad_trainer("unknown", told("nobody who may lead a class has this id"))
    if trainer_id == row.trainer_id:
        raise _bad_trainer("same", told("leads this class already"))
    before = await classes.facts_of(session, SYSTEM, row.id)
    row.first_trainer_id = row.first_trainer_id or row.trainer_id
    row.trainer_id, row.replacement_reason = trainer_id, why
    row.sequence, row.changed_at = row.sequence + 1, now
    await session.flush()
    audit.record(
        session, actor, action="class.replace_trainer", subject=("class", row.id), now=now,
        detail={"from": str(before.trainer_id or ""), "to": str(trainer_id)},
    )  # fmt: skip
    policy = editions.class_policy_of(row.policy_edition)
    if row.ends_at > now:
        await _tell_change(session, row, before, actor=actor, policy=policy, settings=settings, now=now)


async def replace_everywhere(
    session: AsyncSession,
    actor: Actor,
    *,
    from_id: UUID,
    to_id: UUID,
    reason: str,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> Replaced:
    """Hand every class to come of one trainer over to another; where the other is busy it stays, and that is told.

    RuleBroken when the first leads none within reach.
    """
    checked_reason(reason)
    rows = await classes.rows_led_by(session, actor, from_id, now=now)
    if not rows:
        fault = Fault("/from_id", "nothing", "leads no class to come")
        raise RuleBroken("There is no class to hand over.", faults=[fault])
    busy, handed_over = [], []
    for row in rows:
        if await classes.is_busy(
            session, to_id, starts_at=row.starts_at, ends_at=row.ends_at, except_id=row.id
        ):
            busy.append(row.id)
            continue
        await replace_trainer(
            session, actor, row, trainer_id=to_id, reason=reason, editions=editions, settings=settings,
            now=now,
        )  # fmt: skip
        handed_over.append(row.id)
    return Replaced(tuple(handed_over), tuple(busy))


async def cancel_class(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    *,
    reason: str,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> None:
    """Cancel a class for a reason that everybody on its list reads; it stays, with its list.

    Conflict once it has begun and somebody signed for it: it was held then.
    """
    why = checked_reason(reason)
    if await _still_open(session, row) and row.starts_at <= now:
        raise _signed()
    row.cancelled_at, row.cancelled_reason = now, why
    row.sequence, row.changed_at = row.sequence + 1, now
    await session.flush()
    audit.record(session, actor, action="class.cancel", subject=("class", row.id), now=now)
    policy = editions.class_policy_of(row.policy_edition)
    held = await classes.facts_of(session, SYSTEM, row.id)
    listed = [one.candidate_id for one in await seat_rows(session, row.id) if one.seat is not Seat.LEFT]
    for to in (await addressees(session, listed)).values():
        class_letters.write(
            session, "class_cancelled", held, to, policy=policy, settings=settings, now=now, reason=why
        )
    if row.trainer_id is not None and row.trainer_id != actor.staff_id:
        await _tell_leader(
            session, row, "class_cancelled", policy=policy, settings=settings, now=now, reason=why
        )


def checked_reason(reason: str) -> str:
    """A reason that others read: 3 to 300 characters."""
    why = " ".join(reason.split())
    if not 3 <= len(why) <= LONGEST_REASON:
        fault = Fault("/reason", "length", "3 to %(most)s characters", {"most": LONGEST_REASON})
        raise RuleBroken("Say why; the people concerned read it.", faults=[fault])
    return why


def _bad_trainer(code: str, sentence: str) -> RuleBroken:
    return RuleBroken("Choose somebody else to lead it.", faults=[Fault("/trainer_id", code, sentence)])


async def _tell_change(
    session: AsyncSession,
    row: LiveClass,
    before: ClassFacts,
    *,
    actor: Actor,
    policy: ClassPolicy,
    settings: Settings,
    now: datetime,
) -> None:
    held = await classes.facts_of(session, SYSTEM, row.id)
    seated = [one.candidate_id for one in await seat_rows(session, row.id) if one.seat is Seat.TAKEN]
    has_moved = (before.starts_at, before.ends_at, before.zone) != (held.starts_at, held.ends_at, held.zone)
    where, there = before.place or before.link, held.place or held.link
    same = await classes.leader(session, held.trainer_id) if held.trainer_id == before.trainer_id else None
    leads = [class_letters.to_leader(same)] if same is not None and same.id != actor.staff_id else []
    for to in (*(await addressees(session, seated)).values(), *leads):
        class_letters.write(
            session, "class_changed", held, to, policy=policy, settings=settings, now=now,
            when_before=when_words(before, to.locale, policy) if has_moved else "",
            place_before=where if where != there else "",
            trainer_before=before.trainer if before.trainer_id != held.trainer_id else "",
            leads="" if to.candidate_id else "yes",
        )  # fmt: skip
    if before.trainer_id == held.trainer_id:
        return
    for staff_id, letter in ((before.trainer_id, "class_no_longer_lead"), (held.trainer_id, "class_lead")):
        found = await classes.leader(session, staff_id) if staff_id != actor.staff_id else None
        if found is not None:
            class_letters.write(
                session, letter, held, class_letters.to_leader(found), policy=policy, settings=settings,
                now=now, replaced=before.trainer, reason=row.replacement_reason,
            )  # fmt: skip


async def _tell_leader(
    session: AsyncSession,
    row: LiveClass,
    letter: str,
    *,
    policy: ClassPolicy,
    settings: Settings,
    now: datetime,
    reason: str = "",
) -> None:
    found = await classes.leader(session, row.trainer_id)
    if found is not None and row.ends_at > now:
        held = await classes.facts_of(session, SYSTEM, row.id)
        class_letters.write(
            session, letter, held, class_letters.to_leader(found), policy=policy, settings=settings, now=now,
            replaced="", reason=reason,
        )  # fmt: skip
