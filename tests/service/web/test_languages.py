"""Words in another language than the page's say so: a path written in French alone, on English pages (WCAG 3.1.2)."""

from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from service.runtime.vocabulary import Role
from service.web.translations import LANGUAGE_COOKIE
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_staff, in_browser
from tests.service.learning.test_assignments import give
from tests.service.paths.test_authoring import FACTS, PAGE, QUESTION, SETTINGS, send, trainer_pages, write_all

pytestmark = pytest.mark.anyio

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
WRITTEN = (FACTS, SETTINGS, PAGE, QUESTION)
"""What the trainer typed; each of these sentences is French wherever it stands alone."""


class Texts(HTMLParser):
    """The texts of a page, each with the language of its place."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = [""]
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(dict(attrs).get("lang") or self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((" ".join(data.split()), self.open[-1]))


def unmarked(page: httpx.Response) -> set[str]:
    """Sentences of the path that the page gives out for English."""
    assert page.status_code == 200, page.text
    typed = {value for form in WRITTEN for name, value in form.items() if "_fr" in name} | {
        "Respirez.",
        "Souriez.",
    }
    found = Texts(page.text).found
    shown = {(text, lang) for text, lang in found if text in typed}
    return {text for text, lang in shown if lang != "fr"} if shown else {"nothing of the path is shown"}


async def test_a_path_in_french_alone_is_marked_as_french_on_english_pages(
    app: Any, clock: FixedClock
) -> None:
    trainer = await trainer_pages(app, clock)
    await write_all(trainer)
    today = clock().date().isoformat()
    await send(trainer, "/training/paths/accueillir-un-appel/draft/publication", valid_from=today)
    person = await add_candidate(app, clock)
    given = await give(
        await as_staff(app, clock, Role.TRAINER), candidate_id=str(person), path="accueillir-un-appel",
        start_date=today,
    )  # fmt: skip
    learner = await in_browser(app, clock, candidate_id=person)
    id_, written = given.json()["assignments"][0], "/training/paths/accueillir-un-appel"
    mine, seen, faults = f"/me/training/{id_}", f"/training/assignments/{id_}", {}
    module = f"{mine}/modules/decrocher"
    of_learner = ("/me/training", mine, module, f"{module}/pages/avant-de-decrocher", f"{module}/quiz")
    of_trainer = (
        "/training", seen, f"{seen}/changes", "/training/assign", "/training/paths", "/training/files", written,
        f"{written}/editions/{today}", f"{written}/editions/{today}/modules/decrocher",
    )  # fmt: skip
    for pages, places in ((learner, of_learner), (trainer, of_trainer)):
        pages.cookies.set(LANGUAGE_COOKIE, "en")
        for place in places:
            faults[place] = unmarked(await pages.get(place))
    assert not any(faults.values()), faults
