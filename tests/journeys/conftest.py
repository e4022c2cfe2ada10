"""What every story may ask for: a server, a browser, pages at the width of a phone or of a desk, and axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.runtime.settings import Settings
from tests.journeys import serving
from tests.processes import running_server


@pytest.fixture
def server(settings: Settings) -> Iterator[str]:
    """The base URL of a real server over `settings` (each database in turn; ask for `sqlite_settings` to have one)."""
    with running_server(settings) as base_url:
        yield base_url


@pytest.fixture
def sqlite_server(sqlite_settings: Settings) -> Iterator[str]:
    """The base URL of a real server on the embedded database."""
    with running_server(sqlite_settings) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with serving.running_browser() as found:
        yield found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page 390 px wide."""
    with serving.new_page(browser, width=390, height=844) as page:
        yield page


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A page 1280 px wide."""
    with serving.new_page(browser) as page:
        yield page


@pytest.fixture
def page_without_scripts(browser: Browser) -> Iterator[Page]:
    """A page 320 px wide where no script runs."""
    with serving.new_page(browser, width=320, height=700, scripts=False) as page:
        yield page
