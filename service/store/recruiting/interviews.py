"""Interviews: guides, each rater's own notes, and both side by side once neither can change the other's mind."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.questionnaires.interviews import Guide
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.store import reach
from service.store.people.candidates import CandidateFacts
from service.tables.applications import Application
from service.tables.contests import Contest
from service.tables.interviews import Interview, InterviewNote
from service.tables.people import Candidate, Staff
from service.tables.programmes import Programme

RATERS = 2
"""People who note one interview, each alone."""


class Facts(BaseModel):
    model_config = ConfigDict(frozen=True)


class RaterFacts(Facts):
    """That somebody notes an interview and whether they are done; never what they wrote."""

    staff_id: UUID | None
    name: str
    is_submitted: bool


class NoteFacts(Facts):
    """What one rater wrote."""

    id: UUID
    staff_id: UUID | None
    name: str
    ratings: Mapping[str, int | None]
    notes: Mapping[str, str]
    saved_at: datetime
    submitted_at: datetime | None
    version: int


class InterviewFacts(Facts):
    """One interview with whom and what it is about; `guide` as it was frozen."""

    id: UUID
    application_id: UUID
    candidate_id: UUID
    shown_name: str
    programme_id: UUID | None
    programme_title: str | None
    guide: Guide
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    version: int


class InterviewFile(Facts):
    """One interview as one reader may see it.

    `own` is the reader's note. `revealed` holds every submitted note once two are, or once the interview is closed;
    before that it is empty and the notes of others were not even read.
    """

    interview: InterviewFacts
    raters: tuple[RaterFacts, ...]
    own: NoteFacts | None
    revealed: tuple[NoteFacts, ...]

    @property
    def is_open(self) -> bool:
        return self.interview.closed_at is None

    @property
    def may_note(self) -> bool:
        """Whether the reader may write: an open interview, and a place among the raters."""
        if not self.is_open:
            return False
        return self.own.submitted_at is None if self.own else len(self.raters) < RATERS


class InterviewLine(Facts):
    """One line of a list."""

    id: UUID
    application_id: UUID
    shown_name: str
    programme_title: str | None
    opened_at: datetime
    closed_at: datetime | None
    raters: tuple[RaterFacts, ...]


async def row_of(
    session: AsyncSession, actor: Actor, interview_id: str | UUID, *, to_change: bool = False
) -> Interview:
    """The interview of an application within reach; `to_change` holds its row until the transaction ends."""
    query = select(Interview).where(col(Interview.id) == reach.id_of(interview_id), _within(actor))
    row = await session.scalar(query.with_for_update() if to_change else query)
    if row is None:
        raise NotFound
    return row


def _within(actor: Actor) -> ColumnElement[bool]:
    return col(Interview.application_id).in_(
        select(col(Application.id)).where(reach.applications_within(actor))
    )


async def file_of(session: AsyncSession, actor: Actor, interview_id: str | UUID) -> InterviewFile:
    """The interview as this reader may see it: another's note is read only when it may be shown."""
    row = await row_of(session, actor, interview_id)
    raters = (await _raters_of(session, [row.id])).get(row.id, ())
    is_revealed = row.closed_at is not None or sum(one.is_submitted for one in raters) >= RATERS
    return InterviewFile(
        interview=await _facts_of(session, row),
        raters=raters,
        own=await _own(session, row.id, actor.staff_id),
        revealed=await _submitted(session, [row.id]) if is_revealed else (),
    )


async def _facts_of(session: AsyncSession, row: Interview) -> InterviewFacts:
    application, person, programme = (
        await session.execute(
            select(Application, Candidate, Programme)
            .join(Candidate, col(Candidate.id) == col(Application.candidate_id))
            .outerjoin(Programme, col(Programme.id) == col(Application.programme_id))
            .where(col(Application.id) == row.application_id)
        )
    ).one()
    opener = await session.get(Staff, row.opened_by) if row.opened_by else None
    return InterviewFacts(
        id=row.id,
        application_id=application.id,
        candidate_id=person.id,
        shown_name=CandidateFacts.model_validate(person).shown_name,
        programme_id=application.programme_id,
        programme_title=programme.title if programme else None,
        guide=Guide.model_validate(row.guide),
        opened_by=opener.name if opener else "",
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=row.version,
    )


async def _raters_of(
    session: AsyncSession, interview_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[RaterFacts, ...]]:
    """Who notes which interview, first come first; the notes themselves are not selected."""
    rows = await session.execute(
        select(
            col(InterviewNote.interview_id), col(InterviewNote.staff_id), col(Staff.name),
            col(InterviewNote.submitted_at),
        )
        .outerjoin(Staff, col(Staff.id) == col(InterviewNote.staff_id))
        .where(col(InterviewNote.interview_id).in_(interview_ids))
        .order_by(col(InterviewNote.started_at), col(InterviewNote.id))
    )  # fmt: skip
    found: dict[UUID, tuple[RaterFacts, ...]] = {}
    for interview_id, staff_id, name, submitted_at in rows:
        rater = RaterFacts(staff_id=staff_id, name=name or "", is_submitted=submitted_at is not None)
        found[interview_id] = (*found.get(interview_id, ()), rater)
    return found


async def _own(session: AsyncSession, interview_id: UUID, staff_id: UUID | None) -> NoteFacts | None:
    row = await note_row(session, interview_id, staff_id) if staff_id else None
    staff = await session.get(Staff, staff_id) if row else None
    return note_facts(row, staff.name if staff else "") if row else None


async def note_row(session: AsyncSession, interview_id: UUID, staff_id: UUID) -> InterviewNote | None:
    """The one note of one rater; the caller has checked that it is theirs."""
    return await session.scalar(
        select(InterviewNote).where(
            col(InterviewNote.interview_id) == interview_id, col(InterviewNote.staff_id) == staff_id
        )
    )


def note_facts(row: InterviewNote, name: str) -> NoteFacts:
    return NoteFacts(
        id=row.id, staff_id=row.staff_id, name=name, ratings=row.ratings, notes=row.notes, saved_at=row.saved_at,
        submitted_at=row.submitted_at, version=row.version,
    )  # fmt: skip


async def _submitted(session: AsyncSession, interview_ids: Sequence[UUID]) -> tuple[NoteFacts, ...]:
    rows = await session.execute(
        select(InterviewNote, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(InterviewNote.staff_id))
        .where(
            col(InterviewNote.interview_id).in_(interview_ids), col(InterviewNote.submitted_at).is_not(None)
        )
        .order_by(col(InterviewNote.started_at), col(InterviewNote.id))
    )
    return tuple(note_facts(row, name or "") for row, name in rows)


async def raters_count(session: AsyncSession, interview_id: UUID) -> int:
    """How many people note one interview."""
    found = await session.scalar(
        select(func.count()).select_from(InterviewNote).where(col(InterviewNote.interview_id) == interview_id)
    )
    return found or 0


async def has_submitted(session: AsyncSession, interview_id: UUID) -> bool:
    """Whether anybody sent a note."""
    found = await session.scalar(
        select(col(InterviewNote.id))
        .where(col(InterviewNote.interview_id) == interview_id, col(InterviewNote.submitted_at).is_not(None))
        .limit(1)
    )
    return found is not None


async def open_interview_of(session: AsyncSession, application_id: UUID) -> UUID | None:
    """The interview of one application that is not closed; the caller has checked the reach."""
    return await session.scalar(
        select(col(Interview.id)).where(
            col(Interview.application_id) == application_id, col(Interview.closed_at).is_(None)
        )
    )


async def lines_of(
    session: AsyncSession,
    actor: Actor,
    *,
    application_id: UUID | None = None,
    programme_id: UUID | None = None,
    limit: int = 50,
    after: tuple[datetime, UUID] | None = None,
) -> tuple[InterviewLine, ...]:
    """Interviews within reach, newest first; `after` is the place of the last one seen. One more than `limit` tells
    that there are more."""
    query = (
        select(Interview, Candidate, col(Programme.title))
        .join(Application, col(Application.id) == col(Interview.application_id))
        .join(Candidate, col(Candidate.id) == col(Application.candidate_id))
        .outerjoin(Programme, col(Programme.id) == col(Application.programme_id))
        .where(reach.applications_within(actor))
        .order_by(col(Interview.opened_at).desc(), col(Interview.id).desc())
        .limit(limit + 1)
    )
    if application_id:
        query = query.where(col(Interview.application_id) == application_id)
    if programme_id:
        query = query.where(col(Application.programme_id) == programme_id)
    if after:
        query = query.where(_before(after))
    rows = (await session.execute(query)).all()
    raters = await _raters_of(session, [row.id for row, _, _ in rows])
    return tuple(_line(row, person, title, raters.get(row.id, ())) for row, person, title in rows)


def _before(place: tuple[datetime, UUID]) -> ColumnElement[bool]:
    opened_at, row_id = place
    return (col(Interview.opened_at) < opened_at) | (
        (col(Interview.opened_at) == opened_at) & (col(Interview.id) < row_id)
    )


def _line(
    row: Interview, person: Candidate, title: str | None, raters: tuple[RaterFacts, ...]
) -> InterviewLine:
    return InterviewLine(
        id=row.id, application_id=row.application_id, shown_name=CandidateFacts.model_validate(person).shown_name,
        programme_title=title, opened_at=row.opened_at, closed_at=row.closed_at, raters=raters,
    )  # fmt: skip


async def pairs_of(
    session: AsyncSession, actor: Actor, programme_id: UUID
) -> tuple[tuple[Guide, Mapping[str, int | None], Mapping[str, int | None]], ...]:
    """Guide and both ratings of every interview of a programme within reach that two people have sent."""
    interviews = await session.scalars(
        select(Interview)
        .join(Application, col(Application.id) == col(Interview.application_id))
        .where(reach.applications_within(actor), col(Application.programme_id) == programme_id)
        .order_by(col(Interview.opened_at), col(Interview.id))
    )
    guides = {row.id: Guide.model_validate(row.guide) for row in interviews}
    rows = await session.scalars(
        select(InterviewNote)
        .where(col(InterviewNote.interview_id).in_(guides), col(InterviewNote.submitted_at).is_not(None))
        .order_by(col(InterviewNote.started_at), col(InterviewNote.id))
    )
    ratings: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        ratings.setdefault(row.interview_id, []).append(row.ratings)
    return tuple(
        (guides[name], found[0], found[1]) for name, found in ratings.items() if len(found) >= RATERS
    )


async def contested_words_of(session: AsyncSession, candidate_id: UUID) -> tuple[str, ...]:
    """What one person contests and nobody has answered yet, in their own words. The caller has checked the reach."""
    rows = await session.scalars(
        select(col(Contest.words))
        .where(col(Contest.candidate_id) == candidate_id, col(Contest.answered_at).is_(None))
        .order_by(col(Contest.opened_at), col(Contest.id))
    )
    return tuple(words for words in rows if words.strip())
