"""The shelf of training packages: what it holds, who uses it, and where the files of a package lie."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from onboarding.packages.archives import Entry
from onboarding.packages.manifests import Manifest
from service.runtime.errors import NotFound
from service.runtime.vocabulary import PackageKind
from service.store.reach import id_of
from service.tables.packages import Package, PackageAttempt, PackageEntry
from service.tables.people import Staff

Position = tuple[datetime, UUID]


class PackageFacts(BaseModel):
    """One package as the shelf shows it; `learners` are those who began it, whoever asks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    sha256: str
    kind: PackageKind
    title: str
    file_name: str
    size_bytes: int
    unpacked_bytes: int
    files: int
    manifest: Manifest
    rules_edition: str
    created_by: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_why: str
    learners: int

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


def manifest_of(row: Package) -> Manifest:
    return Manifest.model_validate_json(json.dumps(row.manifest))


def _query() -> Any:
    withdrawer = sa.orm.aliased(Staff)
    learners = (
        select(func.count())
        .select_from(PackageAttempt)
        .where(col(PackageAttempt.package_id) == col(Package.id))
        .scalar_subquery()
    )
    return (
        select(Package, col(Staff.name), col(withdrawer.name), learners)
        .outerjoin(Staff, col(Staff.id) == col(Package.created_by))
        .outerjoin(withdrawer, col(withdrawer.id) == col(Package.withdrawn_by))
    )


def _facts(found: Any) -> PackageFacts:
    row, creator, withdrawer, learners = found
    said = row.model_dump(exclude={"created_by", "withdrawn_by", "manifest"})
    return PackageFacts(
        **said,
        manifest=manifest_of(row),
        created_by=creator or "",
        withdrawn_by=withdrawer or "",
        learners=learners,
    )


async def page_of(
    session: AsyncSession, *, limit: int, after: Position | None = None
) -> tuple[PackageFacts, ...]:
    """One page of the shelf, the newest first, in one query."""
    order = (col(Package.created_at), col(Package.id))
    query = _query().order_by(*(column.desc() for column in order)).limit(limit)
    if after is not None:
        bounds = (sa.literal(after[0], UTCDateTime), sa.literal(after[1], sa.Uuid))
        query = query.where(sa.tuple_(*order) < sa.tuple_(*bounds))
    return tuple(_facts(found) for found in await session.execute(query))


async def facts_of(session: AsyncSession, package_id: str | UUID) -> PackageFacts:
    found = (await session.execute(_query().where(col(Package.id) == id_of(package_id)))).first()
    if found is None:
        raise NotFound
    return _facts(found)


async def offered(session: AsyncSession, *, limit: int = 500) -> tuple[PackageFacts, ...]:
    """What an author may put into a module: everything that is not withdrawn, the newest first."""
    query = _query().where(col(Package.withdrawn_at).is_(None)).order_by(col(Package.created_at).desc())
    return tuple(_facts(found) for found in await session.execute(query.limit(limit)))


async def not_offered(session: AsyncSession, hashes: Iterable[str]) -> frozenset[str]:
    """Those of these SHA-256 that no package bears which may be given to people now."""
    asked = frozenset(hashes)
    found = await session.scalars(
        select(col(Package.sha256)).where(col(Package.sha256).in_(asked), col(Package.withdrawn_at).is_(None))
    )
    return asked - frozenset(found)


async def package_row(session: AsyncSession, package_id: str | UUID) -> Package:
    """The package, held until the end of the transaction."""
    row = await session.scalar(select(Package).where(col(Package.id) == id_of(package_id)).with_for_update())
    if row is None:
        raise NotFound
    return row


async def by_hash(session: AsyncSession, sha256: str) -> Package | None:
    return await session.scalar(select(Package).where(col(Package.sha256) == sha256))


async def is_begun(session: AsyncSession, package_id: UUID) -> bool:
    """Whether any learner began it: it can then be withdrawn, but not removed."""
    found = await session.scalar(
        select(col(PackageAttempt.id)).where(col(PackageAttempt.package_id) == package_id).limit(1)
    )
    return found is not None


async def entry_of(session: AsyncSession, package_id: UUID, name: str) -> Entry | None:
    """Where one file of a package lies in its ZIP, or None when it has no file of exactly that name."""
    row = await session.scalar(
        select(PackageEntry).where(col(PackageEntry.package_id) == package_id, col(PackageEntry.name) == name)
    )
    return None if row is None else Entry.model_validate(row.model_dump(exclude={"id", "package_id"}))
