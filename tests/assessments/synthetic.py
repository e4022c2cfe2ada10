"""Twenty thousand made-up people, drawn from a seed, whose true scores are known and whose biases were planted."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PEOPLE = 20_000
ITEMS = 20
BIASED_ITEM = 3
SCALE_ITEMS = 10
ERROR_VARIANCE = 2.5
AGES = ("under_26", "26_39", "40_54", "55_and_over")


class Bias(StrEnum):
    """What may be planted; each touches its own columns and no others."""

    SELECTION = "selection"
    ITEM = "item"
    MEAN = "mean"
    PROXY = "proxy"
    PREDICTION = "prediction"
    DRIFT = "drift"


SELECTED = 0.42
SELECTED_WOMEN = 0.30
ITEM_HARDER = 0.75  # logits
MEAN_SHIFT = 0.5  # standard deviations
FORETOLD_TOO_LOW = 3.0  # points of the outcome
DRIFTED = 0.7  # standard deviations


@dataclass(frozen=True)
class Population:
    """One row a person; `later` are the scores of as many people a season on."""

    is_woman: Bools
    age: npt.NDArray[np.str_]
    true_score: Floats
    selected: Bools
    right: Bools
    ratings: Floats
    distance: npt.NDArray[np.str_]
    outcome: Floats
    later: Floats

    @property
    def score(self) -> Floats:
        """The scale's sum, in points."""
        total: Floats = self.ratings.sum(axis=1)
        return total


def population(seed: int, *planted: Bias, people: int = PEOPLE) -> Population:
    """Draw the same people for the same seed; what was not planted has no bias at all."""
    dice = np.random.default_rng(seed)
    is_woman = dice.random(people) < 0.5
    true_score = dice.normal(size=people)
    chance = np.where(is_woman & (Bias.SELECTION in planted), SELECTED_WOMEN, SELECTED)
    shift = np.where(
        is_woman & (Bias.MEAN in planted), MEAN_SHIFT * np.sqrt(_sum_variance()) / SCALE_ITEMS, 0.0
    )
    noise = dice.normal(scale=np.sqrt(ERROR_VARIANCE), size=(people, SCALE_ITEMS))
    ratings = true_score[:, None] + noise - shift[:, None]
    near = np.where(is_woman & (Bias.PROXY in planted), 0.65, 0.45)
    above = np.where(is_woman & (Bias.PREDICTION in planted), FORETOLD_TOO_LOW, 0.0)
    return Population(
        is_woman=is_woman,
        age=dice.choice(AGES, size=people),
        true_score=true_score,
        selected=dice.random(people) < chance,
        right=_right(dice, true_score, is_woman, is_biased=Bias.ITEM in planted),
        ratings=ratings,
        distance=np.where(dice.random(people) < near, "near", "far"),
        outcome=ratings.sum(axis=1) * 0.5 + above + dice.normal(scale=8, size=people),
        later=_later(dice, people, is_moved=Bias.DRIFT in planted),
    )


def _sum_variance() -> float:
    return SCALE_ITEMS**2 + SCALE_ITEMS * ERROR_VARIANCE


def _right(dice: np.random.Generator, true_score: Floats, is_woman: Bools, *, is_biased: bool) -> Bools:
    """Rasch: right with odds exp(true score − difficulty)."""
    difficulty = np.linspace(-1.5, 1.5, ITEMS)
    logits = true_score[:, None] - difficulty
    if is_biased:
        logits[is_woman, BIASED_ITEM] -= ITEM_HARDER
    right: Bools = dice.random(logits.shape) < 1 / (1 + np.exp(-logits))
    return right


def _later(dice: np.random.Generator, people: int, *, is_moved: bool) -> Floats:
    spread = np.sqrt(_sum_variance())
    return dice.normal(DRIFTED * spread if is_moved else 0.0, spread, size=people)


TRUE_ALPHA = SCALE_ITEMS / (SCALE_ITEMS + ERROR_VARIANCE)
"""Items that all measure the same true score equally well: k·1/(k·1 + σ²), which is 0.8."""
TRUE_SEM = float(np.sqrt(SCALE_ITEMS * ERROR_VARIANCE))
TRUE_RATIO = SELECTED_WOMEN / SELECTED
TRUE_D_DIF = -2.35 * ITEM_HARDER
