"""A candidate opens the link from the letter and answers a questionnaire on a phone, with the keyboard alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.recruiting import invitations
from service.runtime.actors import SYSTEM
from service.runtime.settings import Settings
from service.runtime.vocabulary import Locale, Source
from service.store.mail import mail
from service.tables.people import Candidate
from tests.journeys.questionnaires import (
    ENGLISH,
    FRENCH,
    WRITTEN,
    Keyboard,
    Said,
    answer_page,
    answer_questionnaire,
    tab_to,
)
from tests.journeys.serving import axe, new_page
from tests.processes import in_database
from tests.service.assessing.test_assessments import SLUGS, best_answers, instrument_of

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
    expect(phone.locator("[data-saved]")).to_have_attribute("data-state", "held")
    phone.reload()  # the server could not keep them: this tab goes on holding them
    expect(phone.locator("[name=screens]")).to_have_value("beaucoup")
    for name in _open_radios(phone):
        _choose(phone, name)
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

    while not phone.url.endswith("/review"):
        here = phone.url
        answer_page(phone, Keyboard(), best_answers(instrument_of("equipment-connection")))
        _press(phone, "Continuer")
        expect(phone).not_to_have_url(here)
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


@pytest.mark.parametrize(("said", "locale"), [(FRENCH, Locale.FR), (ENGLISH, Locale.EN)])
def test_a_first_time_candidate_finishes_all_three_by_keyboard_and_a_lost_connection_loses_nothing(
    sqlite_settings: Settings, sqlite_server: str, browser: Browser, said: Said, locale: Locale
) -> None:
    """At 390 px, no mouse, axe on every page; the line breaks in the middle and the tab is closed and opened again."""
    with new_page(browser, width=390, height=844, locale=f"{locale}-{locale.upper()}") as page:
        page.goto(sqlite_server + _invite(sqlite_settings, sqlite_server))
        hands = Keyboard()
        hands.press(page, {Locale.FR: "Entrer dans mon espace", Locale.EN: "Open my space"}[locale])
        expect(page).to_have_url(re.compile("/me$"))
        breaks = iter((False, True))
        for slug in SLUGS:
            page.goto(f"{sqlite_server}/me/questionnaires/{slug}")
            answers = best_answers(instrument_of(slug))

            def on_page(here: Page, answers: dict[str, Any] = answers) -> None:
                axe(here)
                if next(breaks, False):
                    _lose_the_line(here, hands, said)

            answer_questionnaire(page, hands, answers, on_page=on_page, said=said)
            axe(page)


def _lose_the_line(page: Page, hands: Keyboard, said: Said) -> None:
    """The line breaks while one answers, comes back, breaks again; the tab is closed and opened: all is there."""
    saved, here = page.locator("[data-saved]"), page.url
    expect(saved).to_have_attribute("data-state", "saved")
    name = next(
        name for name in page.evaluate(WRITTEN) if page.locator(f"[name='{name}'][type=radio]").count()
    )
    once = _answer_without_line(page, name)
    hands.press(page, said.go_on)
    expect(saved).to_have_attribute("data-state", "waiting")
    assert page.url == here, "nobody ends on a page that does not load"
    page.context.set_offline(False)
    expect(saved).to_have_attribute("data-state", "saved")  # by itself
    page.reload()
    assert page.evaluate(WRITTEN) == once
    twice = _answer_without_line(page, name)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(here)
    _comes_to(page, WRITTEN, twice)
    kept_here = "Object.keys(localStorage).filter((name) => name.startsWith('answers:'))"
    _comes_to(page, kept_here, [])  # a device lets go of an answer only once the service has it
    page.reload()
    assert page.evaluate(WRITTEN) == twice


def _answer_without_line(page: Page, name: str) -> Any:
    """Change one answer by keyboard while there is no line; what is written then."""
    before = page.evaluate(WRITTEN)
    page.context.set_offline(True)
    tab_to(page, f"it.name === {name!r}")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "waiting")
    written = page.evaluate(WRITTEN)
    assert written != before
    return written


def _comes_to(page: Page, expression: str, wanted: Any) -> None:
    """The page comes to say this, once its scripts have had their turn."""
    found = None
    for _ in range(100):
        found = page.evaluate(expression)
        if found == wanted:
            return
        page.wait_for_timeout(100)
    assert found == wanted


def test_whoever_leaves_before_the_answer_arrives_is_not_taken_for_somebody_else(
    sqlite_settings: Settings, sqlite_server: str, phone: Page
) -> None:
    """The server has the first choice, the page never hears of it: the second one goes by itself all the same."""
    _enter(phone, sqlite_server, _invite(sqlite_settings, sqlite_server))
    phone.goto(f"{sqlite_server}{EQUIPMENT}")
    phone.get_by_role("button", name="J'ai lu, je commence").click()
    kind, saved = phone.locator("[name=computer_kind]"), phone.locator("[data-saved]")
    for _ in range(2):  # a first choice changed, then one's mind changed and changed back
        phone.evaluate("Object.defineProperty(XMLHttpRequest.prototype, 'onload', { set() {} })")
        with phone.expect_response("**/draft") as answer:
            kind.nth(0).check()
        assert answer.value.ok
        kind.nth(1).check()
        expect(saved).to_have_attribute("data-state", "saving")
        phone.reload()
        expect(kind.nth(1)).to_be_checked()
        expect(saved).to_have_attribute("data-state", "saved")
        phone.reload()
        expect(kind.nth(1)).to_be_checked()


def test_a_page_whose_time_ends_keeps_what_was_typed_and_lets_one_go_on(
    sqlite_settings: Settings, sqlite_server: str, phone: Page
) -> None:
    _enter(phone, sqlite_server, _invite(sqlite_settings, sqlite_server))
    slug = "work-organisation"
    timed = next(page for page in instrument_of(slug).pages if page.minutes)
    phone.goto(f"{sqlite_server}/me/questionnaires/{slug}")
    phone.get_by_role("button", name="J'ai lu, je commence").click()
    phone.goto(f"{sqlite_server}/me/questionnaires/{slug}/pages/{timed.id}")
    axe(phone)
    phone.clock.install()
    phone.get_by_role("button", name="Ouvrir la page").click()
    expect(phone.locator("[data-time-words]")).to_contain_text("Il vous reste")
    first = next(item.id for item in timed.items if item.kind == "scenario")
    phone.locator(f"[name={first}]").first.check()
    axe(phone)
    phone.clock.fast_forward(1000 * 60 * ((timed.minutes or 0) + 1))
    expect(phone.locator("[data-time-words]")).to_contain_text("Le temps de cette page est passé")
    assert phone.evaluate("document.querySelector('[data-questions]').inert")
    expect(phone.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    axe(phone)


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
