"""Dates that papers set: seen to by a person, and their holder reminded once while there is time."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.mail import mailing
from service.flows.mail.letters import compose, day_words
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.errors import Forbidden
from service.runtime.settings import Settings
from service.runtime.vocabulary import DeadlineHolder
from service.store import audit
from service.store.papers import deadlines as store
from service.tables.papers import Deadline

REMIND_BEFORE = timedelta(days=3)
AT_ONCE = 100


async def finish(session: AsyncSession, actor: Actor, deadline_id: str, *, now: datetime) -> Deadline:
    """Say that this was seen to; saying it twice changes nothing."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    row = await store.deadline_row(session, actor, deadline_id)
    if row.done_at is None:
        row.done_at, row.done_by = now, actor.staff_id
        audit.record(session, actor, action="deadline.finish", subject=("deadline", row.id), now=now)
        await session.flush()
    return row


async def remind_due(session: AsyncSession, *, settings: Settings, now: datetime) -> int:
    """Write once to the holder of each open date that is near or past; how many dates."""
    until = civil_date(now) + REMIND_BEFORE
    due = await store.to_remind(session, until=until, limit=AT_ONCE)
    for one in due:
        _remind(session, one, settings=settings, now=now)
    await session.flush()
    return len(due)


def _remind(session: AsyncSession, one: store.Reminder, *, settings: Settings, now: datetime) -> None:
    row = one.row
    row.reminded_at = now
    audit.record(session, SYSTEM, action="deadline.remind", subject=("deadline", row.id), now=now)
    if not one.address:
        return
    is_own = row.holder is DeadlineHolder.PERSON
    path = "/me/documents" if is_own else f"/applications/{row.application_id}/papers"
    words = compose(
        "deadline_due", one.locale, name=one.given_name, what=row.what,
        article=row.article, day=day_words(row.due_on, one.locale), url=f"{settings.public_url}{path}",
        person="" if is_own else one.person_name, is_late="yes" if row.due_on < civil_date(now) else "",
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=one.address, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=row.candidate_id, now=now,
    )  # fmt: skip
