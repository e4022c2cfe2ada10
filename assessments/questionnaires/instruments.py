"""Load one edition of a questionnaire, French and English side by side, checked whole."""

from datetime import date
from enum import StrEnum
from math import lcm
from typing import Annotated

from pydantic import Field, StringConstraints

from assessments.editions import (
    Confidence,
    Edition,
    EditionError,
    Fault,
    Key,
    faults_of_words,
    read_as,
)
from assessments.questionnaires.evidence import HowKnown, Percent
from assessments.questionnaires.items import (
    FileItem,
    Item,
    LikertItem,
    MeasurementItem,
    MultipleItem,
    RankingItem,
    ScenarioItem,
    SingleItem,
    YesNoItem,
)
from assessments.questionnaires.soundness import (
    Found,
    faults_of_condition,
    faults_of_evidence,
    faults_of_item,
    twice,
)
from assessments.values import Text, Value, Words

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


class Page(Value):
    """A short page of items. `minutes` is its time limit for everybody, before anybody's extra time; None is none."""

    id: Key
    title: Text
    intro: Text | None = None
    minutes: int | None = Field(default=None, ge=1, le=60)
    items: tuple[Annotated[Item, Field(discriminator="kind")], ...] = Field(min_length=1, max_length=8)


class Override(Value):
    """Why an item (or a page) may touch a forbidden ground all the same, argued and answered for by a person."""

    item: Key
    ground: Key
    because: Annotated[str, StringConstraints(strip_whitespace=True, min_length=40)]
    approved_by: Words
    on: date


class Contradiction(Value):
    """Two agreement items that say the same once reversed keys are mirrored.

    Answers whose mirrored points stand `apart_points` or more from each other are worth a question, no more.
    """

    items: tuple[Key, Key]
    apart_points: int = Field(ge=2)


class Quality(Value):
    """When the way of answering is worth a human look: a signal beside the score, which it never changes.

    Faster than `fastest_seconds_per_item` on average over a page; the same point on `straight_line_items` agreement
    items in a row (None where no item asks for agreement); pairs that contradict each other.
    """

    fastest_seconds_per_item: int = Field(ge=1, le=30)
    straight_line_items: int | None = Field(default=None, ge=3)
    contradictions: tuple[Contradiction, ...] = ()
    source: Words
    confidence: Confidence


class ErrorKind(StrEnum):
    """Where the standard error comes from: how far answers scatter, or how far each fact may be doubted."""

    ANSWERS = "answers"
    FACTS = "facts"


class Doubt(Value):
    """How much of an item's weight is in doubt, in percent, by the way it is known."""

    declared: Percent
    measured: Percent
    attested: Percent
    verified: Percent

    def of(self, kind: HowKnown) -> int:
        """The doubt about what is known in this way."""
        return {
            HowKnown.DECLARED: self.declared,
            HowKnown.MEASURED: self.measured,
            HowKnown.ATTESTED: self.attested,
            HowKnown.VERIFIED: self.verified,
        }[kind]


class ErrorRule(Value):
    """How the standard error of this edition is reckoned; it is never said to be below `floor_hundredths`.

    Once a group has been measured, `measured_sem_hundredths` states its standard error, SD x sqrt(1 - r), and `source`
    says of whom. From then on the larger of that and of a person's own is shown.
    """

    kind: ErrorKind
    floor_hundredths: int = Field(ge=1, le=5000)
    measured_sem_hundredths: int | None = Field(default=None, ge=1, le=5000)
    doubt_percent: Doubt
    source: Words
    confidence: Confidence


PROBLEM_FACTS = {
    "wrong_unit": frozenset({"unit"}),
    "out_of_range": frozenset({"minimum", "maximum"}),
    "too_long": frozenset({"maximum"}),
}
_A_RESULT = frozenset({"label", "points"})
REASON_FACTS = {
    "overall": _A_RESULT | {"low", "high"},
    "strongest": _A_RESULT,
    "weakest": _A_RESULT,
    "missing": frozenset({"count"}),
}


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
    wrong_unit: Text
    every_once: Text
    unknown_file: Text
    measured_only: Text


class ReasonWords(Value):
    """How a score is explained; `{...}` is filled by the scoring."""

    nothing_answered: Text
    overall: Text
    strongest: Text
    weakest: Text
    missing: Text


class Phrases(Value):
    """The sentences of this edition, kept with it so that an old result is explained in its own words."""

    answer_yes: Text
    answer_no: Text
    file_given: Text
    problems: ProblemWords
    reasons: ReasonWords


class Choice(Value):
    """One thing to choose: what a form posts for it, and what a person reads."""

    value: str
    label: Text


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
    overrides: tuple[Override, ...] = ()
    phrases: Phrases
    quality: Quality
    error: ErrorRule
    pages: tuple[Page, ...] = Field(min_length=1)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order they are asked."""
        return tuple(item for page in self.pages for item in page.items)

    def item(self, item_id: str) -> Item | None:
        """The item of that name, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def measurements(self) -> tuple[MeasurementItem, ...]:
        """The items that are measured and never typed."""
        return tuple(item for item in self.items if isinstance(item, MeasurementItem))

    def items_of(self, scale_id: str) -> tuple[Item, ...]:
        """The items of one scale in the order they are asked."""
        return tuple(item for item in self.items if item.scale == scale_id)

    def remedy(self, remedy_id: str) -> Remedy:
        """The remedy of that name; every name in a checked instrument has one."""
        return next(remedy for remedy in self.remedies if remedy.id == remedy_id)

    def choices_of(self, item: Item) -> tuple[Choice, ...]:
        """What there is to choose from, in order, with the form value of each; empty where one writes."""
        match item:
            case LikertItem():
                return tuple(
                    Choice(value=str(point), label=label)
                    for point, label in enumerate(self.agreement, start=1)
                )
            case SingleItem() | MultipleItem() | ScenarioItem() | RankingItem():
                return tuple(Choice(value=option.value, label=option.label) for option in item.options)
            case YesNoItem():
                return (
                    Choice(value="yes", label=self.phrases.answer_yes),
                    Choice(value="no", label=self.phrases.answer_no),
                )
            case _:
                return ()

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
    faults += faults_of_words(instrument.phrases.problems, path="phrases.problems", facts=PROBLEM_FACTS)
    faults += faults_of_words(instrument.phrases.reasons, path="phrases.reasons", facts=REASON_FACTS)
    if faults:
        raise InstrumentError(faults)
    return instrument


def _faults(instrument: Instrument) -> Found:
    yield from twice("pages", [page.id for page in instrument.pages])
    yield from twice("pages.items", [item.id for item in instrument.items])
    yield from twice("scales", [scale.id for scale in instrument.scales])
    yield from twice("remedies", [remedy.id for remedy in instrument.remedies])
    yield from _faults_of_scales(instrument)
    yield from _faults_of_bands(instrument)
    yield from _faults_of_remedies(instrument)
    yield from _faults_of_quality(instrument)
    yield from _faults_of_error(instrument.error.doubt_percent)
    yield from twice("pages.items.measure", [item.measure for item in instrument.measurements])
    items = {item.id: item for item in instrument.items}
    earlier: dict[str, Item] = {}
    known = {scale.id for scale in instrument.scales}
    for page_at, page in enumerate(instrument.pages):
        for item_at, item in enumerate(page.items):
            path = f"pages[{page_at}].items[{item_at}] ({item.id})"
            if item.scale is not None and item.scale not in known:
                yield f"{path}.scale", f"no scale is called {item.scale!r}"
            yield from faults_of_item(item, path=path, points=len(instrument.agreement))
            yield from faults_of_condition(item, earlier, path=path)
            if isinstance(item, FileItem):
                yield from faults_of_evidence(item, items, path=path)
            earlier[item.id] = item


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
    yield from twice("bands", [band.key for band in instrument.bands])
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


def _faults_of_quality(instrument: Instrument) -> Found:
    likert = {item.id for item in instrument.items if isinstance(item, LikertItem)}
    if (instrument.quality.straight_line_items is None) == bool(likert):
        yield "quality.straight_line_items", "said where items ask for agreement, and only there"
    for index, pair in enumerate(instrument.quality.contradictions):
        path = f"quality.contradictions[{index}]"
        for name in pair.items:
            if name not in likert:
                yield path, f"no agreement item is called {name!r}"
        if len(set(pair.items)) < 2:
            yield path, "an item cannot contradict itself"
        if pair.apart_points > len(instrument.agreement) - 1:
            yield path, "no two answers are that far apart"


def _faults_of_error(doubt: Doubt) -> Found:
    others = (doubt.measured, doubt.attested)
    if not doubt.declared >= max(others) >= min(others) >= doubt.verified:
        yield "error.doubt_percent", "a word alone is doubted most, and what was verified least"
