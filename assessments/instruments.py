"""Load one edition of a questionnaire, French and English side by side, checked whole."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from math import lcm
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from assessments.editions import Edition, EditionError, Fault, Key, read_as
from assessments.evidence import HowKnown, Percent
from assessments.values import Text, Value

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,47}$")]


class InstrumentError(EditionError):
    """A questionnaire that cannot be used; `faults` lists every one with its path."""


class Dimension(StrEnum):
    """What one questionnaire looks at."""

    AUTONOMY = "autonomy"
    ENVIRONMENT = "environment"
    EQUIPMENT = "equipment"


class BandKey(StrEnum):
    """Where a score stands, from the highest: words for what there is to arrange, not for a person."""

    READY = "ready"
    ARRANGE = "arrange"
    DISCUSS = "discuss"


class Band(Value):
    """One band: it begins at `from_hundredths` of a point (0 to 10000), the edge included."""

    key: BandKey
    from_hundredths: int = Field(ge=0, le=10_000)
    label: Text
    sentence: Text


class Notice(Value):
    """What a person must know before the first question (L1221-8, L1221-9)."""

    measured: Text
    counts: Text
    seen_by: Text
    decides: Text
    rights: Text


class Remedy(Value):
    """One thing that would close a gap."""

    id: Key
    text: Text


class Scale(Value):
    """A group of items that measure one thing; `weight` is its share of the whole, in percent.

    A scale below `enough` percent is a gap, closed by its `remedies`.
    """

    id: Key
    label: Text
    why: Text
    weight: int = Field(ge=1, le=100)
    enough: Percent = 50
    gap: Text | None = None
    remedies: tuple[Key, ...] = ()


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


class Page(Value):
    """A short page of items."""

    id: Key
    title: Text
    intro: Text | None = None
    items: tuple[Annotated[Item, Field(discriminator="kind")], ...] = Field(min_length=1, max_length=8)


class ProblemWords(Value):
    """What to say beside an item, by the code of the problem; `{...}` is filled with the item's own facts."""

    missing: Text
    unknown_item: Text
    unknown_option: Text
    one_only: Text
    alone: Text
    not_a_number: Text
    out_of_range: Text
    too_long: Text
    forbidden_character: Text
    wrong_type: Text


class ReasonWords(Value):
    """How a score is explained; `{...}` is filled by the scoring."""

    nothing_answered: Text
    overall: Text
    strongest: Text
    weakest: Text
    missing: Text


class Phrases(Value):
    """The sentences of this edition, kept with it so that an old result is explained in its own words."""

    problems: ProblemWords
    reasons: ReasonWords


class Instrument(Edition):
    """One edition of one questionnaire."""

    slug: Slug
    dimension: Dimension
    title: Text
    purpose: Text
    minutes: int = Field(ge=1, le=60)
    notice: Notice
    agreement: tuple[Text, ...] = ()
    scales: tuple[Scale, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = Field(min_length=1)
    remedies: tuple[Remedy, ...] = ()
    phrases: Phrases
    pages: tuple[Page, ...] = Field(min_length=1)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order they are asked."""
        return tuple(item for page in self.pages for item in page.items)

    def item(self, item_id: str) -> Item | None:
        """The item of that name, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def items_of(self, scale_id: str) -> tuple[Item, ...]:
        """The items of one scale in the order they are asked."""
        return tuple(item for item in self.items if item.scale == scale_id)

    def remedy(self, remedy_id: str) -> Remedy:
        """The remedy of that name; every name in a checked instrument has one."""
        return next(remedy for remedy in self.remedies if remedy.id == remedy_id)

    def item_weights(self) -> dict[str, int]:
        """A whole-number weight for each scored item, so that each scale has its stated share of the total.

        A scale's percentage is shared among its items by their own weights; the least common multiple of the
        scales' sums keeps it whole: 60 percent over two items and 40 over three give 180 and 80 each.
        """
        sums = {scale.id: sum(item.weight for item in self.items_of(scale.id)) for scale in self.scales}
        common = lcm(*sums.values())
        share = {scale.id: scale.weight * (common // sums[scale.id]) for scale in self.scales}
        return {item.id: share[item.scale] * item.weight for item in self.items if item.scale is not None}


def read(text: str) -> Instrument:
    """One questionnaire from YAML.

    Raises InstrumentError with all faults of shape, or, when the shape is right, all faults of sense.
    """
    try:
        instrument = read_as(Instrument, text)
    except EditionError as error:
        raise InstrumentError(error.faults) from error
    faults = [Fault(path=path, message=message) for path, message in _faults(instrument)]
    if faults:
        raise InstrumentError(faults)
    return instrument


Found: TypeAlias = Iterator[tuple[str, str]]


def _faults(instrument: Instrument) -> Found:
    yield from _twice("pages", [page.id for page in instrument.pages])
    yield from _twice("pages.items", [item.id for item in instrument.items])
    yield from _twice("scales", [scale.id for scale in instrument.scales])
    yield from _twice("remedies", [remedy.id for remedy in instrument.remedies])
    yield from _faults_of_scales(instrument)
    yield from _faults_of_bands(instrument)
    yield from _faults_of_remedies(instrument)
    earlier: dict[str, Item] = {}
    for page_at, page in enumerate(instrument.pages):
        for item_at, item in enumerate(page.items):
            path = f"pages[{page_at}].items[{item_at}] ({item.id})"
            yield from _faults_of_item(instrument, item, path=path)
            yield from _faults_of_condition(item, earlier, path=path)
            earlier[item.id] = item


def _twice(path: str, names: list[str]) -> Found:
    for name, count in Counter(names).items():
        if count > 1:
            yield path, f"the name {name!r} comes {count} times"


def _faults_of_scales(instrument: Instrument) -> Found:
    total = sum(scale.weight for scale in instrument.scales)
    if total != 100:
        yield "scales", f"the weights add up to {total}, not to 100"
    for index, scale in enumerate(instrument.scales):
        if not instrument.items_of(scale.id):
            yield f"scales[{index}] ({scale.id})", "no item measures this scale"
        if scale.remedies and scale.gap is None:
            yield f"scales[{index}] ({scale.id})", "remedies without the sentence that says the gap"


def _faults_of_bands(instrument: Instrument) -> Found:
    yield from _twice("bands", [band.key for band in instrument.bands])
    edges = [band.from_hundredths for band in instrument.bands]
    if edges != sorted(set(edges), reverse=True):
        yield "bands", "the bands must go down, each beginning lower than the one before"
    if edges[-1] != 0:
        yield "bands", "the last band must begin at 0, so that every score has a band"


def _faults_of_remedies(instrument: Instrument) -> Found:
    known = {remedy.id for remedy in instrument.remedies}
    for holder in (*instrument.scales, *instrument.items):
        for name in holder.remedies:
            if name not in known:
                yield f"{holder.id}.remedies", f"no remedy is called {name!r}"


def _faults_of_item(instrument: Instrument, item: Item, *, path: str) -> Found:
    if item.scale is not None and item.scale not in {scale.id for scale in instrument.scales}:
        yield f"{path}.scale", f"no scale is called {item.scale!r}"
    if item.remedies and item.gap is None:
        yield f"{path}.gap", "remedies without the sentence that says the gap"
    match item:
        case LikertItem():
            yield from _faults_of_agreement(instrument, path=path)
        case SingleItem() | MultipleItem():
            yield from _faults_of_options(item, path=path)
        case NumberItem():
            yield from _faults_of_number(item, path=path)
        case _:
            pass


def _faults_of_agreement(instrument: Instrument, *, path: str) -> Found:
    points = len(instrument.agreement)
    if points < 2 or 100 % (points - 1):
        yield path, f"{points} points of agreement do not share 100 percent in whole steps"


def _faults_of_options(item: SingleItem | MultipleItem, *, path: str) -> Found:
    yield from _twice(f"{path}.options", [option.value for option in item.options])
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


def _faults_of_condition(item: Item, earlier: dict[str, Item], *, path: str) -> Found:
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
