"""What one change of a programme would bring to a scenario: the wave solved again as it is now, and nothing is kept."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from assessments.allocation.allocations import Counterfactual
from service.flows.waves.scenarios import check_whole, gather
from service.flows.waves.scenarios_posing import Gathered, ScenarioAsked, pose
from service.flows.waves.scenarios_solving import solve_changes
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken
from service.store.waves import scenarios as store

MOST_PAIRS = 50_000
"""People times programmes asked: each programme is solved again several times."""


async def gains_of(
    database: Database,
    actor: Actor,
    scenario_id: str | UUID,
    *,
    programme_ids: Sequence[UUID] = (),
    editions: Editions,
    now: datetime,
) -> tuple[Counterfactual, ...]:
    """Changes that bring people or points, most people first; of all programmes of the wave when none is named.

    Seats and hours in common are solved again, weeks are not planned again. It takes the database and not a session:
    solving happens between transactions.
    """
    async with database.transaction(write=False) as session:
        facts = await store.facts_of(session, actor, scenario_id)
        gathered = await gather(session, actor, facts.wave_id)
    asked = ScenarioAsked.model_validate(facts.settings)
    check_whole(gathered, asked)
    wanted = _wanted(gathered, programme_ids)
    return await asyncio.to_thread(_solved, gathered, asked, wanted, editions, now)


def _wanted(gathered: Gathered, programme_ids: Sequence[UUID]) -> tuple[str, ...]:
    present = [one.programme_id for one in gathered.parts]
    faults = [
        Fault(f"/programme_ids/{place}", "unknown", "the wave has no such programme")
        for place, one in enumerate(programme_ids)
        if one not in present
    ]
    if faults:
        raise RuleBroken("Ask about programmes of the wave.", faults=faults)
    wanted = tuple(dict.fromkeys(map(str, programme_ids or present)))
    if len(wanted) > 1 and len(wanted) * len(gathered.people) > MOST_PAIRS:
        raise RuleBroken("The wave is large: ask about one programme at a time.", code="too-many")
    return wanted


def _solved(
    gathered: Gathered, asked: ScenarioAsked, wanted: Sequence[str], editions: Editions, now: datetime
) -> tuple[Counterfactual, ...]:
    posed = pose(gathered, asked, editions, now=now)
    return solve_changes(posed.wave, asked, editions.allocation_policy_on(civil_date(now)), wanted)
