"""The talent pool in pages: kept searches, who fits a programme today, letters, and the person's own word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.assessing import ageing
from service.flows.recruiting import blind, pool, saved_searches
from service.flows.recruiting.pool import Fitting, PoolPage
from service.flows.recruiting.pool_rules import rule_on
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, PoolAnswer, PoolChannel, ProgrammeState
from service.store.assessing.assessments import own_id
from service.store.reach import id_of
from service.store.recruiting import pool as store
from service.store.recruiting import programmes
from service.web.matching.matching import RankedPersonView, person_view
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

CHANNELS = {
    PoolChannel.OWN_SPACE: french("dans l'espace personnel"),
    PoolChannel.LETTER: french("en répondant à une lettre"),
    PoolChannel.TOLD: french("de vive voix"),
}
ANSWERS = {
    PoolAnswer.INTERESTED: french("intéressé, intéressée"),
    PoolAnswer.NOT_THIS_ONE: french("pas ce poste"),
    PoolAnswer.NO_MORE: french("plus de lettres"),
}


@dataclass(frozen=True)
class FittingView:
    """One person of the pool for a page: the weighing, what stands against a letter, what has aged."""

    person: RankedPersonView
    may_be_written_to: bool
    barrier: str
    answer: str
    written_at: datetime | None
    aged: tuple[str, ...]
    minutes: int


class PoolPages(Controller):
    """The pool for who recruits."""

    include_in_schema = False

    @get("/pool", operation_id="web.pool.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """One's own searches with what is new, and the open programmes, the newest first."""
        opened = await programmes.facts_of_many(session, actor, state=ProgrammeState.OPEN)
        return render(
            request, "recruiter/pool/list.html", title="Vivier",
            searches=await saved_searches.standings(session, actor),
            programmes=sorted(opened, key=lambda one: one.created_at, reverse=True),
        )  # fmt: skip

    @get("/programmes/{programme_id:str}/pool", operation_id="web.pool.programme", opt={"audited": True})
    async def programme(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Who of the pool fits this programme today, with why."""
        found = await pool.read_pool(
            request.app.state.database, actor, id_of(programme_id), editions=editions, now=now
        )
        return _programme_page(request, found, actor, editions)

    @post("/programmes/{programme_id:str}/pool", operation_id="web.pool.write", status_code=200)
    async def write(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Write to the people who were ticked; each is checked by themselves."""
        form = await request.form()
        here = f"/programmes/{id_of(programme_id)}/pool"
        chosen = [found for one in form.getall("person", []) if (found := parse_id(str(one)))]
        try:
            written = await pool.write_to(
                session, actor, programme_id, chosen, editions=editions, settings=settings, now=now
            )
        except RuleBroken:
            return redirect(
                here, flash=french("Cochez une personne au moins, cinquante au plus."), tone="warn"
            )
        except Conflict:
            return redirect(
                here, flash=french("Ce programme est fermé : personne n'a reçu de lettre."), tone="warn"
            )
        if all(one.barrier is None for one in written):
            return redirect(here, flash=french("Les lettres partent."))
        return redirect(
            here, tone="info",
            flash=french("Les lettres possibles partent. La page dit pour qui ce n'était pas possible."),
        )  # fmt: skip

    @post("/candidates/{candidate_id:str}/pool", operation_id="web.pool.take_down", status_code=200)
    async def take_down(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take down what a person said aloud."""
        form = await request.form()
        here = f"/candidates/{id_of(candidate_id)}"
        note = str(form.get("note") or "").replace("\x00", "")
        is_yes = form.get("is_yes") == "yes"
        try:
            await pool.take_down(session, actor, candidate_id, is_yes=is_yes, note=note, now=now)
        except RuleBroken:
            return redirect(
                here,
                flash=french("Pour un oui, écrivez où et quand il a été dit, en 500 caractères au plus."),
                tone="warn",
            )
        return redirect(here, flash=french("C'est noté. La personne le lit dans son espace."))


class OwnPoolPages(Controller):
    """One's own word, and what of one's answers has aged."""

    include_in_schema = False
    path = "/me"

    @get("/pool", operation_id="web.own_pool.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Say yes or no, see what was said before, and look again at what has aged."""
        locale = locale_of(request)
        aged = await ageing.ageing_of_person(session, own_id(actor), editions=editions, now=now)
        return render(
            request, "candidate/pool.html", title="D'autres postes",
            wording=rule_on(now).wording.in_(locale.value),
            **await choice_views(session, own_id(actor), locale),
            aged=tuple(
                (one.instrument, one.title.in_(locale.value), one.minutes,
                 tuple(item.prompt.in_(locale.value) for item in one.items))
                for one in aged
            ),
        )  # fmt: skip

    @post("/pool", operation_id="web.own_pool.choose", status_code=200)
    async def choose(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Keep the word; no is as easy as yes."""
        form = await request.form()
        is_yes = form.get("is_yes") == "yes"
        await pool.choose(session, actor, is_yes=is_yes, now=now)
        told = (
            french("C'est oui. Vous pouvez changer d'avis ici.")
            if is_yes
            else french("C'est non. Nous ne vous écrirons pas.")
        )
        return redirect("/me/pool", flash=told)

    @post("/ageing/{slug:str}", operation_id="web.own_pool.begin_again", status_code=200)
    async def begin_again(
        self,
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Open a questionnaire again with only what has aged left empty."""
        try:
            row = await ageing.begin_again(session, actor, slug, editions=editions, now=now)
        except Conflict:
            return redirect(
                "/me/pool", flash=french("Toutes vos réponses sont encore valables."), tone="info"
            )
        return redirect(f"/me/questionnaires/{row.instrument}")


class InterestPages(Controller):
    """What a letter about a post leads to, without signing in."""

    include_in_schema = False
    path = "/interest/{token:str}"

    @get(operation_id="web.interest.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """The post, why, and three answers; opening the page answers nothing."""
        asked = await pool.look_at(session, token)
        lang = locale_of(request).value
        return render(
            request, "public/interest.html", title="Un poste pour vous", asked=asked, token=token,
            reasons=tuple(one[lang] for one in asked.reasons),
            answer=asked.answer.value if asked.answer else "",
        )  # fmt: skip

    @post(operation_id="web.interest.answer", status_code=200)
    async def answer(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Keep the answer; it can be changed on the same page."""
        form = await request.form()
        here = f"/interest/{token}"
        said = str(form.get("answer") or "")
        if said not in {one.value for one in PoolAnswer}:
            raise NotFound
        try:
            await pool.answer(session, token, PoolAnswer(said), now=now)
        except Conflict:
            return redirect(here, flash=french("Ce poste n'est plus ouvert."), tone="info")
        return redirect(here, flash=french("Votre réponse est enregistrée."))


async def choice_views(session: AsyncSession, candidate_id: UUID, locale: Locale) -> dict[str, Any]:
    """What one person said, for a page: the newest word and where it was said."""
    found = await store.choices_of(session, candidate_id)
    translate = Translator(locale)
    newest = found[0] if found else None
    return {
        "choice": newest,
        "choice_channel": translate(CHANNELS[newest.channel]) if newest else "",
    }


def _programme_page(
    request: Request[Any, Any, Any], found: PoolPage, actor: Actor, editions: Editions
) -> Template:
    locale = locale_of(request)
    programme = found.page.shortlist.programme
    views = tuple(_fitting_view(one, found, actor, editions, locale) for one in found.fitting)
    translate = Translator(locale)
    is_open = programme.state is ProgrammeState.OPEN
    return render(
        request, "recruiter/pool/programme.html", title="Qui convient aujourd'hui", programme=programme,
        people=views, found=found.found, may_write=matrix()["web.pool.write"].allows(actor) and is_open,
        can_write=any(one.may_be_written_to for one in views),
        letters=sum(found.answers.values()),
        answers=tuple(
            (translate(words), found.answers[said.value])
            for said, words in ANSWERS.items()
            if found.answers.get(said.value)
        ),
    )  # fmt: skip


def _fitting_view(
    one: Fitting, found: PoolPage, actor: Actor, editions: Editions, locale: Locale
) -> FittingView:
    translate = Translator(locale)
    return FittingView(
        person=person_view(blind.listed_of(actor, one.listed), editions, translate),
        may_be_written_to=one.barrier is None,
        barrier=found.rule.barriers[one.barrier].in_(locale.value) if one.barrier else "",
        answer=translate(ANSWERS[one.standing.answer]) if one.standing.answer else "",
        written_at=one.standing.written_at,
        aged=tuple(each.title.in_(locale.value) for each in one.ageing),
        minutes=sum(each.minutes for each in one.ageing),
    )
