"""Figures over everybody, of questionnaires and of what teams remember: read in one transaction, kept in another."""

from datetime import datetime

from service.flows.assessing import score_impact, validity
from service.flows.assessing.validity import Computed
from service.flows.continuous import team_memory
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions, load_editions
from service.runtime.settings import Settings


async def recompute(
    settings: Settings, *, now: datetime, editions: Editions | None = None, only_when_old: bool = False
) -> Computed | None:
    """Compute and keep everything; None when that was asked for only if old, and is not."""
    database = Database(settings.async_database_url, pooled=False)
    try:
        async with database.transaction(write=False) as session:
            if only_when_old and not await validity.is_old(session, now=now):
                return None
            known = editions or load_editions()
            gathered = await validity.gather(session, editions=known, now=now)
            impacts = await score_impact.gather(session, editions=known, now=now)
        computed = validity.compute_all(gathered)
        fairness = known.fairness_policy_on(civil_date(now)).edition
        async with database.transaction() as session:
            await validity.keep(session, computed, now=now)
            await score_impact.keep(session, impacts, policy_edition=fairness, now=now)
        return computed
    finally:
        await database.close()


async def count_team_memory(settings: Settings, editions: Editions, *, now: datetime) -> int:
    """Count what teams remember where that was not done today; for how many sets of programmes."""
    database = Database(settings.async_database_url, pooled=False)
    try:
        async with database.transaction(write=False) as session:
            found = await team_memory.count_stale(session, editions=editions, now=now)
        if found:
            async with database.transaction() as session:
                await team_memory.keep(session, found)
        return len(found)
    finally:
        await database.close()
