"""Every planted bias is found, a clean population stays silent, and known values come back within their tolerance."""

from collections.abc import Iterator
from importlib.resources import files

import numpy as np
import pytest

from assessments.validation.bias import ItemClass, item_bias, mean_gap, predictive_bias, shared_information
from assessments.validation.drift import drift
from assessments.validation.fairness import GroupName, ImpactTable, above_median, impact, read_policy, tally
from assessments.validation.reliability import reliability
from tests.assessments.synthetic import (
    BIASED_ITEM,
    ITEMS,
    MEAN_SHIFT,
    SCALE_ITEMS,
    TRUE_ALPHA,
    TRUE_D_DIF,
    TRUE_RATIO,
    TRUE_SEM,
    Bias,
    Population,
    population,
)

POLICY = read_policy((files("assessments") / "data/policies/fairness/2026-11.yaml").read_text("utf-8"))
SEED = 20_261_121
REPEATS = 40
DRIFT_STOP = 0.25


def by_sex(people: Population) -> list[GroupName]:
    return [("woman",) if one else ("man",) for one in people.is_woman]


def selection(people: Population) -> ImpactTable:
    return impact(tally(by_sex(people), people.selected.tolist()), POLICY)


def alarms(people: Population) -> Iterator[tuple[Bias | str, bool]]:
    """Every check that the fairness figures make of one population, and whether it raises its voice."""
    yield Bias.SELECTION, selection(people).is_flagged
    ages = impact(tally([(age,) for age in people.age.tolist()], people.selected.tolist()), POLICY)
    yield from (("age", bool(row.flag)) for row in ages.rows)
    total = people.right.sum(axis=1)
    for item in range(ITEMS):
        found = item_bias(people.right[:, item], total, people.is_woman, POLICY)
        assert found is not None
        yield (Bias.ITEM if item == BIASED_ITEM else "item"), found.item_class is not ItemClass.A
    gap = mean_gap(people.score[people.is_woman], people.score[~people.is_woman], POLICY)
    assert gap is not None
    yield Bias.MEAN, abs(gap.d) >= POLICY.gap_small
    yield Bias.PROXY, shared_information(people.distance.tolist(), people.is_woman.tolist(), POLICY).flag
    foretold = predictive_bias(people.outcome, people.score, people.is_woman, POLICY)
    assert foretold is not None
    yield Bias.PREDICTION, foretold.flag
    moved = drift(people.score, people.later, edges=range(-30, 31, 10), seed=1, resamples=20)  # type: ignore[arg-type]
    assert moved.value is not None
    yield Bias.DRIFT, moved.value > DRIFT_STOP


def raised(people: Population) -> set[Bias | str]:
    return {name for name, is_raised in alarms(people) if is_raised}


def test_a_clean_population_of_twenty_thousand_stays_silent() -> None:
    assert raised(population(SEED)) == set()


@pytest.mark.parametrize("bias", list(Bias))
def test_each_planted_bias_is_found_and_nothing_else(bias: Bias) -> None:
    people = population(SEED, bias)
    assert len(people.is_woman) == 20_000
    assert raised(people) == {bias}


def test_all_planted_together_are_all_found() -> None:
    assert raised(population(SEED, *Bias)) == set(Bias)


def test_over_many_populations_each_bias_is_found_and_false_alarms_stay_under_five_percent() -> None:
    found = [raised(population(SEED + turn, *Bias)) for turn in range(REPEATS)]
    for bias in Bias:
        assert sum(bias in one for one in found) >= 0.9 * REPEATS
    clean = [is_raised for turn in range(REPEATS) for _, is_raised in alarms(population(SEED + 100 + turn))]
    assert sum(clean) <= 0.05 * len(clean)


def test_the_impact_ratio_comes_back_within_three_hundredths() -> None:
    row = selection(population(SEED, Bias.SELECTION)).row("woman")
    assert float(row.impact_ratio or 0) == pytest.approx(TRUE_RATIO, abs=0.03)
    assert row.interval is not None
    assert row.interval.low <= TRUE_RATIO <= row.interval.high


def test_the_bias_of_the_item_comes_back_within_a_quarter_of_a_delta() -> None:
    people = population(SEED, Bias.ITEM)
    found = item_bias(people.right[:, BIASED_ITEM], people.right.sum(axis=1), people.is_woman, POLICY)
    assert found is not None
    assert found.d_dif == pytest.approx(TRUE_D_DIF, abs=0.25)
    assert found.item_class is ItemClass.C


def test_the_mean_gap_comes_back_within_five_hundredths() -> None:
    people = population(SEED, Bias.MEAN)
    gap = mean_gap(people.score[~people.is_woman], people.score[people.is_woman], POLICY)
    assert gap is not None
    assert gap.d == pytest.approx(MEAN_SHIFT, abs=0.05)


def test_alpha_and_the_error_of_measurement_come_back() -> None:
    people = population(SEED)
    found = reliability(
        people.ratings, scale="made_up", items=[f"i{place}" for place in range(SCALE_ITEMS)], resamples=0
    )
    assert found.alpha.value == pytest.approx(TRUE_ALPHA, abs=0.01)
    assert found.sem == pytest.approx(TRUE_SEM, abs=0.1)
    assert np.corrcoef(people.score, people.true_score)[0, 1] ** 2 == pytest.approx(TRUE_ALPHA, abs=0.01)


def test_the_scored_form_finds_the_shifted_scale_and_not_the_clean_one() -> None:
    def flag(people: Population) -> bool:
        points = [round(score * 100) for score in people.score.tolist()]
        return impact(tally(by_sex(people), above_median(points)), POLICY).is_flagged

    assert flag(population(SEED, Bias.MEAN))
    assert not flag(population(SEED))


def test_the_same_seed_draws_the_same_people() -> None:
    one, other = population(3, people=100), population(3, people=100)
    assert np.array_equal(one.ratings, other.ratings)
    assert not np.array_equal(one.ratings, population(4, people=100).ratings)
