"""Lent equipment on its way back, in the API: by which day, and what is not back since."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.day_one.checklists import shown
from service.api.day_one.checklists_models import ChecklistOut, NotBackListOut, NotBackOut, ReturnDayIn
from service.api.responses import problems
from service.flows.day_one import equipment
from service.flows.recruiting import blind
from service.http.editing import check_version
from service.http.paging import DEFAULT_LIMIT, checked_limit
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.day_one.returns import not_back


class EquipmentReturns(Controller):
    """What is lent, on its way back."""

    tags = ["Onboarding"]

    @get("/equipment/not-back", operation_id="equipment.not_back", responses=problems(401, 422))
    async def list(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        limit: FromQuery[int] = DEFAULT_LIMIT,
    ) -> NotBackListOut:
        """List what was to be back before today, the oldest first; each return noted makes room for the next."""
        found = await not_back(session, actor, today=civil_date(now), limit=checked_limit(limit))
        return NotBackListOut(
            items=[
                NotBackOut.of(one, blind.name_of(actor, one.candidate_id, one.person_name)) for one in found
            ]
        )

    @put(
        "/applications/{application_id:str}/onboarding/return-day",
        operation_id="equipment.ask_back",
        responses=problems(401, 404, 412, 422, 428),
    )
    async def ask_back(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        data: JSONBody[ReturnDayIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ChecklistOut]:
        """Say by which day what is lent is to come back; what is out after it is told in the daily letter."""
        await equipment.ask_back(
            session, actor, application_id, returns_on=data.returns_on,
            check_version=lambda present: check_version(request, present), now=now,
        )  # fmt: skip
        return await shown(session, actor, application_id, editions=editions, now=now)
