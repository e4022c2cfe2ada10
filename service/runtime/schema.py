"""The database's schema: brought up to date, compared with the tables, never edited by hand."""

import shutil
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.runtime.settings import Settings

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config(settings: Settings) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", settings.sync_database_url.replace("%", "%%"))
    return config


def upgrade(settings: Settings) -> str:
    """Bring the database to the newest revision and return it; an older embedded database is copied aside first.

    SQLite's own DDL is not rolled back when a migration breaks half way, hence the copy.
    """
    config = alembic_config(settings)
    newest = ScriptDirectory.from_config(config).get_current_head() or ""
    present = current_revision(settings)
    if present == newest:
        return newest
    if settings.is_embedded:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if present:
            _copy_aside(settings, present)
    command.upgrade(config, "head")
    return newest


def current_revision(settings: Settings) -> str | None:
    """The revision the database is at, or None when it is empty or absent."""
    if settings.is_embedded and not _sqlite_path(settings).exists():
        return None
    engine = sa.create_engine(settings.sync_database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _sqlite_path(settings: Settings) -> Path:
    return Path(settings.sync_database_url.removeprefix("sqlite:///"))


def empty_wal(settings: Settings) -> bool:
    """Write SQLite's log of changes back and empty it, outside of any transaction; False when a reader held it."""
    engine = sa.create_engine(settings.sync_database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        is_busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    return not is_busy


def copies_aside(settings: Settings) -> list[Path]:
    """The copies of an embedded database that upgrades made."""
    return sorted(settings.data_dir.glob("*.before-*.db")) if settings.is_embedded else []


def _copy_aside(settings: Settings, revision: str) -> None:
    source = _sqlite_path(settings)
    empty_wal(settings)
    shutil.copy2(source, source.with_suffix(f".before-{revision}.db"))
