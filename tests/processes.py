"""Real processes of the service for tests: started, waited for, stopped, killed; and their database beside them."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.database import Database
from service.runtime.settings import Settings

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
WATCHED = {"HOMESHORE_LOG_LEVEL": "WARNING", "PYTHONWARNINGS": "default", "PYTHONFAULTHANDLER": "1"}
COMMAND = [sys.executable, "-c", "from service.cli import main; main()"]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The variables that say the same as `settings`, whatever the tester's own environment says.

    Port and base URL are a process's own: `more` gives them, or they stay as the service has them.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOMESHORE_")}
    said = settings.model_dump(mode="json", exclude_none=True, exclude={"port", "base_url"})
    named = {f"HOMESHORE_{name.upper()}": str(value) for name, value in said.items()}
    return own | named | WATCHED | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    """One process of the service and its output on disk."""

    def __init__(self, arguments: list[str], variables: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self.popen = subprocess.Popen(
                [*COMMAND, *arguments],
                env=dict(variables),
                stdout=out,
                stderr=out,
                cwd=ROOT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9 of the process and of everything it started."""
        os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> int:
        """Ctrl-C, and the exit status."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGINT)
        try:
            return self.popen.wait(timeout=60)  # a busy machine is slow to stop, too
        except subprocess.TimeoutExpired:
            where = self._where_it_stands()
            self.kill()
            raise AssertionError(f"it does not stop; it stands here:\n{where}") from None

    def _where_it_stands(self) -> str:
        """Every thread's stack, which faulthandler writes into the log on SIGABRT, and what was logged before."""
        self.popen.send_signal(signal.SIGABRT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(timeout=10)
        return self.log.read_text()[-8000:]


def start_server(settings: Settings, *, port: int, demo: bool = False, **more: str) -> Process:
    """`homeshore serve` on this port; returns when it answers."""
    variables = environment(settings, HOMESHORE_PORT=str(port), **more)
    log = settings.data_dir / "server.log"
    process = Process(["serve", *(["--demo"] if demo else [])], variables, log)
    wait_until(lambda: _answers(port, process), seconds=180, what=lambda: log.read_text()[-3000:])
    return process


@contextlib.contextmanager
def running_server(settings: Settings, *, demo: bool = False, **more: str) -> Iterator[str]:
    """A server on a free port, stopped at the end; gives its base URL. Its log is `server.log` beside the data."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    process = start_server(settings, port=port, demo=demo, HOMESHORE_BASE_URL=base_url, **more)
    try:
        yield base_url
    finally:
        process.stop()


def _answers(port: int, process: Process) -> bool:
    if process.popen.poll() is not None:
        raise AssertionError(f"the server ended: {process.log.read_text()[-3000:]}")
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/v1/ready", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def start_worker(settings: Settings, *, worker_id: str, **more: str) -> Process:
    """`homeshore work` under this name."""
    variables = environment(settings, HOMESHORE_WORKER_ID=worker_id, **more)
    return Process(["work"], variables, settings.data_dir / f"{worker_id}.log")


def wait_until(holds: Callable[[], bool], *, seconds: float, what: Callable[[], str] = lambda: "") -> None:
    """Poll until `holds()`; a clear failure with `what()` when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain: {what()}")


def in_database(settings: Settings, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run `work` in one transaction of its own, from any thread, beside a running server or a running browser."""

    async def act() -> T:
        database = Database(settings.async_database_url, pooled=False)
        try:
            async with database.transaction() as session:
                return await work(session)
        finally:
            await database.close()

    return apart(act)


def apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end in a thread of its own: a running browser already has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()
