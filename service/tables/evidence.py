"""What is known of a person beside their own word: files, and what was measured, attested or verified on a day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from assessments.questionnaires.evidence import HowKnown
from service.tables.columns import Row, belongs_to, choice, document, moment


class EvidenceFile(Row, table=True):
    """One file given as evidence for one item, kept by its SHA-256; `staff_id` is nobody when the person gave it."""

    __tablename__ = "evidence_file"

    candidate_id: UUID = belongs_to("candidate")
    instrument: str = Field(max_length=80)
    item: str = Field(max_length=80)
    sha256: str = Field(max_length=64)
    media_type: str = Field(max_length=100)
    size_bytes: int
    file_name: str = Field(max_length=200)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()


class Evidence(Row, table=True):
    """What was shown about one item on one day, beside the declared answer, which it never changes.

    Never updated but once, when somebody withdraws it and says why: then it stays to be read and counts no more.
    `value` is what was shown, as an answer to that item would be stored; none where only the fact of it was seen.
    """

    __table_args__ = (sa.Index("ix_evidence_of_item", "candidate_id", "instrument", "item"),)

    candidate_id: UUID = belongs_to("candidate")
    instrument: str = Field(max_length=80)
    item: str = Field(max_length=80)
    kind: HowKnown = choice(HowKnown)
    value: Any = document(default=None, nullable=True)
    known_on: date
    file_id: UUID | None = belongs_to("evidence_file", ondelete="SET NULL", default=None)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    note: str = Field(default="", max_length=2000)
    recorded_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None)
    withdrawn_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    withdrawn_why: str = Field(default="", max_length=2000)
