"""Selection by sex and age band, step by step and programme by programme, from sums that name nobody."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.validation.fairness import (
    Counted,
    FairnessPolicy,
    GroupName,
    ImpactTable,
    Parts,
    Tally,
    impact,
    in_parts,
    withheld,
)
from service.runtime.actors import Actor
from service.runtime.clock import PARIS
from service.runtime.vocabulary import Stage
from service.store.assessing import surveys
from service.store.assessing.surveys import ROAD, RoadCount

Grouping = Callable[[RoadCount], GroupName]

GROUPINGS: dict[str, Grouping] = {
    "sex": lambda one: (one.sex or "",),
    "age_band": lambda one: (one.age_band or "",),
    "crossed": lambda one: (one.sex or "", one.age_band or ""),
}
"""By what people are compared; each alone first, then both crossed."""


@dataclass(frozen=True)
class StepFigures:
    """One step of the road, for one grouping: over all that is asked for, and what its programmes say together."""

    from_stage: Stage
    to_stage: Stage
    table: ImpactTable
    turned: tuple[GroupName, ...]


@dataclass(frozen=True)
class FairnessFigures:
    """All steps by grouping, as they stood when the month began."""

    as_of: datetime
    by_grouping: dict[str, tuple[StepFigures, ...]]

    @property
    def has_evidence(self) -> bool:
        return any(step.table.rows for steps in self.by_grouping.values() for step in steps)


def month_began(now: datetime) -> datetime:
    """The first moment of this month in France.

    Figures stand still between two such moments: whoever watches them day by day cannot read off who joined a group.
    """
    here = now.astimezone(PARIS)
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


async def figures_of(
    session: AsyncSession, actor: Actor, *, policy: FairnessPolicy, programme_id: UUID | None, now: datetime
) -> FairnessFigures:
    """The figures within reach, of one programme or of all; groups of few people are not told apart from unknown."""
    as_of = month_began(now)
    counts = [
        one
        for one in await surveys.road_counts(session, actor, before=as_of)
        if programme_id is None or one.programme_id == programme_id
    ]
    return FairnessFigures(
        as_of,
        {
            name: tuple(_step(counts, place, grouping, policy) for place in range(len(ROAD) - 1))
            for name, grouping in GROUPINGS.items()
        },
    )


def _step(counts: Sequence[RoadCount], place: int, grouping: Grouping, policy: FairnessPolicy) -> StepFigures:
    """Who stood at `place` and is settled there: went on, or was not retained. Whoever withdrew or waits is neither."""
    settled = [one for one in counts if _is_settled(one, place)]
    programmes = sorted({str(one.programme_id) for one in settled})
    parts = {
        programme: withheld(
            _tally((one for one in settled if str(one.programme_id) == programme), place, grouping), policy
        )
        for programme in programmes
    }
    split: Parts = in_parts(parts, policy)
    return StepFigures(
        ROAD[place],
        ROAD[place + 1],
        impact(withheld(_tally(settled, place, grouping), policy), policy),
        tuple(row.group for row in split.pooled if row.turns_round),
    )


def _is_settled(one: RoadCount, place: int) -> bool:
    return one.furthest > place or (one.furthest == place and one.is_not_retained)


def _tally(counts: Iterable[RoadCount], place: int, grouping: Grouping) -> Tally:
    people: Counter[GroupName] = Counter()
    gone_on: Counter[GroupName] = Counter()
    for one in counts:
        people[grouping(one)] += one.count
        gone_on[grouping(one)] += one.count * (one.furthest > place)
    known = sorted(group for group in people if all(group))
    return Tally(
        groups=tuple(Counted(group=name, n=people[name], selected=gone_on[name]) for name in known),
        unknown=sum(count for group, count in people.items() if not all(group)),
    )
