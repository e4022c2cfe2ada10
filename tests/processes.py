"""Real processes of the service for tests: started, waited for, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from service.runtime.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-c", "from service.cli import main; main()"]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The variables that make a process use this installation."""
    return {
        **os.environ,
        "HOMESHORE_DATA_DIR": str(settings.data_dir),
        "HOMESHORE_DATABASE_URL": settings.database_url,
        "HOMESHORE_RATE_LIMIT_PER_MINUTE": "1000000",
        "HOMESHORE_SIGN_INS_PER_MINUTE": "1000000",
        "HOMESHORE_LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "default",
        **more,
    }


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
            return self.popen.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def start_server(settings: Settings, *, port: int, demo: bool = False, **more: str) -> Process:
    """`homeshore serve` on this port; returns when it answers."""
    variables = environment(settings, HOMESHORE_PORT=str(port), **more)
    log = settings.data_dir / "server.log"
    process = Process(["serve", *(["--demo"] if demo else [])], variables, log)
    wait_until(lambda: _answers(port, process), seconds=60, what=lambda: log.read_text()[-3000:])
    return process


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
