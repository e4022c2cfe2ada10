"""What a team is to remember: a procedure that changed, or an answer that helped, with what to ask about it."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints, model_validator

from onboarding.content import Bilingual, Slug, Value
from onboarding.paths.paths import Question, QuestionKind

Plain = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class Told(Bilingual):
    """One thing as somebody of the team wrote it, without mark-up; English repeats the French where nobody wrote it."""

    fr: Plain
    en: Plain


class Choice(Value):
    """One possible answer, whether it is right, and why (empty when nothing is to say)."""

    slug: Slug
    text: Told
    is_right: StrictBool = False
    why: Told | None = None


class Asked(Value):
    """One question as it comes back: with choices, or without any, when the learner says whether they knew.

    ``lesson`` is what to know: read before the first time, and shown again after each answer.
    """

    prompt: Told
    choices: tuple[Choice, ...] = Field(default=(), max_length=12)
    takes_several: bool = False
    lesson: Told | None = None

    @property
    def words(self) -> int:
        """How many words there are to read the first time, before the question itself.

        >>> Asked(prompt=Told(fr="Que faites-vous ?", en="?"), lesson=Told(fr="Trente jours.", en="30 days.")).words
        2
        """
        return len(self.lesson.fr.split()) if self.lesson else 0

    @property
    def key(self) -> frozenset[str]:
        """Slugs of the choices that are right."""
        return frozenset(choice.slug for choice in self.choices if choice.is_right)


class Note(Value):
    """What changed or what helped (``title``, ``lesson``), and the question about it; without one the title asks."""

    title: Told
    lesson: Told
    question: Told | None = None
    choices: tuple[Choice, ...] = Field(default=(), max_length=6)

    @model_validator(mode="after")
    def _can_be_asked(self) -> "Note":
        right = sum(choice.is_right for choice in self.choices)
        if self.choices and (self.question is None or not 0 < right < len(self.choices)):
            raise ValueError("a question with choices has a right one and a wrong one")
        return self

    @property
    def asked(self) -> Asked:
        """The question as it comes back."""
        right = sum(choice.is_right for choice in self.choices)
        return Asked(
            prompt=self.question or self.title,
            choices=self.choices,
            takes_several=right > 1,
            lesson=self.lesson,
        )


def of_quiz(question: Question) -> Asked:
    """A question of a quiz, as it comes back."""
    return Asked(
        prompt=Told(fr=question.text.fr, en=question.text.en),
        choices=tuple(
            Choice(
                slug=option.slug, text=Told(fr=option.text.fr, en=option.text.en), is_right=option.is_right,
                why=Told(fr=option.why.fr, en=option.why.en),
            )
            for option in question.options
        ),
        takes_several=question.kind is QuestionKind.MULTIPLE,
    )  # fmt: skip


def unknown(asked: Asked, chosen: Iterable[str]) -> frozenset[str]:
    """What was chosen that this question does not offer."""
    return frozenset(chosen) - {choice.slug for choice in asked.choices}
