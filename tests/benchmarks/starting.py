"""How long `homeshore serve` takes from the command to its first page, with data there already."""

import statistics
import tempfile
import time
from pathlib import Path

import httpx

from service.runtime.schema import upgrade
from service.runtime.settings import Settings
from tests.benchmarks.measuring import Measure
from tests.processes import Process, environment, free_port

TURNS, PATIENCE_S = 3, 60


def measure() -> list[Measure]:
    """One line without a comparison."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="", port=0)
        upgrade(settings)
        taken = [_start(settings) for _ in range(TURNS)]
    return [
        Measure("starting", "homeshore serve, warm, to the first page", statistics.median(taken), n=TURNS)
    ]


def _start(settings: Settings) -> float:
    port = free_port()
    begun = time.perf_counter()
    server = Process(
        ["serve"], environment(settings, HOMESHORE_PORT=str(port)), settings.data_dir / "server.log"
    )
    try:
        while time.perf_counter() - begun < PATIENCE_S:
            if _shows_a_page(port):
                return time.perf_counter() - begun
            time.sleep(0.02)
        raise AssertionError(server.log.read_text()[-3000:])
    finally:
        server.stop()


def _shows_a_page(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/sign-in", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
