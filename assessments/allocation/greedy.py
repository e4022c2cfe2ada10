"""The best pair first, again and again, as a hand with a sorted spreadsheet would do it."""

import numpy as np

from assessments.allocation.edges import Edges, Whole


def best_pair_first(edges: Edges) -> Whole:
    """Places of the chosen pairs; equal pairs in the order of the arrays. `seats_min` is not looked at.

    It is fast and looks fair, and loses: whoever could go to one programme only finds it full of people who had others.
    """
    free = edges.seats.tolist()
    is_placed = bytearray(edges.people)
    order = np.argsort(-edges.value, kind="stable")
    chosen: list[int] = []
    rows = zip(order.tolist(), edges.person[order].tolist(), edges.programme[order].tolist(), strict=True)
    for at, person, programme in rows:
        if free[programme] and not is_placed[person]:
            free[programme] -= 1
            is_placed[person] = 1
            chosen.append(at)
    return np.array(chosen, dtype=np.int64)
