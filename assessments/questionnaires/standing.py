"""Scores beside one another: who is surely above whom, and who ties because the error is wider than the distance."""

from collections.abc import Sequence

from assessments.values import Value


class Placed(Value):
    """One score to be placed, with its standard error, both in hundredths of a point."""

    name: str
    score_hundredths: int
    standard_error_hundredths: int


class Standing(Value):
    """Where one score stands in a list.

    `place` counts from 1 by the number alone, equal numbers sharing it. The true place lies from `from_place` to
    `to_place`: after everybody surely above, before everybody surely below. `ties_with` names those who are neither, in
    the order of the list. `tier` counts from 1; a tier holds those who tie with the highest score in it.
    """

    name: str
    score_hundredths: int
    standard_error_hundredths: int
    place: int
    from_place: int
    to_place: int
    tier: int
    ties_with: tuple[str, ...]


def is_surely_above(one: Placed, other: Placed) -> bool:
    """Whether `one` is above `other` by more than chance makes plausible: a difference over 1.96 standard errors of the
    difference, the square root of the sum of both squares (NCME, standard error of measurement).

    On that edge they still tie. Computed in whole numbers, 1.96 being 49/25, so that the edge is exact.

    >>> scores = (Placed(name=str(s), score_hundredths=s, standard_error_hundredths=300) for s in (7031, 7032, 6200))
    >>> lower, higher, other = scores  # 1.96 x sqrt(300^2 + 300^2) = 831.6
    >>> is_surely_above(lower, other), is_surely_above(higher, other)
    (False, True)
    """
    distance = one.score_hundredths - other.score_hundredths
    both = one.standard_error_hundredths**2 + other.standard_error_hundredths**2
    return distance > 0 and 625 * distance**2 > 2401 * both


def standings(placed: Sequence[Placed]) -> tuple[Standing, ...]:
    """Everybody's standing, highest score first, then by name.

    To tie is not transitive: A may tie with B, and B with C, while A is surely above C. So nobody is lumped together by
    chains: each says whom they tie with. A tier is only a help for the eye: two people who tie with the first of it may
    differ surely from each other, and two of neighbouring tiers may tie. No order is changed by any of this.
    """
    order = sorted(placed, key=lambda one: (-one.score_hundredths, one.name))
    found: list[Standing] = []
    leader, tier = order[0] if order else None, 1
    for one in order:
        assert leader is not None
        if is_surely_above(leader, one):
            leader, tier = one, tier + 1
        above = sum(is_surely_above(other, one) for other in order)
        below = sum(is_surely_above(one, other) for other in order)
        found.append(
            Standing(
                **one.model_dump(),
                place=1 + sum(other.score_hundredths > one.score_hundredths for other in order),
                from_place=1 + above,
                to_place=len(order) - below,
                tier=tier,
                ties_with=tuple(other.name for other in order if other is not one and is_tie(one, other)),
            )
        )
    return tuple(found)


def is_tie(one: Placed, other: Placed) -> bool:
    """Whether neither is surely above the other."""
    return not is_surely_above(one, other) and not is_surely_above(other, one)
