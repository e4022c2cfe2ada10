"""Pages of packs: how far one is, its documents to load, and one's own documents."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.papers import packs, papers
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.files import FileStore
from service.runtime.vocabulary import DeadlineHolder, PackState
from service.store.papers import deadlines as deadline_store
from service.store.papers import offers as offer_store
from service.store.papers import packs as store
from service.store.papers.offers import has_accepted_offer
from service.web.pages import render
from service.web.papers.offers_views import line_view, pack_view
from service.web.papers.papers_views import deadline_view, paper_view
from service.web.translations import locale_of


class PackPages(Controller):
    """Documents to sign."""

    include_in_schema = False

    @get("/packs/{pack_id:str}", operation_id="web.packs.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        pack_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        pack = await packs.read_pack(session, actor, pack_id, now=now)
        return render(
            request,
            "recruiter/packs/show.html",
            title="Documents à signer",
            pack=pack_view(pack, locale_of(request)),
            offer_href=f"/offers/{pack.offer_id}",
        )

    @get("/packs/{pack_id:str}/progress", operation_id="web.packs.progress")
    async def progress(
        self, pack_id: FromPath[str], session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> Response[None]:
        """Nothing while the documents are being made; then the word to load the page again."""
        pack = await store.facts_of(session, actor, pack_id)
        headers = {} if pack.state is PackState.REQUESTED else {"HX-Refresh": "true"}
        return Response(None, status_code=204, headers=headers)

    @get("/packs/{pack_id:str}/archive", operation_id="web.packs.archive", opt={"audited": True})
    async def archive(
        self,
        pack_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        pack, content = await packs.read_archive(session, actor, pack_id, files=files, now=now)
        return attachment(content, file_name=f"{pack.reference}.zip", media_type="application/zip")

    @get("/documents/{document_id:str}/content", operation_id="web.documents.content", opt={"audited": True})
    async def content(
        self,
        document_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        document, content = await packs.read_document(session, actor, document_id, files=files, now=now)
        return attachment(content, file_name=document.file_name, media_type="application/pdf")

    @get("/me/documents", operation_id="web.own_documents.list", opt={"audited": True})
    async def own(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template:
        locale = locale_of(request)
        found = await packs.packs_of_person(session, actor, now=now)
        own_papers = await papers.papers_of_person(session, actor, now=now)
        dates = (
            await deadline_store.of_candidate(session, actor, own_papers[0].candidate_id)
            if own_papers
            else ()
        )
        offered = await offer_store.page_of(session, actor, limit=50)
        return render(
            request,
            "candidate/offer_documents.html",
            title="Mes documents",
            packs=tuple(pack_view(pack, locale) for pack in found),
            papers=tuple(paper_view(one, locale) for one in own_papers),
            deadlines=tuple(
                deadline_view(one, locale, today=civil_date(now))
                for one in dates
                if one.holder is DeadlineHolder.PERSON
            ),
            may_give_number=await has_accepted_offer(session, offered.lines[0].candidate_id)
            if offered.lines
            else False,
            offers=tuple(line_view(line, locale, base="/me/offers") for line in offered.lines),
        )
