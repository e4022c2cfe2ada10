"""Agreement of raters: the published figures, what is missing, and what cannot be computed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.figures import Lack
from assessments.validation.agreement import Level, intraclass, krippendorff_alpha

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Six subjects by four judges, Shrout and Fleiss (1979), table 2."""

KRIPPENDORFF = list(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
        strict=True,
    )
)
"""Twelve units by four observers with gaps, Krippendorff, Computing alpha-reliability (2011), example D."""

FORMS = ("one_way", "two_way", "fixed", "one_way_mean", "two_way_mean", "fixed_mean")


def test_the_six_correlations_of_shrout_and_fleiss_come_out_as_published() -> None:
    found = intraclass(SHROUT_FLEISS)
    values = [round(getattr(found, form).value, 3) for form in FORMS]
    assert values == [0.166, 0.290, 0.715, 0.443, 0.620, 0.909]


def test_their_intervals_are_those_that_r_psych_prints() -> None:
    found = intraclass(SHROUT_FLEISS)
    bounds = [(round(getattr(found, form).low, 2), round(getattr(found, form).high, 2)) for form in FORMS]
    assert bounds == [(-0.13, 0.72), (0.02, 0.76), (0.34, 0.95), (-0.88, 0.91), (0.07, 0.93), (0.68, 0.99)]


@pytest.mark.parametrize(
    ("level", "published"), [(Level.NOMINAL, 0.743), (Level.ORDINAL, 0.815), (Level.INTERVAL, 0.849)]
)
def test_krippendorffs_example_comes_out_as_published(level: Level, published: float) -> None:
    found = krippendorff_alpha(KRIPPENDORFF, level=level, seed=7, resamples=200)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert round(found.value, 3) == published
    assert found.n == 11, "a unit that one observer alone rated says nothing of agreement"
    assert found.low <= found.value <= found.high


def test_the_same_seed_gives_the_same_interval() -> None:
    first, again = (
        krippendorff_alpha(KRIPPENDORFF, level=Level.ORDINAL, seed=3, resamples=100) for _ in range(2)
    )
    assert first == again


def test_a_subject_without_every_rating_is_left_out_and_counted() -> None:
    found = intraclass([*SHROUT_FLEISS, [5, None, 4, 4]])
    assert found.left_out == 1
    assert found.fixed == intraclass(SHROUT_FLEISS).fixed


def test_raters_who_never_differ_agree_wholly_and_have_no_interval() -> None:
    found = intraclass([[1, 1], [3, 3], [5, 5]])
    assert {getattr(found, form).value for form in FORMS} == {1.0}
    assert {getattr(found, form).lack for form in FORMS} == {Lack.NO_ERROR}


@pytest.mark.parametrize("ratings", [[], [[1, 2]], [[1], [2]], [[None, 1], [2, None]]])
def test_too_little_gives_no_correlation_and_says_so(ratings: list[list[float | None]]) -> None:
    assert intraclass(ratings).two_way.lack is Lack.TOO_FEW


def test_ratings_that_are_all_the_same_give_no_figure() -> None:
    same = [[4, 4], [4, 4], [4, 4]]
    assert intraclass(same).two_way.lack is Lack.NO_VARIATION
    assert krippendorff_alpha(same, level=Level.INTERVAL, seed=1).lack is Lack.NO_VARIATION


def test_no_row_with_two_ratings_gives_no_alpha() -> None:
    assert krippendorff_alpha([[1, None], [None, 2]], level=Level.NOMINAL, seed=1).lack is Lack.NO_PAIRS


TABLES = st.integers(2, 4).flatmap(
    lambda raters: st.lists(
        st.lists(st.integers(1, 5) | st.none(), min_size=raters, max_size=raters), min_size=1, max_size=12
    )
)


@given(table=TABLES, level=st.sampled_from(Level))
@settings(max_examples=60, deadline=None)
def test_any_table_gives_finite_figures_that_do_not_depend_on_the_order_of_rows(
    table: list[list[float | None]], level: Level
) -> None:
    value = krippendorff_alpha(table, level=level, seed=1, resamples=20).value
    turned = krippendorff_alpha(table[::-1], level=level, seed=1, resamples=20).value
    assert value == pytest.approx(turned)
    assert value is None or value <= 1 + 1e-12
    for form in FORMS:
        first, other = getattr(intraclass(table), form), getattr(intraclass(table[::-1]), form)
        assert first.value == pytest.approx(other.value, abs=1e-7)
