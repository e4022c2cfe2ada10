"""A learner's classes: when, where, a seat asked for or given up, and one's own signature for each half-day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Presence, Seat, signing_window
from onboarding.content import Language
from service.flows.classes import calendars, class_attendance, class_seats, class_sheets
from service.flows.classes.class_sheets import SheetFacts
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale
from service.store import reach
from service.store.classes import classes
from service.web.classes.class_attendance import half_of
from service.web.classes.class_forms import errors_of
from service.web.classes.class_overlaps import WARNINGS, overlap_views, own_overlaps
from service.web.classes.class_views import (
    HALVES,
    SEATS,
    ClassView,
    SignatureView,
    class_view,
    moment_there,
    signature_view,
)
from service.web.figures import Figures
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

BASE = "/me/classes"
REFUSALS = {
    "class-begun": french("Cette séance a commencé : parlez-en à votre formateur."),
    "class-cancelled": french("Cette séance est annulée."),
    "class-signed": french("Vous avez signé pour cette séance : elle reste dans votre dossier."),
    "no-seat": french("Vous n'avez pas de place dans cette séance."),
    "sign-too-early": french("Vous pourrez signer peu avant le début."),
    "sign-too-late": french("Le délai pour signer est passé : dites-le à votre formateur."),
    "noted-absent": french("Votre formateur a noté une absence : parlez-lui d'abord."),
}


@dataclass(frozen=True)
class OwnHalfView:
    """One half-day to sign: `state` is waiting, open, over, absent or signed."""

    half: str
    title: str
    state: str
    opens: str
    closes: str
    signature: SignatureView | None


@dataclass(frozen=True)
class OwnClassView:
    """A class with one's seat and what there is to sign."""

    held: ClassView
    seat: str
    seat_words: str
    halves: tuple[OwnHalfView, ...]

    @property
    def to_sign(self) -> tuple[OwnHalfView, ...]:
        return tuple(one for one in self.halves if one.state == "open")


class OwnClassPages(Controller):
    """One's own classes."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.own_classes.list")
    async def show_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What is next, what is to sign, what one may still join, what was."""
        candidate_id, locale = reach.id_of(str(actor.id)), locale_of(request)
        own = await classes.own_of(session, candidate_id)
        sheets = await class_sheets.sheets_of(session, actor, candidate_id, editions=library)
        by_id = {sheet.held.id: sheet for sheet in sheets}
        views = [
            _own_view(
                class_view(one.held, editions=library, locale=locale, now=now, base=BASE), one.seat,
                by_id.get(one.held.id), editions=library, locale=locale, now=now,
            )
            for one in own
            if one.seat is not Seat.LEFT
        ]  # fmt: skip
        found = await classes.open_to(session, candidate_id, now=now)
        return render(
            request, "learner/classes.html", title="Mes séances",
            to_sign=[one for one in views if one.to_sign and not one.held.is_cancelled],
            coming=[one for one in views if one.held.state in ("to_come", "now")],
            past=[one for one in reversed(views) if one.held.state in ("past", "cancelled")],
            proposed=[class_view(one, editions=library, locale=locale, now=now, base=BASE) for one in found],
            feed=await calendars.own_feed(session, actor),
        )  # fmt: skip

    @get("/{class_id:str}", operation_id="web.own_classes.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One class: when, where, one's seat, one's signatures."""
        return await _page(request, session, actor, library, now, class_id)

    @post("/{class_id:str}/seat", operation_id="web.own_classes.enrol", status_code=200)
    async def enrol(
        self,
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Ask for a seat."""
        try:
            seat = await class_seats.enrol_oneself(
                session, actor, class_id, editions=library, settings=settings, now=now
            )
        except Conflict as refusal:
            return redirect(BASE, flash=REFUSALS.get(refusal.code, REFUSALS["class-begun"]), tone="warn")
        if seat is Seat.WAITING:
            flash = french("Toutes les places sont prises : vous êtes sur la liste d'attente.")
            return redirect(f"{BASE}/{reach.id_of(class_id)}", flash=flash, tone="info")
        held = await classes.facts_of(session, actor, class_id)
        own = await classes.own_of(session, reach.id_of(str(actor.id)), since=now)
        if own_overlaps(held, own):
            return redirect(f"{BASE}/{held.id}", flash=WARNINGS["own"], tone="warn")
        return redirect(f"{BASE}/{held.id}", flash="Votre place est réservée.")

    @post("/{class_id:str}/leave", operation_id="web.own_classes.leave", status_code=200)
    async def leave(
        self,
        class_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Give one's seat up; whoever waits longest gets it."""
        row = await classes.class_row(session, actor, class_id, for_update=True)
        try:
            await class_seats.leave(
                session, actor, row, reach.id_of(str(actor.id)), reason=data.get("reason", ""),
                editions=library, settings=settings, now=now,
            )  # fmt: skip
        except Conflict as refusal:
            flash = REFUSALS.get(refusal.code, REFUSALS["class-begun"])
            return redirect(f"{BASE}/{row.id}", flash=flash, tone="warn")
        return redirect(BASE, flash="C'est noté : vous ne venez pas. Votre formateur le voit.")

    @post("/{class_id:str}/signatures/{half:str}", operation_id="web.own_classes.sign", status_code=200)
    async def sign(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        half: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Sign for one half-day of one's own."""
        try:
            await class_attendance.sign_own(
                session, actor, class_id, half_of(half), name=data.get("name", ""), locale=locale_of(request),
                editions=library, now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            words = errors_of(refusal, locale_of(request)).get("name", "")
            return await _page(
                request, session, actor, library, now, class_id, errors={f"name-{half_of(half).value}": words}
            )
        except Conflict as refusal:
            flash = REFUSALS.get(refusal.code, REFUSALS["sign-too-late"])
            return redirect(f"{BASE}/{reach.id_of(class_id)}", flash=flash, tone="warn")
        return redirect(f"{BASE}/{reach.id_of(class_id)}", flash="Votre signature est enregistrée.")


async def next_class_of(
    session: AsyncSession, actor: Actor, *, editions: Editions, locale: Locale, now: datetime
) -> OwnClassView | None:
    """The class that asks for a signature now, else the next one with a seat: what a first page shows."""
    candidate_id = reach.id_of(str(actor.id))
    policy = editions.class_policy_on(civil_date(now))
    since = now - timedelta(hours=policy.sign_closes_hours_after)
    sheets = await class_sheets.sheets_of(session, actor, candidate_id, editions=editions, since=since)
    views = [
        _own_view(
            class_view(sheet.held, editions=editions, locale=locale, now=now, base=BASE), Seat.TAKEN, sheet,
            editions=editions, locale=locale, now=now,
        )
        for sheet in sheets
        if not sheet.held.is_cancelled
    ]  # fmt: skip
    to_sign = next((one for one in views if one.to_sign), None)
    return to_sign or next((one for one in views if one.held.state in ("to_come", "now")), None)


async def _page(
    request: Request[Any, Any, Any], session: AsyncSession, actor: Actor, editions: Editions, now: datetime,
    class_id: str, *, errors: dict[str, str] | None = None,
) -> Template:  # fmt: skip
    candidate_id, locale = reach.id_of(str(actor.id)), locale_of(request)
    held = await classes.open_class_of(session, candidate_id, class_id)
    own = await classes.own_of(session, candidate_id)
    seat = next((one.seat for one in own if one.held.id == held.id), None)
    sheets = await class_sheets.sheets_of(session, actor, candidate_id, editions=editions)
    sheet = next((one for one in sheets if one.held.id == held.id), None)
    view = class_view(held, editions=editions, locale=locale, now=now, base=BASE)
    policy = editions.class_policy_of(held.policy_edition)
    return render(
        request, "learner/class.html", title=view.title, status=422 if errors else 200,
        own=_own_view(view, seat, sheet, editions=editions, locale=locale, now=now),
        overlaps=overlap_views(own_overlaps(held, own), zone=held.zone, locale=locale, base=BASE),
        statement=policy.statement_of_learner.said_in(Language(locale.value)),
        has_room=held.has_room, errors=errors or {},
    )  # fmt: skip


def _own_view(
    view: ClassView,
    seat: Seat | None,
    sheet: SheetFacts | None,
    *,
    editions: Editions,
    locale: Locale,
    now: datetime,
) -> OwnClassView:
    words = Translator(locale)(SEATS[seat]) if seat is not None else ""
    halves = () if sheet is None or view.is_cancelled else _own_halves(sheet, editions, locale, now)
    return OwnClassView(held=view, seat=seat.value if seat else "", seat_words=words, halves=halves)


def _own_halves(
    sheet: SheetFacts, editions: Editions, locale: Locale, now: datetime
) -> tuple[OwnHalfView, ...]:
    policy, figures, line = (
        editions.class_policy_of(sheet.held.policy_edition),
        Figures(locale),
        sheet.lines[0],
    )
    views, zone = [], sheet.held.zone
    for half_day in sheet.half_days:
        opens, closes = signing_window(half_day, policy=policy)
        signature, noted = line.signature_for(half_day.half), line.noted_for(half_day.half)
        state = "waiting" if now < opens else "open" if now <= closes else "over"
        if noted is not None and noted.presence is Presence.ABSENT:
            state = "absent"
        views.append(
            OwnHalfView(
                half=half_day.half.value, title=Translator(locale)(HALVES[half_day.half]),
                state="signed" if signature else state, opens=moment_there(opens, zone, figures),
                closes=moment_there(closes, zone, figures), signature=signature_view(signature, zone, figures),
            )
        )  # fmt: skip
    return tuple(views)
