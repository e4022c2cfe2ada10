"""Two people closer than their error are a tie, to the last hundredth; and to tie is not transitive."""

from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.standing import Placed, Standing, is_surely_above, is_tie, standings

scores, errors = st.integers(0, 10_000), st.integers(1, 3_000)


def placed(name: str, score: int, error: int = 400) -> Placed:
    return Placed(name=name, score_hundredths=score, standard_error_hundredths=error)


people = st.lists(st.tuples(scores, errors), max_size=25).map(
    lambda found: [placed(f"p{at:02}", score, error) for at, (score, error) in enumerate(found)]
)


def test_the_edge_is_met_to_the_published_figures() -> None:
    """SD 15 and reliability .90 (trust.md 7.2): 13.1 points apart are needed; the SEM is 4.7434 points."""
    error = round(100 * 15 * sqrt(1 - 0.90))
    assert not is_surely_above(placed("a", 6_313, error), placed("b", 5_000, error))
    assert is_surely_above(placed("a", 6_316, error), placed("b", 5_000, error))


@given(scores, errors, scores, errors)
def test_a_tie_is_symmetric_and_matches_the_formula(
    score: int, error: int, other_score: int, other_error: int
) -> None:
    one, other = placed("a", score, error), placed("b", other_score, other_error)
    assert is_tie(one, other) == is_tie(other, one)
    edge = 1.96 * sqrt(error**2 + other_error**2)
    if abs(abs(score - other_score) - edge) > 1e-6:
        assert is_tie(one, other) == (abs(score - other_score) < edge)


@given(people)
def test_standings_keep_the_order_of_scores_and_lose_nobody(found: list[Placed]) -> None:
    listed = standings(found)
    assert sorted(one.name for one in listed) == sorted(one.name for one in found)
    by_score = [one.score_hundredths for one in listed]
    assert by_score == sorted(by_score, reverse=True)
    for one in listed:
        assert 1 <= one.from_place <= one.place <= one.to_place <= len(found)
    tiers = [one.tier for one in listed]
    assert tiers == sorted(tiers)
    assert set(tiers) == set(range(1, len(set(tiers)) + 1))


@given(people)
def test_ties_are_mutual_and_a_tier_ties_with_its_first(found: list[Placed]) -> None:
    listed = {one.name: one for one in standings(found)}
    first: dict[int, Standing] = {}
    for one in listed.values():
        assert all(one.name in listed[other].ties_with for other in one.ties_with)
        leader = first.setdefault(one.tier, one)
        assert leader is one or one.name in leader.ties_with


@given(people, st.randoms())
def test_the_order_of_the_list_changes_nothing(found: list[Placed], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standings(shuffled) == standings(found)


def test_ties_do_not_chain() -> None:
    listed = standings([placed("a", 8_000), placed("b", 7_200), placed("c", 6_500)])
    assert [one.ties_with for one in listed] == [("b",), ("a", "c"), ("b",)]
    assert [(one.from_place, one.to_place) for one in listed] == [(1, 2), (1, 3), (2, 3)]
    assert [one.tier for one in listed] == [1, 1, 2]


def test_an_empty_list_has_no_standings() -> None:
    assert standings([]) == ()
