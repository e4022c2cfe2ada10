"""What answers came to, and recommendations, for machines."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.models import Out, SaidOut
from service.api.responses import problems
from service.flows.assessing import assessments
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.store.assessing.assessments import ScorecardFacts, ScreeningFacts

Hundredths = Annotated[int, Field(ge=0, le=10_000, description="Hundredths of a point, 0 to 10000.")]
Percent = Annotated[int, Field(ge=0, le=100)]


class DemonstratedOut(Out):
    """What was measured, attested or verified, as a score of its own with its 95 % interval.

    `known_percent` is how much of the questionnaire was shown; `confidence_percent` falls with the age of what was
    shown, and the score does not.
    """

    score_hundredths: Hundredths
    standard_error_hundredths: int
    low_hundredths: Hundredths
    high_hundredths: Hundredths
    known_percent: Percent
    confidence_percent: Percent


class SignalOut(Out):
    """Something seen in the way of answering, for a person to look at. It counts for nothing."""

    kind: str
    text: SaidOut
    items: list[str]
    page: str | None


class ScorecardOut(Out):
    """A score, as declared, with its error and its reasons. `result` holds band, contributions that sum exactly, gaps.

    From `low_hundredths` to `high_hundredths` is the 95 % interval: 1.96 standard errors to each side. Two people whose
    scores are closer than their errors are a tie.
    """

    id: UUID
    candidate_id: UUID
    response_id: UUID
    instrument: str
    edition: str
    dimension: str
    score: Annotated[int, Field(ge=0, le=100)]
    score_hundredths: Hundredths
    standard_error_hundredths: int
    low_hundredths: Hundredths
    high_hundredths: Hundredths
    known_percent: Percent
    band: str
    demonstrated: DemonstratedOut | None
    signals: list[SignalOut]
    reasons: list[SaidOut]
    result: dict[str, Any]
    scored_at: datetime


class ScreeningOut(Out):
    """A recommendation with its reasons. It is not a decision: a person decides, in another request."""

    id: UUID
    candidate_id: UUID
    outcome: str
    policy_edition: str
    reasons: list[SaidOut]
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
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> list[ScorecardOut]:
        """List a person's results, newest first. The read is noted in the audit trail."""
        found = await assessments.read_scorecards(session, actor, candidate_id, editions=editions, now=now)
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
        editions: NamedDependency[Editions],
        now: NamedDependency[datetime],
    ) -> ScorecardOut:
        """Read one result with its reasons and what each answer brought."""
        return scorecard_out(
            await assessments.read_scorecard(session, actor, scorecard_id, editions=editions, now=now)
        )

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
    beside = (
        "score_hundredths",
        "standard_error_hundredths",
        "low_hundredths",
        "high_hundredths",
        "known_percent",
    )
    shown = found.result.demonstrated
    return ScorecardOut(
        **found.model_dump(exclude={"result", "standard_error", "signals"}),
        **{name: result[name] for name in beside},
        demonstrated=shown and DemonstratedOut.model_validate(shown),
        signals=[
            SignalOut.model_validate({name: one[name] for name in SignalOut.model_fields})
            for one in found.signals
        ],
        reasons=result["reasons"],
        result=result,
    )


def screening_out(found: ScreeningFacts) -> ScreeningOut:
    result = found.result.model_dump(mode="json")
    said = found.model_dump(exclude={"result", "staff_id", "scorecard_ids"})
    return ScreeningOut(
        **said, scorecard_ids=list(found.scorecard_ids), reasons=result["reasons"], result=result
    )
