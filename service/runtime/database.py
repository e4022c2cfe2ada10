"""The database: how a connection is opened, and the one place where a transaction begins and commits."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool

from service.runtime.errors import Unavailable

SAFE_SQLITE = (3, 51, 3)
"""From this version on a WAL database survives two connections that write and checkpoint at once."""

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL loses acknowledged writes in a power cut
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "busy_timeout=15000",
    "journal_size_limit=67108864",
)


class Database:
    """An engine and its transactions.

    On SQLite a writing transaction starts with BEGIN IMMEDIATE and, inside one process, waits its turn at a lock: a
    read-modify-write can then neither be lost nor end in "database is locked".
    """

    def __init__(self, url: str, *, pooled: bool = True) -> None:
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"hide_parameters": True}  # what people wrote stays out of error texts
        if not pooled:
            options["poolclass"] = NullPool
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=True)
        self._writer = asyncio.Lock()
        if self.is_sqlite:
            check_sqlite_version()
            event.listen(self.engine.sync_engine, "connect", _open_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @contextlib.asynccontextmanager
    async def transaction(self, *, write: bool = True) -> AsyncIterator[AsyncSession]:
        """One session in one transaction: committed when the block ends, rolled back when it raises."""
        turn = self._writer if write and self.is_sqlite else contextlib.nullcontext()
        async with turn, self._sessions() as session, session.begin():
            await session.connection(execution_options={"write": write})
            yield session

    async def close(self) -> None:
        await self.engine.dispose()


def check_sqlite_version() -> None:
    """Refuse a SQLite that can corrupt a WAL database (fixed in 3.51.3); say so in one line."""
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        raise Unavailable(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database in WAL mode; 3.51.3 or later is needed "
            "(on Linux the pysqlite3 wheel brings it; elsewhere use PostgreSQL through HOMESHORE_DATABASE_URL)."
        )


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
