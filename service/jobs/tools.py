"""What jobs work with: settings, clock, files, editions, transactions of their own, and processes that render."""

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.clock import Clock
from service.runtime.database import Database
from service.runtime.files import FileStore
from service.runtime.settings import Settings

T = TypeVar("T")
P = ParamSpec("P")


@dataclass
class Tools:
    """One process's tools; DBOS keeps a single instance a process, so we do too."""

    settings: Settings
    clock: Clock
    files: FileStore
    renderers: ProcessPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.renderers = _new_pool(self.settings.pdf_processes)

    def do(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run one asynchronous piece of work to its end, in this job's own thread and loop."""
        return asyncio.run(work())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A writing transaction on a connection of its own: jobs run in threads, each with its own loop."""
        database = Database(self.settings.async_database_url, pooled=False)
        try:
            async with database.transaction() as session:
                yield session
        finally:
            await database.close()

    def render(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `make` in a rendering process; a process that died is replaced and the work tried once more."""
        try:
            return self.renderers.submit(make, *args, **kwargs).result()
        except BrokenProcessPool:
            self.renderers = _new_pool(self.settings.pdf_processes)
            return self.renderers.submit(make, *args, **kwargs).result()


def _new_pool(processes: int) -> ProcessPoolExecutor:
    """Fresh processes (never forked from this one, which has threads), recycled, and polite to the web server."""
    return ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_be_polite,
        max_tasks_per_child=200,
    )


def _be_polite() -> None:
    os.nice(10)


_tools: Tools | None = None


def open_tools(settings: Settings, clock: Clock) -> Tools:
    global _tools
    _tools = Tools(settings, clock, FileStore(settings.data_dir / "files"))
    return _tools


def tools() -> Tools:
    """The tools of this process; only while it is working."""
    if _tools is None:
        raise RuntimeError("durable work was not started in this process")
    return _tools


def close_tools() -> None:
    global _tools
    if _tools is not None:
        _tools.renderers.shutdown(wait=False, cancel_futures=True)
    _tools = None
