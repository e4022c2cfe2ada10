"""How commands answer: JSON for machines when asked, words otherwise, and errors in one line."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.reading.reading_files import RowFault
from service.flows.reading.reading_text import UnreadableFile
from service.runtime.database import Database
from service.runtime.errors import HomeshoreError
from service.runtime.settings import Settings

T = TypeVar("T")
P = ParamSpec("P")

MOST_FAULTS = 50
"""As many as somebody mends before trying again; the rest is only counted."""

as_json = click.option("--json", "json_output", is_flag=True, help="Answer in JSON.")


def answer(value: Any, *, json_output: bool, words: str) -> None:
    """Print `value` as JSON, or `words`."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str) if json_output else words)


def told(command: Callable[P, T]) -> Callable[P, T]:
    """Turn our errors into one line on standard error and exit status 1; settings that do not fit into status 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except HomeshoreError as error:
            click.echo(f"homeshore: {error.detail}", err=True)
            for fault in error.faults:
                click.echo(f"  {fault.pointer}: {fault.detail}", err=True)
            sys.exit(1)
        except ValidationError as error:
            for entry in error.errors():
                place = ".".join(str(part) for part in entry["loc"])
                click.echo(f"homeshore: {place}: {entry['msg']}", err=True)
            sys.exit(2)

    return run


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run one asynchronous command to its end."""
    return asyncio.run(work())


@asynccontextmanager
async def transaction(settings: Settings) -> AsyncIterator[AsyncSession]:
    """One writing transaction of a command."""
    database = Database(settings.async_database_url, pooled=False)
    try:
        async with database.transaction() as session:
            yield session
    finally:
        await database.close()


def read_file(file: Path, read: Callable[[bytes], T | tuple[RowFault, ...]]) -> T:
    """What `read` makes of a file; its faults on standard error and exit status 1 where it holds any."""
    try:
        found = read(file.read_bytes())
    except UnreadableFile as error:
        _leave(f"{file}: line {error.line}: {error}")
    except OSError as error:
        _leave(f"{file}: {error.strerror}")
    if isinstance(found, tuple):
        _tell(found, file)
        _leave(f"{file}: {len(found)} fault(s), nothing was computed.")
    return found


def _tell(faults: tuple[RowFault, ...], file: Path) -> None:
    for fault in faults[:MOST_FAULTS]:
        column = f", column “{fault.column}”" if fault.column else ""
        value = f", “{fault.value}”" if fault.value else ""
        click.echo(f"{file}: line {fault.line}{column}{value}: {fault.reason}", err=True)
    if len(faults) > MOST_FAULTS:
        click.echo(f"{file}: … {len(faults) - MOST_FAULTS} more", err=True)


def _leave(why: str) -> NoReturn:
    click.echo(f"homeshore: {why}", err=True)
    sys.exit(1)
