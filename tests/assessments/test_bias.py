"""Gaps, biased questions and telling answers: worked values, an independent count, and what cannot be said."""

from importlib.resources import files
from math import log, sqrt

import numpy as np
import pytest
from scipy import stats

from assessments.validation.bias import (
    GapSize,
    ItemClass,
    halved,
    item_bias,
    mean_gap,
    predictive_bias,
    shared_information,
)
from assessments.validation.fairness import read_policy

POLICY = read_policy((files("assessments") / "data/policies/fairness/2026-11.yaml").read_text("utf-8"))


def test_a_gap_is_in_pooled_standard_deviations() -> None:
    gap = mean_gap([2, 4, 6], [1, 3, 5], POLICY)
    assert gap is not None
    assert gap.d == pytest.approx(0.5)
    assert gap.interval.low < gap.d < gap.interval.high
    assert gap.size is GapSize.LARGE


def test_the_size_of_a_gap_is_named_at_its_bounds() -> None:
    spread = np.array([-1.0, 1.0] * 500)
    sizes = [mean_gap(spread + shift, spread, POLICY) for shift in (0.1, 0.3, 0.8)]
    assert [one.size for one in sizes if one] == [GapSize.SMALL, GapSize.NOTABLE, GapSize.LARGE]


def test_one_person_or_all_alike_have_no_gap() -> None:
    assert mean_gap([1], [1, 2], POLICY) is None
    assert mean_gap([3, 3], [3, 3], POLICY) is None


def people(levels: list[tuple[int, int, int, int]]) -> tuple[list[int], list[int], list[int]]:
    """Answers, totals and groups from (reference right, wrong, focal right, wrong) at each level."""
    right, total, focal = [], [], []
    for level, (a, b, c, d) in enumerate(levels):
        for count, is_right, is_focal in ((a, 1, 0), (b, 0, 0), (c, 1, 1), (d, 0, 1)):
            right += [is_right] * count
            total += [level] * count
            focal += [is_focal] * count
    return right, total, focal


LEVELS = [(40, 60, 20, 80), (60, 40, 35, 65), (80, 20, 60, 40)]


def test_mantel_haenszel_equals_the_count_by_hand() -> None:
    found = item_bias(*people(LEVELS), POLICY)
    assert found is not None
    above = sum(a * d / (a + b + c + d) for a, b, c, d in LEVELS)
    below = sum(b * c / (a + b + c + d) for a, b, c, d in LEVELS)
    assert found.odds_ratio == pytest.approx(above / below)
    assert found.d_dif == pytest.approx(-2.35 * log(above / below))
    assert found.n == (300, 300)


def test_mantel_haenszel_has_the_error_and_p_of_its_two_papers() -> None:
    found = item_bias(*people(LEVELS), POLICY)
    assert found is not None
    parts = [
        (a * d / n, b * c / n, (a + d) / n, (b + c) / n) for a, b, c, d in LEVELS for n in [a + b + c + d]
    ]
    r, s = sum(one[0] for one in parts), sum(one[1] for one in parts)
    variance = sum(
        p * x / (2 * r * r) + (p * y + q * x) / (2 * r * s) + q * y / (2 * s * s) for x, y, p, q in parts
    )
    assert found.standard_error == pytest.approx(2.35 * sqrt(variance))
    moments = [
        (a, (a + b) * (a + c) / n, (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1)))
        for a, b, c, d in LEVELS
        for n in [a + b + c + d]
    ]
    distance = abs(sum(a - expected for a, expected, _ in moments)) - 0.5
    chi = distance**2 / sum(one[2] for one in moments)
    assert found.p == pytest.approx(stats.chi2.sf(chi, 1))


def test_a_question_much_harder_for_one_group_at_the_same_total_is_class_c() -> None:
    found = item_bias(*people(LEVELS), POLICY)
    assert found is not None
    assert found.d_dif < -1.5
    assert found.item_class is ItemClass.C


def test_a_question_alike_at_every_total_is_class_a_although_the_groups_differ() -> None:
    found = item_bias(*people([(20, 180, 80, 720), (300, 300, 100, 100), (450, 50, 90, 10)]), POLICY)
    assert found is not None
    assert found.d_dif == pytest.approx(0, abs=1e-9)
    assert found.item_class is ItemClass.A


def test_a_middling_difference_is_class_b_and_a_large_one_of_few_people_class_a() -> None:
    middling = item_bias(*people([(150, 150, 113, 187), (200, 100, 163, 137)]), POLICY)
    few = item_bias(*people([(3, 2, 1, 3)]), POLICY)
    assert middling is not None
    assert few is not None
    assert middling.item_class is ItemClass.B
    assert abs(few.d_dif) > 1.5
    assert few.item_class is ItemClass.A


def test_levels_that_hold_one_group_compare_nobody() -> None:
    assert item_bias(*people([(5, 5, 0, 0), (0, 0, 5, 5)]), POLICY) is None
    assert item_bias([], [], [], POLICY) is None


def test_a_graded_question_is_cut_at_its_mean() -> None:
    assert halved([0, 50, 100]).tolist() == [False, True, True]
    assert halved([]).tolist() == []


def outcomes(level: float, slope: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dice = np.random.default_rng(7)
    score = dice.normal(50, 10, 2000)
    focal = dice.random(2000) < 0.5
    return 0.5 * score + focal * (level + slope * (score - 50)) + dice.normal(0, 5, 2000), score, focal


def test_one_line_for_both_groups_is_no_predictive_bias() -> None:
    found = predictive_bias(*outcomes(0, 0), POLICY)
    assert found is not None
    assert not found.flag
    assert found.slope == pytest.approx(0.5, abs=0.05)


def test_a_group_that_does_better_than_foretold_is_found() -> None:
    found = predictive_bias(*outcomes(2, 0), POLICY)
    assert found is not None
    assert found.flag
    assert found.level_gap == pytest.approx(2, abs=0.5)


def test_a_score_that_tells_less_of_one_group_is_found() -> None:
    found = predictive_bias(*outcomes(0, -0.3), POLICY)
    assert found is not None
    assert found.flag
    assert found.slope_gap == pytest.approx(-0.3, abs=0.06)


def test_the_regression_equals_least_squares_done_elsewhere() -> None:
    y, x, g = outcomes(1, 0.1)
    found = predictive_bias(y, x, g, POLICY)
    assert found is not None
    lines = [stats.linregress(x[g == group], y[g == group]) for group in (False, True)]
    assert found.slope_gap == pytest.approx(lines[1].slope - lines[0].slope)
    at_mean = [one.intercept + one.slope * x.mean() for one in lines]
    assert found.level_gap == pytest.approx(at_mean[1] - at_mean[0])


def test_too_few_people_or_one_score_for_all_foretell_nothing() -> None:
    y, x, g = outcomes(0, 0)
    assert predictive_bias(y[:40], x[:40], g[:40], POLICY) is None
    assert predictive_bias(y, np.full(2000, 50.0), g, POLICY) is None


def test_an_answer_that_stands_in_for_the_group_is_flagged() -> None:
    telling = shared_information(["near", "far"] * 500, ["f", "m"] * 500, POLICY)
    assert telling.nats == pytest.approx(log(2), abs=0.001)
    assert telling.flag


def test_an_answer_that_tells_nothing_of_the_group_is_not() -> None:
    silent = shared_information(["a", "a", "b", "b"] * 500, ["f", "m", "f", "m"] * 500, POLICY)
    assert (silent.nats, silent.flag, silent.n) == (0, False, 2000)
    assert not shared_information([], [], POLICY).flag
