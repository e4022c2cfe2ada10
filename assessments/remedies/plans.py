"""A plan of remedies as values: gaps, what closes each, its cost, delay and payer, and from when all of it holds."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field

from assessments.remedies.catalogue import Effect, Payer
from assessments.values import Text, Value


class Nature(StrEnum):
    """What a gap is about, which tells what it means when no remedy closes it."""

    ARRANGE = "arrange"
    TALK = "talk"
    TRAINING = "training"
    CONDITION = "condition"


class PlanOutcome(StrEnum):
    """The words of matching, and `to_discuss`: what only a talk settles. `no` is about one programme."""

    MATCH = "match"
    AFTER_TRAINING = "after_training"
    AFTER_REMEDY = "after_remedy"
    TO_DISCUSS = "to_discuss"
    NO = "no"


class Shortfall(Value):
    """A measured figure that misses what is asked of it, in the figure's own unit."""

    figure: str
    value: int
    asked: int
    is_ceiling: bool = False

    def is_closed_by(self, effect: Effect) -> bool:
        after = effect.after(self.value)
        return effect.figure == self.figure and (
            after <= self.asked if self.is_ceiling else after >= self.asked
        )


class Training(Value):
    """A class that closes one gap and no other, in working days."""

    text: Text
    days: int = Field(ge=1)


class OpenGap(Value):
    """Something that is lacking. `named` are the only remedies that a questionnaire offers for it (ids and words);
    without them, whatever closes `key` in the catalogue, or mends the `shortfall`."""

    key: str
    text: Text
    nature: Nature = Nature.ARRANGE
    named: tuple[str, ...] = ()
    named_texts: tuple[Text, ...] = ()
    shortfall: Shortfall | None = None
    training: Training | None = None


class Step(Value):
    """One remedy of a plan: what it closes (keys of gaps), what it costs whom, when it is there, and why this one.

    `cost_cents` is the first payment and the months that the plan looks at together; `others` counts what else could
    close one of the same gaps.
    """

    remedy: str
    text: Text
    closes: tuple[str, ...]
    payer: Payer
    once_cents: int
    monthly_cents: int
    cost_cents: int
    delay_days: int
    ready_on: date
    condition: Text | None
    why: Text
    is_training: bool = False
    others: int = Field(default=0, ge=0)


class PlannedGap(Value):
    """One gap and the steps that close it; `after_talk` is what else could, once both sides have talked."""

    key: str
    text: Text
    nature: Nature
    closed_by: tuple[str, ...]
    after_talk: tuple[Text, ...]


class Sooner(Value):
    """A dearer set that is there in time, where the cheapest is not."""

    remedies: tuple[Text, ...]
    cost_cents: int
    more_cents: int
    holds_from: date


class RemedyPlan(Value):
    """What would close every gap. `holds_from` is None as long as something is open.

    `is_in_time` is about the start of the programme, None where none is known. Nothing here is a decision.
    """

    outcome: PlanOutcome
    gaps: tuple[PlannedGap, ...]
    steps: tuple[Step, ...]
    months: int
    once_cents: int
    monthly_cents: int
    cost_cents: int
    cents_by_payer: Mapping[Payer, int]
    delay_days: int
    holds_from: date | None
    is_in_time: bool | None
    sooner: Sooner | None
    instead: tuple[Text, ...]
    reasons: tuple[Text, ...]
    counted_on: date
    edition: str

    @property
    def open_gaps(self) -> tuple[PlannedGap, ...]:
        """What no step closes."""
        return tuple(gap for gap in self.gaps if not gap.closed_by)
