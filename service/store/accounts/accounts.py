"""The account of whoever is signed in: their own row, staff or candidate."""

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Forbidden
from service.runtime.vocabulary import Locale
from service.tables.people import Candidate, Staff


async def own_row(session: AsyncSession, actor: Actor) -> Staff | Candidate:
    """Whoever is signed in; Forbidden to machines, which have no account."""
    row: Staff | Candidate | None = None
    if actor.kind is ActorKind.STAFF:
        row = await session.get(Staff, actor.id)
    elif actor.kind is ActorKind.CANDIDATE:
        row = await session.get(Candidate, actor.id)
    if row is None:
        raise Forbidden("This is a choice of a person's own.")
    return row


async def language_of(session: AsyncSession, actor: Actor) -> Locale:
    """The language in which one is written to."""
    return (await own_row(session, actor)).locale
