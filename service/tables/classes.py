"""Live classes: when and where, who has a seat, who was there, who signed, and calendars that follow them."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from onboarding.classes import Half, Presence, Seat
from service.tables.columns import Row, belongs_to, choice, moment, versioned


@versioned
class LiveClass(Row, table=True):
    """One class held live on one day. `zone` is the place whose clocks it follows; the instants are in UTC.

    `path` and `module` say which module it is held for, or are empty. `sequence` counts what calendars must be told
    (RFC 5545). `first_trainer_id` is whom it was planned with when somebody else leads it now.
    """

    __tablename__ = "live_class"
    __table_args__ = (
        sa.Index("ix_live_class_starts_at", "starts_at", "id"),
        sa.Index("ix_live_class_module", "path", "module", "starts_at"),
    )

    title: str = Field(max_length=160)
    cohort_id: UUID | None = belongs_to("cohort", ondelete="SET NULL", default=None)
    path: str = Field(default="", max_length=80)
    module: str = Field(default="", max_length=80)
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    zone: str = Field(max_length=60)
    place: str = Field(default="", max_length=200)
    link: str = Field(default="", max_length=500)
    note: str = Field(default="", max_length=1000)
    seats: int | None = None
    trainer_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    first_trainer_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    replacement_reason: str = Field(default="", max_length=300)
    sequence: int = 0
    cancelled_at: datetime | None = moment(default=None)
    cancelled_reason: str = Field(default="", max_length=300)
    policy_edition: str = Field(max_length=40)
    created_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    changed_at: datetime = moment()
    version: int = 1


class ClassSeat(Row, table=True):
    """One person on the list of one class: with a seat, waiting, or having left it (kept: it happened)."""

    __tablename__ = "class_seat"
    __table_args__ = (sa.UniqueConstraint("class_id", "candidate_id"),)

    class_id: UUID = belongs_to("live_class")
    candidate_id: UUID = belongs_to("candidate")
    seat: Seat = choice(Seat)
    asked_at: datetime = moment()
    changed_at: datetime = moment()
    left_reason: str = Field(default="", max_length=300)


class ClassReminder(Row, table=True):
    """One reader was told of a class on one day, once, whoever sweeps: a learner that it is near, a trainer who comes.

    `day` is the day the class was to be held: one that moves to another day is told again. The trainer's letter names
    people, so it goes with any of them who is erased.
    """

    __tablename__ = "class_reminder"
    __table_args__ = (sa.UniqueConstraint("class_id", "day", "reader"),)

    class_id: UUID = belongs_to("live_class")
    day: date
    reader: str = Field(max_length=60)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    staff_id: UUID | None = belongs_to("staff", default=None)
    letter_id: UUID | None = belongs_to("mail", ondelete="SET NULL", default=None)
    made_at: datetime = moment()


class ClassAttendance(Row, table=True):
    """What a trainer noted of one person for one half-day; it changes until the trainer signs that half-day."""

    __tablename__ = "class_attendance"
    __table_args__ = (sa.UniqueConstraint("class_id", "candidate_id", "half"),)

    class_id: UUID = belongs_to("live_class")
    candidate_id: UUID = belongs_to("candidate")
    half: Half = choice(Half, length=12)
    presence: Presence = choice(Presence, length=12)
    missed_minutes: int = 0
    reason: str = Field(default="", max_length=60)
    noted_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    noted_at: datetime = moment()


class ClassSignature(Row, table=True):
    """One signature of one half-day, never updated: a learner's own, or (without `candidate_id`) a trainer's.

    The id is derived from class, half-day and signer, so that signing twice is one row. `name` is what the person
    typed, `statement` the sentence above it, `fingerprint` the SHA-256 of all that was signed.
    """

    __tablename__ = "class_signature"
    __table_args__ = (sa.Index("ix_class_signature_class_half", "class_id", "half"),)

    class_id: UUID = belongs_to("live_class")
    half: Half = choice(Half, length=12)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    name: str = Field(max_length=200)
    statement: str = Field(max_length=500)
    fingerprint: str = Field(max_length=64)
    signed_at: datetime = moment()


class CalendarFeed(Row, table=True):
    """A secret address under which a calendar program reads one person's classes; only its hash is kept."""

    __tablename__ = "calendar_feed"

    token_hash: str = Field(max_length=64, unique=True)
    staff_id: UUID | None = belongs_to("staff", default=None)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None)
