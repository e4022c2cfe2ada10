"""The desks of IT and payroll in the API: where they are written to."""

from datetime import datetime

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.day_one.checklists_models import DeskIn, DeskOut, DesksOut
from service.api.responses import problems
from service.flows.day_one import desks
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import DeskKind
from service.store.day_one import digests as store


class Desks(Controller):
    """Who has tasks here and no account."""

    path = "/employer/desks"
    tags = ["Employer"]

    @get(operation_id="desks.list", responses=problems(401))
    async def list(self, session: NamedDependency[AsyncSession]) -> DesksOut:
        """List both desks, with an empty address where nobody said one."""
        known = {one.kind: one for one in await store.desks(session)}
        return DesksOut(items=[DeskOut.of(kind, known.get(kind)) for kind in DeskKind])

    @put("/{desk:str}", operation_id="desks.put", responses=problems(401, 404, 422))
    async def put(
        self,
        desk: FromPath[str],
        data: JSONBody[DeskIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> DeskOut:
        """Say where a desk (`it` or `payroll`) is written to; another address ends the links sent before."""
        if desk not in {kind.value for kind in DeskKind}:
            raise NotFound
        kind = DeskKind(desk)
        found = await desks.write_desk(
            session, actor, kind, address=data.address, locale=data.locale, now=now
        )
        return DeskOut.of(kind, found)
