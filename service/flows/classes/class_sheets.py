"""The attendance sheet of a class, as people, papers and auditors read it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import rfc8785
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Attended, ClassPolicy, Half, HalfDay, Noted, Seat, attendance, half_days
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store import reach
from service.store.classes import class_attendance, class_seats, classes
from service.store.classes.class_attendance import NotedFacts, SignatureFacts
from service.store.classes.class_seats import SeatFacts
from service.store.classes.classes import ClassFacts


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineFacts(_Facts):
    """One person of an attendance sheet, with what was noted and signed for each half-day."""

    candidate_id: UUID
    person: str
    noted: tuple[NotedFacts, ...]
    signatures: tuple[SignatureFacts, ...]
    attended: Attended

    def noted_for(self, half: Half) -> NotedFacts | None:
        return next((one for one in self.noted if one.half is half), None)

    def signature_for(self, half: Half) -> SignatureFacts | None:
        return next((one for one in self.signatures if one.half is half), None)


class SheetFacts(_Facts):
    """The attendance of one class: its half-days, everybody with a seat, and the trainers' signatures."""

    held: ClassFacts
    half_days: tuple[HalfDay, ...]
    lines: tuple[LineFacts, ...]
    trainer_signatures: tuple[SignatureFacts, ...]

    def trainer_signature_for(self, half: Half) -> SignatureFacts | None:
        return next((one for one in self.trainer_signatures if one.half is half), None)

    @property
    def is_concluded(self) -> bool:
        """Whether a trainer signed every half-day: from then on it is what was held."""
        return all(self.trainer_signature_for(one.half) for one in self.half_days)


async def attendance_facts(
    session: AsyncSession, actor: Actor, class_id: str | UUID, *, editions: Editions
) -> SheetFacts:
    """The attendance sheet of one class within reach, people in the order of their names."""
    held = await classes.facts_of(session, actor, class_id)
    seats = [one for one in await class_seats.seats_of(session, actor, held.id) if one.seat is Seat.TAKEN]
    noted = await class_attendance.noted_of(session, [held.id])
    signed = await class_attendance.signatures_of(session, [held.id])
    return _sheet(held, seats, noted, signed, policy=editions.class_policy_of(held.policy_edition))


def _sheet(
    held: ClassFacts,
    seats: Sequence[SeatFacts],
    noted: Sequence[NotedFacts],
    signed: Sequence[SignatureFacts],
    *,
    policy: ClassPolicy,
) -> SheetFacts:
    halves = half_days(held.starts_at, held.ends_at, zone=held.zone, policy=policy)
    lines = []
    for seat in seats:
        own = tuple(one for one in noted if one.candidate_id == seat.candidate_id)
        marks = [
            Noted(half=one.half, presence=one.presence, missed_minutes=one.missed_minutes) for one in own
        ]
        lines.append(
            LineFacts(
                candidate_id=seat.candidate_id, person=seat.person, noted=own,
                signatures=tuple(one for one in signed if one.candidate_id == seat.candidate_id),
                attended=attendance(halves, marks, policy=policy),
            )
        )  # fmt: skip
    return SheetFacts(
        held=held, half_days=halves, lines=tuple(lines),
        trainer_signatures=tuple(one for one in signed if one.candidate_id is None),
    )  # fmt: skip


async def sheets_of(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    *,
    editions: Editions,
    since: datetime | None = None,
) -> tuple[SheetFacts, ...]:
    """Every class (that ends after `since`) that one person within reach had a seat in, with their line alone."""
    person = await reach.candidate_row(session, actor, candidate_id)
    own = [
        one.held for one in await classes.own_of(session, person.id, since=since) if one.seat is Seat.TAKEN
    ]
    ids = [held.id for held in own]
    noted = await class_attendance.noted_of(session, ids)
    signed = await class_attendance.signatures_of(session, ids)
    found = []
    for held in own:
        line = SeatFacts(
            candidate_id=person.id, person=class_seats.shown_name(person), seat=Seat.TAKEN,
            asked_at=held.starts_at, changed_at=held.starts_at, left_reason="",
        )  # fmt: skip
        found.append(
            _sheet(
                held,
                [line],
                [one for one in noted if one.class_id == held.id],
                [one for one in signed if one.class_id == held.id and one.candidate_id in (None, person.id)],
                policy=editions.class_policy_of(held.policy_edition),
            )
        )
    return tuple(found)


class Held(Protocol):
    """What a fingerprint says of the class: a row or its facts."""

    @property
    def id(self) -> UUID: ...

    @property
    def title(self) -> str: ...

    @property
    def zone(self) -> str: ...


def fingerprint_of(held: Held, half_day: HalfDay, signature: SignatureFacts) -> str:
    """The SHA-256 of all that was signed, as canonical JSON (RFC 8785): whoever reads it later can make it again.

    Class, half-day, signer, typed name, statement and moment; a change of any of them shows.
    """
    signed = {
        "class": str(held.id), "title": held.title, "zone": held.zone, "half": half_day.half.value,
        "starts_at": half_day.starts_at.isoformat(), "ends_at": half_day.ends_at.isoformat(),
        "candidate": str(signature.candidate_id or ""), "name": signature.name,
        "statement": signature.statement, "signed_at": signature.signed_at.isoformat(),
    }  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(signed)).hexdigest()
