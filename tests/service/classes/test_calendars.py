"""A calendar feed under a secret address."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import icalendar
import pytest
from sqlalchemy import update
from sqlmodel import col

from service.runtime.vocabulary import Locale, Role
from service.tables.people import Staff
from tests.conftest import FixedClock
from tests.service.callers import add_staff, as_candidate, as_staff, client_of, session_of
from tests.service.classes.classes import ONE_DATABASE, plan
from tests.service.learning.test_assignments import cohort_with, people

pytestmark = pytest.mark.anyio


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
async def test_a_feed_speaks_its_reader_s_language_and_the_hour_after_a_change_of_clocks_is_in_utc(
    app: Any, clock: FixedClock
) -> None:
    staff = await add_staff(app, clock, Role.TRAINER, email="nour@example.com", name="Nour Petit")
    async with app.state.database.transaction() as session:
        await session.execute(update(Staff).where(col(Staff.id) == staff).values(locale=Locale.EN))
    trainer = client_of(app, await session_of(app, clock, staff_id=staff))
    cohort = await cohort_with(trainer, await people(app, clock, 1))
    night = {"day": "2027-03-28", "starts": "03:30", "ends": "05:30"}
    assert (await plan(trainer, cohort_id=cohort, trainer_id=str(staff), **night)).status_code == 201
    feed = (await trainer.post("/api/v1/me/calendar-feed")).json()["url"]
    read = await client_of(app).get(feed.removeprefix("http://homeshore.test"))
    (event,) = icalendar.Calendar.from_ical(read.text).walk("VEVENT")
    assert event["dtstart"].dt == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert "\r\nDTSTART:20270328T013000Z\r\n" in read.text
    assert event["description"].startswith("1 person\nLed by Nour Petit\nEverything is here: http")
    assert max(len(line.encode()) for line in read.text.split("\r\n")) <= 75
