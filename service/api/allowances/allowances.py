"""Allowance months in the API: read them, enter days, bring files in, settle, correct and export."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, MultipartBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from documents.allowances import AllowanceRefused
from service.api.allowances.allowances_models import (
    AbsenceIn,
    AbsenceOut,
    AbsencesOut,
    AllowanceDoubtOut,
    AllowanceFileOut,
    AllowanceLineOut,
    AllowanceMonthOut,
    AllowanceMonthPageOut,
    AllowanceMonthsOut,
    AllowanceStandingOut,
    AllowanceStatementOut,
    ClosingIn,
    CorrectionIn,
    DaysIn,
    FileApplyIn,
    PayrollMapIn,
    PayrollMapOut,
    PayrollNumberIn,
    SimulationIn,
    SimulationOut,
    lines_of,
)
from service.api.responses import problems
from service.flows.allowances import allowance_days, allowance_files, allowances, payroll_exports
from service.flows.allowances.allowance_simulations import simulate
from service.flows.allowances.allowances import month_of
from service.flows.allowances.payroll_exports import MapInForce
from service.flows.recruiting.imports import MAX_BYTES
from service.http import idempotency
from service.http.downloads import attachment
from service.http.paging import DEFAULT_LIMIT, MAX_LIMIT, next_link, read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.runtime.settings import Settings
from service.store import audit, reach
from service.store.allowances import allowances as store
from service.store.reach import id_of

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)]
LIST = "allowance months"


@dataclass
class DaysFileForm:
    """A CSV file of days: `matricule;jours` and more, or a time sheet `matricule;date;heures`."""

    file: UploadFile


class AllowanceMonths(Controller):
    """Months of telework allowance."""

    path = "/allowance-months"
    tags = ["Allowances"]

    @get(operation_id="allowance_months.list", responses=problems(401))
    async def list_months(self, session: NamedDependency[AsyncSession]) -> AllowanceMonthsOut:
        """List the months that are closed."""
        return AllowanceMonthsOut(
            items=[AllowanceMonthOut.of(one) for one in await store.closed_months(session)]
        )

    @get("/{month:str}", operation_id="allowance_months.read", responses=problems(401, 404, 422))
    async def read(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        settings: NamedDependency[Settings],
        limit: Limit = DEFAULT_LIMIT,
        cursor: FromQuery[str | None] = None,
    ) -> Response[AllowanceMonthPageOut]:
        """Read a month and a page of its people: as settled when it is closed, else as it stands now."""
        secret: bytes = request.app.state.secret
        of = f"{LIST} {month}"
        after = id_of(str(read_cursor(secret, cursor, of=of)[0])) if cursor else None
        book = await allowances.book_of(session, actor, month_of(month), law=editions.law)
        start = book.candidate_ids.index(after) + 1 if after in book.candidate_ids else 0
        places = range(start, min(start + limit, len(book)))
        more = bool(places) and places.stop < len(book)
        headers = {}
        if more:
            following = write_cursor(secret, (book.candidate_ids[places.stop - 1],), of=of)
            headers["Link"] = next_link(request, settings.public_url, following)
        page = AllowanceMonthPageOut(
            month=AllowanceMonthOut.of(book.facts, book.sums),
            agreement=book.agreement,
            doubts=[
                AllowanceDoubtOut.model_validate(one.model_dump(include=set(AllowanceDoubtOut.model_fields)))
                for one in book.doubts
            ],
            items=[AllowanceLineOut.of(book, place) for place in places],
        )
        return Response(page, headers=headers)

    @post(
        "/{month:str}/closing", operation_id="allowance_months.close", responses=problems(401, 404, 409, 422)
    )
    async def close(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        data: JSONBody[ClosingIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[AllowanceMonthOut]:
        """Settle everybody's month; send an Idempotency-Key. What changes later is a difference on a later payslip."""
        first = month_of(month)

        async def act() -> AllowanceMonthOut:
            book = await allowances.close_month(
                session, actor, first, law=editions.law, text_read=data.text_read, now=now
            )
            return AllowanceMonthOut.of(book.facts)

        return await idempotency.once(request, session, actor, now=now, act=act)  # type: ignore[return-value]

    @get(
        "/{month:str}/export",
        operation_id="allowance_months.export",
        responses=problems(401, 404, 409, 422),
        media_type="text/csv",
    )
    async def export(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """The lines of a closed month for payroll, in the columns of the map in force."""
        return await export_file(request.app.state.database, actor, month_of(month), now=now)

    @get(
        "/{month:str}/people/{candidate_id:str}",
        operation_id="allowance_statements.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read_statement(
        self,
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> AllowanceStatementOut:
        """One person's month line by line; the reading is noted."""
        first = month_of(month)
        person = await reach.candidate_row(session, actor, candidate_id)
        book = await allowances.book_of(session, actor, first, law=editions.law, candidate_id=person.id)
        if not len(book):
            raise NotFound
        audit.record(session, actor, action="allowance.read", subject=("candidate", person.id), now=now)
        made = book.in_words(editions.law, 0)
        return AllowanceStatementOut(
            month=f"{first:%Y-%m}",
            line=AllowanceLineOut.of(book, 0),
            lines=[] if isinstance(made, AllowanceRefused) else lines_of(made),
            reasons=[made.detail] if isinstance(made, AllowanceRefused) else list(made.reasons),
            standings=[
                AllowanceStandingOut.of(one)
                for one in await store.statements_of(session, actor, person.id, first)
            ],
        )

    @put(
        "/{month:str}/people/{candidate_id:str}",
        operation_id="allowance_days.put",
        responses=problems(401, 404, 409, 422),
        status_code=204,
    )
    async def record(
        self,
        month: FromPath[str],
        candidate_id: FromPath[str],
        data: JSONBody[DaysIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> None:
        """Enter the days of an open month; said again, the later word counts."""
        await allowance_days.record_days(
            session,
            actor,
            month_of(month),
            candidate_id,
            data.said,
            law=editions.law,
            note=data.note,
            now=now,
        )

    @delete(
        "/{month:str}/people/{candidate_id:str}",
        operation_id="allowance_days.delete",
        responses=problems(401, 404, 409),
    )
    async def forget(
        self,
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Go back to what the schedule says of an open month."""
        await allowance_days.forget_days(session, actor, month_of(month), candidate_id, now=now)

    @post(
        "/{month:str}/people/{candidate_id:str}/corrections",
        operation_id="allowance_statements.correct",
        responses=problems(401, 404, 409, 422),
    )
    async def correct(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        candidate_id: FromPath[str],
        data: JSONBody[CorrectionIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[AllowanceStandingOut]:
        """Put a closed month right; the difference goes on the first open month's payslip. Send an Idempotency-Key."""
        first = month_of(month)

        async def act() -> AllowanceStandingOut:
            made = await allowance_days.correct_month(
                session, actor, first, candidate_id, data.said, reason=data.reason, law=editions.law, now=now
            )
            return AllowanceStandingOut.of(made)

        return await idempotency.once(request, session, actor, now=now, act=act)  # type: ignore[return-value]

    @post(
        "/{month:str}/files",
        operation_id="allowance_files.create",
        responses=problems(401, 404, 413, 422),
        request_max_body_size=MAX_BYTES + 100_000,
    )
    async def check_file(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        data: MultipartBody[DaysFileForm],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[AllowanceFileOut]:
        """Try a file of days: nothing is changed, the report says what taking it in would do."""
        first = month_of(month)
        found = await asyncio.to_thread(allowance_files.read, await data.file.read(), month=first)
        database: Database = request.app.state.database
        async with database.transaction() as session:
            facts = await allowance_files.keep_check(
                session, actor, first, found, file_name=data.file.filename or "", law=editions.law, now=now
            )
        made = AllowanceFileOut.of(facts)
        return Response(made, status_code=201, headers={"Location": f"/api/v1/allowance-files/{facts.id}"})


async def export_file(database: Database, actor: Actor, month: date, *, now: datetime) -> Response[bytes]:
    """The file of a month: read in a short transaction, written in a thread."""
    async with database.transaction() as session:
        rows, columns = await payroll_exports.read_export(session, actor, month, now=now)
    content = await asyncio.to_thread(payroll_exports.write_export, rows, columns, month=month)
    return attachment(content, file_name=f"variables-{month:%Y-%m}.csv", media_type="text/csv")


class AllowanceFiles(Controller):
    """Files of days."""

    path = "/allowance-files"
    tags = ["Allowances"]

    @get("/{file_id:str}", operation_id="allowance_files.read", responses=problems(401, 404))
    async def read(self, file_id: FromPath[str], session: NamedDependency[AsyncSession]) -> AllowanceFileOut:
        """Read the report of one file."""
        return AllowanceFileOut.of(await store.file_facts(session, file_id))

    @post(
        "/{file_id:str}/apply",
        operation_id="allowance_files.apply",
        status_code=200,
        responses=problems(401, 404, 409, 422),
    )
    async def apply(
        self,
        request: Request[Any, Any, Any],
        file_id: FromPath[str],
        data: JSONBody[FileApplyIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Response[AllowanceFileOut]:
        """Take a tried file in, whole or not at all; send an Idempotency-Key."""

        async def act() -> AllowanceFileOut:
            facts = await allowance_files.apply(
                session, actor, file_id, law=editions.law, reason=data.reason, now=now
            )
            return AllowanceFileOut.of(facts)

        return await idempotency.once(request, session, actor, now=now, act=act, status=200)  # type: ignore[return-value]


class Absences(Controller):
    """Days on which somebody did not work."""

    path = "/candidates/{candidate_id:str}/absences"
    tags = ["Allowances"]

    @get(operation_id="absences.list", responses=problems(401, 404), opt={"audited": True})
    async def list_absences(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AbsencesOut:
        """List one person's absences; the reading is noted."""
        person = await reach.candidate_row(session, actor, candidate_id)
        audit.record(session, actor, action="absences.read", subject=("candidate", person.id), now=now)
        found = await store.absences_of(session, actor, person.id)
        return AbsencesOut(items=[AbsenceOut.model_validate(one) for one in found])

    @post(operation_id="absences.create", responses=problems(401, 404, 422))
    async def create(
        self,
        candidate_id: FromPath[str],
        data: JSONBody[AbsenceIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AbsenceOut:
        """Note days without work; a month that is closed keeps its sums."""
        made = await allowance_days.add_absence(
            session, actor, candidate_id, start=data.start, end=data.end, kind=data.kind, now=now
        )
        return AbsenceOut(id=made, start=data.start, end=data.end, kind=data.kind)

    @delete("/{absence_id:str}", operation_id="absences.delete", responses=problems(401, 404))
    async def remove(
        self,
        candidate_id: FromPath[str],
        absence_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Take back an absence that was noted by mistake."""
        await allowance_days.remove_absence(session, actor, candidate_id, absence_id, now=now)


class PayrollNumbers(Controller):
    """How payroll knows people."""

    path = "/candidates/{candidate_id:str}/payroll-number"
    tags = ["Allowances"]

    @put(operation_id="payroll_numbers.put", responses=problems(401, 404, 409, 422), status_code=204)
    async def give(
        self,
        candidate_id: FromPath[str],
        data: JSONBody[PayrollNumberIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> None:
        """Say by which number the payroll program knows this person."""
        await allowance_days.give_number(session, actor, candidate_id, data.number, now=now)


class PayrollMaps(Controller):
    """The columns of the payroll program."""

    path = "/payroll-map"
    tags = ["Allowances"]

    @get(operation_id="payroll_map.read", responses=problems(401))
    async def read(self, session: NamedDependency[AsyncSession]) -> PayrollMapOut:
        """Read the map of columns that counts."""
        return _map_out(await payroll_exports.map_in_force(session))

    @put(operation_id="payroll_map.replace", responses=problems(401, 422))
    async def replace(
        self,
        data: JSONBody[PayrollMapIn],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> PayrollMapOut:
        """Take another map of columns; it is checked whole first."""
        return _map_out(await payroll_exports.replace_map(session, actor, data.text, now=now))


def _map_out(found: MapInForce) -> PayrollMapOut:
    return PayrollMapOut(
        text=found.text,
        title=found.columns.title,
        headers=[column.header for column in found.columns.columns],
        sent_at=found.sent_at,
    )


class AllowanceSimulations(Controller):
    """What a month may bring, for anybody."""

    path = "/allowance-simulations"
    tags = ["Allowances"]

    @post(operation_id="allowance_simulations.create", status_code=200, responses=problems(404, 422))
    async def try_month(
        self, data: JSONBody[SimulationIn], editions: NamedDependency[Editions]
    ) -> SimulationOut:
        """Try a month; nothing is kept."""
        found = simulate(
            editions.law,
            month=month_of(data.month),
            mode=data.mode,
            days=data.days,
            weekly_days=data.weekly_days,
            agreement=data.agreement,
            is_whole=data.is_whole,
            paid_cents=data.paid_cents,
        )
        return SimulationOut.of(found)
