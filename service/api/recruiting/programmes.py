"""Programmes in the API: enter, list, read, correct, open and close; and the sheet that anybody may read."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.profiles import AskedLanguage, Channel, Phrase, Requirement, Window
from service.api.models import Flag, In, Out
from service.api.people.candidates import Key
from service.api.responses import problems
from service.flows.recruiting import programmes
from service.http import idempotency
from service.http.editing import check_version, etag_of
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.settings import Settings
from service.runtime.vocabulary import ProgrammeState
from service.store.reach import id_of
from service.store.recruiting import programmes as store
from service.store.recruiting.programmes import ProgrammeFacts


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    return text


Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_without_nul)]
Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=10_000), AfterValidator(_without_nul)
]
Money = Annotated[int, Field(ge=0, le=100_000_000, strict=True)]
Days = Annotated[float, Field(ge=0, le=7, strict=True)]
Mbps = Annotated[float, Field(ge=0, le=100_000, strict=True)]


class ProgrammeProfileIn(In):
    """The work, what it asks for, when it is open, and the sheet; money in integer cents a month, gross."""

    title: Words | None = None
    client_sector: Words | None = None
    description: Prose | None = None
    channels: Annotated[list[Channel], Field(max_length=20)] | None = None
    languages: Annotated[list[AskedLanguage], Field(max_length=40)] | None = None
    skills: Annotated[list[Requirement], Field(max_length=100)] | None = None
    opening_hours: Annotated[list[Window], Field(max_length=200)] | None = None
    weekly_hours: Annotated[float, Field(gt=0, le=48, strict=True)] | None = None
    split_shifts_allowed: Flag | None = None
    seats: Annotated[int, Field(ge=0, le=100_000, strict=True)] | None = None
    onsite_days_per_week: Days | None = None
    min_download_mbps: Mbps | None = None
    min_upload_mbps: Mbps | None = None
    max_latency_ms: Annotated[float, Field(ge=0, le=60_000, strict=True)] | None = None
    equipment_provided: Flag | None = None
    card_data: Flag | None = None
    start_date: date | None = None
    nature_of_work: Prose | None = None
    autonomy_given: Prose | None = None
    expectations: Prose | None = None
    pay_min_cents: Money | None = None
    pay_max_cents: Money | None = None
    home_days_per_week: Days | None = None
    equipment: Annotated[list[Phrase], Field(max_length=100)] | None = None

    def said(self) -> dict[str, Any]:
        """Only what was sent, as JSON; a member sent as null is taken away."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class ProgrammeIn(In):
    """One programme to enter; it is open at once."""

    external_id: Key | None = None
    client_name: Words = ""
    profile: ProgrammeProfileIn


class ProgrammeChangesIn(In):
    """What to change; members of `profile` that are left out stay as they are."""

    client_name: Words | None = None
    state: Literal["open", "closed"] | None = None
    profile: ProgrammeProfileIn | None = None


class ProgrammeOut(Out):
    """One programme of a client."""

    id: UUID
    external_id: str | None
    title: str
    client_name: str
    state: ProgrammeState
    seats: int
    weekly_hours: float
    start_date: date | None
    profile: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    version: int


class ProgrammeLineOut(Out):
    """One line of the list."""

    id: UUID
    title: str
    client_name: str
    state: ProgrammeState
    seats: int
    weekly_hours: float
    start_date: date | None
    open_applications: int


class ProgrammePageOut(Out):
    """One page of programmes; `next` is the cursor of the following page."""

    items: list[ProgrammeLineOut]
    next: str | None


class SheetOut(Out):
    """What a candidate reads before saying yes; no client is named."""

    id: UUID
    title: str
    nature_of_work: str | None
    autonomy_given: str | None
    expectations: str | None
    weekly_hours: float
    opening_hours: list[dict[str, Any]]
    pay_min_cents: int | None
    pay_max_cents: int | None
    home_days_per_week: float | None
    onsite_days_per_week: float
    equipment: list[str]
    equipment_provided: bool
    start_date: date | None


class Programmes(Controller):
    """Programmes of clients."""

    path = "/programmes"
    tags = ["Programmes"]

    @post(operation_id="programmes.create", responses=problems(401, 409, 422))
    async def create(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[ProgrammeIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ProgrammeOut]:
        """Enter one programme."""

        async def act() -> ProgrammeOut:
            facts = await programmes.create_programme(
                session, actor, profile=_given(data.profile.said()), client_name=data.client_name, now=now,
                external_id=data.external_id,
            )  # fmt: skip
            return ProgrammeOut.model_validate(facts)

        def location(out: ProgrammeOut) -> str:
            return f"/api/v1/programmes/{out.id}"

        if "idempotency-key" in request.headers:
            return await idempotency.once(  # type: ignore[return-value]
                request, session, actor, now=now, act=act, location=location
            )
        out = await act()
        return Response(
            out, status_code=201, headers={"Location": location(out), "ETag": etag_of(out.version)}
        )

    @get(operation_id="programmes.list", responses=problems(401, 422))
    async def list_programmes(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        standing: Annotated[ProgrammeState | None, QueryParameter(name="state")] = None,
        q: Annotated[str | None, QueryParameter(max_length=200)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[ProgrammePageOut]:
        """List the programmes within reach, the newest first."""
        secret: bytes = request.app.state.secret
        after = read_cursor(secret, cursor, of="programmes") if cursor else None
        page = await store.page_of(session, actor, limit=limit, state=standing, q=q, after=after)
        following = write_cursor(secret, page.after, of="programmes") if page.after else None
        headers = {"Link": next_link(request, settings.public_url, following)} if following else {}
        items = [
            ProgrammeLineOut(
                id=line.facts.id, title=line.facts.title, client_name=line.facts.client_name,
                state=line.facts.state, seats=line.facts.seats, weekly_hours=line.facts.weekly_hours,
                start_date=line.facts.start_date, open_applications=line.open_applications,
            )
            for line in page.lines
        ]  # fmt: skip
        return Response(ProgrammePageOut(items=items, next=following), headers=headers)

    @get("/{programme_id:str}", operation_id="programmes.read", responses=problems(401, 404))
    async def read(
        self,
        programme_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
    ) -> Response[ProgrammeOut]:
        """Read one programme."""
        facts = await store.facts_of(session, actor, id_of(programme_id))
        return _answer(facts)

    @patch(
        "/{programme_id:str}",
        operation_id="programmes.edit",
        responses=problems(401, 404, 409, 412, 422, 428),
    )
    async def edit(
        self,
        request: Request[Any, Any, Any],
        programme_id: FromPath[str],
        data: JSONBody[ProgrammeChangesIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[ProgrammeOut]:
        """Correct a programme, open it or close it."""
        changes: dict[str, Any] = {"client_name": data.client_name, "state": data.state}
        changes = {name: value for name, value in changes.items() if value is not None}
        if data.profile is not None:
            changes["profile"] = data.profile.said()
        facts = await programmes.edit_programme(
            session, actor, id_of(programme_id), changes=changes,
            check_version=lambda version: check_version(request, version), now=now,
        )  # fmt: skip
        return _answer(facts)

    @get("/{programme_id:str}/sheet", operation_id="programmes.sheet", responses=problems(404), security=[{}])
    async def sheet(self, programme_id: FromPath[str], session: NamedDependency[AsyncSession]) -> SheetOut:
        """Read the sheet of an open programme, as a candidate does before saying yes."""
        facts = await store.sheet_of(session, programme_id)
        profile = facts.as_profile
        return SheetOut(
            id=facts.id, title=facts.title, nature_of_work=profile.nature_of_work,
            autonomy_given=profile.autonomy_given, expectations=profile.expectations,
            weekly_hours=profile.weekly_hours, opening_hours=facts.profile.get("opening_hours", []),
            pay_min_cents=profile.pay_min_cents, pay_max_cents=profile.pay_max_cents,
            home_days_per_week=profile.home_days_per_week, onsite_days_per_week=profile.onsite_days_per_week,
            equipment=list(profile.equipment), equipment_provided=profile.equipment_provided,
            start_date=profile.start_date,
        )  # fmt: skip


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _answer(facts: ProgrammeFacts) -> Response[ProgrammeOut]:
    return Response(ProgrammeOut.model_validate(facts), headers={"ETag": etag_of(facts.version)})
