"""Kept searches in pages: kept from the list of people, opened with the new ones first."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import blind
from service.flows.recruiting import saved_searches as flow
from service.runtime.actors import Actor
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.vocabulary import Stage
from service.store.people.candidates import CandidateQuestion
from service.store.reach import id_of
from service.web.matching.matching import STAGES
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of


class SavedSearchPages(Controller):
    """One's own searches."""

    include_in_schema = False
    path = "/pool/searches"

    @post(operation_id="web.searches.keep", status_code=200)
    async def keep(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Keep the filters of the list of people under a name."""
        form = await request.form()
        told = {
            name: str(form.get(name) or "").replace("\x00", "")[:200]
            for name in ("name", "q", "stage", "programme", "skill")
        }
        try:
            kept = await flow.keep(session, actor, name=told["name"], question=_question(told), now=now)
        except RuleBroken:
            return redirect(
                "/candidates",
                flash=french("Filtrez la liste, puis donnez un nom à la recherche."),
                tone="warn",
            )
        except Conflict:
            return redirect("/pool", flash=french("Une de vos recherches a déjà ce nom."), tone="warn")
        return redirect(
            f"/pool/searches/{kept.id}", flash=french("La recherche est gardée. Elle reste vivante.")
        )

    @get("/{search_id:str}", operation_id="web.searches.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        search_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """Whom the search finds now, new people first."""
        found = await flow.look(session, actor, search_id)
        translate = Translator(locale_of(request))
        return render(
            request, "recruiter/pool/search.html", title=french("Une recherche gardée"), standing=found.standing,
            new=tuple(blind.line_of(actor, one) for one in found.new),
            known=tuple(blind.line_of(actor, one) for one in found.known),
            stage_words={stage: translate(words) for stage, words in STAGES.items()},
        )  # fmt: skip

    @post("/{search_id:str}/looks", operation_id="web.searches.look", status_code=200)
    async def note_look(
        self,
        search_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Say that one has looked."""
        await flow.note_look(session, actor, search_id, now=now)
        return redirect(
            f"/pool/searches/{id_of(search_id)}",
            flash=french("Tout est vu. Les prochaines personnes seront marquées."),
        )

    @post("/{search_id:str}/removal", operation_id="web.searches.remove", status_code=200)
    async def remove(
        self,
        search_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Forget a search."""
        await flow.remove(session, actor, search_id, now=now)
        return redirect("/pool", flash=french("La recherche est retirée."))


def _question(told: dict[str, str]) -> CandidateQuestion:
    stage = Stage(told["stage"]) if told["stage"] in {one.value for one in Stage} else None
    return CandidateQuestion(
        stage=stage,
        programme_id=parse_id(told["programme"]),
        skill=told["skill"] or None,
        q=told["q"] or None,
    )
