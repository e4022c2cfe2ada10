"""One person's month of telework allowance: days, absences, corrections, the payroll number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from documents.allowance_days import AbsenceKind
from documents.allowances import AllowanceRefused, days_in
from documents.kinds import DocumentKind
from service.flows.allowances import allowance_days, allowances
from service.flows.allowances.allowance_files import LEAST_REASON
from service.flows.allowances.allowances import MonthBook, month_of
from service.http.rights import matrix
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.store import audit, reach
from service.store.allowances import allowances as store
from service.store.reach import id_of
from service.store.recruiting import outcomes
from service.web.allowances.allowances_views import (
    ABSENCES,
    AGREEMENTS,
    MODES,
    SOURCES,
    DaysForm,
    first_form,
    line_view,
    month_words,
    read_form,
)
from service.web.pages import redirect, render
from service.web.translations import Translator, french, locale_of


class AllowancePersonPages(Controller):
    """One person's month."""

    include_in_schema = False
    path = "/allowances"

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


def _person_href(month: str, candidate_id: str) -> str:
    return f"/allowances/{month_of(month):%Y-%m}/people/{id_of(candidate_id)}"


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
