"""The words of pages: French in templates and code, English from the catalogue; errors the other way round."""

import re
from functools import cache

from litestar import Request

from service.http.languages import french_errors
from service.runtime import catalogues
from service.runtime.catalogues import asked_for, catalogue
from service.runtime.vocabulary import Locale

NO_BREAK = "\u00a0"
BEFORE_A_SIGN = re.compile(r" (?=[?!:;\u00bb])|(?<=\u00ab) ")

LANGUAGE_COOKIE = "homeshore_language"


@cache
def english() -> dict[str, str]:
    """French sentence -> English sentence, from one file a room of the site."""
    return dict(catalogue("service.web", "locale/en"))


def french(sentence: str) -> str:
    """Mark a French sentence that a page will say translated, where it is written outside `title=`, `flash=` and `_`.

    `python -m tests.templates` finds it by this mark. It comes back unchanged: translate it where the page is made.
    """
    return sentence


class Translator(catalogues.Translator):
    """`_` in templates: a sentence, its values by name, and back comes the sentence in the page's language.

    Written with plain spaces, French comes back with those that never break a line before « ? », « : » and the like.
    """

    def __init__(self, locale: Locale) -> None:
        super().__init__(locale, french_errors() if locale is Locale.FR else english())

    def __call__(self, sentence: str, **values: object) -> str:
        said = super().__call__(sentence, **values)
        return unbroken(said, self.locale)


class Said(str):
    """Words with the language they are in: `lang` is empty where that is the page's own.

    `blocks.lang(words)` writes it on an element, `blocks.said(words)` around the words alone (WCAG 3.1.2).
    """

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, words: str, lang: str = "") -> "Said":
        made = super().__new__(cls, words)
        made.lang = lang
        return made


def unbroken(said: str, locale: Locale) -> str:
    """French with the spaces that never break a line before « ? », « : » and the like; English as it is.

    >>> unbroken("Le résultat « Calme » ?", Locale.FR).count(NO_BREAK)
    3
    """
    return BEFORE_A_SIGN.sub(NO_BREAK, said) if locale is Locale.FR else said


def locale_of(request: Request) -> Locale:  # type: ignore[type-arg]
    """The person's choice, else what the browser asks for, else French."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in {locale.value for locale in Locale}:
        return Locale(chosen)
    return asked_for(request.headers.get("accept-language", ""), otherwise=Locale.FR)
