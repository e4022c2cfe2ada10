"""Before the answer to a contest is due, those who must give it are reminded by letter, once."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.mail import mailing
from service.flows.mail.letters import compose
from service.flows.recruiting.contests import MOST_LETTERS
from service.flows.recruiting.contests_rules import rule_on
from service.flows.writing.reports_words import wording_on
from service.runtime.actors import SYSTEM
from service.runtime.clock import civil_date
from service.runtime.settings import Settings
from service.store import audit
from service.store.recruiting import contests as store
from service.tables.contests import Contest

AT_ONCE = 100


async def remind_due(session: AsyncSession, *, settings: Settings, now: datetime) -> int:
    """Write to whoever took each contest that is due soon, else to all who may look again; how many contests."""
    until = civil_date(now) + timedelta(days=rule_on(now).remind_days_before)
    due = await store.due_unreminded(session, until=until, limit=AT_ONCE)
    for row in due:
        await _remind(session, row, settings=settings, now=now)
    return len(due)


async def _remind(session: AsyncSession, row: Contest, *, settings: Settings, now: datetime) -> None:
    taken_by = await store.mailbox_of_reviewer(session, row)
    first = await store.first_hands(session, row)
    mailboxes = (
        (taken_by,) if taken_by
        else await store.mailboxes_of_reviewers(session, but=first, limit=MOST_LETTERS)
    )  # fmt: skip
    for address, locale in mailboxes:
        words = compose(
            "contest_due", locale, url=f"{settings.public_url}/contests/{row.id}",
            until=wording_on(now, locale).day(row.answer_due), is_taken="yes" if row.reviewer_id else "",
            is_late="yes" if row.answer_due < civil_date(now) else "",
        )  # fmt: skip
        mailing.write_letter(
            session, recipient=address, subject=words.subject, body_text=words.body_text,
            body_html=words.body_html, candidate_id=row.candidate_id, now=now,
        )  # fmt: skip
    row.reminded_at = now
    await session.flush()
    audit.record(
        session, SYSTEM, action="contest.remind", subject=("candidate", row.candidate_id), now=now,
        detail={"contest": str(row.id), "letters": len(mailboxes)},
    )  # fmt: skip
