"""Notes to a team: what changed, who has met it, what the team remembers; written by those who train it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.continuous import notes, team_memory
from service.flows.continuous.notes import MOST_CHOICES, Written, WrittenChoice
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken, StaleVersion
from service.runtime.ids import new_id, parse_id
from service.store.continuous import notes as store
from service.store.continuous.notes import NoteFacts
from service.store.reach import id_of
from service.store.recruiting import programmes
from service.web.continuous.procedure_views import BASE, memory_view, note_view
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.sent import shown_version, texts_of
from service.web.translations import Translator, french, locale_of

PAGE = 25
NAMES_SHOWN = 50
CHOICES = range(1, MOST_CHOICES + 1)
ROWS_AT_FIRST = 3


class ProcedurePages(Controller):
    """Notes to a team and what it remembers."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.procedures.list")
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """What was sent, the newest first; what the team remembers, in sums that name nobody."""
        say, secret = Reader(locale_of(request)), request.app.state.secret
        after = read_cursor(secret, cursor, of=store.LISTING) if cursor else None
        page = await store.page_of(session, actor, limit=PAGE, after=after)
        memory = await team_memory.team_memory(session, actor, editions=library, now=now)
        following = write_cursor(secret, page.after, of=store.LISTING) if page.after else ""
        return render(
            request, "trainer/procedures/list.html", title=french("Révisions"),
            notes=tuple(note_view(one, say) for one in page.lines), memory=memory_view(memory, say),
            first_href=BASE if cursor else "", next_href=f"{BASE}?cursor={following}" if following else "",
        )  # fmt: skip

    @get("/new", operation_id="web.procedures.new")
    async def new(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        replaces: Annotated[str, QueryParameter(max_length=100)] = "",
        programme: Annotated[str, QueryParameter(max_length=100)] = "",
    ) -> Template:
        """The form, empty; or holding the words of a note that is to be put right."""
        typed = {"programme": programme}
        if replaces:
            typed = _typed_of(await store.facts_of(session, actor, replaces))
        return await _form(request, session, actor, typed=typed)

    @post(operation_id="web.procedures.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Send the note; with errors everything typed is kept."""
        form = await request.form()
        typed = {
            name: str(value).replace("\x00", "") for name, value in form.items() if isinstance(value, str)
        }
        programme_id, replaces = parse_id(typed.get("programme", "")), parse_id(typed.get("replaces", ""))
        if programme_id is None:
            errors = {"programme": french("Choisissez le programme.")}
            return await _form(request, session, actor, typed=typed, errors=errors)
        try:
            sent = await notes.send(
                session,
                actor,
                programme_id=programme_id,
                written=_written(typed),
                replaces_id=replaces,
                key=typed.get("key", "")[:100],
                now=now,
            )
        except RuleBroken as refusal:
            translate = Translator(locale_of(request))
            errors = {_field(fault.pointer): fault.said(translate) for fault in refusal.faults}
            return await _form(request, session, actor, typed=typed, errors=errors)
        return redirect(f"{BASE}/{sent.id}", flash=french("C'est parti à toute l'équipe du programme."))

    @get("/{note_id:str}", operation_id="web.procedures.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        note_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """One note as it was sent, and who has not met it yet; nobody's answers."""
        return await _show(request, session, actor, note_id)

    @post("/{note_id:str}/withdrawal", operation_id="web.procedures.withdraw", status_code=200)
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        note_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Ask it no more; with an error the reason is kept."""
        form = await request.form()
        why = texts_of(form, ("why",))["why"]
        try:
            await notes.withdraw(session, actor, note_id, why=why, check_version=shown_version(form), now=now)
        except RuleBroken as refusal:
            said = refusal.said(Translator(locale_of(request)))
            return await _show(request, session, actor, note_id, why=why, error=said)
        except (Conflict, StaleVersion):
            flash = french("Quelqu'un a déjà changé cela. Voici où cela en est.")
            return redirect(f"{BASE}/{id_of(note_id)}", flash=flash, tone="warn")
        return redirect(BASE, flash=french("Cette carte ne sera plus demandée à personne."))


async def _show(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    note_id: str,
    *,
    why: str = "",
    error: str = "",
) -> Template:
    say = Reader(locale_of(request))
    facts = await store.facts_of(session, actor, note_id)
    waiting = await store.not_yet_met(session, facts.id, limit=NAMES_SHOWN)
    return render(
        request, "trainer/procedures/show.html", title=str(say(facts.note.title)),
        status=422 if error else 200, note=note_view(facts, say), waiting=waiting,
        more=max(0, facts.people - facts.met - len(waiting)), why=why, error=error,
    )  # fmt: skip


def _written(typed: Mapping[str, str]) -> Written:
    """What was typed; English counts only while the form asks for it."""
    in_english = bool(typed.get("in_english"))

    def both(name: str, field: str) -> dict[str, str]:
        english = typed.get(f"{name}_en", "") if in_english else ""
        return {field: typed.get(f"{name}_fr", ""), f"{field}_en": english}

    choices = tuple(
        WrittenChoice(
            is_right=bool(typed.get(f"right_{n}")), **both(f"text_{n}", "text"), **both(f"why_{n}", "why")
        )
        for n in CHOICES
    )
    return Written(
        **both("title", "title"), **both("lesson", "lesson"), **both("question", "question"), choices=choices
    )


def _field(pointer: str) -> str:
    """The field of the form that a fault is about: `/choices/1/why_en` is `why_2_en`.

    >>> _field("/choices/1/why_en"), _field("/title"), _field("/choices"), _field("/replaces_id")
    ('why_2_en', 'title_fr', 'choices', 'programme')
    """
    name, *choice = pointer.removeprefix("/").split("/")
    if name in ("programme_id", "replaces_id"):
        return "programme"
    if choice:
        number, name = int(choice[0]) + 1, choice[1]
        name = f"{name.removesuffix('_en')}_{number}" + ("_en" if name.endswith("_en") else "")
    return name if name.endswith("_en") or name == "choices" else f"{name}_fr"


def _typed_of(facts: NoteFacts) -> dict[str, str]:
    """The form as it was filled in for a note that was sent."""
    note = facts.note
    pairs = [("title", note.title), ("lesson", note.lesson), ("question", note.question)]
    typed = {"programme": str(facts.programme_id), "replaces": str(facts.id)}
    for n, one in enumerate(note.choices, start=1):
        pairs += [(f"text_{n}", one.text), (f"why_{n}", one.why)]
        typed |= {f"right_{n}": "yes"} if one.is_right else {}
    for name, words in pairs:
        if words is not None:
            typed |= {f"{name}_fr": words.fr, f"{name}_en": words.en if words.en != words.fr else ""}
    in_english = any(value for name, value in typed.items() if name.endswith("_en"))
    return typed | ({"in_english": "yes"} if in_english else {})


async def _form(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    *,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Template:
    translate = Translator(locale_of(request))
    found = await programmes.facts_of_many(session, actor)
    used = [
        n for n in CHOICES if any(typed.get(name) for name in (f"text_{n}_fr", f"right_{n}", f"why_{n}_fr"))
    ]
    return render(
        request, "trainer/procedures/new.html", title=french("Dire ce qui a changé"),
        status=422 if errors else 200, programmes=tuple((str(one.id), one.title) for one in found),
        rows=CHOICES, rows_at_first=max([ROWS_AT_FIRST, *used]),
        typed={"programme": "", "replaces": "", "in_english": "", "key": str(new_id()), **typed},
        errors={name: translate(words) for name, words in (errors or {}).items()},
    )  # fmt: skip
