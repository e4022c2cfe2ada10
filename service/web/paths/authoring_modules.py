"""The page on which one module of a path is written: its contents in order, its files, its settings."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Label, Language
from onboarding.paths.drafts import (
    Draft,
    DraftModule,
    DraftPage,
    DraftQuestion,
    DraftWords,
    found,
    moved,
    name_for,
    put,
    without,
)
from onboarding.paths.paths import PackageUse
from service.flows.paths import authoring as flow
from service.flows.paths.authoring import Written
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import NotFound, StaleVersion
from service.store.paths import packages
from service.web.pages import redirect, render
from service.web.paths.authoring_drafts import CHANGED
from service.web.paths.authoring_faults import fault_lines, fault_views
from service.web.paths.authoring_forms import Form, module_of, typed_of
from service.web.paths.authoring_names import BASE, named
from service.web.paths.authoring_views import part_views
from service.web.paths.reading_views import reading_of_draft
from service.web.translations import locale_of

_SETTINGS = {"pages": (), "quiz": (), "files": ()}
"""What the settings' form does not edit, and is no reason to refuse it."""


def module_in(draft: Draft, slug: str) -> DraftModule:
    module = draft.module(slug)
    if module is None:
        raise NotFound
    return module


def _settings(module: DraftModule) -> DraftModule:
    return module.model_copy(update=_SETTINGS)


class DraftModulePages(Controller):
    """One module being written."""

    path = BASE + "/{slug:str}/draft/modules/{module:str}"
    include_in_schema = False

    @get(operation_id="web.draft_modules.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Its pages, questions and files, and its settings."""
        written = await flow.written(session, slug, library=library, now=now)
        return await module_page(request, session, library, written, module_in(written.draft, module))

    @post(operation_id="web.draft_modules.save", status_code=200)
    async def save(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the settings as typed, complete or not."""
        form = Form(await request.form())
        labels = {said.lower(): key for key, said in _skills(request, library).items()}
        package = form.text("package")
        uses = {
            one.sha256: PackageUse(sha256=one.sha256, title=Label.plain(one.title, one.title))
            for one in await packages.offered(session)
        }

        def read(draft: Draft) -> DraftModule:
            kept = module_in(draft, module)
            use = kept.package if kept.package and kept.package.sha256 == package else uses.get(package)
            return module_of(draft, kept, form, skills=labels).model_copy(update={"package": use})

        def edit(draft: Draft) -> Draft:
            flow.unchanged(_settings(module_in(draft, module)), form.text("mark"))
            return draft.with_module(read(draft))

        written = await flow.written(session, slug, library=library, now=now)
        typed = read(written.draft)
        if not form.errors:
            try:
                await flow.change(session, actor, slug, edit, now=now)
            except StaleVersion:
                return await module_page(request, session, library, written, typed, notice=CHANGED)
            return redirect(f"{BASE}/{slug}/draft/modules/{module}", flash="C'est enregistré.")
        return await module_page(request, session, library, written, typed, form=form)

    @get("/preview", operation_id="web.draft_modules.preview")
    async def preview(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The module as learners would read it, and the quiz with its key."""
        written = await flow.written(session, slug, library=library, now=now)
        href = f"{BASE}/{slug}/draft"
        told = reading_of_draft(
            module_in(written.draft, module), locale_of(request), files=f"{href}/modules/{module}/files"
        )
        trail = ((written.draft.title.fr or slug, href), (told.title, f"{href}/modules/{module}"))
        return render(request, "author/reading.html", title=told.title, reading=told, trail=trail)

    @post("/pages", operation_id="web.draft_modules.add_page", status_code=200)
    async def add_page(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """A page at the end, to be written next."""
        title = Form(await request.form()).text("page_title")[:200]
        added = ""

        def edit(draft: Draft) -> Draft:
            nonlocal added
            here = module_in(draft, module)
            added = name_for(title, {one.slug for one in here.pages}, otherwise="page")
            pages = put(here.pages, DraftPage(slug=added, title=DraftWords(fr=title)))
            return draft.with_module(here.model_copy(update={"pages": pages}))

        await flow.change(session, actor, slug, edit, now=now)
        return redirect(f"{BASE}/{slug}/draft/modules/{module}/pages/{added}")

    @post("/questions", operation_id="web.draft_modules.add_question", status_code=200)
    async def add_question(
        self,
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """A question at the end, to be written next."""
        added = ""

        def edit(draft: Draft) -> Draft:
            nonlocal added
            here = module_in(draft, module)
            added = name_for("", {one.slug for one in here.quiz}, otherwise="question")
            quiz = put(here.quiz, DraftQuestion(slug=added))
            return draft.with_module(here.model_copy(update={"quiz": quiz}))

        await flow.change(session, actor, slug, edit, now=now)
        return redirect(f"{BASE}/{slug}/draft/modules/{module}/questions/{added}")

    @post("/order", operation_id="web.draft_modules.order", status_code=200)
    async def order(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """One page or question a place up or down, or out of the module."""
        form = Form(await request.form())
        kind = "quiz" if form.text("kind") == "quiz" else "pages"
        name, way = form.text("name"), form.text("way")

        def edit(draft: Draft) -> Draft:
            here = module_in(draft, module)
            parts = getattr(here, kind)
            left = without(parts, name) if way == "out" else moved(parts, name, by=-1 if way == "up" else 1)
            return draft.with_module(here.model_copy(update={kind: left}))

        await flow.change(session, actor, slug, edit, now=now)
        stays = kind if way == "out" else f"{kind}-{name}-{'up' if way == 'up' else 'down'}"
        return redirect(f"{BASE}/{slug}/draft/modules/{module}#{quote(stays)}")


def _skills(request: Request[Any, Any, Any], library: Editions) -> dict[str, str]:
    """What each skill is called in the reader's language."""
    locale = locale_of(request).value
    return {one.key: getattr(one.label, locale) for one in library.taxonomies[-1].skills}


async def module_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    library: Editions,
    written: Written,
    module: DraftModule,
    *,
    form: Form | None = None,
    notice: str = "",
) -> Template:
    locale, slug = locale_of(request), written.facts.path
    errors, typed = (form.errors, form.typed) if form else ({}, {})
    faults = fault_views(written, locale)
    pages, questions = part_views(written, module, faults, locale)
    href = f"{BASE}/{slug}/draft/modules/{module.slug}"
    skills = _skills(request, library)
    kept = found(written.draft.modules, module.slug)
    offered = [(one.sha256, one.title) for one in await packages.offered(session)]
    if module.package and all(one[0] != module.package.sha256 for one in offered):
        offered.append((module.package.sha256, module.package.title.said_in(Language(locale.value))))
    return render(
        request, "author/module.html", title=named(module, module.title),
        status=422 if errors or notice else 200, slug=slug, name=written.draft.title.fr or slug, href=href,
        module=module, mark=flow.mark_of(_settings(kept or module)), overtaken=notice, errors=errors,
        typed=typed_of(
            module, "title", "purpose", "minutes", "due_days", "pass_percent", "attempts", "quiz_draw",
            "live_minutes", "exemption",
        ) | typed,
        package=module.package.sha256 if module.package else "", packages=tuple(offered),
        pages=pages, questions=questions, in_english="en" in {one.value for one in written.draft.languages},
        others=tuple((o.slug, named(o, o.title)) for o in written.draft.modules if o.slug != module.slug),
        teaches=tuple((key, skills.get(key, key)) for key in module.teaches),
        skills=tuple(sorted(said for key, said in skills.items() if key not in module.teaches)),
        faults=fault_lines((one for one in faults if one.is_in(href)), depth=1),
    )  # fmt: skip
