"""A person applies placings of a scenario: each opens the application, or takes it one step on, by the usual flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting.applications import MIN_REASON, create_application, move_application
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.vocabulary import FINAL_STAGES, Stage
from service.store import audit
from service.store.waves import scenarios as store
from service.store.waves.scenarios import ScenarioFacts, StandingFacts

MAY_REACH = (Stage.APPLIED, Stage.INVITED, Stage.INTERVIEW, Stage.SHORTLISTED)
"""Steps that a placing may come to; offers and decisions have their own ways."""
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class AppliedPlacing:
    """One placing as it was applied. `was_open`: the application was there before."""

    candidate_id: UUID
    application_id: UUID
    stage: Stage
    was_open: bool


@dataclass(frozen=True)
class NotApplied:
    """One placing that was not applied, and why."""

    candidate_id: UUID
    shown_name: str
    error: Conflict | RuleBroken


@dataclass(frozen=True)
class Applying:
    """What came of applying several placings."""

    done: tuple[AppliedPlacing, ...]
    not_done: tuple[NotApplied, ...]


async def apply_placings(
    session: AsyncSession,
    actor: Actor,
    scenario_id: str | UUID,
    candidate_ids: Sequence[UUID],
    *,
    stage: Stage,
    reason: str,
    now: datetime,
) -> Applying:
    """Apply each placing that can be; the others come back with why. Nobody is refused, and nobody else is touched."""
    _check_asked(actor, candidate_ids, stage, reason)
    scenario = await store.facts_of(session, actor, scenario_id)
    done, not_done = [], []
    for candidate_id in dict.fromkeys(candidate_ids):
        standing = await store.standing_of(session, actor, scenario.id, candidate_id)
        try:
            done.append(await _apply(session, actor, scenario, standing, stage=stage, reason=reason, now=now))
        except (Conflict, RuleBroken) as error:
            not_done.append(NotApplied(candidate_id, standing.shown_name, error))
    return Applying(tuple(done), tuple(not_done))


def _check_asked(actor: Actor, candidate_ids: Sequence[UUID], stage: Stage, reason: str) -> None:
    """Only a person who signed in applies, with a reason, and to a step that is no decision."""
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("Only a member of staff who signed in can apply a proposal.")
    faults = []
    if not 1 <= len(candidate_ids) <= MOST_AT_ONCE:
        faults.append(Fault("/candidate_ids", "length", "1 to %(most)s people", {"most": MOST_AT_ONCE}))
    if stage not in MAY_REACH:
        faults.append(Fault("/stage", "stage", "a step before an offer"))
    if len(reason.strip()) < MIN_REASON:
        faults.append(Fault("/reason", "too-short", "at least %(least)s characters", {"least": MIN_REASON}))
    if faults:
        raise RuleBroken("Say whom, to which step, and why.", faults=faults)


async def _apply(
    session: AsyncSession,
    actor: Actor,
    scenario: ScenarioFacts,
    standing: StandingFacts,
    *,
    stage: Stage,
    reason: str,
    now: datetime,
) -> AppliedPlacing:
    if standing.programme_id is None:
        raise RuleBroken("This scenario places this person nowhere.", code="not-placed")
    if standing.stage in FINAL_STAGES:
        raise Conflict("This application is closed.", code="application-closed")
    was_open = standing.application_id is not None
    application_id, reached = standing.application_id, standing.stage
    if application_id is None:
        made = await create_application(
            session, actor, candidate_id=standing.candidate_id, programme_id=standing.programme_id, now=now
        )
        application_id, reached = made.id, made.stage
    if _is_before(reached, stage):
        await move_application(session, actor, application_id, stage=stage, reason=reason, now=now)
        reached = stage
    row = await store.row_of(session, scenario.id, standing.candidate_id)
    if row is None:
        raise NotFound
    row.application_id, row.applied_by, row.applied_at = application_id, actor.staff_id, now
    row.detail = {**row.detail, "applied_reason": reason.strip()}
    audit.record(
        session, actor, action="scenario.apply", subject=("application", application_id), now=now,
        detail={
            "scenario": str(scenario.id), "candidate": str(standing.candidate_id),
            "programme": str(standing.programme_id),
        },
    )  # fmt: skip
    await session.flush()
    return AppliedPlacing(standing.candidate_id, application_id, reached or stage, was_open)


def _is_before(reached: Stage | None, wanted: Stage) -> bool:
    """Whether a step leads on: an application further along stays where it is."""
    order = list(Stage)
    return reached is None or order.index(reached) < order.index(wanted)
