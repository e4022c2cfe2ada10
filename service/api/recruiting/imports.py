"""Imports in the API: send a file, read the report, apply it whole."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows.recruiting import imports
from service.http import idempotency
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.vocabulary import ImportKind, ImportState
from service.store.recruiting import imports as store
from service.store.recruiting.imports import ImportFacts


@dataclass
class ImportForm:
    """A file of people or programmes: JSON or CSV, at most 20 MB."""

    kind: ImportKind
    file: UploadFile


class FaultLineOut(Out):
    """One thing to put right in the file."""

    line: int
    column: str
    value: str
    reason: str


class TwinLineOut(Out):
    """A new row that is likely somebody known, or another row of the file."""

    line: int
    name: str
    other_name: str
    candidate_id: UUID | None
    other_line: int | None
    signs: list[str]


class ReportOut(Out):
    """What applying does; `bad` is above 0 when the file cannot be applied."""

    new: int
    changed: int
    unchanged: int
    bad: int
    likely_duplicates: int
    faults: list[FaultLineOut]
    fault_count: int
    duplicates: list[TwinLineOut]
    ignored_columns: list[str]
    applied_before: datetime | None


class ImportOut(Out):
    """One file with its report."""

    id: UUID
    kind: ImportKind
    file_name: str
    sha256: str
    state: ImportState
    report: ReportOut
    created_at: datetime
    applied_at: datetime | None


class ImportListOut(Out):
    """The newest imports first, at most fifty."""

    items: list[ImportOut]


class Imports(Controller):
    """Files of people and programmes."""

    path = "/imports"
    tags = ["Imports"]

    @post(
        operation_id="imports.create",
        responses=problems(401, 413, 422),
        request_max_body_size=imports.MAX_BYTES + 100_000,
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: MultipartBody[ImportForm],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[ImportOut]:
        """Check a file: nothing is changed, the report says what applying it would do."""
        content = await data.file.read()
        reading = await asyncio.to_thread(
            imports.read_file, content, kind=data.kind, file_name=data.file.filename or ""
        )
        database: Database = request.app.state.database
        async with database.transaction() as session:
            facts = await imports.keep_check(session, actor, reading, content, files=files, now=now)
        return Response(_out(facts), status_code=201, headers={"Location": f"/api/v1/imports/{facts.id}"})

    @get(operation_id="imports.list", responses=problems(401))
    async def list_imports(self, session: NamedDependency[AsyncSession]) -> ImportListOut:
        """List the newest imports."""
        return ImportListOut(items=[_out(facts) for facts in await store.latest(session)])

    @get("/{import_id:str}", operation_id="imports.read", responses=problems(401, 404))
    async def read(self, import_id: FromPath[str], session: NamedDependency[AsyncSession]) -> ImportOut:
        """Read the report of one import."""
        return _out(await store.facts_of(session, import_id))

    @post(
        "/{import_id:str}/apply",
        operation_id="imports.apply",
        status_code=200,
        responses=problems(401, 404, 409, 422),
    )
    async def apply(
        self,
        request: Request[Any, Any, Any],
        import_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[ImportOut]:
        """Apply a checked file whole or not at all; send an Idempotency-Key."""
        database: Database = request.app.state.database
        reading = await imports.read_kept(database, files, import_id)
        async with database.transaction() as session:

            async def act() -> ImportOut:
                facts = await imports.apply_kept(
                    session, actor, import_id, reading, editions=editions, now=now
                )
                return _out(facts)

            return await idempotency.once(  # type: ignore[return-value]
                request, session, actor, now=now, act=act, status=200
            )


def _out(facts: ImportFacts) -> ImportOut:
    return ImportOut.model_validate(facts.model_dump())
