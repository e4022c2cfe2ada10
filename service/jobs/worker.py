"""A process that does durable work: DBOS started, queues open, the dispatcher and the clocks running."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dbos import DBOS

from service.jobs import clocks, dispatch, tools
from service.runtime import wake
from service.runtime.clock import Clock
from service.runtime.log import log
from service.runtime.settings import Settings

APPLICATION_VERSION = "1"
"""Pinned: an upgrade of the code must not strand the runs that it finds."""

QUEUES = {"documents": 2, "mail": 2, "archives": 1}
"""How many runs of each at once; an archive of proofs lasts many minutes, and no contract waits behind it."""


@asynccontextmanager
async def working(settings: Settings, clock: Clock) -> AsyncIterator[None]:
    """Do durable work in this process for as long as the block lasts."""
    stop = threading.Event()
    await asyncio.to_thread(_start, settings, clock)
    threads = [
        threading.Thread(target=loop, args=(stop,), name=f"homeshore-{loop.__module__}", daemon=True)
        for loop in (dispatch.run, clocks.run)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        wake.ring()
        await asyncio.to_thread(_stop, threads)


def _start(settings: Settings, clock: Clock) -> None:
    from service.jobs import proof_workflows, workflows  # noqa: F401  # registers every workflow before DBOS starts

    tools.open_tools(settings, clock)
    DBOS(
        config={
            "name": "homeshore",
            "system_database_url": settings.work_database_url,
            "application_version": APPLICATION_VERSION,
            "executor_id": settings.stable_worker_id,
            "log_level": "ERROR",
            "enable_otlp": False,
        }
    )
    DBOS.launch()
    for queue, at_once in QUEUES.items():
        DBOS.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=0.2)
    log.info("worker_started", worker=settings.stable_worker_id)


def _stop(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.join(timeout=5)
    tools.close_tools()
    DBOS.destroy()
