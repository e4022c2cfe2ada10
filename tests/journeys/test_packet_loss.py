"""Packets are lost and counted: Chromium through a real TURN server, over a road that drops some, or everything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from service.runtime.settings import Settings
from tests.journeys import serving
from tests.journeys.relaying import SECRET, LossyRoad, running_relay
from tests.journeys.test_measurement import kept_measurements, sign_in_link
from tests.processes import free_port, running_server

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(sqlite_settings: Settings, relay_port: int) -> Iterator[Page]:
    """A phone of somebody signed in, on a service that names this relay."""
    link = sign_in_link(sqlite_settings)
    with (
        running_server(
            sqlite_settings,
            HOMESHORE_MEASURE_PLAN="short",
            HOMESHORE_TURN_URL=f"127.0.0.1:{relay_port}",
            HOMESHORE_TURN_SECRET=SECRET,
        ) as base_url,
        serving.running_browser() as browser,
        serving.new_page(browser, width=390, height=844) as page,
    ):
        page.goto(base_url + link)
        page.get_by_role("button", name="Entrer dans mon espace").click()
        yield page


def measure(page: Page) -> None:
    page.goto(page.url.partition("/me")[0] + "/me/measurement")
    page.get_by_role("button", name="Préparer une mesure").click()
    page.get_by_role("button", name="Mesurer la ligne").click()
    expect(page.get_by_role("status").first).to_have_text("La ligne est mesurée. Il reste à enregistrer.")
    page.get_by_role("button", name="Enregistrer la mesure").click()
    expect(page.get_by_role("heading", name="Ce qui a été mesuré")).to_be_visible()


class TestThroughARelay:
    """With a real coturn, which the set-up of the tests installs."""

    @pytest.fixture
    def road(self, sqlite_settings: Settings) -> Iterator[LossyRoad]:
        with running_relay(sqlite_settings.data_dir) as port, LossyRoad(port) as road:
            yield road

    @pytest.fixture
    def relay_port(self, road: LossyRoad) -> int:
        return road.port

    def test_what_the_road_loses_is_counted_kept_and_told(
        self, phone: Page, road: LossyRoad, sqlite_settings: Settings
    ) -> None:
        measure(phone)
        (whole,) = kept_measurements(sqlite_settings)
        assert whole.samples is not None
        assert whole.samples["loss"] == {"sent": 100, "lost": 0}
        assert road.passed > 20, "the packets went through the relay"
        assert road.dropped == 0
        road.lost_percent = 10
        measure(phone)
        _, lossy = sorted(kept_measurements(sqlite_settings), key=lambda one: one.opened_at)
        assert lossy.samples is not None
        assert lossy.result is not None
        assert whole.result is not None
        assert road.dropped > 0
        assert 0 < lossy.samples["loss"]["lost"] < 100
        assert lossy.result["loss_permille"] == 10 * lossy.samples["loss"]["lost"]
        assert lossy.result["call"]["r"] < whole.result["call"]["r"]
        row = phone.get_by_role("row", name="Paquets perdus")
        expect(row).to_contain_text(f"{lossy.samples['loss']['lost']} %")


class TestWithoutAnAnswer:
    """A relay is named and nobody is there: always run."""

    @pytest.fixture
    def relay_port(self) -> int:
        return free_port()

    def test_a_relay_that_does_not_answer_leaves_the_loss_not_measured_and_the_rest_kept(
        self, phone: Page, sqlite_settings: Settings
    ) -> None:
        measure(phone)
        (row,) = kept_measurements(sqlite_settings)
        assert row.samples is not None
        assert row.result is not None
        assert row.samples["loss"] is None
        assert row.result["call"]["r"] > 80
        expect(phone.get_by_role("row", name="Paquets perdus")).to_contain_text("non mesuré")
