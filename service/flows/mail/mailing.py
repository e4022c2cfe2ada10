"""Letters: written with the change they speak of, sent by durable work."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime import mail
from service.runtime.actors import Actor
from service.runtime.errors import Conflict, NotFound
from service.runtime.settings import Settings
from service.runtime.vocabulary import MailState, WorkKind
from service.store import audit, reach
from service.store.mail import outbox
from service.tables.trail import Mail


def write_letter(
    session: AsyncSession,
    *,
    recipient: str,
    subject: str,
    body_text: str,
    body_html: str,
    candidate_id: UUID | None,
    now: datetime,
    calendar: str = "",
    calendar_method: str = "",
) -> Mail:
    """Keep a letter to send and ask for its delivery, in the caller's transaction.

    `calendar` is an iCalendar object that goes with it, `calendar_method` its METHOD.
    """
    letter = Mail(
        recipient=recipient,
        subject=subject,
        body_text=body_text,
        body_html=body_html,
        candidate_id=candidate_id,
        created_at=now,
        calendar=calendar,
        calendar_method=calendar_method,
    )
    session.add(letter)
    outbox.ask(session, WorkKind.MAIL, letter.id, now=now)
    return letter


async def letter_to_send(session: AsyncSession, mail_id: UUID) -> mail.Letter | None:
    """The letter, unless it was already sent or is gone with its person."""
    row = await session.get(Mail, mail_id)
    if row is None or row.state is not MailState.WAITING:
        return None
    return mail.Letter(
        row.id, row.recipient, row.subject, row.body_text, row.body_html, row.created_at,
        row.calendar, row.calendar_method,
    )  # fmt: skip


class LetterNotSentError(Exception):
    """A letter could not leave. It says what kind of fault alone: a server's words name the address, and a durable
    run keeps what it raised longer than a person is known."""


def send_letter(letter: mail.Letter, settings: Settings) -> str:
    """Send it now, as `runtime.mail.send` does; LetterNotSentError whatever went wrong, and the caller tries again."""
    try:
        return mail.send(letter, settings)
    except Exception as error:
        raise LetterNotSentError(type(error).__name__) from None


async def note_failed(session: AsyncSession, mail_id: UUID) -> None:
    """Say that every attempt is spent, so that an administrator sees it and may send it again."""
    letter = await session.get(Mail, mail_id)
    if letter is not None and letter.state is MailState.WAITING:
        letter.state = MailState.FAILED


async def send_again(session: AsyncSession, actor: Actor, mail_id: str | UUID, *, now: datetime) -> None:
    """Ask once more for a letter whose attempts were spent; Conflict for one that waits or has left."""
    letter = await session.get(Mail, reach.id_of(mail_id), with_for_update=True)
    if letter is None:
        raise NotFound
    if letter.state is not MailState.FAILED:
        raise Conflict(
            "This letter is waiting or has left; there is nothing to send again.", code="not-failed"
        )
    letter.state = MailState.WAITING
    outbox.ask(session, WorkKind.MAIL, letter.id, now=now)
    audit.record(session, actor, action="mail.send_again", subject=("mail", letter.id), now=now)


async def note_sent(session: AsyncSession, mail_id: UUID, *, file_name: str, now: datetime) -> None:
    letter = await session.get(Mail, mail_id)
    if letter is not None and letter.state is MailState.WAITING:
        letter.state, letter.sent_at, letter.file_name = MailState.SENT, now, file_name
