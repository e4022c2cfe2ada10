"""Scorecards + policy -> Recommendation with reasons: what a person may do next, and never a decision."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from pydantic import Field

from assessments.editions import Edition, EditionError, Fault, faults_of_words, read_as
from assessments.questionnaires.evidence import Percent
from assessments.questionnaires.instruments import Dimension
from assessments.questionnaires.scoring import Gap, Scorecard, points
from assessments.values import Text, Value


class Outcome(StrEnum):
    """What is recommended; none of these ends an application."""

    GO_ON = "go_on"
    TALK_FIRST = "talk_first"
    NOT_YET_KNOWN = "not_yet_known"


class DimensionRule(Value):
    """What one dimension asks: enough of it known, and a score that `go_on_from_hundredths` itself reaches.

    Without such a mark every score will do.
    The gaps named in `talk_about` (by item or scale) are always talked about first.
    """

    dimension: Dimension
    label: Text
    enough_known_percent: Percent
    go_on_from_hundredths: int | None = Field(default=None, ge=0, le=10_000)
    talk_about: tuple[str, ...] = ()


class OutcomeWords(Value):
    """How one outcome is called and what it means."""

    outcome: Outcome
    label: Text
    sentence: Text


_A_RESULT = frozenset({"label", "points", "low", "high"})
WORD_FACTS = {
    "not_answered": frozenset({"label"}),
    "too_little_known": frozenset({"label", "known"}),
    "reached": _A_RESULT | {"asked"},
    "below": _A_RESULT | {"asked"},
    "near": _A_RESULT | {"asked"},
    "no_mark": _A_RESULT,
    "talk_about": frozenset({"gap"}),
    "to_arrange": frozenset({"gap"}),
}


class PolicyWords(Value):
    """The reasons in words; `{...}` is filled by the screening."""

    not_answered: Text
    too_little_known: Text
    reached: Text
    below: Text
    near: Text
    no_mark: Text
    talk_about: Text
    to_arrange: Text


class ScreeningPolicy(Edition):
    """One edition of what screening asks."""

    rules: tuple[DimensionRule, ...] = Field(min_length=1)
    outcomes: tuple[OutcomeWords, ...]
    words: PolicyWords
    not_a_decision: Text


class Finding(Value):
    """What one dimension says by itself, its score with the 95 percent interval.

    `is_near_mark`: the mark lies within one standard error of the score, so the score alone does not tell on which side
    the person stands, and the person who decides is told so.
    """

    dimension: Dimension
    outcome: Outcome
    score_hundredths: int | None
    standard_error_hundredths: int | None = None
    low_hundredths: int | None = None
    high_hundredths: int | None = None
    is_near_mark: bool = False
    reasons: tuple[Text, ...]


class Recommendation(Value):
    """What a person may do next, and why. A person decides, with a reason of their own."""

    outcome: Outcome
    label: Text
    sentence: Text
    findings: tuple[Finding, ...]
    reasons: tuple[Text, ...]
    gaps: tuple[Gap, ...]
    policy_edition: str
    instrument_editions: tuple[str, ...]
    not_a_decision: Text
    is_decision: Literal[False] = False


def read_policy(text: str) -> ScreeningPolicy:
    """One edition of the screening policy from YAML; raises EditionError with all its faults."""
    policy = read_as(ScreeningPolicy, text)
    faults = []
    if sorted(rule.dimension for rule in policy.rules) != sorted({rule.dimension for rule in policy.rules}):
        faults.append(Fault(path="rules", message="a dimension has more than one rule"))
    if sorted(words.outcome for words in policy.outcomes) != sorted(Outcome):
        faults.append(Fault(path="outcomes", message="each outcome must be worded exactly once"))
    faults += faults_of_words(policy.words, path="words", facts=WORD_FACTS)
    if faults:
        raise EditionError(faults)
    return policy


def recommend(scorecards: Sequence[Scorecard], policy: ScreeningPolicy) -> Recommendation:
    """The recommendation for one person, from at most one scorecard a dimension (two raise ValueError).

    What is not known comes before what is weak: with a dimension missing nothing is concluded. A score on the
    threshold has reached it. One closer to it than its own standard error is said to be near, above or below: the
    outcome stands, since neither outcome turns anybody away, but nobody is told that the mark was missed when it may
    not have been. The order of the scorecards changes nothing; a dimension without a rule is ignored.
    """
    by_dimension = {card.dimension: card for card in scorecards}
    if len(by_dimension) != len(scorecards):
        raise ValueError("one scorecard a dimension")
    findings = tuple(_finding(rule, by_dimension.get(rule.dimension), policy) for rule in policy.rules)
    outcome = _together(findings)
    words = next(words for words in policy.outcomes if words.outcome is outcome)
    cards = [by_dimension[rule.dimension] for rule in policy.rules if rule.dimension in by_dimension]
    return Recommendation(
        outcome=outcome,
        label=words.label,
        sentence=words.sentence,
        findings=findings,
        reasons=tuple(reason for finding in findings for reason in finding.reasons),
        gaps=tuple(gap for card in cards for gap in card.gaps),
        policy_edition=policy.edition,
        instrument_editions=tuple(f"{card.instrument} {card.edition}" for card in cards),
        not_a_decision=policy.not_a_decision,
    )


def _together(findings: tuple[Finding, ...]) -> Outcome:
    found = {finding.outcome for finding in findings}
    return next(
        (outcome for outcome in (Outcome.NOT_YET_KNOWN, Outcome.TALK_FIRST) if outcome in found),
        Outcome.GO_ON,
    )


def _finding(rule: DimensionRule, card: Scorecard | None, policy: ScreeningPolicy) -> Finding:
    outcome, reasons = _judged(rule, card, policy.words)
    if card is None:
        return Finding(dimension=rule.dimension, outcome=outcome, score_hundredths=None, reasons=reasons)
    return Finding(
        dimension=rule.dimension,
        outcome=outcome,
        score_hundredths=card.score_hundredths,
        standard_error_hundredths=card.standard_error_hundredths,
        low_hundredths=card.low_hundredths,
        high_hundredths=card.high_hundredths,
        is_near_mark=_is_near(rule, card),
        reasons=reasons,
    )


def _is_near(rule: DimensionRule, card: Scorecard) -> bool:
    mark, score, error = rule.go_on_from_hundredths, card.score_hundredths, card.standard_error_hundredths
    return None not in (mark, score, error) and abs((score or 0) - (mark or 0)) < (error or 0)


def _judged(
    rule: DimensionRule, card: Scorecard | None, words: PolicyWords
) -> tuple[Outcome, tuple[Text, ...]]:
    if card is None or card.score_hundredths is None:
        return Outcome.NOT_YET_KNOWN, (_said(words.not_answered, rule),)
    if card.known_percent < rule.enough_known_percent:
        return Outcome.NOT_YET_KNOWN, (_said(words.too_little_known, rule, known=card.known_percent),)
    mark = rule.go_on_from_hundredths
    is_reached = mark is None or card.score_hundredths >= mark
    sentence = words.no_mark if mark is None else words.reached if is_reached else words.below
    if _is_near(rule, card):
        sentence = words.near
    to_discuss = [gap for gap in card.gaps if gap.about in rule.talk_about]
    reasons = [
        _with_points(sentence, rule, card),
        *(_about(words.talk_about, gap) for gap in to_discuss),
        *(_about(words.to_arrange, gap) for gap in card.gaps if gap not in to_discuss),
    ]
    return (Outcome.GO_ON if is_reached and not to_discuss else Outcome.TALK_FIRST), tuple(reasons)


def _said(sentence: Text, rule: DimensionRule, **facts: object) -> Text:
    return Text(
        fr=sentence.fr.format(label=rule.label.fr, **facts),
        en=sentence.en.format(label=rule.label.en, **facts),
    )


def _with_points(sentence: Text, rule: DimensionRule, card: Scorecard) -> Text:
    numbers = {
        "points": card.score_hundredths,
        "asked": rule.go_on_from_hundredths,
        "low": card.low_hundredths,
        "high": card.high_hundredths,
    }
    fr, en = (
        sentence.in_(locale).format(
            label=rule.label.in_(locale),
            **{name: points(value or 0, locale) for name, value in numbers.items()},
        )
        for locale in ("fr", "en")
    )
    return Text(fr=fr, en=en)


def _about(sentence: Text, gap: Gap) -> Text:
    return Text(fr=sentence.fr.format(gap=gap.text.fr), en=sentence.en.format(gap=gap.text.en))
