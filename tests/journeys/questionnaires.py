"""How a person answers a questionnaire page by page: with a finger or a mouse, or with the keyboard alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from playwright.sync_api import Page, expect

OPEN_FIELDS = """() => {
  const fields = [...document.querySelectorAll("main form[data-answers] :is(input, textarea, select)")]
    .filter((field) => field.name && !field.name.startsWith("_") && field.type !== "hidden");
  const said = new Set(fields.filter((field) => field.type === "radio" || field.type === "checkbox" ? field.checked
    : field.value !== "").map((field) => field.name));
  return [...new Set(fields.map((field) => field.name))].filter((name) => !said.has(name));
}"""
WRITTEN = """() => Object.fromEntries([...new FormData(document.querySelector("main form[data-answers]"))]
  .filter(([name]) => !name.startsWith("_")))"""


@dataclass(frozen=True)
class Said:
    """What the pages say, in one language."""

    begin: str
    measured: str
    open_page: str
    go_on: str
    send: str
    results: str


FRENCH = Said(
    "J'ai lu, je commence", "Ce qui est mesuré", "Ouvrir la page", "Continuer", "Envoyer mes réponses",
    "Vos résultats",
)  # fmt: skip
ENGLISH = Said(
    "I have read this, I start", "What", "Open the page", "Continue", "Send my answers", "Your results"
)


class Hands(Protocol):
    """A way to work a page."""

    def answer(self, page: Page, name: str, value: Any) -> None: ...
    def press(self, page: Page, words: str) -> None: ...


class Touch:
    """A finger on the glass."""

    def answer(self, page: Page, name: str, value: Any) -> None:
        if "." in name:
            page.locator(f"[name='{name}']").select_option(str(value))
            return
        if isinstance(value, str | int) and page.locator(f"input[name={name}][type=text]").count():
            page.locator(f"[name={name}]").fill(str(value))
            return
        for one in value if isinstance(value, list) else [value]:
            page.locator(f"[name={name}][value='{as_option(one)}']").check()

    def press(self, page: Page, words: str) -> None:
        page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first.click()


class Keyboard:
    """No mouse: Tab, Space, arrows, Enter and letters."""

    def answer(self, page: Page, name: str, value: Any) -> None:
        if "." in name or page.locator(f"input[name={name}][type=text]").count():
            tab_to(page, f"it.name === {name!r}")
            page.keyboard.type(str(value))
            return
        for one in value if isinstance(value, list) else [value]:
            tab_to(page, f"it.name === {name!r}")
            if not has_focus(page, "it.type === 'radio'"):
                tab_to(page, f"it.name === {name!r} && it.value === {as_option(one)!r}")
            page.keyboard.press("Space")
            for _ in range(10):
                if has_focus(page, f"it.type === 'checkbox' || it.value === {as_option(one)!r}"):
                    break
                page.keyboard.press("ArrowDown")

    def press(self, page: Page, words: str) -> None:
        tab_to(page, f"it.textContent.trim().startsWith({words!r})")
        page.keyboard.press("Enter")


def as_option(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def has_focus(page: Page, expression: str) -> bool:
    return bool(
        page.evaluate(f"(() => {{ const it = document.activeElement; return !!it && {expression}; }})()")
    )


def tab_to(page: Page, expression: str) -> None:
    """Press Tab until the wanted thing has the focus; where one stands already is fine."""
    for _ in range(120):
        if has_focus(page, expression):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"never reached by keyboard on {page.url}: {expression}")


def answer_page(page: Page, hands: Hands, answers: dict[str, Any]) -> None:
    """Answer what is open and has an answer to give, and what the answers open in turn."""
    while names := [name for name in page.evaluate(OPEN_FIELDS) if name.split(".")[0] in answers]:
        hands.answer(page, names[0], value_of(names[0], answers))


def value_of(name: str, answers: dict[str, Any]) -> Any:
    """The answer to give in one field; a line of a ranking is given its place."""
    item, _, option = name.partition(".")
    return list(answers[item]).index(option) + 1 if option else answers[item]


def answer_questionnaire(
    page: Page,
    hands: Hands,
    answers: dict[str, Any],
    *,
    on_page: Callable[[Page], None],
    said: Said = FRENCH,
) -> None:
    """Read the notice, answer every page, look once more and send; `on_page` sees each page before it is left."""
    expect(page.get_by_text(said.measured).first).to_be_visible()
    hands.press(page, said.begin)
    expect(page).to_have_url(re.compile("/pages/"))
    while not page.url.endswith("/review"):
        here = page.url
        page.wait_for_load_state()
        if page.get_by_role("button", name=said.open_page).count():
            hands.press(page, said.open_page)
            expect(page.locator("form[data-answers]")).to_be_visible()
        answer_page(page, hands, answers)
        on_page(page)
        hands.press(page, said.go_on)
        expect(page).not_to_have_url(here)
    hands.press(page, said.send)
    expect(page.get_by_role("heading", level=1)).to_have_text(said.results)


def reload_and_lose_nothing(page: Page) -> None:
    """Reload in the middle: every answer is there again."""
    before = page.evaluate(WRITTEN)
    if not before:  # a page that only measures
        return
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    page.reload()
    assert page.evaluate(WRITTEN) == before
