"""What people set about their own account: the language of every letter they are sent."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor
from service.runtime.vocabulary import Locale
from service.store import audit
from service.store.accounts import accounts as store


async def choose_language(session: AsyncSession, actor: Actor, locale: Locale, *, now: datetime) -> None:
    """Write to this person in that language from now on; pages keep to the choice made on them."""
    row = await store.own_row(session, actor)
    row.locale = locale
    audit.record(session, actor, action="language.choose", subject=(actor.kind.value, row.id), now=now)
