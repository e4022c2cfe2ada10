"""Pages of a path made of what a match lacks: what to learn, in which hours of the person's own week, then given."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.paths.paths import Path
from service.flows.learning import proposals as flow
from service.flows.learning.proposals import Proposal
from service.flows.paths import paths
from service.flows.recruiting import blind
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.vocabulary import Role
from service.store.people import candidates
from service.store.recruiting import applications
from service.web.learning.hour_views import HourView, hour_views
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

BASE = "/training/proposals"


@dataclass(frozen=True)
class StudyView:
    """One module of the proposed path, and its hours; `is_class` when a trainer holds it live."""

    title: str
    lasts: str
    is_class: bool
    hours: tuple[HourView, ...]
    due: str


@dataclass(frozen=True)
class ProposalView:
    """The proposal in words."""

    path: str
    title: str
    lasts: str
    studies: tuple[StudyView, ...]
    open_needs: tuple[str, ...]
    first: str
    done_on: str
    start: str
    is_late: bool
    has_week: bool
    unplaced: int


class ProposalPages(Controller):
    """Proposals."""

    path = BASE
    include_in_schema = False

    @get("/{candidate_id:str}", operation_id="web.proposals.choose", opt={"audited": True})
    async def choose(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """For which programme: those that the person applied to."""
        person = await candidates.facts_of(session, actor, candidate_id)
        applied = await applications.of_candidate(session, actor, person.id)
        return render(
            request,
            "trainer/proposal_choose.html",
            title="Préparer un parcours",
            veil=blind.veil_of(actor, person),
            person=person.shown_name,
            programmes=tuple(
                (f"{BASE}/{person.id}/{one.programme_id}", one.programme_title or "")
                for one in applied
                if one.programme_id is not None
            ),
        )

    @get(
        "/{candidate_id:str}/{programme_id:str}",
        operation_id="web.proposals.show",
        opt={"audited": True},
    )
    async def show(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        first: FromQuery[str] = "",
    ) -> Template:
        """What is lacking, what would be learnt, and in which hours."""
        errors = {}
        if first and read_day(first) is None:
            errors["first"] = french("Donnez le jour du début.")
        try:
            found = await flow.propose(
                session, actor, candidate_id, programme_id, first=read_day(first), library=library, now=now
            )
        except RuleBroken:
            errors["first"] = french("Choisissez un jour de l'année passée ou des deux prochaines.")
            found = await flow.propose(
                session, actor, candidate_id, programme_id, first=None, library=library, now=now
            )
        return _page(request, actor, found, errors=errors)

    @post("/{candidate_id:str}/{programme_id:str}", operation_id="web.proposals.give", status_code=200)
    async def give(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        programme_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Give the path that was looked at, with its dates and hours."""
        first = read_day(data.get("first", ""))
        back = f"{BASE}/{quote(candidate_id)}/{quote(programme_id)}"
        if first is None:
            return redirect(back, flash="Donnez le jour du début.", tone="warn")
        try:
            given = await flow.give(
                session, actor, candidate_id, programme_id, first=first, path=data.get("path", ""),
                library=library, now=now,
            )  # fmt: skip
        except (Conflict, RuleBroken) as refusal:
            return redirect(back, flash=_said(refusal.code), tone="warn")
        flash = french("Le parcours est donné, avec ses dates et ses heures.")
        return redirect(f"/training/assignments/{given}", flash=flash)


def _said(code: str) -> str:
    if code == "already-assigned":
        return french("Cette personne suit déjà ce parcours.")
    if code == "edition-withdrawn":
        return french("Ce parcours a été retiré aujourd'hui. Reprenez demain.")
    return french("La proposition a changé entre-temps. Relisez-la, puis donnez le parcours.")


def _page(
    request: Request[Any, Any, Any], actor: Actor, found: Proposal, *, errors: dict[str, str]
) -> Template:
    locale = locale_of(request)
    say, translate = Reader(locale), Translator(locale)
    return render(
        request,
        "trainer/proposal.html",
        title="Préparer un parcours",
        status=422 if errors else 200,
        veil=blind.veil_of(actor, found.person),
        person=found.person.shown_name,
        programme=found.programme.title,
        outcome=found.match.outcome.value,
        here=f"{BASE}/{found.person.id}/{found.programme.id}",
        back=f"{BASE}/{found.person.id}",
        first=found.first.isoformat(),
        proposal=_view(found, found.path, say, translate) if found.path else None,
        errors={name: translate(words) for name, words in errors.items()},
        may_give=actor.role is Role.TRAINER,
    )


def _view(found: Proposal, path: Path, say: Reader, translate: Translator) -> ProposalView:
    placement, training = found.placement, found.training
    assert placement is not None
    assert training is not None
    start = found.programme.as_profile.start_date
    due = paths.dates_of(path, found.first, found.due_dates)
    hours = {
        module: tuple(hour_views(several, say))
        for module, several in groupby(placement.sittings, key=lambda one: one.module)
    }
    return ProposalView(
        path=path.slug,
        title=say(path.title),
        lasts=lasting(path.minutes, translate),
        studies=tuple(
            StudyView(
                say(module.title), lasting(module.minutes, translate), module.live is not None,
                hours.get(module.slug, ()),
                say.short_day(due[module.slug]),
            )
            for module in path.modules
        ),
        open_needs=tuple(need.text for need in training.open_needs),
        first=say.day(found.first),
        done_on=say.day(placement.done_on) if placement.done_on else "",
        start=say.day(start) if start else "",
        is_late=found.is_in_time is False,
        has_week=found.has_week,
        unplaced=len(placement.unplaced),
    )  # fmt: skip


def lasting(minutes: int, translate: Translator) -> str:
    """A length of time: minutes under an hour, else hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return translate("%(n)s min", n=rest)
    return (
        translate("%(hours)s h %(minutes)s", hours=hours, minutes=f"{rest:02}")
        if rest
        else translate("%(hours)s h", hours=hours)
    )
