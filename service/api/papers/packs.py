"""Packs of documents in the API: ask for one, see how far it is, download its documents and its archive."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows.papers import packs
from service.http import idempotency
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.vocabulary import PackState
from service.store.papers.packs import DocumentFacts, MadePackFacts

PDF, ZIP = "application/pdf", "application/zip"


class DocumentOut(Out):
    """One document; `content` is where its bytes are, and `sha256` what they hash to."""

    id: UUID
    position: int
    kind: str
    title: str
    template_edition: str
    file_name: str
    sha256: str
    size_bytes: int
    pages: int
    content: str


class PackOut(Out):
    """One pack: `requested` until its documents are made, then `ready`, or `failed` with its cause in words."""

    id: UUID
    offer_id: UUID
    state: PackState
    failure: str
    reference: str
    created_at: datetime
    ready_at: datetime | None
    documents: list[DocumentOut]
    archive: str | None
    archive_sha256: str | None


class OwnPacksOut(Out):
    """One's own documents, once they are ready."""

    items: list[PackOut]


def pack_out(pack: MadePackFacts) -> PackOut:
    return PackOut(
        id=pack.id,
        offer_id=pack.offer_id,
        state=pack.state,
        failure=pack.failure,
        reference=pack.reference,
        created_at=pack.created_at,
        ready_at=pack.ready_at,
        documents=[_document_out(document) for document in pack.documents],
        archive=f"/api/v1/packs/{pack.id}/archive" if pack.archive_sha256 else None,
        archive_sha256=pack.archive_sha256,
    )


def _document_out(document: DocumentFacts) -> DocumentOut:
    shown = document.model_dump(include=set(DocumentOut.model_fields))
    return DocumentOut(**shown, content=f"/api/v1/documents/{document.id}/content")


class Packs(Controller):
    """Documents to sign."""

    tags = ["Packs"]

    @post(
        "/offers/{offer_id:str}/packs",
        operation_id="packs.create",
        responses=problems(401, 404, 409, 422),
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        offer_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[PackOut]:
        """Ask for the documents of an accepted offer; 422 names everything missing. Send an Idempotency-Key."""

        async def act() -> PackOut:
            return pack_out(await packs.request_pack(session, actor, offer_id, law=editions.law, now=now))

        return await idempotency.once(  # type: ignore[return-value]
            request, session, actor, now=now, act=act, location=lambda out: f"/api/v1/packs/{out.id}"
        )

    @get(
        "/packs/{pack_id:str}", operation_id="packs.read", responses=problems(401, 404), opt={"audited": True}
    )
    async def read(
        self,
        pack_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PackOut:
        """See how far a pack is and what is in it."""
        return pack_out(await packs.read_pack(session, actor, pack_id, now=now))

    @get("/me/packs", operation_id="own_packs.list", responses=problems(401), opt={"audited": True})
    async def list_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> OwnPacksOut:
        """List your own documents."""
        found = await packs.packs_of_person(session, actor, now=now)
        return OwnPacksOut(items=[pack_out(pack) for pack in found])

    @get(
        "/packs/{pack_id:str}/archive",
        operation_id="packs.archive",
        responses=problems(401, 404),
        opt={"audited": True},
        media_type=ZIP,
    )
    async def archive(
        self,
        pack_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download every document and the manifest as one archive."""
        pack, content = await packs.read_archive(session, actor, pack_id, files=files, now=now)
        return attachment(content, file_name=f"{pack.reference}.zip", media_type=ZIP)

    @get(
        "/documents/{document_id:str}/content",
        operation_id="documents.content",
        responses=problems(401, 404),
        opt={"audited": True},
        media_type=PDF,
    )
    async def content(
        self,
        document_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download one document."""
        document, content = await packs.read_document(session, actor, document_id, files=files, now=now)
        return attachment(content, file_name=document.file_name, media_type=PDF)
