"""The figures of our own questionnaires are computed from what was submitted, and kept with their moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.instruments import ErrorKind, Instrument
from assessments.validation.policy import ValidityPolicy
from assessments.validation.validity import (
    MISSING,
    Cut,
    EditionFigures,
    Followed,
    InterviewFigures,
    Plan,
    ScaleParts,
    Sittings,
    compute,
    interview_agreement,
)
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.assessing import validity as store
from service.tables.outcomes import ValidityFigures

FRESH_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Gathered:
    """All that the figures are computed from, as it was at one moment."""

    policy: ValidityPolicy
    editions: tuple[tuple[Plan, Sittings, tuple[Followed, ...]], ...]
    ratings: tuple[tuple[float | None, ...], ...]
    now: datetime


@dataclass(frozen=True)
class Computed:
    """What was computed in one go."""

    editions: tuple[EditionFigures, ...]
    interviews: InterviewFigures


async def is_old(session: AsyncSession, *, now: datetime) -> bool:
    """True when nothing was computed within a day."""
    last = await store.last_computed_at(session)
    return last is None or now - last >= FRESH_FOR


async def gather(session: AsyncSession, *, editions: Editions, now: datetime) -> Gathered:
    """Read every edition's submitted answers, what was seen of people later, and the ratings of interviews."""
    policy = editions.validity_policy_on(civil_date(now))
    outcomes = await store.newest_outcomes(session)
    found = [
        await _edition(session, plan_of(instrument), policy, outcomes=outcomes)
        for instrument in editions.instruments.values()
    ]
    ratings = tuple(tuple(row) for row in await store.rated_twice(session))
    return Gathered(policy, tuple(found), ratings, now)


def compute_all(gathered: Gathered) -> Computed:
    """The figures of everything gathered; slow for a large base, so never within a transaction or a request."""
    today = civil_date(gathered.now)
    return Computed(
        editions=tuple(
            compute(plan, sittings, gathered.policy, today=today, followed=followed)
            for plan, sittings, followed in gathered.editions
        ),
        interviews=interview_agreement(gathered.ratings, gathered.policy),
    )


async def keep(session: AsyncSession, computed: Computed, *, now: datetime) -> None:
    """Keep the figures with their moment, beside the older ones."""
    for figures in computed.editions:
        session.add(_row(figures.instrument, figures.edition, figures, now=now))
    session.add(_row(store.INTERVIEW, computed.interviews.policy_edition, computed.interviews, now=now))
    await session.flush()


def _row(
    name: str, edition: str, figures: EditionFigures | InterviewFigures, *, now: datetime
) -> ValidityFigures:
    return ValidityFigures(
        instrument=name,
        edition=edition,
        policy_edition=figures.policy_edition,
        result=figures.model_dump(mode="json"),
        computed_at=now,
    )


def plan_of(instrument: Instrument) -> Plan:
    """What there is to look at in one edition: its scored items by scale, and the edges of its bands."""
    weights = instrument.item_weights()
    return Plan(
        instrument=instrument.slug,
        edition=instrument.edition,
        is_of_facts=instrument.error.kind is ErrorKind.FACTS,
        scales=tuple(
            ScaleParts(
                scale=scale.id,
                label=scale.label,
                items=tuple(item.id for item in instrument.items_of(scale.id)),
                weights=tuple(weights[item.id] for item in instrument.items_of(scale.id)),
            )
            for scale in instrument.scales
        ),
        cuts=tuple(
            Cut(label=band.label, hundredths=band.from_hundredths)
            for band in instrument.bands
            if band.from_hundredths > 0
        ),
    )


async def _edition(
    session: AsyncSession,
    plan: Plan,
    policy: ValidityPolicy,
    *,
    outcomes: Mapping[tuple[str, int], Mapping[UUID, int]],
) -> tuple[Plan, Sittings, tuple[Followed, ...]]:
    place = {item: at for at, item in enumerate(item for scale in plan.scales for item in scale.items)}
    credits, scores, days = [], [], []
    score_of: dict[UUID, float] = {}
    async for sat in store.sittings(session, plan.instrument, plan.edition):
        row = np.full(len(place), MISSING, np.int8)
        for item, credit in sat.credits.items():
            if item in place:
                row[place[item]] = credit
        credits.append(row)
        scores.append(np.nan if sat.score_hundredths is None else float(sat.score_hundredths))
        days.append(civil_date(sat.submitted_at).toordinal())
        if sat.score_hundredths is not None:
            score_of[sat.candidate_id] = float(sat.score_hundredths)
    sittings = Sittings(
        np.array(credits, np.int8).reshape(len(credits), len(place)),
        np.array(scores, np.float64),
        np.array(days, np.int64),
    )
    followed = tuple(
        _followed(measure.measure, day, score_of, outcomes.get((measure.measure, day), {}))
        for measure in policy.measures
        for day in policy.days
    )
    return plan, sittings, followed


def _followed(measure: str, days: int, scores: Mapping[UUID, float], values: Mapping[UUID, int]) -> Followed:
    both = [person for person in values if person in scores]
    return Followed(
        measure, days, [scores[person] for person in both], [float(values[person]) for person in both]
    )
