"""Pages of live classes for the staff: planned, changed, led by somebody else, cancelled, and their lists."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Seat
from service.flows.classes import calendars
from service.flows.classes import classes as flow
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import Role
from service.store.classes import class_attendance
from service.store.classes import class_seats as seats
from service.store.classes import classes as store
from service.store.classes.class_overlaps import overlaps_of
from service.store.classes.classes import Wanted
from service.store.learning import cohorts
from service.web.classes.class_forms import (
    blank,
    errors_of,
    module_choices,
    read_plan,
    typed_of,
    zone_choices,
)
from service.web.classes.class_overlaps import WARNINGS, overlap_views
from service.web.classes.class_views import class_view, day_off_words
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french, locale_of

BASE = "/classes"
ROWS = 25
MANY = 100
REFUSALS = {
    "class-cancelled": french("Cette séance est annulée."),
    "class-signed": french(
        "Quelqu'un a déjà signé pour cette séance : elle reste telle qu'elle s'est tenue."
    ),
    "class-begun": french("Cette séance a commencé."),
}
PLANNED = {
    "invited": french("La séance est prévue. Les invitations partent."),
    "empty": french(
        "La séance est prévue. Inscrivez maintenant des personnes : chacune reçoit l'invitation."
    ),
    "past": french("La séance est enregistrée. Elle est passée : aucune invitation ne part."),
}
CHANGED = french("La séance est à jour. Les personnes inscrites sont prévenues.")
STALE = french("Quelqu'un a modifié cette séance entre-temps. Vérifiez, puis enregistrez de nouveau.")


class ClassPages(Controller):
    """Live classes."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.classes.list")
    async def show_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        cohort: FromQuery[str] = "",
        trainer: FromQuery[str] = "",
        past: FromQuery[str] = "",
        cursor: FromQuery[str] = "",
    ) -> Template:
        """Classes to come, the next one first, or those that were; and one's own calendar."""
        locale, secret = locale_of(request), request.app.state.secret
        of = "classes-past" if past else "classes"
        at = read_cursor(secret, cursor, of=of) if cursor else None
        wanted = Wanted(
            cohort_id=parse_id(cohort),
            trainer_id=actor.staff_id if trainer == "me" else parse_id(trainer),
            ends_before=now if past else None,
            ends_after=None if past else now,
        )
        after = (datetime.fromisoformat(at[0]), UUID(at[1])) if at else None
        rows = await store.page_of(session, actor, wanted, limit=ROWS + 1, after=after)
        shown, chosen = rows[:ROWS], {"cohort": cohort, "trainer": trainer, "past": past}
        href = f"{BASE}?{urlencode({name: value for name, value in chosen.items() if value})}"
        following = ""
        if len(rows) > ROWS:
            position = [shown[-1].starts_at.isoformat(), str(shown[-1].id)]
            following = f"{href}&{urlencode({'cursor': write_cursor(secret, position, of=of)})}"
        has_feed = actor.role in (Role.TRAINER, Role.SUPERVISOR)
        return render(
            request, "trainer/classes/list.html", title="Séances",
            classes=tuple(class_view(one, editions=library, locale=locale, now=now) for one in shown),
            chosen=chosen, first_href=href if cursor else "", next_href=following,
            cohorts=[(str(one.id), one.name) for one in await cohorts.page_of(session, actor, limit=MANY)],
            trainers=[(str(one.id), one.name) for one in await store.leaders(session)],
            has_feed=has_feed, feed=await calendars.own_feed(session, actor) if has_feed else None,
            may_plan=actor.role is Role.TRAINER,
        )  # fmt: skip

    @get("/new", operation_id="web.classes.plan_form")
    async def plan_form(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        cohort: FromQuery[str] = "",
        module: FromQuery[str] = "",
    ) -> Template:
        """What a class needs, one form."""
        typed = blank(now=now, cohort=cohort, trainer=str(actor.staff_id or ""), module=module)
        return await _form_page(request, session, actor, library, now, typed=typed)

    @post("/new", operation_id="web.classes.plan", status_code=200)
    async def plan(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Plan the class; on a slip the form comes back whole."""
        plan, errors = read_plan(data, now=now)
        if plan is not None:
            try:
                class_id = await flow.plan_class(
                    session, actor, plan, editions=library, settings=settings, now=now
                )
            except RuleBroken as refusal:
                errors = errors_of(refusal, locale_of(request))
            else:
                held = await store.facts_of(session, actor, class_id)
                done = PLANNED["past" if held.ends_at <= now else "invited" if held.taken else "empty"]
                return await back_to(session, actor, class_id, done=done, overlap="planned")
        return await _form_page(request, session, actor, library, now, typed=data, errors=errors)

    @get("/{class_id:str}", operation_id="web.classes.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        q: FromQuery[str] = "",
    ) -> Template:
        """One class: when, where, who leads it, who comes, who waits."""
        return await class_page(request, session, actor, library, now, class_id, q=q)

    @get("/{class_id:str}/change", operation_id="web.classes.change_form")
    async def change_form(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The form with what holds now."""
        held = await store.facts_of(session, actor, class_id)
        typed = {**typed_of(flow.plan_of(held)), "version": str(held.version)}
        return await _form_page(request, session, actor, library, now, typed=typed, of=str(held.id))

    @post("/{class_id:str}/change", operation_id="web.classes.change", status_code=200)
    async def change(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Change the class, unless somebody did since the form was read; everybody with a seat is told."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        plan, errors = read_plan({**data, "cohort": str(row.cohort_id or "")}, now=now)
        if data.get("version") != str(row.version):
            plan, errors = None, {"title": STALE}
            data = {**data, "version": str(row.version)}
        if plan is not None:
            try:
                is_told = await flow.change_class(
                    session, actor, row, plan, editions=library, settings=settings, now=now
                )
            except RuleBroken as refusal:
                errors = errors_of(refusal, locale_of(request))
            except Conflict as refusal:
                return redirect(f"{BASE}/{row.id}", flash=REFUSALS.get(refusal.code, STALE), tone="warn")
            else:
                done = CHANGED if is_told else french("La séance est à jour.")
                return await back_to(session, actor, row.id, done=done, overlap="changed")
        return await _form_page(
            request, session, actor, library, now, typed=data, errors=errors, of=str(row.id)
        )


async def _form_page(
    request: Request[Any, Any, Any], session: AsyncSession, actor: Actor, editions: Editions, now: datetime,
    *, typed: Mapping[str, str], errors: Mapping[str, str] | None = None, of: str = "",
) -> Template:  # fmt: skip
    locale, today = locale_of(request), civil_date(now)
    said = Translator(locale)
    policy = editions.class_policy_on(today)
    return render(
        request, "trainer/classes/form.html", title="Modifier la séance" if of else "Nouvelle séance",
        status=422 if errors else 200, of=of, typed={**blank(now=now), "version": "", **typed},
        errors={name: said(words) for name, words in (errors or {}).items()},
        zones=zone_choices(policy, locale), modules=module_choices(editions, locale, today=today),
        cohorts=[(str(one.id), one.name) for one in await cohorts.page_of(session, actor, limit=MANY)],
        trainers=[(str(one.id), one.name) for one in await store.leaders(session)],
    )  # fmt: skip


async def back_to(
    session: AsyncSession, actor: Actor, class_id: UUID, *, done: str, overlap: str
) -> Redirect:
    """On to the page of a class, saying what was done, or that it now overlaps with another."""
    held = await store.facts_of(session, actor, class_id)
    if await overlaps_of(session, actor, held):
        return redirect(f"{BASE}/{class_id}", flash=WARNINGS[overlap], tone="warn")
    return redirect(f"{BASE}/{class_id}", flash=done)


async def class_page(
    request: Request[Any, Any, Any], session: AsyncSession, actor: Actor, editions: Editions, now: datetime,
    class_id: str, *, q: str = "", errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Template:  # fmt: skip
    locale = locale_of(request)
    held = await store.facts_of(session, actor, class_id)
    listed = await seats.seats_of(session, actor, held.id)
    on_it = {one.candidate_id for one in listed if one.seat is not Seat.LEFT}
    signed = await class_attendance.signatures_of(session, [held.id])
    is_held = any(one.candidate_id is None for one in signed)
    may_change = actor.role is Role.TRAINER and not held.is_cancelled and not is_held
    found = await cohorts.people_found(session, actor, words=q) if may_change else ()
    waiting = sorted((one for one in listed if one.seat is Seat.WAITING), key=lambda one: one.asked_at)
    return render(
        request, "trainer/classes/show.html", title=Reader(locale).house(held.title), status=422 if errors else 200,
        held=class_view(held, editions=editions, locale=locale, now=now),
        overlaps=overlap_views(
            await overlaps_of(session, actor, held), zone=held.zone, locale=locale
        ),
        seated=[(str(one.candidate_id), one.person) for one in listed if one.seat is Seat.TAKEN],
        waiting=[(str(one.candidate_id), one.person) for one in waiting],
        left=[(one.person, one.left_reason) for one in listed if one.seat is Seat.LEFT],
        others=tuple((str(one.id), one.name) for one in found if one.id not in on_it),
        trainers=[
            (str(one.id), one.name) for one in await store.leaders(session) if one.id != held.trainer_id
        ],
        q=q, errors=errors or {}, typed={"reason": "", "trainer": "", **(typed or {})},
        may_change=may_change, is_held=is_held,
        day_off=day_off_words(held, locale), may_note=actor.role in (Role.TRAINER, Role.SUPERVISOR),
    )  # fmt: skip
