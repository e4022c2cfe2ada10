"""A learner at work in one module: a page read, a quiz answered, and the mark with its why."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.progress import Progress
from onboarding.paths.paths import Module, Path
from service.flows.learning import learning, quizzes
from service.flows.paths import paths
from service.http.paging import read_cursor, write_cursor
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound, RuleBroken
from service.runtime.vocabulary import Locale
from service.store.learning import assignments
from service.store.learning.assignments import AssignmentFacts, EventFacts
from service.web.pages import redirect, render
from service.web.paths.lesson_views import lesson_of
from service.web.paths.training_views import (
    QUESTION_PREFIX,
    Reader,
    mark_view,
    module_view,
    path_view,
    question_view,
)
from service.web.translations import Translator, french, locale_of

BASE = "/me/training"
NOTHING: Mapping[str, str] = MappingProxyType({})


class LearningWork(Controller):
    """Reading and answering."""

    path = BASE
    include_in_schema = False

    @get("/{assignment_id:str}/modules/{module:str}/pages/{page:str}", operation_id="web.learning.page")
    async def show_page(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        page: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """One sitting of reading."""
        facts, _, found, progress = await standing_in(
            session, actor, assignment_id, module, editions=library, now=now
        )
        say = Reader(locale_of(request))
        view = module_view(learning.module_standing(progress, module), say, href=f"{BASE}/{facts.id}")
        if not view.is_open:
            return redirect(f"{BASE}/{facts.id}", flash=view.reason, tone="info")
        place = next((n for n, one in enumerate(found.pages) if one.slug == page), None)
        if place is None:
            raise NotFound
        return render(
            request,
            "learner/page.html",
            title=say(found.pages[place].title),
            here=path_view(facts, progress, say),
            module=view,
            page_slug=page,
            number=place + 1,
            blocks_of_page=lesson_of(found.pages[place].text, say),
            opened=_opened(request, facts, now=now),
            next_words="page" if place + 1 < len(found.pages) else "quiz" if found.quiz else "end",
        )

    @post(
        "/{assignment_id:str}/modules/{module:str}/pages/{page:str}",
        operation_id="web.learning.read_page",
        status_code=200,
    )
    async def read_page(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        page: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Note the page as read and go on: the next page, then the quiz."""
        facts, _, found, progress = await standing_in(
            session, actor, assignment_id, module, editions=library, now=now
        )
        try:
            await learning.read_page(
                session, actor, assignment_id, module, page, editions=library, now=now,
                seconds=_seconds(request, facts, str((await request.form()).get("opened", "")), now=now),
            )  # fmt: skip
        except Conflict:
            return _locked(request, facts, progress, module)
        return redirect(_after(f"{BASE}/{facts.id}", found, page))

    @get("/{assignment_id:str}/modules/{module:str}/quiz", operation_id="web.learning.quiz")
    async def show_quiz(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """The quiz of the next attempt: the same in every window until it is marked."""
        facts, _, found, progress = await standing_in(
            session, actor, assignment_id, module, editions=library, now=now
        )
        if not found.quiz:
            raise NotFound
        here = learning.module_standing(progress, module)
        if not module_view(here, Reader(Locale.FR), href="").is_open or here.attempts_left == 0:
            return _locked(request, facts, progress, module)
        asked = quizzes.asked_next(facts, found, here)
        return _quiz_page(
            request, facts, asked, progress, attempt=quizzes.next_attempt(facts, here),
            opened=_opened(request, facts, now=now), chosen={},
        )  # fmt: skip

    @post(
        "/{assignment_id:str}/modules/{module:str}/quiz", operation_id="web.learning.answer", status_code=200
    )
    async def answer(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        module: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template | Redirect:
        """Mark the attempt and show why; sent twice, or from two windows, it is one attempt.

        An attempt at what is asked no more (another edition is followed by now) is not marked: what is asked is shown.
        """
        facts, _, found, progress = await standing_in(
            session, actor, assignment_id, module, editions=library, now=now
        )
        form = await request.form()
        here = learning.module_standing(progress, module)
        asked, attempt = quizzes.asked_next(facts, found, here), quizzes.next_attempt(facts, here)
        named, opened = str(form.get("attempt", "")), str(form.get("opened", ""))
        chosen = {
            key.removeprefix(QUESTION_PREFIX): tuple(str(value) for value in form.getall(key))
            for key in dict.fromkeys(form.keys())
            if key.startswith(QUESTION_PREFIX)
        }
        if before := quizzes.marked_before(facts, module, named):
            return _marked_before(facts, before, chosen)
        if named and named != attempt and here.attempts_left != 0:
            return _quiz_page(
                request, facts, asked, progress, attempt=attempt, opened=opened, chosen=chosen, is_stale=True
            )
        try:
            event = await quizzes.answer_quiz(
                session, actor, assignment_id, module, chosen, attempt=attempt, editions=library, now=now,
                seconds=_seconds(request, facts, opened, now=now),
            )  # fmt: skip
        except Conflict:
            return _locked(request, facts, progress, module)
        except RuleBroken:
            problems = quizzes.problems_in(asked, chosen, editions=library, today=civil_date(now))
            say = Reader(locale_of(request))
            return _quiz_page(
                request, facts, asked, progress, attempt=attempt, opened=opened, chosen=chosen,
                errors={slug: say(words) for slug, words in problems.items()},
            )  # fmt: skip
        return redirect(f"{BASE}/{facts.id}/attempts/{event.id}")

    @get("/{assignment_id:str}/attempts/{attempt_id:str}", operation_id="web.learning.mark")
    async def show_mark(
        self,
        request: Request[Any, Any, Any],
        assignment_id: FromPath[str],
        attempt_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        library: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> Template:
        """The mark of one attempt, with the why of every option."""
        facts = await assignments.facts_of(session, actor, assignment_id)
        event = await assignments.event_of(session, facts.id, attempt_id)
        say, today = Reader(locale_of(request)), civil_date(now)
        if "answers" not in event.detail:
            raise NotFound
        found = quizzes.module_marked(facts, event, editions=library)
        progress = learning.standing(facts, editions=library, today=today)
        return render(
            request,
            "learner/mark.html",
            title=say(found.title),
            here=path_view(facts, progress, say),
            module=next(
                (
                    module_view(one, say, href=f"{BASE}/{facts.id}")
                    for one in progress.modules
                    if one.module == found.slug
                ),
                None,
            ),
            mark=mark_view(quizzes.kept_mark(facts, event, editions=library, today=today), say),
        )


async def standing_in(
    session: AsyncSession, actor: Actor, assignment_id: str, module: str, *, editions: Editions, now: datetime
) -> tuple[AssignmentFacts, Path, Module, Progress]:
    facts = await assignments.facts_of(session, actor, assignment_id)
    path, found = paths.module_followed(editions, facts.path, facts.edition, module)
    return facts, path, found, learning.standing(facts, editions=editions, today=civil_date(now))


def _locked(
    request: Request[Any, Any, Any], facts: AssignmentFacts, progress: Progress, module: str
) -> Redirect:
    """Back to the path with the reason why this module cannot be worked on now."""
    reason = learning.module_standing(progress, module).reason
    return redirect(f"{BASE}/{facts.id}", flash=Reader(locale_of(request))(reason.text), tone="info")


def _marked_before(
    facts: AssignmentFacts, event: EventFacts, chosen: Mapping[str, Sequence[str]]
) -> Redirect:
    """To the mark there is; with a word where other answers came with it this time."""
    kept = {question: set(options) for question, options in event.detail["answers"].items()}
    is_same = kept == {question: set(options) for question, options in chosen.items()}
    flash = "" if is_same else french("Cet essai a déjà été corrigé, avec les réponses que voici.")
    return redirect(f"{BASE}/{facts.id}/attempts/{event.id}", flash=flash, tone="info")


def _after(href: str, module: Module, page: str) -> str:
    slugs = [one.slug for one in module.pages]
    following = slugs[slugs.index(page) + 1 :]
    if following:
        return f"{href}/modules/{module.slug}/pages/{following[0]}"
    return f"{href}/modules/{module.slug}/quiz" if module.quiz else href


def _quiz_page(
    request: Request[Any, Any, Any],
    facts: AssignmentFacts,
    module: Module,
    progress: Progress,
    *,
    attempt: str,
    opened: str,
    chosen: dict[str, tuple[str, ...]],
    errors: Mapping[str, str] = NOTHING,
    is_stale: bool = False,
) -> Template:
    say = Reader(locale_of(request))
    questions = tuple(
        question_view(one, say, chosen=chosen.get(one.slug, ()), error=errors.get(one.slug, ""))
        for one in module.quiz
    )
    return render(
        request,
        "learner/quiz.html",
        title=say(module.title),
        status=422 if errors else 409 if is_stale else 200,
        here=path_view(facts, progress, say),
        module=module_view(learning.module_standing(progress, module.slug), say, href=f"{BASE}/{facts.id}"),
        attempt=attempt,
        opened=opened,
        questions=questions,
        errors=_numbered(module, errors, Translator(say.locale)),
        is_stale=is_stale,
        pass_percent=module.pass_percent,
    )


def _numbered(module: Module, errors: Mapping[str, str], translate: Translator) -> dict[str, str]:
    """What the summary above the form says: each message with the number of its question."""
    return {
        f"{QUESTION_PREFIX}{question.slug}": translate(
            "Question %(n)s : %(words)s", n=number, words=errors[question.slug]
        )
        for number, question in enumerate(module.quiz, start=1)
        if question.slug in errors
    }


def _opened(request: Request[Any, Any, Any], facts: AssignmentFacts, *, now: datetime) -> str:
    """When a page was opened, signed: the time spent on it is measured here and never told by a form."""
    return write_cursor(request.app.state.secret, [now.isoformat()], of=f"opened {facts.id}")


def _seconds(request: Request[Any, Any, Any], facts: AssignmentFacts, opened: str, *, now: datetime) -> int:
    """Seconds since the page was opened; none where nothing says when."""
    try:
        (since,) = read_cursor(request.app.state.secret, opened, of=f"opened {facts.id}")
    except RuleBroken:
        return 0
    return max(timedelta(), now - datetime.fromisoformat(since)) // timedelta(seconds=1)
