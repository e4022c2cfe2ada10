"""What people changed of an assignment afterwards, and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.assessing.assessments import Facts
from service.tables.people import Staff
from service.tables.training import AssignmentChange

START_MOVED = "start_moved"
EDITION_MOVED = "edition_moved"
DATES_MOVED = "due_dates"


class ChangeFacts(Facts):
    """One change: `before` and `after` are ISO dates for a start or the next due date, editions for an edition."""

    id: UUID
    kind: str
    before: str
    after: str
    why: str
    by: str
    at: datetime


async def changes_of(session: AsyncSession, assignment_id: UUID) -> tuple[ChangeFacts, ...]:
    """Every change of one assignment, the first one first. The caller has checked who is asking."""
    rows = await session.execute(
        select(AssignmentChange, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(AssignmentChange.staff_id))
        .where(col(AssignmentChange.assignment_id) == assignment_id)
        .order_by(col(AssignmentChange.at), col(AssignmentChange.id))
    )
    return tuple(
        ChangeFacts(**row.model_dump(exclude={"assignment_id", "staff_id"}), by=name or "")
        for row, name in rows
    )
