"""Contested results: one's own, the queue of those who look again, and who had a first hand in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from assessments.matching.ledger_policy import HowShown
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import ContestFinding, ContestKind, DecisionOutcome, Role
from service.store import reach
from service.store.assessing.assessments import Facts
from service.store.mail.mailboxes import Mailbox, of_staff
from service.tables.applications import Application, Decision
from service.tables.assessments import Scorecard, Screening
from service.tables.contests import Contest
from service.tables.interviews import InterviewNote
from service.tables.ledger import SkillEntry
from service.tables.people import Candidate, Staff
from service.tables.programmes import Programme

REVIEWERS = (Role.RECRUITER, Role.APPROVER)
"""Who may look again at what somebody else did first."""


class ContestFacts(Facts):
    """One contested result. `about` names it: a questionnaire, a recommendation's outcome, a programme, a skill."""

    id: UUID
    candidate_id: UUID
    shown_name: str
    kind: ContestKind
    subject_id: UUID
    about: str
    about_at: datetime | None
    words: str
    opened_at: datetime
    answer_due: date
    rule_edition: str
    first_staff_id: UUID | None
    reviewer_id: UUID | None
    reviewer_name: str
    taken_at: datetime | None
    finding: ContestFinding | None
    answer: str
    answered_at: datetime | None
    reminded_at: datetime | None = None
    version: int

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


class SubjectFacts(Facts):
    """One result that may be contested: `about` as in `ContestFacts`, and whoever had the first hand in it."""

    kind: ContestKind
    subject_id: UUID
    about: str
    at: datetime
    first_staff_id: UUID | None


@dataclass(frozen=True)
class ContestPage:
    """Lines, the soonest due first, and the position after the last one when there are more."""

    lines: tuple[ContestFacts, ...]
    after: tuple[str, str] | None


def contests_within(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Contest`: the person is within reach, and so is the application of a contested decision."""
    people = col(Contest.candidate_id).in_(select(col(Candidate.id)).where(reach.candidates_within(actor)))
    decisions = (
        select(col(Decision.id))
        .join(Application, col(Application.id) == col(Decision.application_id))
        .where(reach.applications_within(actor))
    )
    return sa.and_(
        people,
        sa.or_(col(Contest.kind) != ContestKind.DECISION, col(Contest.subject_id).in_(decisions)),
    )


async def contest_row(
    session: AsyncSession, actor: Actor, contest_id: str | UUID, *, to_change: bool = False
) -> Contest:
    """The contest, if within reach; `to_change` holds its row until the transaction ends."""
    query = select(Contest).where(col(Contest.id) == reach.id_of(contest_id), contests_within(actor))
    row = await session.scalar(query.with_for_update() if to_change else query)
    if row is None:
        raise NotFound
    return row


async def facts_of(session: AsyncSession, actor: Actor, contest_id: str | UUID) -> ContestFacts:
    """The contest, if within reach; NotFound otherwise."""
    wanted = _lines().where(col(Contest.id) == reach.id_of(contest_id), contests_within(actor))
    found = (await session.execute(wanted)).first()
    if found is None:
        raise NotFound
    return _facts(*found)


async def of_candidate(session: AsyncSession, candidate_id: UUID) -> tuple[ContestFacts, ...]:
    """Everything one person contested, the newest first. The caller has checked who is asking."""
    wanted = _lines().where(col(Contest.candidate_id) == candidate_id)
    rows = await session.execute(wanted.order_by(col(Contest.opened_at).desc(), col(Contest.id)))
    return tuple(_facts(*row) for row in rows)


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    answered: bool = False,
    after: Sequence[Any] | None = None,
) -> ContestPage:
    """One page of the queue within reach: what waits for an answer, or what was answered, the soonest due first."""
    due: Any = col(Contest.answer_due)
    row_id: Any = col(Contest.id)
    is_answered = col(Contest.answered_at).is_not(None)
    wanted = _lines().where(contests_within(actor), is_answered if answered else ~is_answered)
    if after is not None:
        there = sa.tuple_(
            sa.literal(date.fromisoformat(after[0]), due.type), sa.literal(UUID(after[1]), row_id.type)
        )
        wanted = wanted.where(sa.tuple_(due, row_id) > there)
    rows = (await session.execute(wanted.order_by(due, row_id).limit(limit + 1))).all()
    lines = tuple(_facts(*row) for row in rows[:limit])
    last = lines[-1] if len(rows) > limit else None
    return ContestPage(lines, (last.answer_due.isoformat(), str(last.id)) if last else None)


async def subjects_of(session: AsyncSession, candidate_id: UUID) -> tuple[SubjectFacts, ...]:
    """What one person may contest: results, recommendations, decisions not to go on, and what somebody noted of
    their skills; the newest first. A training that was done is a fact and no view of anybody's."""
    screenings = list(
        await session.scalars(
            select(Screening)
            .where(col(Screening.candidate_id) == candidate_id)
            .order_by(col(Screening.screened_at).desc(), col(Screening.id))
        )
    )
    cards = await session.scalars(
        select(Scorecard)
        .where(col(Scorecard.candidate_id) == candidate_id)
        .order_by(col(Scorecard.scored_at).desc(), col(Scorecard.id))
    )
    found = [_of_card(card, screenings) for card in cards]
    found += [
        SubjectFacts(
            kind=ContestKind.SCREENING, subject_id=one.id, about=one.outcome, at=one.screened_at,
            first_staff_id=one.staff_id,
        )
        for one in screenings
    ]  # fmt: skip
    decisions = await session.execute(_decisions(candidate_id))
    found += [
        SubjectFacts(
            kind=ContestKind.DECISION, subject_id=row.id, about=title or "", at=row.decided_at,
            first_staff_id=row.staff_id,
        )
        for row, title in decisions
    ]  # fmt: skip
    notes = await session.scalars(
        select(SkillEntry)
        .where(
            col(SkillEntry.candidate_id) == candidate_id,
            col(SkillEntry.ended_at).is_(None),
            col(SkillEntry.evidence).in_((HowShown.TESTED, HowShown.OBSERVED)),
        )
        .order_by(col(SkillEntry.recorded_at).desc(), col(SkillEntry.id))
    )
    found += [
        SubjectFacts(
            kind=ContestKind.SKILL, subject_id=one.id, about=one.skill, at=one.recorded_at,
            first_staff_id=one.staff_id,
        )
        for one in notes
    ]  # fmt: skip
    return tuple(found)


def _of_card(card: Scorecard, screenings: Sequence[Screening]) -> SubjectFacts:
    weighers = [one.staff_id for one in screenings if str(card.id) in one.scorecard_ids and one.staff_id]
    return SubjectFacts(
        kind=ContestKind.SCORECARD, subject_id=card.id, about=card.instrument, at=card.scored_at,
        first_staff_id=weighers[0] if weighers else None,
    )  # fmt: skip


def _decisions(candidate_id: UUID) -> Any:
    return (
        select(Decision, col(Programme.title))
        .join(Application, col(Application.id) == col(Decision.application_id))
        .outerjoin(Programme, col(Programme.id) == col(Application.programme_id))
        .where(
            col(Application.candidate_id) == candidate_id, col(Decision.outcome) == DecisionOutcome.NOT_RETAIN
        )
        .order_by(col(Decision.decided_at).desc(), col(Decision.id))
    )


async def first_hands(session: AsyncSession, contest: Contest) -> frozenset[UUID]:
    """Everybody who screened, decided or noted in what is contested, up to that day: none of them reviews."""
    found = {contest.first_staff_id}
    if contest.kind is ContestKind.SCORECARD:
        rows = await session.execute(
            select(col(Screening.staff_id), col(Screening.scorecard_ids)).where(
                col(Screening.candidate_id) == contest.candidate_id,
                col(Screening.screened_at) <= contest.opened_at,
            )
        )
        found |= {staff_id for staff_id, cards in rows if str(contest.subject_id) in cards}
    elif contest.kind is ContestKind.DECISION:
        application = select(col(Decision.application_id)).where(col(Decision.id) == contest.subject_id)
        found |= set(
            await session.scalars(
                select(col(Decision.staff_id)).where(
                    col(Decision.application_id).in_(application),
                    col(Decision.decided_at) <= contest.opened_at,
                )
            )
        )
    elif contest.kind is ContestKind.SKILL:
        interview = select(col(SkillEntry.source_id)).where(col(SkillEntry.id) == contest.subject_id)
        found |= set(
            await session.scalars(
                select(col(InterviewNote.staff_id)).where(col(InterviewNote.interview_id).in_(interview))
            )
        )
    return frozenset(staff_id for staff_id in found if staff_id is not None)


async def application_of(session: AsyncSession, contest: Contest) -> UUID | None:
    """The application that a contested decision was about."""
    if contest.kind is not ContestKind.DECISION:
        return None
    found: UUID | None = await session.scalar(
        select(col(Decision.application_id)).where(col(Decision.id) == contest.subject_id)
    )
    return found


async def due_unreminded(session: AsyncSession, *, until: date, limit: int) -> list[Contest]:
    """Contests without an answer that are due on that day or before and of which nobody was reminded, held."""
    rows = await session.scalars(
        select(Contest)
        .where(
            col(Contest.answered_at).is_(None), col(Contest.reminded_at).is_(None),
            col(Contest.answer_due) <= until,
        )
        .order_by(col(Contest.answer_due), col(Contest.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    return list(rows)


async def mailbox_of_reviewer(session: AsyncSession, contest: Contest) -> Mailbox | None:
    """Where whoever took it is written to; nothing when nobody did, or they are no longer there."""
    found = (await session.execute(of_staff().where(col(Staff.id) == contest.reviewer_id))).first()
    return Mailbox(*found) if found else None


async def mailboxes_of_reviewers(
    session: AsyncSession, *, but: frozenset[UUID], limit: int
) -> tuple[Mailbox, ...]:
    """Where those who see every programme and may look again are written to; nobody of `but`."""
    rows = await session.execute(
        of_staff()
        .where(
            col(Staff.role).in_(REVIEWERS), col(Staff.sees_all_programmes), col(Staff.id).not_in(but)
        )
        .order_by(col(Staff.role), col(Staff.created_at), col(Staff.id))
        .limit(limit)
    )  # fmt: skip
    return tuple(Mailbox(*row) for row in rows)


async def reviewed_by_the_first(session: AsyncSession) -> list[str]:
    """Answered contests without a reviewer, without an answer, or whose reviewer is the first person."""
    broken = sa.or_(
        col(Contest.reviewer_id).is_(None),
        col(Contest.reviewer_id) == col(Contest.first_staff_id),
        col(Contest.finding).is_(None),
        col(Contest.answer) == "",
    )
    rows = await session.scalars(
        select(col(Contest.id)).where(col(Contest.answered_at).is_not(None), broken).order_by(col(Contest.id))
    )
    return [str(row) for row in rows]


async def answered_count(session: AsyncSession) -> int:
    count = select(sa.func.count()).select_from(Contest).where(col(Contest.answered_at).is_not(None))
    return await session.scalar(count) or 0


def _lines() -> Any:
    reviewer: Any = aliased(Staff)
    wanted: tuple[Any, ...] = (
        Contest, Candidate, reviewer.name, Scorecard, Screening, Decision, col(Programme.title), SkillEntry,
    )  # fmt: skip
    return (
        select(*wanted)
        .join(Candidate, col(Candidate.id) == col(Contest.candidate_id))
        .outerjoin(reviewer, reviewer.id == col(Contest.reviewer_id))
        .outerjoin(Scorecard, col(Scorecard.id) == col(Contest.subject_id))
        .outerjoin(Screening, col(Screening.id) == col(Contest.subject_id))
        .outerjoin(Decision, col(Decision.id) == col(Contest.subject_id))
        .outerjoin(Application, col(Application.id) == col(Decision.application_id))
        .outerjoin(Programme, col(Programme.id) == col(Application.programme_id))
        .outerjoin(SkillEntry, col(SkillEntry.id) == col(Contest.subject_id))
    )


def _facts(
    row: Contest,
    person: Candidate,
    reviewer_name: str | None,
    card: Scorecard | None,
    screening: Screening | None,
    decision: Decision | None,
    programme_title: str | None,
    note: SkillEntry | None,
) -> ContestFacts:
    about, at = programme_title or "", decision.decided_at if decision else None
    if card is not None:
        about, at = card.instrument, card.scored_at
    elif screening is not None:
        about, at = screening.outcome, screening.screened_at
    elif note is not None:
        about, at = note.skill, note.recorded_at
    return ContestFacts(
        **row.model_dump(),
        shown_name=f"{person.given_name} {person.family_name}".strip() or person.pseudonym,
        about=about, about_at=at, reviewer_name=reviewer_name or "",
    )  # fmt: skip
