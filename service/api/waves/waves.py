"""Waves in the API: compose one, read it, take people in, and fix somebody at a programme or keep them from it."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import Field, StringConstraints, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Flag, In, Line, Out, Text
from service.api.responses import problems
from service.flows.recruiting import blind
from service.flows.waves import waves
from service.flows.waves.waves_needs import HALF_HOURS, MOST_LINES, MOST_PEOPLE, curve_of
from service.http.editing import check_version, etag_of
from service.http.idempotency import once
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.settings import Settings
from service.runtime.vocabulary import LockKind, ProgrammeState, Stage
from service.store import audit
from service.store.people.candidates import CandidateQuestion
from service.store.waves import waves as store
from service.store.waves.waves import LockFacts, NeedFacts, WaveFacts, WaveProgrammeFacts

WaveName = Annotated[Line, StringConstraints(max_length=120)]
Clock = Annotated[str, StringConstraints(pattern=r"^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class WaveIn(In):
    """A new wave, with nothing in it yet."""

    name: WaveName
    note: Text = ""


class WaveChangesIn(In):
    """What to change; what is left out stays."""

    name: WaveName | None = None
    note: Text | None = None


class NeedIn(In):
    """So many people on the line from one half hour of a weekday (1 is Monday) to a later one."""

    day: Annotated[int, Field(ge=1, le=7, strict=True)]
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]
    people: Annotated[int, Field(ge=0, le=MOST_PEOPLE, strict=True)]


class WaveProgrammeIn(In):
    """The seats to fill at a programme in this wave, and its needs; where needs overlap, the greatest holds."""

    seats: Annotated[int, Field(ge=0, le=waves.MOST_SEATS, strict=True)]
    needs: Annotated[list[NeedIn], Field(max_length=MOST_LINES)] = []


class WavePeopleIn(In):
    """Whom to take in: ids, or whom a search of the pool finds, or whoever applies to the wave's programmes."""

    candidate_ids: Annotated[list[UUID], Field(max_length=1000)] = []
    applying: Flag = False
    everybody: Flag = False
    q: Annotated[Text, StringConstraints(max_length=200)] = ""
    skill: Annotated[Text, StringConstraints(max_length=200)] = ""
    stage: Stage | None = None
    programme_id: UUID | None = None

    @model_validator(mode="after")
    def _says_whom(self) -> "WavePeopleIn":
        asked = (self.candidate_ids, self.applying, self.everybody, self.q, self.skill, self.stage)
        if not any(asked) and self.programme_id is None:
            raise ValueError("names nobody: send ids, applying, everybody, or what to search")
        return self

    @property
    def question(self) -> CandidateQuestion | None:
        if not any((self.everybody, self.q, self.skill, self.stage, self.programme_id)):
            return None
        return CandidateQuestion(
            q=self.q or None, skill=self.skill or None, stage=self.stage, programme_id=self.programme_id
        )


class LockIn(In):
    """`at` fixes the person at the programme, `never` keeps the person from it, in every later scenario."""

    kind: LockKind


class WaveOut(Out):
    """One wave; `version` counts every change of its parts."""

    id: UUID
    name: str
    note: str
    programmes: int
    seats: int
    people: int
    scenarios: int
    created_at: datetime
    updated_at: datetime
    version: int


class WavePageOut(Out):
    """One page of waves; `next` is the cursor of the following page."""

    items: list[WaveOut]
    next: str | None


class NeedOut(Out):
    """One stretch of a weekday with how many people are wanted."""

    day: int
    start: Annotated[str, Field(serialization_alias="from")]
    end: Annotated[str, Field(serialization_alias="to")]
    people: int


class WaveProgrammeOut(Out):
    """One programme of a wave; `curve` is what its needs come to in each of the week's 336 half hours."""

    programme_id: UUID
    title: str
    state: ProgrammeState
    start_date: date | None
    weekly_hours: float
    seats: int
    needs: list[NeedOut]
    curve: Annotated[list[int], Field(min_length=HALF_HOURS, max_length=HALF_HOURS)]


class LockOut(Out):
    """What a recruiter fixed."""

    candidate_id: UUID
    programme_id: UUID
    kind: LockKind
    locked_at: datetime


class WholeWaveOut(WaveOut):
    """One wave with its programmes and what is fixed."""

    parts: list[WaveProgrammeOut]
    locks: list[LockOut]


class WavePeopleAddedOut(Out):
    """How many people are new in the wave, and how many were found."""

    added: int
    found: int


class WavePersonOut(Out):
    """Somebody whom the wave may place."""

    candidate_id: UUID
    shown_name: str


class WavePeopleOut(Out):
    """One page of the people of a wave by name; `next` is the cursor of the following page."""

    items: list[WavePersonOut]
    next: str | None


class Waves(Controller):
    """Waves: several programmes filled at once from the same people."""

    path = "/waves"
    tags = ["Waves"]

    @post(operation_id="waves.create", responses=problems(401, 409, 422))
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[WaveIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[WaveOut]:
        """Begin a wave."""

        async def act() -> WaveOut:
            return _out(await waves.create(session, actor, name=data.name, note=data.note, now=now))

        return await once(  # type: ignore[return-value]
            request, session, actor, now=now, act=act, location=lambda out: f"/api/v1/waves/{out.id}"
        )

    @get(operation_id="waves.list", responses=problems(401, 422))
    async def list_waves(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[WavePageOut]:
        """List the waves within reach, the newest first."""
        secret: bytes = request.app.state.secret
        after = read_cursor(secret, cursor, of=store.LISTING) if cursor else None
        page = await store.page_of(session, actor, limit=limit, after=after)
        following = write_cursor(secret, page.after, of=store.LISTING) if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        return Response(WavePageOut(items=[_out(one) for one in page.lines], next=following), headers=headers)

    @get("/{wave_id:str}", operation_id="waves.read", responses=problems(401, 404))
    async def read(
        self,
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[WholeWaveOut]:
        """Read one wave: programmes, needs and what is fixed."""
        facts = await store.facts_of(session, actor, wave_id)
        parts = await store.programmes_of(session, facts.id)
        locks = await store.locks_of(session, facts.id)
        out = WholeWaveOut(
            **facts.model_dump(), parts=[_part_out(one) for one in parts],
            locks=[_lock_out(one) for one in locks],
        )  # fmt: skip
        return Response(out, headers={"ETag": etag_of(facts.version)})

    @patch("/{wave_id:str}", operation_id="waves.edit", responses=problems(401, 404, 412, 422, 428))
    async def edit(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        data: JSONBody[WaveChangesIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[WaveOut]:
        """Rename a wave or change its note."""
        facts = await waves.edit(
            session, actor, wave_id, check_version=partial(check_version, request), now=now,
            name=data.name, note=data.note,
        )  # fmt: skip
        return _answer(facts)

    @put(
        "/{wave_id:str}/programmes/{programme_id:str}",
        operation_id="waves.programmes.put",
        responses=problems(401, 404, 422),
    )
    async def put_programme(
        self,
        wave_id: FromPath[str],
        programme_id: FromPath[str],
        data: JSONBody[WaveProgrammeIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[WaveOut]:
        """Take a programme in, or change its seats and needs in this wave."""
        needs = [NeedFacts(**one.model_dump()) for one in data.needs]
        facts = await waves.put_programme(
            session, actor, wave_id, programme_id, seats=data.seats, needs=needs, now=now
        )
        return _answer(facts)

    @delete(
        "/{wave_id:str}/programmes/{programme_id:str}",
        operation_id="waves.programmes.remove",
        status_code=200,
        responses=problems(401, 404),
    )
    async def remove_programme(
        self,
        wave_id: FromPath[str],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[WaveOut]:
        """Take a programme out of a wave."""
        return _answer(await waves.remove_programme(session, actor, wave_id, programme_id, now=now))

    @post(
        "/{wave_id:str}/people",
        operation_id="waves.people.add",
        status_code=200,
        responses=problems(401, 404, 422),
    )
    async def add_people(
        self,
        wave_id: FromPath[str],
        data: JSONBody[WavePeopleIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> WavePeopleAddedOut:
        """Take people in; who is in already stays, so that doing it twice changes nothing."""
        done = await waves.add_people(
            session, actor, wave_id, candidate_ids=data.candidate_ids, question=data.question,
            applying=data.applying, now=now,
        )  # fmt: skip
        return WavePeopleAddedOut(added=done.added, found=done.found)

    @get(
        "/{wave_id:str}/people",
        operation_id="waves.people.list",
        responses=problems(401, 404, 422),
        opt={"audited": True},
    )
    async def list_people(
        self,
        request: Request[Any, Any, Any],
        wave_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[WavePeopleOut]:
        """List the people of a wave by name. The read is noted in the audit trail."""
        secret: bytes = request.app.state.secret
        after = read_cursor(secret, cursor, of="wave people") if cursor else None
        row = await store.wave_row(session, actor, wave_id)
        page = await store.people_page(session, actor, row.id, limit=limit, after=after)
        audit.record(
            session, actor, action="wave.people_read", subject=("wave", row.id), now=now,
            detail={"people": [str(one.id) for one in page.lines]},
        )  # fmt: skip
        following = write_cursor(secret, page.after, of="wave people") if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        items = [
            WavePersonOut(candidate_id=one.id, shown_name=blind.name_of(actor, one.id, one.shown_name))
            for one in page.lines
        ]
        return Response(WavePeopleOut(items=items, next=following), headers=headers)

    @delete(
        "/{wave_id:str}/people/{candidate_id:str}",
        operation_id="waves.people.remove",
        status_code=200,
        responses=problems(401, 404),
    )
    async def remove_person(
        self,
        wave_id: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[WaveOut]:
        """Leave one person out of the next scenarios; the person's file and applications stay as they are."""
        return _answer(await waves.remove_person(session, actor, wave_id, candidate_id, now=now))

    @put(
        "/{wave_id:str}/locks/{candidate_id:str}/{programme_id:str}",
        operation_id="waves.locks.put",
        responses=problems(401, 404, 422),
    )
    async def lock(
        self,
        wave_id: FromPath[str],
        candidate_id: FromPath[str],
        programme_id: FromPath[str],
        data: JSONBody[LockIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[WaveOut]:
        """Fix a person at a programme, or keep the person from it, in every later scenario."""
        facts = await waves.lock(session, actor, wave_id, candidate_id, programme_id, kind=data.kind, now=now)
        return _answer(facts)

    @delete(
        "/{wave_id:str}/locks/{candidate_id:str}/{programme_id:str}",
        operation_id="waves.locks.remove",
        status_code=200,
        responses=problems(401, 404),
    )
    async def unlock(
        self,
        wave_id: FromPath[str],
        candidate_id: FromPath[str],
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[WaveOut]:
        """Leave a person free again for the next scenarios."""
        return _answer(await waves.unlock(session, actor, wave_id, candidate_id, programme_id, now=now))


def _out(facts: WaveFacts) -> WaveOut:
    return WaveOut(**facts.model_dump())


def _answer(facts: WaveFacts) -> Response[WaveOut]:
    return Response(_out(facts), headers={"ETag": etag_of(facts.version)})


def _part_out(one: WaveProgrammeFacts) -> WaveProgrammeOut:
    return WaveProgrammeOut(
        programme_id=one.programme_id, title=one.title, state=one.state, start_date=one.start_date,
        weekly_hours=one.weekly_hours, seats=one.seats,
        needs=[NeedOut(**need.model_dump()) for need in one.needs], curve=list(curve_of(one.needs)),
    )  # fmt: skip


def _lock_out(one: LockFacts) -> LockOut:
    return LockOut(
        candidate_id=one.candidate_id, programme_id=one.programme_id, kind=one.kind, locked_at=one.locked_at
    )
