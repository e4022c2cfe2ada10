"""Skills of lists that were brought in, what people changed in skills of any list, and the editions brought in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.skills.concepts import ESCO, ROME, Concept
from assessments.skills.revisions import Revision, SkillChange, named, revised, with_former
from service.runtime.errors import NotFound
from service.runtime.vocabulary import ImportState
from service.store.reach import id_of
from service.tables.people import Staff
from service.tables.skills import SkillConcept, SkillEdition, SkillRevision

MOST_WORDS = 6
"""Words of a search that are looked for; a longer one is cut."""


class EditionFacts(BaseModel):
    """One edition of one list, and what it changed; see `flows/skill_lists.ListReport`."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: UUID
    scheme: str
    title: str
    edition: str
    sha256: str
    source: str
    licence: str
    files: list[dict[str, Any]]
    state: ImportState
    report: dict[str, Any]
    created_at: datetime
    applied_at: datetime | None


class RevisionFacts(BaseModel):
    """One change of one skill, by whom and when."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    number: int
    uri: str
    kind: SkillChange
    locale: str
    name: str
    made_at: datetime
    staff_name: str


@dataclass(frozen=True)
class Kept:
    """A skill of a list as it is kept: as the list says it, and as people changed it."""

    id: UUID
    listed: Concept
    concept: Concept
    former: tuple[str, ...]
    removed_at: datetime | None


@dataclass(frozen=True)
class KeptPage:
    """Skills in the order of their labels, and the position after the last one when there are more."""

    lines: tuple[Kept, ...]
    after: tuple[str, str] | None


@dataclass(frozen=True)
class Standing:
    """What the skills in force depend on: the last change anybody made, and the last list brought in."""

    revision: UUID | None = None
    number: int = 0
    edition: UUID | None = None


async def standing(session: AsyncSession) -> Standing:
    """One look at what is newest."""
    newest = select(col(SkillRevision.id)).order_by(col(SkillRevision.number).desc()).limit(1)
    number = select(sa.func.max(col(SkillRevision.number)))
    edition = (
        select(col(SkillEdition.id))
        .where(col(SkillEdition.applied_at).is_not(None))
        .order_by(col(SkillEdition.applied_at).desc(), col(SkillEdition.id))
        .limit(1)
    )
    row = (
        await session.execute(
            select(newest.scalar_subquery(), number.scalar_subquery(), edition.scalar_subquery())
        )
    ).one()
    return Standing(revision=row[0], number=row[1] or 0, edition=row[2])


async def revisions_of(session: AsyncSession, uris: Iterable[str] | None = None) -> tuple[Revision, ...]:
    """Every change in its order, or those of some skills."""
    wanted = select(SkillRevision).order_by(col(SkillRevision.number))
    if uris is not None:
        wanted = wanted.where(col(SkillRevision.uri).in_(tuple(uris)))
    rows = await session.scalars(wanted)
    return tuple(
        Revision(number=row.number, uri=row.uri, kind=row.kind, name=row.name, locale=row.locale.value)
        for row in rows
    )


async def history_of(session: AsyncSession, uri: str) -> tuple[RevisionFacts, ...]:
    """The changes of one skill, the newest first."""
    rows = await session.execute(
        select(SkillRevision, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(SkillRevision.staff_id))
        .where(col(SkillRevision.uri) == uri)
        .order_by(col(SkillRevision.number).desc())
    )
    return tuple(RevisionFacts(**row.model_dump(), staff_name=name or "") for row, name in rows)


async def concepts_of(session: AsyncSession) -> tuple[Concept, ...]:
    """Every skill of the newest edition of every list brought in, with former labels and what people changed."""
    rows = await session.execute(
        select(col(SkillConcept.concept), col(SkillConcept.former)).where(
            col(SkillConcept.removed_at).is_(None)
        )
    )
    concepts = [with_former(Concept.model_validate(concept), former) for concept, former in rows]
    return revised(concepts, await revisions_of(session))


async def customers_concepts(session: AsyncSession) -> tuple[Concept, ...]:
    """The skills of customers' own lists that say which of ours they stand for."""
    rows = await session.scalars(
        select(col(SkillConcept.concept)).where(
            col(SkillConcept.scheme).not_in((ESCO, ROME)), col(SkillConcept.removed_at).is_(None)
        )
    )
    concepts = (Concept.model_validate(concept) for concept in rows)
    return revised((one for one in concepts if one.same_as), await revisions_of(session))


async def kept_rows(session: AsyncSession, scheme: str) -> Mapping[str, SkillConcept]:
    """Every row of one list by uri, those that its newest edition left out included."""
    rows = await session.scalars(select(SkillConcept).where(col(SkillConcept.scheme) == scheme))
    return {row.uri: row for row in rows}


async def kept_of(session: AsyncSession, uris: Iterable[str]) -> Mapping[str, Kept]:
    """Skills by uri; one that no list brought in holds is left out."""
    rows = (await session.scalars(select(SkillConcept).where(col(SkillConcept.uri).in_(tuple(uris))))).all()
    return {one.listed.uri: one for one in await _as_kept(session, rows)}


async def kept_by_notation(session: AsyncSession, scheme: str, notation: str) -> Kept:
    """One skill of one list; NotFound when the list has none of that notation."""
    if "\x00" in scheme + notation:
        raise NotFound
    rows = (
        await session.scalars(
            select(SkillConcept).where(
                col(SkillConcept.scheme) == scheme, col(SkillConcept.notation) == notation
            )
        )
    ).all()
    if not rows:
        raise NotFound
    return (await _as_kept(session, rows))[0]


async def concept_row(session: AsyncSession, uri: str) -> SkillConcept | None:
    found: SkillConcept | None = await session.scalar(
        select(SkillConcept).where(col(SkillConcept.uri) == uri)
    )
    return found


async def page_of(
    session: AsyncSession, scheme: str, *, q: str, limit: int, after: Sequence[Any] | None = None
) -> KeptPage:
    """One page of a list by label; `q`: every word stands in a label or an alias."""
    scheme, q = scheme.replace("\x00", ""), q.replace("\x00", "")
    label: Any = col(SkillConcept.label)
    row_id: Any = col(SkillConcept.id)
    wanted = select(SkillConcept).where(
        col(SkillConcept.scheme) == scheme, col(SkillConcept.removed_at).is_(None), *_holding(q)
    )
    if after is not None:
        there = sa.tuple_(sa.literal(str(after[0])), sa.literal(id_of(after[1]), row_id.type))
        wanted = wanted.where(sa.tuple_(label, row_id) > there)
    rows = (await session.scalars(wanted.order_by(label, row_id).limit(limit + 1))).all()
    lines = await _as_kept(session, rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return KeptPage(lines, (last.label, str(last.id)) if last else None)


async def namesakes(session: AsyncSession, name: str, *, scheme: str) -> tuple[Concept, ...]:
    """Skills of one list that carry this very name, former labels and people's aliases counted."""
    rows = (
        await session.scalars(
            select(SkillConcept).where(
                col(SkillConcept.scheme) == scheme,
                col(SkillConcept.removed_at).is_(None),
                col(SkillConcept.folded).contains(f"\n{named(name)}\n", autoescape=True),
            )
        )
    ).all()
    return tuple(one.concept for one in await _as_kept(session, rows))


async def narrower_of(session: AsyncSession, uri: str, *, most: int = 200) -> tuple[Concept, ...]:
    """The kinds of one skill in the lists brought in, by label."""
    linked = select(col(SkillRevision.uri)).where(
        col(SkillRevision.kind) == SkillChange.BROADER_SET, col(SkillRevision.name) == uri
    )
    said = sa.cast(col(SkillConcept.concept), sa.Text).contains(f'"{uri}"', autoescape=True)
    rows = (
        await session.scalars(
            select(SkillConcept)
            .where(col(SkillConcept.removed_at).is_(None), sa.or_(said, col(SkillConcept.uri).in_(linked)))
            .order_by(col(SkillConcept.label), col(SkillConcept.id))
            .limit(most)
        )
    ).all()
    return tuple(one.concept for one in await _as_kept(session, rows) if uri in one.concept.broader)


async def standing_for(session: AsyncSession, uri: str, *, most: int = 50) -> tuple[Concept, ...]:
    """Skills of customers' lists that say they stand for this one."""
    said = sa.cast(col(SkillConcept.concept), sa.Text).contains(f'"{uri}"', autoescape=True)
    rows = await session.scalars(
        select(col(SkillConcept.concept))
        .where(said, col(SkillConcept.removed_at).is_(None), col(SkillConcept.scheme).not_in((ESCO, ROME)))
        .order_by(col(SkillConcept.label), col(SkillConcept.id))
        .limit(most)
    )
    concepts = (Concept.model_validate(concept) for concept in rows)
    return tuple(one for one in concepts if one.same_as == uri)


def _holding(q: str) -> tuple[sa.ColumnElement[bool], ...]:
    words = named(q).split()[:MOST_WORDS]
    return tuple(col(SkillConcept.folded).contains(word, autoescape=True) for word in words)


async def _as_kept(session: AsyncSession, rows: Sequence[SkillConcept]) -> tuple[Kept, ...]:
    if not rows:
        return ()
    changed = await revisions_of(session, (row.uri for row in rows))
    return tuple(_kept(row, changed) for row in rows)


def _kept(row: SkillConcept, changed: Sequence[Revision]) -> Kept:
    listed = Concept.model_validate(row.concept)
    (concept,) = revised([with_former(listed, row.former)], changed)
    return Kept(row.id, listed, concept, tuple(row.former), row.removed_at)


async def editions_of(session: AsyncSession, *, limit: int = 50) -> tuple[EditionFacts, ...]:
    """The newest editions of every list first."""
    rows = await session.scalars(
        select(SkillEdition).order_by(col(SkillEdition.created_at).desc(), col(SkillEdition.id)).limit(limit)
    )
    return tuple(EditionFacts.model_validate(row) for row in rows)


async def edition_row(session: AsyncSession, edition_id: str | UUID) -> SkillEdition:
    row = await session.get(SkillEdition, id_of(edition_id))
    if row is None:
        raise NotFound
    return row


async def edition_facts(session: AsyncSession, edition_id: str | UUID) -> EditionFacts:
    return EditionFacts.model_validate(await edition_row(session, edition_id))


async def applied_last(session: AsyncSession, scheme: str) -> EditionFacts | None:
    """The edition of a list that is in force."""
    row = await session.scalar(
        select(SkillEdition)
        .where(col(SkillEdition.scheme) == scheme, col(SkillEdition.applied_at).is_not(None))
        .order_by(col(SkillEdition.applied_at).desc(), col(SkillEdition.id))
        .limit(1)
    )
    return None if row is None else EditionFacts.model_validate(row)


async def counts_by_scheme(session: AsyncSession) -> Mapping[str, int]:
    """How many skills of each list brought in are in force."""
    rows = await session.execute(
        select(col(SkillConcept.scheme), sa.func.count())
        .where(col(SkillConcept.removed_at).is_(None))
        .group_by(col(SkillConcept.scheme))
        .order_by(col(SkillConcept.scheme))
    )
    return {row[0]: row[1] for row in rows}
