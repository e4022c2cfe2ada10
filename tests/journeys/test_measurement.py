"""A candidate really measures a line: Chromium against the running server, with a made-up microphone, on a phone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Request, expect, sync_playwright
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.accounts import signing_in
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose, Locale, Source
from service.tables.measurements import Measurement
from service.tables.people import Candidate
from tests.journeys.serving import CHROMIUM, CHROMIUM_ARGS, axe, new_page
from tests.processes import in_database, running_server

pytestmark = pytest.mark.browser

FAKE_MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def sign_in_link(settings: Settings) -> str:
    """The path of a sign-in link of a new person."""

    async def work(session: AsyncSession) -> str:
        now = datetime.now(UTC)
        row = Candidate(
            pseudonym="P-0001", given_name="Inès", email="ines@example.com", locale=Locale.FR,
            source=Source.ENTERED, profile={}, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        _, token = signing_in.make_link(
            session, purpose=LinkPurpose.SIGN_IN, now=now, days=1, candidate_id=row.id
        )
        return f"/links/{token}"

    return in_database(settings, work)


def kept_measurements(settings: Settings) -> list[Measurement]:
    async def work(session: AsyncSession) -> list[Measurement]:
        return list(await session.scalars(select(Measurement)))

    return in_database(settings, work)


@pytest.fixture
def page(sqlite_settings: Settings) -> Iterator[Page]:
    """A phone-sized page of a person who has just signed in; the server's plan is the short one."""
    link = sign_in_link(sqlite_settings)
    with (
        running_server(sqlite_settings, HOMESHORE_MEASURE_PLAN="short") as base_url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_ARGS, *FAKE_MICROPHONE]
        )
        with new_page(browser, width=390, height=844) as found:
            found.goto(base_url + link)
            found.get_by_role("button", name="Entrer dans mon espace").click()
            yield found
        browser.close()


def _watch(page: Page) -> list[Request]:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    return asked


def test_a_line_and_a_microphone_are_measured_and_kept(page: Page, sqlite_settings: Settings) -> None:
    asked = _watch(page)
    base = page.url.removesuffix("/me")
    page.goto(f"{base}/me/measurement")
    axe(page)
    page.get_by_role("button", name="Préparer une mesure").click()
    page.get_by_label("Par un câble").check()
    start = page.get_by_role("button", name="Mesurer la ligne")
    axe(page)
    start.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("La ligne est mesurée. Il reste à enregistrer.")
    assert not page.get_by_role("alert").is_visible()
    page.get_by_role("button", name="Mesurer le micro").click()
    expect(page.get_by_text("Le micro est mesuré.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Enregistrer la mesure").click()
    expect(page.get_by_role("heading", name="Ce qui a été mesuré")).to_be_visible()
    axe(page)
    assert {one.url.split("/")[2] for one in asked} == {base.split("/")[2]}, "only our own server was asked"
    (row,) = kept_measurements(sqlite_settings)
    assert row.samples is not None
    assert row.result is not None
    assert row.is_wired is True
    assert row.browser_family == "Chromium"
    assert len(row.samples["idle"]) == 8
    assert len(row.samples["down"]) == len(row.samples["up"]) == 2
    assert row.samples["loss"] is None
    assert row.samples["microphone"]["voice_db"]
    assert row.result["measured"]["download_kbps"] > 1000
    assert row.result["call"]["r"] > 80
    assert datetime.now(UTC) - row.taken_at < timedelta(minutes=5)


def test_a_lost_connection_leaves_the_figures_on_the_page_and_a_silent_microphone_is_no_obstacle(
    page: Page, sqlite_settings: Settings
) -> None:
    page.goto(page.url.removesuffix("/me") + "/me/measurement")
    page.get_by_role("button", name="Préparer une mesure").click()
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = async () => { throw new Error('no'); }; }")
    page.get_by_role("button", name="Mesurer la ligne").click()
    expect(page.get_by_role("status").first).to_have_text("La ligne est mesurée. Il reste à enregistrer.")
    page.get_by_role("button", name="Mesurer le micro").click()
    expect(page.get_by_text("Le micro n'a pas été mesuré.")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Enregistrer la mesure").click()
    expect(page.get_by_role("alert")).to_contain_text("la mesure reste sur cette page")
    page.context.set_offline(False)
    page.get_by_role("button", name="Enregistrer la mesure").click()
    expect(page.get_by_role("heading", name="Ce qui a été mesuré")).to_be_visible()
    (row,) = kept_measurements(sqlite_settings)
    assert row.samples is not None
    assert row.samples["microphone"] is None
