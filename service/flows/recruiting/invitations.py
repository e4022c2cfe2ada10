"""Invitations by mail with a one-time link, and a new link for whoever lost theirs."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.flows.accounts import signing_in
from service.flows.assessing.assessments import advance
from service.flows.mail import mailing
from service.flows.mail.letters import compose, moment_words
from service.flows.people.duplicates import fold_email
from service.runtime.actors import SYSTEM, Actor
from service.runtime.errors import Fault, RuleBroken
from service.runtime.settings import Settings
from service.runtime.vocabulary import FINAL_STAGES, LinkPurpose, Stage
from service.store import audit, reach
from service.store.accounts import sign_ins
from service.store.recruiting import invitations
from service.store.recruiting.invitations import InvitationFacts
from service.tables.applications import Application, Invitation
from service.tables.people import Candidate, Staff

LINKS_AN_HOUR = 3
"""How many new links one person can ask for in an hour; more are answered alike and send nothing."""
NEW_LINK_DAYS = 2


async def invite(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, settings: Settings, now: datetime
) -> InvitationFacts:
    """Write a person an invitation to the self-assessments. RuleBroken says what to do when no address is on file."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    check_address(candidate.email)
    link, token = signing_in.make_link(
        session, purpose=LinkPurpose.INVITATION, now=now, days=settings.link_days, candidate_id=candidate.id
    )
    await session.flush()
    row = Invitation(
        candidate_id=candidate.id,
        application_id=await _open_application(session, candidate.id),
        link_id=link.id,
        staff_id=actor.staff_id,
        created_at=now,
    )
    session.add(row)
    words = compose(
        "invitation",
        candidate.locale,
        name=candidate.given_name,
        sender=await _sender_name(session, actor, settings),
        url=f"{settings.public_url}/links/{token}",
        until=moment_words(link.expires_at, candidate.locale),
    )
    mailing.write_letter(
        session, recipient=candidate.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=candidate.id, now=now,
    )  # fmt: skip
    await advance(
        session, candidate.id, (Stage.APPLIED,), Stage.INVITED,
        staff_id=actor.staff_id, now=now,
    )  # fmt: skip
    await session.flush()
    audit.record(
        session, actor, action="invitation.create", subject=("candidate", candidate.id), now=now,
        detail={"invitation": str(row.id), "link": str(link.id)},
    )  # fmt: skip
    found = await invitations.invitations_of(session, actor, candidate.id)
    return next(one for one in found if one.id == row.id)


def check_address(email: str) -> None:
    """Refuse, in words, to write to nobody or to something that is no address."""
    if not email:
        raise RuleBroken(
            "No e-mail address is known for this person. Add it to the file, then invite; "
            "or hand over a link in person.",
            code="no-address",
            faults=[Fault("/email", "missing", "the person has no e-mail address on file")],
        )
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise RuleBroken(
            "This person's e-mail address does not have the form of an address. Correct it in the file, "
            "then invite.",
            code="address-unusable",
            faults=[Fault("/email", "invalid", "not an e-mail address")],
        ) from None


async def _open_application(session: AsyncSession, candidate_id: UUID) -> UUID | None:
    found: UUID | None = await session.scalar(
        select(col(Application.id))
        .where(col(Application.candidate_id) == candidate_id, col(Application.stage).not_in(FINAL_STAGES))
        .order_by(col(Application.created_at), col(Application.id))
        .limit(1)
    )
    return found


async def _sender_name(session: AsyncSession, actor: Actor, settings: Settings) -> str:
    staff = await session.get(Staff, actor.staff_id) if actor.staff_id else None
    return staff.name if staff else parseaddr(settings.mail_from)[0]


async def send_new_link_for(session: AsyncSession, token: str, *, settings: Settings, now: datetime) -> None:
    """Write a new link to the address on file of whoever this (used or old) link belongs to; else do nothing.

    The caller says the same words in every case.
    """
    link = await sign_ins.link_by_token(session, token)
    if link is None:
        return
    if link.staff_id is not None:
        await _write_to_staff(session, await session.get(Staff, link.staff_id), settings=settings, now=now)
    else:
        candidate = await session.get(Candidate, link.candidate_id)
        await _write_to_candidate(session, candidate, settings=settings, now=now)


async def send_link_to(session: AsyncSession, email: str, *, settings: Settings, now: datetime) -> None:
    """Write a link to this address when one person here has it; else do nothing. The caller says the same in each case.

    An address that several files share gets nothing: we could not know whose space to open.
    """
    address = email.strip()
    if not address or "\x00" in address:
        return
    staff = await sign_ins.staff_by_email(session, address)
    if staff is not None:
        await _write_to_staff(session, staff, settings=settings, now=now)
        return
    rows = await session.scalars(
        select(Candidate).where(col(Candidate.folded_email) == fold_email(address)).limit(20)
    )
    found = [row for row in rows if row.email.casefold() == address.casefold()]
    if len(found) == 1:
        await _write_to_candidate(session, found[0], settings=settings, now=now)


async def _write_to_staff(
    session: AsyncSession, staff: Staff | None, *, settings: Settings, now: datetime
) -> None:
    if staff is None or not staff.is_active:
        return
    if await invitations.links_since(session, now - timedelta(hours=1), staff_id=staff.id) >= LINKS_AN_HOUR:
        return
    link, token = signing_in.make_link(
        session, purpose=LinkPurpose.SIGN_IN, now=now, days=NEW_LINK_DAYS, staff_id=staff.id
    )
    address = f"{settings.public_url}/links/{token}"
    words = compose(
        "new_link", staff.locale, name=staff.name, url=address,
        until=moment_words(link.expires_at, staff.locale),
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=staff.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=None, now=now,
    )  # fmt: skip
    audit.record(session, SYSTEM, action="link.renew", subject=("staff", staff.id), now=now)


async def _write_to_candidate(
    session: AsyncSession, candidate: Candidate | None, *, settings: Settings, now: datetime
) -> None:
    if candidate is None or not candidate.email:
        return
    since = now - timedelta(hours=1)
    if await invitations.links_since(session, since, candidate_id=candidate.id) >= LINKS_AN_HOUR:
        return
    link, token = signing_in.make_link(
        session, purpose=LinkPurpose.SIGN_IN, now=now, days=NEW_LINK_DAYS, candidate_id=candidate.id
    )
    address = f"{settings.public_url}/links/{token}"
    words = compose(
        "new_link", candidate.locale, name=candidate.given_name, url=address,
        until=moment_words(link.expires_at, candidate.locale),
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=candidate.email, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=candidate.id, now=now,
    )  # fmt: skip
    audit.record(session, SYSTEM, action="link.renew", subject=("candidate", candidate.id), now=now)


async def read_invitations(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, now: datetime
) -> tuple[InvitationFacts, ...]:
    """A person's invitations, newest first; the read is noted."""
    found = await invitations.invitations_of(session, actor, candidate_id)
    audit.record(session, actor, action="invitation.list", subject=("candidate", str(candidate_id)), now=now)
    return found


async def invite_unless_just_done(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, settings: Settings, now: datetime
) -> bool:
    """Invite, unless this person was invited within the last minute: a button pressed twice sends one letter."""
    found = await invitations.invitations_of(session, actor, candidate_id)
    if any(one.created_at > now - timedelta(minutes=1) for one in found):
        return False
    await invite(session, actor, candidate_id, settings=settings, now=now)
    return True
