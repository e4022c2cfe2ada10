"""Evidence in the API: a person's files as answers, and what staff saw, recorded beside what was declared."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, MultipartBody
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.evidence import HowKnown
from service.api.assessing.answering import AnswerIn, ItemName, Slug
from service.api.models import In, Out, Reason
from service.api.responses import problems
from service.flows.assessing import answering, evidence, withdrawals
from service.flows.assessing.evidence import Shown
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.store.assessing import assessments as responses
from service.store.assessing.evidence_files import EvidenceFacts, EvidenceFileFacts

MOST_BYTES = evidence.MOST_MEGABYTES * 1_000_000 + 100_000


@dataclass
class FileForm:
    """One file: a PDF or a picture, of the kinds and the size that the question says."""

    file: UploadFile


@dataclass
class AboutFileForm:
    """One file that staff was shown, and the question it is about."""

    instrument: str
    item: str
    file: UploadFile


class EvidenceFileOut(Out):
    """One kept file: a PDF or a picture written anew, without what was hidden in it."""

    id: UUID
    instrument: str
    item: str
    media_type: str
    size_bytes: int
    file_name: str
    created_at: datetime


class EvidenceIn(In):
    """What was seen: the question, the day, how it is known, and the value when one was shown."""

    instrument: Slug
    item: ItemName
    kind: Literal["attested", "verified"]
    known_on: Annotated[date, Field(strict=False)]
    value: AnswerIn = None
    note: Annotated[str, StringConstraints(max_length=2000)] = ""
    file_id: Annotated[UUID, Field(strict=False)] | None = None


class EvidenceOut(Out):
    """What was shown about one question on one day; the declared answer stays beside it, unchanged.

    Withdrawn, it stays in the list with its reason and counts no more.
    """

    id: UUID
    candidate_id: UUID
    instrument: str
    item: str
    kind: str
    value: bool | int | str | list[str] | None
    known_on: date
    file_id: UUID | None
    recorded_by: str
    note: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str


class EvidenceWithdrawalIn(In):
    """Why what was recorded counts no more."""

    why: Reason


class OwnFiles(Controller):
    """A candidate's files."""

    path = "/me"
    tags = ["Self-assessment"]

    @post(
        "/responses/{response_id:str}/files/{item_id:str}",
        operation_id="me.files.attach",
        responses=problems(401, 404, 409, 413, 422),
        request_max_body_size=MOST_BYTES,
    )
    async def attach(
        self,
        request: Request[Any, Any, Any],
        response_id: FromPath[str],
        item_id: FromPath[str],
        data: MultipartBody[FileForm],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[EvidenceFileOut]:
        """Answer a question with a file. It is judged by its content, made safe, and takes the place of one before."""
        database: Database = request.app.state.database
        async with database.transaction(write=False) as session:
            found = await responses.response(session, actor, response_id)
        item = evidence.file_item(answering.instrument_of(editions, found), item_id)
        judged = await asyncio.to_thread(evidence.judge_for, item, await data.file.read())
        async with database.transaction() as session:
            row = await responses.response_row(session, actor, response_id, to_change=True)
            kept = await evidence.attach(
                session, actor, row, item_id, judged, files=files, editions=editions, now=now
            )
        headers = {"Location": f"/api/v1/me/files/{kept.id}"}
        return Response(_file_out(kept), status_code=201, headers=headers)

    @delete(
        "/responses/{response_id:str}/files/{item_id:str}",
        operation_id="me.files.detach",
        responses=problems(401, 404, 409),
        status_code=204,
    )
    async def detach(
        self,
        response_id: FromPath[str],
        item_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> None:
        """Take the file of a question back; there being none is fine."""
        row = await responses.response_row(session, actor, response_id, to_change=True)
        await evidence.detach(session, actor, row, item_id, editions=editions, now=now)

    @get(
        "/files/{file_id:str}",
        operation_id="me.files.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        file_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download a file kept of oneself."""
        return await download(session, actor, file_id, files=files, now=now)


class EvidenceOf(Controller):
    """Evidence, for whoever recruits."""

    path = "/candidates/{candidate_id:str}"
    tags = ["Screening"]

    @get("/evidence", operation_id="evidence.list", responses=problems(401, 404), opt={"audited": True})
    async def list_of(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> list[EvidenceOut]:
        """List what was measured, attested or verified of a person, newest first. The read is noted."""
        found = await evidence.read_evidence(session, actor, candidate_id, now=now)
        return [_evidence_out(one) for one in found]

    @post("/evidence", operation_id="evidence.create", responses=problems(401, 404, 422))
    async def create(
        self,
        candidate_id: FromPath[str],
        data: JSONBody[EvidenceIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> EvidenceOut:
        """Record what you saw. What the person declared does not change."""
        shown = Shown(
            **{name: getattr(data, name) for name in Shown.__dataclass_fields__ if name != "kind"},
            kind=HowKnown(data.kind),
        )
        return _evidence_out(
            await evidence.record_shown(session, actor, candidate_id, shown, editions=editions, now=now)
        )

    @post(
        "/evidence/{evidence_id:str}/withdrawal",
        operation_id="evidence.withdraw",
        responses=problems(401, 404, 409, 422),
        status_code=200,
    )
    async def withdraw(
        self,
        candidate_id: FromPath[str],
        evidence_id: FromPath[str],
        data: JSONBody[EvidenceWithdrawalIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> EvidenceOut:
        """Withdraw what was recorded by mistake, with a reason; it stays to be read and counts no more."""
        return _evidence_out(
            await withdrawals.withdraw(
                session, actor, candidate_id, evidence_id, why=data.why, editions=editions, now=now
            )
        )

    @post(
        "/files",
        operation_id="evidence.files.keep",
        responses=problems(401, 404, 409, 413, 422),
        request_max_body_size=MOST_BYTES,
    )
    async def keep(
        self,
        request: Request[Any, Any, Any],
        candidate_id: FromPath[str],
        data: MultipartBody[AboutFileForm],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[EvidenceFileOut]:
        """Keep a file that you were shown, then name it in what you record."""
        judged = await asyncio.to_thread(evidence.judge_for, None, await data.file.read())
        database: Database = request.app.state.database
        async with database.transaction() as session:
            kept = await evidence.keep_for_staff(
                session, actor, candidate_id, (data.instrument, data.item), judged,
                files=files, editions=editions, now=now,
            )  # fmt: skip
        headers = {"Location": f"/api/v1/candidates/{kept.candidate_id}/files/{kept.id}"}
        return Response(_file_out(kept), status_code=201, headers=headers)

    @get(
        "/files/{file_id:str}",
        operation_id="evidence.files.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        candidate_id: FromPath[str],
        file_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download a file kept of a person. The read is noted in the audit trail."""
        return await download(session, actor, file_id, files=files, now=now, candidate_id=candidate_id)


async def download(
    session: AsyncSession,
    actor: Actor,
    file_id: str,
    *,
    files: FileStore,
    now: datetime,
    candidate_id: str = "",
) -> Response[bytes]:
    """The file as a download: never shown in the page, whatever it holds."""
    found, content = await evidence.open_file(
        session, actor, file_id, of_candidate=candidate_id, files=files, now=now
    )
    return attachment(content, file_name=found.file_name, media_type=found.media_type)


def _file_out(found: EvidenceFileFacts) -> EvidenceFileOut:
    return EvidenceFileOut(**found.model_dump(exclude={"candidate_id", "sha256", "staff_id"}))


def _evidence_out(found: EvidenceFacts) -> EvidenceOut:
    said = found.model_dump(exclude={"staff_id", "staff_name", "kind", "withdrawn_by", "withdrawn_by_name"})
    return EvidenceOut(
        **said, kind=found.kind.value, recorded_by=found.staff_name, withdrawn_by=found.withdrawn_by_name
    )
