"""What jobs work with: settings, clock, files, editions, transactions of their own, and processes that render."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from documents import packs, pdf
from service.runtime.clock import Clock
from service.runtime.database import Database
from service.runtime.drawn import DRAWN_FOLDER, DrawnFiles
from service.runtime.files import FileStore
from service.runtime.settings import Settings

T = TypeVar("T")
P = ParamSpec("P")

SETTLING_SECONDS = 5.0
"""How long a stop waits for the pieces of work under way; they are short, and all harmless when done twice."""


class Stopping(BaseException):
    """This process stops. No `Exception`, so that nothing calls the run failed or tries again: the next start does."""


@dataclass
class Tools:
    """One process's tools; DBOS keeps a single instance a process, so we do too."""

    settings: Settings
    clock: Clock
    files: FileStore
    renderers: ProcessPoolExecutor = field(init=False)
    drawn: DrawnFiles = field(init=False)
    _making: str = ""
    _under_way: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self.renderers = _new_pool(self.settings.pdf_processes)
        self.drawn = DrawnFiles(self.settings.data_dir / DRAWN_FOLDER, self.files)

    def do(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run one asynchronous piece of work to its end, in this job's own thread and loop."""
        self._count(1)
        try:
            return asyncio.run(work())
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._changed:
            self._under_way += change
            self._changed.notify_all()

    def settle(self) -> None:
        """Wait for the pieces of work under way, so that a letter that just left is also noted as sent."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, SETTLING_SECONDS)

    @asynccontextmanager
    async def transaction(self, *, write: bool = True) -> AsyncIterator[AsyncSession]:
        """A transaction on a connection of its own: jobs run in threads, each with its own loop."""
        database = Database(self.settings.async_database_url, pooled=False)
        try:
            async with database.transaction(write=write) as session:
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

    def draw(self, plan: packs.DocumentPlan) -> str:
        """The SHA-256 under which the PDF of a plan is kept. It is drawn once: an unchanged document is read again.

        Whatever its bytes depend on is in the key (words, facts, moment, style, fonts, libraries), so nothing stale
        is ever found. Not for what is kept under seal: the file is kept as it is.
        """
        self._making = self._making or self.render(pdf.making)
        key = packs.key_of(plan, making=self._making)
        kept = self.drawn.find(key)
        if kept is None:
            kept = self.files.put(self.render(packs.render_document, plan))
            self.drawn.note(key, kept)
        return kept


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
    threading.Thread(target=_end_with_the_service, daemon=True).start()


def _end_with_the_service() -> None:
    """A service that was killed takes its rendering processes along: nobody else would ever end them."""
    service = multiprocessing.parent_process()
    if service is not None:
        service.join()
        os._exit(0)


_tools: Tools | None = None


def open_tools(settings: Settings, clock: Clock) -> Tools:
    global _tools
    _tools = Tools(settings, clock, FileStore(settings.data_dir / "files"))
    return _tools


def tools() -> Tools:
    """The tools of this process; Stopping when they were put away, or never laid out."""
    if _tools is None:
        raise Stopping("no durable work is done in this process, or no more")
    return _tools


def close_tools() -> None:
    """Hand out no tools any more, let the work under way settle, end the rendering processes."""
    global _tools
    closing, _tools = _tools, None
    if closing is not None:
        closing.settle()
        closing.renderers.shutdown(wait=False, cancel_futures=True)
