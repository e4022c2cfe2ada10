"""The pages of a questionnaire: notice, one page of questions at a time saved as one goes, a last look, sending."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.answers import Problem
from assessments.questionnaires.instruments import Page
from assessments.values import Text
from service.flows.assessing import answering, answering_pages, assessments, evidence, time_limits
from service.flows.assessing.answering import ALREADY_SUBMITTED, Beginning
from service.flows.assessing.answering_pages import Saved
from service.flows.assessing.judging_files import Judged
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, InBoth, RuleBroken
from service.runtime.files import FileStore
from service.store.assessing import assessments as store
from service.web.assessing import question_items
from service.web.assessing.question_items import Sent
from service.web.assessing.questionnaire_places import (
    BASE,
    Place,
    extra_times,
    hidden_fields,
    known_on,
    place_at,
    place_of,
    read_extra,
    show_closed,
    show_page,
    show_review,
    show_waiting,
)
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

ALREADY_SENT = french("Vos réponses sont déjà envoyées. Voici vos résultats.")
OTHER_WINDOW = french(
    "Vous aviez aussi répondu dans une autre fenêtre : pour chaque question, la dernière réponse compte."
)
NEW_QUESTION = french("Votre réponse ouvre une question de plus sur cette page.")
FILE_KEPT = french("Le fichier est joint.")
FILE_REMOVED = french("Le fichier est retiré.")
TIME_OVER = french("Le temps de cette page est passé. Ce que vous aviez écrit est gardé.")
LATER = french("Vos réponses sont enregistrées. Revenez quand vous voulez.")
RESULTS = "/me/results"
MOST_BYTES = evidence.MOST_MEGABYTES * 2_000_000


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
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Lead to where one stopped: the notice, the first open page, the last look, or the results."""
        found = await store.latest_response(session, actor, slug)
        if found is None:
            return redirect(f"{BASE}/{slug}/notice")
        if found.is_submitted:
            return redirect(RESULTS)
        place = place_at(found, editions=editions, now=now)
        page_id = place.progress.resume_page
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
        locale = locale_of(request)
        notice = {
            name: getattr(instrument.notice, name).in_(locale.value)
            for name in type(instrument.notice).model_fields
        }
        timed = [page for page in instrument.pages if page.minutes is not None]
        return render(
            request, "candidate/notice.html", title=instrument.title.in_(locale.value), notice=notice,
            card_href=f"/model-cards/{slug}/{instrument.edition}",
            action=f"{BASE}/{slug}/notice", minutes=instrument.minutes, count=len(instrument.items),
            timed=[page.title.in_(locale.value) for page in timed],
            choices=extra_times(timed, Translator(locale)) if timed else (),
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
        extra = read_extra((await request.form()).get("extra_time"))
        how = Beginning(locale_of(request), extra)
        await answering.begin(session, actor, slug, how, editions=editions, now=now)
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
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """The questions; a page with a time limit asks first whether one is ready, and is read back once it is over."""
        place = await place_of(session, actor, slug, editions=editions, now=now)
        if place is None:
            return redirect(f"{BASE}/{slug}")
        page = place.page(page_id)
        if place.is_closed(page):
            return show_closed(request, place, page)
        if time_limits.is_waiting(page, place.response):
            return show_waiting(request, place, page)
        return show_page(request, place, page, known=await known_on(session, place, page))

    @post("/pages/{page_id:str}/opening", operation_id="web.questionnaires.open_page", status_code=200)
    async def open_page(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        page_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Begin a page with a time limit, with the time chosen."""
        place = await place_of(session, actor, slug, editions=editions, now=now)
        if place is None:
            return redirect(f"{BASE}/{slug}")
        row = await store.response_row(session, actor, place.response.id, to_change=True)
        extra = read_extra((await request.form()).get("extra_time"))
        await answering_pages.open_page(
            session, row, page_id, extra_time_percent=extra, editions=editions, now=now
        )
        return redirect(f"{place.base}/pages/{page_id}")

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
        place = await place_of(session, actor, slug, editions=editions, now=now)
        if place is None:
            return redirect(RESULTS, flash=ALREADY_SENT, tone="info")
        page = place.page(page_id)
        sent = question_items.read_sent(page, await request.form(), now=now)
        return await _save(request, session, actor, place, page, sent, editions=editions)

    @post(
        "/pages/{page_id:str}/files",
        operation_id="web.questionnaires.save_files",
        status_code=200,
        request_max_body_size=MOST_BYTES,
    )
    async def save_files(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        page_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """The same for a page that asks for a file; what cannot be kept of a file costs no other answer."""
        database: Database = request.app.state.database
        async with database.transaction(write=False) as session:
            place = await place_of(session, actor, slug, editions=editions, now=now)
        if place is None:
            return redirect(RESULTS, flash=ALREADY_SENT, tone="info")
        page = place.page(page_id)
        sent = question_items.read_sent(page, await request.form(), now=now)
        judged, problems = await _judge(place, sent.uploads)
        async with database.transaction() as session:
            removed = await _change_files(
                session, actor, place, page, sent, judged, files=files, editions=editions
            )
            return await _save(
                request, session, actor, place, page, sent,
                problems=problems, is_changed=bool(judged or removed), removed=removed, editions=editions,
            )  # fmt: skip

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
        place = await place_of(session, actor, slug, editions=editions, now=now)
        if place is None:
            raise Conflict(ALREADY_SUBMITTED, code="already-submitted")
        page = place.page(page_id)
        typed = question_items.read_sent(page, await request.form(), now=now).typed
        saved = await answering_pages.save_page(session, actor, slug, page, typed, editions=editions, now=now)
        fresh = place_at(saved.response, editions=editions, now=now)
        known = await known_on(session, fresh, page)
        items = question_items.item_views(
            place.instrument, page, fresh.answers, known=known, locale=locale_of(request)
        )
        return render(
            request, "candidate/_draft.html", title="Enregistré", status=422 if saved.problems else 200,
            hidden={**hidden_fields(fresh, page, items)},
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
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Everything read back, before it is sent."""
        place = await place_of(session, actor, slug, editions=editions, now=now)
        return redirect(f"{BASE}/{slug}") if place is None else show_review(request, place)

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
            place = await place_of(session, actor, slug, editions=editions, now=now)
            assert place is not None
            return show_review(request, place, status=422)
        return redirect(RESULTS, flash="Vos réponses sont envoyées. Merci.")


async def _judge(
    place: Place, uploads: Mapping[str, UploadFile]
) -> tuple[dict[str, Judged], tuple[Problem, ...]]:
    """The files of a page that can be kept, and a problem for each that cannot."""
    judged, problems = {}, []
    for item_id, sent in uploads.items():
        item = evidence.file_item(place.instrument, item_id)
        try:
            judged[item_id] = await asyncio.to_thread(evidence.judge_for, item, await sent.read())
        except RuleBroken as refused:
            words = refused.faults[0].sentence
            assert isinstance(words, InBoth)
            problems.append(
                Problem(item=item_id, code=refused.faults[0].code, text=Text(fr=words.fr, en=words.en))
            )
    return judged, tuple(problems)


async def _change_files(
    session: AsyncSession,
    actor: Actor,
    place: Place,
    page: Page,
    sent: Sent,
    judged: Mapping[str, Judged],
    *,
    files: FileStore,
    editions: Editions,
) -> str:
    """Keep the files that can be kept and let go of the one that was taken back, whose question is returned."""
    wanted = sent.go.removeprefix("remove:") if sent.go.startswith("remove:") else ""
    removed = next((item.id for item in page.items if item.id == wanted), "")
    if not judged and not removed:
        return ""
    row = await store.response_row(session, actor, place.response.id, to_change=True)
    for item_id, file in judged.items():
        await evidence.attach(
            session, actor, row, item_id, file, files=files, editions=editions, now=place.now
        )
    if removed:
        await evidence.detach(session, actor, row, removed, editions=editions, now=place.now)
    return removed


async def _save(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    place: Place,
    page: Page,
    sent: Sent,
    *,
    problems: tuple[Problem, ...] = (),
    is_changed: bool = False,
    removed: str = "",
    editions: Editions,
) -> Template | Redirect:
    """Keep the answers of a page and say where to go on; `is_changed` when a file came or went."""
    try:
        saved = await answering_pages.save_page(
            session, actor, place.instrument.slug, page, sent.typed, editions=editions, now=place.now
        )
    except Conflict as refused:
        if refused.code == "page-closed":
            return redirect(place.after(page.id), flash=TIME_OVER, tone="info")
        return redirect(RESULTS, flash=ALREADY_SENT, tone="info")
    fresh = place_at(saved.response, editions=editions, now=place.now)
    found = saved.problems + problems
    if found:
        known = await known_on(session, fresh, page)
        return show_page(request, fresh, page, sent=sent, problems=found, known=known)
    if sent.go == "stay" or removed:
        said = FILE_REMOVED if removed else FILE_KEPT if is_changed else ""
        return redirect(f"{fresh.base}/pages/{page.id}", flash=said)
    return await _go_on(request, session, fresh, page, sent, saved)


async def _go_on(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    place: Place,
    page: Page,
    sent: Sent,
    saved: Saved,
) -> Template | Redirect:
    flash = OTHER_WINDOW if saved.changed_elsewhere else ""
    if sent.go == "later":
        return redirect("/me", flash=flash or LATER)
    if place.is_closed(page):
        return redirect(place.after(page.id), flash=TIME_OVER, tone="info")
    missing = question_items.missing_on(place.instrument, page, place.progress.required_open)
    if missing:
        known = await known_on(session, place, page)
        return show_page(request, place, page, problems=missing, known=known)
    if _has_new_question(request, place, page, sent):
        return redirect(f"{place.base}/pages/{page.id}", flash=NEW_QUESTION, tone="info")
    return redirect(place.after(page.id), flash=flash, tone="info")


def _has_new_question(request: Request[Any, Any, Any], place: Place, page: Page, sent: Sent) -> bool:
    """Whether an answer just given opens a question that this person has not seen (and not left empty on purpose)."""
    items = question_items.item_views(place.instrument, page, place.answers, locale=locale_of(request))
    return any(
        item.is_conditional and item.is_shown and not item.values and item.id not in sent.typed.shown_items
        for item in items
    )
