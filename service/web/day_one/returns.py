"""Lent equipment on its way back, for staff: by which day, and what came back of what was awaited."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.day_one import equipment
from service.flows.day_one.checklist_tasks import hand_of
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken, StaleVersion
from service.web.day_one.checklists import NOT_A_DAY, note_loan, placement_page, typed_of
from service.web.day_one.checklists_views import Failed, failed
from service.web.pages import redirect
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

CHANGED_MEANWHILE = french("Quelqu'un a changé cette arrivée entre-temps. Relisez, puis recommencez.")


class EquipmentReturnPages(Controller):
    """What is lent, on its way back."""

    include_in_schema = False

    @post(
        "/applications/{application_id:str}/onboarding/return-day",
        operation_id="web.onboarding.ask_back",
        status_code=200,
    )
    async def ask_back(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the day by which what is lent is to come back; an empty field takes it away."""
        typed, locale = typed_of(await request.form()), locale_of(request)
        written = typed.get("returns_on", "")
        day, slip = read_day(written), None

        def check(present: int) -> None:
            if str(present) != typed.get("version"):
                raise StaleVersion

        if written and day is None:
            slip = Failed("return", typed, {"returns_on": Translator(locale)(NOT_A_DAY)})
        else:
            try:
                await equipment.ask_back(
                    session, actor, application_id, returns_on=day, check_version=check, now=now
                )
            except RuleBroken as refusal:
                slip = failed("return", typed, refusal, locale)
            except StaleVersion:
                slip = Failed("return", typed, {"returns_on": Translator(locale)(CHANGED_MEANWHILE)})
        if slip is not None:
            return await placement_page(
                request, session, actor, application_id, library=library, now=now, slip=slip, status=422
            )
        return redirect(f"/applications/{application_id}/onboarding#equipment", flash=french("C'est noté."))

    @post("/onboarding/not-back/{loan_id:str}", operation_id="web.onboarding.note_back", status_code=200)
    async def note_back(
        self,
        request: Request[Any, Any, Any],
        loan_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Note from the list that a thing came back."""
        typed = typed_of(await request.form())
        try:
            await note_loan(session, hand_of(actor), loan_id, "returned", typed, library=library, now=now)
        except RuleBroken as refusal:
            return redirect(
                "/onboarding#not-back", flash=refusal.said(Translator(locale_of(request))), tone="warn"
            )
        return redirect("/onboarding#not-back", flash=french("C'est noté."))
