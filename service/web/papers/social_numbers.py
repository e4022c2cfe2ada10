"""The page on which a person gives their social-security number, after an offer was accepted."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.papers import social_numbers
from service.runtime.actors import Actor
from service.runtime.errors import RuleBroken
from service.runtime.vault import Vault
from service.store.papers.offers import has_accepted_offer
from service.web.pages import redirect, render
from service.web.translations import Translator, locale_of

LONGEST = 40


class SocialNumberPages(Controller):
    """One number, for the declaration before hiring alone."""

    include_in_schema = False
    path = "/me/social-number"

    @get(operation_id="web.social_number.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        return await _page(request, session, actor, now=now)

    @post(operation_id="web.social_number.give", status_code=200)
    async def give(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        typed = data.get("number", "").strip()[:LONGEST]
        try:
            await social_numbers.give_number(session, actor, typed, vault=vault, now=now)
        except RuleBroken as refusal:
            error = refusal.said(Translator(locale_of(request)))
            return await _page(request, session, actor, now=now, typed=typed, error=error)
        return redirect("/me/documents", flash="Votre numéro est enregistré, chiffré.")


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    *,
    now: datetime,
    typed: str = "",
    error: str = "",
) -> Template:
    shown = await social_numbers.own_number(session, actor, now=now)
    may_give = actor.id is not None and await has_accepted_offer(session, actor.id)
    return render(
        request,
        "candidate/social_number.html",
        title="Votre numéro de sécurité sociale",
        status=422 if error else 200,
        shown=shown,
        may_give=may_give,
        typed=typed,
        errors={"number": error} if error else {},
    )
