"""The trainers' pages of one learner: giving a path, and the work in detail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.day_one import readiness
from service.flows.learning import assignments as flow
from service.flows.learning import learning, quizzes
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, HomeshoreError, NotFound, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Role
from service.store import audit
from service.store.learning import assignments, cohorts
from service.store.learning.cohorts import CohortFacts
from service.web.learning.board import path_choices
from service.web.learning.hour_views import hours_to_come
from service.web.pages import redirect, render
from service.web.paths.training_views import (
    Reader,
    attempt_views,
    mark_view,
    path_view,
    readiness_view,
)
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

BASE = "/training/assignments"
MANY_COHORTS = 100


class TrainingPages(Controller):
    """Giving paths, one learner."""

    path = "/training"
    include_in_schema = False

    @get("/assign", operation_id="web.training.assign_form")
    async def assign_form(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        q: FromQuery[str] = "",
        candidate: FromQuery[str] = "",
        cohort: FromQuery[str] = "",
        path: FromQuery[str] = "",
    ) -> Template:
        """Choose a person or a group, a path and a day."""
        typed = {
            "candidate": candidate,
            "cohort": cohort,
            "path": path,
            "start_date": civil_date(now).isoformat(),
        }
        return await _assign_page(request, session, actor, library, now, q=q, typed=typed, errors={})

    @post("/assign", operation_id="web.training.assign", status_code=200)
    async def assign(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Give the path; on a slip the form comes back whole."""
        errors = _slips(data)
        if not errors:
            try:
                given = await _give(session, actor, data, editions=library, now=now)
            except (RuleBroken, Conflict) as refusal:
                errors = _errors_of(refusal)
            else:
                return _given(given)
        return await _assign_page(
            request, session, actor, library, now, q=data.get("q", ""), typed=data, errors=errors
        )

    @get("/assignments/{assignment_id:str}", operation_id="web.training.learner", opt={"audited": True})
    async def learner(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One learner on one path: modules, attempts, and until day one what it still needs."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        audit.record(
            session, actor, action="assignment.read", subject=("candidate", facts.candidate_id), now=now
        )
        say = Reader(locale_of(request))
        progress = learning.standing(facts, editions=library, today=civil_date(now))
        others = await learning.progress_of(session, actor, facts.candidate_id, editions=library, now=now)
        try:
            found = await readiness.of_candidate(
                session, actor, facts.candidate_id, editions=library, now=now
            )
            is_ahead = found.readiness.start_date >= civil_date(now)
            day_one = readiness_view(found.readiness, say) if is_ahead else None
        except Conflict:
            day_one = None
        return render(
            request,
            "trainer/learner.html",
            title=facts.person,
            here=path_view(facts, progress, say, base=BASE),
            edition=facts.edition,
            others=tuple(
                path_view(one, standing, say, base=BASE) for one, standing in others if one.id != facts.id
            ),
            attempts=attempt_views(facts, say, editions=library, base=BASE),
            readiness=day_one,
            hours=hours_to_come(facts, progress, say, today=civil_date(now)),
            may_grant=actor.role is Role.TRAINER,
        )

    @get(
        "/assignments/{assignment_id:str}/attempts/{attempt_id:str}",
        operation_id="web.training.attempt",
        opt={"audited": True},
    )
    async def attempt(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        attempt_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One attempt, question by question: where an explanation would help."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        event = await assignments.event_of(session, facts.id, attempt_id)
        if "answers" not in event.detail:
            raise NotFound
        audit.record(
            session, actor, action="attempt.read", subject=("candidate", facts.candidate_id), now=now
        )
        say, today = Reader(locale_of(request)), civil_date(now)
        progress = learning.standing(facts, editions=library, today=today)
        return render(
            request,
            "trainer/attempt.html",
            title=say(quizzes.module_marked(facts, event, editions=library).title),
            here=path_view(facts, progress, say, base=BASE),
            on=say.moment_day(event.at),
            mark=mark_view(quizzes.kept_mark(facts, event, editions=library, today=today), say),
        )

    @post(
        "/assignments/{assignment_id:str}/modules/{module:str}/more-attempts",
        operation_id="web.training.grant",
        status_code=200,
    )
    async def grant(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Open one more attempt."""
        await flow.grant_attempts(session, actor, assignment_id, module, count=1, editions=library, now=now)
        return redirect(f"{BASE}/{assignment_id}", flash="Un essai de plus est ouvert.")


def _slips(data: dict[str, str]) -> dict[str, str]:
    """What the form leaves open, by field."""
    errors = {}
    if not data.get("candidate") and not data.get("cohort"):
        errors["candidate"] = french("Choisissez une personne, ou un groupe.")
    elif data.get("candidate") and data.get("cohort"):
        errors["candidate"] = french("Choisissez une personne ou un groupe, pas les deux.")
    if not data.get("path"):
        errors["path"] = french("Choisissez un parcours.")
    if read_day(data.get("start_date", "")) is None:
        errors["start_date"] = french("Donnez le jour du début.")
    return errors


async def _give(
    session: AsyncSession, actor: Actor, data: dict[str, str], *, editions: Editions, now: datetime
) -> flow.Given:
    start_date = read_day(data["start_date"]) or civil_date(now)
    named = parse_id(data.get("candidate") or data["cohort"])
    field = "candidate" if data.get("candidate") else "cohort"
    if named is None:
        raise RuleBroken(faults=[Fault(f"/{field}_id", "unknown", "")])
    if field == "candidate":
        return await flow.to_person(
            session, actor, named, path=data["path"], start_date=start_date, editions=editions, now=now
        )
    return await flow.to_cohort(
        session, actor, named, path=data["path"], start_date=start_date, editions=editions, now=now
    )


_SLIPS = {
    "/candidate_id": ("candidate", french("Cette personne n'est pas dans votre périmètre.")),
    "/cohort_id": (
        "cohort",
        french("Ce groupe est vide ou hors de votre périmètre. Ajoutez-y d'abord des personnes."),
    ),
    "/path": ("path", french("Ce parcours n'est plus proposé. Choisissez-en un autre.")),
    "/start_date": ("start_date", french("Choisissez un jour de l'année passée ou des deux prochaines.")),
}


def _errors_of(refusal: HomeshoreError) -> dict[str, str]:
    if refusal.code == "already-assigned":
        return {"candidate": french("Cette personne suit déjà ce parcours.")}
    return dict(_SLIPS[fault.pointer] for fault in refusal.faults if fault.pointer in _SLIPS)


def _given(given: flow.Given) -> Redirect:
    if not given.created:
        return redirect("/training", flash="Tout le groupe suit déjà ce parcours.", tone="info")
    return redirect("/training", flash="Le parcours est donné.")


async def _assign_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    editions: Editions,
    now: datetime,
    *,
    q: str,
    typed: dict[str, str],
    errors: dict[str, str],
) -> Template:
    found = await cohorts.people_found(session, actor, words=q)
    groups: tuple[CohortFacts, ...] = await cohorts.page_of(session, actor, limit=MANY_COHORTS)
    people = {str(one.id): one.name for one in found}
    chosen = parse_id(typed.get("candidate", ""))
    if chosen is not None and str(chosen) not in people:
        people |= await _named(session, actor, chosen)
    return render(
        request,
        "trainer/assign.html",
        title="Donner un parcours",
        status=422 if errors else 200,
        q=q,
        people=tuple(people.items()),
        cohorts=tuple((str(group.id), group.name) for group in groups),
        paths=path_choices(editions, civil_date(now), Reader(locale_of(request))),
        typed={name: typed.get(name, "") for name in ("candidate", "cohort", "path", "start_date")},
        errors={name: Translator(locale_of(request))(words) for name, words in errors.items()},
    )


async def _named(session: AsyncSession, actor: Actor, candidate_id: UUID) -> dict[str, str]:
    try:
        person = await cohorts.person_of(session, actor, candidate_id)
    except NotFound:
        return {}
    return {str(person.id): person.name}
