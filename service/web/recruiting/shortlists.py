"""The ranked people of a programme: a dense list, two to four side by side, and both files for a meeting."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.doubts import doubts_of_programme
from assessments.matching.matching import Outcome
from service.flows.recruiting import applications, blind, shortlists
from service.flows.recruiting.explaining import places_shown
from service.flows.recruiting.shortlists import ShortlistPage, ShortlistQuestion
from service.flows.writing.drawing import draw
from service.flows.writing.shortlists_on_paper import plan_paper, write_spreadsheet
from service.http.downloads import attachment
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.store.reach import id_of
from service.web.matching.matching import FitView, fit_view, person_view, stamp
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

PAGE = 25
SIDE_BY_SIDE = 4
OUTCOME_CHOICES = (
    ("", french("Toutes")),
    ("reachable", french("Sauf « pas pour ce programme »")),
    (Outcome.MATCH.value, french("Correspond")),
    (Outcome.AFTER_TRAINING.value, french("Après formation")),
    (Outcome.AFTER_REMEDY.value, french("Après aménagement")),
    (Outcome.NO.value, french("Pas pour ce programme")),
)


@dataclass(frozen=True)
class ComparedRow:
    """One wish of the programme, and what each person shows of it, in the order of the columns."""

    text: str
    importance: str
    fits: tuple[FitView, ...]


class ShortlistPages(Controller):
    """Shortlists."""

    include_in_schema = False

    @get("/programmes/{programme_id:str}/shortlist", operation_id="web.shortlists.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        outcome: FromQuery[str] = "",
        applied: FromQuery[str] = "",
        cursor: FromQuery[str] = "",
    ) -> Template:
        """People ranked for a programme, twenty-five a page."""
        secret: bytes = request.app.state.secret
        place = read_cursor(secret, cursor, of="shortlist") if cursor else None
        question = ShortlistQuestion(
            outcomes=_outcomes(outcome),
            applied_only=applied == "yes",
            limit=PAGE,
            after=(float(place[0]), str(place[1])) if place else None,
        )
        page = await _read(request, actor, programme_id, question, editions, now, "shortlist.read")
        translate = Translator(locale_of(request))
        following = write_cursor(secret, page.after, of="shortlist") if page.after else ""
        asked = {"outcome": outcome, "applied": applied}
        return render(
            request,
            "recruiter/shortlist.html",
            title="Présélection",
            programme=page.shortlist.programme,
            people=tuple(person_view(one, editions, translate) for one in page.listed),
            places=places_shown(page, editions),
            doubts=tuple(
                doubt.text.in_(translate.locale.value)
                for doubt in doubts_of_programme(page.shortlist.programme.as_profile, editions.matcher.policy)
            ),
            counts={one.value: count for one, count in page.shortlist.outcomes.items()},
            considered=page.shortlist.considered,
            closed=page.shortlist.closed,
            found=page.found,
            outcome=outcome,
            outcome_choices=tuple((value, translate(label)) for value, label in OUTCOME_CHOICES),
            is_applied_only=applied == "yes",
            is_first=place is None,
            base=_base(programme_id),
            next_href=f"{_base(programme_id)}?{urlencode({**asked, 'cursor': following})}"
            if following
            else "",
            edition=editions.matcher.editions.matching,
            may_apply=actor.role is Role.RECRUITER,
            most=SIDE_BY_SIDE,
        )

    @get("/programmes/{programme_id:str}/shortlist/comparison", operation_id="web.shortlists.compare")
    async def compare(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        person: Annotated[list[str] | None, QueryParameter(max_items=200)] = None,
    ) -> Template | Redirect:
        """Two to four people of a shortlist side by side."""
        chosen = frozenset(found for text in person or () if (found := parse_id(text)))
        if not 2 <= len(chosen) <= SIDE_BY_SIDE:
            id_of(programme_id)
            return redirect(
                _base(programme_id), flash="Cochez deux à quatre personnes, puis comparez.", tone="warn"
            )
        question = ShortlistQuestion(people=chosen)
        page = await _read(request, actor, programme_id, question, editions, now, "shortlist.compare")
        translate = Translator(locale_of(request))
        return render(
            request,
            "recruiter/shortlist_comparison.html",
            title="Comparer des personnes",
            programme=page.shortlist.programme,
            people=tuple(person_view(one, editions, translate) for one in page.listed),
            rows=_rows(page),
            base=_base(programme_id),
        )

    @post(
        "/programmes/{programme_id:str}/shortlist/applications",
        operation_id="web.shortlists.apply",
        status_code=200,
    )
    async def apply(
        self,
        programme_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Note an application for somebody of the pool; whether it goes further, people decide."""
        programme = id_of(programme_id)
        try:
            await applications.create_application(
                session,
                actor,
                candidate_id=id_of(data.get("candidate_id", "")),
                programme_id=programme,
                now=now,
            )
        except Conflict:
            return redirect(_base(programme_id), flash="Cette candidature était déjà notée.", tone="info")
        return redirect(_base(programme_id), flash="La candidature est notée.")

    @get("/programmes/{programme_id:str}/shortlist.csv", operation_id="web.shortlists.spreadsheet")
    async def spreadsheet(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Everybody, for a spreadsheet."""
        page = await _read(
            request, actor, programme_id, ShortlistQuestion(), editions, now, "shortlist.export"
        )
        return attachment(
            write_spreadsheet(page.shortlist.entries),
            file_name=f"preselection-{stamp(now)}.csv",
            media_type="text/csv",
        )

    @get("/programmes/{programme_id:str}/shortlist.pdf", operation_id="web.shortlists.paper")
    async def paper(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """The first people, for a meeting."""
        page = await _read(
            request, actor, programme_id, ShortlistQuestion(), editions, now, "shortlist.print"
        )
        programme = page.shortlist.programme
        plan = plan_paper(
            programme.as_profile, page.shortlist.entries, client_name=programme.client_name,
            author=actor.name, reference=programme.external_id or str(programme.id)[:8], now=now,
        )  # fmt: skip
        content = await draw(plan, processes=settings.pdf_processes)
        return attachment(content, file_name=f"preselection-{stamp(now)}.pdf", media_type="application/pdf")


async def _read(
    request: Request[Any, Any, Any],
    actor: Actor,
    programme_id: str,
    question: ShortlistQuestion,
    editions: Editions,
    now: datetime,
    action: str,
) -> ShortlistPage:
    page = await shortlists.read_shortlist(
        request.app.state.database, actor, id_of(programme_id), question=question, editions=editions,
        now=now, action=action,
    )  # fmt: skip
    return blind.shortlist_of(actor, page)


def _base(programme_id: str | UUID) -> str:
    return f"/programmes/{id_of(programme_id)}/shortlist"


def _outcomes(outcome: str) -> frozenset[Outcome]:
    """What the filter lets through; a word that is no outcome lets everybody through."""
    if outcome == "reachable":
        return frozenset(Outcome) - {Outcome.NO}
    known = {one.value: one for one in Outcome}
    return frozenset({known[outcome]}) if outcome in known else frozenset(Outcome)


def _rows(page: ShortlistPage) -> tuple[ComparedRow, ...]:
    """The programme's wishes in its own order, each with what every person shows of it."""
    fits = [
        {fit.text: fit for fit in (*one.match.met, *one.match.partial, *one.match.missing)}
        for one in page.listed
    ]
    return tuple(
        ComparedRow(
            skill.text,
            skill.importance.value,
            tuple(fit_view(of_one[skill.text]) for of_one in fits if skill.text in of_one),
        )
        for skill in page.shortlist.programme.as_profile.skills
    )
