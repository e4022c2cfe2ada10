"""A path made of what a match lacks, placed in the person's own week, on both databases."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from service.runtime.vocabulary import Role
from service.tables.authoring import TrainingEdition
from service.tables.training import Assignment
from tests.conftest import FixedClock
from tests.service.callers import form_token, in_browser
from tests.service.cast import PROFILE, PROGRAMME, add_candidate, add_programme, api, bearer_of_staff
from tests.service.learning.test_assignments import once
from tests.service.learning.test_training import trainer_pages

pytestmark = pytest.mark.anyio

LACKING = {**PROFILE, "availability": [{"day": d, "from": "10:00", "to": "17:00"} for d in (1, 2, 3, 4, 5)]}
ASKED = {
    **PROGRAMME,
    "skills": [
        {"text": "tchat", "level": 2, "importance": "must"},
        {"text": "appels entrants", "level": 3, "importance": "should"},
    ],
}


async def test_a_trainer_gives_what_is_lacking_at_hours_inside_the_persons_week(
    app: Any, clock: FixedClock
) -> None:
    one, twin = [await add_candidate(app, clock, profile=LACKING) for _ in range(2)]
    programme = await add_programme(app, clock, **ASKED)
    async with api(app, await bearer_of_staff(app, clock, Role.TRAINER)) as client:
        at = f"/candidates/{one}/training-proposals/{programme}"
        told = (await client.get(at, params={"first": "2026-11-30"})).json()
        assert told["outcome"] == "after_training", told
        assert told["open_needs"] == []
        assert told["sittings"][0] == {**told["sittings"][0], "day": "2026-11-30", "from_minute": 600}
        for one_sitting in told["sittings"]:
            assert one_sitting["from_minute"] >= 540
            assert one_sitting["from_minute"] + one_sitting["minutes"] <= 1020
        assert sum(module["minutes"] for module in told["modules"]) == told["minutes"]
        lifted = {skill for module in told["modules"] for skill in module["skills"]}
        assert "chat" in lifted, told["modules"]
        body = {"path": told["path"], "first": "2026-11-30"}
        changed = await client.post(at, json={**body, "path": "preparation-0"}, headers=once())
        assert changed.status_code == 409
        given = await client.post(at, json=body, headers=once())
        assert given.status_code == 201, given.text
        assert (await client.post(at, json=body, headers=once())).status_code == 409
        read = (await client.get(f"/assignments/{given.json()['assignment_id']}")).json()
        assert read["path"] == told["path"]
        assert read["next_due"] == min(module["due"] for module in told["modules"] if module["due"])
        other = f"/candidates/{twin}/training-proposals/{programme}"
        again = (await client.get(other, params={"first": "2026-11-30"})).json()
        assert again["path"] == told["path"], "the same lack is the same path"
        twin_given = await client.post(other, json=body, headers=once())
        assert twin_given.status_code == 201, twin_given.text
    async with app.state.database.transaction() as session:
        assert len(list(await session.scalars(select(TrainingEdition)))) == 1
        rows = list(await session.scalars(select(Assignment)))
        assert all(len(row.sittings) == len(told["sittings"]) for row in rows)


async def test_the_page_says_what_to_learn_when_and_what_cannot_be_placed(
    app: Any, clock: FixedClock
) -> None:
    person = await add_candidate(app, clock, profile=LACKING)
    shows = await add_candidate(app, clock, profile=PROFILE)
    programme = await add_programme(app, clock, **ASKED)
    plain = await add_programme(app, clock, skills=[])
    trainer = await trainer_pages(app, clock)
    at = f"/training/proposals/{person}/{programme}"
    shown = (await trainer.get(at, params={"first": "2026-12-07"})).text
    assert "7 déc. 2026" in shown
    assert "Séance en direct" in shown
    assert "Aucune candidature" in (await trainer.get(f"/training/proposals/{person}")).text
    assert (await trainer.get(at, params={"first": "demain"})).status_code == 422
    nothing = (await trainer.get(f"/training/proposals/{shows}/{plain}")).text
    assert "Donner ce parcours" not in nothing
    path = re.search(r'name="path" value="([^"]+)"', shown)
    assert path
    form = {**form_token(trainer), "first": "2026-12-07", "path": path[1]}
    given = (await trainer.post(at, data=form)).headers["location"]
    assert "Heures dans sa semaine" in (await trainer.get(given)).text
    learner = await in_browser(app, clock, candidate_id=person)
    own = await learner.get(given.replace("/training/assignments", "/me/training"))
    assert "Vos heures pour apprendre" in own.text
    stale = await trainer.post(at, data={**form_token(trainer), "first": "2026-12-07", "path": "other"})
    assert (stale.status_code, stale.headers["location"]) == (303, at)
