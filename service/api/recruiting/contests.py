"""Contesting, for machines: one's own requests; for staff who signed in, the queue and the answer."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import AfterValidator, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Out, without_nul
from service.api.responses import problems
from service.flows.recruiting import contests
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.settings import Settings
from service.runtime.vocabulary import ContestFinding, ContestKind
from service.store.recruiting.contests import ContestFacts

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(without_nul)]


class ContestIn(In):
    """What is contested (the id of a scorecard, a screening or a decision of one's own), and why, in a few words."""

    kind: ContestKind
    subject_id: UUID
    words: Words


class AnswerToContestIn(In):
    """What the second person found, and the answer in words; the person reads it as it is written."""

    finding: ContestFinding
    answer: Words


class SubjectOut(Out):
    """One result that may be contested."""

    kind: ContestKind
    subject_id: UUID
    about: str
    at: datetime


class OwnContestOut(Out):
    """One of one's own requests and where it stands."""

    id: UUID
    kind: ContestKind
    subject_id: UUID
    words: str
    opened_at: datetime
    answer_due: date
    taken_at: datetime | None
    reviewer_name: str
    finding: ContestFinding | None
    answer: str
    answered_at: datetime | None


class OwnContestsOut(Out):
    """One's own requests, the newest first, and what may still be contested."""

    items: list[OwnContestOut]
    open_to: list[SubjectOut]


class ContestOut(OwnContestOut):
    """One request, for whoever may look again; send its ETag back to take or to answer it."""

    candidate_id: UUID
    first_staff_id: UUID | None
    reviewer_id: UUID | None
    version: int


class ContestPageOut(Out):
    """One page of the queue; `next` is the cursor of the following page."""

    items: list[ContestOut]
    next: str | None


class OwnContests(Controller):
    """What one asks to be looked at again."""

    path = "/me/contests"
    tags = ["Contesting"]

    @get(operation_id="me.contests.list", responses=problems(401))
    async def list_own(
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> OwnContestsOut:
        """List one's own requests, and what may still be contested."""
        found = await contests.own_contests(session, actor)
        return OwnContestsOut(
            items=[_own_out(one) for one in found.contests],
            open_to=[
                SubjectOut(**one.model_dump(include=set(SubjectOut.model_fields))) for one in found.open_to
            ],
        )

    @post(operation_id="me.contests.open", responses=problems(401, 404, 409, 422))
    async def open_one(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[ContestIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[OwnContestOut]:
        """Contest one of one's own results, once a result. Nothing changes by it. Send an Idempotency-Key."""

        async def act() -> OwnContestOut:
            return _own_out(
                await contests.open_contest(
                    session, actor, kind=data.kind, subject_id=data.subject_id, words=data.words,
                    settings=settings, now=now,
                )
            )  # fmt: skip

        return await once(request, session, actor, now=now, act=act)  # type: ignore[return-value]


class Contests(Controller):
    """What people ask to be looked at again."""

    path = "/contests"
    tags = ["Contesting"]

    @get(operation_id="contests.list", responses=problems(401, 422))
    async def queue(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        answered: FromQuery[bool] = False,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[ContestPageOut]:
        """List what waits for an answer (or what was answered), the soonest due first."""
        secret: bytes = request.app.state.secret
        listing = "answered contests" if answered else "contests"
        page = await contests.queue(
            session, actor, limit=limit, answered=answered,
            after=read_cursor(secret, cursor, of=listing) if cursor else None,
        )  # fmt: skip
        following = write_cursor(secret, page.after, of=listing) if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        out = ContestPageOut(items=[_out(one) for one in page.lines], next=following)
        return Response(out, headers=headers)

    @get(
        "/{contest_id:str}",
        operation_id="contests.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        contest_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ContestOut]:
        """Read one request. The read is noted in the audit trail."""
        found, _ = await contests.read(session, actor, contest_id, now=now)
        return _answer(found)

    @post(
        "/{contest_id:str}/taking",
        operation_id="contests.take",
        status_code=200,
        responses=problems(401, 404, 409, 412, 428),
    )
    async def take(
        self,
        request: Request[Any, Any, Any],
        contest_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ContestOut]:
        """Take it to look at it, or take it over. Whoever screened or decided first is refused."""
        check = partial(check_version, request)
        return _answer(await contests.take(session, actor, contest_id, check_version=check, now=now))

    @put(
        "/{contest_id:str}/answer",
        operation_id="contests.answer",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def answer(
        self,
        request: Request[Any, Any, Any],
        contest_id: FromPath[str],
        data: JSONBody[AnswerToContestIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[ContestOut]:
        """Answer what one has taken, once, in words that go to the person."""
        found = await contests.answer(
            session, actor, contest_id, finding=data.finding, words=data.answer,
            check_version=partial(check_version, request), settings=settings, now=now,
        )  # fmt: skip
        return _answer(found)


def _own_out(one: ContestFacts) -> OwnContestOut:
    return OwnContestOut(**one.model_dump(include=set(OwnContestOut.model_fields)))


def _out(one: ContestFacts) -> ContestOut:
    return ContestOut(**one.model_dump(include=set(ContestOut.model_fields)))


def _answer(found: ContestFacts) -> Response[ContestOut]:
    return Response(_out(found), headers={"ETag": etag_of(found.version)})
