"""One try at a quiz: what was chosen, read without trusting the form, and the mark with its explanation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256

from onboarding.content import Reason, Slug, Value, Words
from onboarding.paths.paths import Module, Option, Question, QuestionKind
from onboarding.sentences import Sentences


class Chosen(Value):
    """What was chosen for one question."""

    question: Slug
    options: tuple[Slug, ...]


class QuizAnswers(Value):
    """A whole quiz answered, in the order of the quiz."""

    module: Slug
    answers: tuple[Chosen, ...]

    def chosen(self, question: str) -> frozenset[str]:
        """Options chosen for one question; empty when it was not answered."""
        return frozenset(o for answer in self.answers if answer.question == question for o in answer.options)


class Problem(Value):
    """One thing to put right in a form; ``field`` is the form key, to show it beside the question."""

    field: str
    code: str
    text: Words


class OptionMark(Value):
    """One option after marking: was it chosen, was it right, and why."""

    option: Slug
    text: Words
    was_chosen: bool
    is_right: bool
    why: Words


class QuestionMark(Value):
    """One question after marking."""

    question: Slug
    text: Words
    is_right: bool
    points: int
    points_possible: int
    options: tuple[OptionMark, ...]


class Mark(Value):
    """The result of one try.

    ``percent`` is rounded down, so that 100 means everything right. ``passed`` compares the exact points
    with the pass mark, not the rounded percent.
    """

    module: Slug
    points: int
    points_possible: int
    percent: int
    pass_percent: int
    passed: bool
    questions: tuple[QuestionMark, ...]
    reasons: tuple[Reason, ...]


def drawn(module: Module, *, learner: str, tries: int) -> Module:
    """The module with the questions that this learner's next try asks, in the order of the quiz.

    The pool is shuffled once for each learner and dealt out try by try: a reload asks the same questions, the next
    try others as long as there are, and two learners rarely the same. ``tries`` counts those marked before. A quiz
    that asks its whole pool is returned as it is.
    """
    asks = module.quiz_draw
    if asks is None or asks >= len(module.quiz):
        return module
    shuffled = sorted(
        module.quiz, key=lambda one: sha256(f"{learner} {module.slug} {one.slug}".encode()).digest()
    )
    first = tries * asks
    dealt = {shuffled[(first + n) % len(shuffled)].slug for n in range(asks)}
    return narrowed(module, dealt)


def narrowed(module: Module, questions: Collection[str]) -> Module:
    """The module with these questions alone, in the order of the quiz: what a kept try was asked."""
    return module.model_copy(update={"quiz": tuple(one for one in module.quiz if one.slug in questions)})


def read(
    module: Module, form: Mapping[str, Sequence[str]], *, sentences: Sentences
) -> QuizAnswers | tuple[Problem, ...]:
    """Form values (question slug -> option slugs) -> answers, or every problem at once.

    The caller takes out its own fields (CSRF) first: a field that is no question of this quiz is a problem.
    """
    codes = {q.slug: code for q in module.quiz if (code := _code(q, form.get(q.slug, ())))}
    known = {question.slug for question in module.quiz}
    codes |= {field: "unknown_question" for field in form if field not in known}
    if codes:
        return tuple(Problem(field=f, code=c, text=sentences.words(c)) for f, c in codes.items())
    answers = tuple(
        Chosen(question=question.slug, options=_in_order(question, form[question.slug]))
        for question in module.quiz
    )
    return QuizAnswers(module=module.slug, answers=answers)


def mark(module: Module, answers: QuizAnswers, *, sentences: Sentences) -> Mark:
    """Mark one try: a question earns its points when exactly the right options were chosen.

    A module without a quiz has nothing to mark and raises ``ValueError``.
    """
    if not module.quiz:
        raise ValueError(f"{module.slug} has no quiz")
    questions = tuple(_mark_question(q, answers.chosen(q.slug)) for q in module.quiz)
    points = sum(question.points for question in questions)
    possible = sum(question.points_possible for question in questions)
    passed = points * 100 >= module.pass_percent * possible
    return Mark(
        module=module.slug,
        points=points,
        points_possible=possible,
        percent=points * 100 // possible,
        pass_percent=module.pass_percent,
        passed=passed,
        questions=questions,
        reasons=tuple(sentences.reason(code, **values) for code, values in _said(module, questions)),
    )


def _mark_question(question: Question, chosen: frozenset[str]) -> QuestionMark:
    is_right = chosen == question.key
    return QuestionMark(
        question=question.slug,
        text=question.text,
        is_right=is_right,
        points=question.points if is_right else 0,
        points_possible=question.points,
        options=tuple(_mark_option(option, chosen) for option in question.options),
    )


def _mark_option(option: Option, chosen: frozenset[str]) -> OptionMark:
    return OptionMark(
        option=option.slug,
        text=option.text,
        was_chosen=option.slug in chosen,
        is_right=option.is_right,
        why=option.why,
    )


def _said(module: Module, questions: Sequence[QuestionMark]) -> Iterator[tuple[str, dict[str, int]]]:
    points = sum(question.points for question in questions)
    possible = sum(question.points_possible for question in questions)
    missed = sum(not question.is_right for question in questions)
    yield "points", {"points": points, "possible": possible, "needed": module.pass_percent}
    yield ("passed" if points * 100 >= module.pass_percent * possible else "again"), {}
    if missed:
        yield ("to_review_one", {}) if missed == 1 else ("to_review_many", {"count": missed})


def _code(question: Question, chosen: Sequence[str]) -> str | None:
    known = {option.slug for option in question.options}
    if not chosen:
        return "missing"
    if any(option not in known for option in chosen):
        return "unknown_option"
    if question.kind is QuestionKind.SINGLE and len(set(chosen)) > 1:
        return "only_one"
    return None


def _in_order(question: Question, chosen: Sequence[str]) -> tuple[str, ...]:
    """Chosen options in the order of the question: the order of the clicks says nothing."""
    return tuple(option.slug for option in question.options if option.slug in chosen)
