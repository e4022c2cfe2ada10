"""Help as a learner asks for it: the form, one's requests, each with its answer and what is next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.help import HelpPolicy, Topic
from service.flows.continuous import help as flow
from service.flows.continuous.help import Place
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.ids import new_id, parse_id
from service.runtime.settings import Settings
from service.store.continuous import help as store
from service.store.continuous.help import HelpFacts
from service.store.reach import id_of
from service.web.continuous.help_views import PAGE, help_view
from service.web.figures import Figures
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.sent import texts_of
from service.web.translations import Translator, french, locale_of

OWN = "/me/help"
ASK_FIELDS = ("topic", "words", "assignment", "module", "page", "key")


class OwnHelpPages(Controller):
    """What one asks help about."""

    path = OWN
    include_in_schema = False

    @get(operation_id="web.own_help.list")
    async def list_own(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        assignment: Annotated[str, QueryParameter(max_length=100)] = "",
        module: Annotated[str, QueryParameter(max_length=100)] = "",
        page: Annotated[str, QueryParameter(max_length=100)] = "",
    ) -> Template:
        """The form, and one's requests with their state."""
        topic = Topic.LESSON.value if assignment else ""
        typed = {"assignment": assignment, "module": module, "page": page, "topic": topic}
        return await _own_page(request, session, actor, library, now, typed=typed)

    @post(operation_id="web.own_help.ask", status_code=200)
    async def ask(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Ask; with an error everything typed is kept."""
        typed = texts_of(await request.form(), ASK_FIELDS)
        errors: dict[str, str] = {}
        if typed["topic"] not in {one.value for one in Topic}:
            errors["topic"] = french("Choisissez de quoi il s'agit.")
        else:
            named = parse_id(typed["assignment"])
            place = Place(named, typed["module"], typed["page"]) if named and typed["module"] else None
            try:
                asked = await flow.ask(
                    session, actor, topic=Topic(typed["topic"]), words=typed["words"],
                    key=typed["key"][:100] or str(new_id()), place=place, settings=settings, editions=library,
                    now=now,
                )  # fmt: skip
            except RuleBroken as refusal:
                errors["words"] = refusal.said(Translator(locale_of(request)))
            except Conflict as refusal:
                return redirect(OWN, flash=refusal.said(Translator(locale_of(request))), tone="info")
            else:
                return redirect(f"{OWN}/{asked.id}", flash=french("Votre demande est partie."))
        return await _own_page(request, session, actor, library, now, typed=typed, errors=errors)

    @get("/{request_id:str}", operation_id="web.own_help.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One request: what was asked, what was answered, and what is next."""
        facts = await store.facts_of(session, actor, request_id)
        return _own_thread(request, facts, library, now)

    @post("/{request_id:str}", operation_id="web.own_help.reply", status_code=200)
    async def reply(
        self,
        request: Request[Any, Any, Any],
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Write once more; with an error everything typed is kept."""
        typed = texts_of(await request.form(), ("words", "key"))
        translate = Translator(locale_of(request))
        try:
            facts = await flow.reply(
                session, actor, request_id, words=typed["words"], key=typed["key"][:100] or str(new_id()),
                settings=settings, editions=library, now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            facts = await store.facts_of(session, actor, request_id)
            return _own_thread(request, facts, library, now, typed=typed, error=refusal.said(translate))
        except Conflict as refusal:
            here = f"{OWN}/{id_of(request_id)}"
            return redirect(here, flash=refusal.said(translate), tone="info")
        return redirect(f"{OWN}/{facts.id}", flash=french("Votre message est parti."))

    @post("/{request_id:str}/settled", operation_id="web.own_help.close", status_code=200)
    async def close(
        self,
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Say that it is settled."""
        await flow.close(session, actor, request_id, now=now)
        return redirect(OWN, flash=french("C'est noté : votre demande est réglée."))


async def _own_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    editions: Editions,
    now: datetime,
    *,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Template:
    say, policy = Reader(locale_of(request)), editions.help_policy_on(civil_date(now))
    found = await flow.queue(session, actor, limit=PAGE, state=None)
    translate = Translator(say.locale)
    return render(
        request, "learner/help/list.html", title=french("Demander de l'aide"), status=422 if errors else 200,
        requests=tuple(help_view(one, editions, say, now) for one in found.lines),
        topics=tuple((one.value, say(policy.topics[one].label), say(policy.topics[one].readers)) for one in Topic),
        due=_promise(policy, say, now), least=policy.least_characters, most=policy.most_characters,
        typed={**dict.fromkeys(ASK_FIELDS, ""), "key": str(new_id()), **typed},
        errors={name: translate(words) for name, words in (errors or {}).items()},
    )  # fmt: skip


def _promise(policy: HelpPolicy, say: Reader, now: datetime) -> str:
    return Figures(say.locale).day(flow.due_on(policy, now))


def _own_thread(
    request: Request[Any, Any, Any],
    facts: HelpFacts,
    editions: Editions,
    now: datetime,
    *,
    typed: Mapping[str, str] | None = None,
    error: str = "",
) -> Template:
    say = Reader(locale_of(request))
    return render(
        request, "learner/help/show.html", title=french("Votre demande d'aide"), status=422 if error else 200,
        help=help_view(facts, editions, say, now), error=error,
        typed={"words": "", "key": str(new_id()), **(typed or {})},
    )  # fmt: skip
