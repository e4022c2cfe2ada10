"""Acts on one class: called off, led by somebody else, people put on its list and taken off; and a whole handover."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Seat
from service.flows.classes import class_seats
from service.flows.classes import classes as flow
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.store import reach
from service.store.classes import classes as store
from service.web.classes.class_forms import errors_of
from service.web.classes.classes import BASE, REFUSALS, STALE, back_to, class_page
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of


class ClassActPages(Controller):
    """What is done to a class that is planned."""

    path = BASE
    include_in_schema = False

    @get("/handover", operation_id="web.classes.hand_over_form")
    async def hand_over_form(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """Somebody is away: who takes over all their classes to come."""
        typed = {"from": "", "to": "", "reason": ""}
        return await _handover_page(request, session, typed=typed, errors={})

    @post("/handover", operation_id="web.classes.hand_over", status_code=200)
    async def hand_over(
        self,
        request: Request[Any, Any, Any],
        data: URLEncodedBody[dict[str, str]],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Hand every class to come over; those that clash stay, and are told."""
        say = Translator(locale_of(request))
        first, second = parse_id(data.get("from", "")), parse_id(data.get("to", ""))
        errors = {
            field: say(french("Choisissez une personne de la liste."))
            for field, value in (("from", first), ("to", second))
            if value is None
        }
        if first is not None and second is not None:
            try:
                done = await flow.replace_everywhere(
                    session, actor, from_id=first, to_id=second, reason=data.get("reason", ""),
                    editions=library, settings=settings, now=now,
                )  # fmt: skip
            except RuleBroken as refusal:
                found = errors_of(refusal, locale_of(request))
                errors = {("to" if field == "trainer" else field): words for field, words in found.items()}
            else:
                where = f"{BASE}?{urlencode({'trainer': str(second)})}"
                if done.busy:
                    flash = french(
                        "Une partie des séances a changé de main. Les autres tombent en même temps."
                    )
                    return redirect(f"{BASE}?{urlencode({'trainer': str(first)})}", flash=flash, tone="warn")
                return redirect(where, flash="Les séances ont changé de main. Chacun est prévenu.")
        return await _handover_page(request, session, typed=data, errors=errors)

    @post("/{class_id:str}/cancel", operation_id="web.classes.cancel", status_code=200)
    async def cancel(
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
        """Cancel the class; everybody on its list reads why."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        try:
            await flow.cancel_class(
                session,
                actor,
                row,
                reason=data.get("reason", ""),
                editions=library,
                settings=settings,
                now=now,
            )
        except RuleBroken as refusal:
            errors = {"cancel": errors_of(refusal, locale_of(request)).get("reason", "")}
            return await class_page(
                request, session, actor, library, now, class_id, errors=errors, typed=data
            )
        except Conflict as refusal:
            return redirect(f"{BASE}/{row.id}", flash=REFUSALS.get(refusal.code, STALE), tone="warn")
        return redirect(
            f"{BASE}/{row.id}", flash="La séance est annulée. Les personnes inscrites sont prévenues."
        )

    @post("/{class_id:str}/trainer", operation_id="web.classes.replace", status_code=200)
    async def replace(
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
        """Somebody else leads it; both of them and the learners are told."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        trainer = parse_id(data.get("trainer", ""))
        errors: dict[str, str] = {}
        if trainer is None:
            errors["trainer"] = Translator(locale_of(request))(french("Choisissez une personne de la liste."))
        else:
            try:
                await flow.replace_trainer(
                    session, actor, row, trainer_id=trainer, reason=data.get("reason", ""), editions=library,
                    settings=settings, now=now,
                )  # fmt: skip
            except RuleBroken as refusal:
                found = errors_of(refusal, locale_of(request))
                errors = {("replace" if field == "reason" else field): said for field, said in found.items()}
            except Conflict as refusal:
                return redirect(f"{BASE}/{row.id}", flash=REFUSALS.get(refusal.code, STALE), tone="warn")
            else:
                done = french("La séance a changé de main. Chacun est prévenu.")
                return await back_to(session, actor, row.id, done=done, overlap="handed_over")
        return await class_page(request, session, actor, library, now, class_id, errors=errors, typed=data)

    @post("/{class_id:str}/seats", operation_id="web.classes.enrol", status_code=200)
    async def enrol(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Put the people ticked on the list."""
        form = await request.form()
        named = [parse_id(str(value)) for value in form.getall("candidates", [])]
        known = [one for one in named if one is not None]
        row = await store.class_row(session, actor, class_id, for_update=True)
        errors: dict[str, str] = {}
        if not known:
            errors["candidates"] = Translator(locale_of(request))(french("Cochez au moins une personne."))
        else:
            try:
                given = await class_seats.enrol_people(
                    session, actor, row, known, editions=library, settings=settings, now=now
                )
            except RuleBroken as refusal:
                errors = errors_of(refusal, locale_of(request))
            except Conflict as refusal:
                return redirect(f"{BASE}/{row.id}", flash=REFUSALS.get(refusal.code, STALE), tone="warn")
            else:
                if Seat.WAITING in given.values():
                    flash = french(
                        "Toutes les places sont prises : une partie attend qu'une place se libère."
                    )
                    return redirect(f"{BASE}/{row.id}", flash=flash, tone="warn")
                done = french("La liste est à jour. Les invitations partent.")
                return await back_to(session, actor, row.id, done=done, overlap="enrolled")
        return await class_page(
            request, session, actor, library, now, class_id, q=str(form.get("q", "")), errors=errors
        )

    @post(
        "/{class_id:str}/seats/{candidate_id:str}/remove", operation_id="web.classes.leave", status_code=200
    )
    async def leave(
        self,
        class_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take somebody off the list; whoever waits longest moves up."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        person = await reach.candidate_row(session, actor, candidate_id)
        try:
            await class_seats.leave(
                session, actor, row, person.id, reason="", editions=library, settings=settings, now=now
            )
        except Conflict as refusal:
            return redirect(f"{BASE}/{row.id}", flash=REFUSALS.get(refusal.code, STALE), tone="warn")
        return redirect(f"{BASE}/{row.id}", flash="La personne ne fait plus partie de la séance.")


async def _handover_page(
    request: Request[Any, Any, Any], session: AsyncSession, *, typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Template:  # fmt: skip
    return render(
        request, "trainer/classes/handover.html", title="Remplacer un formateur",
        status=422 if errors else 200, typed={"from": "", "to": "", "reason": "", **typed}, errors=errors,
        trainers=[(str(one.id), one.name) for one in await store.leaders(session)],
    )  # fmt: skip
