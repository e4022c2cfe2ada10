"""One posted or JSON value -> a typed answer to one item, and back to a form or to words."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

from pydantic import StrictBool, StrictInt, StrictStr

from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import (
    Act,
    FileItem,
    Item,
    LikertItem,
    MeasurementItem,
    MultipleItem,
    NumberItem,
    Option,
    RankedOption,
    RankingItem,
    ScenarioItem,
    ShortTextItem,
    SingleItem,
    YesNoItem,
)
from assessments.values import Text

AnswerValue: TypeAlias = StrictBool | StrictInt | StrictStr | tuple[StrictStr, ...]

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_FILE_ID = re.compile(r"[0-9a-f]{32}")
_NUMBER_WITH_UNIT = re.compile(r"(-?[0-9 \u00a0\u202f]+?)[ \u00a0\u202f]*([^0-9 \u00a0\u202f.,-].*)")
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
    """One answer in words, for people to read back: labels (numbered in a ranking), a number with its unit, the text
    itself, or that a file was given."""
    posted = to_form(value)
    match item:
        case RankingItem():
            return _in_words_by_place(item, posted)
        case FileItem():
            return (instrument.phrases.file_given,)
        case MeasurementItem():
            assert isinstance(value, int)
            return (measured_in_words(item, value),)
        case NumberItem():
            return (Text(fr=f"{value}\u00a0{item.unit.fr}", en=f"{value}\u00a0{item.unit.en}"),)
        case ShortTextItem():
            return (Text(fr=posted[0], en=posted[0]),)
        case _:
            return tuple(choice.label for choice in instrument.choices_of(item) if choice.value in posted)


def _in_words_by_place(item: RankingItem, order: Sequence[str]) -> tuple[Text, ...]:
    labels = {option.value: option.label for option in item.options}
    return tuple(
        Text(fr=f"{place}. {labels[value].fr}", en=f"{place}. {labels[value].en}")
        for place, value in enumerate(order, start=1)
    )


def measured_in_words(item: MeasurementItem, value: int) -> Text:
    """What was measured in the unit that people read, to one decimal at most, rounded half up.

    In French the decimals follow a comma; the sign stands before, and the unit after a space that does not break.
    """
    tenths = (20 * abs(value) + item.per_unit) // (2 * item.per_unit)
    whole, rest = divmod(tenths, 10)
    sign = "-" if value < 0 and tenths else ""
    fr, en = (f"{sign}{whole}{mark}{rest}" if rest else f"{sign}{whole}" for mark in ",.")
    return Text(fr=f"{fr}\u00a0{item.unit.fr}", en=f"{en}\u00a0{item.unit.en}")


def from_form(instrument: Instrument, item: Item, given: object) -> AnswerValue:
    """The posted strings of one item as its answer, blank ones left out; raises Refused.

    A ranking is posted as its options in the person's order, under the one name; a number may be followed by its own
    unit.
    """
    if isinstance(item, MeasurementItem):
        raise Refused("measured_only")
    assert isinstance(given, tuple)
    texts = [_plain(text, lines=isinstance(item, ShortTextItem)) for text in given if text.strip()]
    if isinstance(item, MultipleItem):
        return _options(item, texts)
    if isinstance(item, RankingItem):
        return _order(item, texts)
    if len(texts) > 1:
        raise Refused("one_only")
    match item:
        case LikertItem():
            return _point(instrument, _number(texts[0], otherwise="unknown_option"))
        case SingleItem() | ScenarioItem():
            return _option(item.options, texts[0])
        case YesNoItem():
            if texts[0] not in ("yes", "no"):
                raise Refused("unknown_option")
            return texts[0] == "yes"
        case NumberItem():
            return amount_of(item, _number(_without_unit(item, texts[0]), otherwise="not_a_number"))
        case FileItem():
            return _file(texts[0])
        case _:
            return _words(item, texts[0])


def from_value(instrument: Instrument, item: Item, given: object) -> AnswerValue:
    """The JSON value of one item as its answer, types taken strictly; raises Refused."""
    match item, given:
        case LikertItem(), int() if not isinstance(given, bool):
            return _point(instrument, given)
        case MeasurementItem(), _:
            raise Refused("measured_only")
        case SingleItem() | ScenarioItem(), str():
            return _option(item.options, _plain(given))
        case RankingItem(), list() | tuple() if all(isinstance(one, str) for one in given):
            return _order(item, [_plain(one) for one in given])
        case FileItem(), str():
            return _file(given)
        case MultipleItem(), list() | tuple() if given and all(isinstance(one, str) for one in given):
            return _options(item, [_plain(one) for one in given])
        case YesNoItem(), bool():
            return given
        case NumberItem(), int() if not isinstance(given, bool):
            return amount_of(item, given)
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


def amount_of(item: NumberItem | MeasurementItem, amount: int) -> int:
    """An amount within the bounds of its item, or Refused with the bounds."""
    if not item.minimum <= amount <= item.maximum:
        raise Refused("out_of_range", minimum=item.minimum, maximum=item.maximum)
    return amount


def _without_unit(item: NumberItem, text: str) -> str:
    """The number in `text` when the item's own unit follows it; another unit is refused, never converted."""
    # Nobody types a number this long, and the expression would take its time over it.
    found = _NUMBER_WITH_UNIT.fullmatch(text) if len(text) <= 40 else None
    if found is None:
        return text
    if _bare(found[2]) not in {_bare(item.unit.fr), _bare(item.unit.en)}:
        raise Refused("wrong_unit", unit=item.unit)
    return found[1]


def _bare(unit: str) -> str:
    """A unit whatever its capitals, plural or full stop."""
    return unit.casefold().rstrip(".s")


def _option(options: Sequence[Option | Act | RankedOption], chosen: str) -> str:
    if chosen not in {option.value for option in options}:
        raise Refused("unknown_option")
    return chosen


def _options(item: MultipleItem, chosen: Sequence[str]) -> tuple[str, ...]:
    picked = {_option(item.options, one) for one in chosen}
    if len(picked) > 1 and any(option.alone and option.value in picked for option in item.options):
        raise Refused("alone")
    return tuple(option.value for option in item.options if option.value in picked)


def _order(item: RankingItem, order: Sequence[str]) -> tuple[str, ...]:
    placed = tuple(_option(item.options, one) for one in order)
    if sorted(placed) != sorted(option.value for option in item.options):
        raise Refused("every_once")
    return placed


def _file(file_id: str) -> str:
    if not _FILE_ID.fullmatch(file_id):
        raise Refused("unknown_file")
    return file_id


def _words(item: Item, words: str) -> str:
    assert isinstance(item, ShortTextItem)
    if len(words) > item.max_length:
        raise Refused("too_long", maximum=item.max_length)
    return words
