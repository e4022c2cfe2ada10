"""A small server that plays packages as the product will: our page, the content in its fence, and its reports kept."""

import http.server
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from onboarding.packages.archives import read_entry
from onboarding.packages.packages import check
from onboarding.packages.scorm_pages import (
    RUNTIME,
    SANDBOX,
    headers_of,
    is_page,
    runtime_start,
    runtime_tag,
    with_runtime,
)
from onboarding.packages.scorm_resuming import resumed_values
from onboarding.packages.scorm_snapshots import Snapshot
from onboarding.packages.scorm_states import Message, Outcome, UnitState, open_session, receive
from tests.onboarding.samples import PACKAGE_RULES

STATIC = Path("service/web/static")
BUILDS = {"scorm_1_2": "scorm12.min.js", "scorm_2004": "scorm2004.min.js"}


class Player:
    """One package, one learner, one unit; `secrets_read` counts who got at what only a session may see."""

    def __init__(self, held: bytes) -> None:
        checked = check(io.BytesIO(held), PACKAGE_RULES)
        assert checked.manifest is not None, checked.problems
        self.held, self.archive, self.manifest = held, checked.archive, checked.manifest
        self.unit = checked.manifest.units[0]
        self.state = UnitState(unit=self.unit.identifier)
        self.outcomes: list[Outcome] = []
        self.secrets_read = 0
        self.origin = ""

    @property
    def snapshot(self) -> Snapshot:
        return self.state.snapshot

    @property
    def folder(self) -> str:
        return f"{self.origin}/content/t0ken/"

    def page(self) -> bytes:
        words = json.dumps({name: name for name in ("saving", "saved", "offline", "refused", "replaced")})
        return f"""<!doctype html><html lang="fr"><title>Module</title><h1>Module</h1>
<p data-package-status data-words='{words}' role="status"></p>
<iframe data-package title="Contenu" sandbox="{SANDBOX}" data-open="/open"></iframe>
<button type="button" data-package-wide data-leave="Quitter" hidden>Plein écran</button>
<script src="/static/package-player.js"></script>""".encode()

    def opened(self) -> bytes:
        self.state = open_session(self.state, f"s{self.state.sessions + 1}")
        told = {
            "session": self.state.session,
            "unit": self.unit.identifier,
            "token": "t0ken",
            "folder": self.folder,
            "address": self.folder + self.unit.path,
            "commit": "/commit",
        }
        return json.dumps(told).encode()

    def file(self, name: str) -> tuple[bytes, dict[str, str]] | None:
        headers = dict(headers_of(name, folder=self.folder))
        if name == RUNTIME:
            build = STATIC / "vendor/scorm-again" / BUILDS[self.manifest.standard.value]
            start = runtime_start(
                resumed_values(
                    self.state,
                    self.unit,
                    standard=self.manifest.standard,
                    learner="l-1",
                    name="Aïcha </script>",
                ),
                standard=self.manifest.standard,
                session=self.state.session,
                player=self.origin,
            )
            return start + build.read_bytes() + (STATIC / "package-runtime.js").read_bytes(), headers
        entry = self.archive.entry(name)
        if entry is None:
            return None
        body = b"".join(read_entry(io.BytesIO(self.held), entry))
        if is_page(name):
            body = with_runtime(body, runtime_tag(self.folder))
        return body, headers

    def take(self, body: Any) -> Outcome:
        outcome = receive(
            self.state,
            Message.model_validate(body),
            unit=self.unit,
            standard=self.manifest.standard,
            rules=PACKAGE_RULES,
        )
        self.state = outcome.state
        self.outcomes.append(outcome)
        return outcome


@contextmanager
def playing(held: bytes) -> Iterator[Player]:
    """A server over one package, on a port of its own."""
    player = Player(held)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            if path == "/":
                self._send(
                    200,
                    player.page(),
                    {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": "session=1"},
                )
            elif path == "/secret":
                player.secrets_read += "session=1" in (self.headers["Cookie"] or "")
                self._send(200, b"secret", {"Content-Type": "text/plain"})
            elif path.startswith("/static/"):
                self._send(200, (STATIC / path[8:]).read_bytes(), {"Content-Type": "text/javascript"})
            elif found := player.file(path.removeprefix("/content/t0ken/")):
                self._send(200, *found)
            else:
                self._send(404, b"", {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/open":
                self._send(200, player.opened(), {"Content-Type": "application/json"})
                return
            if self.path != "/commit" or self.headers["Authorization"] != "Attempt t0ken":
                self._send(403, b"{}", {})
                return
            outcome = player.take(json.loads(body))
            told = json.dumps({"type": f"/problems/{outcome.answer.value.replace('_', '-')}"}).encode()
            self._send(200 if outcome.answer.is_taken else 422, told, {"Content-Type": "application/json"})

        def _send(self, code: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    player.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield player
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
