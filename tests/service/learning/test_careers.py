"""The way ahead of one person: roles by modules done, programmes by what matching says."""

from typing import Any

import pytest

from service.runtime.vocabulary import Role
from service.tables.programmes import Programme
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_candidate, as_staff, in_browser
from tests.service.cast import PROFILE, PROGRAMME
from tests.service.learning.test_learning import learner_on_a_path, right_answers
from tests.service.papers.offering import new_key

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]


async def test_a_module_that_is_done_brings_every_role_that_asks_for_it_nearer(
    app: Any, clock: FixedClock
) -> None:
    _, learner, address = await learner_on_a_path(app, clock)
    before = {one["slug"]: one["way"] for one in (await learner.get("/api/v1/me/career")).json()["roles"]}
    body = {"answers": right_answers(app, "your-post")}
    passed = await learner.post(f"{address}/modules/your-post/attempts", json=body, headers=new_key())
    assert passed.json()["passed"]
    found = (await learner.get("/api/v1/me/career")).json()
    after = {one["slug"]: one["way"] for one in found["roles"]}
    assert {slug: before[slug]["modules_left"] - after[slug]["modules_left"] for slug in after} == {
        "tutor": 1, "team-lead": 1, "quality-listener": 0,
    }  # fmt: skip
    assert [one["is_done"] for one in after["tutor"]["lessons"]][:2] == [True, False]
    minutes = [one["way"]["minutes_left"] for one in found["roles"]]
    assert minutes == sorted(minutes)


async def test_programmes_come_with_what_matching_says_and_with_what_is_to_be_learnt(
    app: Any, clock: FixedClock
) -> None:
    wanted = {"text": "appels entrants", "level": 2, "importance": "must"}
    shops = {"title": "Boutique", "skills": [{**wanted, "text": "courriels clients"}]}
    async with app.state.database.transaction() as session:
        for row in (PROGRAMME, {**PROGRAMME, **shops}):
            session.add(
                Programme(
                    title=row["title"], client_name="Rivages", seats=3, weekly_hours=35, profile=row,
                    created_at=clock(), updated_at=clock(),
                )
            )  # fmt: skip
    person = await add_candidate(app, clock, profile=PROFILE)
    trainer = await as_staff(app, clock, Role.TRAINER)
    found = (await trainer.get(f"/api/v1/candidates/{person}/career")).json()
    by_title = {one["title"]: one for one in found["programmes"]}
    ahead = by_title["Boutique"]
    assert (ahead["outcome"], ahead["way"]["is_reached"]) == ("after_training", False)
    assert ahead["way"]["lessons"]
    assert ahead["way"]["minutes_left"] > 0
    own = await as_candidate(app, clock, person)
    assert (await own.get("/api/v1/me/career")).json()["programmes"] == found["programmes"]
    assert (await own.get(f"/api/v1/candidates/{person}/career")).status_code == 403
    recruiter = await as_staff(app, clock, Role.RECRUITER)
    assert (await recruiter.get(f"/api/v1/candidates/{person}/career")).status_code == 403
    page = await in_browser(app, clock, candidate_id=person)
    assert "Tuteur ou tutrice" in (await page.get("/me/career")).text
