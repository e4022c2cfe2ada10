"""Groups through the API: edits cannot overwrite unseen, members are part of what an ETag stands for."""

from typing import Any

import pytest

from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_staff

pytestmark = pytest.mark.anyio


async def test_a_group_is_made_renamed_filled_emptied_and_deleted(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = str(await add_candidate(app, clock))
    made = await trainer.post("/api/v1/cohorts", json={"name": "Vague 1", "start_date": "2026-12-01"})
    at = made.headers["location"]
    assert (await trainer.patch(at, json={"name": "Vague A"})).status_code == 428
    renamed = await trainer.patch(at, json={"name": "Vague A"}, headers={"If-Match": made.headers["etag"]})
    assert renamed.json()["name"] == "Vague A"
    stale = await trainer.patch(at, json={"name": "B"}, headers={"If-Match": made.headers["etag"]})
    assert stale.status_code == 412
    joined = await trainer.post(
        f"{at}/members", json={"candidates": [person, person]}, headers={"If-Match": renamed.headers["etag"]}
    )
    assert joined.json()["added"] == [person]
    assert joined.headers["etag"] != renamed.headers["etag"]
    full = await trainer.delete(at, headers={"If-Match": joined.headers["etag"]})
    assert full.status_code == 409
    left = await trainer.delete(f"{at}/members/{person}", headers={"If-Match": joined.headers["etag"]})
    assert left.status_code == 204
    shown = await trainer.get(at)
    assert shown.json()["people"] == []
    assert (await trainer.delete(at, headers={"If-Match": shown.headers["etag"]})).status_code == 204
    assert (await trainer.get(at)).status_code == 404


async def test_groups_are_listed_newest_first_page_by_page(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    for number in range(3):
        clock.move(minutes=1)
        await trainer.post("/api/v1/cohorts", json={"name": f"Vague {number}", "start_date": "2026-12-01"})
    first = await trainer.get("/api/v1/cohorts", params={"limit": 2})
    second = await trainer.get(first.links["next"]["url"])
    names = [row["name"] for page in (first, second) for row in page.json()["items"]]
    assert names == ["Vague 2", "Vague 1", "Vague 0"]
    assert "next" not in second.links


async def test_an_unknown_person_or_programme_is_named_and_nothing_is_kept(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = str(await add_candidate(app, clock))
    nobody = "0b0d6f5e-0c0e-4a8e-9a53-2f6f8d1e9f00"
    made = await trainer.post("/api/v1/cohorts", json={"name": "Vague 1", "start_date": "2026-12-01"})
    mixed = await trainer.post(
        f"{made.headers['location']}/members",
        json={"candidates": [person, nobody]},
        headers={"If-Match": "*"},
    )
    assert (mixed.status_code, mixed.json()["errors"][0]["pointer"]) == (422, "/candidates")
    assert (await trainer.get(made.headers["location"])).json()["people"] == []
    body = {"name": "Vague 2", "start_date": "2026-12-01", "programme_id": nobody}
    assert (await trainer.post("/api/v1/cohorts", json=body)).json()["errors"][0][
        "pointer"
    ] == "/programme_id"
