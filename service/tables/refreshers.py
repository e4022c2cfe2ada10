"""Refreshers: what a team is to remember, each question of each person with its day, every answer, and sums of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from onboarding.continuous.refreshers import Origin, Phase, Recall
from service.tables.columns import Row, belongs_to, choice, document, moment, versioned


@versioned
class RefresherNote(Row, table=True):
    """What changed for a programme, or an answer that helped one of its people, sent to everybody who works there.

    What was sent is never edited: `replaces_id` names the note that this one puts right, and a withdrawn one is asked
    no more.
    """

    __tablename__ = "refresher_note"
    __table_args__ = (sa.Index("ix_refresher_note_sent_at", "sent_at", "id"),)

    programme_id: UUID = belongs_to("programme")
    origin: Origin = choice(Origin)
    said: dict[str, Any] = document()
    help_request_id: UUID | None = belongs_to("help_request", ondelete="SET NULL", default=None)
    replaces_id: UUID | None = belongs_to("refresher_note", ondelete="SET NULL", default=None)
    sent_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    sent_at: datetime = moment()
    withdrawn_by: UUID | None = belongs_to("staff", ondelete="SET NULL", default=None)
    withdrawn_at: datetime | None = moment(default=None)
    withdrawn_why: str = Field(default="", max_length=2000)
    version: int = 1


class RefresherCard(Row, table=True):
    """One question of one person and how well it is remembered (FSRS); `due_on` empty: it is asked no more.

    `about` names the question, whatever edition asks it (`path/module/question`, `note/id`). `turns` counts the
    answers given, so that an answer sent twice is the first one.
    """

    __tablename__ = "refresher_card"
    __table_args__ = (
        sa.UniqueConstraint("candidate_id", "about"),
        sa.Index("ix_refresher_card_due", "candidate_id", "due_on"),
        sa.Index("ix_refresher_card_day", "due_on", "candidate_id"),
        sa.Index("ix_refresher_card_note", "note_id", "candidate_id", "seen_at"),
    )

    candidate_id: UUID = Field(foreign_key="candidate.id", ondelete="CASCADE")
    about: str = Field(max_length=200)
    origin: Origin = choice(Origin)
    note_id: UUID | None = Field(foreign_key="refresher_note.id", ondelete="CASCADE", default=None)
    assignment_id: UUID | None = belongs_to("assignment", ondelete="SET NULL", default=None)
    edition: str = Field(default="", max_length=40)
    due_on: date | None = None
    due_at: datetime = moment()
    phase: Phase = choice(Phase)
    step: int | None = None
    stability_days: float | None = None
    difficulty: float | None = None
    seen_at: datetime | None = moment(default=None)
    turns: int = 0


class RefresherReview(Row, table=True):
    """One answer to one card; its id is derived from the card and the turn, and it is never updated."""

    __tablename__ = "refresher_review"

    card_id: UUID = belongs_to("refresher_card")
    turn: int
    recall: Recall = choice(Recall)
    chosen: list[str] = document()
    is_first: bool
    days: int
    policy_edition: str = Field(max_length=40)
    at: datetime = moment()
    day: date = Field(index=True)


class RefresherTeam(Row, table=True):
    """What the people of one set of programmes remember, in sums over all their answers, counted once a day.

    `scope` names the programmes; nothing here names a person.
    """

    __tablename__ = "refresher_team"

    scope: str = Field(max_length=64, unique=True)
    said: dict[str, Any] = document()
    counted_at: datetime = moment()
