"""Notes to a team: what was sent for a programme, who has met it, and who is still to be given it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.continuous.notes import Note
from onboarding.continuous.refreshers import Origin, Phase
from service.runtime.actors import Actor
from service.runtime.errors import NotFound
from service.runtime.vocabulary import Stage
from service.store import reach
from service.store.assessing.assessments import Facts
from service.store.learning.cohorts import name_of
from service.tables.applications import Application
from service.tables.people import Candidate, Staff
from service.tables.programmes import Programme
from service.tables.refreshers import RefresherCard, RefresherNote

LISTING = "procedures"
"""What marks a cursor as one of this list."""


class NoteFacts(Facts):
    """One note, with how many people were given it and how many of them have met it."""

    id: UUID
    programme_id: UUID
    programme: str
    origin: Origin
    note: Note
    help_request_id: UUID | None
    replaces_id: UUID | None
    sent_by: str
    sent_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: str
    version: int
    people: int = 0
    met: int = 0


@dataclass(frozen=True)
class NotePage:
    """Notes, the newest first, and the position after the last one when there are more."""

    lines: tuple[NoteFacts, ...]
    after: tuple[str, str] | None


def notes_within(actor: Actor) -> ColumnElement[bool]:
    programmes = reach.programmes_within(actor)
    if isinstance(programmes, sa.True_):
        return programmes
    return col(RefresherNote.programme_id).in_(select(col(Programme.id)).where(programmes))


async def page_of(
    session: AsyncSession,
    actor: Actor,
    *,
    limit: int,
    programme_id: UUID | None = None,
    after: Sequence[Any] | None = None,
) -> NotePage:
    """One page in two queries, whatever its length."""
    order = (col(RefresherNote.sent_at), col(RefresherNote.id))
    query = _facts().where(notes_within(actor)).order_by(order[0].desc(), order[1].desc()).limit(limit + 1)
    if programme_id is not None:
        query = query.where(col(RefresherNote.programme_id) == programme_id)
    if after is not None:
        bounds = (
            sa.literal(datetime.fromisoformat(after[0]), RefresherNote.__table__.c.sent_at.type),  # type: ignore[attr-defined]
            sa.literal(UUID(after[1]), sa.Uuid),
        )
        query = query.where(sa.tuple_(*order) < sa.tuple_(*bounds))
    found = [_read(*row) for row in await session.execute(query)]
    lines = await _with_people(session, found[:limit])
    more = (lines[-1].sent_at.isoformat(), str(lines[-1].id)) if len(found) > limit else None
    return NotePage(lines, more)


async def facts_of(session: AsyncSession, actor: Actor, note_id: str | UUID) -> NoteFacts:
    """The note, if its programme is within reach; NotFound otherwise."""
    query = _facts().where(col(RefresherNote.id) == reach.id_of(note_id), notes_within(actor))
    found = (await session.execute(query)).first()
    if found is None:
        raise NotFound
    return (await _with_people(session, [_read(*found)]))[0]


async def note_row(session: AsyncSession, actor: Actor, note_id: str | UUID) -> RefresherNote:
    """The note to withdraw, held until the end of the transaction."""
    row = await session.scalar(
        select(RefresherNote)
        .where(col(RefresherNote.id) == reach.id_of(note_id), notes_within(actor))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    return row


async def of_request(session: AsyncSession, request_id: UUID) -> UUID | None:
    """The note that a request for help became, if any."""
    found: UUID | None = await session.scalar(
        select(col(RefresherNote.id)).where(col(RefresherNote.help_request_id) == request_id).limit(1)
    )
    return found


async def said_in(session: AsyncSession, note_ids: Iterable[UUID]) -> Mapping[UUID, Note]:
    """What the notes say that are asked still; the caller holds cards of theirs."""
    wanted = list(note_ids)
    if not wanted:
        return {}
    rows = await session.execute(
        select(col(RefresherNote.id), col(RefresherNote.said)).where(col(RefresherNote.id).in_(wanted))
    )
    return {note_id: Note.model_validate(said) for note_id, said in rows}


async def not_yet_met(session: AsyncSession, note_id: UUID, *, limit: int) -> tuple[str, ...]:
    """Who was given a note and has not opened it yet, by name. What anybody answered is not told."""
    rows = await session.execute(
        select(col(Candidate.given_name), col(Candidate.family_name), col(Candidate.pseudonym))
        .join(RefresherCard, col(RefresherCard.candidate_id) == col(Candidate.id))
        .where(col(RefresherCard.note_id) == note_id, col(RefresherCard.seen_at).is_(None))
        .order_by(col(Candidate.family_name), col(Candidate.given_name), col(Candidate.id))
        .limit(limit)
    )
    return tuple(name_of(*row) for row in rows)


async def give(session: AsyncSession, note: RefresherNote, *, due_on: date, due_at: datetime) -> int:
    """A card of this note for everybody hired for its programme who has none; how many.

    One statement, in which the database makes the ids: ten thousand people cost less than a second.
    """
    is_postgres = session.get_bind().dialect.name == "postgresql"
    new_id: Any = (
        sa.func.gen_random_uuid() if is_postgres else sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
    )
    card = RefresherCard.__table__  # type: ignore[attr-defined]
    same = {
        "about": f"note/{note.id}", "origin": note.origin, "note_id": note.id, "edition": "", "due_on": due_on,
        "due_at": due_at, "phase": Phase.LEARNING, "turns": 0,
    }  # fmt: skip
    columns = {
        "id": new_id,
        "candidate_id": col(Application.candidate_id),
        **{name: sa.literal(value, card.c[name].type) for name, value in same.items()},
    }
    people = select(*columns.values()).where(
        col(Application.programme_id) == note.programme_id, *_lacks_a_card(note.id)
    )
    giving = card.insert().from_select(list(columns), people).execution_options(preserve_rowcount=True)
    given: Any = await session.execute(giving)
    return int(given.rowcount)


def _lacks_a_card(note_id: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions on `Application`: hired, and without a card of this note."""
    has_card = (
        select(col(RefresherCard.id))
        .where(
            col(RefresherCard.note_id) == note_id,
            col(RefresherCard.candidate_id) == col(Application.candidate_id),
        )
        .correlate(Application, RefresherNote)
        .exists()
    )
    return col(Application.stage) == Stage.HIRED, ~has_card


async def waiting(session: AsyncSession, *, limit: int) -> tuple[RefresherNote, ...]:
    """Notes in force that somebody hired for their programme has no card of yet.

    They are held until the end of the transaction: none is withdrawn meanwhile, none dealt by two workers at once.
    """
    waits = (
        select(col(Application.id))
        .where(
            col(Application.programme_id) == col(RefresherNote.programme_id),
            *_lacks_a_card(col(RefresherNote.id)),
        )
        .exists()
    )
    rows = await session.scalars(
        select(RefresherNote)
        .where(col(RefresherNote.withdrawn_at).is_(None), waits)
        .order_by(col(RefresherNote.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(rows)


async def put_to_rest(session: AsyncSession, note_id: UUID) -> None:
    """Ask the cards of a note no more; what was answered stays."""
    await session.execute(
        update(RefresherCard).where(col(RefresherCard.note_id) == note_id).values(due_on=None)
    )


def _facts() -> Any:
    return (
        select(RefresherNote, col(Programme.title), col(Staff.name))
        .join(Programme, col(Programme.id) == col(RefresherNote.programme_id))
        .outerjoin(Staff, col(Staff.id) == col(RefresherNote.sent_by))
    )


def _read(row: RefresherNote, programme: str, sent_by: str | None) -> NoteFacts:
    told: dict[str, date | Any] = row.model_dump(exclude={"said", "sent_by", "withdrawn_by"})
    return NoteFacts(**told, programme=programme, sent_by=sent_by or "", note=Note.model_validate(row.said))


async def _with_people(session: AsyncSession, found: Sequence[NoteFacts]) -> tuple[NoteFacts, ...]:
    if not found:
        return ()
    rows = await session.execute(
        select(col(RefresherCard.note_id), func.count(), func.count(col(RefresherCard.seen_at)))
        .where(col(RefresherCard.note_id).in_([one.id for one in found]))
        .group_by(col(RefresherCard.note_id))
    )
    counts = {note_id: (people, met) for note_id, people, met in rows}
    return tuple(
        one.model_copy(update=dict(zip(("people", "met"), counts.get(one.id, (0, 0)), strict=True)))
        for one in found
    )
