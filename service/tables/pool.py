"""The talent pool: searches kept alive, who agreed to be written to, and who was written to about what."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from service.runtime.vocabulary import PoolAnswer, PoolChannel
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class SavedSearch(Row, table=True):
    """A question about people that one member of staff asks again and again; `looked_at` is the last look."""

    __tablename__ = "saved_search"
    __table_args__ = (sa.UniqueConstraint("staff_id", "name"),)

    staff_id: UUID = belongs_to("staff")
    name: str = Field(max_length=120)
    question: dict[str, Any] = document()
    created_at: datetime = moment()
    looked_at: datetime = moment()
    version: int = 1


class SavedSearchSeen(Row, table=True):
    """One person whom a saved search had found at the last look; whoever it finds beside them is new."""

    __tablename__ = "saved_search_seen"
    __table_args__ = (sa.UniqueConstraint("search_id", "candidate_id"),)

    search_id: UUID = belongs_to("saved_search")
    candidate_id: UUID = belongs_to("candidate")


class PoolChoice(Row, table=True):
    """Whether one person wants to hear of other posts, as said on one day; never updated, the newest holds.

    `wording_edition` is the text that was agreed to. `staff_id` and `note` tell who took down what was said aloud.
    """

    __tablename__ = "pool_choice"
    __table_args__ = (sa.Index("ix_pool_choice_newest", "candidate_id", "at"),)

    candidate_id: UUID = belongs_to("candidate")
    is_yes: bool
    channel: PoolChannel = choice(PoolChannel)
    wording_edition: str = Field(max_length=40)
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    note: str = Field(default="", max_length=500)
    at: datetime = moment()


class PoolContact(Row, table=True):
    """One letter to one person about one programme, with why and with what had aged; one letter a programme.

    The token of its answering page is only in the letter.
    """

    __tablename__ = "pool_contact"
    __table_args__ = (sa.UniqueConstraint("candidate_id", "programme_id"),)

    candidate_id: UUID = belongs_to("candidate")
    programme_id: UUID = belongs_to("programme")
    staff_id: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    outcome: str = Field(max_length=30)
    reasons: list[dict[str, Any]] = document()
    stale: list[str] = document()
    token_hash: str = Field(max_length=64, unique=True)
    written_at: datetime = moment()
    answer: PoolAnswer | None = choice(PoolAnswer, default=None, nullable=True)
    answered_at: datetime | None = moment(default=None)
