"""Rules that give a path by themselves, and the people whom each would give it to now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import NotFound
from service.runtime.vocabulary import OfferState, Stage
from service.store import reach
from service.store.learning.cohorts import name_of
from service.store.people.candidates import fold_for_search
from service.tables.applications import Application
from service.tables.assignment_rules import AssignmentRule
from service.tables.offers import Offer
from service.tables.people import Candidate
from service.tables.programmes import Programme
from service.tables.training import Assignment

ONWARD = (
    Stage.APPLIED, Stage.INVITED, Stage.ASSESSED, Stage.INTERVIEW, Stage.SHORTLISTED, Stage.OFFER, Stage.HIRED,
)  # fmt: skip
"""The way of an application; a rule for one step holds for the later ones too."""


class RuleFacts(BaseModel):
    """One rule as lists show it, with how many people it gave its path to."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    id: UUID
    name: str
    path: str
    programme_id: UUID | None
    programme: str = ""
    stage: Stage | None
    skill: str | None
    post: str | None
    after_path: str | None
    start_days: int
    is_active: bool
    created_at: datetime
    applied_at: datetime | None
    version: int
    given: int = 0


@dataclass(frozen=True)
class Meeting:
    """Somebody who meets every condition of a rule and never had its path; `first_day`: of the accepted offer."""

    candidate_id: UUID
    person: str
    first_day: date | None


def rules_within(actor: Actor) -> ColumnElement[bool]:
    """Rules of the programmes within reach; one without a programme belongs to those who see them all."""
    if actor.kind is ActorKind.SYSTEM or actor.sees_all_programmes:
        return sa.true()
    return col(AssignmentRule.programme_id).in_(actor.programme_ids)


async def rules_of(session: AsyncSession, actor: Actor, *, limit: int = 200) -> tuple[RuleFacts, ...]:
    """The rules within reach, by name, in one query."""
    rows = await session.execute(_facts(actor).limit(limit))
    return tuple(_read(row) for row in rows)


async def facts_of(session: AsyncSession, actor: Actor, rule_id: str | UUID) -> RuleFacts:
    row = (await session.execute(_facts(actor).where(col(AssignmentRule.id) == reach.id_of(rule_id)))).first()
    if row is None:
        raise NotFound
    return _read(row)


def _facts(actor: Actor) -> sa.Select[Any]:
    given = (
        select(sa.func.count())
        .select_from(Assignment)
        .where(col(Assignment.rule_id) == col(AssignmentRule.id))
        .scalar_subquery()
    )
    return (
        select(AssignmentRule, col(Programme.title), given)
        .join(Programme, col(Programme.id) == col(AssignmentRule.programme_id), isouter=True)
        .where(rules_within(actor))
        .order_by(col(AssignmentRule.name), col(AssignmentRule.id))
    )


def _read(row: sa.Row[Any]) -> RuleFacts:
    rule, programme, given = tuple(row)
    kept = rule.model_dump(exclude={"created_by"})
    return RuleFacts(**kept, programme=programme or "", given=given)


async def rule_row(session: AsyncSession, actor: Actor, rule_id: str | UUID) -> AssignmentRule:
    """The rule to change, held until the end of the transaction, so that it is applied by one at a time."""
    row = await session.scalar(
        select(AssignmentRule)
        .where(col(AssignmentRule.id) == reach.id_of(rule_id), rules_within(actor))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def note_applied(session: AsyncSession, rule_id: UUID, *, now: datetime) -> None:
    """Keep when a rule was last applied, without a new version: a sweep must not make an open edit stale."""
    await session.execute(
        sa.update(AssignmentRule).where(col(AssignmentRule.id) == rule_id).values(applied_at=now)
    )


async def posts_of(session: AsyncSession, actor: Actor, *, limit: int = 500) -> tuple[str, ...]:
    """The job titles of the offers within reach that were accepted, as they were written, in order."""
    found = await session.scalars(
        select(_POST)
        .where(
            col(Offer.state) == OfferState.ACCEPTED,
            col(Offer.application_id).in_(
                select(col(Application.id)).where(reach.applications_within(actor))
            ),
            _POST != "",
        )
        .distinct()
        .limit(limit)
    )
    return tuple(sorted(found, key=folded_post))


async def _titles_like(session: AsyncSession, post: str) -> list[str]:
    """How this job title is written in accepted offers: case, accents and spaces make no other post."""
    found = await session.scalars(
        select(_POST).where(col(Offer.state) == OfferState.ACCEPTED, _POST != "").distinct()
    )
    return [title for title in found if folded_post(title) == folded_post(post)]


def folded_post(title: str) -> str:
    """A job title as it is compared.

    >>> folded_post(" Superviseur  d'Équipe ")
    "superviseur d'equipe"
    """
    return " ".join(fold_for_search(title).replace("’", "'").split())


_POST = col(Offer.terms)["job_title"].as_string()


async def active_ids(session: AsyncSession) -> tuple[UUID, ...]:
    """The rules that a sweep applies, the one applied longest ago first."""
    found = await session.scalars(
        select(col(AssignmentRule.id))
        .where(col(AssignmentRule.is_active).is_(True))
        .order_by(col(AssignmentRule.applied_at).is_not(None), col(AssignmentRule.applied_at))
    )
    return tuple(found)


async def people_meeting(
    session: AsyncSession, actor: Actor, rule: RuleFacts, *, limit: int
) -> tuple[Meeting, ...]:
    """Who meets every condition of a rule and never had its path, by name; at most `limit`.

    A person with several applications that fit is told once, with the earliest first day.
    """
    query = (
        select(
            col(Candidate.id),
            col(Candidate.given_name),
            col(Candidate.family_name),
            col(Candidate.pseudonym),
            sa.func.min(col(Offer.start_date)),
        )
        .where(reach.candidates_within(actor), col(Candidate.id).not_in(_having(rule.path)))
        .group_by(*_PERSON)
        .order_by(col(Candidate.folded_name), col(Candidate.id))
        .limit(limit)
    )
    accepted = col(Offer.state) == OfferState.ACCEPTED
    if _asks_for_application(rule):
        query = query.join(Application, col(Application.candidate_id) == col(Candidate.id))
        query = query.join(
            Offer, sa.and_(col(Offer.application_id) == col(Application.id), accepted), isouter=True
        ).where(*_of_application(rule))
    else:
        query = query.join(
            Offer, sa.and_(col(Offer.candidate_id) == col(Candidate.id), accepted), isouter=True
        )
    if rule.post is not None:
        query = query.where(_POST.in_(await _titles_like(session, rule.post)))
    if rule.after_path is not None:
        done = select(col(Assignment.candidate_id)).where(
            col(Assignment.path) == rule.after_path, col(Assignment.is_complete).is_(True)
        )
        query = query.where(col(Candidate.id).in_(done))
    if rule.skill is not None:
        lacking = await _lacking(session, rule)
        query = query.where(col(Application.id).in_(lacking))
    return tuple(
        Meeting(row[0], row[3] if actor.is_blind else name_of(row[1], row[2], row[3]), row[4])
        for row in await session.execute(query)
    )


_PERSON = (
    col(Candidate.id),
    col(Candidate.given_name),
    col(Candidate.family_name),
    col(Candidate.pseudonym),
    col(Candidate.folded_name),
)


def _having(path: str) -> sa.Select[Any]:
    return select(col(Assignment.candidate_id)).where(col(Assignment.path) == path)


def _asks_for_application(rule: RuleFacts) -> bool:
    return any((rule.programme_id, rule.stage, rule.skill, rule.post))


def _of_application(rule: RuleFacts) -> list[ColumnElement[bool]]:
    since = ONWARD.index(rule.stage) if rule.stage in ONWARD else 0
    conditions: list[ColumnElement[bool]] = [col(Application.stage).in_(ONWARD[since:])]
    if rule.programme_id is not None:
        conditions.append(col(Application.programme_id) == rule.programme_id)
    return conditions


async def _lacking(session: AsyncSession, rule: RuleFacts) -> Sequence[UUID]:
    """Applications whose kept match says that the skill is lacking or not yet at the level asked."""
    rows = await session.execute(
        select(col(Application.id), col(Application.match)).where(
            *_of_application(rule),
            col(Application.match).is_not(None),
            col(Application.candidate_id).not_in(_having(rule.path)),
        )
    )
    return [row[0] for row in rows if _lacks(row[1], rule.skill or "")]


def _lacks(match: dict[str, Any], skill: str) -> bool:
    return any(
        skill in fit.get("skills", ()) and fit.get("shown", 0) < fit.get("asked", 0)
        for fit in (*match.get("missing", ()), *match.get("partial", ()))
    )
