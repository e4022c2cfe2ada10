"""Decision consistency, drift and the link with outcomes: recovered from made-up people whose truth is known."""

import math
import statistics
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.figures import Lack
from assessments.validation.consistency import decision_consistency
from assessments.validation.criterion import criterion_validity
from assessments.validation.drift import drift, stability_index


def beta_binomial(length: int, first: float, second: float) -> list[float]:
    """The share of people with each count of points, when true shares follow a beta: exact, by log-gamma."""
    return [
        math.comb(length, points)
        * math.exp(
            math.lgamma(points + first)
            + math.lgamma(length - points + second)
            - math.lgamma(length + first + second)
            + math.lgamma(first + second)
            - math.lgamma(first)
            - math.lgamma(second)
        )
        for points in range(length + 1)
    ]


def together(length: int, needed: int, first: float, second: float) -> float:
    """P₀ of two sittings by adding up the exact chance of every pair of counts on the same side."""
    found = 0.0
    for one in range(length + 1):
        for other in range(length + 1):
            if (one >= needed) == (other >= needed):
                # Two sittings of one person are one sitting of twice the length, split.
                found += math.comb(length, one) * math.comb(length, other) * math.exp(
                    math.lgamma(one + other + first) + math.lgamma(2 * length - one - other + second)
                    - math.lgamma(2 * length + first + second) + math.lgamma(first + second)
                    - math.lgamma(first) - math.lgamma(second)
                )  # fmt: skip
    return found


def test_the_exact_share_of_equal_decisions_is_recovered() -> None:
    length, needed, first, second = 30, 18, 6.0, 4.0
    shares = beta_binomial(length, first, second)
    scores = [float(points) for points, share in enumerate(shares) for _ in range(round(share * 40_000))]
    reliability = length / (length + first + second)
    found = decision_consistency(
        scores, cut=needed, reliability=reliability, ends=(0, length), seed=1, resamples=30
    )
    assert found.effective_length == length
    assert found.agreement.value == pytest.approx(together(length, needed, first, second), abs=2e-3)
    assert found.kappa.value is not None
    assert 0 < found.kappa.value < found.agreement.value
    assert found.accuracy.value is not None
    assert found.accuracy.value > found.agreement.value


def test_a_surer_score_decides_more_alike() -> None:
    chance = np.random.default_rng(3)
    scores = chance.normal(60, 12, 500).clip(0, 100).tolist()
    alike = [
        decision_consistency(
            scores, cut=60, reliability=reliability, ends=(0, 100), seed=1, resamples=10
        ).agreement.value
        for reliability in (0.5, 0.7, 0.9, 0.97)
    ]
    assert alike == sorted(alike)


def test_people_near_the_cut_are_counted() -> None:
    scores = [40.0, 59.0, 60.0, 61.0, 90.0]
    found = decision_consistency(scores, cut=60, reliability=0.9, ends=(0, 100), seed=1, resamples=5)
    error = statistics.stdev(scores) * math.sqrt(0.1)
    assert found.borderline == sum(abs(score - 60) <= error for score in scores) == 3


@pytest.mark.parametrize(
    ("scores", "reliability", "lack"),
    [
        ([], 0.8, Lack.TOO_FEW),
        ([50.0], 0.8, Lack.TOO_FEW),
        ([50.0] * 9, 0.8, Lack.NO_VARIATION),
        ([40.0, 60.0], -0.2, Lack.NEGATIVE),
        ([40.0, 60.0], 1.0, Lack.NO_ERROR),
    ],
)
def test_what_cannot_be_told_says_why(scores: list[float], reliability: float, lack: Lack) -> None:
    found = decision_consistency(scores, cut=50, reliability=reliability, ends=(0, 100), seed=1)
    assert found.agreement.lack is lack
    assert found.kappa.value is None


@given(
    scores=st.lists(st.integers(0, 100), min_size=2, max_size=30),
    cut=st.integers(0, 100),
    reliability=st.floats(0.01, 0.99),
)
@settings(max_examples=60, deadline=None)
def test_any_scores_give_shares_between_none_and_all(scores: list[int], cut: int, reliability: float) -> None:
    found = decision_consistency(scores, cut=cut, reliability=reliability, ends=(0, 100), seed=1, resamples=4)
    for figure in (found.agreement, found.accuracy):
        if figure.value is not None:
            assert figure.low is not None
            assert figure.high is not None
            assert 0 <= figure.low <= figure.value <= figure.high <= 1 + 1e-9


def test_a_planted_link_with_later_work_is_found_with_its_interval() -> None:
    chance = np.random.default_rng(8)
    score = chance.normal(size=400)
    later = 0.4 * score + math.sqrt(1 - 0.16) * chance.normal(size=400)
    found = criterion_validity(score.tolist(), later.tolist()).raw
    assert found.low is not None
    assert found.high is not None
    assert found.value == pytest.approx(statistics.correlation(score.tolist(), later.tolist()), abs=1e-12)
    assert 0 < found.low < 0.4 < found.high


def test_hiring_only_the_best_hides_a_link_and_the_correction_finds_it_again() -> None:
    chance = np.random.default_rng(4)
    score = chance.normal(size=20_000)
    later = 0.5 * score + math.sqrt(0.75) * chance.normal(size=20_000)
    hired = score > 0.5
    found = criterion_validity(score[hired], later[hired], spread_of_all=float(score.std(ddof=1)))
    assert found.raw.value is not None
    assert found.raw.value < 0.35
    assert found.corrected.value == pytest.approx(0.5, abs=0.04)
    assert found.spread_ratio is not None
    assert found.spread_ratio > 1.5


@pytest.mark.parametrize(
    ("scores", "outcomes", "lack"),
    [([], [], Lack.TOO_FEW), ([1, 2], [1, 2], Lack.TOO_FEW), ([1, 2, 3, 4], [1, 1, 1, 1], Lack.NO_VARIATION)],
)
def test_a_link_that_cannot_be_told_says_why(
    scores: Sequence[float], outcomes: Sequence[float], lack: Lack
) -> None:
    assert criterion_validity(scores, outcomes).raw.lack is lack


def test_the_same_answers_do_not_drift_and_moved_ones_do() -> None:
    chance = np.random.default_rng(9)
    before = chance.integers(1, 6, 1000).tolist()
    same, moved = chance.integers(1, 6, 1000).tolist(), chance.integers(3, 6, 1000).tolist()
    edges = [1.5, 2.5, 3.5, 4.5]
    quiet, loud = drift(before, same, edges=edges, seed=1), drift(before, moved, edges=edges, seed=1)
    assert quiet.value is not None
    assert loud.low is not None
    assert quiet.value < 0.1
    assert loud.low > 0.25
    assert drift([1], before, edges=edges, seed=1).lack is Lack.TOO_FEW


@given(st.lists(st.integers(0, 50), min_size=2, max_size=8).flatmap(
    lambda one: st.tuples(st.just(one), st.lists(st.integers(0, 50), min_size=len(one), max_size=len(one)))
))  # fmt: skip
def test_the_index_is_never_negative_and_looks_the_same_from_both_sides(
    sides: tuple[list[int], list[int]],
) -> None:
    assert stability_index(*sides) >= 0
    assert stability_index(*sides) == pytest.approx(stability_index(*reversed(sides)))
