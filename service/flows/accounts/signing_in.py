"""Signing in and out: one-time links, passwords for staff, sessions and API tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.errors import Fault, Gone, NotFound, NotSignedIn, RuleBroken
from service.runtime.ids import new_token, token_hash
from service.runtime.settings import Settings
from service.runtime.vocabulary import STAFF_ROLES, LinkPurpose, Role
from service.store import audit
from service.store.accounts import sign_ins
from service.tables.people import ApiToken, Candidate, OneTimeLink, SignIn, Staff

LINK_PREFIX = "hsl"
MIN_PASSWORD = 12
MAX_PASSWORD = 1000
LENGTHS = {"least": MIN_PASSWORD, "most": MAX_PASSWORD}


@dataclass(frozen=True)
class SignedIn:
    """A new session: the token (shown once, here) and what it opens."""

    token: str
    expires_at: datetime
    purpose: LinkPurpose
    staff_id: UUID | None = None
    candidate_id: UUID | None = None
    offer_id: UUID | None = None


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))


@cache
def _unknown_person_hash() -> str:
    return _hasher().hash("nobody has this password")


def make_link(
    session: AsyncSession,
    *,
    purpose: LinkPurpose,
    now: datetime,
    days: float,
    staff_id: UUID | None = None,
    candidate_id: UUID | None = None,
    offer_id: UUID | None = None,
) -> tuple[OneTimeLink, str]:
    """A new one-time link and its token; only the token's hash is kept, so it can be shown this once only."""
    token = new_token(LINK_PREFIX)
    link = OneTimeLink(
        token_hash=token_hash(token),
        purpose=purpose,
        staff_id=staff_id,
        candidate_id=candidate_id,
        offer_id=offer_id,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(link)
    return link, token


async def look_at_link(
    session: AsyncSession, token: str, *, now: datetime, to_use: bool = False
) -> OneTimeLink:
    """The link that a token opens, without using it up; Gone when it was used or its time is over."""
    link = await sign_ins.link_by_token(session, token, to_use=to_use)
    if link is None:
        raise NotFound("This link is not known here. Copy it whole from your message.")
    if link.used_at is not None:
        raise Gone("This link was already used. Ask for a new one.", code="link-used")
    if link.expires_at <= now:
        raise Gone("This link is too old. Ask for a new one.", code="link-expired")
    return link


async def open_link(session: AsyncSession, token: str, *, settings: Settings, now: datetime) -> SignedIn:
    """Use the link up and sign its person in."""
    link = await look_at_link(session, token, now=now, to_use=True)
    link.used_at = now
    if link.staff_id is not None:
        await _check_active(session, link.staff_id)
    return await _sign_in(session, link, settings=settings, now=now)


async def _check_active(session: AsyncSession, staff_id: UUID) -> None:
    staff = await session.get(Staff, staff_id)
    if staff is None or not staff.is_active:
        raise Gone("This account is closed.", code="account-closed")


async def _sign_in(
    session: AsyncSession, link: OneTimeLink, *, settings: Settings, now: datetime
) -> SignedIn:
    token = new_token("hss")
    expires_at = now + timedelta(hours=settings.session_hours)
    session.add(
        SignIn(
            token_hash=token_hash(token),
            staff_id=link.staff_id,
            candidate_id=link.candidate_id,
            created_at=now,
            expires_at=expires_at,
        )
    )
    actor = Actor(
        ActorKind.STAFF if link.staff_id else ActorKind.CANDIDATE, id=link.staff_id or link.candidate_id
    )
    audit.record(session, actor, action="sign_in.create", subject=("link", link.id), now=now)
    return SignedIn(token, expires_at, link.purpose, link.staff_id, link.candidate_id, link.offer_id)


async def sign_in_with_password(
    session: AsyncSession, email: str, password: str, *, settings: Settings, now: datetime
) -> SignedIn:
    """Sign a member of staff in; the same words and the same work whether or not the address is known."""
    staff = await sign_ins.staff_by_email(session, email)
    known_hash = staff.password_hash if staff is not None and staff.is_active else None
    fits = _hasher().verify(password[:MAX_PASSWORD], known_hash or _unknown_person_hash())
    if staff is None or known_hash is None or not fits:
        raise NotSignedIn("This address and password do not go together.", code="wrong-credentials")
    link = OneTimeLink(
        token_hash=token_hash(new_token(LINK_PREFIX)),
        purpose=LinkPurpose.SIGN_IN,
        staff_id=staff.id,
        created_at=now,
        expires_at=now,
        used_at=now,
    )
    session.add(link)
    return await _sign_in(session, link, settings=settings, now=now)


async def set_password(session: AsyncSession, actor: Actor, password: str, *, now: datetime) -> None:
    """Set one's own password: at least 12 characters, any characters, taken as typed."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD or "\x00" in password:
        raise RuleBroken(
            "Choose %(least)s to %(most)s characters.",
            least=MIN_PASSWORD,
            most=MAX_PASSWORD,
            faults=[Fault("/password", "length", "%(least)s to %(most)s characters", LENGTHS)],
        )
    staff = await session.get(Staff, actor.staff_id) if actor.kind is ActorKind.STAFF else None
    if staff is None:
        raise NotFound
    staff.password_hash = _hasher().hash(password)
    audit.record(session, actor, action="password.set", subject=("staff", staff.id), now=now)


async def sign_out(session: AsyncSession, actor: Actor, *, now: datetime) -> None:
    """End the session that made this request."""
    found = await session.get(SignIn, actor.sign_in_id) if actor.sign_in_id else None
    if found is not None:
        found.ended_at = now


async def make_api_token(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    scopes: Sequence[str],
    staff_id: UUID,
    now: datetime,
    days: int | None,
) -> tuple[ApiToken, str]:
    """A machine's credential and its secret, shown this once only."""
    secret = new_token("hst")
    token = ApiToken(
        name=name,
        token_hash=token_hash(secret),
        scopes=sorted(scopes),
        staff_id=staff_id,
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    session.add(token)
    audit.record(session, actor, action="api_token.create", subject=("api_token", token.id), now=now)
    return token, secret


async def person_name(session: AsyncSession, link: OneTimeLink) -> str:
    """How the page of a link greets its person."""
    if link.staff_id is not None:
        staff = await session.get(Staff, link.staff_id)
        return staff.name if staff else ""
    candidate = await session.get(Candidate, link.candidate_id) if link.candidate_id else None
    return candidate.given_name if candidate else ""


async def add_staff(session: AsyncSession, *, name: str, email: str, role: Role, now: datetime) -> UUID:
    """Make a member of staff known; without a password, so that only a one-time link lets them in at first."""
    if role not in STAFF_ROLES:
        raise RuleBroken("%(role)s is not a role of staff.", role=role.value)
    staff = Staff(name=name, email=email.strip().lower(), role=role, created_at=now)
    session.add(staff)
    audit.record(session, SYSTEM, action="staff.create", subject=("staff", staff.id), now=now)
    return staff.id


async def staff_id_of(session: AsyncSession, email: str) -> UUID:
    """The member of staff with this address; NotFound in words otherwise."""
    person = await sign_ins.staff_by_email(session, email)
    if person is None:
        raise NotFound("Nobody of the staff has the address %(email)s.", email=email)
    return person.id
