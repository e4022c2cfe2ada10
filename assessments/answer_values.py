"""One posted or JSON value -> a typed answer to one item, and back to a form or to words."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

from pydantic import StrictBool, StrictInt, StrictStr

from assessments.instruments import Instrument
from assessments.items import (
    Item,
    LikertItem,
    MultipleItem,
    NumberItem,
    Option,
    ShortTextItem,
    SingleItem,
    YesNoItem,
)
from assessments.values import Text

AnswerValue: TypeAlias = StrictBool | StrictInt | StrictStr | tuple[StrictStr, ...]

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_SPACES_IN_NUMBERS = str.maketrans("", "", " \u00a0\u202f")


class Refused(Exception):
    """Why a value cannot be taken: the code of the problem and the facts of its sentence; caught in `answers`."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def to_form(value: AnswerValue | None) -> tuple[str, ...]:
    """One answer as the form values that `read` takes back: what to check or fill in when a page is resumed.

    >>> to_form(True), to_form(4), to_form(("lamp", "daylight")), to_form(None)
    (('yes',), ('4',), ('lamp', 'daylight'), ())
    """
    match value:
        case None:
            return ()
        case bool():
            return ("yes" if value else "no",)
        case tuple():
            return value
        case _:
            return (str(value),)


def said(instrument: Instrument, item: Item, value: AnswerValue) -> tuple[Text, ...]:
    """One answer in words, for people to read back: labels, a number with its unit, or the text itself."""
    posted = to_form(value)
    match item:
        case NumberItem():
            return (Text(fr=f"{value}\u00a0{item.unit.fr}", en=f"{value}\u00a0{item.unit.en}"),)
        case ShortTextItem():
            return (Text(fr=posted[0], en=posted[0]),)
        case _:
            return tuple(choice.label for choice in instrument.choices_of(item) if choice.value in posted)


def from_form(instrument: Instrument, item: Item, given: object) -> AnswerValue:
    """The posted strings of one item as its answer, blank ones left out; raises Refused."""
    assert isinstance(given, tuple)
    texts = [_plain(text, lines=isinstance(item, ShortTextItem)) for text in given if text.strip()]
    if isinstance(item, MultipleItem):
        return _options(item, texts)
    if len(texts) > 1:
        raise Refused("one_only")
    match item:
        case LikertItem():
            return _point(instrument, _number(texts[0], otherwise="unknown_option"))
        case SingleItem():
            return _option(item.options, texts[0])
        case YesNoItem():
            if texts[0] not in ("yes", "no"):
                raise Refused("unknown_option")
            return texts[0] == "yes"
        case NumberItem():
            return _amount(item, _number(texts[0], otherwise="not_a_number"))
        case _:
            return _words(item, texts[0])


def from_value(instrument: Instrument, item: Item, given: object) -> AnswerValue:
    """The JSON value of one item as its answer, types taken strictly; raises Refused."""
    match item, given:
        case LikertItem(), int() if not isinstance(given, bool):
            return _point(instrument, given)
        case SingleItem(), str():
            return _option(item.options, _plain(given))
        case MultipleItem(), list() | tuple() if given and all(isinstance(one, str) for one in given):
            return _options(item, [_plain(one) for one in given])
        case YesNoItem(), bool():
            return given
        case NumberItem(), int() if not isinstance(given, bool):
            return _amount(item, given)
        case ShortTextItem(), str() if given.strip():
            return _words(item, _plain(given, lines=True))
        case _:
            raise Refused("wrong_type")


def _plain(text: str, *, lines: bool = False) -> str:
    """`text` in NFC without outer spaces; control characters and lone surrogates are refused.

    With `lines`, line ends and tabs may stay.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip() if _is_text(text) else text
    for char in plain:
        if unicodedata.category(char) in ("Cc", "Cs") and not (lines and char in "\n\t"):
            raise Refused("forbidden_character")
    return plain


def _is_text(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _number(text: str, *, otherwise: str) -> int:
    bare = text.translate(_SPACES_IN_NUMBERS)
    if not _WHOLE_NUMBER.fullmatch(bare):
        raise Refused(otherwise)
    return int(bare)


def _point(instrument: Instrument, point: int) -> int:
    if not 1 <= point <= len(instrument.agreement):
        raise Refused("unknown_option")
    return point


def _amount(item: NumberItem, amount: int) -> int:
    if not item.minimum <= amount <= item.maximum:
        raise Refused("out_of_range", minimum=item.minimum, maximum=item.maximum)
    return amount


def _option(options: tuple[Option, ...], chosen: str) -> str:
    if chosen not in {option.value for option in options}:
        raise Refused("unknown_option")
    return chosen


def _options(item: MultipleItem, chosen: Sequence[str]) -> tuple[str, ...]:
    picked = {_option(item.options, one) for one in chosen}
    if len(picked) > 1 and any(option.alone and option.value in picked for option in item.options):
        raise Refused("alone")
    return tuple(option.value for option in item.options if option.value in picked)


def _words(item: Item, words: str) -> str:
    assert isinstance(item, ShortTextItem)
    if len(words) > item.max_length:
        raise Refused("too_long", maximum=item.max_length)
    return words
