"""Papers drawn in processes of their own while somebody waits: drawing may share neither memory nor the event loop."""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from documents.packs import DocumentPlan, render_document
from documents.pdf import PdfError
from service.runtime.errors import Unavailable

_pools: dict[int, ProcessPoolExecutor] = {}


async def draw(plan: DocumentPlan, *, processes: int) -> bytes:
    """The PDF of one plan; the processes start at the first wish and are kept, a dead one is replaced once."""
    try:
        return await _drawn(plan, processes)
    except BrokenProcessPool:
        _pools.pop(processes, None)
        return await _drawn(plan, processes)


async def _drawn(plan: DocumentPlan, processes: int) -> bytes:
    pool = _pools.get(processes)
    if pool is None:
        pool = _pools[processes] = ProcessPoolExecutor(
            processes, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=100
        )
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, render_document, plan)
    except PdfError as error:
        raise Unavailable(str(error)) from error
