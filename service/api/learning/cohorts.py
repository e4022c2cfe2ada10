"""Groups that start together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.paths.training_models import (
    CohortChangeIn,
    CohortDetailOut,
    CohortIn,
    CohortOut,
    CohortsOut,
    JoinedOut,
    MemberOut,
    MembersIn,
)
from service.api.responses import problems
from service.flows.classes import cohorts as flow
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, checked_limit, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.store import reach
from service.store.learning import cohorts


class Cohorts(Controller):
    """Groups of learners."""

    path = "/cohorts"
    tags = ["Training"]

    @get(operation_id="cohorts.list", responses=problems(401, 422))
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[CohortsOut]:
        """List the groups within reach, the newest first."""
        secret = request.app.state.secret
        at = read_cursor(secret, cursor, of="cohorts") if cursor else None
        after = (datetime.fromisoformat(at[0]), UUID(at[1])) if at else None
        rows = await cohorts.page_of(session, actor, limit=checked_limit(limit) + 1, after=after)
        page = rows[:limit]
        headers = {}
        if len(rows) > limit:
            position = (page[-1].created_at.isoformat(), page[-1].id)
            headers["Link"] = next_link(
                request, settings.public_url, write_cursor(secret, position, of="cohorts")
            )
        out = CohortsOut(items=[CohortOut.model_validate(row) for row in page])
        return Response(out, headers=headers)

    @post(operation_id="cohorts.create", responses=problems(401, 422))
    async def create(
        self,
        data: JSONBody[CohortIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[CohortDetailOut]:
        """Make a group without members."""
        cohort_id = await flow.create(
            session,
            actor,
            name=data.name,
            start_date=data.start_date,
            programme_id=data.programme_id,
            seats=data.seats,
            now=now,
        )
        return await _shown(session, actor, cohort_id, status=201)

    @get("/{cohort_id:str}", operation_id="cohorts.read", responses=problems(401, 404))
    async def read(
        self,
        cohort_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[CohortDetailOut]:
        """Read one group and its people within reach."""
        return await _shown(session, actor, cohort_id)

    @patch("/{cohort_id:str}", operation_id="cohorts.edit", responses=problems(401, 404, 412, 422, 428))
    async def edit(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        data: JSONBody[CohortChangeIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[CohortDetailOut]:
        """Rename a group, move its start or change its seats (If-Match); what was given keeps its dates."""
        row = await cohorts.cohort_row(session, actor, cohort_id, for_update=True)
        check_version(request, row.version)
        await flow.edit(
            session, actor, row, name=data.name, start_date=data.start_date, seats=data.seats,
            without_seats="seats" in data.model_fields_set and data.seats is None, now=now,
        )  # fmt: skip
        return await _shown(session, actor, row.id)

    @delete("/{cohort_id:str}", operation_id="cohorts.delete", responses=problems(401, 404, 409, 412, 428))
    async def remove(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Delete a group that nobody is in (If-Match)."""
        row = await cohorts.cohort_row(session, actor, cohort_id, for_update=True)
        check_version(request, row.version)
        await flow.delete(session, actor, row, now=now)

    @post(
        "/{cohort_id:str}/members",
        operation_id="cohorts.add_members",
        status_code=200,
        responses=problems(401, 404, 412, 422, 428),
    )
    async def add_members(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        data: JSONBody[MembersIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[JoinedOut]:
        """Add people to a group (If-Match), and give them its paths when `paths_from` says from when."""
        row = await cohorts.cohort_row(session, actor, cohort_id, for_update=True)
        check_version(request, row.version)
        joined = await flow.add_members(
            session, actor, row, data.candidates, editions=library, settings=settings, now=now,
            with_paths_from=data.paths_from,
        )  # fmt: skip
        out = JoinedOut(added=[*joined.added], assignments=[*joined.assignments])
        return Response(out, headers={"ETag": etag_of(row.version)})

    @delete(
        "/{cohort_id:str}/members/{candidate_id:str}",
        operation_id="cohorts.remove_member",
        responses=problems(401, 404, 412, 428),
    )
    async def remove_member(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> None:
        """Take somebody out of a group (If-Match); what they were given stays theirs."""
        row = await cohorts.cohort_row(session, actor, cohort_id, for_update=True)
        check_version(request, row.version)
        await flow.remove_member(
            session, actor, row, reach.id_of(candidate_id), editions=library, settings=settings, now=now
        )


async def _shown(
    session: AsyncSession, actor: Actor, cohort_id: str | UUID, *, status: int = 200
) -> Response[CohortDetailOut]:
    facts = await cohorts.facts_of(session, actor, cohort_id)
    people = await cohorts.members_of(session, actor, facts.id)
    out = CohortDetailOut(**facts.model_dump(), people=[MemberOut.model_validate(one) for one in people])
    headers = {"ETag": etag_of(facts.version)}
    if status == 201:
        headers["Location"] = f"/api/v1/cohorts/{facts.id}"
    return Response(out, status_code=status, headers=headers)
