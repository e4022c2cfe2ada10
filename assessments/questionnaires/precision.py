"""How far a score may be off: its standard error, from the scatter of one's own answers or the doubt about facts.

Nobody's norm group has been measured, so no reliability is borrowed from one. Everything here is in whole numbers: a
variance in hundredths of a point squared, rounded down at each division that is written; a standard error in
hundredths of a point, rounded up, so that no doubt is lost. The order of the items changes nothing.
"""

from collections.abc import Sequence
from math import isqrt

from pydantic import Field

from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import ErrorKind
from assessments.questionnaires.keys import Key, KeyItem, KeyScale
from assessments.values import Value

WHOLE = 10_000
"""One hundred points, in hundredths of a point."""
UNKNOWN = 25_000_000
"""The variance of what is not known at all: no value between 0 and 100 points can scatter by more than 50 points."""


class Interval(Value):
    """The 95 percent interval of a score, 1.96 standard errors to each side, rounded outwards, within 0 to 10000."""

    low_hundredths: int = Field(ge=0, le=WHOLE)
    high_hundredths: int = Field(ge=0, le=WHOLE)


def interval(score_hundredths: int, standard_error_hundredths: int) -> Interval:
    """The interval around a score.

    >>> interval(7245, 412), interval(9900, 412).high_hundredths
    (Interval(low_hundredths=6437, high_hundredths=8053), 10000)
    """
    reach = -(-196 * standard_error_hundredths // 100)
    return Interval(
        low_hundredths=max(0, score_hundredths - reach), high_hundredths=min(WHOLE, score_hundredths + reach)
    )


def standard_errors(
    key: Key, credits: Sequence[int | None], known: Sequence[HowKnown]
) -> tuple[int | None, tuple[int | None, ...]]:
    """The standard error of the whole, and of each scale by itself; None where nothing was answered.

    `credits` are percents in the order of `key.items`, None for what is not known; `known` says how each is known,
    which matters only where the edition counts facts. No error is said to be under the edition's floor, nor, for the
    whole, under a measured one where the edition states it.
    """
    if key.error.kind is ErrorKind.FACTS:
        return fact_errors(key, credits, known)
    return _floored(key, *_of_answers(key, credits))


def fact_errors(
    key: Key, credits: Sequence[int | None], known: Sequence[HowKnown]
) -> tuple[int | None, tuple[int | None, ...]]:
    """The same, each answer taken as a fact that may be wrong: what was shown is one in every edition."""
    return _floored(key, *_of_facts(key, credits, known))


def _floored(
    key: Key, whole: int | None, scales: tuple[int | None, ...]
) -> tuple[int | None, tuple[int | None, ...]]:
    floor = key.error.floor_hundredths
    least = max(floor, key.error.measured_sem_hundredths or 0)
    return (
        None if whole is None else max(root_up(whole), least),
        tuple(None if one is None else max(root_up(one), floor) for one in scales),
    )


def root_up(variance: int) -> int:
    """The square root of a whole number, rounded up.

    >>> root_up(0), root_up(625_000), root_up(400 * 400)
    (0, 791, 400)
    """
    return isqrt(variance - 1) + 1 if variance > 0 else 0


def scatter(answers: Sequence[tuple[int, int]], *, otherwise: int, least: int) -> int:
    """The variance of a weighted mean of answers that are a sample of all that might have been asked.

    This is the absolute (conditional) error variance of generalizability theory, Brennan (1998), "Raw-score conditional
    standard errors of measurement in generalizability theory", Applied Psychological Measurement 22: for n answers of
    equal weight, the sum of (x - mean)^2 over n (n - 1). With weights b it is s^2 B2 / B1^2, where B1 and B2 are the
    sums of b and b^2, and s^2 = B1 (sum of b (x - mean)^2) / (B1^2 - B2) is the unbiased spread of one answer.

    `answers` are pairs of weight and credit in percent. One answer alone has no spread of its own and borrows
    `otherwise`. The spread is never under `least`, what the grain of the scale leaves open, so that five equal answers
    are not taken for an exact measure.

    >>> scatter([(1, 75), (1, 75), (1, 50), (1, 100), (1, 75)], otherwise=0, least=0)  # 1250 / (5 x 4) points squared
    625000
    >>> scatter([(1, 75)] * 5, otherwise=0, least=520_833)  # grain of 25 points: 25^2 / 12 / 5 = 10.42
    104166
    """
    weight, squares = sum(b for b, _ in answers), sum(b * b for b, _ in answers)
    earned, earned_twice = sum(b * c for b, c in answers), sum(b * c * c for b, c in answers)
    freedom = weight * weight - squares
    spread = 10_000 * (weight * earned_twice - earned * earned) // freedom if freedom else otherwise
    return max(spread, least) * squares // (weight * weight)


def _of_answers(key: Key, credits: Sequence[int | None]) -> tuple[int | None, tuple[int | None, ...]]:
    """Stratified by scale: variances of the scales by the square of their shares, which are fixed and not sampled.

    A scale without an answer could be anywhere, and adds its share squared of UNKNOWN.
    """
    otherwise = scatter_of_one(key, credits)
    scales: list[int | None] = []
    for scale in key.scales:
        answers = [(key.items[at].own, credit) for at in scale.places if (credit := credits[at]) is not None]
        scales.append(scatter(answers, otherwise=otherwise, least=scale.least_spread) if answers else None)
    known = [_known_weight(key, scale, credits) for scale in key.scales]
    if not sum(known):
        return None, tuple(scales)
    seen = sum(weight**2 * (one or 0) for weight, one in zip(known, scales, strict=True))
    unseen = sum(
        scale.weight**2 * UNKNOWN for scale, one in zip(key.scales, scales, strict=True) if one is None
    )
    return seen // sum(known) ** 2 + unseen // key.weight**2, tuple(scales)


def scatter_of_one(key: Key, credits: Sequence[int | None]) -> int:
    """The spread of one answer among all that a person gave, for a scale with only one; UNKNOWN when it is alone.

    It holds the differences between scales too, so it is rather too wide than too narrow.
    """
    given = [
        (one.weight, credit) for one, credit in zip(key.items, credits, strict=True) if credit is not None
    ]
    weight, squares = sum(b for b, _ in given), sum(b * b for b, _ in given)
    earned, earned_twice = sum(b * c for b, c in given), sum(b * c * c for b, c in given)
    freedom = weight * weight - squares
    return 10_000 * (weight * earned_twice - earned * earned) // freedom if freedom else UNKNOWN


def doubt_variance(item: KeyItem, credit: int, *, doubt_percent: int) -> int:
    """The variance of one fact that is other than it seems with probability q: q (1 - q) times the square of how far
    its credit could swing, to the further end of what the item can earn. A doubt over one half counts as one half.

    >>> from types import SimpleNamespace as Item
    >>> yes = Item(credits=(0, 100))
    >>> [doubt_variance(yes, 100, doubt_percent=q) for q in (20, 4)]  # a yes or no: 40 points, or 19.6
    [16000000, 3840000]
    """
    q = min(50, doubt_percent)
    swing = max(credit - item.credits[0], item.credits[-1] - credit)
    return q * (100 - q) * swing * swing


def _of_facts(
    key: Key, credits: Sequence[int | None], known: Sequence[HowKnown]
) -> tuple[int | None, tuple[int | None, ...]]:
    """Facts are wrong independently: their variances add up by the squares of their shares of what is known.

    A fact that is not known adds its share squared of UNKNOWN.
    """
    scales = tuple(
        _facts_of(key, scale.places, credits, known, whole=scale.own, factor=scale.factor)
        for scale in key.scales
    )
    return _facts_of(key, range(len(key.items)), credits, known, whole=key.weight, factor=1), scales


def _facts_of(
    key: Key,
    places: Sequence[int],
    credits: Sequence[int | None],
    known: Sequence[HowKnown],
    *,
    whole: int,
    factor: int,
) -> int | None:
    weight = seen = unseen = 0
    for at in places:
        item, credit = key.items[at], credits[at]
        share = item.weight // factor
        if credit is None:
            unseen += share**2 * UNKNOWN
            continue
        weight += share
        doubt = key.error.doubt_percent.of(known[at])
        seen += share**2 * doubt_variance(item, credit, doubt_percent=doubt)
    return seen // weight**2 + unseen // whole**2 if weight else None


def _known_weight(key: Key, scale: KeyScale, credits: Sequence[int | None]) -> int:
    return sum(key.items[at].weight for at in scale.places if credits[at] is not None)
