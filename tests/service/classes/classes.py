"""What tests of live classes share: planning one, its day, its letters and its list."""

from collections.abc import Sequence
from typing import Any

import httpx
import icalendar
import pytest
from sqlalchemy import select
from sqlmodel import col

from service.flows.paths import path_shelf
from service.tables.authoring import TrainingEdition
from service.tables.trail import Mail
from tests.conftest import FixedClock

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
