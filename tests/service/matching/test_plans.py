"""Plans of remedies: in a match, for what questionnaires left open, on pages and on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from service.cli.matching import match as match_command
from service.flows.recruiting import applications
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.assessing.test_assessments import best_answers, instrument_of
from tests.service.cast import (
    PROFILE,
    PROGRAMME,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
)
from tests.service.matching.test_matching import CALLS

pytestmark = pytest.mark.anyio

SLOW: dict[str, Any] = {
    **CALLS,
    "home": {
        **CALLS["home"],
        "measured": {
            "download_mbps": 50,
            "upload_mbps": 20,
            "latency_ms": 600,
            "jitter_ms": 2,
            "loss_pct": 0,
        },
    },
}


async def test_a_line_that_money_mends_is_after_remedy_with_a_day_in_what_is_stored_and_read(
    app: Any, clock: FixedClock
) -> None:
    person = await add_candidate(app, clock, profile=SLOW)
    programme = await add_programme(app, clock, channels=["voice"])
    async with app.state.database.transaction() as session:
        made = await applications.create_application(
            session, SYSTEM, candidate_id=person, programme_id=programme, now=clock()
        )
    async with api(app, await bearer_of_staff(app, clock)) as client:
        told = (await client.get(f"/applications/{made.id}/match")).json()["match"]
        board = (await client.get(f"/programmes/{programme}/shortlist")).json()
    assert (told["outcome"], told["blocking"]) == ("after_remedy", "line")
    plan = told["plan"]
    assert plan["outcome"] == "after_remedy"
    assert plan["holds_from"] > plan["counted_on"]
    assert [step["remedy"] for step in plan["steps"]] == ["router_4g"]
    assert plan["cents_by_payer"] == {"employer": plan["cost_cents"]}
    assert board["items"][0]["match"]["plan"]["steps"] == plan["steps"]
    assert board["outcomes"]["no"] == 0


async def _answered(app: Any, clock: FixedClock, **changed: Any) -> Any:
    """A person who filled in the questionnaire on equipment, with some answers of their own."""
    person = await add_candidate(app, clock, given_name="Aline", family_name="Roche")
    slug = "equipment-connection"
    async with api(app, await bearer_of_candidate(app, clock, person)) as client:
        begun = await client.post("/me/responses", json={"instrument": slug, "notice_read": True})
        url = f"/me/responses/{begun.json()['id']}"
        answers = {**best_answers(instrument_of(slug)), **changed}
        saved = await client.put(
            f"{url}/answers", json={"answers": answers}, headers={"If-Match": begun.headers["etag"]}
        )
        assert saved.status_code == 200, saved.text
        sent = await client.post(f"{url}/submission", headers={"Idempotency-Key": "plan"})
        assert sent.status_code in (200, 201), sent.text
    return person


async def test_what_a_questionnaire_leaves_open_is_planned_with_cost_day_and_payer(
    app: Any, clock: FixedClock
) -> None:
    person = await _answered(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        told = await client.get(f"/candidates/{person}/plan")
    assert told.status_code == 200, told.text
    assert told.json()["plan"]["outcome"] in ("match", "after_remedy")
    async with app.state.database.transaction() as session:
        noted = await session.scalar(select(AuditEntry.id).where(AuditEntry.action == "plan.read"))
    assert noted


async def test_the_plan_of_a_person_is_read_by_who_recruits_and_by_nobody_else(
    app: Any, clock: FixedClock
) -> None:
    person = await add_candidate(app, clock)
    for role, status in ((Role.RECRUITER, 200), (Role.TRAINER, 403), (Role.ADMINISTRATOR, 403)):
        async with api(app, await bearer_of_staff(app, clock, role)) as client:
            assert (await client.get(f"/candidates/{person}/plan")).status_code == status
    async with api(app, await bearer_of_candidate(app, clock, person)) as client:
        assert (await client.get(f"/candidates/{person}/plan")).status_code == 403


async def test_pages_say_what_is_planned_what_it_costs_and_from_when(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock, profile=SLOW, given_name="Aline", family_name="Roche")
    programme = await add_programme(app, clock, channels=["voice"])
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        for page in (f"/programmes/{programme}/shortlist", f"/candidates/{person}"):
            text = (await client.get(page)).text
            assert "Un routeur 4G de secours prêté." in text
            assert "Prêt le" in text
            assert "Payé par\u00a0: l&#39;employeur" in text


def test_the_command_tells_the_plan_and_the_day_it_holds(tmp_path: Path) -> None:
    people, wanted = tmp_path / "people.json", tmp_path / "programmes.json"
    people.write_text(json.dumps([{"id": "slow", **SLOW}, {"id": "bare", **PROFILE}]), "utf-8")
    wanted.write_text(json.dumps([{"id": "p", **PROGRAMME, "channels": ["voice"]}]), "utf-8")
    options = ["--candidates", str(people), "--programmes", str(wanted), "--on", "2026-11-23", "--json"]
    done = CliRunner().invoke(match_command, options, catch_exceptions=False)
    told = {one["candidate"]: one for one in json.loads(done.output)}
    assert told["slow"]["outcome"] == "after_remedy"
    assert told["slow"]["plan"]["holds_from"] == "2026-11-30"
    assert {one["outcome"] for one in told.values()} <= {"match", "after_training", "after_remedy", "no"}
    assert {step["payer"] for one in told.values() for step in one["plan"]["steps"]} <= {"employer"}
