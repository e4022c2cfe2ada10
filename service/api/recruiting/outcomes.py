"""Outcomes in the API: how a hired person's work goes, noted 30, 90 or 180 days after the start."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, MultipartBody
from pydantic import Field, StrictInt
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Out, Text
from service.api.recruiting.imports import ReportOut
from service.api.responses import problems
from service.flows.reading.reading_outcomes import read_outcomes
from service.flows.recruiting import imports_of_outcomes, outcomes
from service.flows.recruiting.imports import MAX_BYTES
from service.flows.recruiting.outcomes import Noted
from service.http import idempotency
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import TooLarge
from service.runtime.vocabulary import OutcomeMeasure
from service.store import audit
from service.store.reach import id_of
from service.store.recruiting import outcomes as store

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


@dataclass
class OutcomeFileForm:
    """A CSV file (candidate, days, measure, value, recorded_on, note), and whether it is applied or only checked."""

    file: UploadFile
    mode: Literal["check", "apply"] = "check"


class OutcomeFiles(Controller):
    """Outcomes of many people."""

    path = "/outcome-files"
    tags = ["Validity"]

    @post(
        operation_id="outcomes.import",
        responses=problems(401, 413, 422),
        status_code=200,
        request_max_body_size=MAX_BYTES + 100_000,
    )
    async def bring_in(
        self,
        request: Request[Any, Any, Any],
        data: MultipartBody[OutcomeFileForm],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ReportOut:
        """Check or apply a file of outcomes; one with a fault notes nothing. What is noted already stays one note."""
        content = await data.file.read()
        if len(content) > MAX_BYTES:
            raise TooLarge("A file has at most %(most)s MB; cut it in two.", most=MAX_BYTES // 1_000_000)
        read = await asyncio.to_thread(read_outcomes, content)
        database: Database = request.app.state.database
        is_applied = data.mode == "apply"
        async with database.transaction(write=is_applied) as session:
            found = await imports_of_outcomes.bring_in(
                session, actor, read, is_applied=is_applied, editions=editions, now=now
            )
        return ReportOut(**found.model_dump(mode="json") | {"applied_before": None})


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
