"""Fit for day one, or what is missing and who acts."""

from datetime import date, datetime

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.day_one.readiness_models import ReadinessOut
from service.api.responses import problems
from service.flows.day_one import readiness
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store import audit


class Readinesses(Controller):
    """What day one still needs."""

    path = "/candidates/{candidate_id:str}/readiness"
    tags = ["Training"]

    @get(operation_id="readiness.read", responses=problems(401, 404, 409, 410, 422), opt={"audited": True})
    async def read(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        start_date: FromQuery[date | None] = None,
    ) -> ReadinessOut:
        """Compare a person's file with what day one asks for: the offer's first day, or `start_date`."""
        found = await readiness.of_candidate(
            session, actor, candidate_id, editions=library, now=now, start_date=start_date
        )
        audit.record(
            session, actor, action="readiness.read", subject=("candidate", found.candidate_id), now=now,
            detail={"on": civil_date(now).isoformat()},
        )  # fmt: skip
        return ReadinessOut.of(found.candidate_id, found.readiness)
