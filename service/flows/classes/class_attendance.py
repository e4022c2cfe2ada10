"""Attendance by half-day: noted by a trainer, signed by each learner for themselves, then by the trainer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from onboarding.classes import ClassPolicy, Half, HalfDay, Presence, Seat, half_days, signing_window
from service.flows.classes.class_sheets import SheetFacts, attendance_facts, fingerprint_of
from service.flows.learning import learning
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.vocabulary import Locale
from service.store import audit
from service.store.classes import class_attendance, class_seats, classes
from service.store.classes.class_attendance import SignatureFacts
from service.tables.classes import ClassAttendance, ClassSignature, LiveClass

LEAST_NAME, LONGEST_NAME = 2, 200


@dataclass(frozen=True)
class Mark:
    """What a trainer says of one person for one half-day; `reason` is a code of the policy, or empty when present."""

    presence: Presence
    missed_minutes: int = 0
    reason: str = ""


async def note(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    half: Half,
    marks: Mapping[UUID, Mark],
    *,
    editions: Editions,
    now: datetime,
) -> None:
    """Note who was there for one half-day of a locked class; said again, the last word counts until it is signed.

    RuleBroken with every fault; Conflict before the half-day may be signed, once a trainer signed it, or when the class
    is cancelled.
    """
    policy = editions.class_policy_of(row.policy_edition)
    held = _half_day(row, half, policy)
    if row.cancelled_at is not None:
        raise Conflict("This class was cancelled.", code="class-cancelled")
    if now < signing_window(held, policy=policy)[0]:
        raise Conflict("This half-day has not begun.", code="class-not-begun")
    if await _trainer_signed(session, row.id, half):
        raise Conflict("This half-day was signed by the trainer; it stays as noted.", code="half-day-signed")
    seated = {
        one.candidate_id for one in await class_seats.seat_rows(session, row.id) if one.seat is Seat.TAKEN
    }
    faults = [
        fault
        for candidate_id, mark in marks.items()
        for fault in _faults_of(candidate_id, mark, held, policy, seated=seated)
    ]
    if faults:
        raise RuleBroken("The attendance cannot be noted so; see errors.", faults=faults)
    kept = await class_attendance.noted_rows(session, row.id, half)
    for candidate_id, mark in marks.items():
        entry = kept.get(candidate_id)
        if entry is None:
            entry = ClassAttendance(
                class_id=row.id, candidate_id=candidate_id, half=half, presence=mark.presence, noted_at=now
            )
            session.add(entry)
        entry.presence, entry.missed_minutes, entry.reason = mark.presence, mark.missed_minutes, mark.reason
        entry.noted_by, entry.noted_at = actor.staff_id, now
        audit.record(
            session, actor, action="class.note", subject=("candidate", candidate_id), now=now,
            detail={"class": str(row.id), "half": half.value, "presence": mark.presence.value},
        )  # fmt: skip
    flag_modified(row, "title")  # what was noted is part of what an ETag of the class stands for
    await session.flush()


def _faults_of(
    candidate_id: UUID, mark: Mark, held: HalfDay, policy: ClassPolicy, *, seated: set[UUID]
) -> list[Fault]:
    at = f"/marks/{candidate_id}"
    faults = []
    if candidate_id not in seated:
        faults.append(Fault(at, "no-seat", "has no seat in this class"))
    if mark.presence is Presence.LATE and not 1 <= mark.missed_minutes < held.minutes:
        most = {"most": held.minutes - 1}
        faults.append(Fault(f"{at}/missed_minutes", "range", "1 to %(most)s minutes missed", most))
    if mark.presence is not Presence.LATE and mark.missed_minutes:
        faults.append(
            Fault(f"{at}/missed_minutes", "not-late", "only for somebody who came late or left early")
        )
    is_reason_known = policy.reason(mark.reason) is not None
    if mark.presence is Presence.PRESENT and mark.reason:
        faults.append(Fault(f"{at}/reason", "not-absent", "only for somebody who was late or absent"))
    if mark.presence is not Presence.PRESENT and not is_reason_known:
        faults.append(Fault(f"{at}/reason", "unknown", "choose one of the listed reasons"))
    return faults


async def sign_own(
    session: AsyncSession,
    actor: Actor,
    class_id: str | UUID,
    half: Half,
    *,
    name: str,
    locale: Locale,
    editions: Editions,
    now: datetime,
) -> SignatureFacts:
    """A learner signs for one half-day of their own, in their own session; signed again, it is the first one.

    Conflict before or after the time for it, without a seat, or for somebody noted absent.
    """
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise Forbidden
    row = await classes.class_row(session, actor, class_id, for_update=True)
    policy = editions.class_policy_of(row.policy_edition)
    held = _half_day(row, half, policy)
    kept = await class_attendance.signature(session, _signature_id(row.id, half, actor.id))
    if kept is not None:
        return kept
    seat = next(
        (one.seat for one in await class_seats.seat_rows(session, row.id) if one.candidate_id == actor.id),
        None,
    )
    if seat is not Seat.TAKEN or row.cancelled_at is not None:
        raise Conflict("You have no seat in this class.", code="no-seat")
    opens, closes = signing_window(held, policy=policy)
    if now < opens:
        raise Conflict("You can sign from %(minutes)s minutes before the start.", code="sign-too-early",
                       minutes=policy.sign_opens_minutes_before)  # fmt: skip
    if now > closes:
        raise Conflict("The time to sign is over; tell your trainer.", code="sign-too-late")
    noted = (await class_attendance.noted_rows(session, row.id, half)).get(actor.id)
    if noted is not None and noted.presence is Presence.ABSENT:
        raise Conflict("You are noted as absent; talk to your trainer first.", code="noted-absent")
    statement = policy.statement_of_learner
    said = statement.fr if locale is Locale.FR else statement.en
    return await _sign(session, actor, row, held, name=name, statement=said, now=now)


async def countersign(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    half: Half,
    *,
    name: str,
    editions: Editions,
    now: datetime,
) -> SignatureFacts:
    """A trainer signs one half-day of a locked class; with the last one, those who attended have done the module.

    Only a person, shortly before its end at the earliest, and once everybody with a seat is noted. Signed again, it is
    the first one.
    """
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden
    policy = editions.class_policy_of(row.policy_edition)
    held = _half_day(row, half, policy)
    signed = await _trainer_signed(session, row.id, half)
    if signed is not None:
        return signed
    if row.cancelled_at is not None:
        raise Conflict("This class was cancelled.", code="class-cancelled")
    opens, _ = signing_window(HalfDay(half=half, starts_at=held.ends_at, ends_at=held.ends_at), policy=policy)
    if now < opens:
        raise Conflict("Sign at the end of the half-day.", code="sign-too-early")
    sheet = await attendance_facts(session, SYSTEM, row.id, editions=editions)
    missing = [line.candidate_id for line in sheet.lines if line.noted_for(half) is None]
    if missing:
        faults = [Fault(f"/marks/{one}", "missing", "not noted yet") for one in missing]
        raise RuleBroken("Note everybody before you sign.", faults=faults, code="attendance-incomplete")
    made = await _sign(
        session, actor, row, held, name=name, statement=policy.statement_of_trainer.fr, now=now
    )
    concluded = await attendance_facts(session, SYSTEM, row.id, editions=editions)
    if concluded.is_concluded:
        await _conclude(session, actor, concluded, editions=editions, now=now)
    return made


async def _conclude(
    session: AsyncSession, actor: Actor, sheet: SheetFacts, *, editions: Editions, now: datetime
) -> None:
    """Tell each learner's path that its class was attended, by those who were there long enough."""
    held = sheet.held
    if not held.module:
        return
    for line in sheet.lines:
        if line.attended.is_attended:
            await learning.note_attendance(
                session, actor, line.candidate_id, module=held.module, path=held.path, session_id=held.id,
                minutes=line.attended.minutes, editions=editions, now=now,
                held_on=civil_date(held.starts_at),
            )  # fmt: skip


async def _sign(
    session: AsyncSession,
    actor: Actor,
    row: LiveClass,
    held: HalfDay,
    *,
    name: str,
    statement: str,
    now: datetime,
) -> SignatureFacts:
    typed = " ".join(name.split())
    if not LEAST_NAME <= len(typed) <= LONGEST_NAME or not any(letter.isalpha() for letter in typed):
        fault = Fault("/name", "length", "your first and last name")
        raise RuleBroken("Type your name to sign.", faults=[fault])
    is_learner = actor.kind is ActorKind.CANDIDATE
    signer = actor.id if is_learner else None
    entry = ClassSignature(
        id=_signature_id(row.id, held.half, signer), class_id=row.id, half=held.half, candidate_id=signer,
        staff_id=None if is_learner else actor.staff_id, name=typed, statement=statement,
        fingerprint="", signed_at=now,
    )  # fmt: skip
    entry.fingerprint = fingerprint_of(row, held, SignatureFacts.model_validate(entry.model_dump()))
    session.add(entry)
    await session.flush()
    audit.record(
        session, actor, action="class.sign", subject=("class", row.id), now=now,
        detail={"half": held.half.value, "fingerprint": entry.fingerprint},
    )  # fmt: skip
    return SignatureFacts.model_validate(entry.model_dump())


def _signature_id(class_id: UUID, half: Half, candidate_id: UUID | None) -> UUID:
    return uuid5(class_id, f"signature {half.value} {candidate_id or 'trainer'}")


async def _trainer_signed(session: AsyncSession, class_id: UUID, half: Half) -> SignatureFacts | None:
    return await class_attendance.signature(session, _signature_id(class_id, half, None))


def _half_day(row: LiveClass, half: Half, policy: ClassPolicy) -> HalfDay:
    halves = half_days(row.starts_at, row.ends_at, zone=row.zone, policy=policy)
    found = next((one for one in halves if one.half is half), None)
    if found is None:
        raise NotFound
    return found
