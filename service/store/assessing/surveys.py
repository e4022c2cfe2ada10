"""Self-descriptions: one's own for oneself, and sums over many people for the fairness figures; nothing in between."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Forbidden
from service.runtime.vocabulary import AgeBand, ResponseState, Sex, Stage
from service.store.assessing.assessments import is_last_sitting
from service.tables.applications import Application, StageChange
from service.tables.assessments import Response, Scorecard
from service.tables.surveys import SelfDescription

ROAD = (
    Stage.APPLIED, Stage.INVITED, Stage.ASSESSED, Stage.INTERVIEW, Stage.SHORTLISTED, Stage.OFFER, Stage.HIRED,
)  # fmt: skip
"""The stages in the order an application goes through them."""


class OwnDescription(BaseModel):
    """What somebody said of themselves; nobody else is ever given it."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    sex: Sex | None = None
    age_band: AgeBand | None = None


class RoadCount(BaseModel):
    """How many applications of one programme and one description came so far; `furthest` is a place in ROAD."""

    model_config = ConfigDict(frozen=True)

    programme_id: UUID | None
    sex: Sex | None
    age_band: AgeBand | None
    furthest: int
    is_not_retained: bool
    count: int


class ScoreCount(BaseModel):
    """How many people of one description have this score (in whole points) with one edition of a questionnaire."""

    model_config = ConfigDict(frozen=True)

    sex: Sex | None
    age_band: AgeBand | None
    score: int
    count: int


async def own_row(session: AsyncSession, actor: Actor) -> SelfDescription | None:
    """The row of the candidate who asks; Forbidden for everybody else, whoever they are."""
    if actor.kind is not ActorKind.CANDIDATE:
        raise Forbidden
    found: SelfDescription | None = await session.scalar(
        select(SelfDescription).where(col(SelfDescription.candidate_id) == actor.id)
    )
    return found


async def own_description(session: AsyncSession, actor: Actor) -> OwnDescription:
    row = await own_row(session, actor)
    return OwnDescription() if row is None else OwnDescription.model_validate(row)


async def road_counts(session: AsyncSession, actor: Actor, *, before: datetime) -> tuple[RoadCount, ...]:
    """Sums over the applications within reach, of what was said and what happened before that moment."""
    road = _road(before).subquery()
    said = select(SelfDescription).where(col(SelfDescription.given_at) < before).subquery()
    keys = (
        col(Application.programme_id), said.c.sex, said.c.age_band, road.c.furthest, road.c.is_not_retained,
    )  # fmt: skip
    wanted = (
        select(*keys, func.count())
        .join(road, road.c.application_id == col(Application.id))
        .join(said, said.c.candidate_id == col(Application.candidate_id), isouter=True)
        .group_by(*keys)
    )
    if not actor.sees_all_programmes:
        wanted = wanted.where(col(Application.programme_id).in_(actor.programme_ids))
    return tuple(
        RoadCount(
            programme_id=programme, sex=sex, age_band=age, furthest=furthest,
            is_not_retained=bool(is_not_retained), count=count,
        )
        for programme, sex, age, furthest, is_not_retained, count in await session.execute(wanted)
    )  # fmt: skip


async def score_counts(
    session: AsyncSession, slug: str, edition: str, *, before: datetime
) -> tuple[ScoreCount, ...]:
    """Sums over all who submitted this edition before that moment, by what they had said of themselves by then."""
    said = select(SelfDescription).where(col(SelfDescription.given_at) < before).subquery()
    keys = (said.c.sex, said.c.age_band, col(Scorecard.score))
    wanted = (
        select(*keys, func.count())
        .join(Response, col(Response.id) == col(Scorecard.response_id))
        .join(said, said.c.candidate_id == col(Scorecard.candidate_id), isouter=True)
        .where(
            col(Response.instrument) == slug,
            col(Response.edition) == edition,
            col(Scorecard.edition) == edition,
            col(Response.state) == ResponseState.SUBMITTED,
            col(Response.submitted_at) < before,
            is_last_sitting(),
        )
        .group_by(*keys)
    )
    return tuple(
        ScoreCount(sex=sex, age_band=age, score=score, count=count)
        for sex, age, score, count in await session.execute(wanted)
    )


def _road(before: datetime) -> Any:
    """The furthest stage of each application, and whether somebody decided not to go on with it."""
    to_stage = col(StageChange.to_stage)
    place = sa.case(*((to_stage == stage, place) for place, stage in enumerate(ROAD)), else_=0)
    ended = sa.case((to_stage == Stage.NOT_RETAINED, 1), else_=0)
    return (
        select(
            col(StageChange.application_id).label("application_id"),
            func.max(place).label("furthest"),
            func.max(ended).label("is_not_retained"),
        )
        .where(col(StageChange.at) < before)
        .group_by(col(StageChange.application_id))
    )
