"""What the interface of live classes takes and gives."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StringConstraints

from onboarding.classes import Half, HalfDay, Presence, Seat
from service.api.models import Flag, In, Line, Out, Text, without_nul
from service.api.training_models import Day, Id
from service.flows.class_attendance import Mark
from service.flows.class_plans import Plan
from service.flows.class_sheets import LineFacts, SheetFacts
from service.store.class_attendance import NotedFacts, SignatureFacts
from service.store.class_seats import SeatFacts
from service.store.classes import ClassFacts


def _written_clock(value: Any) -> Any:
    if isinstance(value, time) or (isinstance(value, str) and re.fullmatch(r"\d{2}:\d{2}", value)):
        return value
    raise ValueError("write a time as 09:30")


Clock = Annotated[time, BeforeValidator(_written_clock)]
Seats = Annotated[StrictInt, Field(ge=1, le=10_000)]
Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=300),
    AfterValidator(without_nul),
]
Title = Annotated[Line, StringConstraints(max_length=160)]
Note = Annotated[Text, StringConstraints(max_length=1000)]
Short = Annotated[Text, StringConstraints(max_length=500)]
Minutes = Annotated[StrictInt, Field(ge=0, le=1440)]


class ClassIn(In):
    """A class on one day, in the clock times of its zone.

    `second_time` says which is meant on the night when clocks show an hour twice. A class of a group invites it whole.
    """

    title: Title
    day: Day
    starts: Clock
    ends: Clock
    zone: Annotated[Line, StringConstraints(max_length=60)] = "Europe/Paris"
    second_time: Flag | None = None
    cohort_id: Id | None = None
    path: Annotated[Text, StringConstraints(max_length=80)] = ""
    module: Annotated[Text, StringConstraints(max_length=80)] = ""
    place: Annotated[Text, StringConstraints(max_length=200)] = ""
    link: Short = ""
    note: Note = ""
    seats: Seats | None = None
    trainer_id: Id | None = None

    def plan(self) -> Plan:
        said = self.model_dump(exclude={"second_time"})
        return Plan(**said, is_second=self.second_time)


class ClassChangeIn(In):
    """What of a class changes; what is left out stays. Everybody with a seat hears of it."""

    title: Title | None = None
    day: Day | None = None
    starts: Clock | None = None
    ends: Clock | None = None
    zone: Annotated[Line, StringConstraints(max_length=60)] | None = None
    second_time: Flag | None = None
    place: Annotated[Text, StringConstraints(max_length=200)] | None = None
    link: Short | None = None
    note: Note | None = None
    seats: Seats | None = None

    def over(self, plan: Plan) -> Plan:
        """The plan with these changes; `seats` said as null takes the bound away."""
        said = {
            name: getattr(self, name)
            for name in self.model_fields_set - {"second_time"}
            if name == "seats" or getattr(self, name) is not None
        }
        is_second = self.second_time if "second_time" in self.model_fields_set else plan.is_second
        return Plan(**{**plan.__dict__, **said, "is_second": is_second})


class ClassCancellationIn(In):
    """Why a class is cancelled; everybody on its list reads it."""

    reason: Why


class ReplacementIn(In):
    """Who leads a class now, and why."""

    trainer_id: Id
    reason: Why


class HandoverIn(In):
    """From whom to whom every class to come goes, and why."""

    from_id: Id
    to_id: Id
    reason: Why


class HandoverOut(Out):
    """Classes that changed hands, and those at whose time the other leads one already."""

    handed_over: list[UUID]
    busy: list[UUID]


class ClassPeopleIn(In):
    """Who is put on a list, in this order."""

    candidates: Annotated[list[Id], Field(min_length=1, max_length=200)]


class ClassEnrolmentOut(Out):
    """What one person got: a seat, or a place on the waiting list."""

    candidate_id: UUID
    seat: Seat


class ClassEnrolmentsOut(Out):
    """What everybody got who was not on the list yet."""

    items: list[ClassEnrolmentOut]

    @classmethod
    def of(cls, given: Mapping[UUID, Seat]) -> Self:
        return cls(items=[ClassEnrolmentOut(candidate_id=one, seat=seat) for one, seat in given.items()])


class ClassOut(Out):
    """One class; `taken` and `waiting` count everybody on its list."""

    id: UUID
    title: str
    cohort_id: UUID | None
    cohort: str
    path: str
    module: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    link: str
    note: str
    seats: int | None
    trainer_id: UUID | None
    trainer: str
    first_trainer: str
    replacement_reason: str
    sequence: int
    cancelled_at: datetime | None
    cancelled_reason: str
    taken: int
    waiting: int
    version: int

    @classmethod
    def of(cls, held: ClassFacts) -> Self:
        return cls(**held.model_dump(include=set(cls.model_fields)))


class ClassesOut(Out):
    """One page of classes; the Link header leads to the next."""

    items: list[ClassOut]


class ClassSeatOut(Out):
    """One person on a list."""

    candidate_id: UUID
    person: str
    seat: Seat
    asked_at: datetime
    changed_at: datetime
    left_reason: str


class ClassDetailOut(ClassOut):
    """One class with the people on its list who are within your reach."""

    people: list[ClassSeatOut]

    @classmethod
    def with_people(cls, held: ClassFacts, seats: tuple[SeatFacts, ...]) -> Self:
        people = [ClassSeatOut.model_validate(one) for one in seats]
        return cls(**held.model_dump(include=set(ClassOut.model_fields)), people=people)


class OwnClassOut(ClassOut):
    """A class of one's own, or one that is open: then `seat` is null."""

    seat: Seat | None

    @classmethod
    def with_seat(cls, held: ClassFacts, seat: Seat | None) -> Self:
        return cls(**held.model_dump(include=set(ClassOut.model_fields)), seat=seat)


class OwnClassesOut(Out):
    """One's classes in order of time, and those one may ask a seat of."""

    items: list[OwnClassOut]
    open: list[OwnClassOut]


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


class CalendarFeedOut(Out):
    """A feed just made: its address is a secret and is told this once."""

    url: str


class CalendarFeedStateOut(Out):
    """Since when one's feed works; null when there is none."""

    created_at: datetime | None
