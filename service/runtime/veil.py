"""A veil over whatever would say who somebody is: names, addresses, numbers and years, in any value on its way out."""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from pydantic import BaseModel

T = TypeVar("T")

HIDDEN = "•••"
SHORTEST = 2
_TELLING = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"  # an electronic address
    r"|(?:https?://|www\.)\S+"  # a page, often one's own
    r"|(?<!\w)(?:\+|00)?\d(?:[ .\-]?\d){8,13}(?!\w)"  # a telephone number
)
_YEAR = re.compile(r"(?<!\w)(?:19[3-9]\d|20[0-4]\d)(?!\w)")


@dataclasses.dataclass(frozen=True)
class Veil:
    """Hides the words of some people wherever they stand, and what looks like an address or a number to call.

    A veil that is not `drawn` hides nothing, so that a page is written once for both ways of looking.
    """

    is_drawn: bool = False
    words: tuple[str, ...] = ()

    def over(self, value: T) -> T:
        """The same value with every text in it veiled: models, data classes, lists and mappings all through."""
        return _over(value, self._text) if self.is_drawn else value

    def over_own_words(self, value: T) -> T:
        """The same for what the person wrote: years go too, because they tell an age."""
        return _over(value, self._own_text) if self.is_drawn else value

    def _own_text(self, text: str) -> str:
        return _YEAR.sub(HIDDEN, self._text(text))

    def _text(self, text: str) -> str:
        return hide(_TELLING.sub(HIDDEN, text), self.words)


NO_VEIL = Veil()


def _over(value: Any, veiled: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else veiled(value)
    if isinstance(value, BaseModel):
        changed = {name: _over(getattr(value, name), veiled) for name in type(value).model_fields}
        return value.model_copy(update=changed)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = {
            field.name: _over(getattr(value, field.name), veiled)
            for field in dataclasses.fields(value)
            if field.init
        }
        return dataclasses.replace(value, **shown)
    if isinstance(value, Mapping):
        return {key: _over(inner, veiled) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(_over(inner, veiled) for inner in value)
    return value


def hide(text: str, words: tuple[str, ...]) -> str:
    """`text` with each of the words hidden, whatever their case and accents, as whole words only.

    >>> hide("Je suis ZOE d’Éon, pas Zoélie.", ("Zoé", "D'Éon"))
    'Je suis ••• •••, pas Zoélie.'
    """
    folded, places = _folded(text)
    spans = []
    for word in words:
        sought = _folded(word.strip())[0]
        if len(sought) >= SHORTEST:
            found = re.finditer(rf"(?<!\w){re.escape(sought)}(?!\w)", folded)
            spans += [(places[one.start()], places[one.end() - 1] + 1) for one in found]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without accents and case, and where each of its letters stood."""
    letters, places = [], []
    for place, char in enumerate(text):
        for letter in unicodedata.normalize("NFKD", "'" if char == "’" else char.casefold()):
            if not unicodedata.combining(letter):
                letters.append(letter)
                places.append(place)
    return "".join(letters), places
