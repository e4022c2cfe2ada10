"""What was shown of a person's skills by a test, a training or somebody's eyes, each with its level and its day."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from assessments.matching.ledger_policy import HowShown
from service.tables.columns import Row, belongs_to, choice, moment


class SkillEntry(Row, table=True):
    """One thing shown of one skill on one day; only its end is ever written afterwards.

    The id is derived from what happened where a program writes it, so that the same thing told twice is one row.
    `source_id` is the assignment or the interview it comes from. Ended, it counts no more and stays readable.
    """

    __tablename__ = "skill_entry"
    __table_args__ = (sa.Index("ix_skill_entry_of_person", "candidate_id", "skill"),)

    candidate_id: UUID = belongs_to("candidate")
    skill: str = Field(max_length=80)
    level: int
    evidence: HowShown = choice(HowShown)
    known_on: date
    words: str = Field(max_length=500)
    source_id: UUID | None = None
    policy_edition: str = Field(max_length=40)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    recorded_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    ended_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    ended_why: str = Field(default="", max_length=2000)
