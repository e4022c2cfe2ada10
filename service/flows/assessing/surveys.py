"""The optional self-description: given, changed and withdrawn by the person alone."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor
from service.runtime.vocabulary import AgeBand, Sex
from service.store import audit
from service.store.assessing import surveys
from service.tables.surveys import SelfDescription


async def describe(
    session: AsyncSession, actor: Actor, *, sex: Sex | None, age_band: AgeBand | None, now: datetime
) -> None:
    """Keep what the person says now instead of what was said before; nothing said withdraws it.

    The trail notes that something was given, never what.
    """
    if sex is None and age_band is None:
        await withdraw(session, actor, now=now)
        return
    row = await surveys.own_row(session, actor)
    assert actor.id is not None
    if row is None:
        row = SelfDescription(candidate_id=actor.id, given_at=now)
        session.add(row)
    row.sex, row.age_band, row.given_at = sex, age_band, now
    audit.record(session, actor, action="self_description.give", subject=("candidate", actor.id), now=now)


async def withdraw(session: AsyncSession, actor: Actor, *, now: datetime) -> None:
    """Delete what the person said of themselves; doing it twice does no harm."""
    row = await surveys.own_row(session, actor)
    if row is None:
        return
    await session.delete(row)
    assert actor.id is not None
    audit.record(session, actor, action="self_description.withdraw", subject=("candidate", actor.id), now=now)
