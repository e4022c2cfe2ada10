"""Lists of skills in the API: send the files of one, read what it would change, take it whole."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows.matching import skill_lists
from service.flows.matching.skill_lists import ListReport, SentFile
from service.http import idempotency
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.files import FileStore
from service.runtime.vocabulary import ImportState
from service.store.recruiting import skills as store
from service.store.recruiting.skills import EditionFacts


@dataclass
class SkillListForm:
    """The files of one list. `scheme`: `esco`, `rome`, or the short name of a customer's own list (CSV)."""

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
    edition: Annotated[str, Field(min_length=1, max_length=80)]
    files: list[UploadFile]
    title: Annotated[str, Field(max_length=200)] = ""
    licence: Annotated[str, Field(max_length=200)] = ""


class ConceptLineOut(Out):
    """One skill that an edition adds, leaves out, or calls otherwise; `was` is what it was called."""

    uri: str
    label: str
    was: str


class ListReportOut(Out):
    """What taking the edition changes; counts count all, the lists show the first 200."""

    concepts: int
    added: int
    removed: int
    relabelled: int
    changed: int
    unchanged: int
    added_lines: list[ConceptLineOut]
    removed_lines: list[ConceptLineOut]
    relabelled_lines: list[ConceptLineOut]
    shared_label_count: int
    shared_labels: list[str]
    ring_count: int
    rings: list[list[str]]
    ignored_files: list[str]


class SkillListOut(Out):
    """One edition of one list; nothing is lost by taking it: what it leaves out stays, an old label still names."""

    id: UUID
    scheme: str
    title: str
    edition: str
    sha256: str
    source: str
    licence: str
    state: ImportState
    report: ListReportOut
    created_at: datetime
    applied_at: datetime | None


class SkillListsOut(Out):
    """The newest editions first, at most fifty, and how many skills of each list are in force."""

    items: list[SkillListOut]
    in_force: dict[str, int]


class SkillLists(Controller):
    """Lists of skills brought in: ESCO, ROME, and customers' own."""

    path = "/skill-lists"
    tags = ["Skills"]

    @post(
        operation_id="skill_lists.create",
        responses=problems(401, 413, 422),
        request_max_body_size=skill_lists.MAX_BYTES + 100_000,
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: MultipartBody[SkillListForm],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[SkillListOut]:
        """Check the files of a list: nothing is changed, the report says what taking it would change."""
        sent = [SentFile(one.filename or "", await one.read()) for one in data.files]
        read = await asyncio.to_thread(skill_lists.read_files, sent, scheme=data.scheme, edition=data.edition)
        database: Database = request.app.state.database
        async with database.transaction() as session:
            facts = await skill_lists.keep_check(
                session, actor, read, title=data.title, licence=data.licence, files=files, now=now
            )
        return Response(_out(facts), status_code=201, headers={"Location": f"/api/v1/skill-lists/{facts.id}"})

    @get(operation_id="skill_lists.list", responses=problems(401))
    async def list_editions(self, session: NamedDependency[AsyncSession]) -> SkillListsOut:
        """List the newest editions."""
        items = [_out(one) for one in await store.editions_of(session)]
        return SkillListsOut(items=items, in_force=dict(await store.counts_by_scheme(session)))

    @get("/{edition_id:str}", operation_id="skill_lists.read", responses=problems(401, 404))
    async def read(self, edition_id: FromPath[str], session: NamedDependency[AsyncSession]) -> SkillListOut:
        """Read what one edition changes, or changed."""
        return _out(await store.edition_facts(session, edition_id))

    @post(
        "/{edition_id:str}/apply",
        operation_id="skill_lists.apply",
        status_code=200,
        responses=problems(401, 404, 409, 422),
    )
    async def apply(
        self,
        request: Request[Any, Any, Any],
        edition_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[SkillListOut]:
        """Take a checked edition whole; send an Idempotency-Key."""
        database: Database = request.app.state.database
        async with database.transaction(write=False) as session:
            kept = await store.edition_facts(session, edition_id)
        sent = await asyncio.to_thread(skill_lists.read_kept, kept, files)
        async with database.transaction() as session:

            async def act() -> SkillListOut:
                return _out(await skill_lists.apply_kept(session, actor, edition_id, sent, now=now))

            return await idempotency.once(  # type: ignore[return-value]
                request, session, actor, now=now, act=act, status=200
            )


def _out(facts: EditionFacts) -> SkillListOut:
    report = ListReport.model_validate(facts.report)
    told = facts.model_dump(include=set(SkillListOut.model_fields) - {"report"})
    return SkillListOut(**told, report=ListReportOut.model_validate(report.model_dump()))
