"""Tasks that one placement alone asks: added, worded again, and settled like any other."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from service.runtime.vocabulary import DeskKind, Role
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.cast import api, bearer_of_staff, browser, submit
from tests.service.day_one.test_checklists import (
    REASON,
    finish,
    link_of_desk,
    listed,
    move,
    placed,
    send,
    tasks,
)
from tests.service.day_one.test_digests import sweep
from tests.service.papers.offering import Scene

pytestmark = pytest.mark.anyio

BADGE = {"label": "Envoyer un badge d'accès", "owner": "it", "due": -2, "is_gate": True, "asks_proof": True}


@pytest.fixture
def settings(sqlite_settings: Any) -> Any:
    """One database is enough here: these tasks are rows of a table that is tried on both."""
    return sqlite_settings.model_copy(update={"session_hours": 24 * 30})


async def added(app: Any, bearer: str, scene: Scene, **changes: Any) -> Any:
    return await send(
        app, bearer, f"/applications/{scene.application_id}/onboarding/tasks", **{**BADGE, **changes}
    )


async def edited(app: Any, bearer: str, task: dict[str, Any], **changes: Any) -> Any:
    headers = {"If-Match": f'"v{task["version"]}"'}
    async with api(app, bearer) as client:
        return await client.put(f"/onboarding/tasks/{task['id']}", json={**BADGE, **changes}, headers=headers)


async def texts_to(app: Any, reader: str) -> list[str]:
    async with app.state.database.transaction(write=False) as session:
        return list(await session.scalars(select(Mail.body_text).where(Mail.recipient.startswith(reader))))


async def test_a_task_of_ones_own_is_counted_told_and_settled_like_any_other(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    made = await added(app, scene.recruiter, scene)
    assert made.status_code == 201, made.text
    task = made.json()
    assert (task["due_on"], task["proof"], task["is_one_off"]) == ("2026-12-03", "receipt", True)
    async with api(app, scene.recruiter) as client:
        told = (await client.get(f"/candidates/{scene.candidate_id}/readiness")).json()
        (line,) = (await client.get("/onboarding")).json()["items"]
    missing = {one["subject"]: one for one in told["missing"]}
    assert (missing[task["slug"]]["who"], missing[task["slug"]]["gate"]) == ("it", True)
    assert task["slug"] in {one["task"] for one in line["blocking"]}
    token = await link_of_desk(app, clock, DeskKind.IT)
    assert await sweep(app, datetime(2026, 12, 1, 8, tzinfo=UTC)) > 0
    assert any("Envoyer un badge d'accès" in text for text in await texts_to(app, "x@"))
    async with browser(app) as desk:
        assert "Envoyer un badge" in (await desk.get(f"/desk/{token}")).text
        assert (await submit(desk, f"/desk/{token}/tasks/{task['id']}", {"note": ""})).status_code == 422
        assert (
            await submit(desk, f"/desk/{token}/tasks/{task['id']}", {"note": "Badge 7"})
        ).status_code == 303
    assert (await edited(app, scene.recruiter, {**task, "version": 2})).status_code == 409
    reopened = await send(app, scene.recruiter, f"/onboarding/tasks/{task['id']}/reopening", why=REASON)
    stale = await edited(app, scene.recruiter, task, label="Envoyer deux badges")
    assert stale.status_code == 412
    worded = await edited(app, scene.recruiter, reopened.json(), label="Envoyer deux badges", due=-1)
    assert (worded.json()["title"]["fr"], worded.json()["due_on"]) == ("Envoyer deux badges", "2026-12-04")
    fixed = (await added(app, scene.recruiter, scene, due=None, on="2026-12-01", is_gate=False)).json()
    after = {one["id"]: one for one in (await move(app, scene, "2026-12-28")).json()["tasks"]}
    assert (after[task["id"]]["due_on"], after[fixed["id"]]["due_on"]) == ("2026-12-24", "2026-12-01")
    aside = await send(app, scene.recruiter, f"/onboarding/tasks/{task['id']}/setting-aside", why=REASON)
    assert aside.json()["state"] == "set_aside"
    history = (await listed(app, scene.recruiter, scene))[0]["history"]
    assert {"task_added", "task_edited", "set_aside"} <= {one["kind"] for one in history}


async def test_each_asks_of_those_whose_tasks_they_settle_and_says_one_plain_day(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    trainer = await bearer_of_staff(app, clock, Role.TRAINER)

    async def pointers(bearer: str, **changes: Any) -> list[str]:
        answer = await added(app, bearer, scene, **changes)
        assert answer.status_code == 422, answer.text
        return [one["pointer"] for one in answer.json()["errors"]]

    assert await pointers(trainer) == ["/owner"]
    assert await pointers(scene.recruiter, on="2026-12-01") == ["/due"]
    assert await pointers(scene.recruiter, due=None) == ["/due"]
    assert await pointers(scene.recruiter, due=500) == ["/due"]
    assert await pointers(scene.recruiter, due=3) == ["/due"]
    assert await pointers(scene.recruiter, label="<b>Badge</b>") == ["/label"]
    assert (await added(app, scene.candidate, scene)).status_code in (403, 404)
    own = (await added(app, trainer, scene, owner="trainer", asks_proof=False)).json()
    asked = (await added(app, scene.recruiter, scene, owner="candidate", label="Envoyer le RIB")).json()
    assert asked["proof"] == "file"
    assert (await edited(app, trainer, asked)).status_code == 403
    template = (await tasks(app, scene))["test-call"]
    assert (await edited(app, scene.recruiter, template)).status_code == 409
    assert (await finish(app, trainer, own)).status_code == 200
    here = f"/applications/{scene.application_id}/onboarding"
    async with browser(app, scene.candidate) as person:
        assert "Envoyer le RIB" in (await person.get("/me/tasks")).text
        assert "Votre fichier" in (await person.get(f"/me/tasks/{asked['id']}")).text
    async with browser(app, trainer) as client:
        assert 'value="payroll"' not in (await client.get(f"{here}/added-tasks")).text
        assert (await client.get(f"{here}/added-tasks/{asked['id']}")).status_code == 404
    async with browser(app, scene.recruiter) as client:
        typed = {"label": "Prêter un écran", "owner": "it", "when": "before", "days": "mardi"}
        slip = await submit(client, f"{here}/added-tasks", typed)
        assert (slip.status_code, 'value="mardi"' in slip.text) == (422, True)
        kept = await submit(client, f"{here}/added-tasks", {**typed, "when": "on", "on": "2026-12-02"})
        assert kept.status_code == 303
        assert 'value="Envoyer le RIB"' in (await client.get(f"{here}/added-tasks/{asked['id']}")).text
        words = {**typed, "label": "Envoyer le RIB signé", "owner": "candidate", "days": "3", "version": "1"}
        assert (await submit(client, f"{here}/added-tasks/{asked['id']}", words)).status_code == 303
        stale = await submit(client, f"{here}/added-tasks/{asked['id']}", words)
        assert (stale.status_code, "entre-temps" in stale.text) == (422, True)
        page = (await client.get(here)).text
        assert "Prêter un écran" in page
        assert "Envoyer le RIB signé" in page
