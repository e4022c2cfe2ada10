"""Paths given to people: to one, or to a whole group; and where everybody stands."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.paths.training_models import (
    AssignmentDetailOut,
    AssignmentIn,
    AssignmentOut,
    AssignmentsOut,
    GivenOut,
    MoreAttemptsIn,
)
from service.api.responses import problems
from service.flows.learning import assignments as flow
from service.flows.learning import learning
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, checked_limit, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken
from service.runtime.settings import Settings
from service.store import audit, reach
from service.store.learning import assignments
from service.store.learning.assignments import Position, Wanted


class Assignments(Controller):
    """Paths given to people."""

    path = "/assignments"
    tags = ["Training"]

    @post(
        operation_id="assignments.create",
        responses={
            201: ResponseSpec(GivenOut, description="Who was given the path.", generate_examples=False),
            **problems(401, 409, 422),
        },
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[AssignmentIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Give a path to a person, or to everybody of a group with their own dates (Idempotency-Key)."""

        async def act() -> GivenOut:
            given = await _give(session, actor, data, editions=library, now=now)
            return GivenOut(assignments=[*given.created], already=[*given.already])

        return await once(request, session, actor, now=now, act=act)

    @get(operation_id="assignments.list", responses=problems(401, 404, 422))
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
        candidate: FromQuery[str | None] = None,
        cohort: FromQuery[str | None] = None,
        path: FromQuery[str | None] = None,
        late: FromQuery[bool] = False,
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[AssignmentsOut]:
        """List who follows which path: unfinished first, then what is due soonest; `late=true` for those behind."""
        today, secret = civil_date(now), request.app.state.secret
        wanted = Wanted(
            candidate_id=reach.id_of(candidate) if candidate else None,
            cohort_id=reach.id_of(cohort) if cohort else None,
            path=known_path(library, path) if path else None,
            late_on=today if late else None,
        )
        after = position_from(read_cursor(secret, cursor, of="assignments")) if cursor else None
        rows = await assignments.page_of(session, actor, wanted, limit=checked_limit(limit) + 1, after=after)
        page = rows[:limit]
        headers = {}
        if len(rows) > limit:
            position = write_cursor(secret, assignments.position_of(page[-1]), of="assignments")
            headers["Link"] = next_link(request, settings.public_url, position)
        told = learning.standings(page, editions=library, today=today)
        out = AssignmentsOut(items=[AssignmentOut.of(facts, standing) for facts, standing in told])
        return Response(out, headers=headers)

    @get(
        "/{assignment_id:str}",
        operation_id="assignments.read",
        responses=problems(401, 404, 410),
        opt={"audited": True},
    )
    async def read(
        self,
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AssignmentDetailOut:
        """Read one assignment: every module, every mark, lateness and the reasons."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        audit.record(
            session, actor, action="assignment.read", subject=("candidate", facts.candidate_id), now=now
        )
        return AssignmentDetailOut.of(
            facts, learning.standing(facts, editions=library, today=civil_date(now))
        )

    @post(
        "/{assignment_id:str}/modules/{module:str}/more-attempts",
        operation_id="assignments.grant_attempts",
        responses={
            201: ResponseSpec(
                AssignmentDetailOut, description="The assignment afterwards.", generate_examples=False
            ),
            **problems(401, 404, 409, 410, 422),
        },
    )
    async def grant_attempts(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        data: JSONBody[MoreAttemptsIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """Open more attempts at a quiz that limits them (Idempotency-Key)."""

        async def act() -> AssignmentDetailOut:
            await flow.grant_attempts(
                session, actor, assignment_id, module, count=data.count, editions=library, now=now
            )
            facts = await assignments.facts_of(session, actor, assignment_id)
            return AssignmentDetailOut.of(
                facts, learning.standing(facts, editions=library, today=civil_date(now))
            )

        return await once(request, session, actor, now=now, act=act)


def known_path(editions: Editions, slug: str) -> str:
    """The name of a path of which any edition is kept; RuleBroken otherwise."""
    if any(name == slug for name, _ in editions.paths):
        return slug
    fault = Fault("path", "unknown", "no path has this name")
    raise RuleBroken("No path has this name.", faults=[fault])


async def _give(
    session: AsyncSession, actor: Actor, data: AssignmentIn, *, editions: Editions, now: datetime
) -> flow.Given:
    if data.candidate_id is not None and data.start_date is not None:
        return await flow.to_person(
            session, actor, data.candidate_id, path=data.path, start_date=data.start_date,
            editions=editions, now=now, cohort_id=data.cohort_id,
        )  # fmt: skip
    assert data.cohort_id is not None
    return await flow.to_cohort(
        session, actor, data.cohort_id, path=data.path, start_date=data.start_date, editions=editions, now=now
    )


def position_from(written: Any) -> Position:
    """Where a cursor of this list says the next page starts."""
    return (bool(written[0]), date.fromisoformat(written[1]), UUID(written[2]))
