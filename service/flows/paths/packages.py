"""The shelf of training packages: one is checked whole, kept as it came, withdrawn, or removed while nobody uses it."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO, BinaryIO, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.packages import packages
from onboarding.packages.package_rules import PackageRules
from onboarding.packages.packages import Checked
from onboarding.paths.paths import Module, Path
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, InBoth, RuleBroken
from service.runtime.files import FileStore
from service.runtime.ids import new_id
from service.runtime.vocabulary import PackageKind
from service.store import audit
from service.store.paths import packages as store
from service.tables.packages import Package, PackageEntry

MOST_UPLOADED = 512_000_000
"""What a request that brings a package may carry; what the package itself may weigh is in its rules."""

ROWS_AT_ONCE = 500
LONGEST_NAME = 200


def check(file: IO[bytes], rules: PackageRules, *, files: FileStore) -> tuple[Checked, str]:
    """Check a package, and keep its bytes when it is accepted: what was found, and the SHA-256 (empty when refused).

    Slow, since each file in it is read once: call it in a thread, outside a transaction. A file that then gets no row
    is forgotten by the sweep of files that nothing refers to.
    """
    held = cast(BinaryIO, file)
    found = packages.check(held, rules)
    return found, files.keep(held) if found.is_accepted else ""


def refusal(found: Checked) -> RuleBroken:
    """What the API answers when a package is refused: every problem with its place."""
    return RuleBroken(
        "The package is refused; see errors.",
        code="package-refused",
        faults=[
            Fault(f"/file/{one.place}", one.code, InBoth(one.text.fr, one.text.en)) for one in found.problems
        ],
    )


async def keep(
    session: AsyncSession, actor: Actor, found: Checked, sha256: str, *, file_name: str, now: datetime
) -> tuple[UUID, bool]:
    """Put an accepted package on the shelf; its id, and whether it is new: the same bytes are one package."""
    known = await store.by_hash(session, sha256)
    if known is not None:
        return known.id, False
    row = _row(actor, found, sha256, file_name=file_name, now=now)
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
            await _add_entries(session, row.id, found)
    except IntegrityError:
        twin = await store.by_hash(session, sha256)
        if twin is None:
            raise
        return twin.id, False
    audit.record(
        session, actor, action="package.keep", subject=("package", row.id), now=now,
        detail={"sha256": sha256, "kind": row.kind.value},
    )  # fmt: skip
    return row.id, True


def _row(actor: Actor, found: Checked, sha256: str, *, file_name: str, now: datetime) -> Package:
    manifest = found.manifest
    assert manifest is not None, "an accepted package has a manifest"
    return Package(
        sha256=sha256,
        kind=PackageKind(manifest.standard.value),
        title=(manifest.title or manifest.identifier)[:255],
        file_name=_named(file_name),
        size_bytes=found.archive.size,
        unpacked_bytes=found.archive.unpacked_bytes,
        files=len(found.archive.entries),
        manifest=manifest.model_dump(mode="json"),
        rules_edition=found.edition,
        created_by=actor.staff_id,
        created_at=now,
    )


def _named(file_name: str) -> str:
    """A name that somebody's browser sent, made fit to be shown: one line of what can be read, never a path."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(one for one in last if one.isprintable())[-LONGEST_NAME:]


async def _add_entries(session: AsyncSession, package_id: UUID, found: Checked) -> None:
    rows = [{"id": new_id(), "package_id": package_id, **one.model_dump()} for one in found.archive.entries]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        await session.execute(sa.insert(PackageEntry), rows[start : start + ROWS_AT_ONCE])


async def withdraw(
    session: AsyncSession, actor: Actor, package_id: str | UUID, *, why: str, now: datetime
) -> None:
    """Take a package off the shelf with a reason: who began it goes on to its end, nobody else opens it."""
    row = await store.package_row(session, package_id)
    if row.withdrawn_at is not None:
        raise Conflict("This package is withdrawn already.", code="package-withdrawn")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now, actor.staff_id, why.strip()
    audit.record(
        session, actor, action="package.withdraw", subject=("package", row.id), now=now,
        detail={"sha256": row.sha256},
    )  # fmt: skip
    await session.flush()


async def put_back(session: AsyncSession, actor: Actor, package_id: str | UUID, *, now: datetime) -> None:
    """Offer a withdrawn package again; one that is offered stays so."""
    row = await store.package_row(session, package_id)
    if row.withdrawn_at is None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = None, None, ""
    audit.record(session, actor, action="package.put_back", subject=("package", row.id), now=now)
    await session.flush()


async def remove(
    session: AsyncSession, actor: Actor, package_id: str | UUID, *, editions: Editions, now: datetime
) -> None:
    """Remove a package that nobody began and no path uses; its file goes with the next sweep of forgotten files."""
    row = await store.package_row(session, package_id)
    if uses_of(editions.paths.values(), row.sha256):
        raise Conflict("A path uses this package: withdraw it instead.", code="package-in-use")
    if await store.is_begun(session, row.id):
        raise Conflict("Somebody began this package: withdraw it instead.", code="package-in-use")
    audit.record(
        session, actor, action="package.remove", subject=("package", row.id), now=now,
        detail={"sha256": row.sha256},
    )  # fmt: skip
    await session.delete(row)
    await session.flush()


def uses_of(paths: Iterable[Path], sha256: str) -> tuple[tuple[Path, Module], ...]:
    """The editions of paths whose modules hold this package, newest edition first."""
    found = [
        (path, module)
        for path in paths
        for module in path.modules
        if module.package is not None and module.package.sha256 == sha256
    ]
    return tuple(sorted(found, key=lambda one: (one[0].edition, one[0].slug), reverse=True))
