"""Why a match stands where it stands: the parts of its score to the last digit, and whom it truly ties with."""

from collections.abc import Iterable, Sequence
from math import sqrt

from assessments.matching.matches import Match
from assessments.matching.weighing import MatchingPolicy
from assessments.profiles import Importance
from assessments.questionnaires.standing import Placed, is_surely_above, is_tie
from assessments.values import Value


class ScorePart(Value):
    """What one thing adds to the score, of the most it could add; `base` is where the grade's band begins."""

    name: str
    points: float
    most: float


class TruePlace(Value):
    """Where somebody stands in a list beyond chance, counted from 1, and who cannot be told apart from them."""

    from_place: int
    to_place: int
    ties_with: tuple[str, ...]


def parts_of(match: Match, policy: MatchingPolicy) -> tuple[ScorePart, ...]:
    """The parts of a score, in the order of the weights; their sum is the score, in hundredths of a point.

    What rounding leaves goes to the parts that lost most by it.
    """
    low, high = policy.score.bands[match.grade]
    weights = policy.score.weights
    width = (high - low) / sum(weights.values())
    names = [name for name in weights if name in match.shares]
    exact = [width * weights[name] * match.shares[name] * 100 for name in names]
    whole = [int(points) for points in exact]
    left = round(match.score * 100) - round(low * 100) - sum(whole)
    for at in sorted(range(len(names)), key=lambda at: whole[at] - exact[at])[: max(0, left)]:
        whole[at] += 1
    base = ScorePart(name="base", points=low, most=low)
    rest = (
        ScorePart(name=name, points=points / 100, most=max(round(width * weights[name], 2), points / 100))
        for name, points in zip(names, whole, strict=True)
    )
    return (base, *rest)


def error_of(match: Match, policy: MatchingPolicy) -> float:
    """Standard error of a score, in points: each level read may be off by the policy's figure, apart from the others.

    A level far above what is asked moves nothing; hours, home post and preferences are counted, not read.
    """
    low, high = policy.score.bands[match.grade]
    weights, error = policy.score.weights, policy.score.reading_error_levels
    fits = (*match.met, *match.partial, *match.missing)
    variance = 0.0
    for importance in Importance:
        group = [fit for fit in fits if fit.importance is importance]
        for fit in group:
            if fit.shown <= fit.asked:
                variance += (weights[importance.value] / len(group) * error / fit.asked) ** 2
    return (high - low) / sum(weights.values()) * sqrt(variance)


def placed_of(match: Match, policy: MatchingPolicy) -> Placed:
    """The match as a score with its error, in hundredths."""
    return Placed(
        name=match.candidate,
        score_hundredths=round(match.score * 100),
        standard_error_hundredths=round(error_of(match, policy) * 100),
    )


def true_places(
    wanted: Iterable[Match], everybody: Sequence[Match], policy: MatchingPolicy
) -> dict[str, TruePlace]:
    """The true place of some people among everybody, by candidate.

    The grade comes from rules and not from small differences: people of another grade are surely above or below.
    """
    by_grade: dict[int, list[Placed]] = {}
    for match in everybody:
        by_grade.setdefault(match.grade, []).append(placed_of(match, policy))
    found = {}
    for match in wanted:
        one, peers = placed_of(match, policy), by_grade.get(match.grade, [])
        higher = sum(len(placed) for grade, placed in by_grade.items() if grade > match.grade)
        above = sum(is_surely_above(other, one) for other in peers)
        below = sum(is_surely_above(one, other) for other in peers)
        found[match.candidate] = TruePlace(
            from_place=higher + above + 1,
            to_place=higher + len(peers) - below,
            ties_with=tuple(other.name for other in peers if other.name != one.name and is_tie(one, other)),
        )
    return found
