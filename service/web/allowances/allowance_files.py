"""A file of days for a month of telework allowance: what it would do, then taken in whole."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.allowances import allowance_files
from service.flows.allowances.allowance_files import LEAST_REASON
from service.flows.recruiting.imports import Report
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.store.allowances import allowances as store
from service.web.allowances.allowances_views import (
    month_words,
)
from service.web.pages import redirect, render
from service.web.translations import french, locale_of


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
