"""What the interface of attendance takes and gives: what is noted, what is signed, the sheet of a class."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from onboarding.classes import Half, HalfDay, Presence
from service.api.models import In, Line, Out, Text
from service.api.paths.training_models import Id
from service.flows.classes.class_attendance import Mark
from service.flows.classes.class_sheets import LineFacts, SheetFacts
from service.store.classes.class_attendance import NotedFacts, SignatureFacts

Minutes = Annotated[StrictInt, Field(ge=0, le=1440)]


class PresenceIn(In):
    """What is noted of one person; minutes missed only for somebody late, a reason for whoever was late or absent."""

    candidate_id: Id
    presence: Presence
    missed_minutes: Minutes = 0
    reason: Annotated[Text, StringConstraints(max_length=60)] = ""

    def mark(self) -> Mark:
        return Mark(presence=self.presence, missed_minutes=self.missed_minutes, reason=self.reason)


class AttendanceIn(In):
    """Who was there for one half-day; people left out keep what was noted of them."""

    marks: Annotated[list[PresenceIn], Field(min_length=1, max_length=500)]


class ClassSignatureIn(In):
    """A name typed to sign."""

    name: Line


class ClassSignatureOut(Out):
    """One signature; `fingerprint` is the SHA-256 of all that was signed."""

    half: Half
    candidate_id: UUID | None
    name: str
    statement: str
    fingerprint: str
    signed_at: datetime

    @classmethod
    def of(cls, signature: SignatureFacts) -> Self:
        return cls(**signature.model_dump(include=set(cls.model_fields)))


class PresenceOut(Out):
    """What was noted of one half-day of one person."""

    half: Half
    presence: Presence
    missed_minutes: int
    reason: str
    noted_at: datetime

    @classmethod
    def of(cls, noted: NotedFacts) -> Self:
        return cls(**noted.model_dump(include=set(cls.model_fields)))


class HalfDayOut(Out):
    """One half-day to sign for."""

    half: Half
    starts_at: datetime
    ends_at: datetime
    minutes: int

    @classmethod
    def of(cls, half_day: HalfDay) -> Self:
        return cls(**half_day.model_dump(), minutes=half_day.minutes)


class AttendanceLineOut(Out):
    """One person of a sheet."""

    candidate_id: UUID
    person: str
    noted: list[PresenceOut]
    signatures: list[ClassSignatureOut]
    minutes: int
    minutes_possible: int
    is_attended: bool

    @classmethod
    def of(cls, line: LineFacts) -> Self:
        return cls(
            candidate_id=line.candidate_id, person=line.person,
            noted=[PresenceOut.of(one) for one in line.noted],
            signatures=[ClassSignatureOut.of(one) for one in line.signatures],
            **line.attended.model_dump(),
        )  # fmt: skip


class AttendanceOut(Out):
    """The attendance sheet of one class; concluded once a trainer signed each half-day."""

    class_id: UUID
    half_days: list[HalfDayOut]
    lines: list[AttendanceLineOut]
    trainer_signatures: list[ClassSignatureOut]
    is_concluded: bool

    @classmethod
    def of(cls, sheet: SheetFacts) -> Self:
        return cls(
            class_id=sheet.held.id,
            half_days=[HalfDayOut.of(one) for one in sheet.half_days],
            lines=[AttendanceLineOut.of(one) for one in sheet.lines],
            trainer_signatures=[ClassSignatureOut.of(one) for one in sheet.trainer_signatures],
            is_concluded=sheet.is_concluded,
        )
