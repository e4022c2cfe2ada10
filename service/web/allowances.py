"""Pages of the telework allowance: months, days of everybody, files of days, one statement, the payroll file."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from documents.allowance_days import AbsenceKind
from documents.allowances import AllowanceRefused, days_in
from documents.kinds import DocumentKind
from documents.payroll_lines import PayrollKind
from service.flows import allowance_days, allowance_files, allowances, payroll_exports
from service.flows.allowances import MonthBook, month_of
from service.flows.imports import MAX_BYTES, Report
from service.http.downloads import attachment
from service.http.paging import read_cursor, write_cursor
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken, TooLarge
from service.store import allowances as store
from service.store import audit, outcomes, reach
from service.store.reach import id_of
from service.web.allowances_views import (
    ABSENCES,
    AGREEMENTS,
    MODES,
    SOURCES,
    DaysForm,
    MonthView,
    first_form,
    line_view,
    month_words,
    months_around,
    places_of,
    read_form,
)
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of

PAGE = 50
LEAST_REASON = 20


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

    @get(
        "/{month:str}/people/{candidate_id:str}",
        operation_id="web.allowances.person",
        opt={"audited": True},
    )
    async def person(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One person's month line by line; the reading is noted."""
        return await _person_page(
            request, session, actor, month_of(month), candidate_id, editions=editions, now=now
        )

    @post("/{month:str}/people/{candidate_id:str}", operation_id="web.allowances.record", status_code=200)
    async def record(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Enter the days of an open month."""
        first = month_of(month)
        form, said, errors = read_form(await request.form(), most=days_in(first))
        if said is not None:
            try:
                await allowance_days.record_days(
                    session, actor, first, candidate_id, said, law=editions.law, note=form.note, now=now
                )
            except RuleBroken:
                errors = {"days": french("Ces jours ne vont pas avec le contrat.")}
            else:
                return redirect(_person_href(month, candidate_id), flash="Les jours sont enregistrés.")
        return await _person_page(
            request, session, actor, first, candidate_id, editions=editions, now=now, form=form, errors=errors
        )

    @post(
        "/{month:str}/people/{candidate_id:str}/schedule",
        operation_id="web.allowances.forget",
        status_code=200,
    )
    async def forget(
        self,
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Go back to what the schedule says."""
        await allowance_days.forget_days(session, actor, month_of(month), candidate_id, now=now)
        return redirect(
            _person_href(month, candidate_id), flash="Les horaires du contrat comptent à nouveau."
        )

    @post(
        "/{month:str}/people/{candidate_id:str}/corrections",
        operation_id="web.allowances.correct",
        status_code=200,
    )
    async def correct(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Put a closed month right: the difference goes on a later payslip."""
        first = month_of(month)
        form, said, errors = read_form(await request.form(), most=days_in(first))
        if len(form.note) < LEAST_REASON:
            errors = {**errors, "note": french("Dites pourquoi, en 20 caractères au moins.")}
        elif said is not None:
            try:
                made = await allowance_days.correct_month(
                    session, actor, first, candidate_id, said, reason=form.note, law=editions.law, now=now
                )
            except RuleBroken as refusal:
                errors = {"days": refusal.said(Translator(locale_of(request)))}
            else:
                told = french(
                    "La correction est faite. La différence est portée sur la paie d'un mois suivant."
                )
                return redirect(f"{_person_href(month, candidate_id)}#standing-{made.position}", flash=told)
        return await _person_page(
            request, session, actor, first, candidate_id, editions=editions, now=now, form=form, errors=errors
        )

    @post(
        "/{month:str}/people/{candidate_id:str}/absences",
        operation_id="web.allowances.add_absence",
        status_code=200,
    )
    async def add_absence(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Note days without work."""
        first = month_of(month)
        sent = await request.form()
        typed = {name: str(sent.get(name) or "").strip()[:40] for name in ("start", "end", "kind")}
        errors: dict[str, str] = {}
        days: dict[str, date] = {}
        for name in ("start", "end"):
            try:
                days[name] = date.fromisoformat(typed[name])
            except ValueError:
                errors[name] = french("Écrivez une date.")
        if typed["kind"] not in {kind.value for kind in AbsenceKind}:
            errors["kind"] = french("Choisissez une raison dans la liste.")
        if not errors:
            try:
                await allowance_days.add_absence(
                    session, actor, candidate_id, start=days["start"], end=days["end"],
                    kind=AbsenceKind(typed["kind"]), now=now,
                )  # fmt: skip
            except RuleBroken as refusal:
                translate = Translator(locale_of(request))
                errors = {fault.pointer.removeprefix("/"): fault.said(translate) for fault in refusal.faults}
            else:
                return redirect(_person_href(month, candidate_id), flash="L'absence est notée.")
        return await _person_page(
            request, session, actor, first, candidate_id, editions=editions, now=now, absence=typed,
            absence_errors=errors,
        )  # fmt: skip

    @post(
        "/{month:str}/people/{candidate_id:str}/absences/{absence_id:str}/removal",
        operation_id="web.allowances.remove_absence",
        status_code=200,
    )
    async def remove_absence(
        self,
        month: FromPath[str],
        candidate_id: FromPath[str],
        absence_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take an absence back."""
        month_of(month)
        await allowance_days.remove_absence(session, actor, candidate_id, absence_id, now=now)
        return redirect(_person_href(month, candidate_id), flash="L'absence est retirée.")

    @post(
        "/{month:str}/people/{candidate_id:str}/number",
        operation_id="web.allowances.number",
        status_code=200,
    )
    async def number(
        self,
        request: Request[Any, Any, Any],
        month: FromPath[str],
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Say by which number payroll knows this person."""
        first = month_of(month)
        typed = str((await request.form()).get("number") or "").replace("\x00", "").strip()[:100]
        translate = Translator(locale_of(request))
        try:
            await allowance_days.give_number(session, actor, candidate_id, typed, now=now)
        except RuleBroken as refusal:
            error = refusal.faults[0].said(translate)
        except Conflict as refusal:
            error = refusal.said(translate)
        else:
            return redirect(_person_href(month, candidate_id), flash="Le matricule est enregistré.")
        return await _person_page(
            request, session, actor, first, candidate_id, editions=editions, now=now, number=typed,
            number_error=error,
        )  # fmt: skip


class AllowanceFilePages(Controller):
    """Files of days."""

    include_in_schema = False
    path = "/allowance-files"

    @get("/{file_id:str}", operation_id="web.allowance_files.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        file_id: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """What taking the file in would do, or did."""
        return await _file_page(request, session, file_id)

    @post("/{file_id:str}/apply", operation_id="web.allowance_files.apply", status_code=200)
    async def apply(
        self,
        request: Request[Any, Any, Any],
        file_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Take the file in whole; pressed twice, it is taken in once."""
        reason = str((await request.form()).get("reason") or "").replace("\x00", "").strip()[:2000]
        facts = await store.file_facts(session, file_id)
        is_closed = (await store.month_facts(session, facts.month)).is_closed
        if is_closed and len(reason) < LEAST_REASON:
            error = french("Dites pourquoi, en 20 caractères au moins.")
            return await _file_page(request, session, file_id, reason=reason, error=error, status=422)
        try:
            await allowance_files.apply(session, actor, file_id, law=editions.law, reason=reason, now=now)
        except RuleBroken:
            told = french("Rien n'est appliqué : des lignes sont à corriger d'abord.")
            return redirect(f"/allowance-files/{facts.id}", flash=told, tone="warn")
        return redirect(f"/allowances/{facts.month:%Y-%m}", flash="Le fichier est appliqué en entier.")


class PayrollMapPages(Controller):
    """The columns of the payroll program."""

    include_in_schema = False

    @get("/payroll-map", operation_id="web.payroll_map.show")
    async def show(self, request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]) -> Template:
        """The map that counts, to read and to replace."""
        found = await payroll_exports.map_in_force(session)
        return _map_page(request, found, text=found.text)

    @post("/payroll-map", operation_id="web.payroll_map.replace", status_code=200)
    async def replace_map(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Take another map, typed or as a file; with faults nothing changes."""
        form = await request.form()
        file, text = form.get("file"), str(form.get("text") or "")
        if isinstance(file, UploadFile) and file.filename:
            text = (await file.read())[: payroll_exports.LONGEST_MAP * 4].decode("utf-8-sig", "replace")
        try:
            await payroll_exports.replace_map(session, actor, text.replace("\r\n", "\n"), now=now)
        except RuleBroken as refusal:
            translate = Translator(locale_of(request))
            told = tuple(
                f"{fault.pointer.removeprefix('/')} : {fault.said(translate)}" for fault in refusal.faults
            )
            found = await payroll_exports.map_in_force(session)
            return _map_page(
                request, found, text=text[: payroll_exports.LONGEST_MAP], faults=told, status=422
            )
        return redirect("/payroll-map", flash="Le plan des colonnes est enregistré.")

    @get("/payroll-map.yaml", operation_id="web.payroll_map.file")
    async def file(self, session: NamedDependency[AsyncSession]) -> Response[bytes]:
        """The map as a file, to change and send back."""
        found = await payroll_exports.map_in_force(session)
        return attachment(found.text.encode(), file_name="payroll-map.yaml", media_type="application/yaml")


def _person_href(month: str, candidate_id: str) -> str:
    return f"/allowances/{month_of(month):%Y-%m}/people/{id_of(candidate_id)}"


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


async def _person_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    month: date,
    candidate_id: str,
    *,
    editions: Editions,
    now: datetime,
    form: DaysForm | None = None,
    errors: Mapping[str, str] | None = None,
    absence: Mapping[str, str] | None = None,
    absence_errors: Mapping[str, str] | None = None,
    number: str | None = None,
    number_error: str = "",
) -> Template:
    person = await reach.candidate_row(session, actor, candidate_id)
    book = await allowances.book_of(session, actor, month, law=editions.law, candidate_id=person.id)
    if not len(book):
        raise NotFound
    audit.record(session, actor, action="allowance.read", subject=("candidate", person.id), now=now)
    locale = locale_of(request)
    translate = Translator(locale)
    made = book.in_words(editions.law, 0)
    line = line_view(book, 0, made, translate)
    standings = await store.statements_of(session, actor, person.id, month)
    recorded = (await store.days_of_month(session, month, candidate_id=person.id)).get(person.id)
    is_same = not isinstance(made, AllowanceRefused) and (
        made.ceiling.ceiling_cents, made.exempt_cents, made.taxable_cents
    ) == (line.ceiling_cents, line.exempt_cents, line.taxable_cents)  # fmt: skip
    is_faulty = bool(errors or absence_errors or number_error)
    return render(
        request, "recruiter/allowances/person.html", status=422 if is_faulty else 200,
        title=translate(french("Relevé de %(month)s"), month=month_words(month, locale)),
        month=f"{month:%Y-%m}", month_words=month_words(month, locale), facts=book.facts, line=line,
        statement=made if is_same else None, person_id=str(person.id), days_in_month=days_in(month),
        standings=tuple((one, month_words(one.settled_in, locale)) for one in standings),
        sources={one.value: translate(words) for one, words in SOURCES.items()},
        modes={one.value: translate(words) for one, words in MODES.items()},
        form=form or _form_of(book, recorded), errors=dict(errors or {}), is_recorded=recorded is not None,
        note=book.notes.get(0, ""), agreement=translate(AGREEMENTS[book.agreement]),
        absences=tuple(
            (one, translate(ABSENCES[one.kind])) for one in await store.absences_of(session, actor, person.id)
        ),
        absence=dict(absence or {"start": "", "end": "", "kind": ""}), absence_errors=dict(absence_errors or {}),
        kinds=[(kind.value, translate(words)) for kind, words in ABSENCES.items()],
        number=line.number if number is None else number, number_error=number_error,
        paper_href=await _paper_href(session, actor, person.id),
    )  # fmt: skip


async def _paper_href(session: AsyncSession, actor: Actor, candidate_id: UUID) -> str:
    """Where the statement is issued on paper; nowhere for whoever issues none."""
    found = await outcomes.hired_application_ids(session, candidate_id)
    if not found or not matrix()["web.papers.new"].allows(actor):
        return ""
    return f"/applications/{found[0]}/papers/new/{DocumentKind.ALLOWANCE_STATEMENT.value}"


def _form_of(book: MonthBook, recorded: store.DaysFacts | None) -> DaysForm:
    if book.facts.is_closed:
        return replace(first_form(book, None), paid="")
    return first_form(book, recorded.paid_cents if recorded else None)


async def _file_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    file_id: str,
    *,
    reason: str = "",
    error: str = "",
    status: int = 200,
) -> Template:
    facts = await store.file_facts(session, file_id)
    is_closed = (await store.month_facts(session, facts.month)).is_closed
    return render(
        request, "recruiter/allowances/file.html", title="Contrôle du fichier de jours", status=status, facts=facts,
        report=Report.model_validate(facts.report), month=f"{facts.month:%Y-%m}", is_closed=is_closed,
        month_words=month_words(facts.month, locale_of(request)), reason=reason, error=error,
    )  # fmt: skip


def _map_page(
    request: Request[Any, Any, Any],
    found: payroll_exports.MapInForce,
    *,
    text: str,
    faults: tuple[str, ...] = (),
    status: int = 200,
) -> Template:
    columns = found.columns
    return render(
        request, "recruiter/allowances/map.html", title="Colonnes de la paie", status=status, found=found, text=text,
        faults=faults, headers=tuple((one.header, one.value.value) for one in columns.columns),
        codes=tuple((columns.labels.get(kind, kind.value), columns.codes.get(kind, "")) for kind in PayrollKind),
    )  # fmt: skip
