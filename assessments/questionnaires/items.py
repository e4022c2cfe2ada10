"""The kinds of question a questionnaire may ask, and what each answer is worth."""

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from assessments.editions import Key
from assessments.questionnaires.evidence import HowKnown, Percent
from assessments.values import Text, Value

MediaType = Annotated[str, StringConstraints(pattern=r"^(?:application/pdf|image/(?:jpeg|png|webp|heic))$")]


class Condition(Value):
    """Ask only when `item` was answered with one of `is_any_of` (`yes` and `no` for a yes-or-no item)."""

    item: Key
    is_any_of: tuple[str, ...] = Field(min_length=1)


class _Item(Value):
    """What every item has. An item without a scale is asked but never counts.

    `known_by` lists the ways this may come to be known, weakest first; an answer by itself is only declared.
    `shelf_life` names how long such knowledge keeps, in the edition of shelf lives; None keeps it as long as its
    way of knowing does. A credit below `enough` percent is a gap, said by `gap` and closed by `remedies`.
    """

    id: Key
    prompt: Text
    help: Text | None = None
    situation: Text | None = None
    known_by: tuple[HowKnown, ...] = Field(default=(HowKnown.DECLARED,), min_length=1)
    shelf_life: Key | None = None
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
    """Exactly one option."""

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


class Act(Value):
    """One way of acting in a situation: its `credit` in percent, and `why` it earns that much."""

    value: Key
    label: Text
    credit: Percent
    why: Text


class ScenarioItem(_Item):
    """A situation at work and graded ways of acting, exactly one of which is chosen."""

    kind: Literal["scenario"]
    situation: Text
    scale: Key
    options: tuple[Act, ...] = Field(min_length=3, max_length=6)


class RankedOption(Value):
    """One thing to put in order."""

    value: Key
    label: Text


class RankingItem(_Item):
    """Things to put in order, all of them; `key` is the order that earns full credit, and `why` argues it."""

    kind: Literal["ranking"]
    options: tuple[RankedOption, ...] = Field(min_length=3, max_length=6)
    key: tuple[Key, ...] = ()
    why: Text | None = None


class FileItem(_Item):
    """A file that shows something, looked at by a person and never scored; `evidence_for` names the items it may show.

    The answer is the id of the kept file; whose it is, and whether it is what it says, is for the shell to check.
    """

    kind: Literal["file"]
    accepts: tuple[MediaType, ...] = Field(min_length=1)
    max_megabytes: int = Field(ge=1, le=20)
    evidence_for: tuple[Key, ...] = ()
    required: bool = False
    scale: None = None


class Measure(StrEnum):
    """What can be measured in the browser, each a whole number in the unit of its name.

    `loss_permille` is lost packets in a thousand; `mic_level` is how far the voice stands above the noise of the room,
    in decibels.
    """

    DOWNLOAD_KBPS = "download_kbps"
    UPLOAD_KBPS = "upload_kbps"
    IDLE_LATENCY_MS = "idle_latency_ms"
    LOADED_LATENCY_MS = "loaded_latency_ms"
    JITTER_MS = "jitter_ms"
    LOSS_PERMILLE = "loss_permille"
    MIC_LEVEL = "mic_level"


class Mark(Value):
    """A measured value that reaches `edge` (the edge itself included) earns `credit` percent."""

    edge: int
    credit: Percent


class MeasurementItem(_Item):
    """A whole number that is measured and never typed; worse than every mark, it earns nothing.

    `better` says which way is good: with `less` a mark is reached at its edge or below. People read the value in
    `unit`, of which one holds `per_unit` of what is measured (1000 kbit/s in a Mbit/s).
    """

    kind: Literal["measurement"]
    measure: Measure
    unit: Text
    per_unit: int = Field(default=1, ge=1)
    minimum: int
    maximum: int
    better: Literal["more", "less"]
    steps: tuple[Mark, ...] = ()
    known_by: tuple[HowKnown, ...] = Field(default=(HowKnown.MEASURED,), min_length=1)
    required: Literal[False] = False


Item: TypeAlias = (
    LikertItem
    | SingleItem
    | MultipleItem
    | YesNoItem
    | NumberItem
    | ShortTextItem
    | ScenarioItem
    | RankingItem
    | FileItem
    | MeasurementItem
)
