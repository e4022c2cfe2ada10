"""What answers came to, and recommendations, for machines."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out
from service.api.responses import problems
from service.flows import assessments
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store.assessments import ScorecardFacts, ScreeningFacts


class TextOut(Out):
    """The same words in French and in English."""

    fr: str
    en: str


class ScorecardOut(Out):
    """A score with its reasons. `result` holds band, contributions that sum exactly, gaps and remedies."""

    id: UUID
    candidate_id: UUID
    response_id: UUID
    instrument: str
    edition: str
    dimension: str
    score: Annotated[int, Field(ge=0, le=100)]
    band: str
    reasons: list[TextOut]
    result: dict[str, Any]
    scored_at: datetime


class ScreeningOut(Out):
    """A recommendation with its reasons. It is not a decision: a person decides, in another request."""

    id: UUID
    candidate_id: UUID
    outcome: str
    policy_edition: str
    reasons: list[TextOut]
    result: dict[str, Any]
    scorecard_ids: list[UUID]
    screened_at: datetime
    is_decision: Literal[False] = False


class Scorecards(Controller):
    """Results and recommendations, for whoever recruits."""

    tags = ["Screening"]

    @get(
        "/candidates/{candidate_id:str}/scorecards",
        operation_id="scorecards.list",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def list_of(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> list[ScorecardOut]:
        """List a person's results, newest first. The read is noted in the audit trail."""
        found = await assessments.read_scorecards(session, actor, candidate_id, now=now)
        return [scorecard_out(one) for one in found]

    @get(
        "/scorecards/{scorecard_id:str}",
        operation_id="scorecards.read",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def read(
        self,
        scorecard_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> ScorecardOut:
        """Read one result with its reasons and what each answer brought."""
        return scorecard_out(await assessments.read_scorecard(session, actor, scorecard_id, now=now))

    @post(
        "/candidates/{candidate_id:str}/screenings",
        operation_id="screenings.create",
        responses=problems(401, 404),
    )
    async def screen(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ScreeningOut:
        """Weigh a person's newest results by the policy in force. It recommends with reasons and decides nothing."""
        return screening_out(
            await assessments.screen_candidate(session, actor, candidate_id, editions=editions, now=now)
        )

    @get(
        "/candidates/{candidate_id:str}/screenings",
        operation_id="screenings.list",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def screenings(
        self,
        candidate_id: FromPath[str],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> list[ScreeningOut]:
        """List what was recommended about a person, newest first."""
        found = await assessments.read_screenings(session, actor, candidate_id, now=now)
        return [screening_out(one) for one in found]


def scorecard_out(found: ScorecardFacts) -> ScorecardOut:
    result = found.result.model_dump(mode="json")
    return ScorecardOut(
        **found.model_dump(exclude={"result", "standard_error", "signals"}),
        reasons=result["reasons"],
        result=result,
    )


def screening_out(found: ScreeningFacts) -> ScreeningOut:
    result = found.result.model_dump(mode="json")
    said = found.model_dump(exclude={"result", "staff_id", "scorecard_ids"})
    return ScreeningOut(
        **said, scorecard_ids=list(found.scorecard_ids), reasons=result["reasons"], result=result
    )
