"""One's own tasks: what waits, one at a time, with its form; what was lent; the daily letter."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner
from service.flows.day_one import checklist_files, checklist_tasks, checklists
from service.flows.day_one.checklist_tasks import hand_of
from service.flows.day_one.checklists import PlacedTask, Placement
from service.flows.day_one.equipment import MOST_LOANS
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.store.day_one import returns
from service.store.reach import id_of
from service.web.day_one.checklists import (
    day_told,
    digest_views,
    note_loan,
    read_settled,
    save_digest,
    typed_of,
)
from service.web.day_one.checklists_views import Failed, Said, failed, loan_views, task_view
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of


class OwnTaskPages(Controller):
    """A person's own tasks."""

    include_in_schema = False
    path = "/me/tasks"

    @get(operation_id="web.own_tasks.list")
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What waits, what others hold, what is done."""
        return await _list_page(request, session, actor, library=library, now=now)

    @get("/{task_id:str}", operation_id="web.own_tasks.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        task_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One task with its form."""
        return await _task_page(request, session, actor, task_id, library=library, now=now)

    @post("/{task_id:str}", operation_id="web.own_tasks.finish", status_code=200)
    async def finish(
        self,
        request: Request[Any, Any, Any],
        task_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Give one's word, or say that it is done; with errors the form comes back as typed."""
        typed = typed_of(await request.form())
        try:
            await checklist_tasks.finish(
                session, hand_of(actor), task_id, read_settled(typed), editions=library, now=now
            )
        except RuleBroken as refusal:
            slip = failed(task_id, typed, refusal, locale_of(request))
            return await _task_page(request, session, actor, task_id, library=library, now=now, slip=slip)
        except Conflict as refusal:
            return redirect("/me/tasks", flash=refusal.said(Translator(locale_of(request))), tone="warn")
        return redirect("/me/tasks", flash=french("C'est enregistré. Merci."))

    @post(
        "/{task_id:str}/file",
        operation_id="web.own_tasks.give_file",
        status_code=200,
        request_max_body_size=checklist_files.MOST_BYTES,
    )
    async def give_file(
        self,
        request: Request[Any, Any, Any],
        task_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Give the file that the task asks for."""
        form = await request.form()
        typed, sent = typed_of(form), form.get("file")
        database: Database = request.app.state.database
        errors: dict[str, str] = {}
        if not isinstance(sent, UploadFile) or not sent.filename:
            errors["file"] = Translator(locale_of(request))(french("Choisissez un fichier."))
        else:
            try:
                holds_until = day_told(typed, "holds_until")
                judged = await asyncio.to_thread(checklist_files.judge_content, await sent.read())
                async with database.transaction() as session:
                    gone = await checklist_files.give_file(
                        session, hand_of(actor), task_id, judged, holds_until=holds_until,
                        files=files, editions=library_apart, now=now,
                    )  # fmt: skip
            except RuleBroken as refusal:
                errors = dict(failed(task_id, typed, refusal, locale_of(request)).errors)
            else:
                if gone.sha256:
                    files.remove(gone.sha256)
                return redirect("/me/tasks", flash=french("Votre fichier est bien arrivé."))
        async with database.transaction(write=False) as session:
            slip = Failed(task_id, typed, errors)
            return await _task_page(
                request, session, actor, task_id, library=library_apart, now=now, slip=slip
            )

    @post("/{task_id:str}/file/removal", operation_id="web.own_tasks.take_back_file", status_code=200)
    async def take_back_file(
        self,
        request: Request[Any, Any, Any],
        task_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take one's file back; its bytes go at once."""
        database: Database = request.app.state.database
        async with database.transaction() as session:
            gone = await checklist_files.take_back_file(
                session, hand_of(actor), task_id, editions=library_apart, now=now
            )
        if gone.sha256:
            files.remove(gone.sha256)
        return redirect("/me/tasks", flash=french("Votre fichier est retiré, et supprimé."))

    @post("/equipment/{loan_id:str}/received", operation_id="web.own_tasks.receive", status_code=200)
    async def receive(
        self,
        request: Request[Any, Any, Any],
        loan_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Say that a thing is there, and what lacks."""
        typed = typed_of(await request.form())
        try:
            await note_loan(session, hand_of(actor), loan_id, "received", typed, library=library, now=now)
        except RuleBroken as refusal:
            slip = failed(loan_id, typed, refusal, locale_of(request))
            return await _list_page(request, session, actor, library=library, now=now, slip=slip)
        return redirect("/me/tasks#equipment", flash=french("C'est noté. Merci."))

    @post("/daily-letter", operation_id="web.own_tasks.digest", status_code=200)
    async def choose_digest(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Say whether the daily letter is wanted."""
        await save_digest(session, actor, await request.form(), now=now)
        return redirect("/me/tasks", flash=french("Votre choix est enregistré."))


def own_tasks(placement: Placement) -> tuple[PlacedTask, ...]:
    return tuple(one for one in placement.tasks if one.task.owner is Owner.CANDIDATE)


async def _list_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    *,
    library: Editions,
    now: datetime,
    slip: Failed | None = None,
) -> Template:
    found = await checklists.own_placements(session, actor, editions=library, now=now)
    said, hand = Said(locale_of(request)), hand_of(actor)
    placements = []
    for one in found:
        tasks = tuple(task_view(task, hand, said) for task in own_tasks(one))
        placements.append(
            {
                "programme": one.facts.programme_title,
                "start": said.day(one.facts.start_date),
                "to_do": tuple(t for t in tasks if t.standing in ("open", "late") and not t.is_optional),
                "by_choice": tuple(t for t in tasks if t.standing in ("open", "late") and t.is_optional),
                "settled": tuple(t for t in tasks if t.standing in ("done", "aside")),
                "held_by_others": sum(task.task.owner is not Owner.CANDIDATE for task in one.open_tasks),
                "loans": loan_views(one.loans, said),
                "return_day": said.day(one.facts.returns_on) if one.facts.returns_on else "",
            }
        )
    today = civil_date(now)
    out = await returns.not_back(session, actor, today=today, limit=MOST_LOANS)
    return render(
        request, "onboarding/own_list.html", title="Mes tâches", status=422 if slip else 200,
        placements=tuple(placements), slip=slip or Failed(), today=today.isoformat(),
        to_give_back=tuple((one.label, one.serial, one.programme_title) for one in out if one.is_over),
        **await digest_views(session, actor),
    )  # fmt: skip


async def _task_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    task_id: str,
    *,
    library: Editions,
    now: datetime,
    slip: Failed | None = None,
) -> Template:
    wanted = id_of(task_id)
    said = Said(locale_of(request))
    for placement in await checklists.own_placements(session, actor, editions=library, now=now):
        for one in own_tasks(placement):
            if one.facts.id == wanted:
                return render(
                    request, "onboarding/own_task.html", title=said(one.task.title),
                    status=422 if slip else 200, task=task_view(one, hand_of(actor), said),
                    start=said.day(placement.facts.start_date), slip=slip or Failed(),
                    loans=loan_views(placement.loans, said), today=civil_date(now).isoformat(),
                )  # fmt: skip
    raise NotFound
