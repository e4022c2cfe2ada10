"""The page of dates to keep: what is due for whom, the soonest first."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.papers import deadlines
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.store.papers import deadlines as store
from service.web.pages import own_path, redirect, render
from service.web.papers.papers_views import deadline_view
from service.web.translations import locale_of

PAGE = 50


class DeadlinePages(Controller):
    """Dates to keep."""

    include_in_schema = False
    path = "/deadlines"

    @get(operation_id="web.deadlines.list")
    async def list_deadlines(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        show: Annotated[str, QueryParameter(max_length=20)] = "",
        cursor: FromQuery[str | None] = None,
    ) -> Template:
        secret: bytes = request.app.state.secret
        is_done = show == "done"
        page = await store.page_of(
            session, actor, limit=PAGE, is_done=is_done,
            after=read_cursor(secret, cursor, of="deadlines") if cursor else None,
        )  # fmt: skip
        kept = "show=done&" if is_done else ""
        following = write_cursor(secret, page.after, of="deadlines") if page.after else ""
        today = civil_date(now)
        return render(
            request,
            "recruiter/papers/deadlines.html",
            title="Échéances",
            deadlines=tuple(deadline_view(one, locale_of(request), today=today) for one in page.lines),
            is_done=is_done,
            next_href=f"/deadlines?{kept}cursor={following}" if following else "",
        )

    @post("/{deadline_id:str}/done", operation_id="web.deadlines.finish", status_code=200)
    async def finish(
        self,
        request: Request[Any, Any, Any],
        deadline_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        await deadlines.finish(session, actor, deadline_id, now=now)
        back = own_path(str((await request.form()).get("back") or ""), otherwise="/deadlines")
        return redirect(back, flash="C'est noté à votre nom.")
