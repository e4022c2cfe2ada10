"""IT and payroll have no account here: an address, a link that opens their page for some days, and their own tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner
from service.flows.day_one.checklist_tasks import DESKS, Hand, hand_of_desk
from service.flows.day_one.checklists import Placement, placements_of
from service.runtime.actors import SYSTEM, Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, Gone, NotFound, RuleBroken, told
from service.runtime.ids import new_token, token_hash
from service.runtime.vocabulary import DeskKind, Locale
from service.store import audit
from service.store.day_one import checklists as lists
from service.store.day_one import digests as store
from service.store.day_one.checklists import Wanted
from service.store.day_one.digests import DeskFacts
from service.tables.checklists import Desk, DeskLink

LINK_PREFIX = "hsd"
MOST_PLACEMENTS = 200
NOT_AN_ADDRESS = told("Write an e-mail address, such as it@example.com.")


@dataclass(frozen=True)
class OpenDesk:
    """What the link of a desk opens: its tasks by placement, and where parcels go for IT alone."""

    kind: DeskKind
    locale: Locale
    expires_at: datetime
    hand: Hand
    placements: tuple[Placement, ...]
    addresses: Mapping[UUID, str]

    @property
    def owner(self) -> Owner:
        return DESKS[self.kind]


async def write_desk(
    session: AsyncSession, actor: Actor, kind: DeskKind, *, address: str, locale: Locale, now: datetime
) -> DeskFacts | None:
    """Keep where a desk is written to; an empty address takes it back. Another address ends every link sent before."""
    address = address.strip()
    row = await store.desk_row(session, kind)
    if address:
        _check(address)
    if not address:
        if row is not None:
            await session.delete(row)
            audit.record(session, actor, action="desk.remove", subject=("desk", row.id), now=now)
            await session.flush()
        return None
    if row is None:
        row = Desk(kind=kind, address=address, locale=locale, updated_at=now)
        session.add(row)
    else:
        if row.address != address:
            await store.end_links(session, row.id)
        row.address, row.locale, row.updated_at = address, locale, now
    await session.flush()
    audit.record(session, actor, action="desk.edit", subject=("desk", row.id), now=now)
    return DeskFacts.model_validate(row)


def _check(address: str) -> None:
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise RuleBroken(NOT_AN_ADDRESS, faults=[Fault("/address", "invalid", NOT_AN_ADDRESS)]) from None


def make_link(session: AsyncSession, desk_id: UUID, *, days: int, now: datetime) -> tuple[DeskLink, str]:
    """A link to the page of a desk and its token, shown this once only."""
    token = new_token(LINK_PREFIX)
    link = DeskLink(
        desk_id=desk_id, token_hash=token_hash(token), created_at=now, expires_at=now + timedelta(days=days)
    )
    session.add(link)
    return link, token


async def open_desk(session: AsyncSession, token: str, *, editions: Editions, now: datetime) -> OpenDesk:
    """The page that a link opens; NotFound for a token that nobody made, Gone once its days are over."""
    found = await store.desk_by_token_hash(session, token_hash(token))
    if found is None:
        raise NotFound("This link is not known here. Copy it whole from your message.")
    desk, link = found
    if link.expires_at <= now:
        raise Gone("This link is too old. The next daily message brings a new one.", code="link-expired")
    hand, owner, today = hand_of_desk(desk.kind), DESKS[desk.kind], civil_date(now)
    rules = editions.checklist_on(today).digest
    wanted = Wanted(since=today - timedelta(days=rules.forget_after_days), owner=owner)
    facts = await lists.page_of(session, SYSTEM, wanted, limit=MOST_PLACEMENTS)
    placements = await placements_of(session, facts, editions=editions, today=today)
    addresses = (
        await store.addresses_of(session, [one.candidate_id for one in facts]) if owner is Owner.IT else {}
    )
    audit.record(session, hand.actor, action="desk.read", subject=("desk", desk.id), now=now)
    return OpenDesk(desk.kind, desk.locale, link.expires_at, hand, placements, addresses)
