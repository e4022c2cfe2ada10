"""The pages of a questionnaire: notice, one page of questions at a time saved as one goes, a last look, sending."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.answers import Answers, Problem, progress
from assessments.instruments import Instrument, Page
from service.flows import answering, assessments
from service.flows.answering import ALREADY_SUBMITTED, Saved, Typed
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.store import assessments as store
from service.store.assessments import ResponseFacts
from service.web import questionnaires as views
from service.web.pages import redirect, render
from service.web.translations import french, locale_of

BASE = "/me/questionnaires"
ALREADY_SENT = french("Vos réponses sont déjà envoyées. Voici vos résultats.")
OTHER_WINDOW = french(
    "Vous aviez aussi répondu dans une autre fenêtre : pour chaque question, la dernière réponse compte."
)
NEW_QUESTION = french("Votre réponse ouvre une question de plus sur cette page.")
RESULTS = "/me/results"


@dataclass(frozen=True)
class Place:
    """A begun questionnaire: its edition, its answers, where its pages are."""

    instrument: Instrument
    response: ResponseFacts

    @property
    def answers(self) -> Answers:
        return answering.answers_of(self.instrument, self.response.answers)

    @property
    def base(self) -> str:
        return f"{BASE}/{self.instrument.slug}"

    def page(self, page_id: str) -> Page:
        found = next((page for page in self.instrument.pages if page.id == page_id), None)
        if found is None:
            raise NotFound
        return found

    def after(self, page_id: str) -> str:
        """The address of what comes after this page."""
        _, following = views.neighbours(self.instrument, page_id)
        return f"{self.base}/pages/{following}" if following else f"{self.base}/review"


class QuestionnairePages(Controller):
    """Questionnaires of a candidate."""

    path = "/me/questionnaires/{slug:str}"
    include_in_schema = False

    @get(operation_id="web.questionnaires.resume")
    async def resume(
        self,
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
    ) -> Redirect:
        """Lead to where one stopped: the notice, the first open page, the last look, or the results."""
        found = await store.latest_response(session, actor, slug)
        if found is None:
            return redirect(f"{BASE}/{slug}/notice")
        if found.is_submitted:
            return redirect(RESULTS)
        place = Place(answering.instrument_of(editions, found), found)
        page_id = progress(place.instrument, place.answers).resume_page
        return redirect(f"{place.base}/pages/{page_id}" if page_id else f"{place.base}/review")

    @get("/notice", operation_id="web.questionnaires.notice")
    async def notice(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Say what is measured, how it counts, who sees it and that a person decides, before the first question."""
        instrument = answering.instrument_for(editions, slug, now=now)
        language = locale_of(request).value
        notice = {
            name: getattr(instrument.notice, name).in_(language)
            for name in type(instrument.notice).model_fields
        }
        return render(
            request, "candidate/notice.html", title=instrument.title.in_(language), notice=notice,
            action=f"{BASE}/{slug}/notice", minutes=instrument.minutes, count=len(instrument.items),
        )  # fmt: skip

    @post("/notice", operation_id="web.questionnaires.begin", status_code=200)
    async def begin(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """The notice was read: begin, or go on where one stopped."""
        locale = locale_of(request)
        await answering.begin(session, actor, slug, locale=locale, editions=editions, now=now)
        return redirect(f"{BASE}/{slug}")

    @get("/pages/{page_id:str}", operation_id="web.questionnaires.page")
    async def page(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        page_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
    ) -> Template | Redirect:
        place = await _place(session, actor, slug, editions)
        if place is None:
            return redirect(f"{BASE}/{slug}")
        return _show_page(request, place, place.page(page_id))

    @post("/pages/{page_id:str}", operation_id="web.questionnaires.save", status_code=200)
    async def save(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        page_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep what fits, show beside its question what does not, and go on when nothing is open."""
        place = await _place(session, actor, slug, editions)
        if place is None:
            return redirect(RESULTS, flash=ALREADY_SENT, tone="info")
        page, typed = place.page(page_id), await _typed(request, place.page(page_id))
        try:
            saved = await answering.save_page(session, actor, slug, page, typed, editions=editions, now=now)
        except Conflict:
            return redirect(RESULTS, flash=ALREADY_SENT, tone="info")
        goes_on = (await request.form()).get("go") != "later"
        return _answer_save(
            request, Place(place.instrument, saved.response), page, typed, saved, goes_on=goes_on
        )

    @post("/pages/{page_id:str}/draft", operation_id="web.questionnaires.draft", status_code=200)
    async def draft(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        page_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Keep what fits of a page while it is being filled in; answer with what the page must now know.

        422 says that something could not be kept yet, so that the browser goes on holding it.
        """
        place = await _place(session, actor, slug, editions)
        if place is None:
            raise Conflict(ALREADY_SUBMITTED, code="already-submitted")
        page = place.page(page_id)
        typed = await _typed(request, page)
        saved = await answering.save_page(session, actor, slug, page, typed, editions=editions, now=now)
        fresh = Place(place.instrument, saved.response)
        items = views.item_views(place.instrument, page, fresh.answers, locale=locale_of(request))
        shown = [item.id for item in items if item.is_shown]
        return render(
            request, "candidate/_draft.html", title="Enregistré", shown=",".join(shown),
            status=422 if saved.problems else 200,
            base=views.write_base(answering.form_of(page, fresh.answers)),
            changed=[
                item for item in items if item.is_conditional and item.is_shown != (item.id in typed.shown_items)
            ],
        )  # fmt: skip

    @get("/review", operation_id="web.questionnaires.review")
    async def review(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
    ) -> Template | Redirect:
        place = await _place(session, actor, slug, editions)
        return redirect(f"{BASE}/{slug}") if place is None else _show_review(request, place)

    @post("/submission", operation_id="web.questionnaires.submit", status_code=200)
    async def submit(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Send the answers: they freeze and are scored, once."""
        try:
            await assessments.submit_own(session, actor, slug, editions=editions, now=now)
        except RuleBroken:
            place = await _place(session, actor, slug, editions)
            assert place is not None
            return _show_review(request, place, status=422)
        return redirect(RESULTS, flash="Vos réponses sont envoyées. Merci.")


async def _place(session: AsyncSession, actor: Actor, slug: str, editions: Editions) -> Place | None:
    """The questionnaire while it can still be changed."""
    found = await store.latest_response(session, actor, slug)
    if found is None or found.is_submitted:
        return None
    return Place(answering.instrument_of(editions, found), found)


async def _typed(request: Request[Any, Any, Any], page: Page) -> Typed:
    form = await request.form()
    fields = {
        item.id: tuple(
            value for value in form.getall(item.id, []) if isinstance(value, str) and value.strip()
        )
        for item in page.items
    }
    shown = frozenset(str(form.get("_shown", "")).split(","))
    return Typed(fields, views.read_base(str(form.get("_base", ""))), shown)


def _answer_save(
    request: Request[Any, Any, Any], place: Place, page: Page, typed: Typed, saved: Saved, *, goes_on: bool
) -> Template | Redirect:
    flash = OTHER_WINDOW if saved.changed_elsewhere else ""
    if saved.problems:
        return _show_page(request, place, page, typed=typed, problems=saved.problems)
    if not goes_on:
        return redirect("/me", flash=flash or "Vos réponses sont enregistrées. Revenez quand vous voulez.")
    missing = views.missing_on(place.instrument, page, place.answers)
    if missing:
        return _show_page(request, place, page, problems=missing)
    if _has_new_question(request, place, page, typed):
        here = f"{place.base}/pages/{page.id}"
        return redirect(here, flash=NEW_QUESTION, tone="info")
    return redirect(place.after(page.id), flash=flash, tone="info")


def _has_new_question(request: Request[Any, Any, Any], place: Place, page: Page, typed: Typed) -> bool:
    """Whether an answer just given opens a question that this person has not seen (and not left empty on purpose)."""
    items = views.item_views(place.instrument, page, place.answers, locale=locale_of(request))
    return any(
        item.is_conditional and item.is_shown and not item.values and item.id not in typed.shown_items
        for item in items
    )


def _show_page(
    request: Request[Any, Any, Any],
    place: Place,
    page: Page,
    *,
    typed: Typed | None = None,
    problems: tuple[Problem, ...] = (),
) -> Template:
    locale = locale_of(request)
    items = views.item_views(
        place.instrument, page, place.answers, typed=typed.fields if typed else None, problems=problems,
        locale=locale,
    )  # fmt: skip
    before, _ = views.neighbours(place.instrument, page.id)
    return render(
        request,
        "candidate/page.html",
        title=page.title.in_(locale.value),
        status=422 if problems else 200,
        instrument_title=place.instrument.title.in_(locale.value),
        intro=page.intro.in_(locale.value) if page.intro else "",
        items=items,
        shown=",".join(item.id for item in items if item.is_shown),
        base=views.write_base(answering.form_of(page, place.answers)),
        errors={item.id: f"{item.prompt} {item.error}" for item in items if item.error},
        step=views.step_view(place.instrument, page.id),
        total=len(place.instrument.items),
        action=f"{place.base}/pages/{page.id}",
        before=f"{place.base}/pages/{before}" if before else "",
        keep=f"{place.instrument.slug}-{page.id}",
    )


def _show_review(request: Request[Any, Any, Any], place: Place, *, status: int = 200) -> Template:
    locale = locale_of(request)
    pages = views.read_back(place.instrument, place.answers, base=place.base, locale=locale)
    missing = tuple(one for _, _, rows in pages for one in rows if one.is_missing)
    return render(
        request, "candidate/review.html", title="Relisez avant d'envoyer", status=status, pages=pages,
        instrument_title=place.instrument.title.in_(locale.value), missing=missing,
        step=views.step_view(place.instrument, "review"), action=f"{place.base}/submission",
    )  # fmt: skip
