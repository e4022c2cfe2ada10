"""Assignments and their events as plain columns, in parts, for computing everybody's standing again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.tables.training import Assignment, LearningEvent

Event = tuple[Any, str, str, str, str, bool | None, Any]
"""Key of the assignment, id, module, kind, detail as text, passed, and the moment as the database hands it over."""

Change = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept of one assignment now; `key` is its id as its events name it."""

    key: Any
    id: UUID
    path: str
    edition: str
    start_date: date
    due_dates: Mapping[str, str] | None
    percent: int
    is_complete: bool
    completed_on: date | None
    next_due: date
    moved_on: date
    modules_done: int
    unpassed: int
    waits_for_trainer: bool
    step: str
    step_module: str
    step_page: str


async def assignments_after(session: AsyncSession, *, after: UUID | None, limit: int) -> tuple[Stored, ...]:
    """The next assignments by id, held until the end of the transaction so that no event crosses."""
    query = (
        select(
            sa.type_coerce(col(Assignment.id), sa.String),
            *(col(getattr(Assignment, name)) for name in Stored.__slots__[1:]),
        )
        .order_by(col(Assignment.id))
        .limit(limit)
        .with_for_update()
    )
    if after is not None:
        query = query.where(col(Assignment.id) > after)
    return tuple(Stored(*row) for row in await session.execute(query))


async def events_between(session: AsyncSession, first: UUID, last: UUID) -> Sequence[Event]:
    """Every event of the assignments from one id to another, those of one assignment together.

    Nothing is made of the columns that a thousand rows share: what they say is read once, by whoever asked.
    """
    event = LearningEvent
    rows = await session.execute(
        select(
            sa.type_coerce(col(event.assignment_id), sa.String),
            sa.type_coerce(col(event.id), sa.String),
            col(event.module),
            col(event.kind),
            sa.cast(col(event.detail), sa.Text),
            col(event.is_passed),
            sa.type_coerce(col(event.at), sa.String),
        )
        .where(col(event.assignment_id) >= first, col(event.assignment_id) <= last)
        .order_by(col(event.assignment_id))
    )
    return rows.all()


def moment_of(hour: str | datetime) -> datetime:
    """The hour of an event: text of SQLite (in UTC, to the hour), or PostgreSQL's own."""
    if isinstance(hour, str):
        return datetime.strptime(hour.replace("T", " "), "%Y-%m-%d %H").replace(tzinfo=UTC)
    return hour


def name_in(kind: str, detail: str) -> tuple[str, int, str]:
    """What an event's detail names (empty: the event itself), how many tries it grants, its own day if it has one."""
    told = json.loads(detail)
    match kind:
        case "page_read":
            return str(told["page"]), 0, ""
        case "attempts_granted":
            return "", int(told["count"]), ""
        case "package_completed":
            return str(told["attempt"]), 0, ""
        case "class_attended":
            return str(told["session"]), 0, str(told["on"])
        case "exempted":
            return str(told["exemption"]), 0, ""
        case "carried_over":
            return str(told["edition"]), 0, str(told["on"])
    return "", 0, ""


async def rewrite(session: AsyncSession, changes: Sequence[Change]) -> None:
    """Write the kept columns of many rows in one statement; what people edit, and its version, stays."""
    if not changes:
        return
    table = Assignment.__table__  # type: ignore[attr-defined]
    names = [name for name in changes[0] if name != "row_id"]
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("row_id", type_=table.c.id.type))
        .values({name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names})
    )
    rows = [{"row_id": one["row_id"], **{f"new_{name}": one[name] for name in names}} for one in changes]
    connection = await session.connection()
    await connection.execute(statement, rows)


async def assignment(session: AsyncSession, assignment_id: UUID) -> Assignment:
    """One row by id, read anew."""
    return (
        await session.scalars(
            select(Assignment)
            .where(col(Assignment.id) == assignment_id)
            .execution_options(populate_existing=True)
        )
    ).one()
