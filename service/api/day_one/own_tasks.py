"""One's own tasks in the API: what is asked, settled with one's own word or file, and what was received."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar import Controller, Request, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, MultipartBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.day_one.checklists import task_out
from service.api.day_one.checklists_models import (
    DigestChoiceIn,
    DigestChoiceOut,
    LoanDayIn,
    LoanOut,
    OwnPlacementOut,
    OwnTasksOut,
    TaskDoneIn,
    TaskOut,
)
from service.api.responses import problems
from service.flows.day_one import checklist_files, checklist_tasks, checklists, digests, equipment
from service.flows.day_one.checklist_tasks import hand_of
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken
from service.runtime.files import FileStore
from service.store.day_one.checklists import LoanFacts


@dataclass
class TaskFileForm:
    """A PDF or a picture; `holds_until` (a date) where the task asks until when it holds."""

    file: UploadFile
    holds_until: str = ""


class OwnTasks(Controller):
    """A person's own tasks."""

    path = "/me"
    tags = ["Onboarding"]

    @get("/tasks", operation_id="own_tasks.list", responses=problems(401, 404))
    async def list(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> OwnTasksOut:
        """List what your placements ask of you, and what was lent to you."""
        found = await checklists.own_placements(session, actor, editions=editions, now=now)
        return OwnTasksOut(items=[OwnPlacementOut.of(one) for one in found])

    @post(
        "/tasks/{task_id:str}/completion",
        operation_id="own_tasks.finish",
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
        """Say that one of your tasks is done, with what it asks; 422 says what lacks."""
        settled = data.as_settled()
        await checklist_tasks.finish(session, hand_of(actor), task_id, settled, editions=editions, now=now)
        return await task_out(session, actor, task_id, editions=editions, now=now)

    @post(
        "/tasks/{task_id:str}/file",
        operation_id="own_tasks.give_file",
        responses=problems(401, 404, 409, 413, 422),
        status_code=200,
        request_max_body_size=checklist_files.MOST_BYTES,
    )
    async def give_file(
        self,
        request: Request[Any, Any, Any],
        task_id: FromPath[str],
        data: MultipartBody[TaskFileForm],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> TaskOut:
        """Give the file that a task asks for; it is judged by its content, made safe, and closes the task."""
        until = day_of(data.holds_until)
        judged = await asyncio.to_thread(checklist_files.judge_content, await data.file.read())
        database: Database = request.app.state.database
        async with database.transaction() as session:
            gone = await checklist_files.give_file(
                session, hand_of(actor), task_id, judged, holds_until=until, files=files, editions=editions,
                now=now,
            )  # fmt: skip
            out = await task_out(session, actor, task_id, editions=editions, now=now)
        if gone.sha256:
            files.remove(gone.sha256)
        return out

    @delete(
        "/tasks/{task_id:str}/file",
        operation_id="own_tasks.take_back_file",
        responses=problems(401, 404),
        status_code=204,
    )
    async def take_back_file(
        self,
        request: Request[Any, Any, Any],
        task_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> None:
        """Take your file back; its bytes go at once. There being none is fine."""
        database: Database = request.app.state.database
        async with database.transaction() as session:
            gone = await checklist_files.take_back_file(
                session, hand_of(actor), task_id, editions=editions, now=now
            )
        if gone.sha256:
            files.remove(gone.sha256)

    @put("/equipment/{loan_id:str}/reception", operation_id="own_equipment.receive",
         responses=problems(401, 404, 409, 422))  # fmt: skip
    async def receive(
        self,
        loan_id: FromPath[str],
        data: JSONBody[LoanDayIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> LoanOut:
        """Say that a thing is there; `note` is what lacks or is damaged."""
        row = await equipment.note_received(
            session, hand_of(actor), loan_id, on=data.on, words=data.note, editions=editions, now=now
        )
        return LoanOut.of(LoanFacts.model_validate(row, extra="ignore"))

    @put("/daily-letter", operation_id="own_digest.choose", responses=problems(401))
    async def choose(
        self,
        data: JSONBody[DigestChoiceIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> DigestChoiceOut:
        """Say whether you want the daily letter about open tasks."""
        row = await digests.choose(session, actor, is_wanted=data.is_wanted, now=now)
        return DigestChoiceOut(is_wanted=row.is_wanted)


def day_of(text: str) -> date | None:
    """The date that a form field names; None when it is empty."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RuleBroken(
            "Write a date as 2026-11-24.",
            faults=[Fault("/holds_until", "date", "Write a date as 2026-11-24.")],
        ) from None
