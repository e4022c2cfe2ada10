"""Checklists of placements in the API: who starts when, what stops day one, tasks settled, equipment lent."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner
from service.api.day_one.checklists_models import (
    ChecklistOut,
    LoanDayIn,
    LoanIn,
    LoanOut,
    PlacementOut,
    PlacementsOut,
    TaskDoneIn,
    TaskOut,
    TaskWhyIn,
)
from service.api.responses import problems
from service.flows.day_one import checklist_files, checklist_tasks, checklists, equipment
from service.flows.day_one.checklist_tasks import hand_of
from service.flows.recruiting import blind
from service.http.downloads import attachment
from service.http.editing import etag_of
from service.http.paging import DEFAULT_LIMIT, checked_limit, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store.day_one import checklists as store
from service.store.day_one.checklists import LoanFacts, Wanted

CURSOR = "placements"


class Onboarding(Controller):
    """Placements and what each still needs."""

    tags = ["Onboarding"]

    @get("/onboarding", operation_id="onboarding.list", responses=problems(401, 422))
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        since: FromQuery[date | None] = None,
        owner: FromQuery[Owner | None] = None,
        late: FromQuery[bool] = False,
        blocked: FromQuery[bool] = False,
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
    ) -> Response[PlacementsOut]:
        """List placements by their first day; `owner`, `late` and `blocked` ask for those with such an open task."""
        secret, today = request.app.state.secret, civil_date(now)
        wanted = Wanted(since=since, owner=owner, late_on=today if late else None, blocks=blocked)
        after = read_cursor(secret, cursor, of=CURSOR) if cursor else None
        rows = await store.page_of(session, actor, wanted, limit=checked_limit(limit) + 1, after=after)
        found = await checklists.placements_of(session, rows[:limit], editions=editions, today=today)
        headers = {}
        if len(rows) > limit:
            position = write_cursor(secret, store.position_of(rows[limit - 1]), of=CURSOR)
            headers["Link"] = next_link(request, settings.public_url, position)
        out = PlacementsOut(
            items=[
                PlacementOut.of(one, blind.name_of(actor, one.facts.candidate_id, one.facts.person_name))
                for one in found
            ]
        )
        return Response(out, headers=headers)

    @get(
        "/applications/{application_id:str}/onboarding",
        operation_id="onboarding.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ChecklistOut]:
        """Read the checklist of an accepted offer, with its history. The read is noted."""
        return await shown(session, actor, application_id, editions=editions, now=now)

    @post(
        "/applications/{application_id:str}/onboarding",
        operation_id="onboarding.open",
        responses=problems(401, 404, 409),
        status_code=200,
    )
    async def open(
        self,
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ChecklistOut]:
        """Open the checklist of an offer that was accepted before checklists were kept; twice is once."""
        await checklists.open_by_hand(session, actor, application_id, editions=editions, now=now)
        return await shown(session, actor, application_id, editions=editions, now=now)

    @post(
        "/applications/{application_id:str}/onboarding/equipment",
        operation_id="onboarding.lend",
        responses=problems(401, 404, 409, 422),
    )
    async def lend(
        self,
        application_id: FromPath[str],
        data: JSONBody[LoanIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> LoanOut:
        """Add a thing to what is lent."""
        row = await equipment.lend(
            session, hand_of(actor), application_id, label=data.label, serial=data.serial, editions=editions,
            now=now,
        )  # fmt: skip
        return LoanOut.of(LoanFacts.model_validate(row, extra="ignore"))


class OnboardingTasks(Controller):
    """One task, for whoever holds it."""

    path = "/onboarding/tasks/{task_id:str}"
    tags = ["Onboarding"]

    @post(
        "/completion",
        operation_id="onboarding.finish",
        responses=problems(401, 404, 422),
        status_code=200,
    )
    async def finish(
        self,
        task_id: FromPath[str],
        data: JSONBody[TaskDoneIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> TaskOut:
        """Say that a task is done, with what shows it; 422 says what lacks. Done already, nothing changes."""
        settled = data.as_settled()
        await checklist_tasks.finish(session, hand_of(actor), task_id, settled, editions=editions, now=now)
        return await task_out(session, actor, task_id, editions=editions, now=now)

    @post(
        "/reopening",
        operation_id="onboarding.reopen",
        responses=problems(401, 404, 409, 422),
        status_code=200,
    )
    async def reopen(
        self,
        task_id: FromPath[str],
        data: JSONBody[TaskWhyIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> TaskOut:
        """Take back that a task was settled, with a reason."""
        await checklist_tasks.reopen(
            session, hand_of(actor), task_id, why=data.why, editions=editions, now=now
        )
        return await task_out(session, actor, task_id, editions=editions, now=now)

    @post(
        "/setting-aside",
        operation_id="onboarding.set_aside",
        responses=problems(401, 404, 409, 422),
        status_code=200,
    )
    async def set_aside(
        self,
        task_id: FromPath[str],
        data: JSONBody[TaskWhyIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> TaskOut:
        """Say, with a reason, that a task is not needed for this placement; never what the law asks."""
        await checklist_tasks.set_aside(
            session, hand_of(actor), task_id, why=data.why, editions=editions, now=now
        )
        return await task_out(session, actor, task_id, editions=editions, now=now)

    @get("/file", operation_id="onboarding.file", responses=problems(401, 404), opt={"audited": True})
    async def file(
        self,
        task_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download what shows a task done. The read is noted."""
        found, content = await checklist_files.open_file(
            session, actor, task_id, files=files, editions=editions, now=now
        )
        return attachment(content, file_name=found.file_name, media_type=found.media_type)


class LentEquipment(Controller):
    """One thing lent: the employer's side."""

    path = "/equipment/{loan_id:str}"
    tags = ["Onboarding"]

    @put("/sending", operation_id="equipment.send", responses=problems(401, 404, 409, 422))
    async def send(
        self,
        loan_id: FromPath[str],
        data: JSONBody[LoanDayIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> LoanOut:
        """Say that a thing was sent or handed over; `note` is the parcel."""
        row = await equipment.note_sent(
            session, hand_of(actor), loan_id, on=data.on, parcel=data.note, editions=editions, now=now
        )
        return LoanOut.of(LoanFacts.model_validate(row, extra="ignore"))

    @put("/return", operation_id="equipment.take_back", responses=problems(401, 404, 409, 422))
    async def take_back(
        self,
        loan_id: FromPath[str],
        data: JSONBody[LoanDayIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> LoanOut:
        """Say that a thing came back; `note` is its state."""
        row = await equipment.note_returned(
            session, hand_of(actor), loan_id, on=data.on, words=data.note, editions=editions, now=now
        )
        return LoanOut.of(LoanFacts.model_validate(row, extra="ignore"))

    @delete(operation_id="equipment.take_off", responses=problems(401, 404, 409), status_code=204)
    async def take_off(
        self,
        loan_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> None:
        """Take a thing off the list that was not sent yet."""
        await equipment.take_off(session, hand_of(actor), loan_id, editions=editions, now=now)


async def shown(
    session: AsyncSession, actor: Actor, application_id: str, *, editions: Editions, now: datetime
) -> Response[ChecklistOut]:
    """One placement whole, with the version that a change has to name."""
    found, history = await checklists.placement_of(session, actor, application_id, editions=editions, now=now)
    person = blind.name_of(actor, found.facts.candidate_id, found.facts.person_name)
    veil = await blind.veil_over(session, actor, found.facts.candidate_id)
    out = veil.over(ChecklistOut.of(found, history, person))
    return Response(out, headers={"ETag": etag_of(found.facts.version)})


async def task_out(
    session: AsyncSession, actor: Actor, task_id: str | UUID, *, editions: Editions, now: datetime
) -> TaskOut:
    """One task as it stands after it was changed."""
    row = await store.task_row(session, actor, task_id)
    facts = await store.facts_by_id(session, actor, row.checklist_id)
    (found,) = await checklists.placements_of(session, [facts], editions=editions, today=civil_date(now))
    one = next((task for task in found.tasks if task.facts.id == row.id), None)
    if one is None:
        raise NotFound
    return TaskOut.of(one)
