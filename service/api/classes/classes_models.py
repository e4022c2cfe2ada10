"""What the interface of live classes takes and gives."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StringConstraints

from onboarding.classes import Seat
from service.api.models import Flag, In, Line, Out, Text, without_nul
from service.api.paths.training_models import Day, Id
from service.flows.classes.class_plans import Plan
from service.store.classes.class_overlaps import OverlapFacts
from service.store.classes.class_seats import SeatFacts
from service.store.classes.classes import ClassFacts


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


class ClassOverlapOut(Out):
    """Another class at the same time, of the same trainer or people; beyond your reach it has its hours alone."""

    class_id: UUID | None
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    people: list[str]
    has_same_trainer: bool

    @classmethod
    def of(cls, overlap: OverlapFacts) -> Self:
        other = overlap.other
        return cls(
            class_id=other.id, title=other.title, starts_at=other.starts_at, ends_at=other.ends_at,
            zone=other.zone, people=[*overlap.people], has_same_trainer=overlap.has_same_trainer,
        )  # fmt: skip


class ClassEnrolmentsOut(Out):
    """What everybody got who was not on the list yet, and what overlaps for those on it: a warning, no refusal."""

    items: list[ClassEnrolmentOut]
    overlaps: list[ClassOverlapOut]

    @classmethod
    def of(cls, given: Mapping[UUID, Seat], overlaps: tuple[OverlapFacts, ...]) -> Self:
        return cls(
            items=[ClassEnrolmentOut(candidate_id=one, seat=seat) for one, seat in given.items()],
            overlaps=[ClassOverlapOut.of(one) for one in overlaps],
        )


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
    """One class with the people on its list who are within your reach, and what overlaps for them or its trainer."""

    people: list[ClassSeatOut]
    overlaps: list[ClassOverlapOut]

    @classmethod
    def with_people(
        cls, held: ClassFacts, seats: tuple[SeatFacts, ...], overlaps: tuple[OverlapFacts, ...]
    ) -> Self:
        return cls(
            **held.model_dump(include=set(ClassOut.model_fields)),
            people=[ClassSeatOut.model_validate(one) for one in seats],
            overlaps=[ClassOverlapOut.of(one) for one in overlaps],
        )


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


class CalendarFeedOut(Out):
    """A feed just made: its address is a secret and is told this once."""

    url: str


class CalendarFeedStateOut(Out):
    """Since when one's feed works; null when there is none."""

    created_at: datetime | None
