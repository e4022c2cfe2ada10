"""Rules that give a path by themselves: to whom, from when, and who wrote them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import Stage
from service.tables.columns import Row, belongs_to, choice, moment, versioned


@versioned
class AssignmentRule(Row, table=True):
    """One rule: everybody who meets all the conditions that are set is given `path`, once.

    `stage`: an application (for `programme_id` when it is set) stands there. `skill`: the match with that application
    says that this skill is lacking. `post`: its accepted offer has this job title. `after_path`: that path is finished.
    `start_days`: working days before (negative) or after the first day of the accepted offer; where there is none, the
    day on which the rule applies. `applied_at` makes no new version.
    """

    __tablename__ = "assignment_rule"
    __table_args__ = (sa.Index("ix_assignment_rule_active", "is_active", "id"),)

    name: str = Field(max_length=120)
    path: str = Field(max_length=80)
    programme_id: UUID | None = belongs_to("programme", default=None)
    stage: Stage | None = choice(Stage, default=None, nullable=True)
    skill: str | None = Field(default=None, max_length=80)
    post: str | None = Field(default=None, max_length=200)
    after_path: str | None = Field(default=None, max_length=80)
    start_days: int = 0
    is_active: bool = True
    created_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    created_at: datetime = moment()
    applied_at: datetime | None = moment(default=None)
    version: int = 1
