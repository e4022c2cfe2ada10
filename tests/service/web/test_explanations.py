"""Why somebody stands where they stand: one call, one click, and what would change it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import FixedClock
from tests.service.cast import PROGRAMME, add_candidate, add_programme, api, bearer_of_staff, browser
from tests.service.matching.test_matching import CALLS, SHOP

pytestmark = pytest.mark.anyio

CHAT: dict[str, Any] = {
    **PROGRAMME,
    "skills": [
        {"text": "tchat", "level": 2, "importance": "must"},
        {"text": "appels entrants", "level": 3, "importance": "should"},
    ],
}


async def _scene(app: Any, clock: FixedClock) -> Any:
    bearer = await bearer_of_staff(app, clock)
    people = [await add_candidate(app, clock, profile=profile) for profile in (CALLS, CALLS, SHOP)]
    programme = await add_programme(app, clock, **CHAT)
    return bearer, people, programme


async def test_one_call_explains_any_place_of_a_list(app: Any, clock: FixedClock) -> None:
    bearer, (one, twin, shop), programme = await _scene(app, clock)
    async with api(app, bearer) as client:
        told = (await client.get(f"/programmes/{programme}/shortlist/{one}")).json()
        assert told["rank"] in (1, 2)
        assert told["considered"] == 3
        assert str(twin) in [tie["candidate_id"] for tie in told["ties"]]
        assert round(sum(part["points"] for part in told["parts"]), 2) == told["match"]["score"]
        assert told["match"]["outcome"] == "after_training"
        training = told["training"]
        assert training["hours"] > 0
        assert training["done_on"] == training["courses"][-1]["done_on"]
        assert training["open_needs"] == []
        assert told["openings"][0]["programmes"] == [str(programme)]
        assert (await client.get(f"/programmes/{programme}/shortlist/{uuid4()}")).status_code == 404
        assert (await client.get(f"/programmes/{programme}/shortlist/nobody")).status_code == 404
    assert shop


async def test_a_person_sees_every_programme_and_what_would_open_more(app: Any, clock: FixedClock) -> None:
    bearer, (one, *_), programme = await _scene(app, clock)
    async with api(app, bearer) as client:
        told = (await client.get(f"/candidates/{one}/prospects")).json()
        assert [item["programme_id"] for item in told["items"]] == [str(programme)]
        assert {change["kind"] for change in told["openings"][0]["changes"]} == {"course"}
        gains = (await client.get(f"/programmes/{programme}/gains")).json()
        assert (gains["weighed"], gains["considered"]) == (3, 3)
        wished = next(
            item for item in gains["items"] if (item["kind"], item["skill"]) == ("only_wished", "tchat")
        )
        assert str(one) in wished["matches"]


async def test_pages_explain_in_words_one_click_from_the_list(app: Any, clock: FixedClock) -> None:
    bearer, (one, *_), programme = await _scene(app, clock)
    async with browser(app, bearer) as client:
        listed = (await client.get(f"/programmes/{programme}/shortlist")).text
        assert f"/programmes/{programme}/shortlist/{one}" in listed
        assert "égalité, 1 à" in listed.replace("\u00a0", " ")
        page = (await client.get(f"/programmes/{programme}/shortlist/{one}")).text
        assert "La formation la plus courte" in page
        assert "Ce qui changerait la réponse" in page
        prospects = (await client.get(f"/candidates/{one}/programmes")).text
        assert "Ce qui ouvrirait des programmes" in prospects
        gains = (await client.get(f"/programmes/{programme}/gains")).text
        assert "sans l&#39;exiger" in gains
