"""The social-security number (NIR): given once an offer was accepted, sealed, opened for the DPAE alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from stdnum.fr import nir

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.vault import Vault
from service.store import audit, reach
from service.store.papers import social_numbers as store
from service.store.papers.offers import has_accepted_offer
from service.tables.papers import SocialNumber

HIDDEN = "\N{BULLET}"


def masked(key_digits: str) -> str:
    """A number shown without saying it: all but its two check digits.

    >>> masked("47")
    '• •• •• •• ••• ••• 47'
    """
    groups = (1, 2, 2, 2, 3, 3)
    return " ".join([*(HIDDEN * length for length in groups), key_digits])


async def own_number(session: AsyncSession, actor: Actor, *, now: datetime) -> str:
    """The person's own number, masked; empty before it was given."""
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise NotFound
    audit.record(session, actor, action="social_number.read", subject=("candidate", actor.id), now=now)
    row = await store.row_of(session, actor.id)
    return masked(row.key_digits) if row else ""


async def give_number(
    session: AsyncSession, actor: Actor, number: str, *, vault: Vault, now: datetime
) -> str:
    """Keep the person's own number under seal, in place of an earlier one; what comes back is masked.

    Conflict before an offer was accepted, when nobody may ask (CNIL); RuleBroken for a number that cannot be one.
    """
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise NotFound
    if not await has_accepted_offer(session, actor.id):
        raise Conflict("This number is asked only once you accepted an offer.", code="too-early")
    plain = nir.compact(number).upper()
    if not (plain.isascii() and nir.is_valid(plain)):
        raise RuleBroken(
            "This is no social-security number: it has fifteen characters, and the last two check the others.",
            faults=[Fault("/number", "checksum", "Copy the fifteen characters from your carte Vitale.")],
        )
    sealed = vault.seal(plain.encode(), about=_about(actor.id))
    row = await store.row_of(session, actor.id)
    if row is None:
        session.add(SocialNumber(candidate_id=actor.id, sealed=sealed, key_digits=plain[-2:], given_at=now))
    else:
        row.sealed, row.key_digits, row.given_at = sealed, plain[-2:], now
    audit.record(session, actor, action="social_number.give", subject=("candidate", actor.id), now=now)
    await session.flush()
    return masked(plain[-2:])


async def shown_of(session: AsyncSession, candidate_id: UUID) -> str:
    """The number masked, for a page that only says whether there is one; empty when there is none."""
    row = await store.row_of(session, candidate_id)
    return masked(row.key_digits) if row else ""


async def reveal_number(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, vault: Vault, now: datetime
) -> str:
    """The whole number, to a person of the staff who declares a hiring; every look is in the trail."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    person = await reach.candidate_row(session, actor, candidate_id)
    return await open_number(session, actor, person.id, vault=vault, now=now) or _absent()


async def open_number(
    session: AsyncSession, actor: Actor, candidate_id: UUID, *, vault: Vault, now: datetime
) -> str | None:
    """The whole number, None when the person gave none. The caller has checked who is asking."""
    row = await store.row_of(session, candidate_id)
    if row is None:
        return None
    audit.record(session, actor, action="social_number.reveal", subject=("candidate", candidate_id), now=now)
    return vault.open(row.sealed, about=_about(candidate_id)).decode()


def _absent() -> str:
    raise NotFound("This person has not given a social-security number yet.")


def _about(candidate_id: UUID) -> str:
    return f"social_number/{candidate_id}"
