"""Reading letters: one can hold a link that opens somebody's space, so its words are shown only where mail is files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor
from service.runtime.errors import Fault, Forbidden, RuleBroken
from service.runtime.settings import Settings
from service.store import audit
from service.store.mail import mail
from service.store.mail.mail import LetterFacts, WholeLetterFacts

KEPT_CLOSED = "Mail leaves by SMTP: the text of a message is shown to nobody but the person it is sent to."


async def read_letter(
    session: AsyncSession, actor: Actor, letter_id: str | UUID, *, settings: Settings, now: datetime
) -> WholeLetterFacts:
    """One letter with its words; the read is noted. Forbidden when letters leave through SMTP."""
    found = await mail.letter(session, letter_id)
    if settings.smtp_url:
        raise Forbidden(KEPT_CLOSED, code="letters-closed")
    audit.record(session, actor, action="mail.read", subject=("mail", found.id), now=now)
    return found


def place_after(letter: LetterFacts) -> tuple[str, str]:
    """Where the page of a list after this letter starts."""
    return letter.created_at.isoformat(), str(letter.id)


def place_of(position: Sequence[Any]) -> tuple[datetime, UUID]:
    """The same place, read back from a cursor; RuleBroken for a cursor of another list."""
    try:
        moment, letter_id = position
        return datetime.fromisoformat(moment), UUID(letter_id)
    except (TypeError, ValueError):
        raise RuleBroken(
            "This cursor belongs to another list; start again from the first page.",
            faults=[Fault("cursor", "cursor", "not a cursor of this list")],
        ) from None
