"""What `homeshore verify` proves: promises that stored data must keep, each with what was found."""

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.runtime.files import FileStore
from service.store import trail
from service.tables.trail import AuditEntry


class Finding(BaseModel):
    """One promise, whether it holds, and what was counted or found broken."""

    model_config = ConfigDict(frozen=True)

    promise: str
    holds: bool
    detail: str


async def verify_everything(session: AsyncSession, files: FileStore) -> list[Finding]:
    """Check every promise; the transaction is only read."""
    return [await _database_is_whole(session), await _audit_chain_holds(session)]


async def _database_is_whole(session: AsyncSession) -> Finding:
    if session.get_bind().dialect.name != "sqlite":
        await session.execute(text("SELECT 1"))
        return Finding(promise="database.answers", holds=True, detail="PostgreSQL checks its own pages")
    integrity = (await session.execute(text("PRAGMA integrity_check"))).scalar()
    dangling = len((await session.execute(text("PRAGMA foreign_key_check"))).fetchall())
    holds = integrity == "ok" and dangling == 0
    return Finding(
        promise="database.is_whole", holds=holds, detail=f"{integrity}, {dangling} dangling references"
    )


async def _audit_chain_holds(session: AsyncSession) -> Finding:
    broken = await trail.first_broken_link(session)
    chained = await session.scalar(
        select(func.count()).select_from(AuditEntry).where(col(AuditEntry.chain_position).is_not(None))
    )
    detail = f"{chained} entries" if broken is None else f"entry {broken} does not fit"
    return Finding(promise="audit.chain_holds", holds=broken is None, detail=detail)
