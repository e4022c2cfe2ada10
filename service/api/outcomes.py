"""Outcomes in the API: how a hired person's work goes, noted 30, 90 or 180 days after the start."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import Field, StrictInt
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Out, Text
from service.api.responses import problems
from service.flows import outcomes
from service.flows.outcomes import Noted
from service.http import idempotency
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.vocabulary import OutcomeMeasure
from service.store import audit
from service.store import outcomes as store
from service.store.reach import id_of

Small = Annotated[StrictInt, Field(ge=-1000, le=1000)]


class OutcomeIn(In):
    """What was seen, and when; bounds of `value` and the days in force are the policy's."""

    days: Small
    measure: OutcomeMeasure
    value: Small
    recorded_on: date
    note: Text = ""
    application_id: UUID | None = None


class OutcomeOut(Out):
    """One thing noted, by whom and when."""

    id: UUID
    candidate_id: UUID
    application_id: UUID | None
    days: int
    measure: OutcomeMeasure
    value: int
    recorded_on: date
    recorded_by: UUID | None
    staff_name: str | None
    note: str
    created_at: datetime


class OutcomesOut(Out):
    """All that was noted of one person, by days, newest first; the newest of its kind counts."""

    items: list[OutcomeOut]


class Outcomes(Controller):
    """Outcomes of hired people."""

    path = "/candidates/{candidate_id:str}/outcomes"
    tags = ["Validity"]

    @post(operation_id="outcomes.create", responses=problems(401, 404, 409, 422))
    async def create(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        data: JSONBody[OutcomeIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[OutcomeOut]:
        """Note one outcome of somebody who was hired; an Idempotency-Key keeps a repetition from noting it twice."""

        async def act() -> OutcomeOut:
            facts = await outcomes.record_outcome(
                session, actor, id_of(candidate_id), Noted(**data.model_dump()), editions=editions, now=now
            )
            return OutcomeOut.model_validate(facts)

        if "idempotency-key" in request.headers:
            return await idempotency.once(request, session, actor, now=now, act=act)  # type: ignore[return-value]
        return Response(await act(), status_code=201)

    @get(operation_id="outcomes.list", responses=problems(401, 404), opt={"audited": True})
    async def list_outcomes(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> OutcomesOut:
        """Read what was noted of one person; the reading is noted."""
        found = await store.outcomes_of(session, actor, id_of(candidate_id))
        audit.record(session, actor, action="outcomes.read", subject=("candidate", candidate_id), now=now)
        return OutcomesOut(items=[OutcomeOut.model_validate(one) for one in found])
