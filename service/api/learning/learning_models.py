"""What a learner's own interface takes and gives: lessons, quizzes without their key, marks with their why."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from onboarding.learning.attempts import Mark
from onboarding.learning.progress import ModuleProgress
from onboarding.paths.pages import Page
from onboarding.paths.paths import Module, Question
from service.api.models import Count, Flag, In, Out, SaidOut
from service.api.paths.training_models import ModuleStandingOut, SlugText, WhyOut

Seconds = Annotated[Count, Field(ge=0, le=86_400)]


class LessonPageOut(Out):
    """One sitting of reading; its text is Markdown, without HTML."""

    slug: str
    title: SaidOut
    is_read: bool
    text: SaidOut

    @classmethod
    def of(cls, page: Page, *, is_read: bool) -> Self:
        text = SaidOut(fr=page.text.fr, en=page.text.en)
        return cls(slug=page.slug, title=SaidOut.of(page.title), is_read=is_read, text=text)


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


class LessonFileOut(Out):
    """A file of a module, under its SHA-256."""

    name: str
    title: SaidOut
    sha256: str
    media_type: str
    size: int


class LessonOut(Out):
    """What a learner does in one module, the next attempt's questions without the key, and where they stand in it.

    `pool` is how many questions the quiz holds in all; `class_minutes` the length of the class to attend, null for
    none; `exemption` which proof exempts from the module, null where none does.
    """

    module: str
    title: SaidOut
    purpose: SaidOut
    minutes: int
    pages: list[LessonPageOut]
    quiz: list[AskedOut]
    pool: int
    pass_percent: int
    files: list[LessonFileOut]
    package: SaidOut | None
    class_minutes: int | None
    exemption: SaidOut | None
    standing: ModuleStandingOut

    @classmethod
    def of(cls, module: Module, standing: ModuleProgress, *, asked: Module) -> Self:
        return cls(
            module=module.slug,
            title=SaidOut.of(module.title),
            purpose=SaidOut.of(module.purpose),
            minutes=module.minutes,
            pages=[LessonPageOut.of(page, is_read=page.slug in standing.pages_read) for page in module.pages],
            quiz=[AskedOut.of(question) for question in asked.quiz],
            pool=len(module.quiz),
            pass_percent=module.pass_percent,
            files=[
                LessonFileOut(
                    name=one.name,
                    title=SaidOut.of(one.title),
                    sha256=one.sha256,
                    media_type=one.media_type,
                    size=one.size,
                )
                for one in module.files
            ],
            package=SaidOut.of(module.package.title) if module.package else None,
            class_minutes=module.live.minutes if module.live else None,
            exemption=SaidOut.of(module.exemption) if module.exemption else None,
            standing=ModuleStandingOut.of(standing),
        )


class ReadingIn(In):
    """The page that was read to its end; `seconds` is the time spent on it, of which the longest sitting counts."""

    page: SlugText
    seconds: Seconds = 0


class QuizAnswersIn(In):
    """Question -> the options chosen; `seconds` is the time spent on it, of which the longest sitting counts."""

    answers: Annotated[dict[SlugText, Annotated[list[SlugText], Field(max_length=20)]], Field(max_length=200)]
    seconds: Seconds = 0


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
