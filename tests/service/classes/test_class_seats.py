"""Seats of a class: taken, waited for, given up, handed on."""

from typing import Any
from uuid import UUID

import pytest

from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role
from service.store.classes import classes
from tests.conftest import FixedClock
from tests.service.callers import as_candidate, as_staff
from tests.service.classes.classes import ONE_DATABASE, event_of, letters, live_path, on_the_day, plan, seats
from tests.service.learning.test_assignments import cohort_with, give, people

pytestmark = pytest.mark.anyio


async def test_a_group_is_invited_the_rest_waits_and_moves_up(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    members = await people(app, clock, 3)
    made = await plan(trainer, cohort_id=await cohort_with(trainer, members), seats=2)
    assert made.status_code == 201, made.text
    at = made.headers["location"]
    assert sorted((await seats(trainer, at)).values()) == ["taken", "taken", "waiting"]
    (invited,) = await letters(app, "p0@example.com")
    assert "mardi 1er décembre 2026, 09:00 à 17:00 (heure de Paris)" in invited.subject
    told = event_of(invited)
    assert invited.calendar_method == "REQUEST"
    assert (told["dtstart"].dt.isoformat(), int(told["sequence"])) == ("2026-12-01T09:00:00+01:00", 0)
    assert "p1@example.com" not in invited.calendar
    assert (await letters(app, "p2@example.com"))[0].calendar == ""
    async with await as_candidate(app, clock, UUID(members[0])) as learner:
        clock.move(minutes=1)
        left = await learner.delete(f"/api/v1/me/classes/{made.json()['id']}/seat")
        assert left.status_code == 204, left.text
    after = await seats(trainer, at)
    assert [after[f"Personne{n}"] for n in range(3)] == ["left", "taken", "taken"]
    assert [one.calendar_method for one in await letters(app, "p0@example.com")] == ["REQUEST", "CANCEL"]
    assert [one.calendar_method for one in await letters(app, "p2@example.com")] == ["", "REQUEST"]


@ONE_DATABASE
async def test_a_learner_takes_a_seat_of_a_class_held_for_their_module(app: Any, clock: FixedClock) -> None:
    on_the_day(clock, 6)
    path, module = await live_path(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER)
    one, two, three = await people(app, clock, 3)
    for person in (one, two):
        assert (
            await give(trainer, candidate_id=person, start_date="2026-11-24", path=path)
        ).status_code == 201
    made = await plan(trainer, path=path, module=module, seats=1)
    mine = f"/api/v1/me/classes/{made.json()['id']}/seat"
    first, second, third = [await as_candidate(app, clock, UUID(person)) for person in (one, two, three)]
    assert [len((await who.get("/api/v1/me/classes")).json()["open"]) for who in (first, third)] == [1, 0]
    assert (await first.post(mine)).json()["seat"] == "taken"
    assert (await first.post(mine)).json()["seat"] == "taken", "asked twice, one seat"
    assert (await second.post(mine)).json()["seat"] == "waiting"
    assert (await third.post(mine)).status_code == 404
    on_the_day(clock, 9)
    late = await second.delete(mine)
    assert late.json()["type"].rsplit("/", 1)[-1] == "class-begun"


@ONE_DATABASE
async def test_a_group_has_no_more_people_than_seats_and_newcomers_are_invited(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    one, two, three = await people(app, clock, 3)
    made = await trainer.post("/api/v1/cohorts", json={"name": "A", "start_date": "2026-12-01", "seats": 2})
    at = made.headers["location"]
    held = await plan(trainer, cohort_id=made.json()["id"])
    anyhow = {"If-Match": "*"}
    full = await trainer.post(f"{at}/members", json={"candidates": [one, two, three]}, headers=anyhow)
    assert (full.status_code, full.json()["errors"][0]["code"]) == (422, "no-seat")
    await trainer.post(f"{at}/members", json={"candidates": [one, two]}, headers=anyhow)
    assert sorted((await seats(trainer, held.headers["location"])).values()) == ["taken", "taken"]
    assert (await trainer.patch(at, json={"seats": 1}, headers=anyhow)).status_code == 422
    assert (await trainer.patch(at, json={"seats": None}, headers=anyhow)).json()["seats"] is None
    clock.move(minutes=1)
    await trainer.delete(f"{at}/members/{one}", headers=anyhow)
    assert (await seats(trainer, held.headers["location"]))["Personne0"] == "left"
    assert [one.calendar_method for one in await letters(app, "p0@example.com")] == ["REQUEST", "CANCEL"]


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
async def test_a_class_cancelled_while_a_learner_reads_it_gives_no_seat(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    (one,) = await people(app, clock, 1)
    made = await plan(trainer, cohort_id=await cohort_with(trainer, [one]))
    class_id = made.json()["id"]
    async with app.state.database.transaction() as session:
        read = await classes.open_class_of(session, UUID(one), class_id)
        why = {"reason": "La salle est fermée."}
        at = f"{made.headers['location']}/cancellation"
        assert (await trainer.post(at, json=why, headers={"If-Match": "*"})).status_code == 200
        locked = await classes.class_row(session, SYSTEM, class_id, for_update=True)
        assert (read.is_cancelled, locked.cancelled_at is None) == (False, False)
