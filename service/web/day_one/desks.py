"""The desks of IT and payroll: their addresses for administrators, and the page that the link of a desk opens."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner
from service.flows.day_one import checklist_tasks, desks
from service.flows.day_one.checklists import Placement
from service.flows.day_one.desks import OpenDesk
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.vocabulary import DeskKind, Locale
from service.store.day_one import digests as store
from service.web.day_one.checklists import LANGUAGES, note_loan, read_settled, typed_of
from service.web.day_one.checklists_views import OWNERS, Failed, Said, failed, loan_views, task_view
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

DESK_WORDS = {DeskKind.IT: OWNERS[Owner.IT], DeskKind.PAYROLL: OWNERS[Owner.PAYROLL]}
TITLES = {DeskKind.IT: french("Tâches de l'informatique"), DeskKind.PAYROLL: french("Tâches de la paie")}


class DeskSettings(Controller):
    """Where IT and payroll are written to."""

    include_in_schema = False
    path = "/employer/desks"

    @get(operation_id="web.desks.edit")
    async def edit(self, request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]) -> Template:
        """Both addresses with their languages."""
        return await _settings_page(request, session)

    @post("/{desk:str}", operation_id="web.desks.save", status_code=200)
    async def save(
        self,
        request: Request[Any, Any, Any],
        desk: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep one address; an empty one takes it back."""
        if desk not in set(DeskKind):
            raise NotFound
        typed = typed_of(await request.form())
        locale = Locale(typed["locale"]) if typed.get("locale") in set(Locale) else Locale.FR
        try:
            await desks.write_desk(
                session, actor, DeskKind(desk), address=typed.get("address", "")[:320], locale=locale, now=now
            )
        except RuleBroken as refusal:
            slip = failed(desk, typed, refusal, locale_of(request))
            return await _settings_page(request, session, slip=slip)
        return redirect("/employer/desks", flash=french("L'adresse est enregistrée."))


class DeskPages(Controller):
    """What the link of a desk opens, without signing in."""

    include_in_schema = False
    path = "/desk/{token:str}"

    @get(operation_id="web.desk.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The desk's own tasks, by placement."""
        return await _desk_page(request, session, token, library=library, now=now)

    @post("/tasks/{task_id:str}", operation_id="web.desk.finish", status_code=200)
    async def finish(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        task_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Say that one of the desk's tasks is done; another's is not found."""
        opened = await desks.open_desk(session, token, editions=library, now=now)
        typed = typed_of(await request.form())
        try:
            await checklist_tasks.finish(
                session, opened.hand, task_id, read_settled(typed), editions=library, now=now
            )
        except RuleBroken as refusal:
            slip = failed(task_id, typed, refusal, locale_of(request))
            return await _desk_page(request, session, token, library=library, now=now, slip=slip)
        except Conflict as refusal:
            return redirect(f"/desk/{token}", flash=refusal.said(Translator(locale_of(request))), tone="warn")
        return redirect(f"/desk/{token}", flash=french("C'est noté comme fait."))

    @post("/equipment/{loan_id:str}/{step:str}", operation_id="web.desk.loan", status_code=200)
    async def loan(
        self,
        request: Request[Any, Any, Any],
        token: FromPath[str],
        loan_id: FromPath[str],
        step: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Note that a thing was sent or came back."""
        opened = await desks.open_desk(session, token, editions=library, now=now)
        if step not in ("sent", "returned"):
            raise NotFound
        typed = typed_of(await request.form())
        try:
            await note_loan(session, opened.hand, loan_id, step, typed, library=library, now=now)
        except RuleBroken as refusal:
            slip = failed(loan_id, typed, refusal, locale_of(request))
            return await _desk_page(request, session, token, library=library, now=now, slip=slip)
        return redirect(f"/desk/{token}", flash=french("C'est noté."))


async def _settings_page(
    request: Request[Any, Any, Any], session: AsyncSession, *, slip: Failed | None = None
) -> Template:
    known = {one.kind: one for one in await store.desks(session)}
    translate = Translator(locale_of(request))
    return render(
        request, "administrator/desks.html", title="Informatique et paie", status=422 if slip else 200,
        desks=tuple(
            (kind.value, translate(words), known[kind].address if kind in known else "",
             known[kind].locale.value if kind in known else Locale.FR.value)
            for kind, words in DESK_WORDS.items()
        ),
        languages=tuple((value, translate(words)) for value, words in LANGUAGES), slip=slip or Failed(),
    )  # fmt: skip


async def _desk_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    token: str,
    *,
    library: Editions,
    now: datetime,
    slip: Failed | None = None,
) -> Template:
    opened = await desks.open_desk(session, token, editions=library, now=now)
    said = Said(locale_of(request))
    return render(
        request, "public/desk.html", title=TITLES[opened.kind], status=422 if slip else 200,
        here=f"/desk/{token}", until=said.day(civil_date(opened.expires_at)), is_it=opened.kind is DeskKind.IT,
        placements=tuple(
            view for one in opened.placements if (view := _view(opened, one, said))["tasks"]
        ),
        slip=slip or Failed(), today=civil_date(now).isoformat(),
    )  # fmt: skip


def _view(opened: OpenDesk, one: Placement, said: Said) -> dict[str, Any]:
    """One placement as its desk may see it: the open tasks that are theirs, and for IT what to send and where."""
    tasks = [
        task_view(task, opened.hand, said)
        for task in one.tasks
        if task.task.owner is opened.owner and not task.standing.is_settled
    ]
    is_it = opened.kind is DeskKind.IT
    return {
        "id": str(one.facts.id),
        "person": one.facts.person_name,
        "programme": one.facts.programme_title,
        "start": said.day(one.facts.start_date),
        "tasks": tuple(tasks),
        "loans": loan_views(one.loans, said) if is_it else (),
        "address": opened.addresses.get(one.facts.candidate_id, ""),
    }
