"""What a learner's own interface takes and gives: lessons, quizzes without their key, marks with their why."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from onboarding.attempts import Mark
from onboarding.content import Block, Page
from onboarding.paths import Module, Question
from onboarding.progress import ModuleProgress
from service.api.models import Flag, In, Out, SaidOut
from service.api.training_models import ModuleStandingOut, SlugText, WhyOut


class LessonPageOut(Out):
    """One sitting of reading."""

    slug: str
    title: SaidOut
    is_read: bool
    blocks: list[Block]

    @classmethod
    def of(cls, page: Page, *, is_read: bool) -> Self:
        return cls(slug=page.slug, title=SaidOut.of(page.title), is_read=is_read, blocks=list(page.blocks))


class ChoiceOut(Out):
    """One possible answer; whether it is right is told after marking."""

    option: str
    text: SaidOut


class AskedOut(Out):
    """One question of a quiz."""

    question: str
    kind: str
    text: SaidOut
    points: int
    options: list[ChoiceOut]

    @classmethod
    def of(cls, question: Question) -> Self:
        return cls(
            question=question.slug,
            kind=question.kind.value,
            text=SaidOut.of(question.text),
            points=question.points,
            options=[ChoiceOut(option=one.slug, text=SaidOut.of(one.text)) for one in question.options],
        )


class LessonOut(Out):
    """What a learner reads in one module, its quiz without the key, and where they stand in it."""

    module: str
    title: SaidOut
    purpose: SaidOut
    minutes: int
    pages: list[LessonPageOut]
    quiz: list[AskedOut]
    pass_percent: int
    standing: ModuleStandingOut

    @classmethod
    def of(cls, module: Module, standing: ModuleProgress) -> Self:
        return cls(
            module=module.slug,
            title=SaidOut.of(module.title),
            purpose=SaidOut.of(module.purpose),
            minutes=module.minutes,
            pages=[LessonPageOut.of(page, is_read=page.slug in standing.pages_read) for page in module.pages],
            quiz=[AskedOut.of(question) for question in module.quiz],
            pass_percent=module.pass_percent,
            standing=ModuleStandingOut.of(standing),
        )


class ReadingIn(In):
    """The page that was read to its end."""

    page: SlugText


class QuizAnswersIn(In):
    """Question -> the options chosen."""

    answers: Annotated[dict[SlugText, Annotated[list[SlugText], Field(max_length=20)]], Field(max_length=200)]


class OptionMarkOut(Out):
    """One option after marking: chosen or not, right or not, and why."""

    option: str
    text: SaidOut
    was_chosen: Flag
    is_right: Flag
    why: SaidOut


class QuestionMarkOut(Out):
    """One question after marking."""

    question: str
    text: SaidOut
    is_right: Flag
    points: int
    points_possible: int
    options: list[OptionMarkOut]


class MarkOut(Out):
    """The mark of one attempt with every explanation."""

    id: UUID
    module: str
    points: int
    points_possible: int
    percent: int
    pass_percent: int
    passed: bool
    questions: list[QuestionMarkOut]
    reasons: list[WhyOut]

    @classmethod
    def of(cls, attempt: UUID, mark: Mark) -> Self:
        return cls.model_validate({"id": attempt, **mark.model_dump()})
