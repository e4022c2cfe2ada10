"""Self-assessment through the API: begin, save, submit, score, screen, on both databases."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from assessments.questionnaires.instruments import Instrument
from service.runtime.editions import load_editions
from service.runtime.vocabulary import Role, Stage
from service.tables.applications import Application, StageChange
from service.tables.people import Candidate
from service.tables.trail import AuditEntry
from tests.assessments.answer_sets import extreme_value
from tests.conftest import NOON, FixedClock
from tests.service.callers import add_candidate, as_candidate, as_staff

pytestmark = pytest.mark.anyio

API = "/api/v1"
SLUGS = ("work-organisation", "home-workplace", "equipment-connection")


def best_answers(instrument: Instrument) -> dict[str, Any]:
    """A whole set of answers with full credit wherever an answer counts."""
    return {
        item.id: list(value) if isinstance(value, tuple) else value
        for item in instrument.items
        if item.is_scored and item.kind != "measurement"
        for value in (extreme_value(instrument, item, best=True),)
    }


def instrument_of(slug: str) -> Instrument:
    return next(one for one in load_editions().instruments_on(NOON.date()) if one.slug == slug)


async def begun(client: httpx.AsyncClient, slug: str) -> httpx.Response:
    answer = await client.post(f"{API}/me/responses", json={"instrument": slug, "notice_read": True})
    assert answer.status_code in (200, 201), answer.text
    return answer


async def submitted(
    client: httpx.AsyncClient, slug: str, answers: dict[str, Any] | None = None
) -> httpx.Response:
    """Begin, answer everything and submit; the scorecard's answer."""
    response = await begun(client, slug)
    url = f"{API}/me/responses/{response.json()['id']}"
    saved = await client.put(
        f"{url}/answers", json={"answers": answers or best_answers(instrument_of(slug))},
        headers={"If-Match": response.headers["etag"]},
    )  # fmt: skip
    assert saved.status_code == 200, saved.text
    return await client.post(f"{url}/submission", headers={"Idempotency-Key": f"submit-{slug}"})


async def test_questionnaires_are_listed_in_order_and_read_without_their_key(
    app: Any, clock: FixedClock
) -> None:
    client = await as_candidate(app, clock, await add_candidate(app, clock))
    listed = (await client.get(f"{API}/instruments")).json()
    assert [one["slug"] for one in listed] == list(SLUGS)
    whole = (await client.get(f"{API}/instruments/{SLUGS[0]}")).json()
    assert set(whole["notice"]) == {"measured", "counts", "seen_by", "decides", "rights"}
    assert "credit" not in str(whole)
    assert "reverse" not in str(whole)
    assert (await client.get(f"{API}/instruments/unknown")).status_code == 404


async def test_the_notice_must_be_read_before_the_first_answer(app: Any, clock: FixedClock) -> None:
    client = await as_candidate(app, clock, await add_candidate(app, clock))
    for body in (
        {"instrument": SLUGS[0]},
        {"instrument": SLUGS[0], "notice_read": False},
        {"instrument": SLUGS[0], "notice_read": True, "more": 1},
    ):
        assert (await client.post(f"{API}/me/responses", json=body)).status_code == 400
    first = await begun(client, SLUGS[0])
    assert first.status_code == 201
    assert first.json()["notice_read_at"].startswith("2026-11-24T12:00")
    again = await begun(client, SLUGS[0])
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


async def test_answers_are_saved_bit_by_bit_and_an_older_version_never_overwrites(
    app: Any, clock: FixedClock
) -> None:
    client = await as_candidate(app, clock, await add_candidate(app, clock))
    first = await begun(client, "equipment-connection")
    url = f"{API}/me/responses/{first.json()['id']}/answers"
    assert (await client.put(url, json={"answers": {"screens": 1}})).status_code == 428
    one = await client.put(url, json={"answers": {"screens": 1}}, headers={"If-Match": first.headers["etag"]})
    assert one.json()["answers"] == {"screens": 1}
    late = await client.put(
        url, json={"answers": {"screens": 2}}, headers={"If-Match": first.headers["etag"]}
    )
    assert late.status_code == 412
    two = await client.put(
        url, json={"answers": {"webcam": True, "screens": None}}, headers={"If-Match": one.headers["etag"]}
    )
    assert two.json()["answers"] == {"webcam": True}
    assert two.json()["progress"]["answered"] == 1


async def test_what_does_not_fit_is_named_and_nothing_of_it_is_saved(app: Any, clock: FixedClock) -> None:
    client = await as_candidate(app, clock, await add_candidate(app, clock))
    first = await begun(client, "equipment-connection")
    url = f"{API}/me/responses/{first.json()['id']}"
    bad = {"screens": 999, "webcam": "yes", "nobody_asked": 1, "headset": "usb"}
    answer = await client.put(f"{url}/answers", json={"answers": bad}, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json()["errors"]} == {
        "/answers/screens", "/answers/webcam", "/answers/nobody_asked",
    }  # fmt: skip
    assert (await client.get(url)).json()["answers"] == {}


async def test_an_unfinished_questionnaire_says_what_is_open(app: Any, clock: FixedClock) -> None:
    client = await as_candidate(app, clock, await add_candidate(app, clock))
    first = await begun(client, "equipment-connection")
    answer = await client.post(
        f"{API}/me/responses/{first.json()['id']}/submission", headers={"Idempotency-Key": "a"}
    )
    assert answer.status_code == 422
    assert "/answers/computer_kind" in {one["pointer"] for one in answer.json()["errors"]}


async def test_submitting_freezes_scores_and_repeats_the_same_answer(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock)
    client = await as_candidate(app, clock, candidate_id)
    first = await submitted(client, "equipment-connection")
    assert first.status_code == 201, first.text
    card = first.json()
    assert (card["score"], card["band"]) == (100, "ready")
    assert sum(one["hundredths"] for one in card["result"]["contributions"]) == 10_000
    response = (await begun(client, "equipment-connection")).json()
    url = f"{API}/me/responses/{response['id']}"
    again = await client.post(f"{url}/submission", headers={"Idempotency-Key": "submit-equipment-connection"})
    assert again.content == first.content
    assert (await client.post(f"{url}/submission", headers={"Idempotency-Key": "b"})).status_code == 409
    frozen = await client.put(f"{url}/answers", json={"answers": {"screens": 1}}, headers={"If-Match": "*"})
    assert frozen.status_code == 409
    async with app.state.database.transaction() as session:
        assert (await session.get(Candidate, candidate_id)).equipment_score == 100
    assert [one["id"] for one in (await client.get(f"{API}/me/scorecards")).json()] == [card["id"]]


async def test_the_last_questionnaire_moves_the_application_on(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock)
    async with app.state.database.transaction() as session:
        session.add(
            Application(
                candidate_id=candidate_id, stage=Stage.INVITED, stage_since=clock(), created_at=clock()
            )
        )
    client = await as_candidate(app, clock, candidate_id)
    for slug in SLUGS:
        assert (await submitted(client, slug)).status_code == 201
    async with app.state.database.transaction() as session:
        assert (await session.scalar(select(Application))).stage is Stage.ASSESSED
        change = await session.scalar(select(StageChange))
        assert (change.from_stage, change.to_stage) == (Stage.INVITED, Stage.ASSESSED)


async def test_nobody_reads_or_changes_somebody_elses_answers(app: Any, clock: FixedClock) -> None:
    owner = await as_candidate(app, clock, await add_candidate(app, clock))
    other_id = await add_candidate(app, clock, given_name="Noé", email="noe@example.com")
    other = await as_candidate(app, clock, other_id)
    response_id = (await begun(owner, SLUGS[0])).json()["id"]
    url = f"{API}/me/responses/{response_id}"
    assert (await other.get(url)).status_code == 404
    stolen = await other.put(f"{url}/answers", json={"answers": {}}, headers={"If-Match": "*"})
    assert stolen.status_code == 404
    taken = await other.post(f"{url}/submission", headers={"Idempotency-Key": "x"})
    assert taken.status_code == 404
    assert (await other.get(f"{API}/candidates/{other_id}/scorecards")).status_code == 403


async def test_a_recruiter_reads_scorecards_and_gets_a_recommendation_that_decides_nothing(
    app: Any, clock: FixedClock
) -> None:
    candidate_id = await add_candidate(app, clock)
    client = await as_candidate(app, clock, candidate_id)
    card_id = (await submitted(client, "equipment-connection")).json()["id"]
    recruiter = await as_staff(app, clock)
    cards = await recruiter.get(f"{API}/candidates/{candidate_id}/scorecards")
    assert [one["id"] for one in cards.json()] == [card_id]
    one = (await recruiter.get(f"{API}/scorecards/{card_id}")).json()
    assert one["reasons"]
    assert one["result"]["contributions"]
    screening = await recruiter.post(f"{API}/candidates/{candidate_id}/screenings")
    assert screening.status_code == 201, screening.text
    assert (screening.json()["outcome"], screening.json()["is_decision"]) == ("not_yet_known", False)
    assert screening.json()["scorecard_ids"] == [card_id]
    assert screening.json()["reasons"]
    for slug in SLUGS[:2]:
        await submitted(client, slug)
    clock.move(minutes=1)
    assert (await recruiter.post(f"{API}/candidates/{candidate_id}/screenings")).json()["outcome"] == "go_on"
    listed = (await recruiter.get(f"{API}/candidates/{candidate_id}/screenings")).json()
    assert [one["outcome"] for one in listed] == ["go_on", "not_yet_known"]
    assert await _actions(app, candidate_id) >= {"scorecard.list", "scorecard.read", "screening.create"}


async def _actions(app: Any, candidate_id: UUID) -> set[str]:
    async with app.state.database.transaction() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.subject_id == str(candidate_id)))
        return {row.action for row in rows}


async def test_an_administrator_reads_nobodys_results(app: Any, clock: FixedClock) -> None:
    candidate_id = await add_candidate(app, clock)
    client = await as_staff(app, clock, Role.ADMINISTRATOR)
    assert (await client.get(f"{API}/candidates/{candidate_id}/scorecards")).status_code == 403
