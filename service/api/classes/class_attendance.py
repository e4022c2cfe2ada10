"""Attendance by half-day, one's own classes, and one's own calendar feed."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Half
from service.api.classes.class_attendance_models import (
    AttendanceIn,
    AttendanceOut,
    ClassSignatureIn,
    ClassSignatureOut,
)
from service.api.classes.classes_models import (
    CalendarFeedOut,
    CalendarFeedStateOut,
    OwnClassesOut,
    OwnClassOut,
)
from service.api.responses import problems
from service.flows.classes import calendars, class_seats, class_sheets
from service.flows.classes import class_attendance as flow
from service.http.editing import check_version, etag_of
from service.http.languages import speaker
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.runtime.settings import Settings
from service.store import audit, reach
from service.store.classes import classes


def half_of(text: str) -> Half:
    """The half-day a path names; NotFound for anything else."""
    try:
        return Half(text)
    except ValueError:
        raise NotFound from None


class ClassAttendances(Controller):
    """Who was at a class, half-day by half-day."""

    path = "/classes/{class_id:str}/attendance"
    tags = ["Classes"]

    @get(operation_id="class_attendance.read", responses=problems(401, 404), opt={"audited": True})
    async def read(
        self,
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[AttendanceOut]:
        """Read the attendance sheet with its signatures."""
        sheet = await class_sheets.attendance_facts(session, actor, class_id, editions=editions)
        audit.record(
            session, actor, action="class.read_attendance", subject=("class", sheet.held.id), now=now
        )
        return Response(AttendanceOut.of(sheet), headers={"ETag": etag_of(sheet.held.version)})

    @put(
        "/{half:str}",
        operation_id="class_attendance.note",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def note(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        half: FromPath[str],
        data: JSONBody[AttendanceIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[AttendanceOut]:
        """Note who was there (If-Match); the last word counts until a trainer signs the half-day."""
        row = await classes.class_row(session, actor, class_id, for_update=True)
        check_version(request, row.version)
        marks = {one.candidate_id: one.mark() for one in data.marks}
        await flow.note(session, actor, row, half_of(half), marks, editions=editions, now=now)
        sheet = await class_sheets.attendance_facts(session, actor, row.id, editions=editions)
        return Response(AttendanceOut.of(sheet), headers={"ETag": etag_of(sheet.held.version)})

    @post(
        "/{half:str}/signature",
        operation_id="class_attendance.sign",
        status_code=200,
        responses=problems(401, 404, 409, 422),
    )
    async def sign(
        self,
        class_id: FromPath[str],
        half: FromPath[str],
        data: JSONBody[ClassSignatureIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ClassSignatureOut:
        """Sign a half-day as its trainer; with the last one, those who were there have done the module."""
        row = await classes.class_row(session, actor, class_id, for_update=True)
        made = await flow.countersign(
            session, actor, row, half_of(half), name=data.name, editions=library, now=now
        )
        return ClassSignatureOut.of(made)


class OwnClasses(Controller):
    """One's own classes."""

    path = "/me/classes"
    tags = ["Classes"]

    @get(operation_id="own_classes.list", responses=problems(401))
    async def list(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> OwnClassesOut:
        """List one's classes, and those one may ask a seat of."""
        candidate_id = reach.id_of(str(actor.id))
        own = await classes.own_of(session, candidate_id)
        found = await classes.open_to(session, candidate_id, now=now)
        return OwnClassesOut(
            items=[OwnClassOut.with_seat(one.held, one.seat) for one in own],
            open=[OwnClassOut.with_seat(one, None) for one in found],
        )

    @post(
        "/{class_id:str}/seat",
        operation_id="own_classes.enrol",
        status_code=200,
        responses=problems(401, 404, 409),
    )
    async def enrol(
        self,
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> OwnClassOut:
        """Ask for a seat; on the waiting list when all are taken."""
        seat = await class_seats.enrol_oneself(
            session, actor, class_id, editions=editions, settings=settings, now=now
        )
        return OwnClassOut.with_seat(await classes.facts_of(session, actor, class_id), seat)

    @delete("/{class_id:str}/seat", operation_id="own_classes.leave", responses=problems(401, 404, 409))
    async def leave(
        self,
        class_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> None:
        """Give one's seat up before the class begins; it goes to whoever waits longest."""
        row = await classes.class_row(session, actor, class_id, for_update=True)
        await class_seats.leave(
            session, actor, row, reach.id_of(str(actor.id)), reason="", editions=editions, settings=settings,
            now=now,
        )  # fmt: skip

    @post(
        "/{class_id:str}/signatures/{half:str}",
        operation_id="own_classes.sign",
        status_code=200,
        responses=problems(401, 404, 409, 422),
    )
    async def sign(
        self,
        request: Request[Any, Any, Any],
        class_id: FromPath[str],
        half: FromPath[str],
        data: JSONBody[ClassSignatureIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ClassSignatureOut:
        """Sign for one half-day of one's own, from shortly before it on; signed twice, it is the first one."""
        made = await flow.sign_own(
            session, actor, class_id, half_of(half), name=data.name, locale=speaker(request).locale,
            editions=editions, now=now,
        )  # fmt: skip
        return ClassSignatureOut.of(made)


class CalendarFeeds(Controller):
    """One's own calendar feed."""

    path = "/me/calendar-feed"
    tags = ["Classes"]

    @get(operation_id="calendar_feeds.read", responses=problems(401))
    async def read(
        self, session: NamedDependency[AsyncSession], actor: NamedDependency[Actor]
    ) -> CalendarFeedStateOut:
        """Whether one's feed works, and since when."""
        found = await calendars.own_feed(session, actor)
        return CalendarFeedStateOut(created_at=found.created_at if found else None)

    @post(operation_id="calendar_feeds.make", responses=problems(401))
    async def make(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> CalendarFeedOut:
        """Make a new secret address; the one before stops working."""
        token = await calendars.make_feed(session, actor, now=now)
        return CalendarFeedOut(url=calendars.address_of(token, settings))

    @delete(operation_id="calendar_feeds.revoke", responses=problems(401))
    async def revoke(
        self,
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Stop the feed; without one, nothing happens."""
        await calendars.revoke_feed(session, actor, now=now)
