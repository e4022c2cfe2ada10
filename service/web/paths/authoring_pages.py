"""The pages on which a page and a question are written, both languages side by side, with what will be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.paths.drafts import Draft, DraftModule, DraftPage, DraftQuestion, found, name_for, put
from onboarding.paths.markdown import read
from service.flows.paths import authoring as flow
from service.flows.paths.authoring import Written
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import NotFound, StaleVersion
from service.runtime.vocabulary import Locale
from service.web.pages import redirect, render
from service.web.paths.authoring_drafts import CHANGED
from service.web.paths.authoring_faults import FaultLine, fault_lines, fault_views
from service.web.paths.authoring_forms import (
    FEWEST_ROWS,
    Form,
    page_of,
    question_of,
    typed_of,
    typed_question,
)
from service.web.paths.authoring_modules import module_in
from service.web.paths.authoring_names import BASE, named
from service.web.paths.authoring_views import words_in
from service.web.paths.lesson_views import BlockView, views_of
from service.web.translations import Translator, french, locale_of


class DraftPagePages(Controller):
    """One page to read, being written."""

    path = BASE + "/{slug:str}/draft/modules/{module:str}/pages/{page:str}"
    include_in_schema = False

    @get(operation_id="web.draft_pages.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        page: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The text beside what will be shown of it."""
        written = await flow.written(session, slug, library=library, now=now)
        return page_form(request, written, module, page_in(module_in(written.draft, module), page))

    @post(operation_id="web.draft_pages.save", status_code=200)
    async def save(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        page: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the text as typed, and show what a reader would stumble over."""
        form = Form(await request.form())
        written = await flow.written(session, slug, library=library, now=now)
        typed = page_of(page_in(module_in(written.draft, module), page), form)
        if form.errors:
            return page_form(request, written, module, typed, form=form)

        def edit(draft: Draft) -> Draft:
            here = module_in(draft, module)
            kept = page_in(here, page)
            flow.unchanged(kept, form.text("mark"))
            return draft.with_module(here.model_copy(update={"pages": put(here.pages, page_of(kept, form))}))

        try:
            await flow.change(session, actor, slug, edit, now=now)
        except StaleVersion:
            return page_form(request, written, module, typed, notice=CHANGED)
        here = f"{BASE}/{slug}/draft/modules/{module}"
        back = here if form.text("then") == "module" else f"{here}/pages/{page}"
        return redirect(back, flash="La page est enregistrée.")

    @post("/preview", operation_id="web.draft_pages.preview", status_code=200)
    async def preview(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        page: FromPath[str],
    ) -> Template:
        """What the text would be shown as; nothing is kept. Without a script it is a page of its own."""
        form = Form(await request.form())
        files = f"{BASE}/{slug}/draft/modules/{module}/files"
        typed = page_of(DraftPage(slug=page), form)
        is_part = request.headers.get("hx-request") == "true"
        return render(
            request, "author/_previewed.html" if is_part else "author/preview.html", title="Aperçu",
            previews=_previews(typed, files, in_english="text_en" in form.sent),
            back=f"{BASE}/{slug}/draft/modules/{module}/pages/{page}",
        )  # fmt: skip


class DraftQuestionPages(Controller):
    """One question, being written."""

    path = BASE + "/{slug:str}/draft/modules/{module:str}/questions/{question:str}"
    include_in_schema = False

    @get(operation_id="web.draft_questions.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        question: FromPath[str],
        session: NamedDependency[AsyncSession],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The question, its answers, which are right, and why."""
        written = await flow.written(session, slug, library=library, now=now)
        one = _question_in(module_in(written.draft, module), question)
        return _question_form(request, written, module, one)

    @post(operation_id="web.draft_questions.save", status_code=200)
    async def save(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        module: FromPath[str],
        question: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Keep the question as typed; `then` says where to go on."""
        form = Form(await request.form())
        written = await flow.written(session, slug, library=library, now=now)
        typed = question_of(_question_in(module_in(written.draft, module), question), form)
        if form.errors:
            return _question_form(request, written, module, typed, form=form)
        then, following = form.text("then"), question

        def edit(draft: Draft) -> Draft:
            nonlocal following
            here = module_in(draft, module)
            kept = _question_in(here, question)
            flow.unchanged(kept, form.text("mark"))
            quiz = put(here.quiz, question_of(kept, form))
            if then == "another":
                following = name_for("", {one.slug for one in quiz}, otherwise="question")
                quiz = put(quiz, DraftQuestion(slug=following))
            return draft.with_module(here.model_copy(update={"quiz": quiz}))

        try:
            await flow.change(session, actor, slug, edit, now=now)
        except StaleVersion:
            return _question_form(request, written, module, typed, notice=CHANGED)
        here = f"{BASE}/{slug}/draft/modules/{module}"
        back = f"{here}#quiz" if then == "module" else f"{here}/questions/{following}"
        return redirect(back, flash="La question est enregistrée.")


def page_in(module: DraftModule, slug: str) -> DraftPage:
    page = found(module.pages, slug)
    if page is None:
        raise NotFound
    return page


def _question_in(module: DraftModule, slug: str) -> DraftQuestion:
    question = found(module.quiz, slug)
    if question is None:
        raise NotFound
    return question


@dataclass(frozen=True)
class PreviewView:
    """A page in one language as readers will see it, with its words counted."""

    code: str
    title: str
    shown: tuple[BlockView, ...]
    words: int


def _previews(page: DraftPage, files: str, *, in_english: bool) -> tuple[PreviewView, ...]:
    """One of each language that is written."""
    told = [(Locale.FR, page.title.fr, page.text.fr)]
    if in_english:
        told.append((Locale.EN, page.title.en, page.text.en))
    return tuple(
        PreviewView(locale.value, title, views_of(read(text), locale, files=files), words_in(text))
        for locale, title, text in told
    )


def _faults_here(written: Written, href: str, locale: Locale) -> tuple[FaultLine, ...]:
    return fault_lines((one for one in fault_views(written, locale) if one.is_in(href)), depth=2)


def page_form(
    request: Request[Any, Any, Any],
    written: Written,
    module: str,
    page: DraftPage,
    *,
    form: Form | None = None,
    notice: str = "",
) -> Template:
    slug, here = written.facts.path, module_in(written.draft, module)
    errors, typed = (form.errors, form.typed) if form else ({}, {})
    href = f"{BASE}/{slug}/draft/modules/{module}"
    in_english = "en" in {one.value for one in written.draft.languages}
    return render(
        request, "author/page.html", title=named(page, page.title), status=422 if errors or notice else 200,
        slug=slug, name=written.draft.title.fr or slug, module_name=named(here, here.title), module_href=href,
        href=f"{href}/pages/{page.slug}", page_slug=page.slug,
        typed=typed_of(page, "title", "text") | typed,
        mark=flow.mark_of(page_in(here, page.slug)), overtaken=notice, errors=errors,
        previews=_previews(page, f"{href}/files", in_english=in_english), in_english=in_english,
        pictures=tuple(one.name for one in here.files if one.media_type.startswith("image/")),
        faults=_faults_here(written, f"{href}/pages/{page.slug}", locale_of(request)),
    )  # fmt: skip


def _question_form(
    request: Request[Any, Any, Any],
    written: Written,
    module: str,
    question: DraftQuestion,
    *,
    form: Form | None = None,
    notice: str = "",
) -> Template:
    slug, here = written.facts.path, module_in(written.draft, module)
    errors, typed = (form.errors, form.typed) if form else ({}, {})
    href = f"{BASE}/{slug}/draft/modules/{module}"
    number = [one.slug for one in here.quiz].index(question.slug) + 1
    say = Translator(locale_of(request))
    title = say(french("Question %(n)s sur %(total)s"), n=number, total=len(here.quiz))
    return render(
        request, "author/question.html", title=title, status=422 if errors or notice else 200,
        slug=slug, name=written.draft.title.fr or slug, module_name=named(here, here.title), module_href=href,
        href=f"{href}/questions/{question.slug}", number=number,
        typed=typed_of(question, "text", "points") | typed, kind=question.kind.value, rows=typed_question(question),
        shown_rows=max(FEWEST_ROWS, len(question.options)),
        mark=flow.mark_of(_question_in(here, question.slug)), overtaken=notice, errors=errors,
        in_english="en" in {one.value for one in written.draft.languages},
        faults=_faults_here(written, f"{href}/questions/{question.slug}", locale_of(request)),
    )  # fmt: skip
