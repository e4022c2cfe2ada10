"""Applications in the API: make, list, move, withdraw; and decisions, which a person confirms with a reason."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import In, Out, Reason, Text
from service.api.responses import problems
from service.flows.recruiting import applications, blind
from service.http import idempotency
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.errors import PreconditionRequired
from service.runtime.settings import Settings
from service.runtime.vocabulary import DecisionOutcome, Stage
from service.store import audit
from service.store.people.candidates import shown_score
from service.store.reach import id_of
from service.store.recruiting import applications as store
from service.store.recruiting.applications import ApplicationFacts, ApplicationSort


class ApplicationIn(In):
    """A person within reach applies for a programme within reach."""

    candidate_id: UUID
    programme_id: UUID


class StageIn(In):
    """The next stage; `hired` and `not_retained` are decisions and answer 422 here."""

    stage: Stage
    reason: Text = ""


class WithdrawIn(In):
    """Why, if the person wants to say it."""

    reason: Text = ""


class DecisionIn(In):
    """What a person decided, and why in at least 20 characters."""

    outcome: DecisionOutcome
    reason: Reason


class ApplicationOut(Out):
    """One application and the last weighing of the two."""

    id: UUID
    candidate_id: UUID
    programme_id: UUID | None
    stage: Stage
    stage_since: datetime
    match_outcome: str | None
    match_score: float | None
    matched_at: datetime | None
    created_at: datetime
    version: int


class StageChangeOut(Out):
    """One step, by whom and why."""

    from_stage: Stage | None
    to_stage: Stage
    reason: str
    staff_name: str | None
    at: datetime


class DecisionOut(Out):
    """What a person decided about one application."""

    id: UUID
    application_id: UUID
    outcome: DecisionOutcome
    reason: str
    staff_id: UUID | None
    staff_name: str | None
    decided_at: datetime


class ApplicationFileOut(ApplicationOut):
    """One application with its history and its decisions."""

    match: dict[str, Any] | None
    history: list[StageChangeOut]
    decisions: list[DecisionOut]


class ApplicationLineOut(Out):
    """One line of the list."""

    id: UUID
    candidate_id: UUID
    shown_name: str
    programme_id: UUID | None
    programme_title: str | None
    stage: Stage
    stage_since: datetime
    match_outcome: str | None
    match_score: float | None
    created_at: datetime


class ApplicationPageOut(Out):
    """One page of applications; `next` is the cursor of the following page."""

    items: list[ApplicationLineOut]
    next: str | None


class Applications(Controller):
    """Applications and decisions."""

    path = "/applications"
    tags = ["Applications"]

    @post(operation_id="applications.create", responses=problems(401, 404, 409, 422))
    async def create(
        self,
        data: JSONBody[ApplicationIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ApplicationOut]:
        """Note an application; a person applies once for a programme, so a repetition answers 409."""
        facts = await applications.create_application(
            session, actor, candidate_id=data.candidate_id, programme_id=data.programme_id, now=now
        )
        headers = {"Location": f"/api/v1/applications/{facts.id}", "ETag": etag_of(facts.version)}
        return Response(_out(facts), status_code=201, headers=headers)

    @get(operation_id="applications.list", responses=problems(401, 422))
    async def list_applications(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        stage: FromQuery[Stage | None] = None,
        programme: FromQuery[UUID | None] = None,
        candidate: FromQuery[UUID | None] = None,
        min_score: Annotated[int | None, QueryParameter(ge=0, le=100)] = None,
        sort: FromQuery[ApplicationSort] = ApplicationSort.CREATED_DOWN,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[ApplicationPageOut]:
        """List the applications within reach; a candidate sees the own ones."""
        secret: bytes = request.app.state.secret
        page = await store.page_of(
            session, actor, limit=limit, stage=stage, programme_id=programme, candidate_id=candidate,
            min_score=min_score, sort=sort, after=read_cursor(secret, cursor, of="applications") if cursor else None,
        )  # fmt: skip
        following = write_cursor(secret, page.after, of="applications") if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        kept = set(ApplicationLineOut.model_fields)
        lines = [blind.line_of(actor, line) for line in page.lines]
        items = [ApplicationLineOut(**line.model_dump(include=kept)) for line in lines]
        return Response(ApplicationPageOut(items=items, next=following), headers=headers)

    @get(
        "/{application_id:str}",
        operation_id="applications.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        application_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ApplicationFileOut]:
        """Read one application with its history and decisions; the reading is noted."""
        facts = await store.facts_of(session, actor, id_of(application_id))
        audit.record(session, actor, action="application.read", subject=("application", facts.id), now=now)
        out = ApplicationFileOut(
            **_out(facts).model_dump(),
            match=facts.match,
            history=[
                StageChangeOut.model_validate(step) for step in await store.history_of(session, facts.id)
            ],
            decisions=[
                DecisionOut.model_validate(row) for row in await store.decisions_of(session, facts.id)
            ],
        )
        veil = await blind.veil_over(session, actor, facts.candidate_id)
        out = veil.over(out).model_copy(update={"match": veil.over_own_words(facts.match)})
        return Response(out, headers={"ETag": etag_of(facts.version)})

    @post(
        "/{application_id:str}/stage",
        operation_id="applications.move",
        status_code=200,
        responses=problems(401, 404, 409, 412, 422),
    )
    async def move(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        data: JSONBody[StageIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ApplicationOut]:
        """Move an application to another stage; If-Match is heeded when it is sent."""
        check = (lambda version: check_version(request, version)) if "if-match" in request.headers else None
        facts = await applications.move_application(
            session, actor, id_of(application_id), stage=data.stage, reason=data.reason, now=now,
            check_version=check,
        )  # fmt: skip
        return Response(_out(facts), headers={"ETag": etag_of(facts.version)})

    @post(
        "/{application_id:str}/withdrawal",
        operation_id="applications.withdraw",
        status_code=200,
        responses=problems(401, 404, 409),
    )
    async def withdraw(
        self,
        application_id: FromPath[str],
        data: JSONBody[WithdrawIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ApplicationOut]:
        """Take one's own application back."""
        facts = await applications.withdraw(
            session, actor, id_of(application_id), reason=data.reason, now=now
        )
        return Response(_out(facts), headers={"ETag": etag_of(facts.version)})

    @post(
        "/{application_id:str}/decisions",
        operation_id="decisions.create",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def decide(
        self,
        request: Request[Any, Any, Any],
        application_id: FromPath[str],
        data: JSONBody[DecisionIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[DecisionOut]:
        """Confirm a decision about one person, as a person, with a reason; send If-Match or an Idempotency-Key."""
        matched = "if-match" in request.headers

        async def act() -> DecisionOut:
            facts = await applications.decide(
                session, actor, id_of(application_id), outcome=data.outcome, reason=data.reason, now=now,
                check_version=(lambda version: check_version(request, version)) if matched else None,
            )  # fmt: skip
            return DecisionOut.model_validate(facts)

        if "idempotency-key" in request.headers:
            return await idempotency.once(request, session, actor, now=now, act=act)  # type: ignore[return-value]
        if not matched:
            raise PreconditionRequired("Send If-Match with the application's ETag, or an Idempotency-Key.")
        return Response(await act(), status_code=201)


def _out(facts: ApplicationFacts) -> ApplicationOut:
    said = facts.model_dump(exclude={"match", "match_score"})
    return ApplicationOut(**said, match_score=shown_score(facts.match_score))
