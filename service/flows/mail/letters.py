"""The words of letters: one text a letter and language, read as paragraphs, lists and a button, for text and HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import service
from service.runtime.clock import PARIS
from service.runtime.vocabulary import Locale

TEMPLATES = Path(service.__file__).parent / "web" / "templates" / "mail"
BUTTON = "> "
ITEM = "- "

PROMISE = {
    Locale.FR: "Une personne décide, jamais un programme.",
    Locale.EN: "A person decides, never a program.",
}


@dataclass(frozen=True)
class Block:
    """One piece of a letter: `paragraph`, `list` (its lines) or `button` (its words and address)."""

    kind: str
    text: str = ""
    url: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class LetterWords:
    """A letter ready for `mailing.write_letter`."""

    subject: str
    body_text: str
    body_html: str


@cache
def _environment(*, is_html: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=is_html,  # noqa: S701  # the other one writes plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def compose(letter: str, locale: Locale, /, **facts: str | tuple[str, ...]) -> LetterWords:
    """The letter `mail/<letter>.<locale>.txt` with its facts filled in.

    Its first line is the subject. A paragraph is set apart by an empty line; lines that begin with "- " make a list;
    "> words : address" makes a button. Each fact becomes one line, and so does each of several: nobody's name can add
    a paragraph or a button.
    """
    template = _environment(is_html=False).get_template(f"{letter}.{locale.value}.txt")
    told = template.render({key: _in_line(value) for key, value in facts.items()})
    told = told.replace("« ", "«\u00a0").replace(" »", "\u00a0»")  # a quotation mark never ends a line alone
    subject, _, body = told.partition("\n")
    blocks = tuple(_blocks(body))
    page = _environment(is_html=True).get_template("letter.html")
    return LetterWords(
        subject=subject.strip(),
        body_text=_plain(blocks, PROMISE[locale]),
        body_html=page.render(subject=subject, blocks=blocks, lang=locale.value, promise=PROMISE[locale]),
    )


def _in_line(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return (
        " ".join(value.split()) if isinstance(value, str) else tuple(" ".join(one.split()) for one in value)
    )


def _blocks(body: str) -> Iterator[Block]:
    for paragraph in body.strip().split("\n\n"):
        lines = paragraph.strip().split("\n")
        if lines[0].startswith(BUTTON):
            words, _, url = lines[0].removeprefix(BUTTON).rpartition(" ")
            yield Block("button", text=words.rstrip(" :\u00a0\u202f"), url=url)
        elif lines[0].startswith(ITEM):
            yield Block("list", lines=tuple(line.removeprefix(ITEM) for line in lines))
        else:
            yield Block("paragraph", text=" ".join(lines))


def _plain(blocks: tuple[Block, ...], promise: str) -> str:
    parts = [_plain_block(block) for block in blocks]
    return "\n\n".join([*parts, f"-- \n{promise}"]) + "\n"


def _plain_block(block: Block) -> str:
    if block.kind == "button":
        return f"{block.text} :\n{block.url}"
    if block.kind == "list":
        return "\n".join(f"- {line}" for line in block.lines)
    return block.text


def moment_words(moment: datetime, locale: Locale) -> str:
    """A moment as a person in France reads it: "mardi 24 novembre 2026 à 13:00"."""
    local = moment.astimezone(PARIS)
    return f"{day_words(local.date(), locale)} {'à' if locale is Locale.FR else 'at'} {local:%H:%M}"


def day_words(day: date, locale: Locale) -> str:
    """A day as a letter says it.

    >>> day_words(date(2026, 12, 7), Locale.FR), day_words(date(2026, 12, 7), Locale.EN)
    ('lundi 7 décembre 2026', 'Monday 7 December 2026')
    >>> day_words(date(2027, 3, 1), Locale.FR)
    'lundi 1er mars 2027'
    """
    is_first = locale is Locale.FR and day.day == 1
    return str(format_date(day, "EEEE '1er' MMMM y" if is_first else "EEEE d MMMM y", locale=locale.value))
