"""The trainer's board in a fixed number of queries: lines with what is kept of each learner, counts, the next class."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from onboarding.classes import Seat
from service.runtime.actors import Actor
from service.runtime.vocabulary import Locale, Stage
from service.store import reach
from service.store.learning.assignments import Position
from service.store.learning.cohorts import cohorts_within, name_of
from service.tables.applications import Application
from service.tables.classes import ClassSeat, LiveClass
from service.tables.people import Candidate
from service.tables.programmes import Programme
from service.tables.training import Assignment, Cohort

PLACED = (Stage.OFFER, Stage.HIRED)
"""From an offer on, a path is expected."""


class Column(StrEnum):
    """The columns of the board that a list can be narrowed to."""

    HAND = "hand"
    WAITS = "waits_for_trainer"
    LATE = "late"
    AGAIN = "again"
    STUCK = "stuck"
    CLASS_SOON = "class_soon"
    DONE = "done"


@dataclass(frozen=True)
class Bounds:
    """What the thresholds come to on a day, as the columns compare them."""

    today: date
    stuck_before: date
    again_from: int
    now: datetime
    class_within_days: int


@dataclass(frozen=True)
class BoardQuestion:
    """Which lines: every filter left out lets everything pass."""

    column: Column | None = None
    cohort_id: UUID | None = None
    programme_id: UUID | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One path of one learner, with what is kept of it and their next class."""

    id: UUID
    candidate_id: UUID
    path: str
    edition: str
    start_date: date
    percent: int
    is_complete: bool
    next_due: date
    moved_on: date
    modules_done: int
    unpassed: int
    waits_for_trainer: bool
    step: str
    step_module: str
    step_page: str
    person: str
    cohort: str
    class_at: datetime | None


@dataclass(frozen=True)
class PersonLine:
    """Somebody with an offer or hired, whom nobody gave a path yet."""

    id: UUID
    name: str
    folded_name: str


async def lines_of(
    session: AsyncSession,
    actor: Actor,
    question: BoardQuestion,
    bounds: Bounds,
    *,
    limit: int,
    after: Position | None = None,
) -> tuple[BoardLine, ...]:
    """One page in two queries: unfinished paths first, what is late or due soonest before the rest."""
    order = (col(Assignment.is_complete), col(Assignment.next_due), col(Assignment.id))
    query = _lines(actor).where(*_filters(question, bounds)).order_by(*order).limit(limit)
    if after is not None:
        ends = (
            sa.literal(after[0], sa.Boolean),
            sa.literal(after[1], sa.Date),
            sa.literal(after[2], sa.Uuid),
        )
        query = query.where(sa.tuple_(*order) > sa.tuple_(*ends))
    rows = (await session.execute(query)).all()
    classes = await next_classes(session, {row[1] for row in rows}, bounds)
    return tuple(_line(actor, row, classes.get(row[1])) for row in rows)


_KEPT = (
    col(Assignment.id),
    col(Assignment.candidate_id),
    col(Assignment.path),
    col(Assignment.edition),
    col(Assignment.start_date),
    col(Assignment.percent),
    col(Assignment.is_complete),
    col(Assignment.next_due),
    col(Assignment.moved_on),
    col(Assignment.modules_done),
    col(Assignment.unpassed),
    col(Assignment.waits_for_trainer),
    col(Assignment.step),
    col(Assignment.step_module),
    col(Assignment.step_page),
)


def _lines(actor: Actor) -> sa.Select[*tuple[Any, ...]]:
    return (
        select(
            *_KEPT,
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            col(Cohort.name),
        )
        .join(Candidate, col(Candidate.id) == col(Assignment.candidate_id))
        .join(Cohort, col(Cohort.id) == col(Assignment.cohort_id), isouter=True)
        .where(reach.candidates_within(actor))
    )


def _line(actor: Actor, row: Sequence[Any], class_at: datetime | None) -> BoardLine:
    given_name, family_name, pseudonym, cohort = row[-4:]
    person = pseudonym if actor.is_blind else name_of(given_name, family_name, pseudonym)
    kept: list[Any] = [*row[: len(_KEPT)], person, cohort or "", class_at]
    return BoardLine(*kept)


def position_of(line: BoardLine) -> Position:
    return (line.is_complete, line.next_due, line.id)


async def next_classes(
    session: AsyncSession, candidate_ids: Collection[UUID], bounds: Bounds
) -> Mapping[UUID, datetime]:
    """When the next class of each of these people begins, for those who have a seat in one."""
    rows = await session.execute(
        select(col(ClassSeat.candidate_id), sa.func.min(col(LiveClass.starts_at), type_=UTCDateTime))
        .join(LiveClass, col(LiveClass.id) == col(ClassSeat.class_id))
        .where(col(ClassSeat.candidate_id).in_(candidate_ids), *_upcoming(bounds))
        .group_by(col(ClassSeat.candidate_id))
    )
    return {row[0]: row[1] for row in rows}


def _upcoming(bounds: Bounds) -> tuple[ColumnElement[bool], ...]:
    return (
        col(ClassSeat.seat) == Seat.TAKEN,
        col(LiveClass.cancelled_at).is_(None),
        col(LiveClass.starts_at) >= bounds.now,
    )


async def counts_of(
    session: AsyncSession, actor: Actor, question: BoardQuestion, bounds: Bounds
) -> Mapping[str, int]:
    """How many lines stand in each column (and `all`), in one query; the question's own column is left aside."""
    count = sa.func.count()
    told = [count.filter(_stands_in(column, bounds)).label(column.value) for column in Column]
    row = (
        await session.execute(
            select(count.label("all"), *told)
            .select_from(Assignment)
            .join(Candidate, col(Candidate.id) == col(Assignment.candidate_id))
            .where(reach.candidates_within(actor), *_narrowed(question))
        )
    ).one()
    return dict(row._mapping)


def _filters(question: BoardQuestion, bounds: Bounds) -> list[ColumnElement[bool]]:
    filters = _narrowed(question)
    if question.column is not None:
        filters.append(_stands_in(question.column, bounds))
    return filters


def _narrowed(question: BoardQuestion) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if question.cohort_id is not None:
        filters.append(col(Assignment.cohort_id) == question.cohort_id)
    if question.path is not None:
        filters.append(col(Assignment.path) == question.path)
    if question.programme_id is not None:
        applied = select(col(Application.candidate_id)).where(
            col(Application.programme_id) == question.programme_id
        )
        filters.append(col(Assignment.candidate_id).in_(applied))
    return filters


def _stands_in(column: Column, bounds: Bounds) -> ColumnElement[bool]:
    """The same conditions as `onboarding.board.situations`, over the kept columns."""
    begun = sa.and_(col(Assignment.is_complete).is_(False), col(Assignment.start_date) <= bounds.today)
    waits = sa.and_(begun, col(Assignment.waits_for_trainer).is_(True))
    late = sa.and_(begun, col(Assignment.next_due) < bounds.today)
    again = sa.and_(begun, col(Assignment.unpassed) >= bounds.again_from)
    stuck = sa.and_(begun, col(Assignment.moved_on) < bounds.stuck_before)
    match column:
        case Column.HAND:
            return sa.or_(waits, late, again, stuck)
        case Column.WAITS:
            return waits
        case Column.LATE:
            return late
        case Column.AGAIN:
            return again
        case Column.STUCK:
            return stuck
        case Column.DONE:
            return col(Assignment.is_complete).is_(True)
    return col(Assignment.candidate_id).in_(_with_class_soon(bounds))


def _with_class_soon(bounds: Bounds) -> sa.Select[UUID]:
    until = bounds.now + timedelta(days=bounds.class_within_days)
    return (
        select(col(ClassSeat.candidate_id))
        .join(LiveClass, col(LiveClass.id) == col(ClassSeat.class_id))
        .where(*_upcoming(bounds), col(LiveClass.starts_at) <= until)
    )


def _without_path(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    placed = select(col(Application.candidate_id)).where(col(Application.stage).in_(PLACED))
    given = select(col(Assignment.candidate_id))
    return (
        reach.candidates_within(actor),
        sa.or_(col(Candidate.is_agent).is_(True), col(Candidate.id).in_(placed)),
        col(Candidate.id).not_in(given),
    )


async def count_without_path(session: AsyncSession, actor: Actor) -> int:
    """How many people with an offer, or hired, have no path yet."""
    query = select(sa.func.count()).select_from(Candidate).where(*_without_path(actor))
    return await session.scalar(query) or 0


async def people_without_path(
    session: AsyncSession, actor: Actor, *, limit: int, after: tuple[str, UUID] | None = None
) -> tuple[PersonLine, ...]:
    """People with an offer, or hired, who have no path yet; by name, from after (folded name, id) on."""
    order = (col(Candidate.folded_name), col(Candidate.id))
    query = (
        select(
            col(Candidate.id),
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            col(Candidate.folded_name),
        )
        .where(*_without_path(actor))
        .order_by(*order)
        .limit(limit)
    )
    if after is not None:
        query = query.where(
            sa.tuple_(*order) > sa.tuple_(sa.literal(after[0], sa.String), sa.literal(after[1], sa.Uuid))
        )
    return tuple(
        PersonLine(row[0], row[3] if actor.is_blind else name_of(row[1], row[2], row[3]), row[4])
        for row in await session.execute(query)
    )


async def cohort_names(session: AsyncSession, actor: Actor, *, limit: int) -> tuple[tuple[UUID, str], ...]:
    """The groups within reach to filter by, the newest first."""
    rows = await session.execute(
        select(col(Cohort.id), col(Cohort.name))
        .where(cohorts_within(actor))
        .order_by(col(Cohort.created_at).desc(), col(Cohort.id).desc())
        .limit(limit)
    )
    return tuple((row[0], row[1]) for row in rows)


@dataclass(frozen=True)
class LetterFacts:
    """Where a reminder goes, and when the last one went."""

    address: str
    locale: Locale
    given_name: str
    reminded_at: datetime | None


async def letters_of(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, LetterFacts]:
    """The address of each assignment's person; the caller has checked that they are within reach."""
    rows = await session.execute(
        select(
            col(Assignment.id),
            col(Candidate.email),
            col(Candidate.locale),
            col(Candidate.given_name),
            col(Assignment.reminded_at),
        )
        .join(Candidate, col(Candidate.id) == col(Assignment.candidate_id))
        .where(col(Assignment.id).in_(ids))
    )
    return {row[0]: LetterFacts(row[1], row[2], row[3], row[4]) for row in rows}


async def people_named(session: AsyncSession, actor: Actor, ids: Collection[UUID]) -> tuple[PersonLine, ...]:
    """These people within reach, by name."""
    rows = await session.scalars(
        select(Candidate)
        .where(reach.candidates_within(actor), col(Candidate.id).in_(ids))
        .order_by(col(Candidate.folded_name), col(Candidate.id))
    )
    return tuple(
        PersonLine(
            row.id,
            row.pseudonym if actor.is_blind else name_of(row.given_name, row.family_name, row.pseudonym),
            row.folded_name,
        )
        for row in rows
    )


async def programme_names(session: AsyncSession, actor: Actor, *, limit: int) -> tuple[tuple[UUID, str], ...]:
    """The programmes within reach to filter by, by title."""
    rows = await session.execute(
        select(col(Programme.id), col(Programme.title))
        .where(reach.programmes_within(actor))
        .order_by(col(Programme.title), col(Programme.id))
        .limit(limit)
    )
    return tuple((row[0], row[1]) for row in rows)


async def chosen_lines(
    session: AsyncSession, actor: Actor, ids: Collection[UUID], bounds: Bounds
) -> tuple[BoardLine, ...]:
    """The lines of these assignments that are within reach, in the order of the board."""
    if not ids:
        return ()
    order = (col(Assignment.is_complete), col(Assignment.next_due), col(Assignment.id))
    query = _lines(actor).where(col(Assignment.id).in_(ids)).order_by(*order)
    rows = (await session.execute(query)).all()
    return tuple(_line(actor, row, None) for row in rows)
