"""Reports as pages and on paper: a person's own results, explained; and the sheet that staff bring to the talk."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows import reports
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.store.reach import id_of
from service.web.pages import render
from service.web.translations import french, locale_of

RESULTS = french("Vos résultats")


class OwnReportPages(Controller):
    """One's own report."""

    path = "/me"
    include_in_schema = False

    @get("/report", operation_id="web.reports.own")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """One's own results, with every part of them, what would close each gap, who decides and how to contest."""
        facts = await reports.own_report(
            session, actor, editions=editions, settings=settings, locale=locale_of(request), now=now
        )
        return render(request, "candidate/results.html", title=RESULTS, report=facts)

    @get("/report.pdf", operation_id="web.reports.own_paper")
    async def paper(
        self,
        request: Request[Any, Any, Any],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """The same report, to keep."""
        content = await reports.own_paper(
            request.app.state.database, actor, editions=editions, settings=settings,
            locale=locale_of(request), now=now,
        )  # fmt: skip
        return attachment(
            content, file_name=f"compte-rendu-{civil_date(now)}.pdf", media_type="application/pdf"
        )


class SheetPages(Controller):
    """The results of one person, for staff."""

    path = "/candidates/{candidate_id:str}"
    include_in_schema = False

    @get("/scorecard", operation_id="web.reports.sheet", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What each answer brought, declared and shown side by side, and what to talk about."""
        facts = await reports.read_sheet(
            session, actor, candidate_id, editions=editions, locale=locale_of(request), now=now
        )
        return render(
            request, "recruiter/scorecard.html", title=french("Fiche de résultats"), report=facts,
            candidate_id=id_of(candidate_id),
        )  # fmt: skip

    @get("/scorecard.pdf", operation_id="web.reports.sheet_paper")
    async def paper(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """The sheet on paper, for the talk; the reading is noted."""
        content = await reports.sheet_paper(
            request.app.state.database, actor, candidate_id, editions=editions, settings=settings,
            locale=locale_of(request), now=now,
        )  # fmt: skip
        return attachment(
            content, file_name=f"fiche-de-resultats-{civil_date(now)}.pdf", media_type="application/pdf"
        )
