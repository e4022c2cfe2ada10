"""Live classes planned, moved, led by somebody else, cancelled and listed: hours that exist, calendars that follow."""

from typing import Any
from uuid import UUID

import pytest

from service.runtime.vocabulary import Role
from service.tables.applications import Application
from service.tables.people import StaffProgramme
from tests.conftest import FixedClock
from tests.service.callers import add_staff, as_staff, client_of, session_of
from tests.service.cast import add_programme
from tests.service.classes.classes import ONE_DATABASE, event_of, letters, on_the_day, plan
from tests.service.learning.test_assignments import cohort_with, people

pytestmark = pytest.mark.anyio


@ONE_DATABASE
async def test_an_hour_that_does_not_exist_is_refused_and_one_that_comes_twice_is_asked(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    gap = await plan(trainer, day="2027-03-28", starts="02:30", ends="05:00")
    assert gap.status_code == 422
    fault = gap.json()["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/starts", "gap")
    assert "02:30 does not exist that day" in fault["detail"]
    twice = {"day": "2027-10-31", "starts": "02:30", "ends": "05:00"}
    assert (await plan(trainer, **twice)).json()["errors"][0]["code"] == "fold"
    first = await plan(trainer, **twice, second_time=False)
    second = await plan(trainer, **twice, second_time=True, title="Encore")
    assert first.json()["starts_at"] == "2027-10-31T00:30:00Z"
    assert second.json()["starts_at"] == "2027-10-31T01:30:00Z"


@ONE_DATABASE
async def test_every_fault_of_a_plan_is_told_at_once(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    nobody = "0b0d6f5e-0c0e-4a8e-9a53-2f6f8d1e9f00"
    refused = await plan(
        trainer, link="javascript:alert(1)", cohort_id=nobody, trainer_id=nobody, path="first-calls",
        module="nowhere", zone="Mars/Olympus", title="x" * 160,
    )  # fmt: skip
    pointers = {fault["pointer"] for fault in refused.json()["errors"]}
    assert pointers == {"/link", "/cohort_id", "/trainer_id", "/module", "/zone"}
    assert (await plan(trainer, link="")).json()["errors"][0]["pointer"] == "/place"


async def test_a_class_that_moves_or_is_cancelled_takes_calendars_with_it(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    cohort = await cohort_with(trainer, await people(app, clock, 1))
    made = await plan(trainer, cohort_id=cohort)
    at = made.headers["location"]
    assert (await trainer.patch(at, json={"starts": "10:00"})).status_code == 428
    clock.move(minutes=1)
    moved = await trainer.patch(at, json={"starts": "10:00"}, headers={"If-Match": made.headers["etag"]})
    assert moved.status_code == 200, moved.text
    same = await trainer.patch(at, json={"seats": 5}, headers={"If-Match": moved.headers["etag"]})
    assert same.json()["sequence"] == 1, "what no calendar shows tells no calendar"
    clock.move(minutes=1)
    gone = await trainer.post(
        f"{at}/cancellation", json={"reason": "La salle est fermée."}, headers={"If-Match": "*"}
    )
    assert gone.status_code == 200
    told = [event_of(one) for one in await letters(app, "p0@example.com")]
    assert [int(one["sequence"]) for one in told] == [0, 1, 2]
    assert len({one["uid"] for one in told}) == 1
    assert [str(one["status"]) for one in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert told[1]["dtstart"].dt.hour == 10
    again = await trainer.post(f"{at}/cancellation", json={"reason": "Encore"}, headers={"If-Match": "*"})
    assert (again.status_code, again.json()["type"].rsplit("/", 1)[-1]) == (409, "class-cancelled")


@ONE_DATABASE
async def test_one_trainer_takes_over_everything_that_does_not_clash(app: Any, clock: FixedClock) -> None:
    away = await add_staff(app, clock, Role.TRAINER, email="away@example.com", name="Nour Petit")
    here = await add_staff(app, clock, Role.TRAINER, email="here@example.com", name="Sam Leroy")
    trainer = client_of(app, await session_of(app, clock, staff_id=away))
    member = await people(app, clock, 1)
    cohort = await cohort_with(trainer, member)
    first = await plan(trainer, trainer_id=str(away), cohort_id=cohort)
    clash = await plan(trainer, trainer_id=str(away), day="2026-12-02", cohort_id=cohort)
    await plan(trainer, trainer_id=str(here), day="2026-12-02", starts="11:00", title="Ailleurs")
    done = await trainer.post(
        "/api/v1/classes/handover",
        json={"from_id": str(away), "to_id": str(here), "reason": "En congé cette semaine."},
    )
    assert done.json() == {"handed_over": [first.json()["id"]], "busy": [clash.json()["id"]]}
    shown = (await trainer.get(first.headers["location"])).json()
    assert (shown["trainer"], shown["first_trainer"]) == ("Sam Leroy", "Nour Petit")
    assert "CANCEL" not in {one.calendar_method for one in await letters(app, "p0@example.com")}
    assert "Sam Leroy" in (await letters(app, "p0@example.com"))[-1].body_text
    assert [one.calendar_method for one in await letters(app, "here@example.com")] == ["REQUEST", "REQUEST"]


@ONE_DATABASE
async def test_classes_are_listed_in_order_page_by_page_in_as_many_queries_for_three_as_for_one(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    for number in range(3):
        await plan(trainer, title=f"Séance {number}", day=f"2026-12-0{3 - number}")
    first = await trainer.get("/api/v1/classes", params={"limit": 2})
    second = await trainer.get(first.links["next"]["url"])
    titles = [row["title"] for page in (first, second) for row in page.json()["items"]]
    assert titles == ["Séance 2", "Séance 1", "Séance 0"]
    on_the_day(clock, 20)
    clock.move(days=8)
    trainer = await as_staff(app, clock, Role.TRAINER, email="later@example.com")
    past = await trainer.get("/api/v1/classes", params={"past": True, "limit": 2})
    assert [row["title"] for row in past.json()["items"]] == ["Séance 0", "Séance 1"]


async def test_classes_at_the_same_time_are_told_by_name_and_hour_and_nothing_is_refused(
    app: Any, clock: FixedClock
) -> None:
    staff = await add_staff(app, clock, Role.TRAINER, email="nour@example.com", name="Nour Petit")
    trainer = client_of(app, await session_of(app, clock, staff_id=staff))
    one, two = await people(app, clock, 2)
    first = await plan(trainer, title="Écouter", cohort_id=await cohort_with(trainer, [one]), ends="10:30")
    assert first.json()["overlaps"] == []
    after = await plan(
        trainer,
        title="Juste après",
        starts="10:30",
        ends="12:00",
        cohort_id=await cohort_with(trainer, [one]),
    )
    assert after.json()["overlaps"] == [], "one may end when the other begins"
    second = await plan(trainer, starts="10:00", ends="11:00", zone="Europe/Paris", trainer_id=str(staff))
    enrolled = await trainer.post(f"{second.headers['location']}/seats", json={"candidates": [one, two]})
    told = enrolled.json()["overlaps"]
    assert [(one["title"], one["people"]) for one in told] == [
        ("Écouter", ["Personne0"]), ("Juste après", ["Personne0"]),
    ]  # fmt: skip
    joint = await plan(trainer, title="Deux groupes", trainer_id=str(staff), starts="10:45", ends="11:30")
    assert joint.status_code == 201, "one trainer may hold two groups together"
    assert [(one["title"], one["has_same_trainer"]) for one in joint.json()["overlaps"]] == [
        ("Premier appel, ensemble", True)
    ]
    away = {"If-Match": "*"}
    moved = await trainer.patch(second.headers["location"], json={"day": "2026-12-02"}, headers=away)
    assert moved.json()["overlaps"] == []
    back = await trainer.patch(second.headers["location"], json={"day": "2026-12-01"}, headers=away)
    assert len(back.json()["overlaps"]) == 3


async def test_of_a_class_beyond_ones_reach_only_the_hours_are_told(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    trainer = await as_staff(app, clock, Role.TRAINER)
    mine, theirs = await people(app, clock, 2)
    await plan(trainer, title="Ailleurs", cohort_id=await cohort_with(trainer, [mine, theirs]))
    near = await add_staff(app, clock, Role.TRAINER, email="near@example.com", sees_all_programmes=False)
    async with app.state.database.transaction() as session:
        session.add(
            Application(
                candidate_id=UUID(mine), programme_id=programme, created_at=clock(), stage_since=clock()
            )
        )
        session.add(StaffProgramme(staff_id=near, programme_id=programme))
    held = await plan(trainer, title="Ici", trainer_id=str(near), ends="12:00")
    await trainer.post(f"{held.headers['location']}/seats", json={"candidates": [mine, theirs]})
    adviser = client_of(app, await session_of(app, clock, staff_id=near))
    (told,) = (await adviser.get(held.headers["location"])).json()["overlaps"]
    assert (told["class_id"], told["title"], told["people"]) == (None, "", ["Personne0"])
    assert told["starts_at"] == "2026-12-01T08:00:00Z"
    (seen,) = (await trainer.get(held.headers["location"])).json()["overlaps"]
    assert (seen["title"], seen["people"]) == ("Ailleurs", ["Personne0", "Personne1"])
