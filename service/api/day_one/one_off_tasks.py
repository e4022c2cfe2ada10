"""Tasks that one placement alone asks, in the API: added, and worded again."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import AfterValidator, Field, StrictInt, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner
from service.api.day_one.checklists import task_out
from service.api.day_one.checklists_models import Day, TaskOut
from service.api.models import Flag, In, Line, without_nul
from service.api.responses import problems
from service.flows.day_one import one_off_tasks
from service.flows.day_one.checklist_tasks import hand_of
from service.flows.day_one.one_off_tasks import Asked
from service.http.editing import check_version, etag_of
from service.runtime.actors import Actor
from service.runtime.editions import Editions


class OneOffTaskIn(In):
    """One thing more that this placement asks, from one of those whose tasks the caller settles.

    One day: `due` counts working days from day one and moves with it, `on` is a date that stays. With `asks_proof` a
    person gives a file, and anybody else a number or the place where the paper is kept. Its words go into letters: no
    names in them.
    """

    label: Line
    action: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(without_nul)
    ] = ""
    owner: Annotated[Owner, Field(strict=False)]
    due: StrictInt | None = None
    on: Day | None = None
    is_gate: Flag = False
    asks_proof: Flag = False

    def as_asked(self) -> Asked:
        return Asked(**self.model_dump())


class OneOffTasks(Controller):
    """What one placement asks beside its edition."""

    tags = ["Onboarding"]

    @post(
        "/applications/{application_id:str}/onboarding/tasks",
        operation_id="onboarding.add_task",
        responses=problems(401, 404, 409, 422),
    )
    async def add(
        self,
        application_id: FromPath[str],
        data: JSONBody[OneOffTaskIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[TaskOut]:
        """Add a task to one placement: it is told, counted and settled like any other."""
        row = await one_off_tasks.add(
            session, hand_of(actor), application_id, data.as_asked(), editions=editions, now=now
        )
        out = await task_out(session, actor, row.id, editions=editions, now=now)
        return Response(out, headers={"ETag": etag_of(out.version)}, status_code=201)

    @put(
        "/onboarding/tasks/{task_id:str}",
        operation_id="onboarding.edit_task",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def edit(
        self,
        request: Request[Any, Any, Any],
        task_id: FromPath[str],
        data: JSONBody[OneOffTaskIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[TaskOut]:
        """Word a task of one placement again while it is open; what the edition asks stays as it is."""
        await one_off_tasks.edit(
            session, hand_of(actor), task_id, data.as_asked(),
            check_version=lambda present: check_version(request, present), editions=editions, now=now,
        )  # fmt: skip
        out = await task_out(session, actor, task_id, editions=editions, now=now)
        return Response(out, headers={"ETag": etag_of(out.version)})
