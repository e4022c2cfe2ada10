"""What a learner reads, as values: pages made of blocks, French beside English, free of any renderer."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal

from annotated_types import MaxLen
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

_TAG = re.compile(r"<\s*[A-Za-z/!?]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]")


def _plain(text: str) -> str:
    if _TAG.search(text):
        raise ValueError("holds raw HTML; write plain words, and **strong** for what matters")
    if _CONTROL.search(text):
        raise ValueError("holds a control character")
    if text.count("**") % 2:
        raise ValueError("opens ** without closing it")
    return text


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


class Words(Value):
    """One thing said in both languages."""

    fr: Prose
    en: Prose

    def said_in(self, language: Language) -> str:
        """The sentence in one language.

        >>> Words(fr="Bonjour", en="Hello").said_in(Language.EN)
        'Hello'
        """
        return self.fr if language is Language.FR else self.en


class Label(Words):
    """A name said in both languages: short, since other sentences quote it."""

    fr: Annotated[Prose, MaxLen(200)]
    en: Annotated[Prose, MaxLen(200)]


class Reason(Value):
    """Why a result is what it is: a stable code for machines, a sentence for people."""

    code: str
    text: Words


class Span(Value):
    """A run of text, strong or not; what a template prints escaped."""

    text: str
    is_strong: bool = False


def spans(text: str) -> tuple[Span, ...]:
    """Cut a sentence at its ``**`` marks, the only mark-up that content knows.

    >>> [(s.text, s.is_strong) for s in spans("Dial **112** now")]
    [('Dial ', False), ('112', True), (' now', False)]
    """
    parts = text.split("**")
    return tuple(Span(text=part, is_strong=place % 2 == 1) for place, part in enumerate(parts) if part)


class Tone(StrEnum):
    """What a callout is for."""

    TIP = "tip"
    RULE = "rule"
    WARNING = "warning"


class Heading(Value):
    """A heading inside a page."""

    kind: Literal["heading"] = "heading"
    text: Words


class Paragraph(Value):
    """A paragraph."""

    kind: Literal["paragraph"] = "paragraph"
    text: Words


class Items(Value):
    """A list; ``ordered`` when the order is the point (steps)."""

    kind: Literal["list"] = "list"
    ordered: bool = False
    items: tuple[Words, ...] = Field(min_length=1)


class Callout(Value):
    """A sentence set apart: a tip, a rule with its source, or a warning."""

    kind: Literal["callout"] = "callout"
    tone: Tone
    text: Words


class Line(Value):
    """One line of a dialogue: who speaks, and what is said."""

    who: Words
    says: Words


class Dialogue(Value):
    """An example conversation, line by line."""

    kind: Literal["dialogue"] = "dialogue"
    lines: tuple[Line, ...] = Field(min_length=2)


Block = Annotated[Heading | Paragraph | Items | Callout | Dialogue, Field(discriminator="kind")]


class Page(Value):
    """One sitting of reading: a title and blocks in order."""

    slug: Slug
    title: Label
    blocks: tuple[Block, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _open_short_forms(cls, raw: Any) -> Any:
        if not isinstance(raw, dict) or not isinstance(raw.get("blocks"), list):
            return raw
        return {**raw, "blocks": [_opened(block) for block in raw["blocks"]]}

    def words(self, language: Language) -> int:
        """How many words a reader meets on this page, title included."""
        return count_words(sentence.said_in(language) for sentence in self._sentences())

    def _sentences(self) -> Iterable[Words]:
        yield self.title
        for block in self.blocks:
            match block:
                case Items():
                    yield from block.items
                case Dialogue():
                    yield from (line.says for line in block.lines)
                case _:
                    yield block.text


def count_words(texts: Iterable[str]) -> int:
    """Count words as a reader does: French punctuation standing alone is none.

    >>> count_words(["Pourquoi ? Parce que « oui »."])
    4
    """
    return sum(1 for text in texts for token in text.split() if any(ch.isalnum() for ch in token))


def _opened(block: Any) -> Any:
    """Turn the short YAML form (``paragraph: {fr, en}``) into the block that it means."""
    if not isinstance(block, dict) or "kind" in block or len(block) != 1:
        return block
    ((kind, said),) = block.items()
    match kind:
        case "heading" | "paragraph":
            return {"kind": kind, "text": said}
        case "list":
            return {"kind": "list", "items": said}
        case "steps":
            return {"kind": "list", "ordered": True, "items": said}
        case "tip" | "rule" | "warning":
            return {"kind": "callout", "tone": kind, "text": said}
        case "dialogue":
            return {"kind": "dialogue", "lines": said}
    return {"kind": kind}
