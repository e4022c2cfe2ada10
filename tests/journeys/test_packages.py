"""A training package through the product: brought in, tried, given, played on a phone, resumed, done; and fenced."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.flows.accounts import signing_in
from service.http.authentication import SESSION_COOKIE
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose, Role, Source
from service.tables.packages import PackageUnit
from service.tables.people import Candidate, Staff
from tests.conftest import NOON, _settings
from tests.journeys.serving import axe, new_page
from tests.onboarding.test_packages_browser import COURSE, HOSTILE, held
from tests.processes import in_database, running_server, wait_until
from tests.service.learning.test_assignments import once
from tests.service.paths.packaged import MODULE, SLUG, edition_of, path_with

pytestmark = pytest.mark.browser


@dataclass
class Place:
    """A server, who may come in, and the learner's id."""

    settings: Settings
    url: str
    trainer: str
    learner: str
    person: UUID

    def enter(self, page: Page | BrowserContext, token: str) -> None:
        context = page.context if isinstance(page, Page) else page
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.url}])

    def give(self, sha256: str) -> str:
        """Publish a path that uses this package, and give it to the learner; the address of its module."""

        async def publish(session: AsyncSession) -> None:
            session.add(edition_of(path_with(sha256, slug=f"{SLUG}-{sha256[:8]}")))

        in_database(self.settings, publish)
        body = {
            "path": f"{SLUG}-{sha256[:8]}",
            "candidate_id": str(self.person),
            "start_date": NOON.date().isoformat(),
        }
        headers = {"Authorization": f"Bearer {self.trainer}", **once()}
        given = httpx.post(f"{self.url}/api/v1/assignments", json=body, headers=headers, timeout=60)
        assert given.status_code == 201, given.text
        return f"{self.url}/me/training/{given.json()['assignments'][0]}/modules/{MODULE}"

    def tried(self) -> list[str]:
        """What wicked content wrote down of its attempts, as the database keeps it."""

        async def read(session: AsyncSession) -> list[str]:
            states = await session.scalars(select(col(PackageUnit.state)))
            kept = [str(state["snapshot"]["suspend_data"]) for state in states]
            return [one for one in kept if one.startswith("{")]

        return in_database(self.settings, read)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("packages")
    shutil.copy(migrated_sqlite, folder / "homeshore.db")
    settings = _settings(folder).model_copy(update={"pretend_now": NOON})

    async def come_in(session: AsyncSession) -> tuple[str, str, UUID]:
        trainer = Staff(name="Ada Roche", email="a@example.com", role=Role.TRAINER, created_at=NOON)
        learner = Candidate(
            pseudonym="P-1", given_name="Inès", source=Source.ENTERED, profile={}, created_at=NOON, updated_at=NOON
        )  # fmt: skip
        session.add_all([trainer, learner])
        await session.flush()
        tokens = []
        for whose in ({"staff_id": trainer.id}, {"candidate_id": learner.id}):
            _, link = signing_in.make_link(session, purpose=LinkPurpose.SIGN_IN, now=NOON, days=1, **whose)
            await session.flush()
            tokens.append((await signing_in.open_link(session, link, settings=settings, now=NOON)).token)
        return tokens[0], tokens[1], learner.id

    trainer, learner, person = in_database(settings, come_in)
    with running_server(settings) as url:
        yield Place(settings, url, trainer, learner, person)


def brought_in(page: Page, place: Place, content: bytes) -> str:
    """The trainer brings a package in by the page; its SHA-256."""
    page.goto(place.url + "/training/packages")
    file: Any = {"name": "accueil.zip", "mimeType": "application/zip", "buffer": content}
    page.get_by_label("Fichier ZIP").set_input_files(file)
    page.get_by_role("button", name="Contrôler et déposer").click()
    expect(page.get_by_text("Le paquet est accepté")).to_be_visible()
    told = httpx.get(
        f"{place.url}/api/v1/packages", headers={"Authorization": f"Bearer {place.trainer}"}, timeout=60
    ).json()
    return str(told["items"][0]["sha256"])


def content_of(page: Page) -> Frame:
    """The frame of the package once it is loaded: the player gives the element its address before the frame has it."""
    frame = page.locator("iframe[data-package]").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_url("**/package-content/**")
    return frame


def reported(page: Page, content: Frame, act: str) -> Any:
    """Let the content act, and wait until the service has what it reports of it; what the content was told."""
    with page.expect_response("**/package-sessions/*/reports") as answer:
        told = content.evaluate(act)
    assert answer.value.ok
    expect(page.locator("[data-package-status]")).to_have_attribute("data-state", "saved")
    return told


def test_a_package_is_brought_in_tried_given_played_resumed_and_completes_its_module(
    browser: Browser, place: Place
) -> None:
    with new_page(browser) as desk, new_page(browser, width=390, height=844) as phone:
        place.enter(desk, place.trainer)
        sha256 = brought_in(desk, place, held(COURSE))
        axe(desk)
        desk.get_by_role("link", name="Essayer").first.click()
        content = content_of(desk)
        assert content.evaluate("told.init") == "true"
        reported(desk, content, "leave('completed', '')")
        axe(desk)

        module = place.give(sha256)
        place.enter(phone, place.learner)
        phone.goto(module)
        phone.locator("a[href$='/package']").first.click()
        content = content_of(phone)
        assert content.evaluate("[told.entry, told.name, told.mark]") == ["ab-initio", "Inès", "80"]
        assert reported(phone, content, "next('page-4', 40)") == "true"
        axe(phone)
        reported(phone, content, "leave('', 'suspend')")

        phone.reload()
        content = content_of(phone)
        assert content.evaluate("[told.entry, told.place]") == ["resume", "page-4"]
        reported(phone, content, "next('page-9', 85)")
        reported(phone, content, "leave('completed', '')")
        phone.get_by_role("link", name="Revenir au module").click()
        phone.goto(module.split("/modules/")[0])
        expect(phone.get_by_text("Fait", exact=True).first).to_be_visible()

        desk.goto(place.url + "/training/packages")
        desk.get_by_role("link", name="Accueil à distance").click()
        expect(desk.get_by_role("row").filter(has_text="Inès")).to_contain_text("85")


def test_content_reaches_no_session_no_page_and_no_interface_of_its_learner(
    browser: Browser, place: Place
) -> None:
    wicked = HOSTILE.replace("/secret", "/me/training").replace("/commit", "/api/v1/me/assignments")
    with new_page(browser) as desk:
        place.enter(desk, place.trainer)
        module = place.give(brought_in(desk, place, held(wicked)))
    with browser.new_context() as context:
        place.enter(context, place.learner)
        page, asked = context.new_page(), []
        page.on("request", lambda one: asked.append(one) if "/package-content/" not in one.url else None)
        page.goto(module + "/package")
        wait_until(lambda: len(place.tried()) == 1, seconds=60)
        tried = json.loads(place.tried()[0])
        assert tried.pop("own") == '{"own": true}'
        assert tried == {
            "cookie": "SecurityError", "storage": "SecurityError", "parent": "SecurityError", "token": "SecurityError",
            "top": "SecurityError", "window": "null", "secret": "TypeError", "commit": "TypeError",
            "elsewhere": "TypeError",
        }  # fmt: skip
        assert page.url == module + "/package"
        assert not [one.url for one in asked if one.url.endswith(("/me/training", "?picture", "?frame"))]
