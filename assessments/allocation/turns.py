"""Among people who count exactly the same, whose turn it is: those left before, then the draw."""

import heapq

import numpy as np

from assessments.allocation.edges import Edges, Whole


def in_turn(edges: Edges, chosen: Whole, prices: Whole) -> tuple[Whole, frozenset[int]]:
    """The placing with equals put in their turn, worth the same; and who is left while an equal is placed.

    People are numbered in their turn. Only those on the margin can be exchanged: placed or not, the whole is worth the
    same, so their pair is worth exactly its price. Afterwards nobody left could take the place of an equal whose turn
    comes later.
    """
    home = np.full(edges.people, -1, dtype=np.int64)
    home[edges.person[chosen]] = edges.programme[chosen]
    pair = np.full(edges.people, -1, dtype=np.int64)
    pair[edges.person[chosen]] = chosen
    on_margin: list[list[int]] = [[] for _ in range(edges.programmes)]
    ways: dict[int, list[tuple[int, int]]] = {}
    gain = edges.value - prices[edges.programme]
    gains = np.zeros(edges.people, dtype=np.int64)
    np.maximum.at(gains, edges.person, gain)
    for at in np.flatnonzero((gain == 0) & (gains[edges.person] == 0)).tolist():
        person, programme = int(edges.person[at]), int(edges.programme[at])
        ways.setdefault(person, []).append((programme, at))
        if home[person] == programme:
            heapq.heappush(on_margin[programme], -person)
    waiting = [person for person in ways if home[person] < 0]
    heapq.heapify(waiting)
    drawn: set[int] = set()
    while waiting:
        person = heapq.heappop(waiting)
        chances = [
            (-on_margin[programme][0], programme, at)
            for programme, at in ways[person]
            if on_margin[programme]
        ]
        last, programme, at = max(chances, default=(-1, -1, -1))
        if last > person:
            heapq.heapreplace(on_margin[programme], -person)
            heapq.heappush(waiting, last)
            pair[person], pair[last] = at, -1
        elif chances:
            drawn.add(person)
    return np.sort(pair[pair >= 0]), frozenset(drawn)
