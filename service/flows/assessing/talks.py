"""A person who wants to talk about the results: one letter to whoever invited them."""

from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.flows.assessing.answering import own_row
from service.flows.mail import mailing
from service.flows.mail.letters import compose
from service.runtime.actors import Actor
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store import audit
from service.store.mail.mailboxes import Mailbox, of_staff
from service.tables.applications import Invitation
from service.tables.people import Candidate, Staff
from service.tables.trail import AuditEntry

ACTION = "talk.ask"


async def ask_for_talk(session: AsyncSession, actor: Actor, *, settings: Settings, now: datetime) -> bool:
    """Tell a person of the employer that this candidate wants a talk; False when that was done within a day."""
    candidate = await own_row(session, actor)
    asked = await session.scalar(
        select(col(AuditEntry.id)).where(
            col(AuditEntry.subject_id) == str(candidate.id),
            col(AuditEntry.action) == ACTION,
            col(AuditEntry.at) > now - timedelta(days=1),
        )
    )
    if asked is not None:
        return False
    shown = f"{candidate.given_name} {candidate.family_name}".strip() or candidate.pseudonym
    address, locale = await _recipient(session, candidate, settings)
    words = compose(
        "talk_request", locale, name=shown, url=f"{settings.public_url}/candidates/{candidate.id}"
    )
    mailing.write_letter(
        session, recipient=address, subject=words.subject,
        body_text=words.body_text, body_html=words.body_html, candidate_id=candidate.id, now=now,
    )  # fmt: skip
    audit.record(session, actor, action=ACTION, subject=("candidate", candidate.id), now=now)
    return True


async def _recipient(session: AsyncSession, candidate: Candidate, settings: Settings) -> Mailbox:
    """Whoever invited last and still works here, else the address that mail comes from."""
    rows = await session.execute(
        of_staff()
        .join(Invitation, col(Invitation.staff_id) == col(Staff.id))
        .where(col(Invitation.candidate_id) == candidate.id)
        .order_by(col(Invitation.created_at).desc())
        .limit(1)
    )
    found = rows.first()
    return Mailbox(*found) if found else Mailbox(parseaddr(settings.mail_from)[1], Locale.FR)
