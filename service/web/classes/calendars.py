"""The calendar of a group, and the feed that a calendar program reads."""

import calendar
import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.classes import calendars
from service.flows.paths import paths
from service.flows.training_days import holidays
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import PARIS, civil_date
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, Role
from service.store.classes import classes
from service.store.learning import cohorts
from service.store.learning.assignments import paths_of_cohort
from service.web.classes.class_views import class_view
from service.web.figures import BABEL, Figures
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.translations import locale_of


@dataclass(frozen=True)
class EntryView:
    """One thing on one day: a class (with its hours), the group's start, a due date, a holiday."""

    kind: str
    words: str
    hours: str = ""
    href: str = ""


@dataclass(frozen=True)
class DayView:
    """One day of a month's page."""

    number: int
    title: str
    is_in_month: bool
    is_today: bool
    entries: tuple[EntryView, ...]


class CalendarPages(Controller):
    """Calendars."""

    path = "/"
    include_in_schema = False

    @get("/training/cohorts/{cohort_id:str}/calendar", operation_id="web.calendars.cohort")
    async def cohort(
        self,
        request: Request[Any, Any, Any],
        cohort_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        month: FromQuery[str] = "",
    ) -> Template:
        """A month of a group: its classes, when modules are due, days off."""
        facts, locale = await cohorts.facts_of(session, actor, cohort_id), locale_of(request)
        today = civil_date(now)
        first = _month(month) or max(today, facts.start_date).replace(day=1)
        days = [
            day for week in calendar.Calendar().monthdatescalendar(first.year, first.month) for day in week
        ]
        since, until = (datetime.combine(day, time(), tzinfo=PARIS).astimezone(UTC) for day in
                        (days[0], days[-1] + timedelta(days=1)))  # fmt: skip
        held = await classes.between(session, actor, since=since, until=until, cohort_id=facts.id)
        say = Reader(locale)
        entries: dict[date, list[EntryView]] = {}
        for day in (day for year in {day.year for day in days} for day in holidays(year)):
            entries.setdefault(day, []).append(EntryView("holiday", ""))
        entries.setdefault(facts.start_date, []).append(EntryView("start", ""))
        for path in await _paths(session, facts.id, library, today):
            for module, due in paths.dates_of(path, facts.start_date).items():
                found = path.module(module)
                entries.setdefault(due, []).append(EntryView("due", say(found.title) if found else module))
        for one in held:
            view = class_view(one, editions=library, locale=locale, now=now)
            kind = "cancelled" if view.is_cancelled else "class"
            day = one.starts_at.astimezone(ZoneInfo(one.zone)).date()
            entries.setdefault(day, []).append(EntryView(kind, view.title, view.hours, view.href))
        figures = Figures(locale)
        return render(
            request, "trainer/cohort_calendar.html", title="Calendrier du groupe",
            cohort={"id": str(facts.id), "name": facts.name, "href": f"/training/cohorts/{facts.id}"},
            month=_month_words(first, locale), previous=_beside(first, -1), following=_beside(first, 1),
            day_names=[get_day_names("abbreviated", locale=BABEL[locale])[number] for number in range(7)],
            weeks=[
                [
                    DayView(
                        number=day.day, title=figures.day(day), is_in_month=day.month == first.month,
                        is_today=day == today, entries=tuple(entries.get(day, ())),
                    )
                    for day in days[place : place + 7]
                ]
                for place in range(0, len(days), 7)
            ],
            is_empty=not held, may_plan=actor.role is Role.TRAINER,
        )  # fmt: skip

    @post("/calendar-feed", operation_id="web.calendars.make", status_code=200)
    async def make(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """Make a secret address and show it this once."""
        token = await calendars.make_feed(session, actor, now=now)
        is_learner = actor.kind is ActorKind.CANDIDATE
        return render(
            request, "learner/calendar_feed.html" if is_learner else "trainer/classes/calendar_feed.html",
            title="Votre agenda", address=calendars.address_of(token, settings), back=_back(actor),
        )  # fmt: skip

    @post("/calendar-feed/revoke", operation_id="web.calendars.revoke", status_code=200)
    async def revoke(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Stop the address."""
        await calendars.revoke_feed(session, actor, now=now)
        return redirect(
            _back(actor), flash="L'adresse ne donne plus rien. Votre agenda ne se mettra plus à jour."
        )

    @get("/calendars/{name:str}", operation_id="web.calendars.feed")
    async def feed(
        self,
        request: Request[Any, Any, Any],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        """The classes of whoever holds this secret; nothing said of any other address."""
        text = await calendars.read_feed(
            session, name.removesuffix(".ics") if name.endswith(".ics") else "", editions=editions,
            settings=settings, now=now,
        )  # fmt: skip
        etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == etag:
            return Response("", status_code=304, headers=headers)
        return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)


def _back(actor: Actor) -> str:
    return "/me/classes" if actor.kind is ActorKind.CANDIDATE else "/classes"


async def _paths(session: AsyncSession, cohort_id: Any, library: Editions, today: date) -> list[Any]:
    given = set(await paths_of_cohort(session, cohort_id))
    return [path for path in paths.in_force(library, today) if path.slug in given]


def _month(text: str) -> date | None:
    """The first day of a month written 2026-12."""
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2100 else None


def _beside(first: date, months: int) -> str:
    return f"{first.replace(day=15) + timedelta(days=31 * months):%Y-%m}"


def _month_words(first: date, locale: Locale) -> str:
    return str(format_date(first, "LLLL y", locale=BABEL[locale]))
