"""People at work from home, written straight into the tables: a hired application and an accepted offer each."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from service.runtime.vocabulary import OfferState, Source, Stage
from service.tables.applications import Application
from service.tables.offers import Offer
from service.tables.people import Candidate
from tests.conftest import FixedClock
from tests.service.cast import add_programme

ALL_WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday"]


async def at_home(
    app: Any,
    clock: FixedClock,
    *numbers: str,
    names: Sequence[str] = (),
    programme: UUID | None = None,
    **terms: Any,
) -> tuple[UUID, ...]:
    """Hired people with these payroll numbers, five home days a week since January 2026 unless `terms` says else."""
    programme = programme or await add_programme(app, clock)
    called = {number: ("Agent", number) for number in numbers}
    for number, name in zip(numbers, names, strict=False):
        given, _, family = name.partition(" ")
        called[number] = (given, family)
    start = terms.pop("start_date", "2026-01-05")
    said = {"home_days": ALL_WEEK, "start_date": start, "job_title": "Conseillère", **terms}
    people = [(uuid4(), uuid4(), number) for number in numbers]
    async with app.state.database.transaction() as session:
        await session.execute(
            insert(Candidate),
            [
                {
                    "id": person, "external_id": number, "pseudonym": f"P-{number}",
                    "given_name": called[number][0],
                    "family_name": called[number][1], "email": "", "phone": "",
                    "folded_name": " ".join(called[number]).casefold(),
                    "folded_email": "", "folded_phone": "", "source": Source.ENTERED, "profile": {}, "locale": "fr",
                    "is_agent": True, "created_at": clock(), "updated_at": clock(), "version": 1,
                }
                for person, _, number in people
            ],
        )  # fmt: skip
        await session.execute(
            insert(Application),
            [
                {
                    "id": application, "candidate_id": person, "programme_id": programme, "stage": Stage.HIRED,
                    "stage_since": clock(), "created_at": clock(), "version": 1,
                }
                for person, application, _ in people
            ],
        )  # fmt: skip
        await session.execute(
            insert(Offer),
            [
                {
                    "id": uuid4(), "application_id": application, "candidate_id": person, "programme_id": programme,
                    "state": OfferState.ACCEPTED, "terms": said, "start_date": date.fromisoformat(start),
                    "answer_note": "", "confirmations": [], "created_at": clock(), "version": 1,
                }
                for person, application, _ in people
            ],
        )  # fmt: skip
    return tuple(person for person, _, _ in people)
