"""What people of one programme came to in one dimension, as far as it takes to lay them beside one another."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor
from service.runtime.vocabulary import FINAL_STAGES
from service.store import reach
from service.tables.applications import Application
from service.tables.assessments import Scorecard
from service.tables.people import Candidate


class PlacedFacts(BaseModel):
    """One person's newest card of the dimension, by pseudonym; nothing of who it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    candidate_id: UUID
    pseudonym: str
    edition: str
    score_hundredths: int
    standard_error_hundredths: int


async def placed_of(
    session: AsyncSession, actor: Actor, programme_id: UUID, dimension: str
) -> tuple[PlacedFacts, ...]:
    """Everybody within reach whose application to the programme is open and who has a card of the dimension."""
    applied = select(col(Application.candidate_id)).where(
        col(Application.programme_id) == programme_id,
        col(Application.stage).not_in(FINAL_STAGES),
        reach.applications_within(actor),
    )
    rows = await session.execute(
        select(
            col(Scorecard.candidate_id), col(Candidate.pseudonym), col(Scorecard.edition),
            col(Scorecard.result)["score_hundredths"].as_integer().label("score_hundredths"),
            col(Scorecard.standard_error).label("standard_error_hundredths"),
        )
        .join(Candidate, col(Candidate.id) == col(Scorecard.candidate_id))
        .where(
            col(Scorecard.dimension) == dimension, col(Scorecard.standard_error).is_not(None),
            col(Scorecard.candidate_id).in_(applied), reach.candidates_within(actor),
        )
        .order_by(col(Scorecard.scored_at), col(Scorecard.id))
    )  # fmt: skip
    newest = {row.candidate_id: PlacedFacts(**row._mapping) for row in rows}
    return tuple(newest.values())
