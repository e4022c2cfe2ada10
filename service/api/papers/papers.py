"""Papers in the API: which kinds there are, what stops one, issue it under its number, see and download it."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.papers.papers_models import (
    PaperCheckOut,
    PaperIn,
    PaperKindsOut,
    PaperOut,
    PapersOut,
    check_out,
    kind_out,
    paper_out,
)
from service.api.responses import problems
from service.flows.papers import declarations, papers
from service.flows.papers.papers_facts import issuable, paper_of
from service.http import idempotency
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.vault import Vault

PDF, XML = "application/pdf", "application/xml"


class Papers(Controller):
    """Papers about one person, each under a number of its own."""

    tags = ["Papers"]

    @get("/papers/kinds", operation_id="papers.kinds", responses=problems(401))
    async def kinds(
        self, editions: NamedDependency[Editions], now: NamedDependency[datetime]
    ) -> PaperKindsOut:
        """List every kind with the schema of its details and what the law wants it to say today."""
        day = civil_date(now)
        return PaperKindsOut(
            items=[kind_out(paper_of(kind), editions.law.mentions_on(kind, day)) for kind in issuable()]
        )

    @post(
        "/applications/{application_id:str}/papers/check",
        operation_id="papers.check",
        status_code=200,
        responses=problems(401, 404, 422),
    )
    async def check(
        self,
        application_id: FromPath[str],
        data: JSONBody[PaperIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> PaperCheckOut:
        """Say what a paper would still need; nothing is issued and no number is taken."""
        _, draft = await papers.check(
            session, actor, application_id, data.wish, law=editions.law, vault=vault, now=now
        )
        return check_out(draft)

    @post(
        "/applications/{application_id:str}/papers",
        operation_id="papers.issue",
        responses=problems(401, 404, 409, 422),
    )
    async def issue(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        data: JSONBody[PaperIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Response[PaperOut]:
        """Issue a paper; 422 names everything missing and takes no number. Send an Idempotency-Key.

        What says the very same as a paper issued before is answered with that paper.
        """

        async def act() -> PaperOut:
            return paper_out(
                await papers.issue(
                    session, actor, application_id, data.wish, law=editions.law, vault=vault, now=now
                )
            )

        return await idempotency.once(  # type: ignore[return-value]
            request, session, actor, now=now, act=act, location=lambda out: f"/api/v1/papers/{out.id}"
        )

    @get(
        "/applications/{application_id:str}/papers",
        operation_id="papers.list",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def list_papers(
        self,
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PapersOut:
        """List the papers issued for an application, the newest first."""
        _, found = await papers.papers_of_application(session, actor, application_id, now=now)
        return PapersOut(items=[paper_out(one) for one in found])

    @get(
        "/papers/{paper_id:str}",
        operation_id="papers.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PaperOut:
        """See how far a paper is."""
        return paper_out(await papers.read(session, actor, paper_id, now=now))

    @post(
        "/papers/{paper_id:str}/drawing",
        operation_id="papers.draw_again",
        status_code=200,
        responses=problems(401, 404, 409),
    )
    async def draw_again(
        self,
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PaperOut:
        """Ask once more for the file of a paper that could not be drawn; its number stays."""
        return paper_out(await papers.draw_again(session, actor, paper_id, now=now))

    @get(
        "/papers/{paper_id:str}/content",
        operation_id="papers.content",
        responses=problems(401, 404),
        opt={"audited": True},
        media_type=PDF,
    )
    async def content(
        self,
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Download a paper."""
        paper, content = await papers.read_content(
            session, actor, paper_id, files=files, vault=vault, now=now
        )
        return attachment(content, file_name=paper.file_name, media_type=PDF)

    @get(
        "/papers/{paper_id:str}/declaration",
        operation_id="papers.declaration",
        responses=problems(401, 404, 422),
        opt={"audited": True},
        media_type=XML,
    )
    async def declaration(
        self,
        paper_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        vault: NamedDependency[Vault],
        now: NamedDependency[datetime],
        is_trial_run: FromQuery[bool] = False,
    ) -> Response[bytes]:
        """Download the file that declares a hiring; with `is_trial_run` it is controlled there and not registered."""
        name, content = await declarations.file_of(
            session, actor, paper_id, is_trial_run=is_trial_run, law=editions.law, vault=vault, now=now
        )
        return attachment(content, file_name=name, media_type=XML)

    @get("/me/papers", operation_id="own_papers.list", responses=problems(401), opt={"audited": True})
    async def list_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PapersOut:
        """List the papers about you."""
        found = await papers.papers_of_person(session, actor, now=now)
        return PapersOut(items=[paper_out(one) for one in found])
