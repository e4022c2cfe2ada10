"""What a team remembers, in sums that name nobody: counted once a day for each set of programmes that somebody sees."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.continuous.refreshers import Recall
from service.runtime.actors import Actor, ActorKind
from service.runtime.vocabulary import Role
from service.store import reach
from service.store.assessing.assessments import Facts
from service.tables.people import ApiToken, Candidate, Staff, StaffProgramme
from service.tables.refreshers import RefresherCard, RefresherReview, RefresherTeam

EVERYBODY = "all"


class QuestionFigures(Facts):
    """How one question is remembered by a team: answers to it, and those that knew it."""

    about: str
    note_id: UUID | None
    edition: str
    answers: int
    known: int
    people: int


class TeamFigures(Facts):
    """What came back to a team and was still known, how many people that is, and what was forgotten most."""

    answers: int
    known: int
    people: int
    hardest: tuple[QuestionFigures, ...]
    counted_at: datetime


class DueFigures(Facts):
    """How many questions fall due on which day, and how many wait since earlier days."""

    days: Mapping[date, int]
    overdue: int


def scope_of(actor: Actor) -> str:
    """What names the people within reach: one text for everybody who sees the same programmes."""
    if actor.sees_all_programmes:
        return EVERYBODY
    return hashlib.sha256("\n".join(sorted(map(str, actor.programme_ids))).encode()).hexdigest()


async def readers(session: AsyncSession) -> Mapping[str, Actor]:
    """Somebody for each scope that figures are read in: those who train, and whoever holds a token for a machine."""
    holds_token = (
        select(col(ApiToken.id))
        .where(col(ApiToken.staff_id) == col(Staff.id), col(ApiToken.revoked_at).is_(None))
        .exists()
    )
    rows = await session.execute(
        select(col(Staff.id), col(Staff.sees_all_programmes), col(StaffProgramme.programme_id))
        .outerjoin(StaffProgramme, col(StaffProgramme.staff_id) == col(Staff.id))
        .where(col(Staff.is_active), col(Staff.role).in_((Role.TRAINER, Role.SUPERVISOR)) | holds_token)
    )
    sees_all: dict[UUID, bool] = {}
    programmes: dict[UUID, set[UUID]] = {}
    for staff_id, is_all, programme_id in rows:
        sees_all[staff_id] = is_all
        programmes.setdefault(staff_id, set()).update({programme_id} - {None})
    actors = (
        Actor(
            ActorKind.STAFF, Role.TRAINER, id=one, staff_id=one, sees_all_programmes=is_all,
            programme_ids=frozenset(programmes[one]),
        )
        for one, is_all in sees_all.items()
    )  # fmt: skip
    return {scope_of(one): one for one in actors}


async def counted_since(session: AsyncSession, moment: datetime) -> frozenset[str]:
    """The scopes whose figures were counted at this moment or later."""
    return frozenset(
        await session.scalars(select(col(RefresherTeam.scope)).where(col(RefresherTeam.counted_at) >= moment))
    )


async def kept_for(session: AsyncSession, actor: Actor) -> TeamFigures | None:
    """The figures of what this actor reaches, as they were counted last; None before the first time."""
    row = await session.scalar(select(RefresherTeam).where(col(RefresherTeam.scope) == scope_of(actor)))
    return None if row is None else TeamFigures.model_validate({**row.said, "counted_at": row.counted_at})


async def keep(session: AsyncSession, found: Mapping[str, TeamFigures]) -> None:
    """Put these figures in the place of those of the same scopes."""
    if not found:
        return
    await session.execute(delete(RefresherTeam).where(col(RefresherTeam.scope).in_(list(found))))
    session.add_all(
        RefresherTeam(
            scope=scope, said=one.model_dump(mode="json", exclude={"counted_at"}), counted_at=one.counted_at
        )
        for scope, one in found.items()
    )
    await session.flush()


async def drop_others(session: AsyncSession, scopes: Sequence[str]) -> None:
    """Forget the figures of sets of programmes that nobody sees any more."""
    await session.execute(delete(RefresherTeam).where(col(RefresherTeam.scope).not_in(scopes)))


async def due_within(session: AsyncSession, actor: Actor, *, today: date, until: date) -> DueFigures:
    """What falls due on each day within reach; one walk along the index of days."""
    days = await session.execute(
        select(col(RefresherCard.due_on), func.count())
        .where(col(RefresherCard.due_on).between(today, until), _cards_within(actor))
        .group_by(col(RefresherCard.due_on))
    )
    late = await session.scalar(
        select(func.count())
        .select_from(RefresherCard)
        .where(col(RefresherCard.due_on) < today, _cards_within(actor))
    )
    return DueFigures(days={row[0]: row[1] for row in days}, overdue=late or 0)


async def count(
    session: AsyncSession, actor: Actor, *, since: date, least_people: int, limit: int, at: datetime
) -> TeamFigures:
    """Read every answer within reach since a day: seconds for a large team, so never while somebody waits.

    A question met for the first time shows nothing of memory and is left out.
    """
    known = func.sum(sa.case((col(RefresherReview.recall) != Recall.FORGOTTEN, 1), else_=0))
    people = func.count(col(RefresherCard.candidate_id).distinct())
    answered = (
        col(RefresherReview.day) >= since,
        col(RefresherReview.is_first).is_(False),
        _cards_within(actor),
    )
    asked = (await session.execute(_reviews(func.count(), known, people).where(*answered))).one()
    rows = await session.execute(
        _reviews(
            col(RefresherCard.about), func.max(col(RefresherCard.edition)), func.count(), known, people,
        )
        .where(*answered)
        .group_by(col(RefresherCard.about))
        .having(people >= least_people)
        .order_by((1.0 * known / func.count()).asc(), func.count().desc(), col(RefresherCard.about))
        .limit(limit)
    )  # fmt: skip
    return TeamFigures(
        answers=asked[0], known=asked[1] or 0, people=asked[2], counted_at=at,
        hardest=tuple(
            QuestionFigures(
                about=about, edition=edition, answers=answers, known=right, people=who,
                note_id=UUID(about.removeprefix("note/")) if about.startswith("note/") else None,
            )
            for about, edition, answers, right, who in rows
        ),
    )  # fmt: skip


def _reviews(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(RefresherReview)
        .join(RefresherCard, col(RefresherCard.id) == col(RefresherReview.card_id))
    )


def _cards_within(actor: Actor) -> ColumnElement[bool]:
    reached = reach.candidates_within(actor)
    if isinstance(reached, sa.True_):  # everybody: no need to ask for each card whose it is
        return reached
    return col(RefresherCard.candidate_id).in_(select(col(Candidate.id)).where(reached))
