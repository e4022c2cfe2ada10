"""Pages on which people of the employer make, check, send and withdraw offers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.papers import offers, packs
from service.flows.papers.offers_checks import OfferChecks
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions, load_law
from service.runtime.errors import Conflict, Fault, RuleBroken, StaleVersion
from service.runtime.settings import Settings
from service.runtime.vocabulary import OfferState
from service.store.papers import offers as store
from service.store.papers import packs as pack_store
from service.store.papers.offers import HiringFacts, RecordedOfferFacts
from service.store.recruiting import applications, programmes
from service.web.pages import redirect, render
from service.web.papers.offers_forms import OfferForm, first_form, form_of, read_form
from service.web.papers.offers_views import FixView, fix_href, line_view, offer_view, pack_view
from service.web.translations import Translator, french, locale_of

PAGE = 50


class OfferPages(Controller):
    """Offers as the employer makes them."""

    include_in_schema = False

    @get("/offers", operation_id="web.offers.list")
    async def list_offers(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        cursor: FromQuery[str | None] = None,
    ) -> Template:
        secret: bytes = request.app.state.secret
        page = await store.page_of(
            session, actor, limit=PAGE, after=read_cursor(secret, cursor, of="offers") if cursor else None
        )
        lines = tuple(line_view(line, locale_of(request)) for line in page.lines)
        following = f"/offers?cursor={write_cursor(secret, page.after, of='offers')}" if page.after else ""
        return render(request, "recruiter/offers/list.html", title="Offres", lines=lines, next_href=following)

    @get(
        "/applications/{application_id:str}/offers/new", operation_id="web.offers.new", opt={"audited": True}
    )
    async def new(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template | Redirect:
        line = await applications.line_of(session, actor, application_id)
        there = await store.open_offer_of(session, line.id)
        if there:
            return redirect(f"/offers/{there}")
        if line.programme_id is None:
            raise Conflict("Choose a programme for this application first.")
        programme = await programmes.facts_of(session, actor, line.programme_id)
        return _form_page(request, first_form(programme.profile), action=f"/applications/{line.id}/offers")

    @post("/applications/{application_id:str}/offers", operation_id="web.offers.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        form, members = read_form(await request.form())
        action = f"/applications/{application_id}/offers"
        if form.errors:
            return _form_page(request, form, action=action)
        try:
            made = await offers.make_offer(session, actor, application_id, terms=members, now=now)
        except RuleBroken as refusal:
            form.refuse(refusal.faults, Translator(locale_of(request)))
            return _form_page(request, form, action=action)
        except Conflict:
            there = await _open_offer(session, actor, application_id)
            if not there:
                raise
            return redirect(f"/offers/{there}", flash="Une offre est déjà ouverte ; la voici.", tone="info")
        return redirect(f"/offers/{made.id}", flash="L'offre est enregistrée. Rien n'est encore envoyé.")

    @get("/offers/{offer_id:str}", operation_id="web.offers.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        found = await offers.read_offer(session, actor, offer_id, law=editions.law, now=now)
        return await _show_page(request, session, actor, *found)

    @get("/offers/{offer_id:str}/edit", operation_id="web.offers.edit_form", opt={"audited": True})
    async def edit_form(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        offer, _, _ = await offers.read_offer(session, actor, offer_id, law=editions.law, now=now)
        if offer.state is not OfferState.DRAFT:
            return redirect(
                f"/offers/{offer.id}",
                flash="Cette offre est envoyée ; elle ne change plus.",
                tone="info",
            )
        return _form_page(
            request, form_of(offer.terms), action=f"/offers/{offer.id}/edit", version=offer.version
        )

    @post("/offers/{offer_id:str}/edit", operation_id="web.offers.edit", status_code=200)
    async def edit(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        posted = await request.form()
        form, members = read_form(posted)
        version = form.value("version")
        action = f"/offers/{offer_id}/edit"
        if form.errors:
            return _form_page(request, form, action=action, version=version)
        try:
            await offers.edit_offer(
                session, actor, offer_id, changes=members, check_version=_typed_version(version), now=now
            )
        except RuleBroken as refusal:
            form.refuse(refusal.faults, Translator(locale_of(request)))
            return _form_page(request, form, action=action, version=version)
        except StaleVersion:
            form.errors["job_title"] = french(
                "Quelqu'un a modifié cette offre entre-temps. Ouvrez-la dans un autre onglet, comparez, "
                "puis recommencez depuis sa page."
            )
            return _form_page(request, form, action=action, version=version)
        return redirect(f"/offers/{offer_id}", flash="L'offre est enregistrée.")

    @post("/offers/{offer_id:str}/sending", operation_id="web.offers.send", status_code=200)
    async def send(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        row = await store.offer_row(session, actor, offer_id)
        wants_again = (await request.form()).get("again") == "yes"
        if row.state is OfferState.SENT and not wants_again:  # a second press of the same button
            return redirect(f"/offers/{offer_id}")
        try:
            await offers.send_offer(session, actor, offer_id, law=editions.law, settings=settings, now=now)
        except RuleBroken as refusal:
            return await _refused(
                request, session, actor, offer_id, refusal.faults, editions=editions, now=now
            )
        return redirect(f"/offers/{offer_id}", flash="L'offre est partie avec un lien à usage unique.")

    @post("/offers/{offer_id:str}/withdrawal", operation_id="web.offers.withdraw", status_code=200)
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        reason = str((await request.form()).get("reason", "")).replace("\x00", "").strip()
        if not 20 <= len(reason) <= 2000:
            return await _again(
                request, session, actor, offer_id, editions=editions, now=now, status=422, reason=reason,
                reason_error=french("Écrivez pourquoi, en 20 caractères au moins : la personne lira cette raison."),
            )  # fmt: skip
        await offers.withdraw_offer(session, actor, offer_id, reason=reason, now=now)
        return redirect(f"/offers/{offer_id}", flash="L'offre est retirée.")

    @post("/offers/{offer_id:str}/confirmations", operation_id="web.offers.confirm", status_code=200)
    async def confirm(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        form = await request.form()
        amount = str(form.get("amount_cents", ""))
        await offers.confirm_figure(
            session, actor, offer_id, figure=str(form.get("figure", "")),
            amount_cents=int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 12 else -1,
            text_read=str(form.get("text_read", "")).strip()[:200], law=editions.law, now=now,
        )  # fmt: skip
        return redirect(
            f"/offers/{offer_id}#confirmations", flash="Votre confirmation est enregistrée à votre nom."
        )

    @post("/offers/{offer_id:str}/packs", operation_id="web.packs.create", status_code=200)
    async def make_pack(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        row = await store.offer_row(session, actor, offer_id)
        under_way = await pack_store.requested_of(session, row.id)
        if under_way:  # a second press of the same button
            return redirect(f"/packs/{under_way}")
        try:
            pack = await packs.request_pack(session, actor, offer_id, law=editions.law, now=now)
        except RuleBroken as refusal:
            return await _refused(
                request, session, actor, offer_id, refusal.faults, editions=editions, now=now
            )
        return redirect(f"/packs/{pack.id}")


def _typed_version(version: str) -> Callable[[int], None]:
    def check(present: int) -> None:
        if version != str(present):
            raise StaleVersion("Somebody changed this offer since you opened the form.")

    return check


def _form_page(
    request: Request[Any, Any, Any], form: OfferForm, *, action: str, version: int | str = ""
) -> Template:
    return render(
        request,
        "recruiter/offers/form.html",
        title="Préparer une offre",
        status=422 if form.errors else 200,
        form=form,
        action=action,
        version=version,
        coefficients=_coefficients(),
    )


def _coefficients() -> tuple[tuple[str, str], ...]:
    """Each coefficient of the branch's grid, once, with its level."""
    known = {row.coefficient: row.level for row in load_law().grid}
    return tuple((str(coefficient), f"{coefficient} · {known[coefficient]}") for coefficient in sorted(known))


async def _open_offer(session: AsyncSession, actor: Actor, application_id: str) -> str:
    line = await applications.line_of(session, actor, application_id)
    found = await store.open_offer_of(session, line.id)
    return str(found) if found else ""


async def _refused(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    offer_id: str,
    faults: tuple[Fault, ...],
    *,
    editions: Editions,
    now: datetime,
) -> Template:
    return await _again(
        request, session, actor, offer_id, editions=editions, now=now, status=422, refused=faults
    )


async def _again(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    offer_id: str,
    *,
    editions: Editions,
    now: datetime,
    status: int,
    refused: tuple[Fault, ...] = (),
    reason: str = "",
    reason_error: str = "",
) -> Template:
    found = await offers.read_offer(session, actor, offer_id, law=editions.law, now=now)
    tongue = Translator(locale_of(request))
    fixes = tuple(FixView(fault.said(tongue), "", "", fix_href(fault.pointer, found[0])) for fault in refused)
    return await _show_page(
        request,
        session,
        actor,
        *found,
        status=status,
        refused=fixes,
        reason=reason,
        reason_error=reason_error,
    )


async def _show_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    offer: RecordedOfferFacts,
    hiring: HiringFacts,
    checks: OfferChecks,
    *,
    status: int = 200,
    refused: tuple[FixView, ...] = (),
    reason: str = "",
    reason_error: str = "",
) -> Template:
    locale = locale_of(request)
    made = await pack_store.of_offer(session, actor, offer.id)
    return render(
        request,
        "recruiter/offers/show.html",
        title="Offre de contrat",
        status=status,
        offer=offer_view(offer, hiring, checks, locale),
        packs=tuple(pack_view(pack, locale) for pack in made),
        refused=refused,
        reason=reason,
        reason_error=reason_error,
    )
