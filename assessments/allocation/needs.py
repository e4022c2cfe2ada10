"""Needs by half hour laid out for search: the weeks that each pair may have, and weeks made better one at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assessments.allocation.board import Board, asked_of
from assessments.allocation.coverage import A_WEEK
from assessments.allocation.solution import Rosters
from assessments.allocation.weeks import WeekAsked, Weeks, Worth

Pair = tuple[int, int]

_ROUNDS = 40
_DEEPER = 1e-3
"""Between two half hours that lack somebody, the one that lacks more is worth a little more."""


@dataclass(frozen=True)
class Needs:
    """A board with its pairs, fixed ones too, and the weeks of those whose programme says when it needs people."""

    board: Board

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        edges = self.board.edges
        open_pairs = zip(edges.person.tolist(), edges.programme.tolist(), strict=True)
        return tuple(sorted([*open_pairs, *self.board.fixed.items()]))

    @cached_property
    def asked(self) -> Mapping[Pair, WeekAsked]:
        """What each pair asks of a week; pairs of programmes without needs are not in it."""
        board = self.board
        return {
            pair: asked_of(board.people[pair[0]], board.programmes[pair[1]], board.open[pair[1]])
            for pair in self.pairs
            if board.curves[pair[1]]
        }

    @cached_property
    def weeks(self) -> Mapping[WeekAsked, Weeks]:
        return {asked: Weeks(asked, self.board.policy.week) for asked in dict.fromkeys(self.asked.values())}

    @cached_property
    def wanted(self) -> tuple[Worth, ...]:
        """People needed in each half hour of the week, programme by programme."""
        found = []
        for curve in self.board.curves:
            people = np.zeros(A_WEEK)
            people[list(curve)] = list(curve.values())
            found.append(people)
        return tuple(found)

    def best_week(self, pair: Pair, worth: Worth) -> tuple[float, frozenset[int]]:
        return self.weeks[self.asked[pair]].best(worth)


def reworked(needs: Needs, home: Mapping[int, int], rosters: Rosters) -> Rosters:
    """Everybody's week sought anew beside those of all others, again and again until none gets better.

    Never worse than before: a person's week is the best there is while the others stay. Who has no week yet gets one.
    """
    found = dict(rosters)
    people = [person for person in sorted(home) if (person, home[person]) in needs.asked]
    lacking = [wanted.copy() for wanted in needs.wanted]
    for person, slots in found.items():
        lacking[home[person]][list(slots)] -= 1
    for _ in range(_ROUNDS):
        if not sum([_rework(needs, person, home[person], lacking[home[person]], found) for person in people]):
            break
    return found


def _rework(
    needs: Needs, person: int, programme: int, lacking: Worth, found: dict[int, frozenset[int]]
) -> bool:
    """Whether this person's week was changed for a better one; `lacking` follows."""
    before = found.get(person)
    if before:
        lacking[list(before)] += 1
    deep = np.maximum(lacking, 0)
    worth = np.where(deep > 0, 1 + _DEEPER * deep / (1 + deep), 0.0)
    value, after = needs.best_week((person, programme), worth)
    is_better = before is None or value > _sum(worth, before) + 1e-4
    if is_better:
        found[person] = after
    lacking[list(found[person])] -= 1
    return is_better


def _sum(worth: Worth, slots: Iterable[int]) -> float:
    return float(worth[list(slots)].sum())
