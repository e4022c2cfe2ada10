"""The columns of the payroll program: the map that counts, read, replaced, taken away as a file."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from documents.payroll_lines import PayrollKind
from service.flows.allowances import payroll_exports
from service.http.downloads import attachment
from service.runtime.actors import Actor
from service.runtime.errors import RuleBroken
from service.web.pages import redirect, render
from service.web.translations import Translator, locale_of


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
