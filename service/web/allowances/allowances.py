"""Pages of the telework allowance: months, days of everybody, files of days, one statement, the payroll file."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.allowances import allowance_files, allowances, payroll_exports
from service.flows.allowances.allowances import MonthBook, month_of
from service.flows.recruiting.imports import MAX_BYTES
from service.http.downloads import attachment
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken, TooLarge
from service.store.allowances import allowances as store
from service.store.reach import id_of
from service.web.allowances.allowances_views import (
    AGREEMENTS,
    MonthView,
    line_view,
    month_words,
    months_around,
    places_of,
)
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

PAGE = 50


class AllowancePages(Controller):
    """Months of telework allowance."""

    include_in_schema = False
    path = "/allowances"

    @get(operation_id="web.allowances.list")
    async def list_months(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        now: NamedDependency[datetime],
    ) -> Template:
        """The present months, and what closed ones came to."""
        closed = {one.month: one for one in await store.closed_months(session)}
        wanted = sorted({*closed, *months_around(civil_date(now), past=3)}, reverse=True)
        locale = locale_of(request)
        months = tuple(
            MonthView(
                href=f"/allowances/{month:%Y-%m}",
                title=month_words(month, locale),
                is_closed=month in closed,
                figures=closed[month].figures if month in closed else {},
            )
            for month in wanted
        )
        return render(
            request, "recruiter/allowances/months.html", title="Allocations de télétravail", months=months
        )

    @get("/{month:str}", operation_id="web.allowances.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
        search: FromQuery[str | None] = None,
        cursor: FromQuery[str | None] = None,
    ) -> Template:
        """Everybody with home days in a month, each line with why."""
        book = await allowances.book_of(session, actor, month_of(month), law=editions.law)
        return await _month_page(
            request, session, book, editions, now=now, search=(search or "")[:100], cursor=cursor
        )

    @post("/{month:str}/closing", operation_id="web.allowances.close", status_code=200)
    async def close(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Settle the month for everybody; with errors the page says what stops it."""
        first = month_of(month)
        form = await request.form()
        text_read = str(form.get("text_read") or "").replace("\x00", "").strip()[:200]
        try:
            await allowances.close_month(
                session, actor, first, law=editions.law, text_read=text_read, now=now
            )
        except Conflict:
            return redirect(f"/allowances/{month}", flash="Ce mois est déjà clos.", tone="info")
        except RuleBroken as refusal:
            book = await allowances.book_of(session, actor, first, law=editions.law)
            return await _month_page(
                request, session, book, editions, now=now, refusal=refusal, text_read=text_read, status=422
            )
        return redirect(f"/allowances/{month}", flash="Le mois est clos. Le fichier de paie est prêt.")

    @get("/{month:str}/variables.csv", operation_id="web.allowances.export")
    async def export(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """The lines of a closed month, for payroll."""
        database: Database = request.app.state.database
        first = month_of(month)
        async with database.transaction() as session:
            rows, columns = await payroll_exports.read_export(session, actor, first, now=now)
        content = await asyncio.to_thread(payroll_exports.write_export, rows, columns, month=first)
        return attachment(content, file_name=f"variables-{first:%Y-%m}.csv", media_type="text/csv")

    @post(
        "/{month:str}/files",
        operation_id="web.allowance_files.create",
        status_code=200,
        request_max_body_size=MAX_BYTES + 100_000,
    )
    async def check_file(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Try a file of days and lead to its report; nothing is changed yet."""
        first = month_of(month)
        file = (await request.form()).get("file")
        database: Database = request.app.state.database
        error = ""
        if not isinstance(file, UploadFile) or not file.filename:
            error = french("Choisissez un fichier CSV.")
        else:
            content = await file.read()
            try:
                found = await asyncio.to_thread(allowance_files.read, content, month=first)
            except TooLarge:
                error = french("Le fichier dépasse 20 Mo. Coupez-le en deux.")
            else:
                async with database.transaction() as session:
                    facts = await allowance_files.keep_check(
                        session, actor, first, found, file_name=file.filename, law=editions.law, now=now
                    )
                return redirect(f"/allowance-files/{facts.id}")
        async with database.transaction(write=False) as session:
            book = await allowances.book_of(session, actor, first, law=editions.law)
            return await _month_page(request, session, book, editions, now=now, file_error=error, status=422)


async def _month_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    book: MonthBook,
    editions: Editions,
    *,
    now: datetime,
    search: str = "",
    cursor: str | None = None,
    refusal: RuleBroken | None = None,
    text_read: str = "",
    file_error: str = "",
    status: int = 200,
) -> Template:
    locale = locale_of(request)
    translate = Translator(locale)
    of = f"allowances {book.month} {search}"
    secret: bytes = request.app.state.secret
    found = places_of(book, search)
    start = 0
    if cursor:
        after = id_of(str(read_cursor(secret, cursor, of=of)[0]))
        start = next((at + 1 for at, place in enumerate(found) if book.candidate_ids[place] == after), 0)
    shown = found[start : start + PAGE]
    following = ""
    if start + PAGE < len(found):
        following = write_cursor(secret, (book.candidate_ids[shown[-1]],), of=of)
    payslips = await store.payslip_rows(session, book.month)
    corrections = [row for row in payslips if row.month != book.month]
    return render(
        request, "recruiter/allowances/month.html",
        title=translate(french("Allocations, %(month)s"), month=month_words(book.month, locale)), status=status,
        month=f"{book.month:%Y-%m}", facts=book.facts, sums=book.sums, doubts=book.doubts, search=search,
        agreement=translate(AGREEMENTS[book.agreement]), found=len(found), text_read=text_read,
        lines=tuple(line_view(book, place, book.in_words(editions.law, place), translate) for place in shown),
        following=following, can_close=book.month <= civil_date(now) and not book.facts.is_closed,
        corrections=len(corrections),
        correction_cents=sum(row.exempt_cents + row.taxable_cents for row in corrections),
        faults=tuple((fault.pointer, fault.said(translate)) for fault in refusal.faults) if refusal else (),
        refused=refusal.said(translate) if refusal else "", file_error=file_error,
    )  # fmt: skip
