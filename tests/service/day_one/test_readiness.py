"""Readiness for day one, told from the whole file."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.runtime.vocabulary import DecisionOutcome, OfferState, Role, Stage
from service.tables.applications import Application, Decision
from service.tables.assessments import Response, Scorecard
from service.tables.offers import Offer
from service.tables.programmes import Programme
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_staff

pytestmark = pytest.mark.anyio


async def offered(app: Any, clock: FixedClock, person: UUID) -> None:
    """An accepted offer with both wills, after a person decided to hire."""
    async with app.state.database.transaction() as session:
        programme = Programme(
            title="Assurance", seats=3, weekly_hours=35, profile={"card_data": True},
            created_at=clock(), updated_at=clock(),
        )  # fmt: skip
        session.add(programme)
        application = Application(
            candidate_id=person, programme_id=programme.id, stage=Stage.HIRED, stage_since=clock(),
            created_at=clock(),
        )  # fmt: skip
        await session.flush()
        session.add(application)
        await session.flush()
        session.add(
            Decision(
                application_id=application.id,
                outcome=DecisionOutcome.HIRE,
                reason="Un bon échange.",
                decided_at=clock(),
            )
        )
        session.add(
            Offer(
                application_id=application.id,
                candidate_id=person,
                programme_id=programme.id,
                state=OfferState.ACCEPTED,
                terms={},
                start_date=clock().date().replace(month=12, day=7),
                employer_will_at=clock(),
                candidate_will_at=clock(),
                confirmations=[],
                created_at=clock(),
            )
        )


async def scored(app: Any, person: UUID, dimension: str, at: datetime) -> None:
    """One dimension with a scoring of that moment, from a response of its own."""
    async with app.state.database.transaction() as session:
        response = Response(
            candidate_id=person, instrument=dimension, edition="2026-11", answers={}, started_at=at, saved_at=at,
        )  # fmt: skip
        session.add(response)
        await session.flush()
        session.add(
            Scorecard(
                candidate_id=person, response_id=response.id, instrument=dimension, edition="2026-11",
                dimension=dimension, score=80, band="ready", result={}, scored_at=at,
            )
        )  # fmt: skip


async def test_without_an_offer_there_is_no_day_one_unless_one_is_asked_for(
    app: Any, clock: FixedClock
) -> None:
    recruiter = await as_staff(app, clock)
    address = f"/api/v1/candidates/{await add_candidate(app, clock)}/readiness"
    assert (await recruiter.get(address)).status_code == 409
    asked = await recruiter.get(address, params={"start_date": "2026-12-07"})
    assert asked.json()["is_ready"] is False
    assert (await recruiter.get(address, params={"start_date": "0001-01-01"})).status_code == 422


async def test_what_is_missing_says_who_acts_and_by_when(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock)
    await offered(app, clock, person)
    told = (await trainer.get(f"/api/v1/candidates/{person}/readiness")).json()
    assert (told["is_ready"], told["start_date"], told["days_left"]) == (False, "2026-12-07", 13)
    missing = {one["requirement"]: one for one in told["missing"]}
    assert "will-of-the-candidate" in told["in_place"]
    assert "will-of-the-employer" in told["in_place"]
    assert missing["homeworking-essentials"]["who"] == "candidate"
    assert "managed-computer" in missing
    assert missing["equipment-received"]["who"] == "it"
    assert missing["paths-finished"]["who"] == "trainer"
    assert not set(missing) & set(told["in_place"])
    assert all(one["what"]["fr"] and one["action"]["fr"] and one["source"] for one in missing.values())


async def test_a_person_out_of_reach_is_not_found(app: Any, clock: FixedClock) -> None:
    stranger = await as_staff(app, clock, Role.TRAINER, sees_all_programmes=False)
    person = await add_candidate(app, clock)
    assert (await stranger.get(f"/api/v1/candidates/{person}/readiness")).status_code == 404


async def test_a_path_assigned_and_not_begun_is_not_told_as_in_place(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock)
    await offered(app, clock, person)
    given = await trainer.post(
        "/api/v1/assignments",
        json={"path": "homeworking-essentials", "candidate_id": str(person), "start_date": "2026-11-30"},
        headers={"Idempotency-Key": "one"},
    )
    assert given.status_code == 201, given.text
    told = (await trainer.get(f"/api/v1/candidates/{person}/readiness")).json()
    assert "homeworking-essentials" in {one["requirement"] for one in told["missing"]}
    assert not {"homeworking-essentials", "paths-finished", "equipment-received"} & set(told["in_place"])


async def test_what_was_scored_after_the_hire_waits_for_a_person_again(app: Any, clock: FixedClock) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock)
    await offered(app, clock, person)
    await scored(app, person, "autonomy", clock() - timedelta(days=1))
    await scored(app, person, "environment", clock() + timedelta(days=1))
    told = (await trainer.get(f"/api/v1/candidates/{person}/readiness")).json()
    assert "autonomy-confirmed" in told["in_place"]
    assert "environment-confirmed" not in told["in_place"]
