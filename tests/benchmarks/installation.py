"""A whole service in this process over an empty embedded database, driven from plain functions."""

import asyncio
import contextlib
import tempfile
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from service.app import create_app
from service.runtime.schema import upgrade
from service.runtime.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Installation:
    """A started service and the one event loop that everything about it runs in."""

    app: Any
    settings: Settings
    runner: asyncio.Runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)


@contextlib.contextmanager
def installation(database_url: str = "") -> Iterator[Installation]:
    """Started over that database or an embedded one, without durable work; its data go when the block ends."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        settings = Settings(
            data_dir=Path(folder), database_url=database_url, base_url="http://homeshore.test", port=0,
            log_level="ERROR", rate_limit_per_minute=1_000_000, sign_ins_per_minute=1_000_000,
        )  # fmt: skip
        upgrade(settings)
        app = create_app(settings)
        started, over = asyncio.Event(), asyncio.Event()
        life = runner.get_loop().create_task(_live(app, started, over))
        runner.run(_first(started.wait(), life))
        try:
            yield Installation(app, settings, runner)
        finally:
            over.set()
            runner.run(_first(life))


async def _live(app: Any, started: asyncio.Event, over: asyncio.Event) -> None:
    """Start and stop in one task, as the service's own scopes want it."""
    async with app.lifespan():
        started.set()
        await over.wait()


async def _first(*waited: Any) -> None:
    """Wait for the first of these; if it failed, so does this."""
    tasks = [asyncio.ensure_future(one) for one in waited]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
