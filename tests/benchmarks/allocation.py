"""A whole wave over seats: the proven optimum beside the best pair first and beside a general linear programme."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from assessments.allocation.edges import Edges, Whole
from assessments.allocation.flow import most_valuable
from assessments.allocation.greedy import best_pair_first
from assessments.allocation.prices import bound_by, prices_of
from assessments.allocation.proof import proves
from tests.benchmarks.measuring import Measure, interleaved, seconds_of

PEOPLE, PROGRAMMES, SKILLS, LANGUAGES, TURNS = 10_000, 200, 400, 6, 5
PAIRS_A_PERSON, SEATS_SHARE = 47, 0.6
"""As many open pairs and as scarce seats as on the instance of reference: 470,000 edges, seats for 60 of 100."""

WAVES = (
    (1, 10_000, 200, 47, 0.6),
    (7, 10_000, 200, 47, 0.6),
    (2, 10_000, 200, 8, 0.6),
    (3, 10_000, 200, 47, 0.8),
    (4, 2_000, 50, 12, 0.6),
    (5, 300, 12, 4, 0.6),
    (6, 60, 6, 3, 0.6),
)
"""Number of the draw, people, programmes, pairs a person, share of people with a seat."""


def measure() -> list[Measure]:
    """The large wave beside both others, then the gain over the best pair first on waves of other shapes."""
    edges = made_up(2)
    held: dict[str, Whole | None] = {}

    def ours() -> None:
        chosen = most_valuable(edges)
        assert chosen is not None
        held["ours"], held["prices"] = chosen, prices_of(edges, chosen)

    def by_hand() -> None:
        held["hand"] = best_pair_first(edges)

    ours_s, hand_s = interleaved(ours, by_hand, turns=TURNS)
    lp: dict[str, float] = {}
    lp_s = seconds_of(lambda: lp.update(total=general(edges)))
    chosen, prices, hand = held["ours"], held["prices"], held["hand"]
    assert chosen is not None
    assert prices is not None
    assert hand is not None
    check(edges, chosen, prices)
    total, by_hands = edges.worth(chosen), edges.worth(hand)
    assert round(lp["total"]) == total, "the linear programme must find the same optimum"
    what = f"{PEOPLE:,} people, {PROGRAMMES} programmes, {len(edges.person):,} pairs, with prices"
    gain = f"{total / by_hands:.3f} times its points, {len(chosen):,} people placed, not {len(hand):,}"
    proof = "gap 0: total and bound by prices are equal, checked without a solver"
    return [
        Measure("allocation", what, ours_s, "best pair first", hand_s, TURNS, f"{gain}; {proof}"),
        Measure("allocation", what, ours_s, "scipy linprog (HiGHS)", lp_s, 1, "the same total"),
        *_gains(),
    ]


def _gains() -> Iterator[Measure]:
    """Other waves: fewer people, fewer pairs, scarcer seats; the gain is what counts."""
    for seed, people, programmes, pairs, share in WAVES:
        edges = made_up(seed, people=people, programmes=programmes, pairs=pairs, share=share)
        found: dict[str, Whole] = {}
        ours_s, hand_s = interleaved(
            lambda edges=edges, found=found: found.update(ours=_best(edges)),
            lambda edges=edges, found=found: found.update(hand=best_pair_first(edges)),
            turns=3,
        )  # fmt: skip
        prices = prices_of(edges, found["ours"])
        assert prices is not None
        check(edges, found["ours"], prices)
        gain = edges.worth(found["ours"]) / edges.worth(found["hand"])
        assert gain > 1, "the optimum must beat the best pair first on every wave"
        what = (
            f"{people:,} people, {programmes} programmes, {len(edges.person):,} pairs, seats for {share:.0%}"
        )
        placed = f"{len(found['ours']):,} people placed, not {len(found['hand']):,}"
        note = f"{gain:.3f} times its points, {placed}; gap 0"
        yield Measure("allocation", what, ours_s, "best pair first", hand_s, 3, note)


def _best(edges: Edges) -> Whole:
    found = most_valuable(edges)
    assert found is not None
    return found


def check(edges: Edges, chosen: Whole, prices: Whole) -> None:
    """The proof by prices, through the module that knows no solver."""
    rows = zip(edges.person.tolist(), edges.programme.tolist(), edges.value.tolist(), strict=True)
    values = {(str(person), str(programme)): value for person, programme, value in rows}
    placed = [(str(edges.person[at]), str(edges.programme[at])) for at in chosen.tolist()]
    named: list[dict[str, int]] = [
        {str(at): int(value) for at, value in enumerate(one)}
        for one in (prices, edges.seats, edges.seats_min)
    ]
    assert proves(values, placed, *named)
    assert bound_by(edges, prices) == edges.worth(chosen)


def made_up(
    seed: int, *, people: int = PEOPLE, programmes: int = PROGRAMMES, pairs: int = PAIRS_A_PERSON,
    share: float = SEATS_SHARE,
) -> Edges:  # fmt: skip
    """Juniors and seniors, easy programmes and hard ones, languages that open or close.

    Points are what a person shows of what is asked, weighed; a few skills are common, most are rare. Pairs are open
    from one number of points on, the same for all, so that there are `pairs` of them for each person on average:
    juniors may go where little is asked, seniors anywhere. Seats are spread unevenly, for `share` of the people.
    """
    chance = np.random.default_rng(seed)
    often = 1 / np.arange(1, SKILLS + 1)
    often /= often.sum()
    senior, hard = chance.random(people), chance.random(programmes)
    shown = np.zeros((people, SKILLS))
    for at in range(people):
        has = chance.choice(SKILLS, 4 + int(20 * senior[at]), replace=False, p=often)
        shown[at, has] = _levels(chance, senior[at], len(has))
    points = np.empty((people, programmes))
    for at in range(programmes):
        asked = chance.choice(SKILLS, chance.integers(8, 21), replace=False, p=often)
        weights = chance.uniform(0.5, 2, len(asked))
        shares = np.minimum(shown[:, asked] / _levels(chance, hard[at], len(asked)), 1)
        points[:, at] = shares @ (weights / weights.sum())
    speaks = chance.random((people, LANGUAGES)) < 1 / np.arange(1, LANGUAGES + 1)
    points[~speaks[:, chance.integers(0, LANGUAGES, programmes)]] = 0
    least = max(0.0, -np.partition(-points.ravel(), people * pairs)[people * pairs])
    person, programme = np.nonzero(points > least)
    value = np.round(points[person, programme] * 1_000_000).astype(np.int64)
    spread = chance.lognormal(0, 1, programmes)
    seats = np.maximum(1, np.round(spread / spread.sum() * share * people)).astype(np.int64)
    return Edges(people, person, programme, value, seats, np.zeros(programmes, dtype=np.int64))


def _levels(chance: np.random.Generator, around: float, many: int) -> Any:
    """Levels of 1 to 5, most of them near 5 x `around`."""
    return np.clip(np.round(5 * around + chance.normal(0, 1, many)), 1, 5)


def general(edges: Edges) -> float:
    """The same as a linear programme for a solver that knows nothing of flows."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    count = len(edges.person)
    rows = np.concatenate([edges.person, edges.people + edges.programme])
    matrix = coo_array((np.ones(2 * count), (rows, np.tile(np.arange(count), 2))),
                       shape=(edges.people + edges.programmes, count)).tocsr()  # fmt: skip
    limits = np.concatenate([np.ones(edges.people), edges.seats])
    found = linprog(-edges.value / 1_000_000, A_ub=matrix, b_ub=limits, bounds=(0, 1), method="highs")
    return float(-found.fun * 1_000_000)
