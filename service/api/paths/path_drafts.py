"""Paths while they are written, for tools that write them: drafts, what they lack, and publishing."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody
from pydantic import Field, StrictInt
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.paths.drafts import Draft, DraftModule, DraftWords
from onboarding.paths.paths import Attachment
from service.api.models import In, Out
from service.api.paths.training_models import Day, SlugText
from service.api.responses import problems
from service.flows.paths import authoring as flow
from service.flows.paths import teaching_files
from service.http.editing import check_version, etag_of
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.store.paths import authoring as store

LISTS = ("objectives", "languages", "modules")
Languages = Annotated[list[Literal["fr", "en"]], Field(min_length=1, max_length=2)]


class DraftBeginIn(In):
    """A new path by its title, copied or not; or, with `edition`, the next edition of the path `like`."""

    title: DraftWords | None = None
    languages: Languages = ["fr"]
    like: SlugText | None = None
    edition: Annotated[str, Field(max_length=40)] | None = None


class DraftChangeIn(In):
    """What of a draft changes; what is left out stays. `modules` replaces all of them."""

    title: DraftWords | None = None
    purpose: DraftWords | None = None
    audience: DraftWords | None = None
    objectives: Annotated[list[DraftWords], Field(max_length=20)] | None = None
    assistance: DraftWords | None = None
    languages: Languages | None = None
    valid_months: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None
    renewal_days: Annotated[StrictInt, Field(ge=0, le=10_000)] | None = None
    renewed_by: SlugText | None = None
    modules: Annotated[list[DraftModule], Field(max_length=60)] | None = None


class GapOut(Out):
    """One thing that a draft lacks: its place in the path, a stable code, and the sentence."""

    where: str
    code: str
    what: str


class DraftLineOut(Out):
    """One draft in the list."""

    path: str
    title: DraftWords
    based_on: str
    edited_by: str
    edited_at: datetime
    version: int


class DraftsOut(Out):
    """Every draft, the one edited last first."""

    items: list[DraftLineOut]


class DraftOut(DraftLineOut):
    """One draft whole, with everything it lacks; `edition` is what it would be called if published today."""

    edition: str
    draft: Draft
    gaps: list[GapOut]


class PublicationIn(In):
    """From which day the edition is given (today when left out), and what is new in it."""

    valid_from: Day | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


class PublishedOut(Out):
    """The edition that was published."""

    path: str
    edition: str
    valid_from: date


@dataclass
class TeachingFileForm:
    """A picture or a PDF of 10 MB at most; its name is what it is called in texts."""

    file: UploadFile


class AttachmentOut(Out):
    """A file as a module holds it: `![what it shows](name)` shows a picture in a page."""

    name: str
    sha256: str
    media_type: str
    size: int


class PathDrafts(Controller):
    """Paths being written."""

    path = "/path-drafts"
    tags = ["Training"]

    @get(operation_id="path_drafts.list", responses=problems(401))
    async def list(self, session: NamedDependency[AsyncSession]) -> DraftsOut:
        """List what is being written."""
        return DraftsOut(items=[DraftLineOut(**_line(one)) for one in await store.drafts(session)])

    @post(operation_id="path_drafts.begin", responses=problems(401, 404, 409, 422))
    async def begin(
        self,
        data: JSONBody[DraftBeginIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[DraftOut]:
        """Begin a path, or the next edition of one; 409 while another draft of it lies open."""
        if data.edition is not None:
            slug = data.like or ""
            await flow.begin_edition(session, actor, slug, data.edition, library=library, now=now)
        else:
            slug = await flow.begin(
                session, actor, data.title or DraftWords(),
                languages=tuple(Language(one) for one in dict.fromkeys(data.languages)),
                like=flow.newest(library, data.like) if data.like else None, library=library, now=now,
            )  # fmt: skip
        return await _shown(session, slug, library, now, status=201)

    @get("/{path:str}", operation_id="path_drafts.read", responses=problems(401, 404))
    async def read(
        self,
        path: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[DraftOut]:
        """Read one draft and everything it lacks."""
        return await _shown(session, path, library, now)

    @patch("/{path:str}", operation_id="path_drafts.edit", responses=problems(401, 404, 412, 422, 428))
    async def edit(
        self,
        request: Request[Any, Any, Any],
        path: FromPath[str],
        data: JSONBody[DraftChangeIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[DraftOut]:
        """Change a draft, faulty or not; what it lacks is told, never refused."""
        changes = {name: getattr(data, name) for name in data.model_fields_set}
        changes = {
            name: tuple(value) if name in LISTS else value
            for name, value in changes.items()
            if value is not None or name in ("valid_months", "renewed_by")
        }
        if "languages" in changes:
            changes["languages"] = tuple(Language(one) for one in dict.fromkeys(changes["languages"]))
        await flow.change(
            session, actor, path, lambda draft: draft.model_copy(update=changes), now=now,
            check_version=lambda version: check_version(request, version),
        )  # fmt: skip
        return await _shown(session, path, library, now)

    @delete("/{path:str}", operation_id="path_drafts.discard", responses=problems(401, 404))
    async def discard(
        self,
        path: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Throw a draft away; what was published stays."""
        await flow.discard(session, actor, path, now=now)

    @post(
        "/{path:str}/publication", operation_id="path_drafts.publish", responses=problems(401, 404, 409, 422)
    )
    async def publish(
        self,
        path: FromPath[str],
        data: JSONBody[PublicationIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> PublishedOut:
        """Freeze the draft as an edition; 422 names everything it lacks."""
        day = data.valid_from or civil_date(now)
        made = await flow.publish(
            session, actor, path, valid_from=day, note=data.note, library=library, now=now
        )
        return PublishedOut(path=made.slug, edition=made.edition, valid_from=made.valid_from)

    @post(
        "/{path:str}/modules/{module:str}/files",
        operation_id="path_drafts.add_file",
        responses=problems(401, 404, 413, 422),
        request_max_body_size=teaching_files.MOST_BYTES,
    )
    async def add_file(
        self,
        request: Request[Any, Any, Any],
        path: FromPath[str],
        module: FromPath[str],
        data: Annotated[TeachingFileForm, Body(media_type=RequestEncodingType.MULTI_PART)],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> AttachmentOut:
        """Add a picture or a paper to a module of the draft."""
        judged = await asyncio.to_thread(teaching_files.judged, await data.file.read())
        database: Database = request.app.state.database
        async with database.transaction() as session:
            kept = await teaching_files.add_to_draft(
                session, actor, path, module, judged, file_name=data.file.filename or "", files=files, now=now
            )
        return _attachment(kept)


def _attachment(file: Attachment) -> AttachmentOut:
    return AttachmentOut(**file.model_dump(exclude={"title"}))


def _line(facts: store.DraftFacts) -> dict[str, Any]:
    told = facts.model_dump(include={"path", "based_on", "edited_by", "edited_at", "version"})
    return {**told, "title": flow.read_draft(facts.document).title}


async def _shown(
    session: AsyncSession, slug: str, library: Editions, now: datetime, *, status: int = 200
) -> Response[DraftOut]:
    written = await flow.written(session, slug, library=library, now=now)
    out = DraftOut(
        **_line(written.facts), edition=written.edition, draft=written.draft,
        gaps=[GapOut(where=one.where, code=one.code, what=one.what) for one in written.faults],
    )  # fmt: skip
    return Response(out, status_code=status, headers={"ETag": etag_of(written.facts.version)})
