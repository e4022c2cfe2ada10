"""The pages of what is ahead: roles and programmes, each with the modules that lead there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.careers import Way
from service.flows.learning import careers
from service.flows.learning.careers import Career
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.reach import id_of
from service.web.learning.learning_views import minutes_words
from service.web.pages import render
from service.web.paths.training_views import Reader
from service.web.translations import locale_of

FIRST_SHOWN = 6
"""Programmes shown at once; the others wait behind a fold."""


@dataclass(frozen=True)
class LessonLineView:
    """One lesson of a way: `is_class` when a trainer holds it."""

    title: str
    time: str
    is_done: bool
    is_class: bool


@dataclass(frozen=True)
class WayView:
    """One destination; `outcome` is what matching says of a programme, empty for a role."""

    title: str
    purpose: str
    reached_by: str
    is_reached: bool
    outcome: str
    modules_left: int
    classes_left: int
    time_left: str
    lessons: tuple[LessonLineView, ...]
    done: int
    skills: tuple[tuple[str, str, str, bool], ...]
    practice: tuple[str, ...]


def way_view(
    title: str,
    purpose: str,
    reached_by: str,
    way: Way,
    say: Reader,
    *,
    editions: Editions,
    levels: tuple[str, ...],
    outcome: str = "",
) -> WayView:
    labels = {skill.skill: _label(editions, skill.skill, say.locale) for skill in way.skills}
    return WayView(
        title=title,
        purpose=purpose,
        reached_by=reached_by,
        is_reached=way.is_reached,
        outcome=outcome,
        modules_left=way.modules_left,
        classes_left=way.classes_left,
        time_left=minutes_words(way.minutes_left, say) if way.minutes_left else "",
        lessons=tuple(
            LessonLineView(say(one.title), minutes_words(one.minutes, say), one.is_done, one.path is None)
            for one in way.lessons
        ),
        done=sum(one.is_done for one in way.lessons),
        skills=tuple(
            (labels[one.skill], levels[one.asked], levels[one.shown], one.is_met) for one in way.skills
        ),
        practice=tuple(labels[name] for name in way.unmet),
    )


def _label(editions: Editions, skill: str, locale: Locale) -> str:
    known = editions.resolver.skills.get(skill)
    return known.label.in_(locale.value) if known else skill


class OwnCareerPages(Controller):
    """One's own way ahead."""

    path = "/me/career"
    include_in_schema = False

    @get(operation_id="web.me.career", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Roles and programmes ahead, the nearest first."""
        found = await careers.read_career(session, actor, id_of(str(actor.id)), editions=library, now=now)
        return _page(request, actor, found, now=now)


class CareerPages(Controller):
    """The way ahead of one person, for those who train and lead."""

    path = "/candidates/{candidate_id:str}/career"
    include_in_schema = False

    @get(operation_id="web.careers.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Roles and programmes ahead of one person; the reading is noted."""
        found = await careers.read_career(session, actor, candidate_id, editions=library, now=now)
        return _page(request, actor, found, now=now)


def _page(request: Request[Any, Any, Any], actor: Actor, found: Career, *, now: datetime) -> Template:
    say, library = Reader(locale_of(request)), found.editions
    is_own = actor.kind is ActorKind.CANDIDATE
    levels = tuple(one.in_(say.locale.value) for one in library.ledger_policy_on(civil_date(now)).levels)
    return render(
        request,
        "learner/career.html" if is_own else "trainer/career.html",
        title="Mon évolution" if is_own else "Évolution possible",
        person=found.person.shown_name,
        candidate_id=str(found.person.id),
        roles=tuple(
            way_view(
                say(one.destination.title), say(one.destination.purpose), say(one.destination.reached_by),
                one.way, say, editions=library, levels=levels,
            )
            for one in found.roles
        ),
        programmes=tuple(
            way_view(
                one.programme.title, "", "", one.way, say, editions=library, levels=levels,
                outcome=one.outcome.value,
            )
            for one in found.programmes
        ),
        first_shown=FIRST_SHOWN,
    )  # fmt: skip
