"""One's own account: the language of messages and, for staff, the way to a password."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.accounts import accounts
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Locale
from service.store.accounts.accounts import language_of
from service.web.pages import redirect, render
from service.web.translations import french


class AccountPages(Controller):
    """My account."""

    include_in_schema = False

    @get("/account", operation_id="web.account.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        return render(
            request, "sign_in/account.html", title="Mon compte",
            chosen=(await language_of(session, actor)).value, is_staff=actor.kind is ActorKind.STAFF,
        )  # fmt: skip

    @post("/account/language", operation_id="web.account.choose_language", status_code=200)
    async def choose_language(
        self,
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        if data.get("language") not in set(Locale):
            raise NotFound
        await accounts.choose_language(session, actor, Locale(data["language"]), now=now)
        return redirect("/account", flash=french("Votre choix est enregistré."))
