"""Letters as an administrator lists them; their texts only where mail goes to files."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.errors import NotFound
from service.runtime.vocabulary import MailState
from service.store import reach
from service.tables.trail import Mail


class LetterFacts(BaseModel):
    """What a list shows of one letter."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    id: UUID
    recipient: str
    subject: str
    state: MailState
    created_at: datetime
    sent_at: datetime | None
    file_name: str


class WholeLetterFacts(LetterFacts):
    """One letter with its words."""

    body_text: str


async def page_of(
    session: AsyncSession,
    *,
    state: MailState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[tuple[LetterFacts, ...], bool]:
    """Letters, newest first, and whether there are more; `before` is the place of the last one already shown."""
    query = select(Mail).order_by(col(Mail.created_at).desc(), col(Mail.id).desc()).limit(limit + 1)
    if state is not None:
        query = query.where(col(Mail.state) == state)
    if before is not None:
        query = query.where(tuple_(col(Mail.created_at), col(Mail.id)) < before)
    rows = list(await session.scalars(query))
    return tuple(LetterFacts.model_validate(row) for row in rows[:limit]), len(rows) > limit


async def letter(session: AsyncSession, letter_id: str | UUID) -> WholeLetterFacts:
    row = await session.get(Mail, reach.id_of(letter_id))
    if row is None:
        raise NotFound
    return WholeLetterFacts.model_validate(row)
