"""The most valuable placing over seats, as a flow of least cost (OR-Tools, cost scaling)."""

import numpy as np

from assessments.allocation.edges import Edges, Whole


def most_valuable(edges: Edges) -> Whole | None:
    """Places of the chosen pairs, to the optimum; None when the least numbers of seats cannot all be filled.

    One node a person, one a programme, one for nowhere; a pair is an arc that costs what it is worth below zero.
    """
    # OR-Tools takes a moment to import, which a service that allocates nothing need not wait for.
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    count, nowhere = len(edges.person), edges.people + edges.programmes
    programmes = np.arange(edges.people, nowhere)
    flow.add_arcs_with_capacity_and_unit_cost(
        edges.person.astype(np.int32), (edges.programme + edges.people).astype(np.int32),
        np.ones(count, dtype=np.int64), -edges.value,
    )  # fmt: skip
    everybody = np.arange(edges.people, dtype=np.int32)
    flow.add_arcs_with_capacity_and_unit_cost(
        everybody, np.full(edges.people, nowhere, dtype=np.int32),
        np.ones(edges.people, dtype=np.int64), np.zeros(edges.people, dtype=np.int64),
    )  # fmt: skip
    flow.add_arcs_with_capacity_and_unit_cost(
        programmes.astype(np.int32), np.full(edges.programmes, nowhere, dtype=np.int32),
        edges.seats - edges.seats_min, np.zeros(edges.programmes, dtype=np.int64),
    )  # fmt: skip
    supplies = np.concatenate([np.ones(edges.people, dtype=np.int64), -edges.seats_min,
                               [int(edges.seats_min.sum()) - edges.people]])  # fmt: skip
    flow.set_nodes_supplies(np.arange(nowhere + 1, dtype=np.int32), supplies)
    status = flow.solve()
    if status == flow.INFEASIBLE:
        return None
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the flow could not be solved: {status}")
    flows = flow.flows(np.arange(count, dtype=np.int32))
    return np.flatnonzero(flows).astype(np.int64)
