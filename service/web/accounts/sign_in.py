"""Pages to come in and go out by: one-time links, passwords, languages."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.accounts import signing_in
from service.flows.recruiting import invitations
from service.http.authentication import SESSION_COOKIE
from service.runtime.actors import Actor
from service.runtime.errors import Gone, HomeshoreError, NotFound, NotSignedIn, RuleBroken
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose, Locale, Role
from service.web.pages import own_path, redirect, render
from service.web.translations import LANGUAGE_COOKIE, Translator, locale_of

LANDING = {
    Role.TRAINER: "/training",
    Role.ADMINISTRATOR: "/mail",
    Role.CANDIDATE: "/me",
    Role.AGENT: "/me",
    Role.RECRUITER: "/candidates",
}
"""Where each role starts; the others start at the home page."""


class SignInPages(Controller):
    """Come in, go out."""

    include_in_schema = False

    @get("/", operation_id="web.home.show")
    async def home(
        self, request: Request[Any, Any, Any], actor: NamedDependency[Actor]
    ) -> Template | Redirect:
        if actor.is_signed_in and actor.role in LANDING:
            return redirect(LANDING[actor.role])
        return render(request, "sign_in/home.html", title="Le travail à domicile, bien préparé")

    @get("/language/{language:str}", operation_id="web.language.set")
    async def set_language(self, language: FromPath[str], next: FromQuery[str] = "/") -> Redirect:
        if language not in {locale.value for locale in Locale}:
            raise NotFound
        answer = redirect(own_path(next))
        answer.cookies.append(
            Cookie(
                key=LANGUAGE_COOKIE, value=language, max_age=31536000, path="/", samesite="lax", httponly=True
            )
        )
        return answer

    @get("/sign-in", operation_id="web.sign_in.show")
    async def show(self, request: Request[Any, Any, Any]) -> Template:
        return render(request, "sign_in/sign_in.html", title="Se connecter", email="", problem="")

    @post("/sign-in", operation_id="web.sign_in.password", status_code=200)
    async def sign_in(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        email = data.get("email", "")
        try:
            signed_in = await signing_in.sign_in_with_password(
                session, email, data.get("password", ""), settings=settings, now=now
            )
        except NotSignedIn as refusal:
            return render(
                request,
                "sign_in/sign_in.html",
                title="Se connecter",
                status=422,
                email=email,
                problem=refusal.said(Translator(locale_of(request))),
            )
        return _enter(signed_in, "/", settings=settings)

    @get("/links/{token:str}", operation_id="web.links.show")
    async def look(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> Template:
        """Show what the link opens; looking, even by a mail scanner, uses nothing up."""
        try:
            link = await signing_in.look_at_link(session, token, now=now)
        except (Gone, NotFound) as refusal:
            return _dead_link(request, token, refusal)
        name = await signing_in.person_name(session, link)
        return render(
            request,
            "sign_in/link.html",
            title="Bienvenue",
            token=token,
            name=name,
            purpose=link.purpose.value,
        )

    @post("/links/{token:str}", operation_id="web.links.open", status_code=200)
    async def open(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        try:
            signed_in = await signing_in.open_link(session, token, settings=settings, now=now)
        except (Gone, NotFound) as refusal:
            return _dead_link(request, token, refusal)
        return _enter(signed_in, _landing(signed_in), settings=settings)

    @post("/links/{token:str}/renewal", operation_id="web.links.renew", status_code=200)
    async def renew(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """Write a new link to the address on file of whoever this link belongs to; the same words in every case."""
        await invitations.send_new_link_for(session, token, settings=settings, now=now)
        return render(request, "sign_in/letter_sent.html", title="Regardez votre messagerie")

    @post("/sign-in/link", operation_id="web.sign_in.letter", status_code=200)
    async def write_link(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template:
        """Write a link to this address when it is known; the same words in every case."""
        await invitations.send_link_to(session, data.get("email", "")[:320], settings=settings, now=now)
        return render(request, "sign_in/letter_sent.html", title="Regardez votre messagerie")

    @post("/sign-out", operation_id="web.sign_out.do", status_code=200)
    async def sign_out(
        self,
        actor: NamedDependency[Actor],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> Redirect:
        await signing_in.sign_out(session, actor, now=now)
        answer = redirect("/", flash="Vous êtes déconnecté.")
        answer.cookies.append(Cookie(key=SESSION_COOKIE, value="", max_age=0, path="/"))
        return answer

    @get("/password", operation_id="web.password.show")
    async def show_password(self, request: Request[Any, Any, Any]) -> Template:
        return render(request, "sign_in/password.html", title="Choisir un mot de passe", problem="")

    @post("/password", operation_id="web.password.set", status_code=200)
    async def set_password(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        actor: NamedDependency[Actor],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        try:
            await signing_in.set_password(session, actor, data.get("password", ""), now=now)
        except RuleBroken as refusal:
            return render(
                request,
                "sign_in/password.html",
                title="Choisir un mot de passe",
                status=422,
                problem=refusal.said(Translator(locale_of(request))),
            )
        return redirect("/", flash="Votre mot de passe est enregistré.")


def _dead_link(request: Request[Any, Any, Any], token: str, refusal: HomeshoreError) -> Template:
    """The page that says why a link opens nothing more, and offers a new one."""
    return render(
        request, "sign_in/dead_link.html", title="Ce lien n'ouvre plus rien", status=refusal.status,
        code=refusal.code, token=token,
    )  # fmt: skip


def _landing(signed_in: signing_in.SignedIn) -> str:
    if signed_in.purpose is LinkPurpose.OFFER and signed_in.offer_id:
        return f"/me/offers/{signed_in.offer_id}"
    return "/me" if signed_in.candidate_id else "/"


def _enter(signed_in: signing_in.SignedIn, path: str, *, settings: Settings) -> Redirect:
    answer = redirect(path)
    answer.cookies.append(
        Cookie(
            key=SESSION_COOKIE,
            value=signed_in.token,
            httponly=True,
            secure=settings.cookies_are_secure,
            samesite="lax",
            path="/",
            max_age=settings.session_hours * 3600,
        )
    )
    return answer
