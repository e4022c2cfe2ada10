"""Help for those who stand near: they read what is asked, answer it, and keep for all what helped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.help import Topic
from service.flows.continuous import help as flow
from service.flows.continuous.notes import Written
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken, StaleVersion
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import HelpState, Role
from service.store.continuous import help as store
from service.store.continuous import notes
from service.store.reach import id_of
from service.store.recruiting import programmes
from service.web.continuous.help_views import PAGE, help_view
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.sent import shown_version, texts_of
from service.web.translations import Translator, french, locale_of

STALE = french("Quelqu'un a écrit entre-temps. Voici où en est la demande ; votre texte est gardé.")


class HelpPages(Controller):
    """What learners ask help about, for those who answer."""

    path = "/help"
    include_in_schema = False

    @get(operation_id="web.help.list")
    async def queue(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        show: Annotated[str, QueryParameter(max_length=20)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """What waits, the soonest due first; or what was answered; and how long answers took lately."""
        states = {one.value: one for one in HelpState}
        state = states.get(show, HelpState.WAITING)
        secret, listing = request.app.state.secret, f"{store.LISTING} {state}"
        page = await flow.queue(
            session, actor, limit=PAGE, state=state,
            after=read_cursor(secret, cursor, of=listing) if cursor else None,
        )  # fmt: skip
        after = write_cursor(secret, page.after, of=listing) if page.after else ""
        say, policy = Reader(locale_of(request)), library.help_policy_on(civil_date(now))
        return render(
            request, "trainer/help/list.html", title=french("Demandes d'aide"),
            requests=tuple(help_view(one, library, say, now) for one in page.lines), state=state.value,
            sums=await flow.figures_of(session, actor, editions=library, now=now), policy=policy,
            first_href=f"/help?show={state}" if cursor else "",
            next_href=f"/help?show={state}&cursor={after}" if after else "",
        )  # fmt: skip

    @get("/{request_id:str}", operation_id="web.help.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One request, the answer to write, and the card it can become."""
        return await _thread(request, session, actor, request_id, library, now)

    @post("/{request_id:str}", operation_id="web.help.answer", status_code=200)
    async def answer(
        self,
        request: Request[Any, Any, Any],
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Answer; with an error, or when somebody wrote meanwhile, everything typed is kept."""
        typed = texts_of(await request.form(), ("words", "version"))
        errors, notice, status = {}, "", 422
        try:
            facts = await flow.answer(
                session, actor, request_id, words=typed["words"], check_version=shown_version(typed),
                settings=settings, editions=library, now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            errors["words"] = refusal.said(Translator(locale_of(request)))
        except (StaleVersion, Conflict):
            notice, status = STALE, 409
        else:
            return redirect(f"/help/{facts.id}", flash=french("Votre réponse est partie."))
        return await _thread(
            request, session, actor, request_id, library, now, typed=typed, errors=errors, notice=notice,
            status=status,
        )  # fmt: skip

    @post("/{request_id:str}/card", operation_id="web.help.keep", status_code=200)
    async def keep(
        self,
        request: Request[Any, Any, Any],
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Make the answer a card of the whole programme; with an error everything typed is kept."""
        typed = texts_of(await request.form(), ("title", "lesson", "programme"))
        translate = Translator(locale_of(request))
        try:
            note = await flow.keep_for_all(
                session, actor, request_id, written=Written(title=typed["title"], lesson=typed["lesson"]),
                programme_id=parse_id(typed["programme"]), now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            named = {"programme_id": "programme"}
            errors = {
                named.get(field := fault.pointer.removeprefix("/"), field): fault.said(translate)
                for fault in refusal.faults
            }
        except Conflict as refusal:
            here = f"/help/{id_of(request_id)}"
            return redirect(here, flash=refusal.said(translate), tone="info")
        else:
            return redirect(f"/procedures/{note.id}", flash=french("La carte est partie à toute l'équipe."))
        return await _thread(
            request, session, actor, request_id, library, now, typed=typed, errors=errors, status=422
        )


async def _thread(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    request_id: str,
    editions: Editions,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    notice: str = "",
    status: int = 200,
) -> Template:
    say = Reader(locale_of(request))
    facts = await flow.read(session, actor, request_id, now=now)
    suggested, policy = flow.suggested(facts), editions.help_policy_on(civil_date(facts.asked_at))
    note_id = await notes.of_request(session, facts.id)
    may_keep = (
        actor.role in (Role.TRAINER, Role.SUPERVISOR)
        and facts.topic is not Topic.PRIVATE
        and facts.answered_at is not None
        and note_id is None
    )
    choices = await programmes.facts_of_many(session, actor) if may_keep else ()
    translate = Translator(say.locale)
    return render(
        request, "trainer/help/show.html", title=french("Une demande d'aide"), status=status,
        help=help_view(facts, editions, say, now), may_keep=may_keep,
        note_href=f"/procedures/{note_id}" if note_id and actor.role is not Role.SUPPORT else "",
        programmes=tuple((str(one.id), one.title) for one in choices), least=policy.least_characters,
        most=policy.most_characters, notice=translate(notice) if notice else "",
        typed={
            "words": "", "title": suggested.title, "lesson": suggested.lesson,
            "programme": str(facts.programme_id or ""), **(typed or {}),
        },
        errors={name: translate(words) for name, words in (errors or {}).items()},
    )  # fmt: skip
