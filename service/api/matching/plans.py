"""What would close the gaps: remedies with cost, delay and payer, of a match or of questionnaires."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.remedies.catalogue import Payer
from assessments.remedies.plans import Nature, PlanOutcome, RemedyPlan
from service.api.models import Out, SaidOut
from service.api.responses import problems
from service.flows.matching import plans
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store.reach import id_of

Cents = Annotated[int, Field(ge=0)]


class PlanStepOut(Out):
    """One remedy: which gaps it closes (their keys), what it costs whom, when it is there, and why this one."""

    remedy: str
    text: SaidOut
    closes: list[str]
    payer: Payer
    once_cents: Cents
    monthly_cents: Cents
    cost_cents: Cents
    delay_days: Annotated[int, Field(ge=0, description="Working days.")]
    ready_on: date
    condition: SaidOut | None
    why: SaidOut
    is_training: bool
    others: Annotated[int, Field(ge=0, description="What else could close one of the same gaps.")]


class PlannedGapOut(Out):
    """One gap, the remedies that close it, and what a talk could bring besides."""

    key: str
    text: SaidOut
    nature: Nature
    closed_by: list[str]
    after_talk: list[SaidOut]


class SoonerOut(Out):
    """A dearer set that is there at the start, where the cheapest is not."""

    remedies: list[SaidOut]
    cost_cents: Cents
    more_cents: Cents
    holds_from: date


class PlanOut(Out):
    """The cheapest set of remedies. `holds_from` is null as long as something is open; nothing here is a decision."""

    outcome: PlanOutcome
    gaps: list[PlannedGapOut]
    steps: list[PlanStepOut]
    months: int
    once_cents: Cents
    monthly_cents: Cents
    cost_cents: Cents
    cents_by_payer: dict[Payer, Cents]
    delay_days: int
    holds_from: date | None
    is_in_time: bool | None
    sooner: SoonerOut | None
    instead: list[SaidOut]
    reasons: list[SaidOut]
    counted_on: date
    edition: str


class CandidatePlanOut(Out):
    """What the newest questionnaires of one person leave to arrange."""

    candidate_id: UUID
    plan: PlanOut


class Plans(Controller):
    """Plans."""

    tags = ["Matching"]

    @get(
        "/candidates/{candidate_id:str}/plan",
        operation_id="plans.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def plan(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> CandidatePlanOut:
        """Read what would close the gaps that a person's newest questionnaires left; the reading is noted."""
        person_id = id_of(candidate_id)
        found = await plans.read_plan(session, actor, person_id, editions=library, now=now)
        return CandidatePlanOut(candidate_id=person_id, plan=plan_out(found))


def plan_out(plan: RemedyPlan) -> PlanOut:
    return PlanOut.model_validate(plan.model_dump(mode="json"), strict=False)


def plan_document(plan: RemedyPlan | None) -> dict[str, Any] | None:
    """The plan as a part of another answer."""
    return None if plan is None else plan.model_dump(mode="json")
