"""Refreshers for machines: one's own questions of today; for those who train, notes to a team and its figures."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.continuous.refreshers_models import (
    MarkedCardOut,
    NotePageOut,
    NoteWithdrawalIn,
    RecalledIn,
    TeamMemoryOut,
    TeamNoteIn,
    TeamNoteOut,
    TodayOut,
)
from service.api.responses import problems
from service.flows.continuous import notes, refreshers, team_memory
from service.flows.continuous.refreshers import Given
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.ids import parse_id
from service.runtime.settings import Settings
from service.store.continuous import notes as store


class OwnRefreshers(Controller):
    """One's own questions of today. What one answers is for learning: no member of staff reads it."""

    path = "/me/refreshers"
    tags = ["Refreshers"]

    @get(operation_id="me.refreshers.list", responses=problems(401))
    async def list_own(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> TodayOut:
        """List the questions of today, as many as five minutes hold."""
        return TodayOut.of(await refreshers.today_of(session, actor, editions=library, now=now))

    @post(
        "/{card_id:str}/answers",
        operation_id="me.refreshers.answer",
        status_code=200,
        responses=problems(401, 404, 409, 422),
    )
    async def answer(
        self,
        card_id: FromPath[str],
        data: JSONBody[RecalledIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> MarkedCardOut:
        """Answer a question that is due. The same turn sent again is the first answer, whatever it says."""
        marked = await refreshers.answer(
            session, actor, card_id, Given(data.recall, tuple(data.chosen)), turn=data.turn, editions=library,
            now=now,
        )  # fmt: skip
        return MarkedCardOut.of(marked)


class Procedures(Controller):
    """Notes to a team: what changed, or what helped, asked of everybody who works for a programme."""

    path = "/procedures"
    tags = ["Refreshers"]

    @get(operation_id="procedures.list", responses=problems(401, 422))
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        programme: FromQuery[str] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[NotePageOut]:
        """List the notes of programmes within reach, the newest first."""
        secret: bytes = request.app.state.secret
        page = await store.page_of(
            session, actor, limit=limit, programme_id=parse_id(programme) if programme else None,
            after=read_cursor(secret, cursor, of=store.LISTING) if cursor else None,
        )  # fmt: skip
        following = write_cursor(secret, page.after, of=store.LISTING) if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        out = NotePageOut(items=[TeamNoteOut.of(one) for one in page.lines], next=following)
        return Response(out, headers=headers)

    @get("/figures", operation_id="procedures.figures", responses=problems(401))
    async def figures(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> TeamMemoryOut:
        """Say what the people within reach remember, in sums that name nobody."""
        return TeamMemoryOut.of(await team_memory.team_memory(session, actor, editions=library, now=now))

    @get("/{note_id:str}", operation_id="procedures.read", responses=problems(401, 404))
    async def read(
        self,
        note_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[TeamNoteOut]:
        """Read one note; send its ETag back to withdraw it."""
        return _answer(await store.facts_of(session, actor, note_id))

    @post(operation_id="procedures.create", responses=problems(401, 409, 422))
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[TeamNoteIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[TeamNoteOut]:
        """Say what changed to everybody hired for a programme, with a question that comes back. Idempotency-Key."""

        async def act() -> TeamNoteOut:
            return TeamNoteOut.of(
                await notes.send(
                    session, actor, programme_id=data.programme_id, written=data.written,
                    replaces_id=data.replaces_id, now=now,
                )
            )  # fmt: skip

        return await once(request, session, actor, now=now, act=act)  # type: ignore[return-value]

    @post(
        "/{note_id:str}/withdrawal",
        operation_id="procedures.withdraw",
        status_code=200,
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        note_id: FromPath[str],
        data: JSONBody[NoteWithdrawalIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[TeamNoteOut]:
        """Ask a note no more, and say why; what was answered stays."""
        found = await notes.withdraw(
            session, actor, note_id, why=data.why, check_version=partial(check_version, request), now=now
        )
        return _answer(found)


def _answer(found: store.NoteFacts) -> Response[TeamNoteOut]:
    return Response(TeamNoteOut.of(found), headers={"ETag": etag_of(found.version)})
