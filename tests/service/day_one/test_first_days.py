"""The first day on another date: what hangs on it is told before, and the training moves with it or stays."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from service.runtime.vocabulary import Role
from service.tables.trail import Mail
from service.tables.training import Assignment, AssignmentChange, LearningEvent
from tests.conftest import FixedClock
from tests.service.cast import api, bearer_of_staff, browser, submit
from tests.service.day_one.test_checklists import finish, move, placed, send, tasks
from tests.service.papers.offering import Scene

pytestmark = pytest.mark.anyio

PATH = "homeworking-essentials"


@pytest.fixture
def settings(sqlite_settings: Any) -> Any:
    """One database is enough here: the flow that moves a training is tried on both elsewhere."""
    return sqlite_settings.model_copy(update={"session_hours": 24 * 30})


async def give(app: Any, trainer: str, scene: Scene, day: str = "2026-12-07", path: str = PATH) -> str:
    body = {"path": path, "candidate_id": str(scene.candidate_id), "start_date": day}
    async with api(app, trainer) as client:
        answer = await client.post("/assignments", json=body, headers={"Idempotency-Key": f"{path}{day}"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["assignments"][0])


async def ahead(app: Any, scene: Scene, day: str) -> dict[str, Any]:
    async with api(app, scene.recruiter) as client:
        answer = await client.get(
            f"/applications/{scene.application_id}/onboarding/start/ahead?start_date={day}"
        )
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def starts(app: Any) -> dict[str, date]:
    async with app.state.database.transaction(write=False) as session:
        return {str(one.id): one.start_date for one in await session.scalars(select(Assignment))}


async def begin(app: Any, clock: FixedClock, assignment: str) -> None:
    async with app.state.database.transaction() as session:
        session.add(
            LearningEvent(
                assignment_id=UUID(assignment), module="your-post", kind="page_read", detail={"page": "x"},
                at=clock(),
            )
        )  # fmt: skip


async def test_what_hangs_on_the_first_day_is_told_and_the_training_moves_with_it(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    training = await give(app, await bearer_of_staff(app, clock, Role.TRAINER), scene)
    clock.move(days=6)  # Monday 30 November
    await finish(app, scene.recruiter, (await tasks(app, scene))["dpae"], note="URSSAF 17")
    told = await ahead(app, scene, "2026-12-14")
    (one,) = told["trainings"]
    assert (one["standing"], one["follows_unless_told"]) == ("follows", True)
    assert one["last_due_after"] > one["last_due"]
    changes = {task["task"]: task["change"] for task in told["tasks"]}
    assert (changes["dpae"], changes["charter-read"]) == ("again", "moves")
    assert (told["offered_start_date"], told["needs_paper"], told["contract_signed_on"]) == (
        "2026-12-07", True, None,
    )  # fmt: skip
    assert told["declaration"] == {
        "done_for": "2026-12-07", "opens_on": "2026-12-06", "closes_on": "2026-12-14", "is_too_late": False,
    }  # fmt: skip
    assert (await starts(app))[training] == date(2026, 12, 7), "looking changes nothing"
    for day in ("2026-12-14", "2026-12-25"):
        moved = await move(app, scene, day, reason="Le client décale.")
        assert moved.status_code == 200, moved.text
        assert (await starts(app))[training] == date.fromisoformat(day)
    noted = [one["detail"] for one in moved.json()["history"] if one["kind"] == "start_moved"]
    assert [one["trainings"] for one in noted] == [[training], [training]]
    async with app.state.database.transaction(write=False) as session:
        changed = list(await session.scalars(select(AssignmentChange).order_by(AssignmentChange.at)))
        letters = await session.scalars(select(Mail.body_text).where(Mail.subject.contains("premier jour")))
        assert all("Votre formation commence maintenant ce jour-là" in body for body in letters)
    assert {(one.before, one.after, one.why) for one in changed} == {
        ("2026-12-07", "2026-12-14", "Le client décale."), ("2026-12-14", "2026-12-25", "Le client décale."),
    }  # fmt: skip
    christmas = await ahead(app, scene, "2026-12-25")
    assert (christmas["tasks"], christmas["is_working_day"]) == ([], False)
    passed = await ahead(app, scene, "2026-11-16")
    assert (passed["is_past"], passed["declaration"]["is_too_late"]) == (True, True)
    assert (await ahead(app, scene, "2026-12-07"))["needs_paper"] is False


async def test_a_training_begun_or_finished_or_of_another_day_stays_unless_somebody_says_so(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    trainer = await bearer_of_staff(app, clock, Role.TRAINER)
    begun = await give(app, trainer, scene)
    apart = await give(app, trainer, scene, "2026-11-30", "first-calls")
    await begin(app, clock, begun)
    told = {one["assignment_id"]: one for one in (await ahead(app, scene, "2026-12-14"))["trainings"]}
    assert (told[begun]["standing"], told[begun]["may_follow"], told[begun]["follows_unless_told"]) == (
        "begun", True, False,
    )  # fmt: skip
    assert (told[apart]["standing"], told[apart]["may_follow"]) == ("another_day", False)
    assert (await move(app, scene, "2026-12-14")).status_code == 200
    assert (await starts(app))[begun] == date(2026, 12, 7)
    assert (await move(app, scene, "2026-12-07")).status_code == 200
    refused = await move(app, scene, "2026-12-14", trainings=[begun, apart])
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/trainings"]
    assert (await starts(app))[begun] == date(2026, 12, 7)
    here = f"/applications/{scene.application_id}/onboarding/start"
    async with browser(app, scene.recruiter) as client:
        page = (await client.get(f"{here}?start_date=2026-12-14")).text
        assert "Déjà commencée" in page
        assert f'value="{begun}"' in page
        assert f'value="{apart}"' not in page
        assert "Pas un jour ouvré" in (await client.get(f"{here}?start_date=2026-12-25")).text
        assert (await client.get(f"{here}?start_date=demain")).status_code == 422
        fields = {"start_date": "2026-12-14", "version": "3", "reason": "Le client décale."}
        stale = await submit(client, here, {**fields, "version": "1", "training": begun})
        assert (stale.status_code, "Le client décale." in stale.text) == (422, True)
        wrong = await submit(client, here, {**fields, "training": apart})
        assert wrong.status_code == 422
        assert (await submit(client, here, {**fields, "training": begun})).status_code == 303
    assert (await starts(app))[begun] == date(2026, 12, 14)
    async with app.state.database.transaction() as session:
        row = await session.get(Assignment, UUID(begun))
        row.is_complete, row.percent = True, 100
    told = {one["assignment_id"]: one for one in (await ahead(app, scene, "2026-12-21"))["trainings"]}
    assert (told[begun]["standing"], told[begun]["may_follow"]) == ("finished", False)
    assert (await send(app, scene.candidate, f"{here}/ahead")).status_code in (403, 404, 405)
