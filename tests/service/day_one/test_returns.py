"""What was lent comes back: by a day that somebody set, or once a hiring came to nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.runtime.vocabulary import Role, Stage
from service.tables.applications import Application
from tests.conftest import FixedClock
from tests.service.cast import api, bearer_of_staff, browser, submit
from tests.service.day_one.test_checklists import listed, placed
from tests.service.day_one.test_digests import sweep
from tests.service.day_one.test_one_off_tasks import texts_to

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(sqlite_settings: Any) -> Any:
    """One database is enough here: the query compares days and stages, as others that are tried on both."""
    return sqlite_settings.model_copy(update={"session_hours": 24 * 365})


async def test_what_is_not_back_after_its_day_is_listed_and_told_to_the_recruiter_alone(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    found, etag = await listed(app, scene.recruiter, scene)
    (loan,) = found["equipment"]
    url = f"/applications/{scene.application_id}/onboarding/return-day"

    async def out() -> list[dict[str, Any]]:
        async with api(app, scene.recruiter) as client:
            items: list[dict[str, Any]] = (await client.get("/equipment/not-back")).json()["items"]
            return items

    async with api(app, scene.recruiter) as client:
        far = await client.put(url, json={"returns_on": "2050-01-01"}, headers={"If-Match": etag})
        assert far.status_code == 422
        kept = await client.put(url, json={"returns_on": "2027-03-01"}, headers={"If-Match": etag})
        assert (kept.status_code, kept.json()["returns_on"]) == (200, "2027-03-01")
        clock.move(days=105)  # Tuesday 9 March 2027
        assert await out() == [], "what was never sent is not missing"
        await client.put(f"/equipment/{loan['id']}/sending", json={})
    (one,) = await out()
    assert (one["label"], one["since"], one["is_over"]) == (loan["label"], "2027-03-01", False)
    await bearer_of_staff(app, clock, Role.TRAINER)
    morning = datetime(2027, 3, 9, 8, tzinfo=UTC)
    assert await sweep(app, morning) == 1
    told = await texts_to(app, "recruiter@")
    assert any("attendu pour le lundi 1er mars 2027" in text for text in told), told
    assert not any("1er mars 2027" in text for text in await texts_to(app, "trainer@"))
    async with browser(app, scene.recruiter) as client:
        page = (await client.get("/onboarding?show=all")).text
        assert "il y a 8 jours" in page
        back = f"/onboarding/not-back/{loan['id']}"
        early = await submit(client, back, {"on": "2028-01-01"})
        assert (early.status_code, len(await out())) == (303, 1)
        assert (await submit(client, back, {"on": "2027-03-08", "words": "Intact"})).status_code == 303
        assert "Matériel qui n'est pas revenu" not in (await client.get("/onboarding")).text
    assert await out() == []


async def test_a_fixed_term_says_itself_by_when_and_a_hiring_that_came_to_nothing_asks_at_once(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(
        app, clock, term="cdd", end_date="2027-06-30", reason="temporary_increase", trial={},
        reason_detail="Hausse des appels.",
    )  # fmt: skip
    found, _ = await listed(app, scene.recruiter, scene)
    assert found["returns_on"] == "2027-07-15"
    async with api(app, scene.recruiter) as client:
        await client.put(f"/equipment/{found['equipment'][0]['id']}/sending", json={})
        async with app.state.database.transaction() as session:
            row = await session.get(Application, scene.application_id)
            row.stage, row.stage_since = Stage.WITHDRAWN, clock()
        (one,) = (await client.get("/equipment/not-back")).json()["items"]
        assert (one["since"], one["is_over"]) == ("2026-11-24", True)
        async with browser(app, scene.candidate) as person:
            page = (await person.get("/me/tasks")).text
            assert "À rendre" in page
            assert one["label"] in page
        opened = await client.post(f"/applications/{scene.application_id}/onboarding")
        assert (opened.status_code, opened.json()["type"].rpartition("/")[2]) == (409, "hiring-over")
        async with browser(app, scene.recruiter) as desk:
            page = (await desk.get(f"/applications/{scene.application_id}/onboarding")).text
            assert "Cette embauche est sans suite" in page
            assert "Ouvrir la liste" not in page
        back = await client.put(f"/equipment/{one['loan_id']}/return", json={"note": "Intact"})
        assert back.status_code == 200, back.text
        assert (await client.get("/equipment/not-back")).json()["items"] == []
