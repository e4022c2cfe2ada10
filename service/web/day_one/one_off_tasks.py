"""A task that one placement alone asks: its form, new or to be worded again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner
from onboarding.day_one.one_off import OneOff
from service.flows.day_one import one_off_tasks
from service.flows.day_one.checklist_tasks import hand_of
from service.flows.day_one.one_off_tasks import Asked
from service.flows.recruiting import blind
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken, StaleVersion
from service.store.day_one import checklists as store
from service.web.day_one.checklists import typed_of
from service.web.day_one.checklists_views import OWNERS, Failed, Said, failed
from service.web.pages import redirect, render
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

WHEN = (
    ("before", french("Avant le premier jour")),
    ("day", french("Le premier jour")),
    ("after", french("Après le premier jour")),
    ("on", french("À une date, qui ne bouge pas")),
)
FIELDS = {"due": "days"}
"""Where the page asks differently from the API."""
CHANGED_MEANWHILE = french("Quelqu'un a changé cette tâche entre-temps. Relisez-la, puis recommencez.")


class OneOffTaskPages(Controller):
    """Tasks of one placement's own."""

    path = "/applications/{application_id:str}/onboarding/added-tasks"
    include_in_schema = False

    @get(operation_id="web.onboarding.new_task")
    async def new(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """The empty form."""
        return await _page(request, session, actor, application_id, Failed())

    @post(operation_id="web.onboarding.add_task", status_code=200)
    async def add(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Add it; with errors the form comes back as typed."""
        typed = typed_of(await request.form())
        try:
            await one_off_tasks.add(
                session, hand_of(actor), application_id, _asked(typed), editions=library, now=now
            )
        except (Conflict, RuleBroken) as refusal:
            slip = _slip(typed, refusal, request)
            return await _page(request, session, actor, application_id, slip)
        return redirect(
            f"/applications/{application_id}/onboarding#tasks", flash=french("La tâche est ajoutée.")
        )

    @get("/{task_id:str}", operation_id="web.onboarding.task_words")
    async def words(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        task_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Template:
        """The form with the words as they are."""
        return await _page(request, session, actor, application_id, Failed(), task_id=task_id)

    @post("/{task_id:str}", operation_id="web.onboarding.edit_task", status_code=200)
    async def edit(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        task_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the new words; with errors the form comes back as typed."""
        typed = typed_of(await request.form())

        def check(present: int) -> None:
            if str(present) != typed.get("version"):
                raise StaleVersion

        try:
            await one_off_tasks.edit(
                session,
                hand_of(actor),
                task_id,
                _asked(typed),
                check_version=check,
                editions=library,
                now=now,
            )
        except (Conflict, RuleBroken, StaleVersion) as refusal:
            slip = _slip(typed, refusal, request)
            return await _page(request, session, actor, application_id, slip, task_id=task_id)
        return redirect(
            f"/applications/{application_id}/onboarding#tasks", flash=french("La tâche est changée.")
        )


def _asked(typed: Mapping[str, str]) -> Asked:
    """What a form says of a task; a number that is none leaves the day open, which is told."""
    when, days = typed.get("when", ""), typed.get("days", "")
    due = {"before": -1, "after": 1}.get(when, 0) * int(days) if days.isdecimal() and len(days) < 4 else None
    owner = typed.get("owner", "")
    return Asked(
        label=typed.get("label", "")[:200], action=typed.get("action", "")[:1000],
        owner=Owner(owner) if owner in set(Owner) else None,
        due=0 if when == "day" else due if when in ("before", "after") else None,
        on=read_day(typed.get("on", "")) if when == "on" else None, is_gate=typed.get("is_gate") == "yes",
        asks_proof=typed.get("asks_proof") == "yes",
    )  # fmt: skip


def _slip(
    typed: Mapping[str, str], refusal: Conflict | RuleBroken | StaleVersion, request: Request[Any, Any, Any]
) -> Failed:
    translate = Translator(locale_of(request))
    if isinstance(refusal, StaleVersion):
        return Failed("task", typed, {"label": translate(CHANGED_MEANWHILE)})
    if isinstance(refusal, Conflict):
        return Failed("task", typed, {"label": refusal.said(translate)})
    found = failed("task", typed, refusal, locale_of(request))
    fields = {**FIELDS, "due": "on"} if typed.get("when") == "on" else FIELDS
    return Failed("task", typed, {fields.get(name, name): words for name, words in found.errors.items()})


@dataclass(frozen=True)
class Filled:
    """What the fields hold before anybody types."""

    label: str = ""
    action: str = ""
    owner: str = ""
    when: str = "before"
    days: str = "2"
    on: str = ""
    is_gate: bool = False
    asks_proof: bool = False
    version: str = ""


def _filled(task: OneOff, version: int) -> Filled:
    due = task.due or 0
    when = "on" if task.on else "day" if due == 0 else "before" if due < 0 else "after"
    return Filled(
        label=task.label, action=task.action or "", owner=task.owner.value, when=when,
        days=str(abs(due)) if due else "", on=task.on.isoformat() if task.on else "", is_gate=task.gate,
        asks_proof=task.asks_proof, version=str(version),
    )  # fmt: skip


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    application_id: str,
    slip: Failed,
    *,
    task_id: str = "",
) -> Template:
    facts = await store.facts_of(session, actor, application_id)
    filled, base = Filled(), f"/applications/{facts.application_id}/onboarding"
    owners = tuple(one for one in Owner if one in hand_of(actor).owners)
    if len(owners) == 1:
        filled = Filled(owner=owners[0].value)
    if task_id:
        filled = await _kept(session, actor, facts.id, task_id)
    typed = slip.typed
    translate = Translator(locale_of(request))
    return render(
        request, "onboarding/task_form.html", title="Changer la tâche" if task_id else "Ajouter une tâche",
        status=422 if slip.errors else 200, list_href=base, programme=facts.programme_title, slip=slip,
        person=blind.name_of(actor, facts.candidate_id, facts.person_name), filled=filled, is_new=not task_id,
        here=f"{base}/added-tasks/{task_id}" if task_id else f"{base}/added-tasks",
        start=Said(locale_of(request)).day(facts.start_date),
        owners=tuple((one.value, translate(OWNERS[one])) for one in owners),
        when=tuple((value, translate(words)) for value, words in WHEN),
        is_gate=typed.get("is_gate") == "yes" if typed else filled.is_gate,
        asks_proof=typed.get("asks_proof") == "yes" if typed else filled.asks_proof,
    )  # fmt: skip


async def _kept(session: AsyncSession, actor: Actor, checklist_id: UUID, task_id: str) -> Filled:
    row = await store.task_row(session, actor, task_id)
    if row.one_off is None or row.checklist_id != checklist_id or row.owner not in hand_of(actor).owners:
        raise NotFound
    return _filled(OneOff.model_validate(row.one_off), row.version)
