"""Dates that papers set, in the API: the open ones, the soonest first, and saying that one was seen to."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.papers.papers_models import DeadlineOut, DeadlinePageOut, deadline_out
from service.api.responses import problems
from service.flows.papers import deadlines
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.settings import Settings
from service.store.papers import deadlines as store

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)]


class Deadlines(Controller):
    """Dates to keep."""

    path = "/deadlines"
    tags = ["Papers"]

    @get(operation_id="deadlines.list", responses=problems(401, 422))
    async def list_deadlines(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        is_done: FromQuery[bool] = False,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
    ) -> Response[DeadlinePageOut]:
        """List the dates within your reach, the soonest first; those seen to with `is_done=true`."""
        secret: bytes = request.app.state.secret
        page = await store.page_of(
            session, actor, limit=limit, is_done=is_done,
            after=read_cursor(secret, cursor, of="deadlines") if cursor else None,
        )  # fmt: skip
        following = write_cursor(secret, page.after, of="deadlines") if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        out = DeadlinePageOut(items=[deadline_out(line) for line in page.lines], next=following)
        return Response(out, headers=headers)

    @post(
        "/{deadline_id:str}/done",
        operation_id="deadlines.finish",
        status_code=200,
        responses=problems(401, 404),
    )
    async def finish(
        self,
        deadline_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> DeadlineOut:
        """Say that this was seen to; saying it twice changes nothing."""
        row = await deadlines.finish(session, actor, deadline_id, now=now)
        found = await store.of_application(session, actor, row.application_id)
        return deadline_out(next(one for one in found if one.id == row.id))
