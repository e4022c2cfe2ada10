"""The pages on which a path is written: what it lacks, its facts, its modules in order, and publishing it."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.paths.drafts import Draft, DraftModule, DraftWords, moved, name_for
from service.flows.paths import authoring as flow
from service.flows.paths.authoring import Written
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken, StaleVersion
from service.web.pages import redirect, render
from service.web.paths.authoring_faults import fault_lines, fault_views
from service.web.paths.authoring_forms import Form, facts_of, typed_of
from service.web.paths.authoring_names import BASE
from service.web.paths.authoring_views import module_views
from service.web.paths.training_views import Reader
from service.web.sent import read_day
from service.web.translations import Translator, french, locale_of

CHANGED = french("Quelqu'un a modifié cette partie entre-temps. Votre texte est gardé ci-dessous : comparez, puis enregistrez.")  # fmt: skip  # noqa: E501


class DraftPages(Controller):
    """A path being written."""

    path = BASE + "/{slug:str}/draft"
    include_in_schema = False

    @get(operation_id="web.drafts.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What there is, what is missing, and the way to each."""
        written = await flow.written(session, slug, library=library, now=now)
        return _draft_page(request, written)

    @get("/facts", operation_id="web.drafts.facts_form")
    async def facts_form(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Title, audience, objectives, assistance, languages, how long a completion holds."""
        written = await flow.written(session, slug, library=library, now=now)
        return _facts_page(
            request, library, written.facts.path, written.draft, mark=flow.mark_of(_facts(written.draft))
        )

    @post("/facts", operation_id="web.drafts.facts", status_code=200)
    async def facts(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep what was typed, complete or not."""
        form = Form(await request.form())
        slugs = {name for name, _ in library.paths}

        def edit(draft: Draft) -> Draft:
            flow.unchanged(_facts(draft), form.text("mark"))
            return facts_of(draft, form, paths=slugs)

        written = await flow.written(session, slug, library=library, now=now)
        typed = facts_of(written.draft, form, paths=slugs)
        mark = flow.mark_of(_facts(written.draft))
        if form.errors:
            return _facts_page(request, library, slug, typed, mark=mark, form=form)
        try:
            await flow.change(session, actor, slug, edit, now=now)
        except StaleVersion:
            return _facts_page(request, library, slug, typed, mark=mark, notice=CHANGED)
        return redirect(f"{BASE}/{slug}/draft", flash="C'est enregistré.")

    @post("/modules", operation_id="web.drafts.add_module", status_code=200)
    async def add_module(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """A module at the end, to be written next."""
        form = Form(await request.form())
        title = form.text("title")[:200]
        if not title:
            written = await flow.written(session, slug, library=library, now=now)
            return _draft_page(request, written, errors={"title": french("Donnez un titre au module.")})
        added = ""

        def edit(draft: Draft) -> Draft:
            nonlocal added
            added = name_for(title, {one.slug for one in draft.modules}, otherwise="module")
            due = max((one.due_days or 0 for one in draft.modules), default=0)
            module = DraftModule(
                slug=added, title=DraftWords(fr=title), minutes=30, due_days=min(400, due + 1)
            )
            return draft.with_module(module)

        await flow.change(session, actor, slug, edit, now=now)
        return redirect(f"{BASE}/{slug}/draft/modules/{added}")

    @post("/modules/{module:str}/move", operation_id="web.drafts.move_module", status_code=200)
    async def move_module(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """One place up or down."""
        by = -1 if Form(await request.form()).text("way") == "up" else 1
        await flow.change(
            session, actor, slug, now=now,
            edit=lambda d: d.model_copy(update={"modules": moved(d.modules, module, by=by)}),
        )  # fmt: skip
        return redirect(f"{BASE}/{slug}/draft#modules-{quote(module)}-{'up' if by < 0 else 'down'}")

    @post("/modules/{module:str}/removal", operation_id="web.drafts.remove_module", status_code=200)
    async def remove_module(
        self,
        slug: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take a module out of the draft; those who began an edition that has it keep it."""
        await flow.change(session, actor, slug, lambda draft: draft.without_module(module), now=now)
        return redirect(f"{BASE}/{slug}/draft", flash="Le module est retiré du brouillon.")

    @get("/publication", operation_id="web.drafts.publish_form")
    async def publish_form(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What will be published, from which day, and what is new."""
        written = await flow.written(session, slug, library=library, now=now)
        return _publish_page(request, library, written, {"valid_from": civil_date(now).isoformat()}, {})

    @post("/publication", operation_id="web.drafts.publish", status_code=200)
    async def publish(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Freeze the draft as an edition."""
        form = Form(await request.form())
        typed = {"valid_from": form.text("valid_from"), "note": form.text("note")[:2000]}
        day, errors = read_day(typed["valid_from"]), {}
        if day is None:
            errors["valid_from"] = french("Donnez un jour.")
        try:
            path = await flow.publish(
                session, actor, slug, valid_from=day or date.min, note=typed["note"], library=library, now=now
            )
        except RuleBroken as refused:
            if refused.code != "path-faulty":
                errors.setdefault("valid_from", refused.said(Translator(locale_of(request))))
            written = await flow.written(session, slug, library=library, now=now)
            return _publish_page(request, library, written, typed, errors, status=422)
        return redirect(f"{BASE}/{path.slug}", flash="L'édition est publiée. Vous pouvez la donner.")

    @post("/removal", operation_id="web.drafts.discard", status_code=200)
    async def discard(
        self,
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Throw the draft away."""
        await flow.discard(session, actor, slug, now=now)
        return redirect(BASE, flash="Le brouillon est supprimé. Ce qui est publié n'a pas changé.")


def _facts(draft: Draft) -> Draft:
    """What the first form edits, without the modules."""
    return draft.model_copy(update={"modules": ()})


def _draft_page(
    request: Request[Any, Any, Any], written: Written, errors: dict[str, str] | None = None
) -> Template:
    locale = locale_of(request)
    faults = fault_views(written, locale)
    return render(
        request, "author/draft.html", title=written.draft.title.fr or written.facts.path,
        status=422 if errors else 200, slug=written.facts.path, draft=written.draft, faults=fault_lines(faults),
        lacking=len(faults), modules=module_views(written, faults, locale), edited_by=written.facts.edited_by,
        edited_at=written.facts.edited_at, based_on=written.facts.based_on, errors=errors or {},
        minutes=sum(one.minutes or 0 for one in written.draft.modules),
    )  # fmt: skip


def _facts_page(
    request: Request[Any, Any, Any],
    library: Editions,
    slug: str,
    draft: Draft,
    *,
    mark: str,
    form: Form | None = None,
    notice: str = "",
) -> Template:
    say = Reader(locale_of(request))
    typed = typed_of(
        draft, "title", "purpose", "audience", "assistance", "valid_months", "renewal_days", "renewed_by"
    )
    typed |= {"languages": "both" if Language.EN in draft.languages else "fr"}
    if form:
        typed |= form.typed
    rows = max(3, len(draft.objectives) + 1)
    objectives = (*draft.objectives, *(DraftWords() for _ in range(rows)))[: min(20, rows)]
    renewals = sorted({name for name, _ in library.paths} - {slug})
    return render(
        request, "author/facts.html", title="Présentation du parcours",
        status=422 if form or notice else 200, slug=slug, typed=typed, mark=mark, errors=form.errors if form else {},
        overtaken=notice, objectives=objectives, in_english=Language.EN in draft.languages,
        renewals=tuple((name, say(flow.newest(library, name).title)) for name in renewals),
        name=draft.title.fr or slug,
    )  # fmt: skip


def _publish_page(
    request: Request[Any, Any, Any],
    library: Editions,
    written: Written,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 200,
) -> Template:
    slug, faults = written.facts.path, fault_views(written, locale_of(request))
    return render(
        request, "author/publish.html", title="Publier le parcours", status=status, slug=slug,
        name=written.draft.title.fr or slug, faults=fault_lines(faults), lacking=len(faults),
        typed={"note": "", **typed}, errors=errors, is_first=all(name != slug for name, _ in library.paths),
        modules=len(written.draft.modules), minutes=sum(one.minutes or 0 for one in written.draft.modules),
        languages=tuple(one.value for one in written.draft.languages),
    )  # fmt: skip
