"""What the service owes others: proof of what happened, work to do, mail to send, answers to repeat."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from service.runtime.vocabulary import MailState, WorkKind
from service.tables.columns import Row, belongs_to, choice, document, moment


class AuditEntry(SQLModel, table=True):
    """One write, or one read of a person's file. A job chains the hashes in `chain_position`; nothing changes after."""

    __tablename__ = "audit_entry"

    id: int | None = Field(
        default=None, sa_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True
    )
    at: datetime = moment(index=True)
    actor_kind: str = Field(max_length=30)
    actor_id: str = Field(default="", max_length=40)
    action: str = Field(max_length=80)
    subject_kind: str = Field(max_length=40)
    subject_id: str = Field(max_length=40, index=True)
    detail: dict[str, Any] = document()
    chain_position: int | None = Field(default=None, unique=True)
    previous_hash: str | None = Field(default=None, max_length=64)
    entry_hash: str | None = Field(default=None, max_length=64)


class Outbox(Row, table=True):
    """A wish for durable work, written with the change that wants it; `jobs/dispatch.py` alone turns it into a run."""

    kind: WorkKind = choice(WorkKind)
    subject_id: UUID = Field()
    created_at: datetime = moment(index=True)
    dispatched_at: datetime | None = moment(default=None)
    done_at: datetime | None = moment(default=None, index=True)
    failure: str = Field(default="", max_length=500)


class Mail(Row, table=True):
    """One message to one person; sent by a job, at least once, with its id as Message-ID so that a twin is known.

    `calendar` is an iCalendar object that travels with it, `calendar_method` what it asks of the calendar (RFC 5546).
    """

    __table_args__ = (sa.Index("ix_mail_created_at", "created_at", "id"),)

    recipient: str = Field(max_length=320)
    subject: str = Field(max_length=300)
    body_text: str = Field()
    body_html: str = Field()
    calendar: str = Field(default="")
    calendar_method: str = Field(default="", max_length=20)
    state: MailState = choice(MailState, default=MailState.WAITING)
    candidate_id: UUID | None = belongs_to("candidate", default=None)
    created_at: datetime = moment()
    sent_at: datetime | None = moment(default=None)
    file_name: str = Field(default="", max_length=200)


class IdempotentAnswer(Row, table=True):
    """The first answer to a request that must not happen twice, replayed byte for byte for the same key and body."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (sa.UniqueConstraint("principal", "key"),)

    principal: str = Field(max_length=80)
    key: str = Field(max_length=255)
    request_hash: str = Field(max_length=64)
    status: int
    media_type: str = Field(max_length=100)
    headers: dict[str, Any] = document()
    body: bytes
    created_at: datetime = moment(index=True)


class Worker(SQLModel, table=True):
    """A process that does durable work, and when it was last heard."""

    id: str = Field(primary_key=True, max_length=200)
    started_at: datetime = moment()
    seen_at: datetime = moment()
