"""What answers come to: submitted once, scored, and weighed for a person who decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.questionnaires import answers, screening
from assessments.questionnaires.answers import Answers, Problem
from assessments.questionnaires.instruments import Dimension, Instrument
from service.flows.assessing.answering import (
    answers_of,
    faults_of,
    in_both,
    instrument_of,
    own_row,
    refuse_when_submitted,
)
from service.flows.assessing.scoring import card_of, row_of, seen_today, shown_of
from service.flows.assessing.time_limits import closed_items
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import NotFound, RuleBroken
from service.runtime.vocabulary import ResponseState, Stage
from service.store import audit, reach
from service.store.assessing import assessments as store
from service.store.assessing.assessments import ScorecardFacts, ScreeningFacts
from service.tables.applications import Application, StageChange
from service.tables.assessments import Response, Screening
from service.tables.people import Candidate

SCORE_COLUMNS = {
    Dimension.AUTONOMY: "autonomy_score",
    Dimension.ENVIRONMENT: "environment_score",
    Dimension.EQUIPMENT: "equipment_score",
}


async def submit(
    session: AsyncSession, actor: Actor, row: Response, *, editions: Editions, now: datetime
) -> ScorecardFacts:
    """Freeze the answers and score them; RuleBroken names every question still open. Nothing changes afterwards."""
    refuse_when_submitted(row)
    instrument = instrument_of(editions, row)
    read = _complete(instrument, row, now=now)
    if not isinstance(read, Answers):
        raise RuleBroken("Some questions are still open; see errors.", faults=faults_of(read))
    card = card_of(instrument, read, await shown_of(session, row.candidate_id), editions=editions, now=now)
    kept = row_of(row, instrument, read, card, editions=editions, now=now)
    if kept is None:
        raise RuleBroken(in_both(card.reasons[0]), code="nothing-answered")
    row.answers, row.state, row.submitted_at, row.saved_at = read.to_json(), ResponseState.SUBMITTED, now, now
    session.add(kept)
    candidate = await session.get_one(Candidate, row.candidate_id)
    setattr(candidate, SCORE_COLUMNS[card.dimension], kept.score)
    await session.flush()
    audit.record(
        session, actor, action="response.submit", subject=("candidate", row.candidate_id), now=now,
        detail={"response": str(row.id), "scorecard": str(kept.id), "edition": f"{row.instrument} {row.edition}"},
    )  # fmt: skip
    if await _has_submitted_all(session, row.candidate_id, editions=editions, now=now):
        await advance(
            session, row.candidate_id, (Stage.APPLIED, Stage.INVITED), Stage.ASSESSED,
            staff_id=None, now=now,
        )  # fmt: skip
    return store.scorecard_facts(kept)


def _complete(instrument: Instrument, row: Response, *, now: datetime) -> Answers | tuple[Problem, ...]:
    """The answers to the questions this person is asked, or what is open; a page whose time is over leaves gaps."""
    read = answers.from_stored(instrument, row.answers, complete=True)
    if isinstance(read, Answers):
        return read
    over = closed_items(instrument, store.response_facts(row), now=now)
    still_open = tuple(one for one in read if one.item not in over or one.code != "missing")
    saved = answers_of(instrument, row.answers)
    asked = {item.id for item in answers.visible_items(instrument, saved)}
    kept = tuple(answer for answer in saved.answers if answer.item in asked)
    return still_open or saved.model_copy(update={"answers": kept})


async def submit_own(
    session: AsyncSession, actor: Actor, slug: str, *, editions: Editions, now: datetime
) -> None:
    """Submit one's own answers to one questionnaire; a second press of the button changes nothing."""
    row = await store.latest_row(session, (await own_row(session, actor)).id, slug, to_change=True)
    if row is None:
        raise NotFound
    if row.state is not ResponseState.SUBMITTED:
        await submit(session, actor, row, editions=editions, now=now)


async def _has_submitted_all(
    session: AsyncSession, candidate_id: UUID, *, editions: Editions, now: datetime
) -> bool:
    submitted = await session.scalars(
        select(col(Response.instrument)).where(
            col(Response.candidate_id) == candidate_id, col(Response.state) == ResponseState.SUBMITTED
        )
    )
    return {one.slug for one in editions.instruments_on(civil_date(now))} <= set(submitted)


async def advance(
    session: AsyncSession,
    candidate_id: UUID,
    from_stages: Sequence[Stage],
    to_stage: Stage,
    *,
    staff_id: UUID | None,
    now: datetime,
) -> int:
    """Move the applications of one person that stand at one of `from_stages` on to `to_stage`; how many moved.

    Only for the steps that follow from what happened (invited, assessed), never for one that a person decides.
    """
    rows = await session.scalars(
        select(Application)
        .where(col(Application.candidate_id) == candidate_id, col(Application.stage).in_(from_stages))
        .with_for_update()
    )
    moved = list(rows)
    for row in moved:
        change = StageChange(
            application_id=row.id, from_stage=row.stage, to_stage=to_stage,
            staff_id=staff_id, at=now,
        )  # fmt: skip
        session.add(change)
        row.stage, row.stage_since = to_stage, now
    return len(moved)


async def own_scorecards(
    session: AsyncSession, actor: Actor, *, editions: Editions, now: datetime
) -> tuple[ScorecardFacts, ...]:
    """One's own scorecards, newest first, with what was shown up to today."""
    return await seen_today(session, await store.scorecards_of(session, actor), editions=editions, now=now)


async def read_scorecards(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> tuple[ScorecardFacts, ...]:
    """A person's scorecards for staff, with what was shown up to today; the read is noted."""
    found = await store.scorecards_of(session, actor, candidate_id)
    audit.record(session, actor, action="scorecard.list", subject=("candidate", str(candidate_id)), now=now)
    return await seen_today(session, found, editions=editions, now=now)


async def newest_results(
    session: AsyncSession, candidate_id: UUID, *, editions: Editions, now: datetime
) -> tuple[ScorecardFacts, ...]:
    """The newest scorecard of each dimension as it is seen today. The caller has checked who asks, and notes it."""
    cards = await store.newest_scorecards_of(session, candidate_id)
    return await seen_today(session, cards, editions=editions, now=now)


async def read_scorecard(
    session: AsyncSession, actor: Actor, scorecard_id: str | UUID, *, editions: Editions, now: datetime
) -> ScorecardFacts:
    """One scorecard with all its reasons and with what was shown up to today; the read is noted."""
    found = await store.scorecard(session, actor, scorecard_id)
    found = (await seen_today(session, [found], editions=editions, now=now))[0]
    audit.record(
        session, actor, action="scorecard.read", subject=("candidate", found.candidate_id), now=now,
        detail={"scorecard": str(found.id)},
    )  # fmt: skip
    return found


async def screen_candidate(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> ScreeningFacts:
    """Weigh a person's newest scorecards and keep what was recommended, why, and by which editions. Decides nothing."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    cards = await newest_results(session, candidate.id, editions=editions, now=now)
    policy = editions.screening_policy_on(civil_date(now))
    recommendation = screening.recommend([card.result for card in cards], policy)
    row = Screening(
        candidate_id=candidate.id,
        policy_edition=policy.edition,
        outcome=recommendation.outcome.value,
        result=recommendation.model_dump(mode="json"),
        scorecard_ids=[str(card.id) for card in cards],
        staff_id=actor.staff_id,
        screened_at=now,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="screening.create", subject=("candidate", candidate.id), now=now,
        detail={"screening": str(row.id), "outcome": row.outcome, "policy": policy.edition},
    )  # fmt: skip
    return store.screening_facts(row)


async def read_screenings(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, now: datetime
) -> tuple[ScreeningFacts, ...]:
    """Every recommendation about one person; the read is noted."""
    found = await store.screenings_of(session, actor, candidate_id)
    audit.record(session, actor, action="screening.list", subject=("candidate", str(candidate_id)), now=now)
    return found
