"""Phrases that no list understood, in pages: the queue, and one answer at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import skill_phrases
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken, StaleVersion
from service.runtime.vocabulary import PhraseState
from service.store.reach import id_of
from service.store.recruiting import skill_phrases as store
from service.store.recruiting.skill_phrases import PhraseFacts
from service.web.pages import redirect, render
from service.web.recruiting.skills import find, meanings, own_choices
from service.web.sent import shown_version
from service.web.translations import Translator, french, locale_of

PAGE = 40
QUEUE = "/skill-phrases"
NO_SKILL = "none"


class SkillPhrasePages(Controller):
    """What people and programmes wrote that no list understood."""

    path = QUEUE
    include_in_schema = False

    @get(operation_id="web.skill_phrases.list")
    async def queue(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        show: Annotated[str, QueryParameter(max_length=20)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """Phrases that wait, those of the most files first; or those that were answered."""
        state = next((one for one in PhraseState if one.value == show), PhraseState.OPEN)
        secret, listing = request.app.state.secret, f"{state.value} skill phrases"
        after = read_cursor(secret, cursor, of=listing) if cursor else None
        page = await store.page_of(session, actor, state=state, limit=PAGE, after=after)
        following = write_cursor(secret, page.after, of=listing) if page.after else ""
        labels = dict(own_choices(editions, locale_of(request)))
        return render(
            request, "recruiter/skills/phrases.html", title=french("Mots à comprendre"), phrases=page.lines,
            state=state.value, labels=labels, first_href=f"?show={state.value}" if cursor else "",
            next_href=f"?show={state.value}&cursor={following}" if following else "",
        )  # fmt: skip

    @get("/{phrase_id:str}", operation_id="web.skill_phrases.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        phrase_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
    ) -> Template:
        """One phrase, and what it may mean."""
        return await _page(request, await store.facts_of(session, actor, phrase_id), editions)

    @post("/{phrase_id:str}", operation_id="web.skill_phrases.answer", status_code=200)
    async def answer(
        self,
        request: Request[Any, Any, Any],
        phrase_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Say which skill it means; refused with the reason, everything typed kept."""
        form = await request.form()
        typed = {name: str(form.get(name) or "").replace("\x00", "") for name in ("near", "skill", "alias")}
        chosen = typed["skill"] or typed["near"]
        facts = await store.facts_of(session, actor, id_of(phrase_id))
        if not chosen:
            errors = {"near": french("Choisissez une compétence, ou aucune.")}
            return await _page(request, facts, editions, typed=typed, errors=errors, status=422)
        try:
            await skill_phrases.answer(
                session, actor, facts.id, uri="" if chosen == NO_SKILL else chosen[:300],
                alias=typed["alias"][:300], check_version=shown_version(form), now=now,
            )  # fmt: skip
        except (StaleVersion, Conflict):
            told = french("Quelqu'un a déjà répondu pour ces mots.")
            return redirect(QUEUE, flash=told, tone="info")
        except RuleBroken as refusal:
            errors = {"alias": refusal.said(Translator(locale_of(request)))}
            return await _page(request, facts, editions, typed=typed, errors=errors, status=422)
        return redirect(QUEUE, flash=french("C'est noté. Ces mots sont compris dès maintenant."))


async def _page(
    request: Request[Any, Any, Any],
    facts: PhraseFacts,
    editions: Editions,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Template:
    locale = locale_of(request)
    translate = Translator(locale)
    near = meanings(await find(request, facts.phrase), locale)[:5]
    choices = own_choices(editions, locale)
    return render(
        request, "recruiter/skills/phrase.html", title=french("Que veulent dire ces mots ?"), status=status,
        phrase=facts, answer=dict(choices).get(facts.uri, facts.uri),
        near=[*near, (NO_SKILL, translate(french("Aucune compétence à retenir")), "")], choices=choices,
        typed={"near": "", "skill": "", "alias": facts.phrase, **(typed or {})}, errors=errors or {},
    )  # fmt: skip
