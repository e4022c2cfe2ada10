"""The marks that a questionnaire's figures are held against, and the words for what they say."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from assessments.editions import Confidence, Edition, EditionError, Key, faults_of_words, read_as
from assessments.figures import Figure, Finite, Lack
from assessments.validation.reliability import Note
from assessments.values import Text, Value, Words


class Quantity(StrEnum):
    """What is held against a mark."""

    SCALE_RELIABILITY = "scale_reliability"
    COMPOSITE_RELIABILITY = "composite_reliability"
    RATER_ICC = "rater_icc"
    RATER_ALPHA = "rater_alpha"
    DECISION_AGREEMENT = "decision_agreement"
    DECISION_KAPPA = "decision_kappa"
    DRIFT = "drift"
    CRITERION = "criterion"


class Verdict(StrEnum):
    """What a figure says: nothing yet, that it reaches its mark, neither, or that it crosses its limit."""

    NO_EVIDENCE = "no_evidence"
    MET = "met"
    WATCH = "watch"
    STOP = "stop"


class Threshold(Value):
    """One mark: from `accept` on a figure is fine, past `stop` it must not be used to order people.

    Under `least_n` cases nothing is concluded. `stops_the_edition`: crossing the limit makes the whole advice only.
    """

    quantity: Quantity
    label: Text
    says: Text
    accept: Finite
    stop: Finite | None
    higher_is_better: bool = True
    least_n: int = Field(ge=2)
    stops_the_edition: bool
    source: Words
    confidence: Confidence

    def judge(self, figure: Figure) -> Verdict:
        """Hold a figure against this mark; being on it is having reached it.

        A link with later work is met only when its whole interval lies above the mark, and crosses the limit when it
        lies below: there the sign is the claim.
        """
        if figure.value is None or figure.n < self.least_n:
            return Verdict.NO_EVIDENCE
        if self.quantity is Quantity.CRITERION:
            return self._judge_link(figure)
        turn = 1 if self.higher_is_better else -1
        if turn * figure.value >= turn * self.accept:
            return Verdict.MET
        is_past = self.stop is not None and turn * figure.value < turn * self.stop
        return Verdict.STOP if is_past else Verdict.WATCH

    def _judge_link(self, figure: Figure) -> Verdict:
        if figure.low is None or figure.high is None:
            return Verdict.NO_EVIDENCE
        if figure.low > self.accept:
            return Verdict.MET
        return Verdict.STOP if figure.high < self.accept else Verdict.WATCH


class Measure(Value):
    """One thing that is looked at after the start, in whole numbers from `minimum` to `maximum`."""

    measure: Key
    label: Text
    unit: Text
    minimum: int
    maximum: int


class VerdictWords(Value):
    """A verdict in a word and in a sentence."""

    label: Text
    sentence: Text


class StopWords(Value):
    """What stands over the figures of an edition that may not place one person before another."""

    none_known: Text
    advice_only: Text
    facts: Text


class RemarkWords(Value):
    """What is said of each remark, by its name; `{items}` is filled in where a remark is about items."""

    reversed_item: Text
    constant_item: Text
    negative_alpha: Text
    two_items: Text
    few_cases: Text
    fewer_cases_than_items: Text
    many_missing: Text


_ITEMS = frozenset({"items"})
REMARK_FACTS = {"reversed_item": _ITEMS, "constant_item": _ITEMS}


class ValidityPolicy(Edition):
    """One edition of the marks and words."""

    least_shown: int = Field(ge=5)
    drift_days: int = Field(ge=1)
    drift_edges: tuple[int, ...] = Field(min_length=1)
    days: tuple[int, ...] = Field(min_length=1)
    review_months: int = Field(ge=1, le=12)
    review_decisions: int = Field(ge=1, le=500)
    thresholds: tuple[Threshold, ...]
    measures: tuple[Measure, ...] = Field(min_length=1)
    verdicts: dict[Verdict, VerdictWords]
    stops: StopWords
    lacks: dict[Lack, Text]
    remarks: RemarkWords

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for name, has, wanted in (
            ("thresholds", {one.quantity for one in self.thresholds}, set(Quantity)),
            ("verdicts", set(self.verdicts), set(Verdict)),
            ("lacks", set(self.lacks), set(Lack)),
        ):
            if missing := wanted - has:
                raise ValueError(f"{name} lacks {', '.join(sorted(missing))}")
        if len({one.measure for one in self.measures}) != len(self.measures):
            raise ValueError("a measure comes twice")
        return self

    def threshold(self, quantity: Quantity) -> Threshold:
        return next(one for one in self.thresholds if one.quantity is quantity)

    def judge(self, quantity: Quantity, figure: Figure) -> Verdict:
        return self.threshold(quantity).judge(figure)

    def measure(self, name: str) -> Measure | None:
        """The measure of that name, or None."""
        return next((one for one in self.measures if one.measure == name), None)

    def said(self, note: Note) -> Text:
        """A remark in words, with the items it is about."""
        words: Text = getattr(self.remarks, note.remark.value)
        return words.with_(items=", ".join(note.items))


def read_policy(text: str) -> ValidityPolicy:
    """One edition; raises EditionError with its faults."""
    policy = read_as(ValidityPolicy, text)
    faults = faults_of_words(policy.stops, path="stops", facts={})
    faults += faults_of_words(policy.remarks, path="remarks", facts=REMARK_FACTS)
    if faults:
        raise EditionError(faults)
    return policy
