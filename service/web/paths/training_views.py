"""What the pages of training show: values in the reader's language, never rows and never both languages."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from markupsafe import Markup

from onboarding.content import Language, Words, spans
from onboarding.day_one.readiness import Missing, Readiness
from onboarding.learning.attempts import Mark, QuestionMark
from onboarding.learning.progress import ModuleProgress, ModuleState, NextStep, Progress, StepKind
from onboarding.paths.paths import Question
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import Locale
from service.store.learning.assignments import QUIZ_MARKED, AssignmentFacts, EventFacts
from service.web.figures import Figures
from service.web.translations import Said

QUESTION_PREFIX = "q-"
"""Before each question's name in a form, so that no question can take the name of a field of ours."""


NO_BREAK = "\N{NO-BREAK SPACE}"


class InLanguages(Protocol):
    """What is written in French and, for some of it, in English (`Words`, `Told`, a draft's words)."""

    def said_in(self, language: Language) -> str: ...
    def language_in(self, language: Language) -> Language: ...


@dataclass(frozen=True)
class Reader:
    """Says things in one language, or in French where nothing else was written."""

    locale: Locale

    def __call__(self, words: InLanguages) -> Said:
        """The sentence, with French signs kept on the line of their word."""
        asked = Language(self.locale.value)
        language = words.language_in(asked)
        said = words.said_in(language)
        return Said(
            unbroken(said) if language is Language.FR else said, "" if language is asked else language.value
        )

    def house(self, words: str) -> Said:
        """What somebody of the house wrote once, for everybody: taken for French, the language of work here."""
        return Said(words, "" if self.locale is Locale.FR else Locale.FR.value)

    def rich(self, words: Words) -> Markup:
        """The sentence escaped, with what matters in <strong>: the only mark-up that content knows."""
        parts = [
            Markup("<strong>{}</strong>").format(span.text) if span.is_strong else Markup.escape(span.text)
            for span in spans(self(words))
        ]
        return Markup("").join(parts)

    def day(self, day: date) -> str:
        """A date in full: mardi 24 novembre 2026."""
        return Figures(self.locale).day(day)

    def short_day(self, day: date) -> str:
        """A date for tables: 24 nov. 2026."""
        return Figures(self.locale).short_day(day)

    def moment_day(self, moment: datetime) -> str:
        return self.short_day(civil_date(moment))


_BEFORE_SIGN = re.compile(r" (?=[»:%]|[?;!](?:\s|$))")


def unbroken(sentence: str) -> str:
    r"""French typography: no line may begin with a sign or end with an opening guillemet.

    >>> unbroken("Lire « Un poste » : 75 %").replace(NO_BREAK, "_")
    'Lire «_Un poste_»_: 75_%'
    """
    return _BEFORE_SIGN.sub(NO_BREAK, sentence).replace("« ", f"«{NO_BREAK}")


@dataclass(frozen=True)
class ModuleView:
    """One module of one learner."""

    slug: str
    title: str
    href: str
    state: str
    is_open: bool
    is_complete: bool
    due: str
    late_days: int
    pages_read: int
    pages: int
    minutes: int
    best_percent: int | None
    attempts_used: int
    attempts_left: int | None
    is_exempted: bool
    reason: str


@dataclass(frozen=True)
class PathView:
    """One path of one learner, and the next step."""

    id: str
    href: str
    person: str
    candidate_id: str
    cohort: str
    title: str
    percent: int
    is_complete: bool
    start: str
    next_due: str
    late_days: int
    minutes: int
    minutes_done: int
    step: str
    step_kind: str
    step_href: str
    modules: tuple[ModuleView, ...]

    @property
    def modules_done(self) -> int:
        return sum(module.is_complete for module in self.modules)

    @property
    def marks(self) -> tuple[ModuleView, ...]:
        """Modules with at least one marked attempt."""
        return tuple(module for module in self.modules if module.best_percent is not None)


_STATES = {
    ModuleState.LOCKED: "waiting",
    ModuleState.OPEN: "doing",
    ModuleState.LATE: "late",
    ModuleState.DONE: "done",
    ModuleState.PASSED: "done",
    ModuleState.EXEMPTED: "done",
}


def path_view(
    facts: AssignmentFacts, progress: Progress, say: Reader, *, base: str = "/me/training"
) -> PathView:
    """One assignment for a page; `base` is the folder its own page lies in."""
    href = f"{base}/{facts.id}"
    return PathView(
        id=str(facts.id),
        href=href,
        person=facts.person,
        candidate_id=str(facts.candidate_id),
        cohort=facts.cohort,
        title=say(progress.title),
        percent=progress.percent,
        is_complete=progress.is_complete,
        start=say.day(facts.start_date),
        next_due=say.short_day(progress.next_due) if progress.next_due else "",
        late_days=progress.late_days,
        minutes=progress.minutes,
        minutes_done=progress.minutes_done,
        step=say(progress.next_step.text),
        step_kind=progress.next_step.kind.value,
        step_href=_step_href(href, progress.next_step),
        modules=tuple(module_view(module, say, href=href) for module in progress.modules),
    )


def _step_href(href: str, step: NextStep) -> str:
    match step.kind:
        case StepKind.READ_PAGE:
            return f"{href}/modules/{step.module}/pages/{step.page}"
        case StepKind.TAKE_QUIZ:
            return f"{href}/modules/{step.module}/quiz"
        case StepKind.RUN_PACKAGE:
            return f"{href}/modules/{step.module}/package"
        case StepKind.ASK_TRAINER | StepKind.ATTEND_CLASS:
            return f"{href}/modules/{step.module}"
    return href


def module_view(module: ModuleProgress, say: Reader, *, href: str) -> ModuleView:
    return ModuleView(
        slug=module.module,
        title=say(module.title),
        href=f"{href}/modules/{module.module}",
        state=_STATES[module.state],
        is_open=module.state is not ModuleState.LOCKED,
        is_complete=module.is_complete,
        due=say.short_day(module.due),
        late_days=module.late_days,
        pages_read=len(module.pages_read),
        pages=module.pages,
        minutes=module.minutes,
        best_percent=module.best_percent,
        attempts_used=module.attempts_used,
        attempts_left=module.attempts_left,
        is_exempted=module.state is ModuleState.EXEMPTED,
        reason=say(module.reason.text),
    )


@dataclass(frozen=True)
class OptionView:
    """One option of a question."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class QuestionView:
    """One question of a quiz as a form shows it, with what was chosen and what to put right."""

    name: str
    text: str
    takes_several: bool
    options: tuple[OptionView, ...]
    error: str


def question_view(question: Question, say: Reader, *, chosen: tuple[str, ...], error: str) -> QuestionView:
    return QuestionView(
        name=f"{QUESTION_PREFIX}{question.slug}",
        text=say(question.text),
        takes_several=question.kind.value == "multiple",
        options=tuple(OptionView(one.slug, say(one.text), one.slug in chosen) for one in question.options),
        error=error,
    )


@dataclass(frozen=True)
class MarkedOptionView:
    """One option after marking."""

    text: str
    was_chosen: bool
    is_right: bool
    why: str


@dataclass(frozen=True)
class MarkedQuestionView:
    """One question after marking."""

    text: str
    is_right: bool
    points: int
    points_possible: int
    options: tuple[MarkedOptionView, ...]


@dataclass(frozen=True)
class MarkView:
    """One attempt after marking."""

    percent: int
    pass_percent: int
    passed: bool
    reasons: tuple[str, ...]
    questions: tuple[MarkedQuestionView, ...]


def mark_view(mark: Mark, say: Reader) -> MarkView:
    return MarkView(
        percent=mark.percent,
        pass_percent=mark.pass_percent,
        passed=mark.passed,
        reasons=tuple(say(reason.text) for reason in mark.reasons),
        questions=tuple(_marked_question(question, say) for question in mark.questions),
    )


def _marked_question(question: QuestionMark, say: Reader) -> MarkedQuestionView:
    return MarkedQuestionView(
        text=say(question.text),
        is_right=question.is_right,
        points=question.points,
        points_possible=question.points_possible,
        options=tuple(
            MarkedOptionView(say(one.text), one.was_chosen, one.is_right, say(one.why))
            for one in question.options
        ),
    )


@dataclass(frozen=True)
class AttemptView:
    """One marked attempt in a list."""

    href: str
    slug: str
    module: str
    percent: int
    passed: bool
    on: str


def attempt_views(
    facts: AssignmentFacts, say: Reader, *, editions: Editions, base: str
) -> tuple[AttemptView, ...]:
    """Every marked attempt, the last one first; its module is named as it was in the edition of that day."""
    return tuple(
        _attempt_view(event, facts, editions, say, href=f"{base}/{facts.id}/attempts/{event.id}")
        for event in reversed(facts.events)
        if event.kind == QUIZ_MARKED
    )


def _attempt_view(
    event: EventFacts, facts: AssignmentFacts, editions: Editions, say: Reader, *, href: str
) -> AttemptView:
    path = editions.paths.get((facts.path, event.detail.get("edition", facts.edition)))
    module = path.module(event.module) if path else None
    return AttemptView(
        href=href,
        slug=event.module,
        module=say(module.title) if module else event.module,
        percent=event.mark_percent or 0,
        passed=bool(event.is_passed),
        on=say.moment_day(event.at),
    )


@dataclass(frozen=True)
class MissingView:
    """One thing that day one still needs."""

    what: str
    action: str
    who: str
    needed_by: str
    is_overdue: bool
    is_gate: bool


@dataclass(frozen=True)
class ReadinessView:
    """Fit for day one, or what is missing."""

    is_ready: bool
    start: str
    days_left: int
    missing: tuple[MissingView, ...]
    in_place: tuple[str, ...]


def readiness_view(readiness: Readiness, say: Reader) -> ReadinessView:
    return ReadinessView(
        is_ready=readiness.is_ready,
        start=say.day(readiness.start_date),
        days_left=readiness.days_left,
        missing=tuple(_missing_view(one, say) for one in readiness.missing),
        in_place=tuple(say(reason.text) for reason in readiness.reasons if reason.code == "requirement_met"),
    )


def _missing_view(missing: Missing, say: Reader) -> MissingView:
    return MissingView(
        what=say(missing.what),
        action=say(missing.action),
        who=missing.who.value,
        needed_by=say.short_day(missing.needed_by),
        is_overdue=missing.is_overdue,
        is_gate=missing.gate,
    )
