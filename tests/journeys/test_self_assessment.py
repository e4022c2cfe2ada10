"""A candidate opens the link from the letter and answers a questionnaire on a phone, with the keyboard alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows import invitations
from service.runtime.actors import SYSTEM
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, Source
from service.store import mail
from service.tables.people import Candidate
from tests.journeys.serving import axe
from tests.processes import in_database

pytestmark = pytest.mark.browser

EQUIPMENT = "/me/questionnaires/equipment-connection"


def _invite(settings: Settings, base_url: str) -> str:
    """Invite a new person as the service does; the path of the link in the letter."""

    async def work(session: AsyncSession) -> str:
        now = datetime.now(UTC)
        row = Candidate(
            pseudonym="P-0001", given_name="Inès", email="ines@example.com", locale=Locale.FR,
            source=Source.ENTERED, profile={}, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        said = settings.model_copy(update={"base_url": base_url})
        await invitations.invite(session, SYSTEM, UUID(str(row.id)), settings=said, now=now)
        (letter,), _ = await mail.page_of(session)
        return (await mail.letter(session, letter.id)).body_text

    found = re.search(rf"{re.escape(base_url)}(/links/\S+)", in_database(settings, work))
    assert found
    return found.group(1)


def _enter(page: Page, base_url: str, path: str) -> None:
    page.goto(base_url + path)
    page.get_by_role("button", name="Entrer dans mon espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre parcours")


def _tab_to(page: Page, is_there: Callable[[], bool]) -> None:
    """Press Tab until the wanted thing has the focus, as a person without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if is_there():
            return
    raise AssertionError(f"never reached by keyboard on {page.url}")


def _focus(page: Page, expression: str) -> bool:
    return bool(
        page.evaluate(f"(() => {{ const it = document.activeElement; return !!it && {expression}; }})()")
    )


def _press(page: Page, words: str) -> None:
    _tab_to(page, lambda: _focus(page, f"it.textContent.trim() === {words!r}"))
    page.keyboard.press("Enter")


def _choose(page: Page, name: str, steps: int = 0) -> None:
    """Choose the first option of a question, or the one some arrows further."""
    _tab_to(page, lambda: _focus(page, f"it.name === {name!r}"))
    page.keyboard.press("Space")
    for _ in range(steps):
        page.keyboard.press("ArrowDown")


def _type(page: Page, name: str, text: str) -> None:
    _tab_to(page, lambda: _focus(page, f"it.name === {name!r}"))
    page.keyboard.type(text)


def _saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def test_a_questionnaire_is_answered_on_a_phone_with_the_keyboard_alone_and_nothing_is_lost(
    sqlite_settings: Settings, sqlite_server: str, phone: Page
) -> None:
    link = _invite(sqlite_settings, sqlite_server)
    phone.goto(sqlite_server + link)
    axe(phone)
    _press(phone, "Entrer dans mon espace")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Votre parcours")
    axe(phone)

    phone.goto(f"{sqlite_server}{EQUIPMENT}")
    expect(phone.get_by_text("Ce qui est mesuré")).to_be_visible()
    axe(phone)
    _press(phone, "J'ai lu, je commence")
    expect(phone).to_have_url(re.compile("/pages/computer$"))
    axe(phone)

    _choose(phone, "computer_kind")
    _saved(phone)
    expect(phone.locator("[name=own_use]").first).to_be_visible()
    _choose(phone, "own_use", 1)
    _choose(phone, "system")
    _type(phone, "memory", "8")
    _type(phone, "screens", "beaucoup")
    phone.reload()  # the last words were never sent: this tab kept them
    expect(phone.locator("[name=computer_kind]").first).to_be_checked()
    expect(phone.locator("[name=memory]")).to_have_value("8")
    expect(phone.locator("[name=screens]")).to_have_value("beaucoup")
    _press(phone, "Continuer")
    expect(phone.get_by_role("alert")).to_contain_text("Tout ce que vous avez écrit est gardé")
    expect(phone.locator("[name=screens]")).to_have_value("beaucoup")
    expect(phone.locator("#screens-error")).to_be_visible()
    assert _focus(phone, "it.id === 'error-summary'")
    axe(phone)
    phone.locator("[name=screens]").focus()
    phone.keyboard.press("Control+A")
    phone.keyboard.type("2")
    _press(phone, "Continuer")
    expect(phone).to_have_url(re.compile("/pages/sound$"))

    _choose(phone, "headset", 1)
    _choose(phone, "webcam")
    _press(phone, "Enregistrer et finir plus tard")
    expect(phone.get_by_text("Reprendre où j'en étais")).to_be_visible()
    axe(phone)
    _press(phone, "Reprendre où j'en étais")
    expect(phone).to_have_url(re.compile("/pages/line$"))

    _choose(phone, "line_kind")
    _choose(phone, "wired")
    _type(phone, "download", "300")
    _type(phone, "upload", "100")
    for name in _open_radios(phone):
        _choose(phone, name)
    _press(phone, "Continuer")
    expect(phone).to_have_url(re.compile("/review$"))
    axe(phone)
    _press(phone, "Envoyer mes réponses")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Vos résultats")
    expect(phone.get_by_text("Une personne décide").first).to_be_visible()
    axe(phone)


def _open_radios(page: Page) -> list[str]:
    """The questions with options that have no answer yet, in order."""
    found: list[str] = page.evaluate(
        """[...new Set([...document.querySelectorAll('main input[type=radio]')].map((one) => one.name))]
           .filter((name) => !document.querySelector(`input[name="${name}"]:checked`))"""
    )
    return found


def test_the_same_works_without_scripts_at_320_pixels_and_in_english(
    sqlite_settings: Settings, sqlite_server: str, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    _enter(page, sqlite_server, _invite(sqlite_settings, sqlite_server))
    page.goto(f"{sqlite_server}{EQUIPMENT}")
    page.get_by_role("button", name="J'ai lu, je commence").click()
    page.get_by_label("Un ordinateur portable").check()
    page.get_by_role("button", name="Enregistrer et finir plus tard").click()
    page.goto(f"{sqlite_server}{EQUIPMENT}")
    expect(page.get_by_label("Un ordinateur portable")).to_be_checked()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("A laptop computer")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_used_link_explains_and_offers_a_new_one(
    sqlite_settings: Settings, sqlite_server: str, phone: Page
) -> None:
    link = _invite(sqlite_settings, sqlite_server)
    _enter(phone, sqlite_server, link)
    phone.get_by_role("button", name="Se déconnecter").click()
    phone.goto(sqlite_server + link)
    expect(phone.get_by_text("Il a déjà servi")).to_be_visible()
    axe(phone)
    phone.get_by_role("button", name="Recevoir un nouveau lien").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Regardez votre messagerie")
    axe(phone)
    for path in ("/", "/sign-in"):
        phone.goto(sqlite_server + path)
        axe(phone)
