"""Pairs of people and programmes in order, from profiles alone: what commands and the service both rank by."""

from collections.abc import Callable, Sequence

from assessments.matching.matching import Match, Matcher
from assessments.profiles import CandidateProfile, ProgrammeProfile


def by_rank(matches: Sequence[Match]) -> tuple[Match, ...]:
    """One programme's matches, best first, ranked from 1; ties go by the person's id."""
    ordered = sorted(matches, key=lambda match: (-match.score, match.candidate))
    return tuple(match.model_copy(update={"rank": rank}) for rank, match in enumerate(ordered, start=1))


def weigh_all(
    matcher: Matcher,
    people: Sequence[CandidateProfile],
    programmes: Sequence[ProgrammeProfile],
    *,
    tick: Callable[[int], object] = lambda _: None,
) -> tuple[tuple[Match, ...], ...]:
    """Every pair, ranked, one sequence a programme; `tick(1)` is called for each person read and programme weighed."""
    readings = []
    for person in people:
        readings.append(matcher.reader.read(person))
        tick(1)
    ranked = []
    for programme in programmes:
        prepared = matcher.prepare(programme)
        pairs = zip(people, readings, strict=True)
        ranked.append(by_rank([matcher.weigh(person, reading, prepared) for person, reading in pairs]))
        tick(1)
    return tuple(ranked)
