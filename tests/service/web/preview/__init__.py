"""The layouts and macros on sample pages: rendered as the service renders, and served under its content policy."""

import contextlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from service.http.headers import CONTENT_SECURITY_POLICY
from service.runtime.vocabulary import Locale
from service.web.pages import STATIC, FlashView, NavItem, PageView, WhoView, static_url, templates
from service.web.translations import Translator

PAGES = Path(__file__).parent / "pages"
SAVED = FlashView("Vos réponses sont enregistrées.", "good")
PLACES = (
    NavItem("Candidatures", "/c", True),
    NavItem("Programmes", "/p", False),
    NavItem("Suivi", "", False, (NavItem("Embauches", "/e", False), NavItem("Fiabilité", "/v", False))),
)


@cache
def environment() -> Environment:
    """The service's own Jinja, which also finds the sample pages."""
    found = templates().engine_instance.engine
    found.loader = ChoiceLoader([found.loader, FileSystemLoader(PAGES)])
    return found


def context(
    title: str = "Un titre",
    *,
    lang: str = "fr",
    staff: bool = False,
    flash: FlashView | None = None,
    **views: Any,
) -> dict[str, Any]:
    """What `service.web.pages.render` puts around every page."""
    return {
        "page": PageView(title, lang, "/x"),
        "actor": WhoView(staff, "Claire Morel" if staff else "", "recrutement" if staff else ""),
        "nav": PLACES if staff else (),
        "flashes": (flash,) if flash else (),
        "_": Translator(Locale(lang)),
        "lang": lang,
        "url": static_url,
        "csrf_token": "abc",
        **views,
    }  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """One sample page: its template, title, who looks at it, and what else it is given."""

    template: str
    title: str
    staff: bool = False
    flash: FlashView | None = None
    views: Mapping[str, Any] = field(default_factory=dict)

    def render(self, lang: str = "fr") -> str:
        said = context(self.title, lang=lang, staff=self.staff, flash=self.flash, **self.views)
        return environment().get_template(self.template).render(**said)


def fault(status: int) -> dict[str, Any]:
    """What the error page is given."""
    return {"status": status, "detail": "Ce que dit le service.", "code": "gone", "instance": "7f3a-91c2"}


SAMPLES = {
    "candidate": Sample("candidate.html", "Votre façon de travailler", flash=SAVED),
    "results": Sample("results.html", "Vos résultats"),
    "staff": Sample("staff.html", "Candidatures", staff=True),
    "person": Sample("person.html", "Nadia Ferrand", staff=True, flash=SAVED),
    "lesson": Sample("lesson.html", "Un client parle, vous écoutez"),
    "error": Sample("errors/error.html", "Ce lien n’est plus valable", views={"error": fault(410)}),
    "sign_in": Sample("sign_in.html", "Se connecter"),
    "print": Sample("print.html", "Liste courte : Énergie, voix et mail", staff=True),
}


@dataclass
class Server:
    """Serves the samples at /fr/NAME and /en/NAME; answers what is posted to /save with `status` (0 hangs up)."""

    base_url: str = ""
    status: int = 204
    posted: list[str] = field(default_factory=list)

    def page(self, path: str) -> str | None:
        lang, _, name = path.strip("/").partition("/")
        if lang not in ("fr", "en") or name not in SAMPLES:
            return None
        # The sample form saves as one goes, as the questionnaires do.
        saving = 'data-keep="autonomy-1" hx-post="/save" hx-trigger="change delay:50ms" hx-swap="none"'
        return re.sub('data-keep="autonomy-1"', saving, SAMPLES[name].render(lang))


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port, in a thread of its own."""
    shown = Server()
    web = ThreadingHTTPServer(("127.0.0.1", 0), _handler(shown))
    web.daemon_threads = False
    thread = Thread(target=web.serve_forever)
    thread.start()
    shown.base_url = f"http://127.0.0.1:{web.server_port}"
    try:
        yield shown
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


def _handler(shown: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = STATIC / path.removeprefix("/static/")
            page = shown.page(path)
            if page is not None:
                self._answer(page.encode(), "text/html; charset=utf-8")
            elif path.startswith("/static/") and file.is_file():
                self._answer(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "font/woff2")
            else:
                self._answer(b"", "text/plain", status=404)

        def do_POST(self) -> None:
            shown.posted.append(self.rfile.read(int(self.headers["content-length"])).decode())
            if shown.status:
                self._answer(b"", "text/plain", status=shown.status)

        def _answer(self, body: bytes, kind: str, *, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
