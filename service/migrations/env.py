"""How Alembic runs: on its own synchronous engine, with foreign keys left off on SQLite.

A batch ALTER on SQLite drops and remakes the parent table; with foreign keys on, ON DELETE CASCADE would then delete
every child row. `PRAGMA foreign_key_check` afterwards proves that nothing dangles.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from service import tables  # noqa: F401  # registers every table


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write column types that a migration can import without our code."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    if isinstance(item, sa.JSON):
        return "JSON"
    return False


def compare_type(
    _context: Any, _column: Any, _metadata_column: Any, inspected: Any, wanted: Any
) -> bool | None:
    """Text is text: an enumeration kept as text is not a change of type."""
    if isinstance(wanted, sa.Enum):
        return bool(isinstance(inspected, sa.String) and inspected.length != wanted.length)
    if isinstance(wanted, sa.JSON) or isinstance(inspected, sa.JSON):
        return False
    return None


def run() -> None:
    engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url", ""), poolclass=sa.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=compare_type,
            compare_server_default=False,
            include_name=_ours,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if dangling:
                raise RuntimeError(f"the migration left {len(dangling)} rows that refer to nothing")


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name in SQLModel.metadata.tables


run()
