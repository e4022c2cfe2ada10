"""Files for recruiters: send one, read what it would do, apply it."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import imports
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken, TooLarge
from service.runtime.files import FileStore
from service.runtime.vocabulary import ImportKind
from service.store.recruiting import imports as store
from service.web.pages import redirect, render
from service.web.recruiting.candidates import SIGNS
from service.web.translations import Translator, french, locale_of

KINDS = {ImportKind.CANDIDATES: french("Candidats"), ImportKind.PROGRAMMES: french("Programmes")}


class ImportPages(Controller):
    """Imports."""

    include_in_schema = False
    path = "/imports"

    @get(operation_id="web.imports.list")
    async def list_imports(
        self, request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]
    ) -> Template:
        """The form, and the newest imports."""
        return _page(request, await store.latest(session), kind="candidates", errors={})

    @post(
        operation_id="web.imports.create", status_code=200, request_max_body_size=imports.MAX_BYTES + 100_000
    )
    async def create(
        self,
        request: Request[Any, Any, Any],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Check a file and lead to its report; nothing is changed yet."""
        form = await request.form()
        kind, file = str(form.get("kind") or ""), form.get("file")
        database: Database = request.app.state.database
        errors = {}
        if kind not in {known.value for known in ImportKind}:
            errors["kind"] = french("Dites ce que contient le fichier.")
        if not isinstance(file, UploadFile) or not file.filename:
            errors["file"] = french("Choisissez un fichier JSON ou CSV.")
        if not errors and isinstance(file, UploadFile):
            content = await file.read()
            try:
                reading = await asyncio.to_thread(
                    imports.read_file, content, kind=ImportKind(kind), file_name=file.filename
                )
            except TooLarge:
                errors["file"] = french("Le fichier dépasse 20 Mo. Coupez-le en deux.")
            else:
                async with database.transaction() as session:
                    facts = await imports.keep_check(session, actor, reading, content, files=files, now=now)
                return redirect(f"/imports/{facts.id}")
        async with database.transaction(write=False) as session:
            return _page(request, await store.latest(session), kind=kind, errors=errors, status=422)

    @get("/{import_id:str}", operation_id="web.imports.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        import_id: FromPath[str],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """What applying the file would do, or did."""
        facts = await store.facts_of(session, import_id)
        translate = Translator(locale_of(request))
        return render(
            request, "recruiter/import.html", title="Contrôle du fichier", facts=facts,
            report=imports.Report.model_validate(facts.report), kind=translate(KINDS[facts.kind]),
            signs={sign: translate(words) for sign, words in SIGNS.items()},
        )  # fmt: skip

    @post("/{import_id:str}/apply", operation_id="web.imports.apply", status_code=200)
    async def apply(
        self,
        request: Request[Any, Any, Any],
        import_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Apply the file whole; pressed twice, it is applied once."""
        database: Database = request.app.state.database
        reading = await imports.read_kept(database, files, import_id)
        try:
            async with database.transaction() as session:
                await imports.apply_kept(session, actor, import_id, reading, editions=editions, now=now)
        except RuleBroken:
            told = french("Rien n'est appliqué : des lignes sont à corriger d'abord.")
            return redirect(f"/imports/{import_id}", flash=told, tone="warn")
        return redirect(f"/imports/{import_id}", flash="Le fichier est appliqué en entier.")


def _page(
    request: Request[Any, Any, Any], latest: Any, *, kind: str, errors: dict[str, str], status: int = 200
) -> Template:
    translate = Translator(locale_of(request))
    return render(
        request, "recruiter/imports.html", title="Importer un fichier", status=status, latest=latest, kind=kind,
        kinds=[(known.value, translate(words)) for known, words in KINDS.items()],
        kind_words={known: translate(words) for known, words in KINDS.items()},
        errors={name: translate(words) for name, words in errors.items()},
    )  # fmt: skip
