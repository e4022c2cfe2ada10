"""What a page is made of, in one language: blocks of runs of text, free of any renderer."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from onboarding.content import Value


class Span(Value):
    """A run of text of one look; what a template prints escaped. A line break is the text ``"\\n"``."""

    text: str
    is_strong: bool = False
    is_emphasis: bool = False
    is_code: bool = False
    href: str | None = None


Spans = tuple[Span, ...]


class Tone(StrEnum):
    """What a callout is for."""

    TIP = "tip"
    RULE = "rule"
    WARNING = "warning"


class Heading(Value):
    """A heading inside a page, below its title: level 2 or 3."""

    kind: Literal["heading"] = "heading"
    level: int
    spans: Spans


class Paragraph(Value):
    """A paragraph."""

    kind: Literal["paragraph"] = "paragraph"
    spans: Spans


class Items(Value):
    """A list; ordered when the order is the point (steps). An item holds blocks, so lists nest."""

    kind: Literal["list"] = "list"
    is_ordered: bool = False
    start: int = 1
    items: tuple[tuple["Block", ...], ...]


class Callout(Value):
    """Something set apart: a tip, a rule with its source, or a warning."""

    kind: Literal["callout"] = "callout"
    tone: Tone
    blocks: tuple["Block", ...]


class Quote(Value):
    """Words of somebody else."""

    kind: Literal["quote"] = "quote"
    blocks: tuple["Block", ...]


class Line(Value):
    """One line of a dialogue: who speaks, and what is said."""

    who: str
    spans: Spans


class Dialogue(Value):
    """An example conversation, line by line."""

    kind: Literal["dialogue"] = "dialogue"
    lines: tuple[Line, ...]


class Table(Value):
    """A table with a head."""

    kind: Literal["table"] = "table"
    head: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


class Image(Value):
    """A picture among the module's files, by its name; ``words`` say what it shows to who cannot see it."""

    kind: Literal["image"] = "image"
    file: str
    words: str
    caption: str = ""


class Video(Value):
    """A film to open elsewhere: never played in our page, which would tell that host who reads."""

    kind: Literal["video"] = "video"
    title: str
    href: str
    host: str
    length: str = ""


class Code(Value):
    """Characters to type or read as they stand."""

    kind: Literal["code"] = "code"
    text: str


class Divider(Value):
    """A change of subject."""

    kind: Literal["divider"] = "divider"


Block = Heading | Paragraph | Items | Callout | Quote | Dialogue | Table | Image | Video | Code | Divider
Items.model_rebuild()
Callout.model_rebuild()
Quote.model_rebuild()


def every_block(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """The blocks in reading order, with those inside lists, callouts and quotes."""
    for block in blocks:
        yield block
        match block:
            case Items():
                for item in block.items:
                    yield from every_block(item)
            case Callout() | Quote():
                yield from every_block(block.blocks)


def every_text(blocks: tuple[Block, ...]) -> Iterator[str]:
    """What a reader reads, run after run joined to sentences: words of pictures and speakers' names not counted."""
    for block in every_block(blocks):
        match block:
            case Heading() | Paragraph():
                yield said(block.spans)
            case Dialogue():
                yield from (said(line.spans) for line in block.lines)
            case Table():
                yield from (said(cell) for row in (block.head, *block.rows) for cell in row)
            case Video():
                yield block.title
            case Image():
                yield block.caption
            case Code():
                yield block.text


def said(spans: Spans) -> str:
    """The plain words of runs.

    >>> said((Span(text="Dial "), Span(text="112", is_strong=True)))
    'Dial 112'
    """
    return "".join(span.text for span in spans)
