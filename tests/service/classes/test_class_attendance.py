"""Half-days of a class: noted by the trainer, signed by everybody for themselves alone."""

from typing import Any
from uuid import UUID

import pytest

from onboarding.classes import Half
from service.flows.classes import class_sheets
from service.flows.classes.class_sheets import fingerprint_of
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.callers import add_staff, as_candidate, as_staff
from tests.service.classes.classes import ONE_DATABASE, live_path, on_the_day, plan, seats
from tests.service.learning.test_assignments import cohort_with, give, people

pytestmark = pytest.mark.anyio


async def test_a_day_is_noted_signed_by_everybody_and_then_counts_for_the_module(
    app: Any, clock: FixedClock
) -> None:
    on_the_day(clock, 6)
    path, module = await live_path(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER, name="Nour Petit")
    present, late, absent = members = await people(app, clock, 3)
    cohort = await cohort_with(trainer, members)
    assert (await give(trainer, cohort_id=cohort, path=path)).status_code == 201
    made = await plan(trainer, cohort_id=cohort, path=path, module=module)
    assert made.status_code == 201, made.text
    at, class_id = made.headers["location"], made.json()["id"]
    learner = await as_candidate(app, clock, UUID(present))
    mine = f"/api/v1/me/classes/{class_id}/signatures"
    early = await learner.post(f"{mine}/morning", json={"name": "Personne0"})
    assert (early.status_code, early.json()["type"].rsplit("/", 1)[-1]) == (409, "sign-too-early")
    on_the_day(clock, 7, 50)
    signed = await learner.post(f"{mine}/morning", json={"name": " Personne  Zéro "})
    assert signed.status_code == 200, signed.text
    assert signed.json()["name"] == "Personne Zéro"
    twice = await learner.post(f"{mine}/morning", json={"name": "Quelqu'un d'autre"})
    assert twice.json() == signed.json(), "a signature is given once"
    moved = await trainer.patch(at, json={"starts": "10:00"}, headers={"If-Match": "*"})
    assert (moved.status_code, moved.json()["type"].rsplit("/", 1)[-1]) == (409, "class-signed")
    on_the_day(clock, 16)
    for half in ("morning", "afternoon"):
        refused = await trainer.post(f"{at}/attendance/{half}/signature", json={"name": "Nour Petit"})
        assert refused.status_code == 422, "nobody was noted yet"
        marks = [
            {"candidate_id": present, "presence": "present"},
            {"candidate_id": late, "presence": "late", "missed_minutes": 30, "reason": "technical"},
            {"candidate_id": absent, "presence": "absent", "reason": "told_before"},
        ]
        noted = await trainer.put(f"{at}/attendance/{half}", json={"marks": marks}, headers={"If-Match": "*"})
        assert noted.status_code == 200, noted.text
        done = await trainer.post(f"{at}/attendance/{half}/signature", json={"name": "Nour Petit"})
        assert done.status_code == 200, done.text
    again = await trainer.put(f"{at}/attendance/morning", json={"marks": marks}, headers={"If-Match": "*"})
    assert again.json()["type"].rsplit("/", 1)[-1] == "half-day-signed"
    sheet = (await trainer.get(f"{at}/attendance")).json()
    assert sheet["is_concluded"]
    assert [(one["minutes"], one["is_attended"]) for one in sheet["lines"]] == [
        (480, True),
        (420, True),
        (0, False),
    ]
    listed = (await trainer.get("/api/v1/assignments", params={"cohort": cohort})).json()["items"]
    assert {one["candidate_id"]: one["percent"] for one in listed} == {present: 100, late: 100, absent: 0}
    gone = await as_candidate(app, clock, UUID(absent))
    assert (await gone.post(f"{mine}/morning", json={"name": "Personne2"})).json()["type"].rsplit("/", 1)[
        -1
    ] == "noted-absent"
    async with app.state.database.transaction(write=False) as session:
        (kept,) = await class_sheets.sheets_of(session, SYSTEM, UUID(present), editions=app.state.editions)
        signature = kept.lines[0].signature_for(Half.MORNING)
        assert signature is not None
        assert signature.fingerprint == fingerprint_of(kept.held, kept.half_days[0], signature)
        other = signature.model_copy(update={"name": "Quelqu'un d'autre"})
        assert signature.fingerprint != fingerprint_of(kept.held, kept.half_days[0], other)


@ONE_DATABASE
async def test_faults_of_an_attendance_name_the_person_and_nothing_is_kept(
    app: Any, clock: FixedClock
) -> None:
    on_the_day(clock, 6)
    trainer = await as_staff(app, clock, Role.TRAINER)
    one, two = await people(app, clock, 2)
    made = await plan(trainer, cohort_id=await cohort_with(trainer, [one]))
    at = f"{made.headers['location']}/attendance"
    marks = [{"candidate_id": one, "presence": "present"}]
    before = await trainer.put(f"{at}/morning", json={"marks": marks}, headers={"If-Match": "*"})
    assert before.json()["type"].rsplit("/", 1)[-1] == "class-not-begun"
    on_the_day(clock, 9)
    wrong = [
        {"candidate_id": one, "presence": "late", "missed_minutes": 0, "reason": "flu"},
        {"candidate_id": two, "presence": "present"},
    ]
    refused = await trainer.put(f"{at}/morning", json={"marks": wrong}, headers={"If-Match": "*"})
    assert {fault["pointer"] for fault in refused.json()["errors"]} == {
        f"/marks/{one}/missed_minutes", f"/marks/{one}/reason", f"/marks/{two}",
    }  # fmt: skip
    assert (await trainer.get(at)).json()["lines"][0]["noted"] == []
    assert (
        await trainer.put(f"{at}/evening", json={"marks": marks}, headers={"If-Match": "*"})
    ).status_code == 404


async def test_nobody_signs_for_somebody_else_and_no_token_signs(app: Any, clock: FixedClock) -> None:
    on_the_day(clock, 6)
    trainer = await as_staff(app, clock, Role.TRAINER)
    one, two = await people(app, clock, 2)
    made = await plan(trainer, cohort_id=await cohort_with(trainer, [one]))
    on_the_day(clock, 9)
    stranger = await as_candidate(app, clock, UUID(two))
    mine = f"/api/v1/me/classes/{made.json()['id']}"
    for answer in (
        await stranger.post(f"{mine}/signatures/morning", json={"name": "Personne0"}),
        await stranger.delete(f"{mine}/seat"),
        await stranger.post(f"{mine}/seat"),
    ):
        assert answer.status_code == 404
    refused = await trainer.post(f"{mine}/signatures/morning", json={"name": "Personne0"})
    assert refused.status_code == 403


@ONE_DATABASE
async def test_a_learner_who_signs_early_fixes_the_hours_alone_and_the_trainer_who_signs_the_list(
    app: Any, clock: FixedClock
) -> None:
    on_the_day(clock, 6)
    sam = await add_staff(app, clock, Role.TRAINER, email="sam@example.com", name="Sam Leroy")
    trainer = await as_staff(app, clock, Role.TRAINER, name="Nour Petit")
    one, two = await people(app, clock, 2)
    cohort = await cohort_with(trainer, [one])
    held, dropped = [await plan(trainer, cohort_id=cohort, title=title) for title in ("Tenue", "Annulée")]
    at, anyhow = held.headers["location"], {"If-Match": "*"}
    on_the_day(clock, 7, 50)
    learner = await as_candidate(app, clock, UUID(one))
    for made in (held, dropped):
        mine = f"/api/v1/me/classes/{made.json()['id']}/signatures/morning"
        assert (await learner.post(mine, json={"name": "Personne Zéro"})).status_code == 200
    link = await trainer.patch(at, json={"link": "https://visio.example/autre"}, headers=anyhow)
    assert link.status_code == 200, "a link breaks when everybody is there"
    away = {"trainer_id": str(sam), "reason": "Empêchée ce matin."}
    assert (await trainer.post(f"{at}/trainer", json=away, headers=anyhow)).status_code == 200
    moved = await trainer.patch(at, json={"ends": "16:00"}, headers=anyhow)
    assert (moved.status_code, (await trainer.get(at)).json()["ends_at"]) == (409, "2026-12-01T16:00:00Z")
    why = {"reason": "La formatrice est empêchée."}
    gone = await trainer.post(f"{dropped.headers['location']}/cancellation", json=why, headers=anyhow)
    assert gone.status_code == 200, "before it begins"
    left = await trainer.delete(f"/api/v1/cohorts/{cohort}/members/{one}", headers=anyhow)
    assert left.status_code == 204, "somebody who signed may leave the group"
    assert await seats(trainer, at) == {"Personne0": "taken"}
    on_the_day(clock, 12)
    assert (await trainer.post(f"{at}/cancellation", json=why, headers=anyhow)).status_code == 409
    marks = {"marks": [{"candidate_id": one, "presence": "absent", "reason": "technical"}]}
    await trainer.put(f"{at}/attendance/morning", json=marks, headers=anyhow)
    await trainer.post(f"{at}/attendance/morning/signature", json={"name": "Sam Leroy"})
    for refused in (
        await trainer.post(f"{at}/seats", json={"candidates": [two]}),
        await trainer.delete(f"{at}/seats/{one}"),
        await trainer.patch(at, json={"link": "https://visio.example/encore"}, headers=anyhow),
    ):
        assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (409, "class-signed")
