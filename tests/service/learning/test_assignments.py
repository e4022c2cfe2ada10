"""Paths given to people and groups through the API, on both databases."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_candidate, as_staff

pytestmark = pytest.mark.anyio

PATH = "homeworking-essentials"


def once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def people(app: Any, clock: FixedClock, count: int) -> list[str]:
    return [
        str(
            await add_candidate(
                app, clock, given_name=f"Personne{n}", email=f"p{n}@example.com", pseudonym=f"P-{n:04}"
            )
        )
        for n in range(count)
    ]


async def cohort_with(trainer: httpx.AsyncClient, members: list[str], start: str = "2026-11-24") -> str:
    made = await trainer.post("/api/v1/cohorts", json={"name": "Vague de novembre", "start_date": start})
    assert made.status_code == 201, made.text
    cohort = made.json()["id"]
    if members:
        joined = await trainer.post(
            f"/api/v1/cohorts/{cohort}/members",
            json={"candidates": members},
            headers={"If-Match": made.headers["etag"]},
        )
        assert joined.status_code == 200, joined.text
    return str(cohort)


async def give(trainer: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await trainer.post("/api/v1/assignments", json={"path": PATH, **body}, headers=once())


async def test_everybody_of_a_group_gets_their_own_assignment_and_dates(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    cohort = await cohort_with(trainer, await people(app, clock, 3))
    given = await give(trainer, cohort_id=cohort)
    assert given.status_code == 201, given.text
    assert len(given.json()["assignments"]) == 3
    again = await give(trainer, cohort_id=cohort)
    assert (again.json()["assignments"], len(again.json()["already"])) == ([], 3)
    listed = (await trainer.get("/api/v1/assignments", params={"cohort": cohort})).json()["items"]
    assert {row["next_due"] for row in listed} == {"2026-11-25"}


async def test_somebody_who_joins_later_is_given_the_paths_of_the_group_from_their_own_day(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    first, late = await people(app, clock, 2)
    cohort = await cohort_with(trainer, [first])
    await give(trainer, cohort_id=cohort)
    shown = await trainer.get(f"/api/v1/cohorts/{cohort}")
    joined = await trainer.post(
        f"/api/v1/cohorts/{cohort}/members",
        json={"candidates": [late], "paths_from": "2026-12-01"},
        headers={"If-Match": shown.headers["etag"]},
    )
    assert len(joined.json()["assignments"]) == 1, joined.text
    detail = (await trainer.get(f"/api/v1/assignments/{joined.json()['assignments'][0]}")).json()
    assert (detail["candidate_id"], detail["start_date"], detail["next_due"]) == (
        late, "2026-12-01", "2026-12-02",
    )  # fmt: skip


async def test_the_same_key_gives_a_path_once_and_a_second_try_says_it_is_there(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    (one,) = await people(app, clock, 1)
    body = {"path": PATH, "candidate_id": one, "start_date": "2026-11-24"}
    key = once()
    twins = [await trainer.post("/api/v1/assignments", json=body, headers=key) for _ in range(2)]
    assert twins[0].content == twins[1].content
    assert (await give(trainer, candidate_id=one, start_date="2026-11-30")).status_code == 409
    without = await trainer.post("/api/v1/assignments", json=body)
    assert without.status_code == 400


async def test_what_does_not_exist_or_lies_far_away_is_named(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    (one,) = await people(app, clock, 1)
    wrongs = [
        ({"candidate_id": str(uuid4()), "start_date": "2026-11-24"}, 422, "/candidate_id"),
        ({"cohort_id": str(uuid4())}, 422, "/cohort_id"),
        ({"candidate_id": one, "start_date": "9999-12-31"}, 422, "/start_date"),
        ({"candidate_id": one, "start_date": "2026-11-24", "path": "no-such-path"}, 422, "/path"),
    ]
    for body, status, pointer in wrongs:
        answer = await give(trainer, **body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer), answer.text
    for body in ({}, {"candidate_id": one}, {"candidate_id": one, "start_date": 0}):
        assert (await give(trainer, **body)).status_code == 400


async def test_the_list_shows_late_ones_first_filters_them_and_pages_without_gaps(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    everybody = await people(app, clock, 4)
    for number, one in enumerate(everybody):
        await give(trainer, candidate_id=one, start_date=f"2026-11-{24 - number * 2:02}")
    found, url = [], "/api/v1/assignments?limit=2"
    while url:
        page = await trainer.get(url)
        found += page.json()["items"]
        url = page.links.get("next", {}).get("url", "")
    assert len({row["id"] for row in found}) == 4
    assert [row["next_due"] for row in found] == sorted(row["next_due"] for row in found)
    late = (await trainer.get("/api/v1/assignments", params={"late": "true"})).json()["items"]
    assert late
    assert all(row["late_days"] > 0 for row in late)
    assert len(late) < 4
    assert (await trainer.get("/api/v1/assignments", params={"path": "x\x00"})).status_code == 422
    assert (await trainer.get("/api/v1/assignments", params={"cursor": "AAAA"})).status_code == 422
    assert (await trainer.get("/api/v1/assignments", params={"limit": 0})).status_code == 422


async def test_a_trainer_of_other_programmes_reaches_nobody_here(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    stranger = await as_staff(app, clock, Role.TRAINER, email="else@example.com", sees_all_programmes=False)
    (one,) = await people(app, clock, 1)
    cohort = await cohort_with(trainer, [one])
    given = (await give(trainer, cohort_id=cohort)).json()["assignments"][0]
    assert (await stranger.get("/api/v1/assignments")).json()["items"] == []
    assert (await stranger.get(f"/api/v1/assignments/{given}")).status_code == 404
    assert (await stranger.get(f"/api/v1/cohorts/{cohort}")).status_code == 404
    assert (await give(stranger, candidate_id=one, start_date="2026-11-24")).status_code == 422
    learner = await as_candidate(app, clock, UUID(one))
    assert (await give(learner, candidate_id=one, start_date="2026-11-24")).status_code == 403
