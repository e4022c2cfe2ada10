"""Help: what somebody asked, every message about it, and how long the answer took."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from onboarding.continuous.help import Topic
from service.runtime.vocabulary import HelpState
from service.tables.columns import Row, belongs_to, choice, moment, versioned


@versioned
class HelpRequest(Row, table=True):
    """One request for help, from its first words to its end.

    `path`, `edition`, `module` and `page` say where it was asked, empty when it was not in a module. `answer_due` is
    the last day to answer the newest words, `first_due` that for the first ones, by `policy_edition`; `answered_at` is
    when the first answer came.
    """

    __tablename__ = "help_request"
    __table_args__ = (sa.Index("ix_help_request_queue", "state", "answer_due", "id"),)

    candidate_id: UUID = belongs_to("candidate")
    programme_id: UUID | None = belongs_to("programme", ondelete="SET NULL", default=None)
    assignment_id: UUID | None = belongs_to("assignment", ondelete="SET NULL", default=None)
    topic: Topic = choice(Topic)
    path: str = Field(default="", max_length=80)
    edition: str = Field(default="", max_length=40)
    module: str = Field(default="", max_length=80)
    page: str = Field(default="", max_length=80)
    state: HelpState = choice(HelpState, default=HelpState.WAITING)
    asked_at: datetime = moment(index=True)
    answer_due: date
    first_due: date
    policy_edition: str = Field(max_length=40)
    answered_at: datetime | None = moment(default=None)
    reminded_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)
    version: int = 1


class HelpMessage(Row, table=True):
    """One message of a request, never updated; without `from_learner` it is of somebody of the staff."""

    __tablename__ = "help_message"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    request_id: UUID = belongs_to("help_request")
    number: int
    from_learner: bool
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    words: str = Field(max_length=4000)
    at: datetime = moment()
