"""People as recruiters list and read them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from assessments.profiles import CandidateProfile
from service.runtime.actors import Actor
from service.runtime.errors import Fault, RuleBroken
from service.runtime.vocabulary import Locale, Source, Stage
from service.store.reach import candidate_row, candidates_within
from service.tables.applications import Application
from service.tables.people import Candidate, CandidateSkill
from service.tables.programmes import Programme


class CandidateFacts(BaseModel):
    """One person's file."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    external_id: str | None
    pseudonym: str
    given_name: str
    family_name: str
    email: str
    phone: str
    locale: Locale
    source: Source
    profile: dict[str, Any]
    is_agent: bool
    autonomy_score: int | None
    environment_score: int | None
    equipment_score: int | None
    ledger: list[dict[str, Any]] | None = None
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def shown_name(self) -> str:
        """The name, or the pseudonym of somebody who gave none."""
        return f"{self.given_name} {self.family_name}".strip() or self.pseudonym

    @property
    def as_profile(self) -> CandidateProfile:
        """What matching may see; its `id` is our own."""
        empty: dict[str, Any] = {"skills": [], "languages": [], "availability": []}
        return CandidateProfile.model_validate({**empty, **self.profile, "id": str(self.id)})


class CandidateSkillFacts(BaseModel):
    """One known skill and the words it was read from; `confidence` is 0 to 100."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    skill: str
    phrase: str
    confidence: int
    taxonomy_edition: str


class CandidateLine(BaseModel):
    """One line of the list: the person, and the application that the question is about (the best one if several)."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    pseudonym: str
    given_name: str
    family_name: str
    headline: str
    locale: Locale
    source: Source
    is_agent: bool
    autonomy_score: int | None
    environment_score: int | None
    equipment_score: int | None
    created_at: datetime
    application_id: UUID | None
    programme_id: UUID | None
    programme_title: str | None
    stage: Stage | None
    match_score: float | None
    match_outcome: str | None

    @property
    def shown_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.pseudonym


class CandidateSort(StrEnum):
    """By what people are listed; a leading `-` turns it round."""

    CREATED = "created_at"
    CREATED_DOWN = "-created_at"
    NAME = "name"
    NAME_DOWN = "-name"
    MATCH = "match_score"
    MATCH_DOWN = "-match_score"
    AUTONOMY = "autonomy_score"
    AUTONOMY_DOWN = "-autonomy_score"
    ENVIRONMENT = "environment_score"
    ENVIRONMENT_DOWN = "-environment_score"
    EQUIPMENT = "equipment_score"
    EQUIPMENT_DOWN = "-equipment_score"


@dataclass(frozen=True)
class CandidateQuestion:
    """What a list of people is asked for; every filter left out lets everybody through."""

    stage: Stage | None = None
    programme_id: UUID | None = None
    min_score: int | None = None
    outcome: str | None = None
    skill: str | None = None
    q: str | None = None
    sort: CandidateSort = CandidateSort.CREATED_DOWN

    @property
    def is_about_applications(self) -> bool:
        return any(
            asked is not None for asked in (self.stage, self.programme_id, self.min_score, self.outcome)
        )


@dataclass(frozen=True)
class Page:
    """Lines, and the position after the last one when there are more."""

    lines: tuple[Any, ...]
    after: tuple[Any, ...] | None


async def facts_of(session: AsyncSession, actor: Actor, candidate_id: str | UUID) -> CandidateFacts:
    """The person, if within reach; NotFound otherwise."""
    return CandidateFacts.model_validate(await candidate_row(session, actor, candidate_id))


async def facts_of_many(
    session: AsyncSession, actor: Actor, candidate_ids: Sequence[UUID] | None = None
) -> tuple[CandidateFacts, ...]:
    """Everybody within reach (or those of them that are named), by id; for matching."""
    wanted = select(Candidate).where(candidates_within(actor)).order_by(col(Candidate.id))
    if candidate_ids is not None:
        wanted = wanted.where(col(Candidate.id).in_(candidate_ids))
    return tuple(CandidateFacts.model_validate(row) for row in await session.scalars(wanted))


async def skills_of(session: AsyncSession, candidate_id: UUID) -> tuple[CandidateSkillFacts, ...]:
    """Known skills, the surest first."""
    rows = await session.scalars(
        select(CandidateSkill)
        .where(col(CandidateSkill.candidate_id) == candidate_id)
        .order_by(col(CandidateSkill.confidence).desc(), col(CandidateSkill.skill))
    )
    return tuple(CandidateSkillFacts.model_validate(row) for row in rows)


async def page_of(
    session: AsyncSession,
    actor: Actor,
    question: CandidateQuestion,
    *,
    limit: int,
    after: Sequence[Any] | None = None,
    only: Any = None,
    but: Any = None,
) -> Page:
    """One page of people within reach; `after` is what an earlier page gave.

    `only` and `but` are selections of ids that everybody, or nobody, of the page is in.
    """
    shown = aliased(Application)
    best = _best_application(question)
    wanted: Any = (
        select(Candidate, shown, col(Programme.title))
        .select_from(Candidate)
        .join(shown, col(shown.id) == best, isouter=True)
        .join(Programme, col(Programme.id) == col(shown.programme_id), isouter=True)
        .where(*_conditions(actor, question))
    )
    if question.is_about_applications:
        wanted = wanted.where(col(shown.id).is_not(None))
    if only is not None:
        wanted = wanted.where(col(Candidate.id).in_(only))
    if but is not None:
        wanted = wanted.where(col(Candidate.id).not_in(but))
    key, is_down = _sort_key(question.sort, shown, by_name=not actor.is_blind)
    place = position_in(question.sort.value, after)
    wanted = _from(wanted, key, is_down=is_down, after=place).limit(limit + 1).add_columns(key)
    rows = (await session.execute(wanted)).all()
    lines = tuple(_line(row[0], row[1], row[2]) for row in rows[:limit])
    last = (question.sort.value, rows[limit - 1][3], rows[limit - 1][0].id) if len(rows) > limit else None
    return Page(lines, last)


def position_in(listing: str, after: Sequence[Any] | None) -> Sequence[Any] | None:
    """The value and id a cursor of this listing names; RuleBroken for a cursor of another one."""
    if after is None:
        return None
    if len(after) != 3 or after[0] != listing:
        raise RuleBroken(
            "This cursor belongs to another list or order; start again from the first page.",
            faults=[Fault("cursor", "cursor", "not a cursor of this list")],
        )
    return after[1:]


def ids_of(actor: Actor, question: CandidateQuestion) -> Any:
    """The selection of the ids of everybody whom a question finds."""
    wanted = select(col(Candidate.id)).where(*_conditions(actor, question))
    if question.is_about_applications:
        wanted = wanted.where(_best_application(question).is_not(None))
    return wanted


async def count_of(session: AsyncSession, actor: Actor, question: CandidateQuestion) -> int:
    """How many people a question finds."""
    wanted = select(func.count()).select_from(Candidate).where(*found_by(actor, question))
    return await session.scalar(wanted) or 0


def found_by(actor: Actor, question: CandidateQuestion) -> list[ColumnElement[bool]]:
    """The conditions on `Candidate` for whom a question finds within reach."""
    found = _conditions(actor, question)
    if question.is_about_applications:
        found.append(_best_application(question).is_not(None))
    return found


def _best_application(question: CandidateQuestion) -> Any:
    """The id of the person's application that fits the question: best score first, then the newest."""
    asked = (
        (question.stage, col(Application.stage) == question.stage),
        (question.programme_id, col(Application.programme_id) == question.programme_id),
        (question.min_score, col(Application.match_score) >= (question.min_score or 0) * 100),
        (question.outcome, col(Application.match_outcome) == (question.outcome or "").replace("\x00", "")),
    )
    return (
        select(col(Application.id))
        .where(
            col(Application.candidate_id) == col(Candidate.id),
            *(condition for wanted, condition in asked if wanted is not None),
        )
        .order_by(
            func.coalesce(col(Application.match_score), -1).desc(),
            col(Application.created_at).desc(),
            col(Application.id),
        )
        .limit(1)
        .correlate(Candidate)
        .scalar_subquery()
    )


def _conditions(actor: Actor, question: CandidateQuestion) -> list[ColumnElement[bool]]:
    found = [candidates_within(actor)]
    skill = (question.skill or "").replace("\x00", "")
    if skill:
        found.append(
            col(Candidate.id).in_(
                select(col(CandidateSkill.candidate_id)).where(
                    (col(CandidateSkill.skill) == skill)
                    | col(CandidateSkill.phrase).icontains(skill, autoescape=True)
                )
            )
        )
    for word in words_of(question.q):
        found.append(_mentions(word, by_name=not actor.is_blind))
    return found


def _mentions(word: str, *, by_name: bool) -> ColumnElement[bool]:
    """A word in what is shown; in a blind review finding somebody by name would say who they are."""
    folded = fold_for_search(word)
    who = (
        col(Candidate.folded_name).contains(folded, autoescape=True),
        col(Candidate.folded_email).contains(folded, autoescape=True),
    )
    return sa.or_(
        *(who if by_name else ()),
        col(Candidate.pseudonym).icontains(word, autoescape=True),
        sa.cast(col(Candidate.profile)["headline"].as_string(), sa.String).icontains(word, autoescape=True),
    )


def words_of(q: str | None) -> list[str]:
    """At most six search words, parted as names are folded; NUL, which no database takes alike, parts too."""
    return re.split(r"[\s\x00'’-]+", (q or "").strip())[:6] if q and q.strip("\x00 ") else []


def fold_for_search(word: str) -> str:
    """A search word as names are kept: without accents and case."""
    text = unicodedata.normalize("NFKD", word.casefold())
    return "".join(mark for mark in text if not unicodedata.combining(mark))


def _sort_key(sort: CandidateSort, shown: Any, *, by_name: bool) -> tuple[Any, bool]:
    name = sort.value.removeprefix("-")
    keys: dict[str, Any] = {
        "created_at": col(Candidate.created_at),
        "name": col(Candidate.folded_name) if by_name else col(Candidate.pseudonym),
        "match_score": func.coalesce(col(shown.match_score), -1),
        "autonomy_score": func.coalesce(col(Candidate.autonomy_score), -1),
        "environment_score": func.coalesce(col(Candidate.environment_score), -1),
        "equipment_score": func.coalesce(col(Candidate.equipment_score), -1),
    }
    return keys[name], sort.value.startswith("-")


def _from(wanted: Any, key: Any, *, is_down: bool, after: Sequence[Any] | None) -> Any:
    row_id: Any = col(Candidate.id)
    if after is not None:
        value = datetime.fromisoformat(after[0]) if _is_moment(key, after[0]) else after[0]
        place = sa.tuple_(sa.literal(value, key.type), sa.literal(UUID(str(after[1])), row_id.type))
        here = sa.tuple_(key, row_id)
        wanted = wanted.where(here < place if is_down else here > place)
    return wanted.order_by(key.desc() if is_down else key, row_id.desc() if is_down else row_id)


def _is_moment(key: Any, value: object) -> bool:
    return isinstance(value, str) and getattr(key, "key", "") == "created_at"


def shown_score(hundredths: int | None) -> float | None:
    """A match's score, 0 to 100, from the hundredths that applications keep."""
    return None if hundredths is None else hundredths / 100


def _line(person: Candidate, application: Application | None, programme_title: str | None) -> CandidateLine:
    return CandidateLine(
        id=person.id,
        pseudonym=person.pseudonym,
        given_name=person.given_name,
        family_name=person.family_name,
        headline=str(person.profile.get("headline") or ""),
        locale=person.locale,
        source=person.source,
        is_agent=person.is_agent,
        autonomy_score=person.autonomy_score,
        environment_score=person.environment_score,
        equipment_score=person.equipment_score,
        created_at=person.created_at,
        application_id=application.id if application else None,
        programme_id=application.programme_id if application else None,
        programme_title=programme_title,
        stage=application.stage if application else None,
        match_score=shown_score(application.match_score) if application else None,
        match_outcome=application.match_outcome if application else None,
    )
