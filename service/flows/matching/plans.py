"""What is lacking, planned: remedies with cost, delay and payer, dated on the working days of France."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.matching.matching import Match
from assessments.matching.remedied import with_plan
from assessments.questionnaires.scoring import Gap
from assessments.remedies.planning import WorkingDays, gaps_of_answers, plan_remedies
from assessments.remedies.plans import RemedyPlan
from service.flows.training_days import working_days
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store import audit, reach
from service.store.assessing import assessments


@lru_cache(maxsize=8)
def _days_around(today: date) -> WorkingDays:
    """The working days of the years around a day, which every match of a list asks for."""
    return working_days(today)


def plan_match(editions: Editions, match: Match, *, now: datetime, start: date | None = None) -> Match:
    """The match with the plan that closes its gaps; a line that money mends is no longer a `no`."""
    today = civil_date(now)
    return with_plan(
        match, editions.catalogue_on(today), today=today, working_days=_days_around(today), start=start
    )


def plan_answers(editions: Editions, gaps: Iterable[Gap], *, now: datetime) -> RemedyPlan:
    """What would close the gaps that questionnaires left, with the remedies that they name."""
    today = civil_date(now)
    return plan_remedies(
        gaps_of_answers(gaps), editions.catalogue_on(today), today=today, working_days=_days_around(today)
    )


async def read_plan(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> RemedyPlan:
    """What one person's newest questionnaires leave to arrange, planned; the reading is noted."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    audit.record(session, actor, action="plan.read", subject=("candidate", candidate.id), now=now)
    return await plan_of(session, candidate.id, editions=editions, now=now)


async def plan_of(
    session: AsyncSession, candidate_id: UUID, *, editions: Editions, now: datetime
) -> RemedyPlan:
    """The same for a caller that has checked who is asking and noted it."""
    cards = await assessments.newest_scorecards_of(session, candidate_id)
    return plan_answers(editions, [gap for card in cards for gap in card.result.gaps], now=now)
