"""Help in pages: a learner asks and reads the answer; those who stand near answer, and keep for all what helped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.help import HelpPolicy, Topic
from service.flows import help as flow
from service.flows.help import Place
from service.flows.notes import Written
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken, StaleVersion
from service.runtime.ids import new_id, parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import HelpState, Role
from service.store import help as store
from service.store import notes, programmes
from service.store.help import HelpFacts, MessageFacts
from service.store.reach import id_of
from service.web.figures import Figures
from service.web.pages import redirect, render
from service.web.training_views import Reader
from service.web.translations import Said, Translator, french, locale_of

OWN = "/me/help"
PAGE = 25
STALE = french("Quelqu'un a écrit entre-temps. Voici où en est la demande ; votre texte est gardé.")
ASK_FIELDS = ("topic", "words", "assignment", "module", "page", "key")


@dataclass(frozen=True)
class HelpView:
    """One request in words."""

    id: UUID
    candidate_id: UUID
    person: str
    programme: str
    topic: str
    readers: str
    about: str
    about_href: str
    state: str
    asked_at: datetime
    due: str
    is_late: bool
    first_words: str
    messages: tuple[MessageFacts, ...]
    version: int


def help_view(facts: HelpFacts, editions: Editions, say: Reader, now: datetime) -> HelpView:
    words = editions.help_policy_on(civil_date(facts.asked_at)).topics[facts.topic]
    path = editions.paths.get((facts.path, facts.edition))
    module = path.module(facts.module) if path else None
    page = next((one for one in module.pages if one.slug == facts.page), None) if module else None
    titles = [say(one.title) for one in (path, module, page) if one is not None]
    about = Said(" › ".join(titles), titles[0].lang if titles else "")
    at = f"/modules/{facts.module}" + (f"/pages/{facts.page}" if facts.page else "")
    return HelpView(
        id=facts.id, candidate_id=facts.candidate_id, person=facts.person, programme=facts.programme,
        topic=say(words.label), readers=say(words.readers), about=about,
        about_href=f"/me/training/{facts.assignment_id}{at}" if facts.assignment_id and module else "",
        state=facts.state.value, asked_at=facts.asked_at, due=Figures(say.locale).day(facts.answer_due),
        is_late=facts.state is HelpState.WAITING and civil_date(now) > facts.answer_due,
        first_words=facts.first_words, messages=facts.messages, version=facts.version,
    )  # fmt: skip


def _typed(form: Any, fields: tuple[str, ...]) -> dict[str, str]:
    return {name: str(form.get(name) or "").replace("\x00", "") for name in fields}


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
        typed = _typed(await request.form(), ASK_FIELDS)
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
        typed = _typed(await request.form(), ("words", "key"))
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
        typed = _typed(await request.form(), ("words", "version"))
        errors, notice, status = {}, "", 422
        try:
            facts = await flow.answer(
                session, actor, request_id, words=typed["words"], check_version=_version(typed["version"]),
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
        typed = _typed(await request.form(), ("title", "lesson", "programme"))
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


def _version(shown: str) -> Any:
    """The check that the page was made from the version that is there."""

    def check(version: int) -> None:
        if shown != str(version):
            raise StaleVersion

    return check


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
