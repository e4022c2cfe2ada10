"""Scenarios are proposed: gathered in one short transaction, solved outside of any, written in another."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.allocation.allocations import Allocation, Infeasible
from assessments.matching.matching import Match
from service.flows.waves.scenarios_posing import Gathered, Posed, ScenarioAsked, pose
from service.flows.waves.scenarios_solving import solve
from service.flows.waves.waves_needs import is_closed_then
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Fault, NotFound, RuleBroken
from service.runtime.ids import new_id
from service.store import audit
from service.store.people import candidates
from service.store.people.candidates import CandidateFacts
from service.store.reach import id_of
from service.store.recruiting import programmes
from service.store.waves import scenarios as store
from service.store.waves import waves as waves_store
from service.store.waves.scenarios import ScenarioFacts
from service.tables.waves import Scenario, ScenarioPerson

INFEASIBLE = "infeasible"


async def propose(
    database: Database,
    actor: Actor,
    wave_id: str | UUID,
    *,
    asked: ScenarioAsked,
    editions: Editions,
    now: datetime,
) -> UUID:
    """Solve the wave as it is now, and keep the answer; the id of the new scenario. Nothing is applied.

    It takes the database and not a session: weighing and solving last seconds, and nobody's write waits for them.
    """
    async with database.transaction(write=False) as session:
        gathered = await gather(session, actor, wave_id)
    check_whole(gathered, asked)
    posed, answer = await asyncio.to_thread(_answer, gathered, asked, editions, now)
    async with database.transaction() as session:
        await waves_store.wave_row(session, actor, gathered.wave.id)
        return await _record(session, actor, gathered, posed, asked, answer, editions, now)


def _answer(
    gathered: Gathered, asked: ScenarioAsked, editions: Editions, now: datetime
) -> tuple[Posed, Allocation | Infeasible]:
    posed = pose(gathered, asked, editions, now=now)
    return posed, solve(posed.wave, asked, editions.allocation_policy_on(civil_date(now)))


async def gather(session: AsyncSession, actor: Actor, wave_id: str | UUID) -> Gathered:
    """What a scenario of this wave rests on, as it stands now; who was hired meanwhile is left out."""
    wave = await waves_store.facts_of(session, actor, wave_id)
    parts = await waves_store.programmes_of(session, wave.id)
    wanted = {one.programme_id for one in parts}
    every = await programmes.facts_of_many(session, actor)
    ids = sorted(await waves_store.people_ids(session, wave.id))
    people: list[CandidateFacts] = []
    for start in range(0, len(ids), 500):
        people += await candidates.facts_of_many(session, actor, ids[start : start + 500])
    return Gathered(
        wave=wave, parts=parts, programmes={one.id: one for one in every if one.id in wanted},
        people=tuple(one for one in people if not one.is_agent),
        locks=await waves_store.locks_of(session, wave.id),
        applications=await store.applications_between(session, ids, sorted(wanted)),
        left_before=await store.left_before(session, wave.id),
    )  # fmt: skip


def check_whole(gathered: Gathered, asked: ScenarioAsked) -> None:
    """RuleBroken for a wave in which nothing can be placed, or a change that is not of this wave."""
    if not gathered.parts or not gathered.people:
        raise RuleBroken(
            "A scenario needs at least one programme and one person in the wave.", code="wave-empty"
        )
    present = {one.programme_id for one in gathered.parts}
    faults = [
        Fault(f"/changes/{place}/programme_id", "unknown", "the wave has no such programme")
        for place, change in enumerate(asked.changes)
        if change.programme_id not in present
    ]
    faults += [
        Fault(
            f"/changes/{place}/opening_hours", "closed",
            "the programme would be closed in half hours in which the wave needs people",
        )
        for place, change in enumerate(asked.changes)
        for part in gathered.parts
        if part.programme_id == change.programme_id
        and is_closed_then(part.needs, change.of_profile.get("opening_hours", []))
    ]  # fmt: skip
    if faults:
        raise RuleBroken(
            "A scenario changes only programmes of its wave, and keeps them open when people are needed.",
            faults=faults,
        )


async def _record(
    session: AsyncSession,
    actor: Actor,
    gathered: Gathered,
    posed: Posed,
    asked: ScenarioAsked,
    answer: Allocation | Infeasible,
    editions: Editions,
    now: datetime,
) -> UUID:
    row = Scenario(
        id=new_id(), wave_id=gathered.wave.id, wave_version=gathered.wave.version, name=asked.name,
        settings=asked.model_dump(mode="json", by_alias=True), outcome=_outcome(answer),
        result=result_of(answer),
        editions={"allocation": answer.edition, **editions.matcher.editions.model_dump(mode="json")},
        staff_id=actor.staff_id, created_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    if isinstance(answer, Allocation):
        session.add_all(_people(row.id, answer, posed.matches))
    audit.record(
        session, actor, action="scenario.propose", subject=("scenario", row.id), now=now,
        detail={"wave": str(row.wave_id), "people": [str(one.id) for one in gathered.people]},
    )  # fmt: skip
    await session.flush()
    return row.id


def _outcome(answer: Allocation | Infeasible) -> str:
    return answer.status.value if isinstance(answer, Allocation) else INFEASIBLE


def result_of(answer: Allocation | Infeasible) -> dict[str, Any]:
    """Figures and half hours as a scenario keeps them; of people only how many."""
    if isinstance(answer, Infeasible):
        return answer.model_dump(mode="json", include={"collisions", "text"})
    told = answer.model_dump(mode="json", include={"total", "goals", "gap", "coverage", "by_hand"})
    why = Counter(one.why.value for one in answer.left)
    return {
        **told,
        "placed": len(answer.placed),
        "left": len(answer.left),
        "left_why": dict(sorted(why.items())),
        "proof": answer.certificate.model_dump(mode="json", include={"total", "bound", "is_proved"})
        if answer.certificate
        else None,
        "fairness": {
            "left_with_fit": answer.fairness.left_with_fit,
            "passed_over": len(answer.fairness.passed_over),
            "passed_over_points_max": answer.fairness.passed_over_points_max,
            "wishes_given": {str(wish): many for wish, many in answer.fairness.wishes_given.items()},
            "drawn": len(answer.fairness.drawn),
        },
    }


def _people(
    scenario_id: UUID, answer: Allocation, matches: Mapping[tuple[str, str], Match]
) -> list[ScenarioPerson]:
    found = [
        ScenarioPerson(
            scenario_id=scenario_id, candidate_id=UUID(one.person), programme_id=UUID(one.programme),
            detail={
                **one.model_dump(mode="json", by_alias=True, exclude={"person", "programme"}),
                "outcome": matches[one.person, one.programme].outcome.value,
            },
        )
        for one in answer.placed
    ]  # fmt: skip
    passed: dict[str, list[dict[str, Any]]] = {}
    for entry in answer.fairness.passed_over:
        told = entry.model_dump(mode="json", include={"programme", "points", "reason"})
        passed.setdefault(entry.person, []).append(told)
    drawn = set(answer.fairness.drawn)
    found += [
        ScenarioPerson(
            scenario_id=scenario_id, candidate_id=UUID(one.person),
            detail={
                **one.model_dump(mode="json", exclude={"person"}),
                "passed_over": passed.get(one.person, []), "drawn": one.person in drawn,
            },
        )
        for one in answer.left
    ]  # fmt: skip
    return found


async def remove(
    session: AsyncSession, actor: Actor, scenario_id: str | UUID, *, now: datetime
) -> ScenarioFacts:
    """Put a scenario away, unless something of it was applied: then it is the record of why."""
    facts = await store.facts_of(session, actor, id_of(scenario_id))
    if facts.applied:
        raise RuleBroken("Something of this scenario was applied, so it is kept.", code="scenario-applied")
    row = await session.get(Scenario, facts.id)
    if row is None:
        raise NotFound
    await session.delete(row)
    audit.record(
        session, actor, action="scenario.remove", subject=("scenario", facts.id), now=now,
        detail={"wave": str(facts.wave_id)},
    )  # fmt: skip
    return facts
