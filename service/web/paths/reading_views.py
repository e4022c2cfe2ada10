"""A whole module on one page, for whoever writes it or looks after it: pages, files, and the quiz with its key."""

from dataclasses import dataclass

from onboarding.paths.drafts import DraftModule
from onboarding.paths.paths import Module
from service.runtime.vocabulary import Locale
from service.web.paths.lesson_views import LessonView, lesson_of
from service.web.paths.training_views import Reader


@dataclass(frozen=True)
class ReadAnswer:
    """One answer with its why."""

    text: str
    is_right: bool
    why: str


@dataclass(frozen=True)
class ReadQuestion:
    """One question with its key."""

    text: str
    takes_several: bool
    answers: tuple[ReadAnswer, ...]


@dataclass(frozen=True)
class Reading:
    """One module."""

    title: str
    purpose: str
    minutes: int | None
    pass_percent: int
    quiz_draw: int | None
    pages: tuple[tuple[str, LessonView], ...]
    questions: tuple[ReadQuestion, ...]
    downloads: tuple[tuple[str, str], ...]
    package: str
    live_minutes: int | None
    exemption: str


def reading_of(module: Module, say: Reader, *, files: str) -> Reading:
    """A module of an edition; `files` is the folder that its files are asked from."""
    return Reading(
        title=say(module.title), purpose=say(module.purpose), minutes=module.minutes,
        pass_percent=module.pass_percent, quiz_draw=module.quiz_draw,
        pages=tuple((say(one.title), lesson_of(one.text, say, files=files)) for one in module.pages),
        questions=tuple(
            ReadQuestion(
                say(one.text), one.kind.value == "multiple",
                tuple(ReadAnswer(say(o.text), o.is_right, say(o.why)) for o in one.options),
            )
            for one in module.quiz
        ),
        downloads=tuple((say(one.title), f"{files}/{one.name}") for one in module.downloads),
        package=say(module.package.title) if module.package else "",
        live_minutes=module.live.minutes if module.live else None,
        exemption=say(module.exemption) if module.exemption else "",
    )  # fmt: skip


def reading_of_draft(module: DraftModule, locale: Locale, *, files: str) -> Reading:
    """The same for a module that somebody is writing."""
    say = Reader(locale)
    return Reading(
        title=say(module.title) or module.slug, purpose=say(module.purpose), minutes=module.minutes,
        pass_percent=module.pass_percent, quiz_draw=module.quiz_draw,
        pages=tuple((say(one.title) or one.slug, lesson_of(one.text, say, files=files)) for one in module.pages),
        questions=tuple(
            ReadQuestion(
                say(one.text), one.kind.value == "multiple",
                tuple(ReadAnswer(say(o.text), o.right, say(o.why)) for o in one.options),
            )
            for one in module.quiz
        ),
        downloads=tuple((say(one.title), f"{files}/{one.name}") for one in module.downloads),
        package=say(module.package.title) if module.package else "",
        live_minutes=module.live_minutes, exemption=say(module.exemption),
    )  # fmt: skip
