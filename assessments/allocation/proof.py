"""Whether prices prove a placing to be the best: arithmetic alone, which knows no solver."""

from collections.abc import Collection, Iterable, Mapping

Pair = tuple[str, str]


def bound_of(
    values: Mapping[Pair, int],
    prices: Mapping[str, int],
    seats: Mapping[str, int],
    seats_min: Mapping[str, int],
) -> int:
    """What no placing can be worth more than, whatever the prices (weak duality of linear programmes).

    Each person can gain at most the best `value - price`, or nothing; each seat brings its price at most once. A
    negative price counts for the least number that must be there.
    """
    gains: dict[str, int] = {}
    for (person, programme), value in values.items():
        gains[person] = max(gains.get(person, 0), value - prices[programme])
    sold = sum(price * (seats if price > 0 else seats_min)[name] for name, price in prices.items())
    return sum(gains.values()) + sold


def faults_of_placing(
    values: Mapping[Pair, int], placed: Iterable[Pair], seats: Mapping[str, int], seats_min: Mapping[str, int]
) -> list[str]:
    """What is wrong with a placing: a pair that may not be, somebody twice, too many or too few in a programme."""
    pairs = list(placed)
    people = [person for person, _ in pairs]
    counts = {name: sum(programme == name for _, programme in pairs) for name in seats}
    faults = [f"{pair} may not be" for pair in pairs if pair not in values]
    faults += [f"{person} twice" for person in set(people) if people.count(person) > 1]
    faults += [f"{name} too full" for name, count in counts.items() if count > seats[name]]
    return faults + [f"{name} too empty" for name, count in counts.items() if count < seats_min[name]]


def proves(
    values: Mapping[Pair, int],
    placed: Collection[Pair],
    prices: Mapping[str, int],
    seats: Mapping[str, int],
    seats_min: Mapping[str, int],
) -> bool:
    """Whether the placing may be, and is worth exactly what no placing can pass.

    >>> values = {("a", "x"): 5, ("b", "x"): 3}
    >>> proves(values, [("a", "x")], {"x": 3}, {"x": 1}, {"x": 0})
    True
    >>> proves(values, [("b", "x")], {"x": 3}, {"x": 1}, {"x": 0})
    False
    """
    if faults_of_placing(values, placed, seats, seats_min):
        return False
    return sum(values[pair] for pair in placed) == bound_of(values, prices, seats, seats_min)
