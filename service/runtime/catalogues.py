"""Sentences in two languages: `.po` catalogues read once, and a translator that says one with its values."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Protocol

from babel.messages.pofile import read_po

from service.runtime.vocabulary import Locale


class TwoTongued(Protocol):
    """What data files say in both languages."""

    def in_(self, language: str) -> str: ...


class DoublyTranslated(ValueError):
    """One sentence has two translations; the message names it."""


@cache
def catalogue(package: str, folder: str) -> Mapping[str, str]:
    """Every translation in the `.po` files of `folder` in `package`: sentence as written in code -> translation.

    Raises DoublyTranslated when two files translate one sentence differently.
    """
    merged: dict[str, str] = {}
    for entry in sorted(files(package).joinpath(folder).iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".po"):
            continue
        with entry.open("rb") as source:
            for message in read_po(source):
                if not message.id or not message.string:
                    continue
                sentence, words = str(message.id), str(message.string)
                if merged.setdefault(sentence, words) != words:
                    raise DoublyTranslated(f"{entry.name}: {sentence}")
    return merged


class Translator:
    """A sentence as written in code, its values by name; back comes the sentence in the reader's language.

    A sentence that the catalogue lacks comes back as it was written.
    """

    def __init__(self, locale: Locale, words: Mapping[str, str]) -> None:
        self.locale = locale
        self._words = words

    def __call__(self, sentence: str, **values: object) -> str:
        text = self._words.get(sentence, sentence)
        return text % values if values else text


def asked_for(accept_language: str, *, otherwise: Locale) -> Locale:
    """The first language of an Accept-Language header that we speak, by its weights.

    >>> asked_for("de, en;q=0.7, fr;q=0.8", otherwise=Locale.EN), asked_for("", otherwise=Locale.EN)
    (<Locale.FR: 'fr'>, <Locale.EN: 'en'>)
    """
    spoken = {locale.value for locale in Locale}
    wanted: list[tuple[float, Locale]] = []
    for part in accept_language.split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        if tag[:2] in spoken and tag[2:3] in ("", "-"):
            wanted.append((_weight(weight), Locale(tag[:2])))
    best = max(wanted, key=lambda one: one[0], default=(0.0, otherwise))
    return best[1] if best[0] > 0 else otherwise


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
