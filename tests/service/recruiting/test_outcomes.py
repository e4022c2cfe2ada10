"""Outcomes are noted of hired people only, read by those who may, and never overwritten."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from service.runtime.vocabulary import Role, Stage
from service.tables.applications import Application
from service.tables.outcomes import Outcome
from service.tables.trail import AuditEntry
from tests.conftest import NOON, FixedClock
from tests.service.cast import (
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
    submit,
)

pytestmark = pytest.mark.anyio

SEEN: dict[str, Any] = {
    "days": 90, "measure": "autonomy_at_work", "value": 4, "recorded_on": "2026-11-20", "note": "Demande à temps."
}  # fmt: skip


async def hired(app: Any, clock: FixedClock, *, stage: Stage = Stage.HIRED) -> tuple[UUID, UUID]:
    candidate, programme = await add_candidate(app, clock), await add_programme(app, clock)
    async with app.state.database.transaction() as session:
        row = Application(
            candidate_id=candidate, programme_id=programme, stage=stage, stage_since=NOON, created_at=NOON
        )
        session.add(row)
    return candidate, row.id


async def test_an_outcome_is_noted_and_kept_beside_the_earlier_ones(app: Any, clock: FixedClock) -> None:
    candidate, application = await hired(app, clock)
    async with api(app, await bearer_of_staff(app, clock, Role.SUPERVISOR)) as client:
        first = await client.post(f"/candidates/{candidate}/outcomes", json=SEEN)
        assert first.status_code == 201, first.text
        assert first.json()["application_id"] == str(application)
        clock.move(minutes=1)
        await client.post(f"/candidates/{candidate}/outcomes", json={**SEEN, "value": 5})
        listed = (await client.get(f"/candidates/{candidate}/outcomes")).json()["items"]
    assert [one["value"] for one in listed] == [5, 4]
    assert listed[0]["staff_name"] == "Ada supervisor"
    async with app.state.database.transaction() as session:
        noted = await session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == str(candidate))
        )
        assert sorted(noted) == ["candidate.create", "outcome.record", "outcome.record", "outcomes.read"]


async def test_the_same_key_notes_it_once(app: Any, clock: FixedClock) -> None:
    candidate, _ = await hired(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        for _ in range(2):
            again = await client.post(
                f"/candidates/{candidate}/outcomes", json=SEEN, headers={"Idempotency-Key": "one"}
            )
            assert again.status_code == 201
    async with app.state.database.transaction() as session:
        assert len(list(await session.scalars(select(Outcome)))) == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"days": 45}, "/days"),
        ({"value": 6}, "/value"),
        ({"measure": "in_post", "value": 2}, "/value"),
        ({"recorded_on": "2026-11-25"}, "/recorded_on"),
    ],
)
async def test_what_does_not_fit_is_named(
    app: Any, clock: FixedClock, change: dict[str, Any], pointer: str
) -> None:
    candidate, _ = await hired(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        answer = await client.post(f"/candidates/{candidate}/outcomes", json={**SEEN, **change})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("change", [{"value": 4.5}, {"value": True}, {"measure": "mood"}, {"more": 1}])
async def test_a_body_that_is_none_is_malformed(app: Any, clock: FixedClock, change: dict[str, Any]) -> None:
    candidate, _ = await hired(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        answer = await client.post(f"/candidates/{candidate}/outcomes", json={**SEEN, **change})
    assert answer.status_code == 400


async def test_nothing_is_noted_of_somebody_who_was_not_hired(app: Any, clock: FixedClock) -> None:
    candidate, application = await hired(app, clock, stage=Stage.INTERVIEW)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        answer = await client.post(f"/candidates/{candidate}/outcomes", json=SEEN)
        assert answer.status_code == 422
        named = {**SEEN, "application_id": str(application)}
        assert (await client.post(f"/candidates/{candidate}/outcomes", json=named)).status_code == 404


async def test_the_person_reads_what_was_noted_and_nobody_elses(app: Any, clock: FixedClock) -> None:
    candidate, _ = await hired(app, clock)
    other, _ = await hired(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        await client.post(f"/candidates/{candidate}/outcomes", json=SEEN)
    async with api(app, await bearer_of_candidate(app, clock, candidate)) as client:
        assert len((await client.get(f"/candidates/{candidate}/outcomes")).json()["items"]) == 1
        assert (await client.get(f"/candidates/{other}/outcomes")).status_code == 404
        assert (await client.post(f"/candidates/{candidate}/outcomes", json=SEEN)).status_code == 403


async def test_the_page_notes_it_and_keeps_what_was_typed_when_it_does_not_fit(
    app: Any, clock: FixedClock
) -> None:
    candidate, _ = await hired(app, clock)
    path = f"/candidates/{candidate}/outcomes"
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        assert "Rien n'est encore noté".replace("'", "&#39;") in (await client.get(path)).text
        wrong = {
            "days": "90",
            "measure": "autonomy_at_work",
            "value": "9",
            "recorded_on": "2026-11-20",
            "note": "Calme.",
        }
        answer = await submit(client, path, wrong)
        assert answer.status_code == 422
        assert "hors des bornes" in answer.text
        assert "Calme." in answer.text
        for field, value in (("days", "x"), ("measure", "mood"), ("value", "1,5"), ("recorded_on", "hier")):
            answer = await submit(client, path, {**wrong, "value": "4", field: value})
            assert answer.status_code == 422
            assert f'id="{field}-error"' in answer.text
        assert (await submit(client, path, {**wrong, "value": "4"})).status_code == 303
        page = (await client.get(path)).text
        assert "Autonomie au travail" in page
        assert "Calme." in page
        assert f'href="{path}"' in (await client.get(f"/candidates/{candidate}")).text
    async with browser(app, await bearer_of_staff(app, clock, Role.APPROVER)) as client:
        page = (await client.get(path)).text
        assert "Autonomie au travail" in page
        assert '<form method="post" action="/candidates' not in page
