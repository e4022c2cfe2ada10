"""Placements for staff: who starts when and what blocks, one placement whole, tasks settled, equipment lent."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner
from service.flows.day_one import checklist_files, checklist_tasks, checklists, digests, equipment, readiness
from service.flows.day_one.checklist_tasks import Settled, hand_of
from service.flows.recruiting import blind
from service.http.downloads import attachment
from service.http.paging import read_cursor, write_cursor
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken, told
from service.runtime.files import FileStore
from service.runtime.vocabulary import Locale, Role
from service.store.day_one import checklists as store
from service.store.day_one import digests as digest_store
from service.store.day_one import returns
from service.store.day_one.checklists import Wanted
from service.store.papers import offers
from service.store.papers import papers as papers_store
from service.store.recruiting.applications import line_of
from service.web.day_one.checklists_views import (
    OWNERS,
    Failed,
    Said,
    failed,
    history_views,
    line_view,
    loan_views,
    not_back_view,
    owner_views,
)
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader, readiness_view
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

ROWS, MOST_NOT_BACK = 25, 50
RECENT = timedelta(days=30)
NOT_A_DAY = french("Écrivez une date, par exemple 24/11/2026.")
A_DAY = told("Write a date, such as 24/11/2026.")
LANGUAGES = ((Locale.FR.value, french("français")), (Locale.EN.value, french("anglais")))


class OnboardingPages(Controller):
    """Placements."""

    include_in_schema = False

    @get("/onboarding", operation_id="web.onboarding.list")
    async def board(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        owner: Annotated[str, QueryParameter(max_length=20)] = "",
        only: Annotated[str, QueryParameter(max_length=20)] = "",
        show: Annotated[str, QueryParameter(max_length=20)] = "",
        cursor: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Template:
        """Everybody who starts, by the day, with what blocks, and what is not back: as many queries for any number."""
        secret, today, said = request.app.state.secret, civil_date(now), Said(locale_of(request))
        chosen = {"owner": owner if owner in set(Owner) else "", "only": only, "show": show}
        wanted = Wanted(
            since=None if show == "all" else today - RECENT,
            owner=Owner(chosen["owner"]) if chosen["owner"] else None,
            late_on=today if only == "late" else None, blocks=only == "blocked",
        )  # fmt: skip
        after = read_cursor(secret, cursor, of="placements") if cursor else None
        rows = await store.page_of(session, actor, wanted, limit=ROWS + 1, after=after)
        found = await checklists.placements_of(session, rows[:ROWS], editions=library, today=today)
        here = f"/onboarding?{urlencode({name: value for name, value in chosen.items() if value})}"
        next_cursor = (
            write_cursor(secret, store.position_of(rows[ROWS - 1]), of="placements")
            if len(rows) > ROWS
            else ""
        )
        translate, may_recruit = Translator(said.locale), actor.role is Role.RECRUITER
        out = (
            await returns.not_back(session, actor, today=today, limit=MOST_NOT_BACK + 1)
            if may_recruit
            else ()
        )
        return render(
            request, "onboarding/list.html", title="Arrivées", chosen=chosen, today=today.isoformat(),
            not_back=tuple(
                not_back_view(one, blind.name_of(actor, one.candidate_id, one.person_name), said, today=today)
                for one in out[:MOST_NOT_BACK]
            ),
            has_more_out=len(out) > MOST_NOT_BACK,
            lines=tuple(
                line_view(one, blind.name_of(actor, one.facts.candidate_id, one.facts.person_name), said, today=today)
                for one in found
            ),
            owners=tuple((known.value, translate(words)) for known, words in OWNERS.items()),
            is_filtered=any(chosen.values()),
            first_href=here if cursor else "",
            next_href=f"{here}&cursor={next_cursor}" if next_cursor else "",
            **await digest_views(session, actor),
        )  # fmt: skip

    @post("/onboarding/daily-letter", operation_id="web.onboarding.digest", status_code=200)
    async def choose_digest(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Say whether the daily letter is wanted."""
        await save_digest(session, actor, await request.form(), now=now)
        return redirect("/onboarding", flash=french("Votre choix est enregistré."))

    @get(
        "/applications/{application_id:str}/onboarding",
        operation_id="web.onboarding.show",
        opt={"audited": True},
    )
    async def show(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One placement whole, or how to open its list."""
        return await placement_page(request, session, actor, application_id, library=library, now=now)

    @post(
        "/applications/{application_id:str}/onboarding", operation_id="web.onboarding.open", status_code=200
    )
    async def open(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Open the list of an offer accepted earlier."""
        here = f"/applications/{application_id}/onboarding"
        try:
            await checklists.open_by_hand(session, actor, application_id, editions=library, now=now)
        except Conflict as refusal:
            return redirect(here, flash=refusal.said(Translator(locale_of(request))), tone="warn")
        return redirect(here, flash=french("La liste est ouverte."))

    @post(
        "/applications/{application_id:str}/onboarding/tasks/{task_id:str}/{step:str}",
        operation_id="web.onboarding.finish",
        status_code=200,
    )
    async def settle(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        task_id: FromPath[str],
        step: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Close a task, open it again, or set it aside; with errors the form comes back as typed."""
        typed = typed_of(await request.form())
        hand = hand_of(actor)
        try:
            if step == "done":
                await checklist_tasks.finish(
                    session, hand, task_id, read_settled(typed), editions=library, now=now
                )
            elif step == "reopened":
                await checklist_tasks.reopen(
                    session, hand, task_id, why=typed.get("why", ""), editions=library, now=now
                )
            elif step == "aside":
                await checklist_tasks.set_aside(
                    session, hand, task_id, why=typed.get("why", ""), editions=library, now=now
                )
            else:
                raise NotFound
        except RuleBroken as refusal:
            slip = failed(task_id, typed, refusal, locale_of(request))
            return await placement_page(
                request, session, actor, application_id, library=library, now=now, slip=slip, status=422
            )
        except Conflict as refusal:
            here = f"/applications/{application_id}/onboarding"
            return redirect(here, flash=refusal.said(Translator(locale_of(request))), tone="warn")
        return redirect(f"/applications/{application_id}/onboarding", flash=FLASHES[step])

    @post(
        "/applications/{application_id:str}/onboarding/equipment",
        operation_id="web.onboarding.lend",
        status_code=200,
    )
    async def lend(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Add a thing to what is lent."""
        typed = typed_of(await request.form())
        if not typed.get("label"):
            words = Translator(locale_of(request))(french("Écrivez ce qui est prêté."))
            slip = Failed("lend", typed, {"label": words})
            return await placement_page(
                request, session, actor, application_id, library=library, now=now, slip=slip, status=422
            )
        await equipment.lend(
            session, hand_of(actor), application_id, label=typed["label"][:200],
            serial=typed.get("serial", "")[:100], editions=library, now=now,
        )  # fmt: skip
        return redirect(f"/applications/{application_id}/onboarding#equipment", flash=french("C'est ajouté."))

    @post(
        "/applications/{application_id:str}/onboarding/equipment/{loan_id:str}/{step:str}",
        operation_id="web.onboarding.loan",
        status_code=200,
    )
    async def loan(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        loan_id: FromPath[str],
        step: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Note the employer's side of one thing: sent, back, or off the list."""
        typed = typed_of(await request.form())
        try:
            await note_loan(session, hand_of(actor), loan_id, step, typed, library=library, now=now)
        except RuleBroken as refusal:
            slip = failed(loan_id, typed, refusal, locale_of(request))
            return await placement_page(
                request, session, actor, application_id, library=library, now=now, slip=slip, status=422
            )
        return redirect(f"/applications/{application_id}/onboarding#equipment", flash=french("C'est noté."))

    @get("/onboarding/tasks/{task_id:str}/file", operation_id="web.onboarding.file", opt={"audited": True})
    async def file(
        self,
        task_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download what shows a task done."""
        found, content = await checklist_files.open_file(
            session, actor, task_id, files=files, editions=library, now=now
        )
        return attachment(content, file_name=found.file_name, media_type=found.media_type)


FLASHES = {
    "done": french("C'est noté comme fait."),
    "reopened": french("La tâche est rouverte."),
    "aside": french("La tâche est mise de côté, avec sa raison."),
}


def typed_of(form: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a form, trimmed and bounded."""
    return {
        name: str(value).replace("\x00", "").strip()[:2000]
        for name, value in form.items()
        if isinstance(value, str)
    }


def day_told(typed: Mapping[str, str], name: str) -> date | None:
    """The day of a field, None where it was left empty; RuleBroken for what is no day, never another day instead."""
    written = typed.get(name, "")
    day = read_day(written)
    if written and day is None:
        raise RuleBroken(A_DAY, faults=[Fault(f"/{name}", "not-a-day", A_DAY)])
    return day


def read_settled(typed: Mapping[str, str]) -> Settled:
    """What a form says of a finished task; statements are ticked as `statement-SLUG`."""
    ticked = (name.removeprefix("statement-") for name in typed if name.startswith("statement-"))
    return Settled(
        done_on=day_told(typed, "done_on"),
        note=typed.get("note", ""),
        statements=tuple(ticked),
        name=typed.get("name", ""),
        is_read=typed.get("is_read") == "yes",
        holds_until=day_told(typed, "holds_until"),
    )


async def note_loan(
    session: AsyncSession,
    hand: checklist_tasks.Hand,
    loan_id: str,
    step: str,
    typed: Mapping[str, str],
    *,
    library: Editions,
    now: datetime,
) -> None:
    """One step of one thing lent, as either side's page sends it; NotFound for a step that there is not."""
    on, words = day_told(typed, "on"), typed.get("words", "")[:200]
    if step == "sent":
        await equipment.note_sent(session, hand, loan_id, on=on, parcel=words, editions=library, now=now)
    elif step == "returned":
        await equipment.note_returned(session, hand, loan_id, on=on, words=words, editions=library, now=now)
    elif step == "received":
        await equipment.note_received(session, hand, loan_id, on=on, words=words, editions=library, now=now)
    elif step == "off":
        await equipment.take_off(session, hand, loan_id, editions=library, now=now)
    else:
        raise NotFound


async def digest_views(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """What somebody chose about the daily letter, for the form at the foot of their list."""
    choice = await digest_store.choice_of(session, digests.reader_of(actor))
    return {"digest_wanted": "yes" if choice is None or choice.is_wanted else "no"}


async def save_digest(session: AsyncSession, actor: Actor, form: Mapping[str, Any], *, now: datetime) -> None:
    await digests.choose(session, actor, is_wanted=form.get("wanted") == "yes", now=now)


async def placement_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    application_id: str,
    *,
    library: Editions,
    now: datetime,
    slip: Failed | None = None,
    status: int = 200,
) -> Template:
    """One placement whole, with the form that could not be taken; how to open its list where there is none."""
    line = await line_of(session, actor, application_id)
    person = blind.name_of(actor, line.candidate_id, line.shown_name)
    try:
        found, events = await checklists.placement_of(
            session, actor, application_id, editions=library, now=now
        )
    except NotFound:
        is_over = line.stage in store.GONE_STAGES
        accepted = not is_over and await offers.accepted_for(session, line.id) is not None
        return render(
            request, "onboarding/none.html", title=person, person=person, is_over=is_over,
            may_recruit=actor.role is Role.RECRUITER, application_href=f"/applications/{line.id}",
            open_href=f"/applications/{line.id}/onboarding",
            may_open=accepted and matrix()["web.onboarding.open"].allows(actor),
        )  # fmt: skip
    facts, said, hand = found.facts, Said(locale_of(request)), hand_of(actor)
    day_one = await readiness.of_candidate(session, actor, facts.candidate_id, editions=library, now=now)
    offer = await offers.accepted_for(session, line.id)
    may_see_papers = matrix()["web.papers.list"].allows(actor) and not actor.is_blind
    issued = await papers_store.of_application(session, actor, line.id) if may_see_papers else ()
    return render(
        request, "onboarding/show.html", title=person, status=status, person=person,
        veil=await blind.veil_over(session, actor, facts.candidate_id), here=f"/applications/{line.id}/onboarding",
        application_href=f"/applications/{line.id}", programme=facts.programme_title, start=said.day(facts.start_date),
        start_date=facts.start_date.isoformat(), version=str(facts.version), today=civil_date(now).isoformat(),
        has_moved=offer is not None and offer.start_date != facts.start_date,
        offered=said.day(offer.start_date) if offer else "",
        owners=owner_views(found, hand, said), loans=loan_views(found.loans, said),
        history=history_views(events, found, said),
        readiness=readiness_view(day_one.readiness, Reader(said.locale)),
        dpae_href=next((f"/papers/{one.id}" for one in issued if one.kind == "dpae_sheet"), ""),
        new_dpae_href=f"/applications/{line.id}/papers/new/dpae_sheet"
        if matrix()["web.papers.new"].allows(actor)
        else "",
        returns_on=facts.returns_on.isoformat() if facts.returns_on else "",
        return_day=said.day(facts.returns_on) if facts.returns_on else "",
        may_recruit=actor.role is Role.RECRUITER, may_add=bool(hand.owners), slip=slip or Failed(),
    )  # fmt: skip
