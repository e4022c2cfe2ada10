"""People for recruiters: the list, the file of one person, and entering somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.assessing import assessments
from service.flows.matching import plans
from service.flows.people import candidates
from service.flows.people.candidates import Identity
from service.flows.recruiting import applications, blind, shortlists
from service.flows.writing.shortlists_on_paper import language_name
from service.http.paging import read_cursor, write_cursor
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import ProgrammeState, Role, Source, Stage
from service.store import audit
from service.store.people import candidates as people
from service.store.people.candidates import CandidateQuestion, CandidateSort
from service.store.reach import id_of
from service.store.recruiting import applications as applications_store
from service.store.recruiting import programmes as programmes_store
from service.web.assessing.measurements_views import line_view
from service.web.matching.matching import STAGES, programme_views
from service.web.matching.plans import plan_view
from service.web.pages import redirect, render
from service.web.people.people_forms import LANGUAGES, LEVELS, PersonForm, hours_words, read_person
from service.web.recruiting.pool import choice_views
from service.web.recruiting.reports import MAY_READ_RESULTS, score_rows
from service.web.translations import Translator, french, locale_of

PAGE = 25
SORTS = {
    "name": french("Nom"),
    "-match_score": french("Score pour le programme"),
    "-autonomy_score": french("Autonomie"),
    "-created_at": french("Date d'arrivée"),
}
SIGNS = {
    "same_email": french("même adresse e-mail"),
    "same_phone": french("même téléphone"),
    "like_name": french("nom très proche"),
    "like_email": french("adresse e-mail proche"),
    "like_phone": french("téléphone proche"),
}

Short = Annotated[str, QueryParameter(max_length=200)]


@dataclass(frozen=True)
class Chosen:
    """The filters as typed, to show them again."""

    q: str = ""
    stage: str = ""
    programme: str = ""
    skill: str = ""
    sort: str = "-created_at"

    @property
    def is_filtered(self) -> bool:
        return any((self.q, self.stage, self.programme, self.skill))

    def question(self) -> CandidateQuestion:
        """What is asked; a value that is none of the choices is left out."""
        stage = Stage(self.stage) if self.stage in {stage.value for stage in Stage} else None
        sort = CandidateSort(self.sort) if self.sort in {sort.value for sort in CandidateSort} else None
        return CandidateQuestion(
            stage=stage, programme_id=parse_id(self.programme), skill=self.skill or None, q=self.q or None,
            sort=sort or CandidateSort.CREATED_DOWN,
        )  # fmt: skip


class CandidatePages(Controller):
    """People."""

    include_in_schema = False
    path = "/candidates"

    @get(operation_id="web.candidates.list")
    async def list_candidates(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        q: Short = "",
        stage: Short = "",
        programme: Short = "",
        skill: Short = "",
        sort: Short = "-created_at",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """The list, with filters that a link can carry."""
        chosen = Chosen(q, stage, programme, skill, sort)
        question, secret = chosen.question(), request.app.state.secret
        after = read_cursor(secret, cursor, of="candidates") if cursor else None
        page = await people.page_of(session, actor, question, limit=PAGE, after=after)
        following = (
            f"?{_query(chosen, cursor=write_cursor(secret, page.after, of='candidates'))}"
            if page.after
            else ""
        )
        translate = Translator(locale_of(request))
        return render(
            request, "recruiter/candidates.html", title="Candidats", chosen=chosen,
            people=tuple(blind.line_of(actor, line) for line in page.lines),
            total=await people.count_of(session, actor, question), next_href=following,
            first_href=f"?{_query(chosen)}" if cursor else "",
            programmes=await _programme_choices(session, actor), stages=_stage_choices(translate),
            stage_words={stage: translate(words) for stage, words in STAGES.items()},
            columns=_columns(chosen, translate), may_enter=actor.role is Role.RECRUITER,
            may_keep=matrix()["web.searches.keep"].allows(actor),
        )  # fmt: skip

    @get("/new", operation_id="web.candidates.new")
    async def new(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """An empty form."""
        return await _form_page(request, session, actor, PersonForm(), {})

    @post(operation_id="web.candidates.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Enter one person; with errors the form comes back as it was typed."""
        form, said, errors = read_person(await request.form(), is_name_needed=False)
        if errors or said is None:
            return await _form_page(request, session, actor, form, errors, status=422)
        facts = await candidates.create_candidate(
            session, actor, profile=said.profile,
            identity=Identity(said.given_name, said.family_name, said.email, said.phone),
            source=Source.ENTERED, editions=editions, now=now,
        )  # fmt: skip
        for programme_id in said.programme_ids:
            await applications.create_application(
                session, actor, candidate_id=facts.id, programme_id=programme_id, now=now
            )
        return redirect(f"/candidates/{facts.id}", flash="La personne est enregistrée.")

    @get("/{candidate_id:str}", operation_id="web.candidates.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One person's file; the reading is noted."""
        facts = await people.facts_of(session, actor, id_of(candidate_id))
        audit.record(session, actor, action="candidate.read", subject=("candidate", facts.id), now=now)
        translate = Translator(locale_of(request))
        person = blind.person_of(actor, facts)
        lines = await applications_store.of_candidate(session, actor, facts.id)
        history = [(line, await applications_store.history_of(session, line.id)) for line in lines[:10]]
        identity = Identity(facts.given_name, facts.family_name, facts.email, facts.phone)
        matches = await shortlists.matches_of(session, actor, facts, editions=editions, now=now)
        return render(
            request, "recruiter/candidate.html", title=person.shown_name, person=person,
            veil=blind.veil_of(actor, facts),
            hours=hours_words(person.profile.get("availability", []), translate),
            languages=_languages(person.profile.get("languages", []), locale_of(request).value),
            skills=blind.veil_of(actor, facts).over_own_words(await people.skills_of(session, facts.id)),
            applications=lines, history=history,
            stage_words={stage: translate(words) for stage, words in STAGES.items()},
            skill_labels=_skill_labels(editions, locale_of(request).value),
            twins=[
                (twin.known.id, twin.known.shown_name, [translate(SIGNS[sign.value]) for sign in twin.signs])
                for twin in await candidates.twins_of(session, identity, but=facts.id)
                if not actor.is_blind
            ],
            programmes=[
                choice for choice in await _programme_choices(session, actor, only_open=True)
                if choice[0] not in {str(line.programme_id) for line in lines}
            ],
            candidate_id=facts.id, candidate_email=person.email,
            may_recruit=actor.role is Role.RECRUITER,
            may_read_pool=matrix()["pool.choices.list"].allows(actor),
            **await choice_views(session, facts.id, locale_of(request)),
            may_read_skills=matrix()["web.ledger.show"].allows(actor),
            may_explain=matrix()["web.matches.explain"].allows(actor),
            may_see_outcomes=matrix()["web.outcomes.show"].allows(actor),
            matches=programme_views(
                blind.suited_of(blind.veil_of(actor, facts), matches), editions, translate
            ),
            plan=plan_view(await plans.plan_of(session, facts.id, editions=editions, now=now), translate),
            measurements=await line_view(
                session, actor, facts.id, editions=editions, translate=translate, now=now
            ),
            may_read_results=actor.role in MAY_READ_RESULTS,
            results=score_rows(
                await assessments.newest_results(session, facts.id, editions=editions, now=now), editions,
                locale=locale_of(request), now=now,
            ),
        )  # fmt: skip

    @post("/{candidate_id:str}/applications", operation_id="web.candidates.apply", status_code=200)
    async def apply(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Note an application for one programme."""
        form = await request.form()
        back = f"/candidates/{id_of(candidate_id)}"
        try:
            await applications.create_application(
                session,
                actor,
                candidate_id=candidate_id,
                programme_id=str(form.get("programme", "")),
                now=now,
            )
        except NotFound:
            return redirect(back, flash="Choisissez un programme dans la liste.", tone="warn")
        except (Conflict, RuleBroken):
            return redirect(
                back, flash="Cette candidature existe déjà, ou le programme est fermé.", tone="warn"
            )
        return redirect(back, flash="La candidature est notée.")


def _query(chosen: Chosen, **more: str) -> str:
    kept = {"q": chosen.q, "stage": chosen.stage, "programme": chosen.programme, "skill": chosen.skill}
    return urlencode({name: value for name, value in {**kept, "sort": chosen.sort, **more}.items() if value})


def _columns(chosen: Chosen, translate: Translator) -> list[dict[str, Any]]:
    """The heads of the table; those that sort lead to the same question in that order."""
    heads = (
        (french("Personne"), "name", False), (french("Candidature"), "", False),
        (french("Score"), "-match_score", True),
        (french("Autonomie"), "-autonomy_score", True), (french("Arrivée"), "-created_at", False),
    )  # fmt: skip
    found: list[dict[str, Any]] = []
    for label, sort, is_figure in heads:
        head: dict[str, Any] = {"label": translate(label), "is_figure": is_figure}
        if sort:
            other = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
            turned = other if chosen.sort == sort else sort
            head["href"] = (
                f"?{_query(Chosen(chosen.q, chosen.stage, chosen.programme, chosen.skill, turned))}"
            )
            if chosen.sort.removeprefix("-") == sort.removeprefix("-"):
                head["sorted"] = "descending" if chosen.sort.startswith("-") else "ascending"
        found.append(head)
    return found


def _stage_choices(translate: Translator) -> list[tuple[str, str]]:
    return [(stage.value, translate(words)) for stage, words in STAGES.items()]


async def _programme_choices(
    session: AsyncSession, actor: Actor, *, only_open: bool = False
) -> list[tuple[str, str]]:
    state = ProgrammeState.OPEN if only_open else None
    found = await programmes_store.facts_of_many(session, actor, state=state)
    return [(str(facts.id), facts.title) for facts in found]


def _languages(said: Sequence[Mapping[str, Any]], locale: str) -> list[str]:
    """Each language by its name and level, and the person's own words where there are any."""
    parts = (
        (language_name(one["code"], locale) if one.get("code") else "", one.get("cefr"), one.get("text"))
        for one in said
    )
    return [" ".join(filter(None, part)) for part in parts]


def _skill_labels(editions: Editions, lang: str) -> Mapping[str, str]:
    return {key: getattr(skill.label, lang) for key, skill in editions.resolver.skills.items()}


async def _form_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    form: PersonForm,
    errors: Mapping[str, str],
    status: int = 200,
) -> Template:
    translate = Translator(locale_of(request))
    return render(
        request, "recruiter/candidate_new.html", title="Entrer une personne", status=status, form=form,
        errors={name: translate(words) for name, words in errors.items()},
        programmes=await _programme_choices(session, actor, only_open=True), languages=LANGUAGES,
        levels=[(level, level) for level in LEVELS],
    )  # fmt: skip
