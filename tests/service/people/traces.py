"""Somebody whose traces are easily found, and every place where one may be left: rows, letters, files, the log."""

import asyncio
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner
from sqlmodel import SQLModel

from service.cli import main
from service.runtime import mail
from service.tables.trail import Mail

CANARY = {
    "given_name": "Zéphyrine",
    "family_name": "Quenouillac",
    "email": "zephyrine.quenouillac@example.com",
    "phone": "06 98 76 54 32",
    "headline": "KANARIVOGEL aime le calme",
}
TRACES = (b"quenouillac", b"phyrine", b"698765432", b"98 76 54 32", b"kanarivogel")
REASON = "asked for by letter of 20 November"


async def send_letters(app: Any) -> None:
    async with app.state.database.transaction() as session:
        rows = list(await session.scalars(sa.select(Mail)))
    assert rows
    for row in rows:
        letter = mail.Letter(row.id, row.recipient, row.subject, row.body_text, row.body_html, row.created_at)
        mail.send(letter, app.state.settings)


async def rows(app: Any) -> dict[str, bytes]:
    """Every row of every table as text."""
    async with app.state.database.transaction() as session:
        return {
            table.name: repr((await session.execute(sa.select(table))).all()).lower().encode()
            for table in SQLModel.metadata.sorted_tables
        }


def bytes_on_disk(app: Any) -> dict[str, bytes]:
    """Every file of the data directory: database, log, documents, letters."""
    root = app.state.settings.data_dir
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def holding(places: dict[str, bytes]) -> dict[str, list[bytes]]:
    found = {name: [trace for trace in TRACES if trace in body.lower()] for name, body in places.items()}
    return {name: traces for name, traces in found.items() if traces}


async def command(app: Any, *words: str, now: datetime | None = None) -> Any:
    settings = app.state.settings
    env = {
        "HOMESHORE_DATA_DIR": str(settings.data_dir),
        "HOMESHORE_DATABASE_URL": settings.database_url,
        "HOMESHORE_PRETEND_NOW": now.isoformat() if now else None,
    }
    return await asyncio.to_thread(CliRunner().invoke, main, list(words), env=env)
