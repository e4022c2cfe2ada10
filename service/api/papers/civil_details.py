"""One's own civil details in the API: what a contract must say, given and corrected by the person alone."""

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Controller, Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.papers.offers_models import CivilDetailsIn, CivilDetailsOut, details_out
from service.api.responses import problems
from service.flows.papers import civil_details
from service.http.editing import check_version, etag_of
from service.runtime.actors import Actor


class CivilDetails(Controller):
    """Address and birth, for the contract only."""

    path = "/me/civil-details"
    tags = ["Offers"]

    @get(operation_id="civil_details.read", responses=problems(401), opt={"audited": True})
    async def read(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[CivilDetailsOut]:
        """Read what you gave; version 0 before you gave anything."""
        found = await civil_details.own_details(session, actor, now=now)
        return Response(details_out(found), headers={"ETag": etag_of(found.version)})

    @put(operation_id="civil_details.replace", responses=problems(401, 409, 412, 422, 428))
    async def replace(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[CivilDetailsIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[CivilDetailsOut]:
        """Correct them, whole; send If-Match. They are asked only once you accepted an offer."""
        kept = await civil_details.correct_own_details(
            session, actor, details=data.model_dump(), check_version=partial(check_version, request), now=now
        )
        return Response(details_out(kept), headers={"ETag": etag_of(kept.version)})
