"""Help, for machines: one's own requests; for staff who signed in, the queue, the answer, and what can stay of it."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Self
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import AfterValidator, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.help import Topic
from service.api.continuous.refreshers_models import TeamNoteOut, WrittenNoteIn
from service.api.models import Flag, In, Out, without_nul
from service.api.paths.training_models import SlugText
from service.api.responses import problems
from service.flows.continuous import help as flow
from service.flows.continuous.help import Place
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.ids import new_id
from service.runtime.settings import Settings
from service.runtime.vocabulary import HelpState
from service.store.continuous import help as store
from service.store.continuous.help import HelpFacts

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(without_nul)]


class PlaceIn(In):
    """Where in one's training something was not clear."""

    assignment_id: UUID
    module: SlugText
    page: SlugText | None = None


class HelpIn(In):
    """What one asks, in one's own words."""

    topic: Topic
    words: Words
    place: PlaceIn | None = None


class MessageIn(In):
    """One message."""

    words: Words


class KeepIn(In):
    """The card that an answer becomes: empty for the words suggested, or better ones; and for which programme."""

    note: WrittenNoteIn | None = None
    programme_id: UUID | None = None


class MessageOut(Out):
    """One message; `by` is the name of whoever of the staff wrote it."""

    id: UUID
    from_learner: Flag
    by: str
    words: str
    at: datetime


class HelpRequestOut(Out):
    """One request; `answer_due` is the last day to answer. Its messages are there when it is read by itself."""

    id: UUID
    candidate_id: UUID
    person: str
    programme: str
    topic: Topic
    assignment_id: UUID | None
    module: str
    page: str
    state: HelpState
    asked_at: datetime
    answer_due: date
    answered_at: datetime | None
    closed_at: datetime | None
    first_words: str
    messages: list[MessageOut]
    version: int

    @classmethod
    def of(cls, facts: HelpFacts) -> Self:
        told = facts.model_dump(include=set(HelpRequestOut.model_fields) - {"messages"})
        return cls(**told, messages=[MessageOut(**one.model_dump()) for one in facts.messages])


class HelpPageOut(Out):
    """One page of requests; `next` is the cursor of the following page."""

    items: list[HelpRequestOut]
    next: str | None


class HelpFiguresOut(Out):
    """How long answers take, over the requests of the last months; all empty while too few people asked."""

    requests: int | None
    answered: int | None
    in_time: int | None
    late: int | None
    median_minutes: int | None


class OwnHelp(Controller):
    """What one asks help about."""

    path = "/me/help"
    tags = ["Help"]

    @get(operation_id="me.help.list", responses=problems(401, 422))
    async def list_own(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[HelpPageOut]:
        """List one's own requests, the newest first."""
        return await _page(request, session, actor, settings, state=None, limit=limit, cursor=cursor)

    @get("/{request_id:str}", operation_id="me.help.read", responses=problems(401, 404))
    async def read_own(
        self,
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> HelpRequestOut:
        """Read one's own request with every message."""
        return HelpRequestOut.of(await store.facts_of(session, actor, request_id))

    @post(operation_id="me.help.ask", responses=problems(401, 409, 410, 422))
    async def ask(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[HelpIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[HelpRequestOut]:
        """Ask for help. What is said under `private` reaches the support person alone. Send an Idempotency-Key."""
        at = data.place
        place = Place(at.assignment_id, at.module, at.page or "") if at else None

        async def act() -> HelpRequestOut:
            return HelpRequestOut.of(
                await flow.ask(
                    session, actor, topic=data.topic, words=data.words, key=str(new_id()), place=place,
                    settings=settings, editions=library, now=now,
                )
            )  # fmt: skip

        return await once(request, session, actor, now=now, act=act)  # type: ignore[return-value]

    @post("/{request_id:str}/messages", operation_id="me.help.reply", responses=problems(401, 404, 409, 422))
    async def reply(
        self,
        request: Request[Any, Any, Any],
        request_id: FromPath[str],
        data: JSONBody[MessageIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[HelpRequestOut]:
        """Write once more; the request waits for an answer again. Send an Idempotency-Key."""

        async def act() -> HelpRequestOut:
            return HelpRequestOut.of(
                await flow.reply(
                    session, actor, request_id, words=data.words, key=str(new_id()), settings=settings,
                    editions=library, now=now,
                )
            )  # fmt: skip

        return await once(request, session, actor, now=now, act=act)  # type: ignore[return-value]

    @post(
        "/{request_id:str}/settling",
        operation_id="me.help.close",
        status_code=200,
        responses=problems(401, 404),
    )
    async def close(
        self,
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> HelpRequestOut:
        """Say that it is settled; writing once more opens it again."""
        return HelpRequestOut.of(await flow.close(session, actor, request_id, now=now))


class Help(Controller):
    """What learners ask help about, for those who answer."""

    path = "/help"
    tags = ["Help"]

    @get(operation_id="help.list", responses=problems(401, 422))
    async def queue(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        show: FromQuery[HelpState] = HelpState.WAITING,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[HelpPageOut]:
        """List the requests that one's role reads: what waits comes soonest due first, the rest newest first."""
        return await _page(request, session, actor, settings, state=show, limit=limit, cursor=cursor)

    @get("/figures", operation_id="help.figures", responses=problems(401))
    async def figures(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> HelpFiguresOut:
        """Say how long answers took lately."""
        found = await flow.figures_of(session, actor, editions=library, now=now)
        empty = dict.fromkeys(HelpFiguresOut.model_fields)
        return HelpFiguresOut(**(found.model_dump() if found else empty))

    @get("/{request_id:str}", operation_id="help.read", responses=problems(401, 404), opt={"audited": True})
    async def read(
        self,
        request_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[HelpRequestOut]:
        """Read one request with every message. The read is noted in the audit trail."""
        return _answer(await flow.read(session, actor, request_id, now=now))

    @post(
        "/{request_id:str}/answers",
        operation_id="help.answer",
        status_code=200,
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def answer(
        self,
        request: Request[Any, Any, Any],
        request_id: FromPath[str],
        data: JSONBody[MessageIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[HelpRequestOut]:
        """Answer the version that one has read; the learner gets a letter."""
        found = await flow.answer(
            session, actor, request_id, words=data.words, check_version=partial(check_version, request),
            settings=settings, editions=library, now=now,
        )  # fmt: skip
        return _answer(found)

    @post("/{request_id:str}/card", operation_id="help.keep", responses=problems(401, 404, 409, 422))
    async def keep(
        self,
        request_id: FromPath[str],
        data: JSONBody[KeepIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> TeamNoteOut:
        """Make the answer a card of everybody in the programme, once; it carries nobody's name that you leave out."""
        note = await flow.keep_for_all(
            session, actor, request_id, written=data.note.written if data.note else None,
            programme_id=data.programme_id, now=now,
        )  # fmt: skip
        return TeamNoteOut.of(note)


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    settings: Settings,
    *,
    state: HelpState | None,
    limit: int,
    cursor: str | None,
) -> Response[HelpPageOut]:
    secret: bytes = request.app.state.secret
    listing = f"{store.LISTING} {state or 'all'}"
    page = await flow.queue(
        session, actor, limit=limit, state=state,
        after=read_cursor(secret, cursor, of=listing) if cursor else None,
    )  # fmt: skip
    following = write_cursor(secret, page.after, of=listing) if page.after else None
    headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
    return Response(
        HelpPageOut(items=[HelpRequestOut.of(one) for one in page.lines], next=following), headers=headers
    )


def _answer(found: HelpFacts) -> Response[HelpRequestOut]:
    return Response(HelpRequestOut.of(found), headers={"ETag": etag_of(found.version)})
