"""A candidate's first page: what to do, how long it takes, where one is; and asking for a talk."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.answers import progress
from assessments.questionnaires.instruments import Instrument
from onboarding.day_one.checklists import Owner
from service.flows.assessing import answering, measurements, talks
from service.flows.continuous import refreshers
from service.flows.day_one import checklists
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, OfferState
from service.store.assessing import assessments as store
from service.store.assessing.assessments import ResponseFacts
from service.store.continuous import help
from service.store.learning import assignments
from service.store.papers import offers
from service.store.proof import badges
from service.web.assessing import questionnaires as views
from service.web.classes.own_classes import next_class_of
from service.web.learning.renewal_views import renewal_views
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.translations import french, locale_of


class MePages(Controller):
    """What is one's own."""

    path = "/me"
    include_in_schema = False

    @get(operation_id="web.me.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Say what there is to do, how long it takes, where one is, and the next step."""
        newest = {one.instrument: one for one in await store.responses_of(session, actor)}
        locale = locale_of(request)
        lines = tuple(
            _line(one, newest.get(one.slug), library, locale)
            for one in library.instruments_on(civil_date(now))
        )
        still = [line for line in lines if line.state != "done"]
        return render(
            request, "candidate/me.html", title="Votre parcours", lines=lines,
            following=min(still, key=lambda line: line.state != "doing", default=None),
            minutes=sum(line.minutes for line in still),
            has_results=any(line.state == "done" for line in lines),
            measured=len(
                (await measurements.own_standing(session, actor, editions=library, now=now)).measured
            ),
            **await _doors(session, actor, library=library, locale=locale, now=now),
        )  # fmt: skip

    @get("/results", operation_id="web.me.results")
    async def results(self) -> Redirect:
        """Where results were read before; letters and bookmarks still lead here."""
        return redirect("/me/report")

    @post("/talk", operation_id="web.me.talk", status_code=200)
    async def talk(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Ask for a talk about the results with a person."""
        is_new = await talks.ask_for_talk(session, actor, settings=settings, now=now)
        told = (
            french("Votre demande est partie. Une personne vous répondra.")
            if is_new
            else french("Votre demande est déjà partie.")
        )
        return redirect("/me/report", flash=told)


def _line(
    instrument: Instrument, response: ResponseFacts | None, editions: Editions, locale: Locale
) -> views.ProgressView:
    own = instrument if response is None else answering.instrument_of(editions, response)
    stored = {} if response is None else response.answers
    done = progress(own, answering.answers_of(own, stored))
    state = "waiting" if response is None else "done" if response.is_submitted else "doing"
    return views.ProgressView(
        slug=own.slug,
        title=own.title.in_(locale.value),
        purpose=own.purpose.in_(locale.value),
        minutes=own.minutes,
        answered=done.answered,
        total=done.total,
        state=state,
        href=f"/me/questionnaires/{own.slug}",
    )


async def _doors(
    session: AsyncSession, actor: Actor, *, library: Editions, locale: Locale, now: datetime
) -> dict[str, Any]:
    """What else waits behind a page of its own: offers, training, what to renew, a class, questions, answers."""
    found = await offers.page_of(session, actor, limit=5, states=(OfferState.SENT, OfferState.ACCEPTED))
    given = await assignments.all_of(session, actor, store.own_id(actor))
    today = await refreshers.today_of(session, actor, editions=library, now=now)
    finished = [one.id for one in given if one.is_complete]
    return {
        "badges_to_take": len(finished) - len(await badges.of_assignments(session, actor, finished)),
        "offers": found.lines, "has_training": bool(given), "questions": len(today.due),
        "question_minutes": today.minutes,
        "renewals": tuple(
            renewal_views(given, Reader(locale), editions=library, today=civil_date(now))
        ),
        "next_class": await next_class_of(session, actor, editions=library, locale=locale, now=now),
        "tasks_left": await _tasks_left(session, actor, library=library, now=now),
        "help_answered": await help.answered_count(session, store.own_id(actor)),
    }  # fmt: skip


async def _tasks_left(session: AsyncSession, actor: Actor, *, library: Editions, now: datetime) -> int:
    """How many tasks one's own placements still ask of oneself."""
    placements = await checklists.own_placements(session, actor, editions=library, now=now)
    return sum(task.task.owner is Owner.CANDIDATE for one in placements for task in one.open_tasks)
