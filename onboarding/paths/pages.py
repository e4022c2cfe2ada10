"""A page to read: a title and its text in Markdown, in each language."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from onboarding.content import Bilingual, Label, Language, Slug, Value, count_words, without_control
from onboarding.faults import Fault
from onboarding.paths import markdown
from onboarding.paths.blocks import Block, Image, every_block, every_text
from onboarding.paths.markdown import MAXIMUM_CHARACTERS

Markdown = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAXIMUM_CHARACTERS),
    AfterValidator(without_control),
]
PICTURES = ("image/png", "image/jpeg", "image/webp")
_SAID = {
    "html": "holds HTML, which would be shown as it is written: {about}",
    "link-refused": "leads to an address that no page may open: {about}",
    "mark-unknown": "begins a callout of a kind that is not known: {about}",
    "dialogue-unread": "holds a dialogue whose lines do not begin with who speaks and a colon",
    "picture-unknown": "shows a picture that is not among the module's files: {about}",
    "picture-not": "shows as a picture a file that is none: {about}",
    "picture-words": "shows a picture without saying in words what it shows: {about}",
}


class Text(Bilingual):
    """The text of a page in both languages, as Markdown."""

    fr: Markdown
    en: Markdown


class Page(Value):
    """One sitting of reading."""

    slug: Slug
    title: Label
    text: Text

    def blocks(self, language: Language) -> tuple[Block, ...]:
        """What a template prints."""
        return markdown.read(self.text.said_in(language))

    def words(self, language: Language) -> int:
        """How many words a reader meets on this page, title included."""
        return count_words([self.title.said_in(language), *every_text(self.blocks(language))])

    def pictures(self, language: Language) -> tuple[Image, ...]:
        """The pictures that the text shows, in reading order."""
        return tuple(block for block in every_block(self.blocks(language)) if isinstance(block, Image))


def faults_in(page: Page, at: str, *, files: Mapping[str, str]) -> tuple[Fault, ...]:
    """What a reader of this page would stumble over; ``files`` are the media types of the module's files by name."""
    return tuple(
        Fault(
            where=f"{at}.text.{language.value}",
            what=_SAID[code].format(about=about),
            code=code,
            given=(("about", about),),
        )
        for language in Language
        for code, about in _problems(page, language, files)
    )


def _problems(page: Page, language: Language, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from markdown.problems_in(page.text.said_in(language))
    for picture in page.pictures(language):
        if picture.file not in files:
            yield "picture-unknown", picture.file
        elif files[picture.file] not in PICTURES:
            yield "picture-not", picture.file
        if not picture.words:
            yield "picture-words", picture.file
