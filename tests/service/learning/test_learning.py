"""A learner works through a path by API: reading, quizzes, marks; on both databases."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from service.flows.paths import paths
from service.runtime.vocabulary import Role
from service.tables.training import LearningEvent
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_candidate, as_staff
from tests.service.learning.test_assignments import PATH, give, once

pytestmark = pytest.mark.anyio


async def learner_on_a_path(
    app: Any, clock: FixedClock, start: str = "2026-11-24"
) -> tuple[httpx.AsyncClient, httpx.AsyncClient, str]:
    """A trainer, a learner, and the address of the learner's own assignment."""
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock)
    given = await give(trainer, candidate_id=str(person), start_date=start)
    learner = await as_candidate(app, clock, person)
    return trainer, learner, f"/api/v1/me/assignments/{given.json()['assignments'][0]}"


def right_answers(app: Any, module: str) -> dict[str, list[str]]:
    path = paths.to_give(app.state.editions, PATH, today=date(2026, 11, 24))
    return {question.slug: sorted(question.key) for question in paths.module_of(path, module).quiz}


async def events(app: Any) -> int:
    async with app.state.database.transaction(write=False) as session:
        return int(await session.scalar(select(func.count()).select_from(LearningEvent)))


async def test_reading_every_page_and_passing_every_quiz_finishes_the_path(
    app: Any, clock: FixedClock
) -> None:
    _, learner, address = await learner_on_a_path(app, clock)
    for _ in range(60):
        step = (await learner.get(address)).json()["next_step"]
        module = f"{address}/modules/{step['module']}"
        if step["kind"] == "read_page":
            answer = await learner.post(f"{module}/reading", json={"page": step["page"]})
            assert answer.status_code == 200, answer.text
        elif step["kind"] == "take_quiz":
            body = {"answers": right_answers(app, step["module"])}
            marked = await learner.post(f"{module}/attempts", json=body, headers=once())
            assert (marked.status_code, marked.json()["percent"]) == (201, 100), marked.text
            assert all(option["why"]["fr"] for q in marked.json()["questions"] for option in q["options"])
        else:
            break
    done = (await learner.get(address)).json()
    assert (step["kind"], done["percent"], done["is_complete"]) == ("finished", 100, True)
    (listed,) = (await learner.get("/api/v1/me/assignments")).json()["items"]
    assert listed["completed_on"] == "2026-11-24"


async def test_the_quiz_is_shown_without_its_key(app: Any, clock: FixedClock) -> None:
    _, learner, address = await learner_on_a_path(app, clock)
    module = (await learner.get(address)).json()["modules"][0]["module"]
    lesson = await learner.get(f"{address}/modules/{module}")
    assert lesson.status_code == 200
    assert lesson.json()["quiz"]
    options = [option for question in lesson.json()["quiz"] for option in question["options"]]
    assert {key for option in options for key in option} == {"option", "text"}


async def test_the_same_thing_said_twice_is_one_event(app: Any, clock: FixedClock) -> None:
    _, learner, address = await learner_on_a_path(app, clock)
    step = (await learner.get(address)).json()["next_step"]
    module = f"{address}/modules/{step['module']}"
    for _ in range(3):
        await learner.post(f"{module}/reading", json={"page": step["page"]})
    assert await events(app) == 1
    key, body = once(), {"answers": right_answers(app, step["module"])}
    twins = [await learner.post(f"{module}/attempts", json=body, headers=key) for _ in range(2)]
    assert twins[0].content == twins[1].content
    assert await events(app) == 2


async def test_an_incomplete_quiz_names_each_question_and_keeps_no_attempt(
    app: Any, clock: FixedClock
) -> None:
    _, learner, address = await learner_on_a_path(app, clock)
    step = (await learner.get(address)).json()["next_step"]
    attempts = f"{address}/modules/{step['module']}/attempts"
    full = right_answers(app, step["module"])
    empty = await learner.post(attempts, json={"answers": {}}, headers=once())
    assert empty.status_code == 422
    assert {fault["pointer"] for fault in empty.json()["errors"]} == {f"/answers/{slug}" for slug in full}
    assert (await learner.post(attempts, json={"answers": {"x": 1}}, headers=once())).status_code == 400
    assert await events(app) == 0


async def test_a_module_waits_for_the_one_before_and_for_the_first_day(app: Any, clock: FixedClock) -> None:
    _, learner, address = await learner_on_a_path(app, clock, start="2026-11-25")
    modules = (await learner.get(address)).json()["modules"]
    first = f"{address}/modules/{modules[0]['module']}"
    assert (await learner.get(first)).status_code == 409
    clock.move(hours=11)  # midnight has passed in Paris, not in London
    clock.move(minutes=30)
    assert (await learner.get(first)).status_code == 200
    locked = [row["module"] for row in modules if row["waits_for"]]
    for module in locked:
        answer = await learner.post(f"{address}/modules/{module}/reading", json={"page": "x"})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/module-locked")
    assert (await learner.get(f"{address}/modules/no-such")).status_code == 404


async def test_another_persons_assignment_is_not_found(app: Any, clock: FixedClock) -> None:
    trainer, learner, address = await learner_on_a_path(app, clock)
    step = (await learner.get(address)).json()["next_step"]
    other = await add_candidate(app, clock, given_name="Malo", email="malo@example.com", pseudonym="P-2")
    intruder = await as_candidate(app, clock, other)
    module = f"{address}/modules/{step['module']}"
    assert (await intruder.get(address)).status_code == 404
    assert (await intruder.get(module)).status_code == 404
    assert (await intruder.post(f"{module}/reading", json={"page": step["page"]})).status_code == 404
    body = {"answers": right_answers(app, step["module"])}
    assert (await intruder.post(f"{module}/attempts", json=body, headers=once())).status_code == 404
    assert (await intruder.get("/api/v1/me/assignments")).json()["items"] == []
    assert (await trainer.get(address)).status_code == 403


async def test_late_is_counted_from_the_learners_own_dates(app: Any, clock: FixedClock) -> None:
    trainer, _, address = await learner_on_a_path(app, clock, start="2026-11-19")
    seen = (await trainer.get(address.replace("/me/", "/"))).json()
    assert seen["late_days"] == 4  # due on Friday the 20th, now Tuesday the 24th
    assert seen["late_modules"]
    assert any(reason["code"] == "path_late" for reason in seen["reasons"])
