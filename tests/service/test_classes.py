"""Live classes: seats and those who wait, hours that exist, calendars that follow, half-days signed for."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import icalendar
import pytest
from sqlalchemy import select
from sqlmodel import col

from onboarding.classes import Half
from service.flows import class_sheets, path_shelf
from service.flows.class_sheets import fingerprint_of
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role
from service.tables.authoring import TrainingEdition
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.callers import add_staff, as_candidate, as_staff, client_of, session_of
from tests.service.test_assignments import cohort_with, give, people

pytestmark = pytest.mark.anyio

ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""For what no database does otherwise than another."""

PLAN: dict[str, Any] = {
    "title": "Premier appel, ensemble", "day": "2026-12-01", "starts": "09:00", "ends": "17:00",
    "link": "https://visio.example/salle-4",
}  # fmt: skip


async def plan(trainer: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await trainer.post("/api/v1/classes", json={**PLAN, **changes})


def on_the_day(clock: FixedClock, hour: int, minute: int = 0) -> None:
    """Set the clock to the day of the class, in UTC: it begins at 08:00."""
    clock.now = clock.now.replace(month=12, day=1, hour=hour, minute=minute)


async def letters(app: Any, to: str) -> Sequence[Mail]:
    async with app.state.database.transaction(write=False) as session:
        query = (
            select(Mail).where(col(Mail.recipient) == to).order_by(col(Mail.created_at), col(Mail.subject))
        )
        return list(await session.scalars(query))


def event_of(letter: Mail) -> Any:
    calendar = icalendar.Calendar.from_ical(letter.calendar)
    assert calendar["method"] == letter.calendar_method
    return calendar.walk("VEVENT")[0]


async def seats(trainer: httpx.AsyncClient, at: str) -> dict[str, str]:
    shown = (await trainer.get(at)).json()
    return {one["person"]: one["seat"] for one in shown["people"]}


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
    busy = await plan(trainer, trainer_id=str(here), day="2026-12-02", title="Encore")
    assert busy.json()["errors"][0]["pointer"] == "/trainer_id"
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


async def live_path(app: Any, clock: FixedClock) -> tuple[str, str]:
    """A published path whose first module asks for a class: its name, and the module's."""
    path = next(one for (slug, _), one in app.state.editions.paths.items() if slug == "first-calls")
    asked = {
        **path.modules[0].model_dump(mode="json", by_alias=True),
        "quiz": [],
        "pages": [],
        "live": {"minutes": 60},
    }
    document = {
        **path_shelf.document_of(path), "slug": "with-a-class", "edition": "2026-11-20",
        "valid_from": "2026-11-20", "modules": [asked],
    }  # fmt: skip
    async with app.state.database.transaction() as session:
        session.add(
            TrainingEdition(
                path="with-a-class", edition="2026-11-20", document=document,
                published_at=clock(),
            )
        )  # fmt: skip
    return "with-a-class", str(asked["slug"])


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


async def test_a_feed_tells_its_holder_alone_until_it_is_revoked(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    one, two = await people(app, clock, 2)
    made = await plan(trainer, cohort_id=await cohort_with(trainer, [one, two]), zone="Indian/Reunion")
    learner = await as_candidate(app, clock, UUID(one))
    feed = (await learner.post("/api/v1/me/calendar-feed")).json()["url"]
    path = feed.removeprefix("http://homeshore.test")
    reader = client_of(app)
    read = await reader.get(path)
    assert read.headers["content-type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(read.text)
    (event,) = calendar.walk("VEVENT")
    assert event["uid"].startswith(made.json()["id"])
    assert event["dtstart"].dt.isoformat() == "2026-12-01T09:00:00+04:00"
    assert "Personne1" not in read.text
    clock.move(hours=3)
    kept = await reader.get(path, headers={"If-None-Match": read.headers["etag"]})
    assert kept.status_code == 304, "what did not change need not be read again"
    for wrong in ("/calendars/x.ics", path.removesuffix(".ics"), path[:-8] + "AAAA.ics"):
        assert (await reader.get(wrong)).status_code == 404
    renewed = (await learner.post("/api/v1/me/calendar-feed")).json()["url"]
    assert (await reader.get(path)).status_code == 404
    assert (await reader.get(renewed)).status_code == 200
    assert (await learner.delete("/api/v1/me/calendar-feed")).status_code == 204
    assert (await reader.get(renewed)).status_code == 404
    assert (await learner.get("/api/v1/me/calendar-feed")).json() == {"created_at": None}


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


@ONE_DATABASE
async def test_the_pages_plan_sign_and_show_a_month(app: Any, clock: FixedClock) -> None:
    from tests.service.callers import form_token, in_browser

    staff = await add_staff(app, clock, Role.TRAINER, email="nour@example.com", name="Nour Petit")
    trainer = client_of(app, await session_of(app, clock, staff_id=staff))
    (person,) = await people(app, clock, 1)
    cohort = await cohort_with(trainer, [person])
    pages = await in_browser(app, clock, staff_id=staff)
    form = {**form_token(pages), "title": "Écouter", "day": "2027-03-28", "starts": "02:30", "ends": "04:00",
            "zone": "Europe/Paris", "cohort": cohort, "place": "Salle 4"}  # fmt: skip
    refused = await pages.post("/classes/new", data=form)
    assert refused.status_code == 422
    assert "02:30 n&#39;existe pas ce jour-là" in refused.text.replace("\u00a0", " ")
    assert 'value="Écouter"' in refused.text
    sent = await pages.post(
        "/classes/new", data={**form, "day": "2026-12-01", "starts": "09:00", "ends": "12:00"}
    )
    assert sent.status_code == 303
    at = sent.headers["location"]
    month = await pages.get(f"/training/cohorts/{cohort}/calendar?month=2026-12")
    assert re.search(rf'<a href="{at}">Écouter</a>', month.text)
    learner = await in_browser(app, clock, candidate_id=UUID(person))
    own = f"/me{at}"
    assert "Votre prochaine séance" in (await learner.get("/me")).text
    feed = await learner.post("/calendar-feed", data=form_token(learner))
    assert re.search(r'value="http://homeshore.test/calendars/hsc_[^"]+\.ics"', feed.text)
    assert "Vous pourrez signer" in (await learner.get(own)).text
    on_the_day(clock, 10, 50)
    learner = await in_browser(app, clock, candidate_id=UUID(person))
    pages = await in_browser(app, clock, staff_id=staff)
    assert "À signer" in (await learner.get("/me/classes")).text.replace("\u00a0", " ")
    unsigned = await learner.post(f"{own}/signatures/morning", data={**form_token(learner), "name": " "})
    assert unsigned.status_code == 422
    await learner.post(f"{own}/signatures/morning", data={**form_token(learner), "name": "Personne Zéro"})
    assert "Personne Zéro" in (await learner.get(own)).text
    sheet = f"{at}/attendance"
    short = {**form_token(pages), f"presence-{person}": "late", f"missed-{person}": ""}
    assert (await pages.post(f"{sheet}/morning", data=short)).status_code == 422
    await pages.post(f"{sheet}/morning", data={**form_token(pages), f"presence-{person}": "present"})
    signed = await pages.post(f"{sheet}/morning/signature", data={**form_token(pages), "name": "Nour Petit"})
    assert signed.status_code == 303
    shown = await pages.get(sheet)
    assert "Signé par Nour Petit" in shown.text
    assert "Suivie" in shown.text
