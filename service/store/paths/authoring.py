"""What trainers write: drafts, published editions, withdrawals and files to teach with, as frozen facts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.errors import NotFound
from service.tables.authoring import EditionWithdrawal, TeachingFile, TrainingDraft, TrainingEdition
from service.tables.people import Staff
from service.tables.training import Assignment


class Facts(BaseModel):
    """What leaves the store: frozen, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DraftFacts(Facts):
    """One draft as it was last typed, and by whom."""

    id: UUID
    path: str
    document: dict[str, Any]
    based_on: str
    edited_by: str
    edited_at: datetime
    version: int


class EditionFacts(Facts):
    """What happened to one edition: published here (else it ships), taken back, how many people were given it, and how
    many of them are still under way."""

    edition: str
    is_shipped: bool = True
    note: str = ""
    published_by: str = ""
    published_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    reason: str = ""
    learners: int = 0
    under_way: int = 0


class TeachingFileFacts(Facts):
    """One file that modules may show or hand out."""

    sha256: str
    media_type: str
    size_bytes: int
    file_name: str


class Published(Facts):
    """One edition as it was published."""

    path: str
    edition: str
    document: dict[str, Any]


Stamp = tuple[int, str | None, int, str | None]
NOTHING: Stamp = (0, None, 0, None)


async def stamp(session: AsyncSession) -> Stamp:
    """What changes when an edition is published or taken back, in one query; rows of neither are ever changed."""
    found = (
        await session.execute(
            select(
                *(
                    query.scalar_subquery()
                    for table in (TrainingEdition, EditionWithdrawal)
                    for query in (
                        select(func.count()).select_from(table),
                        select(func.max(sa.cast(col(table.id), sa.String))),
                    )
                )
            )
        )
    ).one()
    return (found[0], found[1], found[2], found[3])


async def published(session: AsyncSession) -> tuple[Published, ...]:
    """Every edition that was published here."""
    rows = await session.execute(
        select(TrainingEdition.path, TrainingEdition.edition, TrainingEdition.document)  # type: ignore[call-overload]
    )
    return tuple(Published(path=path, edition=edition, document=held) for path, edition, held in rows)


async def withdrawn(session: AsyncSession) -> frozenset[tuple[str, str]]:
    """(path, edition) of everything that nobody is given any more."""
    rows = await session.execute(select(EditionWithdrawal.path, EditionWithdrawal.edition))  # type: ignore[call-overload]
    return frozenset((path, edition) for path, edition in rows)


def _drafts() -> Any:
    return select(TrainingDraft, col(Staff.name)).outerjoin(
        Staff, col(Staff.id) == col(TrainingDraft.edited_by)
    )


def _draft(found: Any) -> DraftFacts:
    row, editor = found
    said = row.model_dump(include={"id", "path", "document", "based_on", "edited_at", "version"})
    return DraftFacts(**said, edited_by=editor or "")


async def drafts(session: AsyncSession) -> tuple[DraftFacts, ...]:
    """Every draft, the one edited last first: a few tens at most."""
    found = await session.execute(_drafts().order_by(col(TrainingDraft.edited_at).desc()).limit(200))
    return tuple(_draft(one) for one in found)


async def draft_of(session: AsyncSession, path: str) -> DraftFacts:
    """The draft of a path; NotFound when there is none."""
    found = (await session.execute(_drafts().where(col(TrainingDraft.path) == path))).first()
    if found is None:
        raise NotFound("Nobody is writing a draft of this path.")
    return _draft(found)


async def draft_row(session: AsyncSession, path: str) -> TrainingDraft:
    """The draft, held until the end of the transaction: two trainers never write over one another unseen."""
    row = await session.scalar(select(TrainingDraft).where(col(TrainingDraft.path) == path).with_for_update())
    if row is None:
        raise NotFound("Nobody is writing a draft of this path.")
    return row


async def has_draft(session: AsyncSession, path: str) -> bool:
    return (
        await session.scalar(select(col(TrainingDraft.id)).where(col(TrainingDraft.path) == path))
    ) is not None


async def editions_of(session: AsyncSession, path: str, shipped: Iterable[str]) -> dict[str, EditionFacts]:
    """What is known of each edition of a path, by its name, in three queries."""
    found = {edition: EditionFacts(edition=edition) for edition in shipped}
    rows = await session.execute(
        select(TrainingEdition, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(TrainingEdition.published_by))
        .where(col(TrainingEdition.path) == path)
    )
    for row, name in rows:
        found[row.edition] = EditionFacts(
            edition=row.edition, is_shipped=False, note=row.note,
            published_by=name or "", published_at=row.published_at,
        )  # fmt: skip
    back = await session.execute(
        select(EditionWithdrawal, col(Staff.name))
        .outerjoin(Staff, col(Staff.id) == col(EditionWithdrawal.withdrawn_by))
        .where(col(EditionWithdrawal.path) == path)
    )
    for taken, name in back:
        if taken.edition in found:
            told = {"withdrawn_by": name or "", "withdrawn_at": taken.withdrawn_at, "reason": taken.reason}
            found[taken.edition] = found[taken.edition].model_copy(update=told)
    counted = await session.execute(
        select(
            col(Assignment.edition), func.count(), func.count().filter(col(Assignment.is_complete).is_(False))
        )
        .where(col(Assignment.path) == path)
        .group_by(col(Assignment.edition))
    )
    for edition, learners, under_way in counted:
        if edition in found:
            told = {"learners": learners, "under_way": under_way}
            found[edition] = found[edition].model_copy(update=told)
    return found


async def file_of(session: AsyncSession, sha256: str) -> TeachingFileFacts | None:
    """A file of the shelf by what it is, or None."""
    row = await session.scalar(select(TeachingFile).where(col(TeachingFile.sha256) == sha256))
    if row is None:
        return None
    return TeachingFileFacts(**row.model_dump(include=set(TeachingFileFacts.model_fields)))


async def files_missing(session: AsyncSession, hashes: Iterable[str]) -> frozenset[str]:
    """Those of these SHA-256 that the shelf does not hold."""
    asked = frozenset(hashes)
    found = await session.scalars(select(col(TeachingFile.sha256)).where(col(TeachingFile.sha256).in_(asked)))
    return asked - frozenset(found)
