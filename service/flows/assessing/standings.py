"""People of one programme beside one another in one dimension: who is surely above whom, and who ties."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.instruments import Dimension
from assessments.questionnaires.standing import Placed, Standing, standings
from service.runtime.actors import Actor
from service.store import audit, reach
from service.store.assessing import standings as store
from service.store.assessing.standings import PlacedFacts

MOST_PLACED = 200
"""How many are laid beside one another: further down, a list of ties says nothing any more."""


class PersonStanding(BaseModel):
    """One person and where they stand; names in the standing are ids of people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: PlacedFacts
    standing: Standing


async def read_standings(
    session: AsyncSession, actor: Actor, programme_id: str | UUID, dimension: Dimension, *, now: datetime
) -> tuple[PersonStanding, ...]:
    """The people of a programme by their newest score of one dimension, at most the 200 highest; the read is noted.

    Nothing is decided and no list changes its order by this.
    """
    programme = await reach.programme_row(session, actor, programme_id)
    found = await store.placed_of(session, actor, programme.id, dimension.value)
    audit.record(
        session, actor, action="standing.list", subject=("programme", programme.id), now=now,
        detail={"dimension": dimension.value},
    )  # fmt: skip
    people = {str(one.candidate_id): one for one in found}
    placed = [
        Placed(
            name=name, score_hundredths=one.score_hundredths,
            standard_error_hundredths=one.standard_error_hundredths,
        )
        for name, one in people.items()
    ]  # fmt: skip
    highest = sorted(placed, key=lambda one: (-one.score_hundredths, one.name))[:MOST_PLACED]
    return tuple(PersonStanding(person=people[one.name], standing=one) for one in standings(highest))
