"""Which paths are given, and the edition that somebody began."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import main
from service.flows.paths import paths
from service.flows.training_days import holidays, working_days
from service.runtime.editions import Editions, load_editions
from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.assessing.trial import put_in_force
from tests.service.callers import add_candidate, as_candidate, as_staff
from tests.service.learning.test_assignments import PATH, give

TODAY = date(2026, 11, 24)


def with_a_newer_edition(editions: Editions, valid_from: date) -> Editions:
    """The same paths, and one of them again with a module less."""
    known = paths.to_give(editions, PATH, today=TODAY)
    newer = known.model_copy(
        update={"edition": "2026-12", "valid_from": valid_from, "modules": known.modules[:1]}
    )
    return replace(editions, paths={**editions.paths, (PATH, "2026-12"): newer})


@pytest.mark.anyio
async def test_paths_are_listed_with_their_modules_and_without_the_keys(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    listed = (await trainer.get("/api/v1/paths")).json()["items"]
    assert PATH in {path["slug"] for path in listed}
    one = await trainer.get(f"/api/v1/paths/{PATH}")
    assert one.json()["minutes"] == sum(module["minutes"] for module in one.json()["modules"])
    assert one.json()["editions"] == ["2026-11"]
    assert (await trainer.get("/api/v1/paths/no-such-path")).status_code == 404


def test_a_new_edition_is_given_from_its_day_on_and_not_before() -> None:
    editions = with_a_newer_edition(load_editions(), date(2026, 12, 1))
    assert paths.to_give(editions, PATH, today=TODAY).edition == "2026-11"
    assert paths.to_give(editions, PATH, today=date(2026, 12, 1)).edition == "2026-12"
    assert paths.editions_of(editions, PATH) == ("2026-12", "2026-11")


@pytest.mark.anyio
async def test_who_began_an_edition_keeps_it_when_a_newer_one_comes(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock)
    given = (await give(trainer, candidate_id=str(person), start_date="2026-11-24")).json()["assignments"][0]
    put_in_force(app, with_a_newer_edition(app.state.editions, TODAY))
    other = await add_candidate(app, clock, given_name="Malo", email="malo@example.com", pseudonym="P-2")
    newer = (await give(trainer, candidate_id=str(other), start_date="2026-11-24")).json()["assignments"][0]
    learner = await as_candidate(app, clock, person)
    mine = (await learner.get(f"/api/v1/me/assignments/{given}")).json()
    assert (mine["edition"], len(mine["modules"])) == ("2026-11", 6)
    theirs = (await trainer.get(f"/api/v1/assignments/{newer}")).json()
    assert (theirs["edition"], len(theirs["modules"])) == ("2026-12", 1)


@pytest.mark.anyio
async def test_an_edition_that_was_withdrawn_is_said_to_be_gone(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock)
    given = (await give(trainer, candidate_id=str(person), start_date="2026-11-24")).json()["assignments"][0]
    put_in_force(app, replace(app.state.editions, paths={}))
    gone = await trainer.get(f"/api/v1/assignments/{given}")
    assert (gone.status_code, gone.json()["type"]) == (410, "/problems/edition-withdrawn")
    listed = await trainer.get("/api/v1/assignments")
    assert (listed.status_code, listed.json()["items"]) == (200, [])


def test_nobody_is_expected_to_learn_on_a_holiday() -> None:
    works = working_days(date(2026, 12, 24))
    assert [works(date(2026, 12, day)) for day in (24, 25, 26, 28)] == [True, False, False, True]
    assert not works(date(2027, 1, 1))
    assert holidays(2026) == tuple(
        date(2026, month, day)
        for month, day in (
            (1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25),
        )
    )  # fmt: skip


def test_the_command_lists_paths_with_their_editions() -> None:
    told = CliRunner().invoke(main, ["paths", "list", "--json"])
    assert told.exit_code == 0
    rows = {row["slug"]: row for row in json.loads(told.output)}
    assert {"homeworking-essentials", "first-calls", "leading-at-a-distance"} <= rows.keys()
    assert rows[PATH]["editions"] == ["2026-11"]
    for row in rows.values():
        assert row["languages"] == ["fr", "en"]
        for module in row["modules"]:
            assert min(module["words"]["fr"], module["words"]["en"]) >= 400
            assert module["questions"]["fr"] == module["questions"]["en"] >= 4
    assert "homeworking-essentials" in CliRunner().invoke(main, ["paths", "list"]).output
