"""The sample pages in a real Chromium: axe in light and dark at two widths, and what app.js does."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from service.http.headers import CONTENT_SECURITY_POLICY
from tests.journeys import serving
from tests.service.web import preview
from tests.service.web.preview import SAMPLES, Server

pytestmark = pytest.mark.browser

Goto = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with serving.running_browser() as found:
        yield found


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with preview.serving() as found:
        yield found


@pytest.fixture
def server(running: Server) -> Server:
    """The server as at the start: it takes what it is sent."""
    running.status = 204
    running.posted.clear()
    return running


@pytest.fixture
def goto(browser: Browser, server: Server) -> Iterator[Goto]:
    """Open a sample page; a script error, a request elsewhere or a refusal by the content policy fails the test."""
    with serving.new_page(browser) as page:
        refused: list[str] = []
        page.on(
            "console", lambda told: refused.append(told.text) if "Content Security" in told.text else None
        )

        def open_page(name: str) -> Page:
            page.goto(f"{server.base_url}/fr/{name}")
            return page

        yield open_page
        assert not refused, refused


@pytest.fixture
def typed(goto: Goto) -> Page:
    """The questionnaire page."""
    return goto("candidate")


@pytest.fixture
def goto_in_trouble(browser: Browser, server: Server) -> Iterator[Goto]:
    """As `goto`, for tests in which the server fails or the line is cut: the browser itself then logs an error."""
    with browser.new_context(locale="fr-FR") as own:
        page = own.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))

        def open_page(name: str) -> Page:
            page.goto(f"{server.base_url}/fr/{name}")
            return page

        yield open_page
        assert not broken, broken


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sample_page_breaks_a_rule_of_wcag_in_light_and_dark_on_a_phone_and_a_desk(
    goto: Goto, name: str
) -> None:
    page = goto(name)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            serving.axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px wider than a small window"


def test_the_policy_of_the_service_stands_on_the_sample_pages(goto: Goto, server: Server) -> None:
    page = goto("results")
    answer = page.request.get(f"{server.base_url}/fr/results")
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    family = "document.fonts.check('16px \"Atkinson Hyperlegible\"')"
    page.wait_for_function(family)


def test_the_first_thing_to_correct_has_the_focus(typed: Page) -> None:
    expect(typed.locator("#error-summary")).to_be_focused()
    typed.locator("#error-summary a").first.click()
    expect(typed.locator("#q2")).to_be_focused()


def kept(page: Page) -> dict[str, Any]:
    """What this tab keeps of the questionnaire."""
    found: dict[str, Any] = json.loads(
        page.evaluate("sessionStorage.getItem('draft:autonomy-1')") or "{}"
    ).get("values", {})
    return found


def test_an_answer_is_saved_as_one_goes_with_the_form_token_and_then_let_go(
    typed: Page, server: Server
) -> None:
    typed.check("input[name=q2] >> nth=2")
    expect(typed.locator("[data-saved]")).to_have_text("Vos réponses sont enregistrées.")
    assert "_csrf_token=abc" in server.posted[-1]
    assert "q2=3" in server.posted[-1]
    assert kept(typed) == {}


def test_what_could_not_be_saved_is_said_kept_and_found_again(server: Server, goto_in_trouble: Goto) -> None:
    typed = goto_in_trouble("candidate")
    server.status = 500
    typed.fill("#city", "Brest")
    typed.press("#city", "Tab")
    expect(typed.locator("[data-saved]")).to_have_attribute("data-state", "held")
    assert kept(typed)["city"] == ["Brest"]
    again = goto_in_trouble("candidate")
    expect(again.locator("#city")).to_have_value("Brest")
    expect(again.locator("[data-saved]")).to_have_attribute("data-state", "found")
    again.get_by_role("button", name="Repartir de ce qui est enregistré").click()
    expect(again.locator("#city")).to_have_value("")
    assert kept(again) == {}


def test_without_a_connection_the_answers_wait_on_the_device_and_go_when_it_is_back(
    server: Server, goto_in_trouble: Goto
) -> None:
    typed = goto_in_trouble("candidate")
    typed.context.set_offline(True)
    typed.fill("#city", "Brest")
    typed.press("#city", "Tab")
    expect(typed.locator("[data-saved]")).to_have_attribute("data-state", "waiting")
    typed.context.set_offline(False)
    expect(typed.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    assert "city=Brest" in server.posted[-1]
    assert kept(typed) == {}


def test_a_password_is_never_kept_in_the_tab(goto: Goto) -> None:
    page = goto("sign_in")
    page.fill("#email", "ada@example.org")
    page.fill("#password", "correct horse")
    stored = page.evaluate("JSON.stringify(sessionStorage)")
    assert "ada@example.org" in stored
    assert "correct horse" not in stored
    again = goto("sign_in")
    expect(again.locator(".found")).to_contain_text("Nous avons retrouvé ce que vous aviez écrit.")
    expect(again.locator("#password")).to_have_value("")


def test_monday_is_copied_to_the_days_up_to_friday_and_saved(typed: Page, server: Server) -> None:
    typed.click("[data-copy-monday]")
    for day in (2, 3, 4, 5):
        for turn, start, end in ((1, "08:00", "12:30"), (2, "14:00", "18:00")):
            expect(typed.locator(f"[name=availability-{day}-{turn}-from]")).to_have_value(start)
            expect(typed.locator(f"[name=availability-{day}-{turn}-to]")).to_have_value(end)
    expect(typed.locator("[name=availability-5-2-to]")).to_be_visible()
    expect(typed.locator("[name=availability-6-1-from]")).to_have_value("18:00")
    expect(typed.locator("[name=availability-7-1-from]")).to_have_value("")
    expect(typed.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    assert "availability-5-2-to=18%3A00" in server.posted[-1]


def test_the_chosen_background_is_kept_and_wins_over_the_system(typed: Page) -> None:
    switch = typed.locator("[data-theme-switch]")
    expect(switch).to_have_text("Fond sombre")
    switch.click()
    expect(switch).to_have_text("Fond clair")
    typed.reload()
    expect(typed.locator("html")).to_have_attribute("data-theme", "dark")
    typed.locator("[data-theme-switch]").click()
    typed.emulate_media(color_scheme="dark")
    assert typed.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 247)"


def test_keys_walk_the_list_find_the_search_and_can_be_switched_off(goto: Goto) -> None:
    page = goto("staff")
    page.locator("h1").click()  # away from the field that is to be corrected, where keys are letters
    for keys, name in (("jj", "Yann Le Goff"), ("k", "Nadia Ferrand"), ("k", "Nadia Ferrand")):
        for key in keys:
            page.keyboard.press(key)
        expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("j/k")
    expect(page.locator("[data-search]")).to_have_value("j/k")
    switch = page.locator("[data-keys-switch]")
    switch.click()
    expect(switch).to_have_text("Activer ces raccourcis")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).not_to_be_focused()


def test_keys_do_nothing_for_people_who_apply(typed: Page) -> None:
    typed.locator("h1").click()
    typed.keyboard.press("/")
    typed.keyboard.press("j")
    assert typed.evaluate("document.activeElement.matches('input, a')") is False


def test_without_scripts_nothing_is_offered_that_needs_them(browser: Browser, server: Server) -> None:
    with serving.new_page(browser, width=390, scripts=False) as page:
        for name in ("candidate", "staff", "print"):
            page.goto(f"{server.base_url}/fr/{name}")
            for control in page.locator(".needs-script").all():
                expect(control).to_be_hidden()
        page.goto(f"{server.base_url}/fr/candidate")
        page.get_by_text("Deuxième plage").nth(1).click()
        expect(page.locator("[name=availability-2-2-from]")).to_be_visible()


def test_paper_carries_the_words_without_the_controls(goto: Goto) -> None:
    page = goto("print")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    expect(page.get_by_text("Préparée mardi 24 novembre 2026")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
