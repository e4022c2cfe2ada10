"""Refresher cards: what is due for one person, and what that person answered."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.continuous.refreshers import Card, Origin, Phase, Recall
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.store import reach
from service.store.assessing.assessments import Facts
from service.tables.refreshers import RefresherCard, RefresherReview

MOST_DUE = 500
"""Cards weighed against one another for one day; somebody away for a year has more, and meets the oldest first."""


class CardFacts(Facts):
    """One question of one person and how well it is remembered."""

    id: UUID
    candidate_id: UUID
    about: str
    origin: Origin
    note_id: UUID | None
    assignment_id: UUID | None
    edition: str
    due_on: date | None
    due_at: datetime
    phase: Phase
    step: int | None
    stability_days: float | None
    difficulty: float | None
    seen_at: datetime | None
    turns: int

    @property
    def as_card(self) -> Card:
        """The card as the core weighs it."""
        return Card.model_construct(
            about=self.about, origin=self.origin, due=self.due_at, phase=self.phase, step=self.step,
            stability_days=self.stability_days, difficulty=self.difficulty, seen_at=self.seen_at,
        )  # fmt: skip


class ReviewFacts(Facts):
    """One answer: how it was known, what was chosen, in how many days the question comes back."""

    id: UUID
    card_id: UUID
    turn: int
    recall: Recall
    chosen: tuple[str, ...]
    is_first: bool
    days: int
    at: datetime


_COLUMNS = tuple(RefresherCard.__table__.columns[name] for name in CardFacts.model_fields)  # type: ignore[attr-defined]


async def due_of(session: AsyncSession, candidate_id: UUID, *, on: date) -> tuple[CardFacts, ...]:
    """What is due for one person on a day, the longest due first; one walk along the index of person and day."""
    rows = await session.execute(
        select(*_COLUMNS)
        .where(col(RefresherCard.candidate_id) == candidate_id, col(RefresherCard.due_on) <= on)
        .order_by(col(RefresherCard.due_on), col(RefresherCard.id))
        .limit(MOST_DUE)
    )
    return tuple(CardFacts.model_construct(**row._mapping) for row in rows)


async def due_count(session: AsyncSession, candidate_id: UUID, *, on: date) -> int:
    count = select(func.count()).where(
        col(RefresherCard.candidate_id) == candidate_id, col(RefresherCard.due_on) <= on
    )
    return await session.scalar(count) or 0


async def next_due(session: AsyncSession, candidate_id: UUID, *, after: date) -> date | None:
    """The first day after another on which a question comes back; None when none does."""
    found: date | None = await session.scalar(
        select(func.min(col(RefresherCard.due_on))).where(
            col(RefresherCard.candidate_id) == candidate_id, col(RefresherCard.due_on) > after
        )
    )
    return found


async def answered_on(session: AsyncSession, candidate_id: UUID, day: date) -> tuple[UUID | None, ...]:
    """The answers that one person gave on a day: for each the note that was read for the first time, or None."""
    rows = await session.execute(
        select(col(RefresherCard.note_id), col(RefresherReview.is_first))
        .select_from(RefresherReview)
        .join(RefresherCard, col(RefresherCard.id) == col(RefresherReview.card_id))
        .where(col(RefresherCard.candidate_id) == candidate_id, col(RefresherReview.day) == day)
    )
    return tuple(note_id if is_first else None for note_id, is_first in rows)


def _own(actor: Actor) -> ColumnElement[bool]:
    """A card is its learner's alone: no member of staff ever reads one."""
    if actor.kind is not ActorKind.CANDIDATE:
        return sa.false()
    return col(RefresherCard.candidate_id) == actor.id


async def own_card(session: AsyncSession, actor: Actor, card_id: str | UUID) -> CardFacts:
    row = await session.scalar(
        select(RefresherCard).where(col(RefresherCard.id) == reach.id_of(card_id), _own(actor))
    )
    if row is None:
        raise NotFound
    return CardFacts(**row.model_dump())


async def card_row(session: AsyncSession, actor: Actor, card_id: str | UUID) -> RefresherCard:
    """One's own card to answer, held until the end of the transaction so that two answers cannot cross."""
    row = await session.scalar(
        select(RefresherCard)
        .where(col(RefresherCard.id) == reach.id_of(card_id), _own(actor))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def rows_about(
    session: AsyncSession, candidate_id: UUID, abouts: Iterable[str]
) -> dict[str, RefresherCard]:
    """The cards of one person about these questions, by question, held until the end of the transaction."""
    rows = await session.scalars(
        select(RefresherCard)
        .where(col(RefresherCard.candidate_id) == candidate_id, col(RefresherCard.about).in_(list(abouts)))
        .order_by(col(RefresherCard.id))
        .with_for_update()
    )
    return {row.about: row for row in rows}


async def review_of(session: AsyncSession, card_id: UUID, turn: int) -> ReviewFacts:
    """The answer of one turn of a card that the caller was already allowed to see."""
    row = await session.scalar(
        select(RefresherReview).where(
            col(RefresherReview.card_id) == card_id, col(RefresherReview.turn) == turn
        )
    )
    if row is None:
        raise NotFound
    return _review(row)


async def own_review(session: AsyncSession, actor: Actor, review_id: str | UUID) -> ReviewFacts:
    row = await session.scalar(
        select(RefresherReview)
        .join(RefresherCard, col(RefresherCard.id) == col(RefresherReview.card_id))
        .where(col(RefresherReview.id) == reach.id_of(review_id), _own(actor))
    )
    if row is None:
        raise NotFound
    return _review(row)


def _review(row: RefresherReview) -> ReviewFacts:
    return ReviewFacts(**row.model_dump(exclude={"policy_edition", "day"}))
