"""One's own account: the language of letters, chosen on the page or through the API, on both databases."""

from typing import Any

import pytest

from service.flows.mail.letters import TEMPLATES
from service.runtime.vocabulary import Locale, Role
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, api, bearer_of_candidate, bearer_of_staff, browser, submit

pytestmark = pytest.mark.anyio


def test_every_letter_is_written_in_every_language() -> None:
    written = {tuple(path.name.split(".")[:2]) for path in TEMPLATES.glob("*.txt")}
    assert written == {(letter, locale.value) for letter, _ in written for locale in Locale}


@pytest.mark.parametrize("is_staff", [True, False])
async def test_one_chooses_the_language_one_is_written_to(
    app: Any, clock: FixedClock, is_staff: bool
) -> None:
    if is_staff:
        bearer = await bearer_of_staff(app, clock, Role.TRAINER)
    else:
        bearer = await bearer_of_candidate(app, clock, await add_candidate(app, clock))
    async with browser(app, bearer) as pages, api(app, bearer) as machine:
        assert ("/password" in (await pages.get("/account")).text) is is_staff
        await submit(pages, "/account/language", {"language": "en"})
        assert (await machine.get("/sign-ins/me/language")).json() == {"locale": "en"}
        assert 'id="language-2" checked' in (await pages.get("/account")).text
        assert (await submit(pages, "/account/language", {"language": "de"})).status_code == 404
        assert (await machine.put("/sign-ins/me/language", json={"locale": "de"})).status_code == 400
