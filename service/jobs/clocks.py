"""Clocks: what time alone brings about, swept for in dated rows."""

import threading
from datetime import timedelta

from service.jobs.tools import tools
from service.runtime.log import log
from service.store import trail

SWEEP_SECONDS = 5.0
SETTLED_AFTER = timedelta(seconds=10)
"""No transaction here stays open that long, so older audit entries are in their final order."""


def run(stop: threading.Event) -> None:
    """Sweep until told to stop; a fault of one sweep is logged and the next one tries again."""
    while not stop.wait(SWEEP_SECONDS):
        try:
            tools().do(link_audit_entries)
        except Exception as error:
            log.error("sweep_failed", error_type=type(error).__name__)


async def link_audit_entries() -> int:
    """Chain the settled audit entries."""
    async with tools().transaction() as session:
        return await trail.link_waiting(session, before=tools().clock() - SETTLED_AFTER)
