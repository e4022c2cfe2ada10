"""Quizzes: which questions an attempt asks, its mark, and the mark told again later."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Words
from onboarding.learning import attempts
from onboarding.learning.attempts import Chosen, Mark, QuizAnswers
from onboarding.learning.progress import ModuleProgress
from onboarding.paths.paths import Module
from service.flows.learning import learning
from service.flows.paths import paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, InBoth, NotFound, RuleBroken
from service.store.learning import assignments
from service.store.learning.assignments import AssignmentFacts, EventFacts
from service.tables.training import Assignment, LearningEvent


async def answer_quiz(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    chosen: Mapping[str, Sequence[str]],
    *,
    attempt: str,
    editions: Editions,
    now: datetime,
    seconds: int = 0,
) -> EventFacts:
    """Mark one attempt and keep it; the same `attempt` sent again is the first one, whatever it says.

    RuleBroken with every fault when answers are missing, or when another attempt was marked meanwhile and this one was
    drawn before it; Conflict when the module is locked or no attempt is left.
    """
    row = await assignments.assignment_row(session, actor, assignment_id)
    facts, _, found, progressed = await learning.open_module(
        session, actor, row.id, module, editions=editions, now=now
    )
    if event := marked_before(facts, module, attempt):
        return event
    here, today = learning.module_standing(progressed, module), civil_date(now)
    asked = asked_next(facts, found, here)
    answers = _check(asked, here, chosen, editions=editions, today=today)
    mark = _mark(asked, answers, editions=editions, today=today)
    spent = learning.time_spent(seconds, editions=editions, today=today)
    await learning.record(
        session,
        _attempt(row, _id_of(row.id, module, attempt), answers, mark, seconds=spent, now=now),
        actor=actor,
    )
    await learning.rewrite(session, actor, row, editions=editions, now=now)
    return await assignments.event_of(session, row.id, _id_of(row.id, module, attempt))


def _id_of(assignment_id: UUID, module: str, attempt: str) -> UUID:
    return uuid5(assignment_id, f"attempt {module} {attempt}")


def marked_before(facts: AssignmentFacts, module: str, attempt: str) -> EventFacts | None:
    """The attempt of that name where it was marked already; None before."""
    named = _id_of(facts.id, module, attempt)
    return next((event for event in facts.events if event.id == named), None)


def next_attempt(facts: AssignmentFacts, here: ModuleProgress) -> str:
    """The name of the learner's next attempt at a quiz: one for all windows, another once it is marked or the
    edition changed."""
    return str(uuid5(facts.id, f"{facts.edition} {here.module} {here.attempts_used + 1}"))


def asked_next(facts: AssignmentFacts, module: Module, here: ModuleProgress) -> Module:
    """The module with the questions that the learner's next attempt asks."""
    return attempts.drawn(module, learner=str(facts.id), tries=here.attempts_used)


def _check(
    module: Module,
    here: ModuleProgress,
    chosen: Mapping[str, Sequence[str]],
    *,
    editions: Editions,
    today: date,
) -> QuizAnswers:
    if not module.quiz:
        raise NotFound
    if here.attempts_left == 0:
        raise Conflict(InBoth(here.reason.text.fr, here.reason.text.en), code="attempts-used")
    answers = attempts.read(module, chosen, sentences=paths.sentences_in_force(editions, today))
    if isinstance(answers, QuizAnswers):
        return answers
    raise RuleBroken(
        "The quiz is not complete; see errors.",
        code="quiz-incomplete",
        faults=[
            Fault(f"/answers/{problem.field}", problem.code, InBoth(problem.text.fr, problem.text.en))
            for problem in answers
        ],
    )


def problems_in(
    module: Module, chosen: Mapping[str, Sequence[str]], *, editions: Editions, today: date
) -> Mapping[str, Words]:
    """What there is to put right in a quiz form, by question; empty when it can be marked."""
    read = attempts.read(module, chosen, sentences=paths.sentences_in_force(editions, today))
    return {} if isinstance(read, QuizAnswers) else {problem.field: problem.text for problem in read}


def _mark(module: Module, answers: QuizAnswers, *, editions: Editions, today: date) -> Mark:
    return attempts.mark(module, answers, sentences=paths.sentences_in_force(editions, today))


def kept_mark(facts: AssignmentFacts, event: EventFacts, *, editions: Editions, today: date) -> Mark:
    """The mark of a kept attempt with its explanations, from the edition that it was made on and the questions it had.

    A quiz changed afterwards is another edition, so what was marked once is told as it was. Gone when that edition is.
    """
    kept = event.detail["answers"]
    asked = attempts.narrowed(module_marked(facts, event, editions=editions), kept)
    answers = QuizAnswers(
        module=asked.slug,
        answers=tuple(Chosen(question=one.slug, options=tuple(kept[one.slug])) for one in asked.quiz),
    )
    return _mark(asked, answers, editions=editions, today=today)


def module_marked(facts: AssignmentFacts, event: EventFacts, *, editions: Editions) -> Module:
    """The module as it was when this attempt was marked: the edition followed by now may have dropped it."""
    path = paths.as_begun(editions, facts.path, event.detail.get("edition", facts.edition))
    return paths.module_of(path, event.module)


def _attempt(
    row: Assignment, event_id: UUID, answers: QuizAnswers, mark: Mark, *, seconds: int, now: datetime
) -> LearningEvent:
    return LearningEvent(
        id=event_id,
        assignment_id=row.id,
        module=answers.module,
        kind=assignments.QUIZ_MARKED,
        detail={
            "edition": row.edition,
            "answers": {one.question: list(one.options) for one in answers.answers},
            "points": mark.points,
            "points_possible": mark.points_possible,
            "pass_percent": mark.pass_percent,
        },
        mark_percent=mark.percent,
        is_passed=mark.passed,
        seconds=seconds,
        at=now,
    )
