"""The files of a module that somebody is writing: pictures to show, papers to hand out."""

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import quote

from litestar import Controller, Request, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.paths.drafts import Draft
from service.flows.paths import authoring as flow
from service.flows.paths import teaching_files
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import NotFound, RuleBroken
from service.runtime.files import FileStore
from service.store.paths import authoring as store
from service.web.pages import redirect
from service.web.paths.authoring_forms import Form
from service.web.paths.authoring_modules import module_in, module_page
from service.web.paths.authoring_names import BASE
from service.web.paths.authoring_pages import page_form, page_in
from service.web.paths.teaching_files import served
from service.web.translations import Translator, french, locale_of


class DraftFilePages(Controller):
    """Files of one module."""

    path = BASE + "/{slug:str}/draft/modules/{module:str}/files"
    include_in_schema = False

    @post(
        operation_id="web.draft_modules.add_file",
        status_code=200,
        request_max_body_size=teaching_files.MOST_BYTES,
    )
    async def add_file(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        library_apart: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """A picture to show or a paper to hand out, judged by its bytes; a page that sent it is come back to."""
        database: Database = request.app.state.database
        form = Form(await request.form())
        sent, page, judged = form.sent.get("file"), form.text("page"), None
        if not isinstance(sent, UploadFile) or not sent.filename:
            form.errors["file"] = french("Choisissez un fichier.")
        else:
            try:
                judged = await asyncio.to_thread(teaching_files.judged, await sent.read())
            except RuleBroken as refused:
                form.errors["file"] = refused.said(Translator(locale_of(request)))
        if judged is None or not isinstance(sent, UploadFile):
            async with database.transaction(write=False) as session:
                written = await flow.written(session, slug, library=library_apart, now=now)
                found = module_in(written.draft, module)
                if page:
                    return page_form(request, written, module, page_in(found, page), form=form)
                return await module_page(request, session, library_apart, written, found, form=form)
        title = form.text("file_title_fr"), form.text("file_title_en")
        async with database.transaction() as session:
            await teaching_files.add_to_draft(
                session,
                actor,
                slug,
                module,
                judged,
                file_name=sent.filename,
                title=title,
                files=files,
                now=now,
            )
        here = f"{BASE}/{slug}/draft/modules/{module}"
        back = f"{here}/pages/{quote(page, safe='')}#pictures" if page else f"{here}#files"
        return redirect(back, flash="Le fichier est là.")

    @get("/{name:str}", operation_id="web.draft_modules.file")
    async def file(
        self,
        slug: FromPath[str],
        module: FromPath[str],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        files: NamedDependency[FileStore],
    ) -> Response[bytes]:
        """A file of the draft."""
        draft = flow.read_draft((await store.draft_of(session, slug)).document)
        one = next((f for f in module_in(draft, module).files if f.name == name), None)
        if one is None:
            raise NotFound
        return served(one, files.get(one.sha256))

    @post("/{name:str}/removal", operation_id="web.draft_modules.remove_file", status_code=200)
    async def remove_file(
        self,
        slug: FromPath[str],
        module: FromPath[str],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take a file out of the module; what was published with it keeps it."""

        def edit(draft: Draft) -> Draft:
            here = module_in(draft, module)
            left = tuple(one for one in here.files if one.name != name)
            return draft.with_module(here.model_copy(update={"files": left}))

        await flow.change(session, actor, slug, edit, now=now)
        return redirect(f"{BASE}/{slug}/draft/modules/{module}#files", flash="Le fichier est retiré.")
