"""People of one programme beside one another in one dimension, for machines."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.instruments import Dimension
from service.api.assessing.assessments import Hundredths
from service.api.models import Out
from service.api.responses import problems
from service.flows.assessing import standings
from service.flows.assessing.standings import PersonStanding
from service.runtime.actors import Actor

Place = Annotated[int, Field(ge=1)]


class StandingOut(Out):
    """Where one person stands. The true place lies from `from_place` to `to_place`, given the errors of all scores.

    `ties_with` are people whose scores are closer than their errors: no order among them is more than chance. To tie is
    not transitive, so each person says with whom. `tier` is a help for the eye: those who tie with the first of it.
    """

    candidate_id: UUID
    pseudonym: str
    edition: str
    score_hundredths: Hundredths
    standard_error_hundredths: int
    place: Place
    from_place: Place
    to_place: Place
    tier: Place
    ties_with: list[UUID]


class Standings(Controller):
    """Scores beside one another."""

    tags = ["Screening"]

    @get(
        "/programmes/{programme_id:str}/standings",
        operation_id="standings.list",
        responses=problems(401, 404),
        opt={"audited": True},
    )
    async def list_of(
        self,
        programme_id: FromPath[str],
        dimension: FromQuery[Dimension],
        session: NamedDependency[AsyncSession],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> list[StandingOut]:
        """List the people of a programme by one score, the 200 highest, saying who ties. The read is noted."""
        found = await standings.read_standings(session, actor, programme_id, dimension, now=now)
        return [_standing_out(one) for one in found]


def _standing_out(found: PersonStanding) -> StandingOut:
    standing = found.standing.model_dump(exclude={"name", "ties_with"})
    return StandingOut(
        candidate_id=found.person.candidate_id,
        pseudonym=found.person.pseudonym,
        edition=found.person.edition,
        ties_with=[UUID(name) for name in found.standing.ties_with],
        **standing,
    )
