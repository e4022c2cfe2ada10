"""Offers in the API: make, correct, confirm figures, send, withdraw; and the person's one answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar

from litestar import Controller, Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.papers.offers_models import (
    AcceptanceIn,
    ConfirmationIn,
    DeclinationIn,
    OfferEditIn,
    OfferIn,
    OfferOut,
    OfferPageOut,
    OwnOfferOut,
    WithdrawalIn,
    line_out,
    offer_out,
    own_offer_out,
)
from service.api.responses import problems
from service.flows.papers import offers
from service.http import idempotency
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.runtime.vocabulary import OfferState
from service.store.papers import offers as store
from service.store.reach import id_of

M = TypeVar("M", bound=Out)

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)]


async def _whole(
    session: AsyncSession, actor: Actor, offer_id: Any, *, editions: Editions, now: datetime
) -> OfferOut:
    """The offer with its figures and what stops a contract, after a change."""
    row = await store.offer_row(session, actor, offer_id)
    return offer_out(*await offers.standing_of(session, row, law=editions.law, now=now))


def _tagged(out: OfferOut) -> Response[OfferOut]:
    return Response(out, headers={"ETag": etag_of(out.version)})


class Offers(Controller):
    """Offers as the employer makes them."""

    tags = ["Offers"]

    @post(
        "/applications/{application_id:str}/offers",
        operation_id="offers.create",
        responses=problems(401, 404, 409, 422),
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        data: JSONBody[OfferIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[OfferOut]:
        """Draft an offer for an application; send an Idempotency-Key."""

        async def act() -> OfferOut:
            made = await offers.make_offer(session, actor, application_id, terms=data.members(), now=now)
            return await _whole(session, actor, made.id, editions=editions, now=now)

        return await _once(request, session, actor, now, act, lambda out: f"/api/v1/offers/{out.id}")

    @get("/offers", operation_id="offers.list", responses=problems(401, 404, 422))
    async def list_offers(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        wanted_state: Annotated[OfferState | None, QueryParameter(name="state")] = None,
        application_id: FromQuery[str | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
    ) -> Response[OfferPageOut]:
        """List the offers within your reach, the newest first."""
        secret: bytes = request.app.state.secret
        page = await store.page_of(
            session,
            actor,
            limit=limit,
            after=read_cursor(secret, cursor, of="offers") if cursor else None,
            states=(wanted_state,) if wanted_state else (),
            application_id=id_of(application_id) if application_id else None,
        )
        following = write_cursor(secret, page.after, of="offers") if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        return Response(
            OfferPageOut(items=[line_out(line) for line in page.lines], next=following), headers=headers
        )

    @get(
        "/offers/{offer_id:str}",
        operation_id="offers.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[OfferOut]:
        """Read an offer with the figures of its start date and everything that stops a contract."""
        return _tagged(
            offer_out(*await offers.read_offer(session, actor, offer_id, law=editions.law, now=now))
        )

    @patch(
        "/offers/{offer_id:str}",
        operation_id="offers.edit",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def edit(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        data: JSONBody[OfferEditIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[OfferOut]:
        """Change a draft; send If-Match with the ETag you read."""
        edited = await offers.edit_offer(
            session,
            actor,
            offer_id,
            changes=data.members(),
            check_version=partial(check_version, request),
            now=now,
        )
        return _tagged(await _whole(session, actor, edited.id, editions=editions, now=now))

    @post(
        "/offers/{offer_id:str}/confirmations",
        operation_id="offers.confirm",
        responses=problems(401, 404, 409, 422),
    )
    async def confirm(
        self,
        offer_id: FromPath[str],
        data: JSONBody[ConfirmationIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> OfferOut:
        """Vouch, under your own name, for a figure of law that is not verified; saying it twice changes nothing."""
        kept = await offers.confirm_figure(
            session, actor, offer_id, figure=data.figure, amount_cents=data.amount_cents, text_read=data.text_read,
            law=editions.law, now=now,
        )  # fmt: skip
        return await _whole(session, actor, kept.id, editions=editions, now=now)

    @post(
        "/offers/{offer_id:str}/sending",
        operation_id="offers.send",
        responses=problems(401, 404, 409, 422),
    )
    async def send(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[OfferOut]:
        """Send the offer with a one-time link; on an offer already sent, only a fresh link. Send an Idempotency-Key."""

        async def act() -> OfferOut:
            sent = await offers.send_offer(
                session, actor, offer_id, law=editions.law, settings=settings, now=now
            )
            return await _whole(session, actor, sent.id, editions=editions, now=now)

        return await _once(request, session, actor, now, act)

    @post(
        "/offers/{offer_id:str}/withdrawal",
        operation_id="offers.withdraw",
        responses=problems(401, 404, 409, 422),
    )
    async def withdraw(
        self,
        offer_id: FromPath[str],
        data: JSONBody[WithdrawalIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> OfferOut:
        """Take back a draft or an offer that was not answered; the person reads why."""
        taken = await offers.withdraw_offer(session, actor, offer_id, reason=data.reason, now=now)
        return await _whole(session, actor, taken.id, editions=editions, now=now)


class OwnOffers(Controller):
    """Offers as the person reads and answers them."""

    path = "/me/offers"
    tags = ["Offers"]

    @get(operation_id="own_offers.list", responses=problems(401))
    async def list_own(
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> OfferPageOut:
        """List the offers that were sent to you."""
        page = await store.page_of(session, actor, limit=MAX_LIMIT)
        return OfferPageOut(items=[line_out(line) for line in page.lines], next=None)

    @get(
        "/{offer_id:str}", operation_id="own_offers.read", responses=problems(401, 404), opt={"audited": True}
    )
    async def read_own(
        self,
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> OwnOfferOut:
        """Read an offer that was sent to you."""
        return own_offer_out(*await offers.read_offer(session, actor, offer_id, law=editions.law, now=now))

    @post(
        "/{offer_id:str}/acceptance",
        operation_id="own_offers.accept",
        responses=problems(401, 404, 409, 410, 422),
    )
    async def accept(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        data: JSONBody[AcceptanceIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[OwnOfferOut]:
        """Say yes, once; send an Idempotency-Key."""

        async def act() -> OwnOfferOut:
            await offers.accept_offer(
                session, actor, offer_id, wants_to_work_from_home=data.wants_to_work_from_home,
                details=data.civil_details.model_dump(), settings=settings, now=now,
            )  # fmt: skip
            return await _own(session, actor, offer_id, editions=editions, now=now)

        return await _once(request, session, actor, now, act)

    @post(
        "/{offer_id:str}/declination",
        operation_id="own_offers.decline",
        responses=problems(401, 404, 409, 410, 422),
    )
    async def decline(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        data: JSONBody[DeclinationIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[OwnOfferOut]:
        """Say no, once, with a word when you wish; send an Idempotency-Key."""

        async def act() -> OwnOfferOut:
            await offers.decline_offer(session, actor, offer_id, note=data.note, settings=settings, now=now)
            return await _own(session, actor, offer_id, editions=editions, now=now)

        return await _once(request, session, actor, now, act)


async def _own(
    session: AsyncSession, actor: Actor, offer_id: str, *, editions: Editions, now: datetime
) -> OwnOfferOut:
    row = await store.offer_row(session, actor, offer_id)
    return own_offer_out(*await offers.standing_of(session, row, law=editions.law, now=now))


async def _once(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    now: datetime,
    act: Callable[[], Awaitable[M]],
    location: Callable[[Any], str] | None = None,
) -> Response[M]:
    return await idempotency.once(request, session, actor, now=now, act=act, location=location)  # type: ignore[return-value]
