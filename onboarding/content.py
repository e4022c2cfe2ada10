"""What everything here says, as values: sentences in French beside English, names, reasons."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from annotated_types import MaxLen
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

_TAG = re.compile(r"<\s*[A-Za-z/!?]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]")


def without_control(text: str) -> str:
    """The text itself; refused when it holds a character that no keyboard writes and no page shows."""
    if _CONTROL.search(text):
        raise PydanticCustomError("control-character", "holds a control character")
    return text


def _plain(text: str) -> str:
    if _TAG.search(text):
        raise PydanticCustomError(
            "html", "holds raw HTML; write plain words, and **strong** for what matters"
        )
    if text.count("**") % 2:
        raise PydanticCustomError("open-strong", "opens ** without closing it")
    return without_control(text)


Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    AfterValidator(_plain),
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
"""What the rest of the house calls a thing (`employment_contract`); a slug of ours is one too."""


class Value(BaseModel):
    """Base of every value here: frozen, and closed to fields that nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Language(StrEnum):
    """A language that every shown sentence exists in."""

    FR = "fr"
    EN = "en"


class Bilingual(Value):
    """What is written in French, and in English beside it; where only French was written, it is repeated."""

    fr: str
    en: str

    def said_in(self, language: Language) -> str:
        """The text in one language.

        >>> Words(fr="Bonjour", en="Hello").said_in(Language.EN)
        'Hello'
        """
        return self.fr if language is Language.FR else self.en

    def language_in(self, language: Language) -> Language:
        """The language of what `said_in` answers: French where nobody wrote English.

        >>> Words(fr="Bonjour", en="Bonjour").language_in(Language.EN).value
        'fr'
        """
        return Language.FR if self.en == self.fr else language


class Words(Bilingual):
    """One thing said in both languages."""

    fr: Prose
    en: Prose


class Label(Words):
    """A name said in both languages: short, since other sentences quote it."""

    fr: Annotated[Prose, MaxLen(200)]
    en: Annotated[Prose, MaxLen(200)]

    @classmethod
    def plain(cls, fr: str, en: str) -> Self:
        """A label of words that nobody checked (a file's name, a manifest's title), cut and without any mark-up.

        >>> Label.plain("Un <b>mot</b>", "").fr
        'Un ‹b>mot‹/b>'
        """
        said = [_CONTROL.sub(" ", one).replace("<", "‹").replace("*", "∗").strip()[:200] for one in (fr, en)]
        return cls(fr=said[0] or said[1] or "–", en=said[1] or said[0] or "–")


class Reason(Value):
    """Why a result is what it is: a stable code for machines, a sentence for people."""

    code: str
    text: Words


class Span(Value):
    """A run of text, strong or not; what a template prints escaped."""

    text: str
    is_strong: bool = False


def spans(text: str) -> tuple[Span, ...]:
    """Cut a sentence at its ``**`` marks, the only mark-up that a sentence knows (pages are Markdown).

    >>> [(s.text, s.is_strong) for s in spans("Dial **112** now")]
    [('Dial ', False), ('112', True), (' now', False)]
    """
    parts = text.split("**")
    return tuple(Span(text=part, is_strong=place % 2 == 1) for place, part in enumerate(parts) if part)


def count_words(texts: Iterable[str]) -> int:
    """Count words as a reader does: French punctuation standing alone is none.

    >>> count_words(["Pourquoi ? Parce que « oui »."])
    4
    """
    return sum(1 for text in texts for token in text.split() if any(ch.isalnum() for ch in token))
