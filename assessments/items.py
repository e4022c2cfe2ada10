"""The kinds of question a questionnaire may ask, what each answer is worth, and what makes one unsound."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from pydantic import Field

from assessments.editions import Key
from assessments.evidence import HowKnown, Percent
from assessments.values import Text, Value


class Condition(Value):
    """Ask only when `item` was answered with one of `is_any_of` (`yes` and `no` for a yes-or-no item)."""

    item: Key
    is_any_of: tuple[str, ...] = Field(min_length=1)


class _Item(Value):
    """What every item has. An item without a scale is asked but never counts.

    `how_known` is the strongest way this may come to be known; an answer by itself is only declared.
    A credit below `enough` percent is a gap, said by `gap` and closed by `remedies`.
    """

    id: Key
    prompt: Text
    help: Text | None = None
    situation: Text | None = None
    how_known: HowKnown = HowKnown.DECLARED
    required: bool = True
    scale: Key | None = None
    weight: int = Field(default=1, ge=1, le=20)
    only_if: Condition | None = None
    enough: Percent = 50
    gap: Text | None = None
    remedies: tuple[Key, ...] = ()

    @property
    def is_scored(self) -> bool:
        """Whether an answer moves the score."""
        return self.scale is not None


class LikertItem(_Item):
    """A sentence to agree with, on the instrument's own `agreement` points; `reverse` turns the key round."""

    kind: Literal["likert"]
    reverse: bool = False


class Option(Value):
    """One choice: `credit` in percent of the item's maximum, `why` argues it, `alone` bars the others.

    `unknown` is for "I do not know": it answers the question and counts as missing, never as a zero.
    """

    value: Key
    label: Text
    credit: Percent = 0
    why: Text | None = None
    alone: bool = False
    unknown: bool = False


class SingleItem(_Item):
    """Exactly one option; a situation with graded ways of acting is one of these."""

    kind: Literal["single"]
    options: tuple[Option, ...] = Field(min_length=2)


class MultipleItem(_Item):
    """Any number of options; their credits add up, and stop at 100."""

    kind: Literal["multiple"]
    options: tuple[Option, ...] = Field(min_length=2)


class YesNoItem(_Item):
    """Yes or no; the `good` answer has full credit, the other has none."""

    kind: Literal["yes_no"]
    good: Literal["yes", "no"] = "yes"


class Step(Value):
    """From `at_least` on (edge included) an amount earns `credit` percent."""

    at_least: int
    credit: Percent


class NumberItem(_Item):
    """A whole number of `unit`, between two bounds that are both allowed."""

    kind: Literal["number"]
    unit: Text
    minimum: int
    maximum: int
    steps: tuple[Step, ...] = ()


class ShortTextItem(_Item):
    """Free words, read by a person and never scored."""

    kind: Literal["short_text"]
    max_length: int = Field(default=500, ge=1, le=2000)
    scale: None = None


Item: TypeAlias = LikertItem | SingleItem | MultipleItem | YesNoItem | NumberItem | ShortTextItem


Found: TypeAlias = Iterator[tuple[str, str]]
"""Faults as they are found: the way to each, and what is wrong."""


def twice(path: str, names: Sequence[str]) -> Found:
    """A fault for each name that comes more than once."""
    for name, count in Counter(names).items():
        if count > 1:
            yield path, f"the name {name!r} comes {count} times"


def faults_of_item(item: Item, *, path: str, points: int) -> Found:
    """What makes one item unsound by itself, on an instrument with so many `points` of agreement."""
    if item.remedies and item.gap is None:
        yield f"{path}.gap", "remedies without the sentence that says the gap"
    match item:
        case LikertItem():
            yield from _faults_of_agreement(points, path=path)
        case SingleItem() | MultipleItem():
            yield from _faults_of_options(item, path=path)
        case NumberItem():
            yield from _faults_of_number(item, path=path)
        case _:
            pass


def _faults_of_agreement(points: int, *, path: str) -> Found:
    if points < 2 or 100 % (points - 1):
        yield path, f"{points} points of agreement do not share 100 percent in whole steps"


def _faults_of_options(item: SingleItem | MultipleItem, *, path: str) -> Found:
    yield from twice(f"{path}.options", [option.value for option in item.options])
    credits = [option.credit for option in item.options]
    reach = max(credits) if isinstance(item, SingleItem) else sum(credits)
    if item.is_scored and reach < 100:
        yield f"{path}.options", "no answer reaches the full credit of 100"
    if any(option.unknown and (option.credit or isinstance(item, MultipleItem)) for option in item.options):
        yield f"{path}.options", "not to know is one choice of a single one, and gives no credit"
    if not item.is_scored and any(credits):
        yield f"{path}.options", "an item without a scale cannot give credit"


def _faults_of_number(item: NumberItem, *, path: str) -> Found:
    if item.minimum > item.maximum:
        yield path, "the minimum is above the maximum"
    if not item.is_scored:
        return
    edges = [step.at_least for step in item.steps]
    if not edges or edges != sorted(set(edges)) or edges[0] > item.minimum:
        yield f"{path}.steps", "the steps must go up and begin at the minimum or below"
    elif max(step.credit for step in item.steps) < 100 or edges[-1] > item.maximum:
        yield f"{path}.steps", "no amount reaches the full credit of 100"


def faults_of_condition(item: Item, earlier: Mapping[str, Item], *, path: str) -> Found:
    """What makes a condition unsound, given the items that are asked before."""
    if item.only_if is None:
        return
    if item.is_scored:
        # Two people would be held to different sums, and a better answer that opens a question
        # could lower a score.
        yield path, "a question that only some people see cannot count: give it no scale"
    asked = earlier.get(item.only_if.item)
    if asked is None:
        yield f"{path}.only_if", f"no earlier item is called {item.only_if.item!r}"
        return
    for value in item.only_if.is_any_of:
        if value not in _closed_values(asked):
            yield f"{path}.only_if", f"{asked.id!r} cannot be answered with {value!r}"


def _closed_values(item: Item) -> tuple[str, ...]:
    match item:
        case SingleItem() | MultipleItem():
            return tuple(option.value for option in item.options)
        case YesNoItem():
            return ("yes", "no")
        case _:
            return ()
