"""What figures about questionnaires are computed from, and the figures as they were kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.questionnaires.interviews import Guide, Part
from assessments.validation.fairness import ImpactTable
from assessments.validation.validity import EditionFigures, InterviewFigures
from service.runtime.vocabulary import ResponseState
from service.store.assessing.assessments import is_last_sitting
from service.tables.assessments import Response, Scorecard
from service.tables.interviews import Interview, InterviewNote
from service.tables.outcomes import Outcome, ValidityFigures

INTERVIEW = "structured-interview"
"""The name under which the agreement of interviewers is kept, beside the questionnaires."""
IMPACT = "impact:"
"""Put before a questionnaire's name where the comparison of groups is kept."""


class FiguresFacts(BaseModel):
    """One questionnaire's figures with the moment they were computed; they hold nothing about a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: EditionFigures
    computed_at: datetime


class AgreementFacts(BaseModel):
    """The agreement of interviewers with the moment it was computed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: InterviewFigures
    computed_at: datetime


class ImpactFacts(BaseModel):
    """How often each group scores above the median of all, by sex, by age band and by both, as a month began.

    `people` submitted the edition before that; the tables hold no group of few people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    people: int
    tables: dict[str, ImpactTable]

    @property
    def has_evidence(self) -> bool:
        return any(table.rows for table in self.tables.values())


@dataclass(frozen=True)
class Sat:
    """One submitted questionnaire: whose, when, the score in hundredths, and each item's credit in percent."""

    candidate_id: UUID
    submitted_at: datetime
    score_hundredths: int | None
    credits: dict[str, int]


async def newest_figures(session: AsyncSession) -> dict[tuple[str, str], FiguresFacts]:
    """The last kept figures of each edition of each questionnaire."""
    rows = await _newest(session)
    return {
        (row.instrument, row.edition): FiguresFacts(
            figures=EditionFigures.model_validate(row.result), computed_at=row.computed_at
        )
        for row in rows
        if row.instrument != INTERVIEW and not row.instrument.startswith(IMPACT)
    }


async def newest_impact(session: AsyncSession, slug: str, edition: str) -> ImpactFacts | None:
    """The last kept comparison of groups for one edition; None when none was computed yet."""
    row = await session.scalar(
        select(ValidityFigures)
        .where(col(ValidityFigures.instrument) == IMPACT + slug, col(ValidityFigures.edition) == edition)
        .order_by(col(ValidityFigures.computed_at).desc())
        .limit(1)
    )
    return None if row is None else ImpactFacts.model_validate(row.result)


async def newest_agreement(session: AsyncSession) -> AgreementFacts | None:
    """The last kept agreement of interviewers, if any was computed."""
    rows = [row for row in await _newest(session) if row.instrument == INTERVIEW]
    if not rows:
        return None
    last = max(rows, key=lambda row: row.computed_at)
    return AgreementFacts(figures=InterviewFigures.model_validate(last.result), computed_at=last.computed_at)


async def _newest(session: AsyncSession) -> list[ValidityFigures]:
    last = (
        select(
            col(ValidityFigures.instrument),
            col(ValidityFigures.edition),
            func.max(col(ValidityFigures.computed_at)).label("at"),
        )
        .group_by(col(ValidityFigures.instrument), col(ValidityFigures.edition))
        .subquery()
    )
    rows = await session.scalars(
        select(ValidityFigures).join(
            last,
            (col(ValidityFigures.instrument) == last.c.instrument)
            & (col(ValidityFigures.edition) == last.c.edition)
            & (col(ValidityFigures.computed_at) == last.c.at),
        )
    )
    return list(rows)


async def last_computed_at(session: AsyncSession) -> datetime | None:
    return await session.scalar(select(func.max(col(ValidityFigures.computed_at))))


async def sittings(session: AsyncSession, slug: str, edition: str) -> AsyncIterator[Sat]:
    """Everybody who submitted this edition, in the order of submission; each row is let go before the next."""
    rows = await session.stream(
        select(col(Response.candidate_id), col(Response.submitted_at), col(Scorecard.result))
        .join(Scorecard, col(Scorecard.response_id) == col(Response.id))
        .where(
            col(Response.instrument) == slug,
            col(Response.edition) == edition,
            col(Scorecard.edition) == edition,
            col(Response.state) == ResponseState.SUBMITTED,
            is_last_sitting(),
        )
        .order_by(col(Response.submitted_at), col(Response.id))
        .execution_options(yield_per=500)
    )
    async for candidate_id, submitted_at, result in rows:
        yield Sat(candidate_id, submitted_at, result.get("score_hundredths"), _credits(result))


def _credits(result: dict[str, Any]) -> dict[str, int]:
    return {one["item"]: one["credit_percent"] for one in result.get("contributions", ())}


async def newest_outcomes(session: AsyncSession) -> dict[tuple[str, int], dict[UUID, int]]:
    """By measure and days, the newest value of each person."""
    rows = await session.execute(
        select(
            col(Outcome.measure), col(Outcome.days), col(Outcome.candidate_id), col(Outcome.value)
        ).order_by(col(Outcome.created_at), col(Outcome.id))
    )
    found: dict[tuple[str, int], dict[UUID, int]] = {}
    for measure, days, candidate_id, value in rows:
        found.setdefault((measure.value, days), {})[candidate_id] = value
    return found


async def rated_twice(session: AsyncSession) -> list[list[float | None]]:
    """Each core question of each interview as its first two raters rated it, in the order of their notes.

    Open questions are left out, because not everybody is asked them.
    """
    rows = await session.execute(
        select(col(InterviewNote.interview_id), col(Interview.guide), col(InterviewNote.ratings))
        .join(Interview, col(Interview.id) == col(InterviewNote.interview_id))
        .where(col(InterviewNote.submitted_at).is_not(None))
        .order_by(col(InterviewNote.interview_id), col(InterviewNote.submitted_at), col(InterviewNote.id))
    )
    notes: dict[UUID, tuple[Guide, list[dict[str, Any]]]] = {}
    for interview_id, guide, ratings in rows:
        known = notes.setdefault(interview_id, (Guide.model_validate(guide), []))
        known[1].append(ratings)
    return [
        [_rating(one.get(question.id)) for one in given[:2]]
        for guide, given in notes.values()
        if len(given) > 1
        for question in guide.questions
        if question.part is Part.CORE
    ]


def _rating(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None
