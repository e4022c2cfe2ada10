"""Every page of the service in a real Chromium, with something on it: axe, widths, titles, languages, no other host."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from playwright.sync_api import Browser, BrowserContext

from service.app import create_app
from service.http.authentication import SESSION_COOKIE
from service.http.rights import matrix
from service.runtime.settings import Settings
from service.web.translations import LANGUAGE_COOKIE
from tests.conftest import _settings
from tests.journeys import scenery, serving
from tests.journeys.scenery import Scenery
from tests.journeys.visits import DESK, FILES, PAGES, STEPS, Visit

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Place:
    """A running service with its scenery."""

    base_url: str
    scenery: Scenery

    def url(self, visit: Visit) -> str:
        return self.base_url + visit.path.format_map(self.scenery.ids)

    def cookies(self, visit: Visit) -> dict[str, str]:
        return {SESSION_COOKIE: self.scenery.sessions[visit.who]} if visit.who else {}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("every_page")
    shutil.copy(migrated_sqlite, folder / "homeshore.db")
    with scenery.standing(_settings(folder)) as (base_url, built):
        yield Place(base_url, built)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with serving.running_browser() as found:
        yield found


def _operations(app: Litestar) -> set[str]:
    """Every operation that a page address answers to GET."""
    return {
        str(handler.operation_id)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "GET" in handler.http_methods and str(handler.operation_id).startswith("web.")
    }


def test_every_page_has_an_example_here(sqlite_settings: Settings) -> None:
    wanted = _operations(create_app(sqlite_settings))
    assert wanted == {*PAGES, *FILES, *STEPS}
    assert wanted <= set(matrix())


def test_files_to_keep_and_steps_to_elsewhere_answer_as_they_should(place: Place) -> None:
    for visit, kind in FILES.values():
        answer = _get(place, visit)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind), visit.path
        if kind != "application/octet-stream":  # what a measuring moves is weighed, not kept
            assert "attachment" in answer.headers["content-disposition"], visit.path
    for visit, status in STEPS.values():
        assert _get(place, visit).status_code == status, visit.path


def _get(place: Place, visit: Visit, *, signed_in: bool = True) -> httpx.Response:
    return httpx.get(place.url(visit), cookies=place.cookies(visit) if signed_in else {}, timeout=60)


class Looking:
    """One window of the browser that becomes one person after another, and notes every fault it meets."""

    def __init__(self, context: BrowserContext, place: Place, language: str) -> None:
        self.context, self.place, self.language = context, place, language
        self.faults: list[str] = []
        self.at = ""
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("console", lambda told: self._note(told.text) if told.type == "error" else None)
        self.page.on("request", lambda asked: self._check_host(asked.url))

    def _note(self, fault: str) -> None:
        self.faults.append(f"{self.at}: {fault}")

    def _check_host(self, url: str) -> None:
        if not url.startswith((self.place.base_url, "data:", "blob:")):
            self._note(f"asks another host: {url}")

    def look(self, visit: Visit, *, scheme: str) -> None:
        """Open one page as its person and check all that every page must be."""
        self.at = f"{visit.who or 'anybody'} {visit.path} ({self.language}, {scheme})"
        self._become(visit)
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        self.page.set_viewport_size({"width": visit.width, "height": 900})
        answer = self.page.goto(self.place.url(visit))
        if answer is None or answer.status != 200:
            self._note(f"status {answer and answer.status}")
            return
        if visit.path == "/reference":
            self.page.wait_for_selector(".opblock-tag")  # drawn by a script: judge the page that people see
        self._check_words()
        try:
            serving.axe(self.page)
        except AssertionError as found:
            self._note(str(found))
        self._check_widths()
        self._check_skip_link()

    def _become(self, visit: Visit) -> None:
        self.context.clear_cookies()
        cookies = {**self.place.cookies(visit), LANGUAGE_COOKIE: self.language}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.place.base_url} for name, value in cookies.items()]
        )

    def _check_words(self) -> None:
        said = self.page.evaluate(
            "() => [document.documentElement.lang, document.title, document.querySelectorAll('h1').length]"
        )
        if said[0] != self.language:
            self._note(f"the page says it is in {said[0]!r}")
        if not said[1].removesuffix(" · homeshore").strip():
            self._note("no title")
        if said[2] != 1:
            self._note(f"{said[2]} first headings")

    def _check_widths(self) -> None:
        for width in (320, DESK):
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                self._note(f"{wide} px too wide for {width} px")

    def _check_skip_link(self) -> None:
        """The first stop of the keyboard leads past the head into the page's own content."""
        reached = self.page.evaluate(
            """() => { const link = document.querySelector('a[href], button');
                 if (!link.matches('a.skip')) return link.outerHTML;
                 link.click(); return document.activeElement.id; }"""
        )
        if reached != "main":
            self._note(f"the skip link leads to {reached!r}")


def _looked_at(browser: Browser, place: Place, language: str) -> list[str]:
    """Every fault of every page in one language: a third in the dark in French, the others in English."""
    context = browser.new_context(locale="fr-FR")
    try:
        looking = Looking(context, place, language)
        for number, visit in enumerate(visit for visits in PAGES.values() for visit in visits):
            is_dark = (number % 3 == 0) == (language == "fr")
            looking.look(visit, scheme="dark" if is_dark else "light")
        return looking.faults
    finally:
        context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_whole_and_open_to_everybody(browser: Browser, place: Place, language: str) -> None:
    faults = _looked_at(browser, place, language)
    assert not faults, "\n".join(faults)


def test_the_skip_link_is_the_first_stop_of_the_keyboard(browser: Browser, place: Place) -> None:
    with serving.new_page(browser) as page:
        page.goto(f"{place.base_url}/sign-in")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_page_of_somebody_leads_everybody_else_to_the_sign_in(place: Place) -> None:
    for name, visits in PAGES.items():
        if "public" not in matrix()[name].roles:
            answer = _get(place, visits[0], signed_in=False)
            assert answer.status_code == 303, name
            assert answer.headers["location"].startswith("/sign-in"), name
