"""A real TURN server on this machine, and a road to it that loses packets on purpose."""

import contextlib
import random
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.processes import free_port, wait_until

TURNSERVER = shutil.which("turnserver") or ""
SECRET = "shared with the relay for one test"


@contextlib.contextmanager
def running_relay(folder: Path) -> Iterator[int]:
    """The port of coturn with the shared secret; stopped at the end. Its log is `relay.log`."""
    assert TURNSERVER, "the set-up of the tests installs coturn; type: apt-get install coturn"
    port, log = free_port(), folder / "relay.log"
    with log.open("wb") as out:
        relay = subprocess.Popen(
            [
                TURNSERVER, "-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}",
                "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=homeshore", "--allow-loopback-peers",
                "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout", f"--pidfile={folder / 'relay.pid'}",
                f"--userdb={folder / 'relay.db'}",
            ],
            stdout=out, stderr=out,
        )  # fmt: skip
    try:
        wait_until(lambda: _accepts(port), seconds=20, what=log.read_text)
        yield port
    finally:
        relay.terminate()
        relay.wait()


def _accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class LossyRoad:
    """Passes UDP on between browsers and the relay behind it, and drops `lost_percent` of what browsers send."""

    def __init__(self, relay_port: int, *, seed: int = 7) -> None:
        self.lost_percent = 0
        self.passed = self.dropped = 0
        self._relay = ("127.0.0.1", relay_port)
        self._chance = random.Random(seed)
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self._behind: dict[tuple[str, int], socket.socket] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._pass_on)

    @property
    def port(self) -> int:
        found: int = self._front.getsockname()[1]
        return found

    def __enter__(self) -> "LossyRoad":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        for one in (self._front, *self._behind.values()):
            one.close()

    def _pass_on(self) -> None:
        while not self._is_over.is_set():
            ready, _, _ = select.select([self._front, *self._behind.values()], [], [], 0.1)
            for one in ready:
                self._there() if one is self._front else self._back(one)

    def _there(self) -> None:
        data, browser = self._front.recvfrom(65_536)
        if self._chance.random() * 100 < self.lost_percent:
            self.dropped += 1
            return
        self.passed += 1
        if browser not in self._behind:
            self._behind[browser] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._behind[browser].connect(self._relay)
        self._behind[browser].send(data)

    def _back(self, behind: socket.socket) -> None:
        browser = next(address for address, one in self._behind.items() if one is behind)
        with contextlib.suppress(ConnectionError):
            self._front.sendto(behind.recv(65_536), browser)
