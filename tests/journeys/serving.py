"""A real server and a real browser, for whole stories: `homeshore serve` in its own process, Chromium with axe."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import httpx
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.database import Database
from service.runtime.settings import Settings

T = TypeVar("T")

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
START_SECONDS = 60


@contextlib.contextmanager
def running_server(settings: Settings, *options: str) -> Iterator[str]:
    """Run `homeshore serve` (with `options`, such as `--demo`) on a free port over the data of `settings`.

    Gives the base URL once the service says it is ready. Its log goes to `server.log` in the data directory.
    """
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    with (settings.data_dir / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from service.cli import main; main()", "serve", *options],
            env=_environment(settings, port=port, base_url=base_url),
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_ready(process, base_url, settings.data_dir / "server.log")
            yield base_url
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(settings: Settings, *, port: int, base_url: str) -> dict[str, str]:
    """The variables that say the same as `settings`, whatever the tester's own environment says."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOMESHORE_")}
    said = settings.model_dump(mode="json", exclude_none=True) | {"port": port, "base_url": base_url}
    return own | {f"HOMESHORE_{name.upper()}": str(value) for name, value in said.items()}


def _wait_until_ready(process: subprocess.Popen[bytes], base_url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{base_url}/api/v1/ready", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start:\n" + log.read_text(errors="replace")[-4000:])


def in_database(settings: Settings, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Run `work` in one transaction of its own, from any thread, beside a running server or a running browser."""

    async def act() -> T:
        database = Database(settings.async_database_url, pooled=False)
        try:
            async with database.transaction() as session:
                return await work(session)
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(act())).result()


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
    """A page with cookies of its own. An error in a script or a request to another host fails the story."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts, locale=locale
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", lambda request: _note_foreign(request.url, troubles))
    try:
        yield page
        assert not troubles, troubles
    finally:
        context.close()


def _note_foreign(url: str, troubles: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
        troubles.append(f"request to another host: {url}")


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
