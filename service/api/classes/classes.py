"""Live classes: planned, changed, led by somebody else, cancelled, and who is on their lists."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.classes.classes_models import (
    ClassCancellationIn,
    ClassChangeIn,
    ClassDetailOut,
    ClassEnrolmentsOut,
    ClassesOut,
    ClassIn,
    ClassOut,
    ClassPeopleIn,
    HandoverIn,
    HandoverOut,
    ReplacementIn,
)
from service.api.responses import problems
from service.flows.classes import class_seats
from service.flows.classes import classes as flow
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, checked_limit, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.store import reach
from service.store.classes import class_seats as seats
from service.store.classes import classes as store
from service.store.classes.class_overlaps import overlaps_of
from service.store.classes.classes import Wanted


class Classes(Controller):
    """Live classes."""

    path = "/classes"
    tags = ["Classes"]

    @get(operation_id="classes.list", responses=problems(401, 404, 422))
    async def list(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        cohort: FromQuery[str | None] = None,
        trainer: FromQuery[str | None] = None,
        past: FromQuery[bool] = False,
        limit: FromQuery[int] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[ClassesOut]:
        """List classes within reach: those to come, the next first; with `past` those that were, the last first."""
        secret, of = request.app.state.secret, "classes-past" if past else "classes"
        at = read_cursor(secret, cursor, of=of) if cursor else None
        after = (datetime.fromisoformat(at[0]), UUID(at[1])) if at else None
        wanted = Wanted(
            cohort_id=reach.id_of(cohort) if cohort else None,
            trainer_id=reach.id_of(trainer) if trainer else None,
            ends_before=now if past else None,
            ends_after=None if past else now,
        )
        rows = await store.page_of(session, actor, wanted, limit=checked_limit(limit) + 1, after=after)
        page, headers = rows[:limit], {}
        if len(rows) > limit:
            position = (page[-1].starts_at.isoformat(), page[-1].id)
            headers["Link"] = next_link(request, settings.public_url, write_cursor(secret, position, of=of))
        return Response(ClassesOut(items=[ClassOut.of(one) for one in page]), headers=headers)

    @post(operation_id="classes.plan", responses=problems(401, 422))
    async def plan(
        self,
        data: JSONBody[ClassIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[ClassDetailOut]:
        """Plan a class; its group and whoever leads it are invited by mail. What overlaps is told, not refused."""
        class_id = await flow.plan_class(
            session, actor, data.plan(), editions=library, settings=settings, now=now
        )
        return await _shown(session, actor, class_id, status=201)

    @post("/handover", operation_id="classes.hand_over", status_code=200, responses=problems(401, 422))
    async def hand_over(
        self,
        data: JSONBody[HandoverIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> HandoverOut:
        """Hand every class to come of one trainer over to another; where the other is busy, it stays and is told."""
        done = await flow.replace_everywhere(
            session, actor, from_id=data.from_id, to_id=data.to_id, reason=data.reason, editions=library,
            settings=settings, now=now,
        )  # fmt: skip
        return HandoverOut(handed_over=[*done.handed_over], busy=[*done.busy])

    @get("/{class_id:str}", operation_id="classes.read", responses=problems(401, 404))
    async def read(
        self,
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[ClassDetailOut]:
        """Read one class and the people on its list within reach."""
        return await _shown(session, actor, class_id)

    @patch("/{class_id:str}", operation_id="classes.change", responses=problems(401, 404, 409, 412, 422, 428))
    async def change(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        data: JSONBody[ClassChangeIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[ClassDetailOut]:
        """Move or change a class (If-Match); calendars of everybody with a seat follow."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        check_version(request, row.version)
        plan = data.over(flow.plan_of(await store.facts_of(session, actor, row.id)))
        await flow.change_class(session, actor, row, plan, editions=library, settings=settings, now=now)
        return await _shown(session, actor, row.id)

    @post(
        "/{class_id:str}/cancellation",
        operation_id="classes.cancel",
        status_code=200,
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def cancel(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        data: JSONBody[ClassCancellationIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[ClassDetailOut]:
        """Cancel a class (If-Match) for a reason that everybody on its list reads."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        check_version(request, row.version)
        await flow.cancel_class(
            session, actor, row, reason=data.reason, editions=library, settings=settings, now=now
        )
        return await _shown(session, actor, row.id)

    @post(
        "/{class_id:str}/trainer",
        operation_id="classes.replace_trainer",
        status_code=200,
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def replace_trainer(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        data: JSONBody[ReplacementIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[ClassDetailOut]:
        """Let somebody else lead a class (If-Match); both of them and the learners are told. See `overlaps`."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        check_version(request, row.version)
        await flow.replace_trainer(
            session, actor, row, trainer_id=data.trainer_id, reason=data.reason, editions=library,
            settings=settings, now=now,
        )  # fmt: skip
        return await _shown(session, actor, row.id)

    @post(
        "/{class_id:str}/seats",
        operation_id="classes.enrol",
        status_code=200,
        responses=problems(401, 404, 409, 422),
    )
    async def enrol(
        self,
        class_id: FromPath[str],
        data: JSONBody[ClassPeopleIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> ClassEnrolmentsOut:
        """Put people on the list: a seat while there is one, else the waiting list. Said twice, it is done once."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        given = await class_seats.enrol_people(
            session, actor, row, data.candidates, editions=library, settings=settings, now=now
        )
        held = await store.facts_of(session, actor, row.id)
        return ClassEnrolmentsOut.of(given, await overlaps_of(session, actor, held))

    @delete(
        "/{class_id:str}/seats/{candidate_id:str}",
        operation_id="classes.leave",
        responses=problems(401, 404, 409),
    )
    async def leave(
        self,
        class_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        reason: FromQuery[str] = "",
    ) -> None:
        """Take somebody off the list; their seat goes to whoever waits longest."""
        row = await store.class_row(session, actor, class_id, for_update=True)
        person = await reach.candidate_row(session, actor, candidate_id)
        await class_seats.leave(
            session, actor, row, person.id, reason=reason, editions=library, settings=settings, now=now
        )


async def _shown(
    session: AsyncSession, actor: Actor, class_id: str | UUID, *, status: int = 200
) -> Response[ClassDetailOut]:
    held = await store.facts_of(session, actor, class_id)
    people = await seats.seats_of(session, actor, held.id)
    shown = ClassDetailOut.with_people(held, people, await overlaps_of(session, actor, held))
    headers = {"ETag": etag_of(held.version)}
    if status == 201:
        headers["Location"] = f"/api/v1/classes/{held.id}"
    return Response(shown, status_code=status, headers=headers)
