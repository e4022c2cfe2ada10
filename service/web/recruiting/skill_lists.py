"""Lists of skills in pages: send the files of one, read what it changes, take it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.skills.concepts import ESCO, ROME
from service.flows.matching import skill_lists
from service.flows.matching.skill_lists import ListReport, SentFile
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.errors import Fault, RuleBroken, TooLarge
from service.runtime.files import FileStore
from service.store.recruiting import skills as store
from service.web.pages import redirect, render
from service.web.recruiting.skills import list_name
from service.web.translations import Translator, french, locale_of

OTHER = "other"
KINDS = {
    ESCO: french("ESCO, la liste européenne (fichiers CSV du portail)"),
    ROME: french("ROME, la liste de France Travail (fichiers CSV)"),
    OTHER: french("La liste d'un client (CSV : notation, label_fr, label_en, aliases_fr, broader, same_as)"),
}
FIELDS = ("kind", "scheme", "edition", "title")


class SkillListPages(Controller):
    """Lists of skills brought in."""

    path = "/skill-lists"
    include_in_schema = False

    @get(operation_id="web.skill_lists.list")
    async def list_editions(
        self, request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]
    ) -> Template:
        """The form, the lists in force, and the newest editions."""
        return await _page(request, session)

    @post(
        operation_id="web.skill_lists.create", status_code=200,
        request_max_body_size=skill_lists.MAX_BYTES + 100_000,
    )  # fmt: skip
    async def create(
        self,
        request: Request[Any, Any, Any],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Check the files and lead to the report; nothing is changed yet."""
        form = await request.form()
        typed = {name: str(form.get(name) or "").replace("\x00", "").strip() for name in FIELDS}
        sent = [
            SentFile(one.filename, await one.read())
            for one in form.getall("files", [])
            if isinstance(one, UploadFile) and one.filename
        ]
        errors = _missing(typed, sent)
        faults: Sequence[Fault] = ()
        database: Database = request.app.state.database
        if not errors:
            scheme = typed["scheme"] if typed["kind"] == OTHER else typed["kind"]
            try:
                read = await asyncio.to_thread(
                    skill_lists.read_files, sent, scheme=scheme, edition=typed["edition"][:80]
                )
            except (RuleBroken, TooLarge) as refusal:
                errors = {"files": refusal.said(Translator(locale_of(request)))}
                faults = refusal.faults
            else:
                async with database.transaction() as session:
                    facts = await skill_lists.keep_check(
                        session, actor, read, title=typed["title"][:200], licence="", files=files, now=now
                    )
                return redirect(f"/skill-lists/{facts.id}")
        async with database.transaction(write=False) as session:
            return await _page(request, session, typed=typed, errors=errors, faults=faults, status=422)

    @get("/{edition_id:str}", operation_id="web.skill_lists.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        edition_id: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """What one edition changes, or changed."""
        facts = await store.edition_facts(session, edition_id)
        return render(
            request, "recruiter/skills/edition.html", title=french("Édition d'une liste"), facts=facts,
            report=ListReport.model_validate(facts.report), list_name=list_name(facts.scheme, locale_of(request)),
        )  # fmt: skip

    @post("/{edition_id:str}/apply", operation_id="web.skill_lists.apply", status_code=200)
    async def apply(
        self,
        request: Request[Any, Any, Any],
        edition_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take it whole; pressed twice, it is taken once."""
        database: Database = request.app.state.database
        async with database.transaction(write=False) as session:
            kept = await store.edition_facts(session, edition_id)
        sent = await asyncio.to_thread(skill_lists.read_kept, kept, files)
        async with database.transaction() as session:
            await skill_lists.apply_kept(session, actor, edition_id, sent, now=now)
        return redirect(f"/skill-lists/{kept.id}", flash=french("La liste est prise en entier."))


def _missing(typed: Mapping[str, str], sent: Sequence[SentFile]) -> dict[str, str]:
    errors = {}
    if typed["kind"] not in KINDS:
        errors["kind"] = french("Dites de quelle liste il s'agit.")
    if typed["kind"] == OTHER and not typed["scheme"]:
        errors["scheme"] = french("Donnez un nom court à la liste.")
    if not typed["edition"]:
        errors["edition"] = french("Nommez l'édition : une date ou un numéro.")
    if not sent:
        errors["files"] = french("Choisissez au moins un fichier.")
    return errors


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
    status: int = 200,
) -> Template:
    locale = locale_of(request)
    translate = Translator(locale)
    counts = await store.counts_by_scheme(session)
    latest = await store.editions_of(session)
    return render(
        request, "recruiter/skills/lists.html", title=french("Listes de compétences"), status=status,
        kinds=[(kind, translate(words)) for kind, words in KINDS.items()],
        latest=[(one, list_name(one.scheme, locale)) for one in latest],
        in_force=[(list_name(scheme, locale), scheme, count) for scheme, count in counts.items()],
        typed={**dict.fromkeys(FIELDS, ""), **(typed or {})},
        errors={name: translate(words) for name, words in (errors or {}).items()},
        faults=[(one.pointer, one.said(translate)) for one in faults[:100]],
    )  # fmt: skip
