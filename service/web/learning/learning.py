"""A learner's pages: one's paths, and each module with everything there is to do in it."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.learning import learning
from service.flows.paths import paths, teaching_files
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.files import FileStore
from service.runtime.vocabulary import Locale
from service.store import reach
from service.store.classes import classes
from service.store.learning import assignment_changes, assignments, exemptions
from service.web.learning.hour_views import hours_to_come
from service.web.learning.learning_views import class_views, parts_view, proof_views, term_view, time_words
from service.web.learning.learning_work import BASE, standing_in
from service.web.learning.moving_views import change_view
from service.web.pages import redirect, render
from service.web.paths.teaching_files import served
from service.web.paths.training_views import PathView, Reader, attempt_views, module_view, path_view
from service.web.translations import locale_of


async def paths_of(
    session: AsyncSession, actor: Actor, *, editions: Editions, now: datetime, locale: Locale
) -> tuple[PathView, ...]:
    """The signed-in learner's paths with the next step of each: what `learner/_next_step.html` shows."""
    found = await learning.progress_of(session, actor, reach.id_of(str(actor.id)), editions=editions, now=now)
    return tuple(path_view(facts, progress, Reader(locale)) for facts, progress in found)


class LearningPages(Controller):
    """One's own training."""

    path = BASE
    include_in_schema = False

    @get(operation_id="web.learning.list")
    async def list_paths(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One's paths, the next step first."""
        views = await paths_of(session, actor, editions=library, now=now, locale=locale_of(request))
        found = await assignments.all_of(session, actor, reach.id_of(str(actor.id)))
        say, today = Reader(locale_of(request)), civil_date(now)
        terms = {
            str(facts.id): term_view(facts, say, editions=library, today=today)
            for facts in found
            if facts.is_complete
        }
        return render(request, "learner/training.html", title="Ma formation", training=views, terms=terms)

    @get("/{assignment_id:str}", operation_id="web.learning.path")
    async def show_path(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """One path: its modules, their dates, the next step."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        path, say = paths.as_begun(library, facts.path, facts.edition), Reader(locale_of(request))
        progress = learning.standing(facts, editions=library, today=civil_date(now))
        return render(
            request,
            "learner/path.html",
            title=say(path.title),
            here=path_view(facts, progress, say),
            purpose=say(path.purpose),
            objectives=tuple(say(one) for one in path.objectives),
            assistance=say(path.assistance),
            term=term_view(facts, say, editions=library, today=civil_date(now)),
            spent=time_words(progress.seconds, say),
            hours=hours_to_come(facts, progress, say, today=civil_date(now)),
            changes=tuple(
                change_view(one, say) for one in await assignment_changes.changes_of(session, facts.id)
            ),
        )

    @get("/{assignment_id:str}/modules/{module:str}", operation_id="web.learning.module")
    async def show_module(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """One module: its pages, its quiz, one's attempts."""
        return await module_page(request, session, actor, assignment_id, module, library=library, now=now)

    @get("/{assignment_id:str}/modules/{module:str}/files/{name:str}", operation_id="web.learning.file")
    async def show_file(
        self,
        assignment_id: FromPath[str],
        module: FromPath[str],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        files: NamedDependency[FileStore],
        now: NamedDependency[datetime],
    ) -> Response[bytes]:
        """A file of a module that is open: a picture is shown in its page, anything else is saved."""
        _, _, found, _ = await learning.open_module(
            session, actor, assignment_id, module, editions=library, now=now
        )
        return served(*teaching_files.bytes_of(found, name, files))


async def module_page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    assignment_id: str,
    module: str,
    *,
    library: Editions,
    now: datetime,
    proof_error: str = "",
    proof_words: str = "",
) -> Template | Redirect:
    """One module, with the proof that could not be taken; back to its path while it is closed."""
    facts, _, found, progress = await standing_in(
        session, actor, assignment_id, module, editions=library, now=now
    )
    say = Reader(locale_of(request))
    here = learning.module_standing(progress, module)
    view = module_view(here, say, href=f"{BASE}/{facts.id}")
    if not view.is_open:
        return redirect(f"{BASE}/{facts.id}", flash=view.reason, tone="info")
    attempts = [one for one in attempt_views(facts, say, editions=library, base=BASE) if one.slug == module]
    return render(
        request,
        "learner/module.html",
        title=say(found.title),
        status=422 if proof_error else 200,
        here=path_view(facts, progress, say),
        module=view,
        purpose=say(found.purpose),
        pages=tuple((page.slug, say(page.title), page.slug in here.pages_read) for page in found.pages),
        parts=parts_view(found, here, say),
        questions=found.quiz_draw or len(found.quiz),
        pool=len(found.quiz),
        pass_percent=found.pass_percent,
        attempts=tuple(attempts),
        proofs=proof_views(
            [
                one
                for one in await exemptions.of_assignments(session, actor, [facts.id])
                if one.module == module
            ],
            say,
        ),
        classes=class_views(
            await classes.own_of(session, facts.candidate_id, since=now) if found.live else (),
            await classes.open_to(session, facts.candidate_id, now=now) if found.live else (),
            say,
            of=(facts.path, module),
        ),
        proof_error=proof_error,
        proof_words=proof_words,
    )
