"""Trainers' pages about paths: the list, one path with its editions, reading an edition as its learners do."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.paths.drafts import DraftWords
from onboarding.paths.paths import Path
from service.flows.paths import authoring as flow
from service.flows.paths import paths, teaching_files
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.files import FileStore
from service.runtime.vocabulary import Role
from service.store.paths import authoring as store
from service.web.pages import redirect, render
from service.web.paths.authoring_forms import Form
from service.web.paths.authoring_names import BASE
from service.web.paths.authoring_views import edition_views, path_lines
from service.web.paths.reading_views import reading_of
from service.web.paths.teaching_files import served
from service.web.paths.training_views import Reader
from service.web.translations import Translator, french, locale_of


class PathPages(Controller):
    """Paths and their editions."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.paths.list")
    async def show_all(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """Every path: what is given today, and what somebody is writing."""
        given = {path.slug: path for path in paths.in_force(library, civil_date(now))}
        newest = {slug: flow.newest(library, slug) for slug, _ in library.paths}
        drafts = {
            one.path: flow.read_draft(one.document).title.fr or one.path
            for one in await store.drafts(session)
        }
        lines = path_lines(given, newest, drafts, locale_of(request))
        return render(
            request,
            "author/paths.html",
            title="Parcours de formation",
            lines=lines,
            may_write=_may_write(actor),
        )

    @get("/new", operation_id="web.paths.new")
    async def new(self, request: Request[Any, Any, Any], library: NamedDependency[Editions]) -> Template:
        """A title, the languages, and where to begin from."""
        return _new_page(request, library, {"languages": "fr"}, {})

    @post(operation_id="web.paths.create", status_code=200)
    async def create(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Begin a draft; nobody sees it until it is published."""
        form = Form(await request.form())
        title = DraftWords(fr=form.text("title_fr"), en=form.text("title_en"))
        typed = {"title_fr": title.fr, "title_en": title.en, "languages": form.text("languages")}
        typed["like"] = form.text("like")
        if not title.fr:
            form.errors["title_fr"] = french("Donnez un titre au parcours.")
        elif len(title.fr) > 200:
            form.errors["title_fr"] = french("Un titre a 200 signes au plus.")
        if form.errors:
            return _new_page(request, library, typed, form.errors)
        both = typed["languages"] == "both"
        like = flow.newest(library, typed["like"]) if typed["like"] else None
        slug = await flow.begin(
            session, actor, title, languages=tuple(Language) if both else (Language.FR,), like=like,
            library=library, now=now,
        )  # fmt: skip
        return redirect(f"{BASE}/{slug}/draft", flash="Le parcours est commencé. Personne ne le voit encore.")

    @get("/{slug:str}", operation_id="web.paths.show")
    async def show(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One path: its modules today, every edition, who is on which."""
        return await _path_page(request, session, actor, library, slug, now=now)

    @get("/{slug:str}/editions/{edition:str}", operation_id="web.paths.edition")
    async def show_edition(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        edition: FromPath[str],
        library: NamedDependency[Editions],
    ) -> Template:
        """One edition: what learners are told of it, and its modules."""
        path, say = flow.edition_of(library, slug, edition), Reader(locale_of(request))
        return render(
            request, "author/edition.html", title=say(path.title), path=_facts(path, say),
            modules=_modules(path, say), edition=edition, slug=slug,
        )  # fmt: skip

    @get("/{slug:str}/editions/{edition:str}/modules/{module:str}", operation_id="web.paths.module")
    async def show_module(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        edition: FromPath[str],
        module: FromPath[str],
        library: NamedDependency[Editions],
    ) -> Template:
        """One module whole: every page as learners read it, and the quiz with its key."""
        path, say = flow.edition_of(library, slug, edition), Reader(locale_of(request))
        found = paths.module_of(path, module)
        href = f"{BASE}/{slug}/editions/{edition}"
        trail = ((say(path.title), f"{BASE}/{slug}"), (edition, href))
        told = reading_of(found, say, files=f"{href}/modules/{module}/files")
        return render(request, "author/reading.html", title=told.title, reading=told, trail=trail)

    @get(
        "/{slug:str}/editions/{edition:str}/modules/{module:str}/files/{name:str}",
        operation_id="web.paths.file",
    )
    async def file(
        self,
        slug: FromPath[str],
        edition: FromPath[str],
        module: FromPath[str],
        name: FromPath[str],
        library: NamedDependency[Editions],
        files: NamedDependency[FileStore],
    ) -> Response[bytes]:
        """A picture or a paper of a module."""
        found = paths.module_of(flow.edition_of(library, slug, edition), module)
        return served(*teaching_files.bytes_of(found, name, files))

    @post("/{slug:str}/editions/{edition:str}/draft", operation_id="web.paths.begin", status_code=200)
    async def begin_edition(
        self,
        slug: FromPath[str],
        edition: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Begin the next edition; a draft that lies open already is gone on with."""
        try:
            await flow.begin_edition(session, actor, slug, edition, library=library, now=now)
        except Conflict:
            return redirect(
                f"{BASE}/{slug}/draft", flash="Un brouillon est déjà ouvert : le voici.", tone="info"
            )
        return redirect(f"{BASE}/{slug}/draft", flash="La nouvelle édition est commencée.")

    @post("/{slug:str}/editions/{edition:str}/withdrawal", operation_id="web.paths.withdraw", status_code=200)
    async def withdraw(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        edition: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Give an edition to nobody any more, with a reason."""
        reason = Form(await request.form()).text("reason")
        try:
            await flow.withdraw(session, actor, slug, edition, reason=reason, library=library, now=now)
        except RuleBroken as refused:
            slip = (edition, reason, refused.said(Translator(locale_of(request))))
            return await _path_page(request, session, actor, library, slug, now=now, slip=slip)
        return redirect(
            f"{BASE}/{slug}", flash="L'édition est retirée. Les personnes qui la suivent la terminent."
        )


def _may_write(actor: Actor) -> bool:
    return actor.role is Role.TRAINER


def _new_page(
    request: Request[Any, Any, Any], library: Editions, typed: dict[str, str], errors: dict[str, str]
) -> Template:
    say = Reader(locale_of(request))
    slugs = sorted({slug for slug, _ in library.paths})
    return render(
        request, "author/new.html", title="Écrire un parcours", status=422 if errors else 200,
        typed={"title_fr": "", "title_en": "", "like": "", **typed}, errors=errors,
        models=tuple((slug, say(flow.newest(library, slug).title)) for slug in slugs),
    )  # fmt: skip


async def _path_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    library: Editions,
    slug: str,
    *,
    now: datetime,
    slip: tuple[str, str, str] = ("", "", ""),
) -> Template:
    """`slip`: the edition whose withdrawal said too little, what was typed, and the word beside it."""
    newest, say = flow.newest(library, slug), Reader(locale_of(request))
    today = civil_date(now)
    given = next((one for one in paths.in_force(library, today) if one.slug == slug), None)
    shown = given or newest
    kept = paths.editions_of(library, slug)
    found = await store.editions_of(session, slug, kept)
    valid = {name: library.paths[slug, name].valid_from for name in kept}
    return render(
        request, "author/path.html", title=say(shown.title), status=422 if slip[2] else 200,
        slug=slug, path=_facts(shown, say), modules=_modules(shown, say), edition=shown.edition,
        editions=edition_views(
            slug, found, valid, given.edition if given else "", locale_of(request), today=today
        ),
        is_given=given is not None, has_draft=await store.has_draft(session, slug),
        may_write=_may_write(actor), slip=slip,
    )  # fmt: skip


def _facts(path: Path, say: Reader) -> dict[str, Any]:
    return {
        "title": say(path.title),
        "purpose": say(path.purpose),
        "audience": say(path.audience),
        "objectives": tuple(say(one) for one in path.objectives),
        "assistance": say(path.assistance),
        "minutes": path.minutes,
        "languages": tuple(one.value for one in path.languages),
        "valid_months": path.valid_months,
    }


def _modules(path: Path, say: Reader) -> tuple[dict[str, Any], ...]:
    names = {one.slug: say(one.title) for one in path.modules}
    href = f"{BASE}/{path.slug}/editions/{path.edition}/modules"
    return tuple(
        {
            "href": f"{href}/{one.slug}",
            "title": say(one.title),
            "purpose": say(one.purpose),
            "minutes": one.minutes,
            "due_days": one.due_days,
            "pages": len(one.pages),
            "questions": len(one.quiz),
            "waits_for": tuple(names[slug] for slug in one.prerequisites),
        }
        for one in path.modules
    )
