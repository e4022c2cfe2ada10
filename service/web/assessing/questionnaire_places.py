"""Where somebody is in a questionnaire, and how its pages are shown from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.answers import Answers, Problem, Progress
from assessments.questionnaires.instruments import Instrument, Page
from assessments.questionnaires.items import FileItem, MeasurementItem
from service.flows.assessing import answering, time_limits
from service.flows.assessing.answering_pages import form_of
from service.flows.assessing.time_limits import EXTRA_TIMES
from service.runtime.actors import Actor
from service.runtime.clock import PARIS
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.store.assessing import assessments as store
from service.store.assessing import evidence_files
from service.store.assessing.assessments import ResponseFacts
from service.web.assessing import question_items
from service.web.assessing import questionnaires as views
from service.web.assessing.question_items import NOTHING, ItemView, Known, Sent
from service.web.figures import Figures
from service.web.pages import render
from service.web.translations import Translator, french, locale_of

BASE = "/me/questionnaires"
EXTRA_WORDS = {
    0: french("Le temps prévu"),
    33: french("Un tiers de temps en plus"),
    50: french("La moitié du temps en plus"),
    100: french("Le double du temps"),
    None: french("Sans limite de temps"),
}


@dataclass(frozen=True)
class Place:
    """A begun questionnaire at one moment: its edition, its answers, where its pages are."""

    instrument: Instrument
    response: ResponseFacts
    is_current: bool
    now: datetime

    @property
    def answers(self) -> Answers:
        return answering.answers_of(self.instrument, self.response.answers)

    @property
    def base(self) -> str:
        return f"{BASE}/{self.instrument.slug}"

    @property
    def progress(self) -> Progress:
        return time_limits.progress_of(self.instrument, self.answers, self.response, now=self.now)

    def page(self, page_id: str) -> Page:
        found = next((page for page in self.instrument.pages if page.id == page_id), None)
        if found is None:
            raise NotFound
        return found

    def after(self, page_id: str) -> str:
        """The address of what comes after this page."""
        _, following = views.neighbours(self.instrument, page_id)
        return f"{self.base}/pages/{following}" if following else f"{self.base}/review"

    def is_closed(self, page: Page) -> bool:
        return time_limits.is_closed(page, self.response, now=self.now)

    def still_open(self, page: Page) -> bool:
        """Whether a required question of this page is open."""
        return any(item.id in self.progress.required_open for item in page.items)


async def place_of(
    session: AsyncSession, actor: Actor, slug: str, *, editions: Editions, now: datetime
) -> Place | None:
    """The questionnaire while it can still be changed; None when it was not begun, or was sent."""
    found = await store.latest_response(session, actor, slug)
    if found is None or found.is_submitted:
        return None
    return place_at(found, editions=editions, now=now)


def place_at(response: ResponseFacts, *, editions: Editions, now: datetime) -> Place:
    is_current = answering.is_current(editions, response, now=now)
    return Place(answering.instrument_of(editions, response), response, is_current, now)


async def known_on(session: AsyncSession, place: Place, page: Page) -> Known:
    """What stands beside the answers of this page; read only where a question needs it."""
    if not any(isinstance(item, FileItem | MeasurementItem) for item in page.items):
        return NOTHING
    candidate_id = place.response.candidate_id
    return question_items.known_of(
        place.instrument,
        await evidence_files.files_of(session, candidate_id),
        await evidence_files.counting_evidence_of(session, candidate_id),
    )


@dataclass(frozen=True)
class TimeView:
    """The time of a page: `closes` in milliseconds of the epoch, 0 without a limit; `until` on the clocks of Paris."""

    minutes: int
    seconds_left: int
    closes: int
    until: str


def time_view(place: Place, page: Page, figures: Figures) -> TimeView | None:
    """How long the page is still open; None without a limit."""
    closes = time_limits.closes_at(page, place.response)
    if closes is None:
        return None
    left = max(0, round((closes - place.now).total_seconds()))
    until = figures.clock(closes.astimezone(PARIS).time())
    return TimeView(max(1, round(left / 60)), left, round(closes.timestamp() * 1000), until)


def extra_times(pages: Sequence[Page], translate: Translator) -> tuple[tuple[str, str, str], ...]:
    """The choices of time for pages with a limit: value, words, and the minutes that such a page then has."""
    found = []
    for extra in EXTRA_TIMES:
        limits = [time_limits.seconds_for(page, extra) for page in pages]
        minutes = sorted({-(-seconds // 60) for seconds in limits if seconds is not None})
        told = ""
        if len(minutes) == 1:
            told = translate("%(n)s minutes pour la page", n=minutes[0])
        elif minutes:
            told = translate("%(least)s à %(most)s minutes par page", least=minutes[0], most=minutes[-1])
        found.append(("none" if extra is None else str(extra), translate(EXTRA_WORDS[extra]), told))
    return tuple(found)


def read_extra(text: object) -> int | None:
    """The time chosen in a form; anything else than a choice is the time of everybody.

    >>> read_extra("50"), read_extra("none"), read_extra("7"), read_extra(None)
    (50, None, 0, 0)
    """
    if text == "none":
        return None
    return next((extra for extra in EXTRA_TIMES if text == str(extra)), 0)


def show_page(
    request: Request[Any, Any, Any],
    place: Place,
    page: Page,
    *,
    sent: Sent | None = None,
    problems: tuple[Problem, ...] = (),
    known: Known = NOTHING,
) -> Template:
    """The questions of a page, with what was typed and could not be kept beside what to do."""
    locale = locale_of(request)
    items = question_items.item_views(
        place.instrument, page, place.answers, typed=sent.typed if sent else None,
        ranks=sent.ranks if sent else None, problems=problems, known=known, locale=locale,
    )  # fmt: skip
    before, _ = views.neighbours(place.instrument, page.id)
    action = f"{place.base}/pages/{page.id}"
    has_files = any(isinstance(item, FileItem) for item in page.items)
    return render(
        request,
        "candidate/page.html",
        title=page.title.in_(locale.value),
        status=422 if problems else 200,
        instrument_title=place.instrument.title.in_(locale.value),
        intro=page.intro.in_(locale.value) if page.intro else "",
        items=items,
        hidden=hidden_fields(place, page, items),
        errors={_first_field(item): f"{item.prompt} {item.error}" for item in items if item.error},
        step=views.step_view(place.instrument, page.id),
        total=len(place.instrument.items),
        action=f"{action}/files" if has_files else action,
        draft=f"{action}/draft",
        has_files=has_files,
        before=f"{place.base}/pages/{before}" if before else "",
        keep=f"{place.response.id}-{page.id}",
        time=time_view(place, page, Figures(locale)),
        following=place.after(page.id),
        is_current=place.is_current,
        edition_since=place.instrument.valid_from,
    )


def _first_field(item: ItemView) -> str:
    """Where a line of the summary leads to: the field itself, or the first of several."""
    if item.ranks:
        return item.ranks[0].field
    return f"_file.{item.id}" if item.kind == "file" else item.id


def hidden_fields(place: Place, page: Page, items: tuple[ItemView, ...]) -> dict[str, str]:
    """What the form must bring back: the answers and questions as shown, and the time already spent."""
    return {
        "_base": question_items.write_base(form_of(page, place.answers)),
        "_shown": ",".join(item.id for item in items if item.is_shown),
        "_since": str(int(place.now.timestamp())),
        "_spent": str(place.response.timings.get(page.id, 0)),
    }


def show_waiting(request: Request[Any, Any, Any], place: Place, page: Page) -> Template:
    """A page with a time limit before it is begun: how long, what happens then, and more time for whoever wants it."""
    locale = locale_of(request)
    extra = place.response.extra_time_percent
    return render(
        request, "candidate/timed.html", title=page.title.in_(locale.value),
        instrument_title=place.instrument.title.in_(locale.value),
        step=views.step_view(place.instrument, page.id), count=len(page.items),
        action=f"{place.base}/pages/{page.id}/opening", choices=extra_times([page], Translator(locale)),
        chosen="none" if extra is None else str(extra),
    )  # fmt: skip


def show_closed(request: Request[Any, Any, Any], place: Place, page: Page) -> Template:
    """A page whose time is over: what was kept of it, and where to go on."""
    locale = locale_of(request)
    rows = [
        views.read_back_item(place.instrument, item, place.answers, is_missing=False, href="", locale=locale)
        for item in page.items
    ]
    return render(
        request, "candidate/closed.html", title=page.title.in_(locale.value),
        instrument_title=place.instrument.title.in_(locale.value),
        step=views.step_view(place.instrument, page.id), rows=rows, following=place.after(page.id),
    )  # fmt: skip


def show_review(request: Request[Any, Any, Any], place: Place, *, status: int = 200) -> Template:
    """Everything read back before it is sent."""
    locale = locale_of(request)
    pages = views.read_back(
        place.instrument,
        place.answers,
        still_open=place.progress.required_open,
        base=place.base,
        locale=locale,
    )
    missing = tuple(one for _, _, rows in pages for one in rows if one.is_missing)
    return render(
        request, "candidate/review.html", title="Relisez avant d'envoyer", status=status, pages=pages,
        instrument_title=place.instrument.title.in_(locale.value), missing=missing,
        closed=[f"{place.base}/pages/{page.id}" for page in place.instrument.pages if place.is_closed(page)],
        step=views.step_view(place.instrument, "review"), action=f"{place.base}/submission",
        is_current=place.is_current, edition_since=place.instrument.valid_from,
    )  # fmt: skip
