"""What the macro `blocks.lesson` shows of a page: blocks with their text escaped and set in the reader's typography."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from onboarding.content import Language
from onboarding.paths.blocks import (
    Block,
    Callout,
    Code,
    Dialogue,
    Divider,
    Heading,
    Image,
    Items,
    Paragraph,
    Quote,
    Span,
    Spans,
    Table,
    Tone,
    Video,
)
from onboarding.paths.markdown import read
from service.runtime.vocabulary import Locale
from service.web.paths.training_views import InLanguages, Reader, unbroken
from service.web.translations import Translator, french

BESIDE = "../files"
"""Where a learner's page finds its pictures: the module's files lie beside its pages."""

_TONES = {
    Tone.TIP: ("good", french("Conseil")),
    Tone.RULE: ("info", french("Règle")),
    Tone.WARNING: ("warn", french("Attention")),
}


@dataclass(frozen=True)
class LineView:
    """One line of a dialogue."""

    speaker: str
    text: Markup


@dataclass(frozen=True)
class BlockView:
    """One block as the macro reads it; what its kind does not have is empty."""

    kind: str
    text: Markup | str = ""
    level: int = 2
    items: tuple[tuple["BlockView", ...], ...] = ()
    is_ordered: bool = False
    start: int = 1
    blocks: tuple["BlockView", ...] = ()
    tone: str = "info"
    title: str = ""
    lines: tuple[LineView, ...] = ()
    head: tuple[Markup, ...] = ()
    rows: tuple[tuple[Markup, ...], ...] = ()
    href: str = ""
    note: str = ""


class LessonView(tuple[BlockView, ...]):
    """A page of blocks; `lang` is empty where it is in the language of the page around it."""

    lang: str = ""


def lesson_of(text: InLanguages, say: Reader, *, files: str = BESIDE) -> LessonView:
    """The Markdown of a page, or of what somebody is writing, in the reader's language where there is something in it.

    `files` is the folder that its pictures are asked from.
    """
    asked = Language(say.locale.value)
    language = text.language_in(asked)
    lesson = LessonView(views_of(read(text.said_in(language)), Locale(language.value), files=files))
    lesson.lang = "" if language is asked else language.value
    return lesson


def views_of(blocks: Iterable[Block], locale: Locale, *, files: str = BESIDE) -> tuple[BlockView, ...]:
    """Blocks as the macro reads them, typeset for `locale`."""
    return tuple(_view(block, locale, files) for block in blocks)


def _view(block: Block, locale: Locale, files: str) -> BlockView:
    match block:
        case Heading():
            return BlockView("heading", text=rich(block.spans, locale), level=block.level)
        case Paragraph():
            return BlockView("paragraph", text=rich(block.spans, locale))
        case Items():
            items = tuple(views_of(item, locale, files=files) for item in block.items)
            return BlockView("list", items=items, is_ordered=block.is_ordered, start=block.start)
        case Callout():
            tone, title = _TONES[block.tone]
            inside = views_of(block.blocks, locale, files=files)
            return BlockView("callout", blocks=inside, tone=tone, title=Translator(locale)(title))
        case Quote():
            return BlockView("quote", blocks=views_of(block.blocks, locale, files=files))
        case Dialogue():
            lines = tuple(LineView(_set(line.who, locale), rich(line.spans, locale)) for line in block.lines)
            return BlockView("dialogue", lines=lines)
        case Table():
            return BlockView(
                "table",
                head=tuple(rich(cell, locale) for cell in block.head),
                rows=tuple(tuple(rich(cell, locale) for cell in row) for row in block.rows),
            )
        case Image():
            href = f"{files}/{quote(block.file, safe='')}"
            return BlockView("image", text=block.words, href=href, note=_set(block.caption, locale))
        case Video():
            note = " · ".join(filter(None, (block.host, block.length)))
            return BlockView("video", text=_set(block.title, locale), href=block.href, note=note)
        case Code():
            return BlockView("code", text=block.text)
        case Divider():
            return BlockView("divider")


def rich(spans: Spans, locale: Locale) -> Markup:
    """Runs escaped, with their look and their links."""
    return Markup("").join(_run(span, locale) for span in spans)


def _run(span: Span, locale: Locale) -> Markup:
    if span.is_code:
        said = Markup("<code>{}</code>").format(span.text)
    else:
        lines = (Markup.escape(line) for line in _set(span.text, locale).split("\n"))
        said = Markup("<br>").join(lines)
    if span.is_emphasis:
        said = Markup("<em>{}</em>").format(said)
    if span.is_strong:
        said = Markup("<strong>{}</strong>").format(said)
    if span.href:
        said = Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(span.href, said)
    return said


def _set(text: str, locale: Locale) -> str:
    return unbroken(text) if locale is Locale.FR else text
