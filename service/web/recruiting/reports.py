"""Reports as pages and on paper: a person's own results, explained; and the sheet that staff bring to the talk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.instruments import Dimension
from assessments.questionnaires.scoring import Scorecard
from service.flows.recruiting import reports
from service.flows.recruiting.reports_results import drawing_of
from service.flows.writing.reports_words import Wording, wording_on
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, Role
from service.store.assessing.assessments import ScorecardFacts
from service.store.reach import id_of
from service.web.pages import render
from service.web.translations import french, locale_of

RESULTS = french("Vos résultats")


MAY_READ_RESULTS = (Role.RECRUITER, Role.APPROVER)
"""Staff who read results: they are confidential (L1221-8)."""


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


def score_rows(
    cards: Sequence[ScorecardFacts], editions: Editions, *, locale: Locale, now: datetime
) -> tuple[dict[str, Any], ...]:
    """The newest results of one person for a table of points with their intervals, in the order of the dimensions."""
    wording, order = wording_on(now, locale), list(Dimension)
    ordered = sorted((card.result for card in cards), key=lambda card: order.index(card.dimension))
    return tuple(_row(card, editions, wording) for card in ordered)


def _row(card: Scorecard, editions: Editions, wording: Wording) -> dict[str, Any]:
    drawn = drawing_of(card, wording, label=card.instrument)
    title = editions.instruments[card.instrument, card.edition].title
    return {
        "label": wording.text(title),
        "value": drawn.hundredths / 100,
        "low": drawn.low_hundredths / 100,
        "high": drawn.high_hundredths / 100,
        "band": wording.text(card.band.label) if card.band else "",
    }
