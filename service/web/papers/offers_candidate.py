"""The page on which a person reads an offer and answers it, once; and the details that only a contract needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.papers import civil_details, offers
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, RuleBroken, StaleVersion
from service.runtime.settings import Settings
from service.store.papers.civil_details import CivilDetailsFacts
from service.web.pages import redirect, render
from service.web.papers.offers_views import own_offer_view
from service.web.translations import Translator, locale_of


class OwnOfferPages(Controller):
    """Offers as the person reads and answers them."""

    include_in_schema = False

    @get("/me/offers/{offer_id:str}", operation_id="web.own_offers.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        return await _page(request, session, actor, offer_id, editions=editions, now=now)

    @post("/me/offers/{offer_id:str}/acceptance", operation_id="web.own_offers.accept", status_code=200)
    async def accept(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        wants = data.get("wants_to_work_from_home") == "yes"
        try:
            await offers.accept_offer(
                session,
                actor,
                offer_id,
                wants_to_work_from_home=wants,
                details=data,
                settings=settings,
                now=now,
            )
        except RuleBroken as refusal:
            return await _page(
                request, session, actor, offer_id, editions=editions, now=now, typed=data,
                errors=_beside(request, refusal.faults),
            )  # fmt: skip
        except Conflict:
            return _answered(offer_id)
        return redirect(
            f"/me/offers/{offer_id}", flash="Votre réponse est enregistrée. Merci de votre confiance."
        )

    @post("/me/offers/{offer_id:str}/declination", operation_id="web.own_offers.decline", status_code=200)
    async def decline(
        self,
        offer_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        note = data.get("note", "").replace("\x00", "").strip()[:2000]
        try:
            await offers.decline_offer(session, actor, offer_id, note=note, settings=settings, now=now)
        except Conflict:
            return _answered(offer_id)
        return redirect(f"/me/offers/{offer_id}", flash="Votre réponse est enregistrée.")

    @get("/me/civil-details", operation_id="web.civil_details.show", opt={"audited": True})
    async def show_details(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        found = await civil_details.own_details(session, actor, now=now)
        return _details_page(request, _typed(found), version=str(found.version))

    @post("/me/civil-details", operation_id="web.civil_details.replace", status_code=200)
    async def replace_details(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        def check(present: int) -> None:
            if data.get("version") != str(present):
                raise StaleVersion("You changed these details in another window.")

        try:
            await civil_details.correct_own_details(
                session, actor, details=data, check_version=check, now=now
            )
        except RuleBroken as refusal:
            return _details_page(
                request, data, version=data.get("version", ""), errors=_beside(request, refusal.faults)
            )
        return redirect("/me/documents", flash="Vos coordonnées sont enregistrées.")


def _answered(offer_id: str) -> Redirect:
    return redirect(
        f"/me/offers/{offer_id}",
        flash="Vous avez déjà répondu à cette offre. Voici votre réponse.",
        tone="info",
    )


def _beside(request: Request[Any, Any, Any], faults: tuple[Fault, ...]) -> dict[str, str]:
    """Each fault by the name of its field, in the page's language."""
    errors: dict[str, str] = {}
    tongue = Translator(locale_of(request))
    for fault in faults:
        errors.setdefault(fault.pointer.rsplit("/", 1)[-1], fault.said(tongue))
    return errors


def _typed(found: CivilDetailsFacts) -> dict[str, str]:
    return {name: str(value or "") for name, value in found.model_dump().items()}


def _details_page(
    request: Request[Any, Any, Any],
    typed: Mapping[str, str],
    *,
    version: str,
    errors: Mapping[str, str] | None = None,
) -> Template:
    return render(
        request,
        "candidate/offer_details.html",
        title="Vos coordonnées pour le contrat",
        status=422 if errors else 200,
        typed=typed,
        version=version,
        errors=errors or {},
    )


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    offer_id: str,
    *,
    editions: Editions,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Template:
    offer, hiring, checks = await offers.read_offer(session, actor, offer_id, law=editions.law, now=now)
    if typed is None:
        typed = _typed(await civil_details.own_details(session, actor, now=now))
    return render(
        request,
        "candidate/offer.html",
        title="Notre offre",
        status=422 if errors else 200,
        offer=own_offer_view(offer, hiring, checks, locale_of(request)),
        typed=typed,
        errors=errors or {},
    )
