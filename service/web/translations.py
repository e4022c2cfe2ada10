"""The words of pages: French in the templates, English from one catalogue, read once."""

from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po
from litestar import Request

from service.runtime.vocabulary import Locale

LANGUAGE_COOKIE = "homeshore_language"


@cache
def english() -> dict[str, str]:
    """French sentence -> English sentence."""
    with files("service.web").joinpath("locale/en/messages.po").open("rb") as source:
        catalogue = read_po(source, locale="en")
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


class Translator:
    """`_` in templates: a French sentence, its values by name, and back comes the sentence in the page's language."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def __call__(self, sentence: str, **values: object) -> str:
        text = sentence if self.locale is Locale.FR else english().get(sentence, sentence)
        return text % values if values else text


def locale_of(request: Request) -> Locale:  # type: ignore[type-arg]
    """The person's choice, else what the browser asks for, else French."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in {locale.value for locale in Locale}:
        return Locale(chosen)
    for wanted in request.headers.get("accept-language", "").split(","):
        tag = wanted.split(";")[0].strip().lower()[:2]
        if tag in {locale.value for locale in Locale}:
            return Locale(tag)
    return Locale.FR
