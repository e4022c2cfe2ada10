"""A trainer changes what was given: another start, another edition, a proof seen; and what was changed before."""

from datetime import date, datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.learning import exemptions, learning, moving
from service.flows.learning.moving import LONGEST_WHY
from service.flows.paths import path_shelf, paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, RuleBroken
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store import audit
from service.store.learning import assignment_changes, assignments
from service.store.learning.assignment_changes import ChangeFacts
from service.web.learning.exemptions import MOST_BYTES, proof_of, told
from service.web.learning.moving_views import ahead_view, change_view
from service.web.pages import redirect, render
from service.web.paths.training_views import Reader, path_view
from service.web.translations import french, locale_of

BASE = "/training/assignments"


class MovingPages(Controller):
    """Changing one assignment."""

    path = BASE + "/{assignment_id:str}/changes"
    include_in_schema = False

    @get(operation_id="web.moving.show", opt={"audited": True})
    async def show(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """What can be changed, what a change would mean, and what was changed; the reading is noted."""
        return await _page(request, session, actor, assignment_id, editions=library, now=now)

    @post("/start", operation_id="web.moving.start", status_code=200)
    async def move_start(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Let the path begin on another day; what was done stays done."""
        form = await request.form()
        typed = {name: _words(form, name) for name in ("start_date", "why")}
        try:
            start_date = date.fromisoformat(typed["start_date"])
        except ValueError:
            errors = {"start_date": french("Choisissez un jour.")}
            return await _page(
                request, session, actor, assignment_id, editions=library, now=now, typed=typed, errors=errors
            )
        try:
            await moving.move_start(
                session, actor, assignment_id, start_date=start_date, why=typed["why"], editions=library,
                now=now,
            )  # fmt: skip
        except (Conflict, RuleBroken) as refusal:
            errors = {"start_date": told(refusal, request)}
            return await _page(
                request, session, actor, assignment_id, editions=library, now=now, typed=typed, errors=errors
            )
        return redirect(
            f"{BASE}/{assignment_id}", flash=french("Le début est déplacé. Ce qui est fait reste fait.")
        )

    @post("/edition", operation_id="web.moving.edition", status_code=200)
    async def move_edition(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Let the learner go on with the edition that the page showed."""
        form = await request.form()
        try:
            await moving.move_edition(
                session, actor, assignment_id, edition=_words(form, "edition"), why=_words(form, "why"),
                editions=library, now=now,
            )  # fmt: skip
        except (Conflict, RuleBroken) as refusal:
            return redirect(f"{BASE}/{assignment_id}/changes", flash=told(refusal, request), tone="info")
        return redirect(
            f"{BASE}/{assignment_id}", flash=french("La personne suit maintenant la nouvelle édition.")
        )

    @post("/exemption", operation_id="web.moving.exempt", status_code=200, request_max_body_size=MOST_BYTES)
    async def exempt(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        actor: NamedDependency[Actor],
        files: NamedDependency[FileStore],
        settings: NamedDependency[Settings],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Note a proof that one saw and accepts in place of a module."""
        database: Database = request.app.state.database
        form = await request.form()
        typed = {name: _words(form, name) for name in ("module", "words", "reason")}
        try:
            judged = await proof_of(form, editions=editions, now=now)
            async with database.transaction() as session:
                await exemptions.enter_seen(
                    session, actor, assignment_id, typed["module"], words=typed["words"],
                    reason=typed["reason"], judged=judged, files=files, settings=settings,
                    editions=await path_shelf.library(session, editions), now=now,
                )  # fmt: skip
        except (Conflict, RuleBroken) as refusal:
            async with database.transaction() as session:
                library = await path_shelf.library(session, editions)
                errors = {"reason": told(refusal, request)}
                return await _page(
                    request, session, actor, assignment_id, editions=library, now=now, typed=typed,
                    errors=errors,
                )  # fmt: skip
        return redirect(
            f"{BASE}/{assignment_id}", flash=french("La preuve est notée : le module est acquis.")
        )


async def _page(
    request: Request[Any, Any, Any],
    session: AsyncSession,
    actor: Actor,
    assignment_id: str,
    *,
    editions: Editions,
    now: datetime,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Template:
    facts = await assignments.facts_of(session, actor, assignment_id)
    audit.record(session, actor, action="assignment.read", subject=("candidate", facts.candidate_id), now=now)
    say, today = Reader(locale_of(request)), civil_date(now)
    path = paths.as_begun(editions, facts.path, facts.edition)
    standing = learning.standing(facts, editions=editions, today=today)
    still = [module.module for module in standing.modules if not module.is_complete]
    ahead = await moving.edition_ahead(session, actor, facts.id, editions=editions, now=now)
    changes: tuple[ChangeFacts, ...] = await assignment_changes.changes_of(session, facts.id)
    return render(
        request,
        "trainer/changes.html",
        title="Modifier le parcours",
        status=422 if errors else 200,
        here=path_view(facts, standing, say, base=BASE),
        edition=facts.edition,
        start_date=facts.start_date.isoformat(),
        is_complete=facts.is_complete,
        ahead=ahead_view(ahead, path, say) if ahead else None,
        exemptable=tuple(
            (module.slug, f"{say(module.title)} – {say(module.exemption)}")
            for module in path.modules
            if module.exemption and module.slug in still
        ),
        changes=tuple(change_view(one, say) for one in changes),
        least=editions.term_rules_on(today).reason_least_characters,
        typed=typed or {},
        errors=errors or {},
    )


def _words(form: Any, name: str) -> str:
    return str(form.get(name) or "").replace("\x00", "")[: LONGEST_WHY * 2].strip()
