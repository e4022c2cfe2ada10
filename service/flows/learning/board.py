"""The trainer's board: who needs a hand today, read from what is kept beside each assignment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Words
from onboarding.learning.board import BoardRules, Situation, Standing, situations, stuck_before
from onboarding.learning.progress import StepKind
from onboarding.learning.schedule import WorkingDays
from service.flows.paths import paths
from service.flows.training_days import working_days
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.learning import board
from service.store.learning.assignments import Position
from service.store.learning.board import BoardLine, BoardQuestion, Bounds, PersonLine


@dataclass(frozen=True, slots=True)
class Learner:
    """One line of the board with everything that holds of the learner today, the first thing to act on first."""

    line: BoardLine
    situations: tuple[Situation, ...]
    late_days: int
    still_days: int


@dataclass(frozen=True)
class Board:
    """One page of the board, and how many stand in each column."""

    learners: tuple[Learner, ...]
    counts: Mapping[str, int]
    without_path: int
    next_position: Position | None
    rules: BoardRules


@lru_cache(maxsize=8)
def _days_around(today: date) -> WorkingDays:
    return working_days(today)


def bounds_on(editions: Editions, *, now: datetime) -> Bounds:
    """What the thresholds in force come to at a moment."""
    today = civil_date(now)
    rules = editions.board_rules_on(today)
    before = stuck_before(today, rules=rules, works=_days_around(today))
    return Bounds(today, before, rules.again_from, now, rules.class_within_days)


async def show(
    session: AsyncSession,
    actor: Actor,
    question: BoardQuestion,
    *,
    editions: Editions,
    now: datetime,
    limit: int,
    after: Position | None = None,
) -> Board:
    """One page of the board in four queries, however many learners there are."""
    bounds = bounds_on(editions, now=now)
    rules = editions.board_rules_on(bounds.today)
    found = await board.lines_of(session, actor, question, bounds, limit=limit + 1, after=after)
    lines = found[:limit]
    return Board(
        learners=tuple(learner_of(line, bounds, rules) for line in lines),
        counts=await board.counts_of(session, actor, question, bounds),
        without_path=await board.count_without_path(session, actor),
        next_position=board.position_of(lines[-1]) if lines and len(found) > limit else None,
        rules=rules,
    )


def learner_of(line: BoardLine, bounds: Bounds, rules: BoardRules) -> Learner:
    standing = Standing.model_construct(
        is_complete=line.is_complete,
        start=line.start_date,
        next_due=line.next_due,
        moved_on=line.moved_on,
        unpassed=line.unpassed,
        waits_for_trainer=line.waits_for_trainer,
        class_on=civil_date(line.class_at) if line.class_at else None,
    )
    told = situations(standing, today=bounds.today, stuck_before=bounds.stuck_before, rules=rules)
    return Learner(
        line,
        told,
        (bounds.today - line.next_due).days if Situation.LATE in told else 0,
        (bounds.today - line.moved_on).days if Situation.STUCK in told else 0,
    )


async def without_path(
    session: AsyncSession, actor: Actor, *, limit: int, after: tuple[str, UUID] | None = None
) -> tuple[tuple[PersonLine, ...], tuple[str, UUID] | None]:
    """People with an offer, or hired, whom nobody gave a path yet, and where the next page starts."""
    found = await board.people_without_path(session, actor, limit=limit + 1, after=after)
    people = found[:limit]
    more = len(found) > limit
    return people, (people[-1].folded_name, people[-1].id) if more else None


class Steps:
    """The next step of each learner in words, and the name of each path; each sentence is made once."""

    def __init__(self, editions: Editions, *, today: date) -> None:
        self._editions, self._today = editions, today
        self._sentences = paths.sentences_in_force(editions, today)
        self._wait = self._sentences.words("step_wait")
        self._steps: dict[tuple[str, str, str, str, str], Words] = {}

    def title(self, line: BoardLine) -> Words | None:
        """The name of the path, None where its edition is no longer kept."""
        path = self._editions.paths.get((line.path, line.edition))
        return path.title if path else None

    def modules(self, line: BoardLine) -> int:
        path = self._editions.paths.get((line.path, line.edition))
        return len(path.modules) if path else line.modules_done

    def step(self, line: BoardLine) -> Words:
        """What this learner does next; before the start, that it has not begun."""
        if line.start_date > self._today and not line.is_complete:
            return self._wait
        key = (line.path, line.edition, line.step, line.step_module, line.step_page)
        if key not in self._steps:
            self._steps[key] = self._said(line)
        return self._steps[key]

    def _said(self, line: BoardLine) -> Words:
        path = self._editions.paths.get((line.path, line.edition))
        module = path.module(line.step_module) if path else None
        if module is None or line.step not in _CODES:
            code = "step_finished" if line.step == StepKind.FINISHED.value else "step_wait"
            return self._sentences.words(code)
        told: dict[str, Words] = {"module": module.title}
        if line.step == StepKind.READ_PAGE.value:
            page = next((page for page in module.pages if page.slug == line.step_page), None)
            told["page"] = page.title if page else module.title
        return self._sentences.words(_CODES[line.step], **told)


_CODES = {
    StepKind.READ_PAGE.value: "step_read",
    StepKind.RUN_PACKAGE.value: "step_package",
    StepKind.TAKE_QUIZ.value: "step_quiz",
    StepKind.ATTEND_CLASS.value: "step_class",
    StepKind.ASK_TRAINER.value: "step_ask",
}
"""The sentence of each step, as `progress` says it."""
