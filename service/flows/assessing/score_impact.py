"""How often each group scores above the median with one edition of a questionnaire: sums, as the month began."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.validation.fairness import Counted, FairnessPolicy, GroupName, Tally, impact, withheld
from service.flows.assessing.fairness import month_began
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.assessing import surveys
from service.store.assessing.surveys import ScoreCount
from service.store.assessing.validity import IMPACT, ImpactFacts
from service.tables.outcomes import ValidityFigures

Grouping = Callable[[ScoreCount], GroupName]

GROUPINGS: dict[str, Grouping] = {
    "sex": lambda one: (one.sex or "",),
    "age_band": lambda one: (one.age_band or "",),
    "crossed": lambda one: (one.sex or "", one.age_band or ""),
}


async def gather(
    session: AsyncSession, *, editions: Editions, now: datetime
) -> dict[tuple[str, str], ImpactFacts]:
    """The comparison of every edition that somebody submitted before the month began."""
    policy, as_of = editions.fairness_policy_on(civil_date(now)), month_began(now)
    counts = {key: await surveys.score_counts(session, *key, before=as_of) for key in editions.instruments}
    return {key: compare(found, policy, as_of=as_of) for key, found in counts.items() if found}


def compare(counts: Sequence[ScoreCount], policy: FairnessPolicy, *, as_of: datetime) -> ImpactFacts:
    """Each grouping's table; groups of few people are counted with those who said nothing."""
    middle = twice_median(counts)
    return ImpactFacts(
        as_of=civil_date(as_of),
        people=sum(one.count for one in counts),
        tables={
            name: impact(withheld(_tally(counts, grouping, middle), policy), policy)
            for name, grouping in GROUPINGS.items()
        },
    )


def twice_median(counts: Sequence[ScoreCount]) -> int:
    """Twice the median of all scores, a whole number whether one or two people stand in the middle; 0 for nobody.

    >>> two = [ScoreCount(sex=None, age_band=None, score=score, count=2) for score in (40, 51)]
    >>> twice_median(two), twice_median(two[:1])
    (91, 80)
    """
    people = sum(one.count for one in counts)
    passed, middle = 0, []
    for score, count in sorted(_by_score(counts).items()):
        middle += [score] * sum(
            passed <= place < passed + count for place in ((people - 1) // 2, people // 2)
        )
        passed += count
    return sum(middle)


def _by_score(counts: Sequence[ScoreCount]) -> Counter[int]:
    found: Counter[int] = Counter()
    for one in counts:
        found[one.score] += one.count
    return found


def _tally(counts: Sequence[ScoreCount], grouping: Grouping, middle: int) -> Tally:
    people: Counter[GroupName] = Counter()
    above: Counter[GroupName] = Counter()
    for one in counts:
        people[grouping(one)] += one.count
        above[grouping(one)] += one.count * (2 * one.score > middle)
    known = sorted(group for group in people if all(group))
    return Tally(
        groups=tuple(Counted(group=name, n=people[name], selected=above[name]) for name in known),
        unknown=sum(count for group, count in people.items() if not all(group)),
    )


async def keep(
    session: AsyncSession, found: dict[tuple[str, str], ImpactFacts], *, policy_edition: str, now: datetime
) -> None:
    """Keep each comparison with its moment, beside the older ones."""
    for (slug, edition), one in found.items():
        session.add(
            ValidityFigures(
                instrument=IMPACT + slug, edition=edition, policy_edition=policy_edition,
                result=one.model_dump(mode="json"), computed_at=now,
            )
        )  # fmt: skip
    await session.flush()
