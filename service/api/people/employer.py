"""The employer in the API: what contracts say of it."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from documents.facts import EmployerFacts
from service.api.models import In, Out
from service.api.responses import problems
from service.flows.people.employer import write_employer
from service.http.editing import check_version, etag_of
from service.runtime.actors import Actor
from service.store.people import employer
from service.store.people.employer import EmployerRecord


class EmployerIn(In):
    """Everything that is known of the employer; a member left out is not known."""

    facts: EmployerFacts


class EmployerOut(Out):
    """What is known of the employer; version 0 before anybody wrote it."""

    facts: dict[str, Any]
    version: int
    updated_at: datetime | None


class Employers(Controller):
    """The one employer of this installation."""

    path = "/employer"
    tags = ["Employer"]

    @get(operation_id="employer.read", responses=problems(401))
    async def read(self, session: NamedDependency[AsyncSession]) -> Response[EmployerOut]:
        """Read what contracts say of the employer."""
        return _answer(await employer.record(session))

    @put(operation_id="employer.edit", responses=problems(401, 412, 422, 428))
    async def edit(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[EmployerIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[EmployerOut]:
        """Replace what contracts say of the employer."""
        record = await write_employer(
            session, actor, data.facts, check_version=lambda version: check_version(request, version), now=now
        )
        return _answer(record)


def _answer(record: EmployerRecord) -> Response[EmployerOut]:
    out = EmployerOut(
        facts=record.facts.model_dump(mode="json"), version=record.version, updated_at=record.updated_at
    )
    return Response(out, headers={"ETag": etag_of(record.version)})
