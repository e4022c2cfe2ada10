"""Refresher cards: what is due for one person, and the figures of a team, which name nobody."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.continuous.refreshers import Card, Origin, Phase, Recall
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.store import reach
from service.store.assessments import Facts
from service.tables.people import Candidate
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


class QuestionFigures(Facts):
    """How one question is remembered by a team: answers to it, and those that knew it."""

    about: str
    note_id: UUID | None
    edition: str
    answers: int
    known: int
    people: int


class TeamFigures(Facts):
    """What came back to a team and was still known, how many people that is, and what falls due on which day."""

    answers: int
    known: int
    people: int
    due: Mapping[date, int]
    overdue: int


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


async def next_due(session: AsyncSession, candidate_id: UUID) -> date | None:
    """The day on which the next question comes back; None when there is none at all."""
    found: date | None = await session.scalar(
        select(func.min(col(RefresherCard.due_on))).where(col(RefresherCard.candidate_id) == candidate_id)
    )
    return found


async def answered_on(session: AsyncSession, candidate_id: UUID, day: date) -> int:
    """How many answers one person gave on a day."""
    count = (
        select(func.count())
        .select_from(RefresherReview)
        .join(RefresherCard, col(RefresherCard.id) == col(RefresherReview.card_id))
        .where(col(RefresherCard.candidate_id) == candidate_id, col(RefresherReview.day) == day)
    )
    return await session.scalar(count) or 0


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
    """The cards of one person about these questions, by question."""
    rows = await session.scalars(
        select(RefresherCard).where(
            col(RefresherCard.candidate_id) == candidate_id, col(RefresherCard.about).in_(list(abouts))
        )
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


def _cards_within(actor: Actor) -> ColumnElement[bool]:
    reached = reach.candidates_within(actor)
    if isinstance(reached, sa.True_):  # everybody: no need to ask for each card whose it is
        return reached
    return col(RefresherCard.candidate_id).in_(select(col(Candidate.id)).where(reached))


async def team_figures(
    session: AsyncSession, actor: Actor, *, since: date, today: date, until: date
) -> TeamFigures:
    """Sums over everybody within reach; a question met for the first time shows nothing of memory and is left out."""
    known = func.sum(sa.case((col(RefresherReview.recall) != Recall.FORGOTTEN, 1), else_=0))
    asked = (
        await session.execute(
            select(func.count(), known, func.count(col(RefresherCard.candidate_id).distinct()))
            .select_from(RefresherReview)
            .join(RefresherCard, col(RefresherCard.id) == col(RefresherReview.card_id))
            .where(
                col(RefresherReview.day) >= since,
                col(RefresherReview.is_first).is_(False),
                _cards_within(actor),
            )
        )
    ).one()
    days = await session.execute(
        select(col(RefresherCard.due_on), func.count())
        .where(col(RefresherCard.due_on).between(today, until), _cards_within(actor))
        .group_by(col(RefresherCard.due_on))
    )
    late = await session.scalar(
        select(func.count()).where(col(RefresherCard.due_on) < today, _cards_within(actor))
    )
    return TeamFigures(
        answers=asked[0], known=asked[1] or 0, people=asked[2], due={row[0]: row[1] for row in days},
        overdue=late or 0,
    )  # fmt: skip


async def hardest(
    session: AsyncSession, actor: Actor, *, since: date, least_people: int, limit: int
) -> tuple[QuestionFigures, ...]:
    """The questions that a team forgets most, the most forgotten first; none that fewer people answered."""
    known = func.sum(sa.case((col(RefresherReview.recall) != Recall.FORGOTTEN, 1), else_=0))
    people = func.count(col(RefresherCard.candidate_id).distinct())
    rows: Any = await session.execute(
        select(
            col(RefresherCard.about), func.max(col(RefresherCard.edition)), func.count(), known, people,
        )
        .select_from(RefresherReview)
        .join(RefresherCard, col(RefresherCard.id) == col(RefresherReview.card_id))
        .where(
            col(RefresherReview.day) >= since, col(RefresherReview.is_first).is_(False), _cards_within(actor)
        )
        .group_by(col(RefresherCard.about))
        .having(people >= least_people)
        .order_by((1.0 * known / func.count()).asc(), func.count().desc(), col(RefresherCard.about))
        .limit(limit)
    )  # fmt: skip
    return tuple(
        QuestionFigures(
            about=about, note_id=UUID(about.removeprefix("note/")) if about.startswith("note/") else None,
            edition=edition, answers=answers, known=right, people=who,
        )
        for about, edition, answers, right, who in rows
    )  # fmt: skip
