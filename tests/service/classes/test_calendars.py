"""A calendar feed under a secret address."""

from typing import Any
from uuid import UUID

import icalendar
import pytest

from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.callers import as_candidate, as_staff, client_of
from tests.service.classes.classes import plan
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
