"""Alpha, omega and item figures: equal to plain arithmetic, unmoved by what should not move them, never NaN."""

import csv
import json
import math
import random
import statistics
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.figures import Lack
from assessments.validation.covariances import Deletion
from assessments.validation.reliability import (
    Reliability,
    Remark,
    feldt_interval,
    observed_ends,
    reliability,
    stratified_alpha,
)

LSAT = Path(__file__).parents[3] / "shared/data/psychometrics/lsat6.csv"
Rows = list[list[float]]


def made_up(people: int = 240, items: int = 6, seed: int = 5) -> Rows:
    """Answers of one to five with one common cause, so that a scale is there to be found."""
    chance = random.Random(seed)
    rows = []
    for _ in range(people):
        cause = chance.gauss(0, 1)
        rows.append(
            [float(min(5, max(1, round(3 + cause * 0.8 + chance.gauss(0, 1))))) for _ in range(items)]
        )
    return rows


def plain_alpha(rows: Rows) -> float:
    """Cronbach's alpha as the textbook writes it, with the standard library alone."""
    columns = list(zip(*rows, strict=True))
    total = statistics.variance([sum(row) for row in rows])
    return (
        len(columns)
        / (len(columns) - 1)
        * (1 - math.fsum(statistics.variance(each) for each in columns) / total)
    )


def plain_omega(rows: Rows) -> float:
    """One factor by principal axes repeated until they stand still, power iteration, plain lists."""
    columns = list(zip(*rows, strict=True))
    items = range(len(columns))
    table = [[statistics.correlation(columns[i], columns[j]) for j in items] for i in items]
    shared = [0.5 for _ in items]
    for _ in range(4000):
        reduced = [[shared[i] if i == j else table[i][j] for j in items] for i in items]
        vector = [1.0 for _ in items]
        for _ in range(60):
            turned = [math.fsum(reduced[i][j] * vector[j] for j in items) for i in items]
            length = math.hypot(*turned)
            vector = [value / length for value in turned]
        loadings = [value * math.sqrt(length) for value in vector]
        moved = max(abs(loadings[i] ** 2 - shared[i]) for i in items)
        shared = [value**2 for value in loadings]
        if moved < 1e-13:
            break
    common = math.fsum(loadings) ** 2
    return common / (common + math.fsum(1 - value**2 for value in loadings))


def plain_item_rest(rows: Rows, item: int) -> float:
    rest = [sum(row) - row[item] for row in rows]
    return statistics.correlation([row[item] for row in rows], rest)


def without(rows: Rows, item: int) -> Rows:
    return [[value for at, value in enumerate(row) if at != item] for row in rows]


def figures(rows: Rows, **options: object) -> Reliability:
    names = [f"q{at + 1}" for at in range(len(rows[0]))]
    options = {"resamples": 0, **options}
    return reliability(np.array(rows), scale="made up", items=names, **options)  # type: ignore[arg-type]


def check_equal_to_plain_arithmetic(rows: Rows) -> None:
    found = figures(rows)
    sums = [sum(row) for row in rows]
    assert found.alpha.value == pytest.approx(plain_alpha(rows), abs=1e-9)
    assert found.omega.value == pytest.approx(plain_omega(rows), abs=1e-6)
    assert found.sd == pytest.approx(statistics.stdev(sums), abs=1e-9)
    assert found.mean == pytest.approx(statistics.mean(sums), abs=1e-9)
    assert found.sem == pytest.approx(statistics.stdev(sums) * math.sqrt(1 - plain_alpha(rows)), abs=1e-9)
    for at, item in enumerate(found.items):
        column = [row[at] for row in rows]
        assert item.mean == pytest.approx(statistics.mean(column), abs=1e-9)
        assert item.sd == pytest.approx(statistics.stdev(column), abs=1e-9)
        assert item.item_rest == pytest.approx(plain_item_rest(rows, at), abs=1e-9)
        assert item.alpha_if_deleted == pytest.approx(plain_alpha(without(rows, at)), abs=1e-9)


def test_every_figure_equals_plain_arithmetic() -> None:
    check_equal_to_plain_arithmetic(made_up())


# The published answers are not ours to copy; made-up answers go through the same comparison.
@pytest.mark.skipif(not LSAT.exists(), reason="the published answers are not on this machine")
def test_every_figure_of_the_published_answers_equals_plain_arithmetic() -> None:
    with LSAT.open() as file:
        rows = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
    check_equal_to_plain_arithmetic(rows)
    assert figures(rows).alpha.value == pytest.approx(0.295, abs=5e-4), "as ltm prints for its LSAT data"


def test_whole_numbers_of_one_byte_give_what_floats_give() -> None:
    rows = made_up(people=9000)
    names = [f"q{at + 1}" for at in range(6)]
    small = reliability(np.array(rows, dtype=np.int8), scale="made up", items=names, resamples=0)
    assert small.model_dump_json() == figures(rows).model_copy(update={"scale": "made up"}).model_dump_json()


def test_a_missing_answer_is_the_same_as_nan_or_as_a_marked_whole_number() -> None:
    rows = np.array(made_up())
    chance = np.random.default_rng(2)
    gone = chance.random(rows.shape) < 0.1
    names = [f"q{at + 1}" for at in range(6)]
    marked = np.where(gone, -1, rows).astype(np.int8)
    for deletion in Deletion:
        floats = reliability(
            np.where(gone, np.nan, rows), scale="s", items=names, deletion=deletion, resamples=20
        )
        whole = reliability(marked, scale="s", items=names, deletion=deletion, missing=-1, resamples=20)
        assert floats.alpha.value == pytest.approx(whole.alpha.value, abs=1e-12)
        assert floats.omega.low == pytest.approx(whole.omega.low, abs=1e-9)
        assert [one.missing for one in floats.items] == [one.missing for one in whole.items]


def test_listwise_uses_whole_rows_only_and_pairwise_every_pair() -> None:
    rows = made_up(people=120, items=4)
    for at in range(40):
        rows[at][at % 4] = math.nan
    complete = [row for row in rows if not any(map(math.isnan, row))]
    listwise, pairwise = figures(rows, deletion=Deletion.LISTWISE), figures(rows)
    assert listwise.n == len(complete) == 80
    assert listwise.alpha.value == pytest.approx(plain_alpha(complete), abs=1e-9)
    assert pairwise.n == 120
    assert pairwise.n_least == 100
    assert [item.n for item in pairwise.items] == [110] * 4
    pair = [(row[0], row[1]) for row in rows if not math.isnan(row[0]) and not math.isnan(row[1])]
    assert len(pair) == pairwise.n_least
    two = figures([list(row) for row in pair])
    assert two.alpha.value == pytest.approx(
        reliability(
            np.array(rows)[:, :2], scale="s", items=["a", "b"], deletion=Deletion.LISTWISE
        ).alpha.value
    )


def test_two_items_have_an_alpha_but_no_omega_and_nothing_without_one() -> None:
    found = figures(made_up(items=2))
    assert found.alpha.value is not None
    assert found.omega.lack is Lack.TOO_FEW_ITEMS
    assert [item.alpha_if_deleted for item in found.items] == [None, None]
    assert Remark.TWO_ITEMS in {note.remark for note in found.notes}


def test_an_item_that_never_varies_is_named() -> None:
    rows = [[*row, 3.0] for row in made_up(items=3)]
    found = figures(rows)
    assert found.items[-1].item_rest is None
    assert found.omega.lack is Lack.CONSTANT_ITEM
    assert found.notes[0].remark is Remark.CONSTANT_ITEM
    assert found.notes[0].items == ("q4",)


def test_a_forgotten_reverse_key_is_named_and_a_negative_alpha_has_no_error() -> None:
    rows = [[row[0], 6 - row[1]] for row in made_up(items=2)]
    found = figures(rows)
    assert found.alpha.value is not None
    assert found.alpha.value < 0
    assert found.alpha.lack is Lack.NEGATIVE
    assert found.sem is None
    assert {Remark.REVERSED_ITEM, Remark.NEGATIVE_ALPHA} <= {note.remark for note in found.notes}


def test_a_reversed_item_is_mirrored_within_the_ends() -> None:
    rows = made_up(items=4)
    turned = [[row[0], 6 - row[1], *row[2:]] for row in rows]
    straight, mirrored = figures(rows), figures(turned, reverse=["q2"], ends=(1, 5))
    assert mirrored.alpha.value == pytest.approx(straight.alpha.value)
    assert mirrored.items[1].mean == pytest.approx(straight.items[1].mean)
    assert mirrored.items[1].is_reversed
    assert observed_ends(np.array(rows)) == (1.0, 5.0)


def test_omegas_interval_holds_its_value_and_is_the_same_for_the_same_seed() -> None:
    rows = made_up(people=900)
    first, again, other = (figures(rows, resamples=120, seed=seed).omega for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert first.low is not None
    assert first.high is not None
    assert first.value is not None
    assert first.low < first.value < first.high
    assert first.high - first.low < 0.1


def test_the_intervals_cover_the_true_value_about_as_often_as_they_say() -> None:
    true = 6 * 0.5 / (1 + 5 * 0.5)
    chance = np.random.default_rng(11)
    inside = {"alpha": 0, "omega": 0}
    for turn in range(60):
        cause = chance.normal(size=(150, 1))
        rows = np.sqrt(0.5) * cause + np.sqrt(0.5) * chance.normal(size=(150, 6))
        found = reliability(rows, scale="s", items=list("abcdef"), resamples=80, seed=turn)
        for name in inside:
            figure = getattr(found, name)
            inside[name] += figure.low <= true <= figure.high
    assert inside["alpha"] >= 52
    assert inside["omega"] >= 50


def test_the_composite_of_scales_is_at_least_as_reliable_as_its_parts_say() -> None:
    low, high = feldt_interval(0.9, n=200, items=10)
    assert low < 0.9 < high
    assert stratified_alpha([(1.0, 0.8), (1.0, 0.8)], total_variance=2.0) == pytest.approx(0.8)
    assert stratified_alpha([(1.0, 0.8)], total_variance=0.0) is None


CELLS = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, math.nan])
TABLES = st.integers(1, 4).flatmap(
    lambda items: st.lists(st.lists(CELLS, min_size=items, max_size=items), min_size=0, max_size=9).map(
        lambda rows: np.array(rows, dtype=np.float64).reshape(len(rows), items)
    )
)


@given(table=TABLES, deletion=st.sampled_from(Deletion))
@settings(max_examples=150, deadline=None)
def test_any_answers_give_figures_that_json_can_hold(
    table: np.ndarray[tuple[int, int], np.dtype[np.float64]], deletion: Deletion
) -> None:
    names = [f"q{at}" for at in range(table.shape[1])]
    found = reliability(table, scale="s", items=names, deletion=deletion, resamples=10)
    json.loads(found.model_dump_json(), parse_constant=pytest.fail)
    assert found.alpha.value is None or found.alpha.value <= 1 + 1e-9
    assert (found.alpha.value is None) == (found.alpha.lack not in (None, Lack.NEGATIVE))


WHOLE = st.integers(2, 5).flatmap(
    lambda items: st.lists(
        st.lists(st.integers(1, 5), min_size=items, max_size=items), min_size=5, max_size=20
    )
)


@given(rows=WHOLE, shift=st.integers(-1000, 1000), seed=st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_alpha_is_unmoved_by_shifts_by_order_and_by_turning_twice(
    rows: list[list[int]], shift: int, seed: int
) -> None:
    plain = figures([[float(value) for value in row] for row in rows])
    shifted = figures([[float(value + shift) for value in row] for row in rows])
    mixed = [list(map(float, row)) for row in rows]
    random.Random(seed).shuffle(mixed)
    twice = figures([[6.0 - row[0], *map(float, row[1:])] for row in rows], reverse=["q1"], ends=(1, 5))
    for other in (shifted, figures(mixed), twice):
        assert other.alpha.value == pytest.approx(plain.alpha.value, abs=1e-6)
    backwards = figures([[float(value) for value in row[::-1]] for row in rows])
    assert [item.alpha_if_deleted for item in backwards.items[::-1]] == pytest.approx(
        [item.alpha_if_deleted for item in plain.items], abs=1e-9
    )
