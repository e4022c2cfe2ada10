"""A real browser for whole stories: Chromium with axe, and pages that report every trouble."""

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 60_000
"""How long a page may take to show what is expected, on a machine that does other work, too."""

expect.set_options(timeout=PATIENCE_MS)

WANTED = ("Failed to load resource", "htmx:sendError", "htmx:afterRequest")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """One Chromium, Debian's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def new_page(
    browser: Browser, *, width: int = 1280, height: int = 900, scripts: bool = True, locale: str = "fr-FR"
) -> Iterator[Page]:
    """A page with cookies of its own; an error in it or a request to another host fails the story."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts, locale=locale
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("console", lambda message: _note_console(message, page, troubles))
    page.on("response", lambda response: _note_missing(response, troubles))
    page.on("request", lambda request: _note_foreign(request.url, troubles))
    try:
        yield page
        assert not troubles, troubles
    finally:
        context.close()


def _note_foreign(url: str, troubles: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
        troubles.append(f"request to another host: {url}")


def _note_console(message: ConsoleMessage, page: Page, troubles: list[str]) -> None:
    """An error on the console is a trouble; that an answer was no 200, or that the line was lost, is not: some stories
    want just that."""
    if message.type == "error" and not message.text.startswith(WANTED):
        troubles.append(f"console on {page.url}: {message.text}")


def _note_missing(response: Response, troubles: list[str]) -> None:
    if response.status >= 400 and response.request.resource_type in ("stylesheet", "script", "font", "image"):
        troubles.append(f"{response.status} for {response.url}")


def axe(page: Page) -> None:
    """Assert that the page as it stands breaks no rule of WCAG 2.2 AA that a program can check, and fits its width."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = (
        Axe().run(page, options={"runOnly": AXE_TAGS, "resultTypes": ["violations"]}).response["violations"]
    )
    told = [
        f"{page.url}: {one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']][:3]}"
        for one in found
    ]
    assert not told, "\n".join(told)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"
