"""A wave is composed, several proposals are computed and held side by side, and a person applies them, one by one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from service.runtime.vocabulary import Role, Stage
from service.tables.applications import Application, Decision, StageChange
from service.tables.people import Candidate
from service.tables.trail import AuditEntry
from service.tables.waves import ScenarioPerson, WaveLock
from tests.conftest import FixedClock
from tests.service.cast import (
    PROFILE,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
)
from tests.service.papers.offering import new_key

pytestmark = pytest.mark.anyio

REASON = "Ces horaires et ces compétences vont bien ensemble."
MORNINGS = [{"day": day, "from": "09:00", "to": "13:00"} for day in range(1, 6)]


@dataclass(frozen=True)
class Place:
    """Two programmes of two seats, and five people: the last speaks no French."""

    app: Any
    recruiter: str
    wave: str
    programmes: tuple[UUID, ...]
    people: tuple[UUID, ...]

    def api(self, bearer: str = "") -> Any:
        return api(self.app, bearer or self.recruiter)


@pytest.fixture
async def place(app: Any, clock: FixedClock) -> Place:
    names = (("Ada", "Abel"), ("Bao", "Blin"), ("Cléo", "Caron"), ("Dina", "Diop"))
    people = [
        await add_candidate(app, clock, given_name=given, family_name=family) for given, family in names
    ]
    foreign = {**PROFILE, "languages": [{"code": "en", "cefr": "C2"}]}
    people.append(await add_candidate(app, clock, profile=foreign, given_name="Eve", family_name="Ek"))
    programmes = [await add_programme(app, clock, title=title, seats=2) for title in ("Énergie", "Assurance")]
    recruiter = await bearer_of_staff(app, clock)
    async with api(app, recruiter) as client:
        made = await client.post("/waves", json={"name": "Rentrée"}, headers=new_key())
        assert made.status_code == 201, made.text
        wave = made.json()["id"]
        for programme in programmes:
            put = await client.put(
                f"/waves/{wave}/programmes/{programme}",
                json={"seats": 1, "needs": [{**one, "people": 1} for one in MORNINGS]},
            )
            assert put.status_code == 200, put.text
        added = await client.post(
            f"/waves/{wave}/people", json={"candidate_ids": [str(one) for one in people]}
        )
        assert added.json() == {"added": 5, "found": 5}
    return Place(app, recruiter, wave, tuple(programmes), tuple(people))


async def _propose(place: Place, name: str = "Comme prévu", **more: Any) -> httpx.Response:
    async with place.api() as client:
        asked = {"name": name, "seconds": 5, **more}
        answered: httpx.Response = await client.post(f"/waves/{place.wave}/scenarios", json=asked)
    return answered


async def _rows(place: Place, query: Any) -> list[Any]:
    async with place.app.state.database.transaction(write=False) as session:
        return list(await session.scalars(query))


async def _people(place: Place, scenario: str, where: str) -> list[dict[str, Any]]:
    async with place.api() as client:
        found: list[dict[str, Any]] = (
            await client.get(f"/scenarios/{scenario}/people?where={where}")
        ).json()["items"]
    return found


async def test_a_proposal_says_who_where_how_well_covered_who_is_left_and_why(place: Place) -> None:
    made = await _propose(place)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["placed"], told["left"], told["is_decision"]) == (2, 3, False)
    assert {(one["seats"], one["placed"]) for one in told["coverage"]} == {(1, 1)}
    assert all(half["there"] >= half["needed"] for one in told["coverage"] for half in one["half_hours"])
    placed, left = await _people(place, told["id"], "placed"), await _people(place, told["id"], "left")
    assert {one["programme_id"] for one in placed} == {str(one) for one in place.programmes}
    assert all(one["reason"]["fr"] and one["roster"] for one in placed)
    by_id = {one["candidate_id"]: one for one in left}
    assert by_id[str(place.people[4])]["why_left"] == "no_fit"
    assert len(by_id[str(place.people[4])]["others"]) == 2
    assert await _rows(place, sa.select(Application)) == [], "a proposal touches nobody's application"


async def test_why_somebody_is_where_they_are_is_one_call_and_noted(place: Place) -> None:
    scenario = (await _propose(place)).json()["id"]
    one = (await _people(place, scenario, "placed"))[0]["candidate_id"]
    async with place.api() as client:
        told = (await client.get(f"/scenarios/{scenario}/people/{one}")).json()
    assert told["reason"]["en"]
    assert told["match"]["reasons"]
    assert told["hours"] > 0
    read = await _rows(place, sa.select(AuditEntry).where(col(AuditEntry.action) == "scenario.read"))
    assert read[-1].detail["people"] == [one]


async def test_a_wave_and_a_shortlist_say_the_same_of_a_pair_with_what_the_ledger_shows(
    place: Place, clock: FixedClock
) -> None:
    wanted = {"text": "gestion des réclamations", "level": 4, "importance": "must"}
    harder = await add_programme(place.app, clock, title="Réclamations", skills=[wanted])
    seen = {
        "skill": "complaints", "level": 4, "seen_on": "2026-11-20",
        "words": "Trois réclamations difficiles, toutes closes avec le client calmé.",
    }  # fmt: skip
    supervisor = await bearer_of_staff(place.app, clock, Role.SUPERVISOR)
    async with place.api(supervisor) as client:
        noted = await client.post(f"/candidates/{place.people[1]}/ledger/observations", json=seen)
        assert noted.status_code == 201, noted.text
    async with place.api() as client:
        await client.put(f"/waves/{place.wave}/programmes/{harder}", json={"seats": 1})
        scenario = (await _propose(place)).json()["id"]
        listed = (await client.get(f"/programmes/{harder}/shortlist")).json()["items"]
    placed = await _people(place, scenario, "placed")
    (there,) = [one for one in placed if one["programme_id"] == str(harder)]
    assert there["candidate_id"] == str(place.people[1])
    (shown,) = [one["match"] for one in listed if one["candidate_id"] == there["candidate_id"]]
    kept = await _rows(
        place, sa.select(ScenarioPerson).where(col(ScenarioPerson.candidate_id) == place.people[1])
    )
    assert (kept[0].detail["score"], kept[0].detail["outcome"]) == (shown["score"], shown["outcome"])
    assert shown["outcome"] == "after_remedy"


async def test_what_one_change_would_bring_is_solved_on_demand_and_nothing_is_kept(place: Place) -> None:
    scenario = (await _propose(place)).json()["id"]
    first, second = place.programmes
    asked, unknown = {"programme_ids": [str(first)]}, {"programme_ids": [str(place.people[0])]}
    async with place.api() as client:
        one = (await client.post(f"/scenarios/{scenario}/gains", json=asked)).json()["items"]
        every = (await client.post(f"/scenarios/{scenario}/gains", json={})).json()["items"]
        wrong = await client.post(f"/scenarios/{scenario}/gains", json=unknown)
        kept = (await client.get(f"/waves/{place.wave}/scenarios")).json()["items"]
    assert [(gain["seats"], gain["people_more"]) for gain in one] == [(3, 2), (2, 1)]
    assert {gain["programme_id"] for gain in every} == {str(first), str(second)}
    assert "Énergie" in one[0]["text"]["fr"]
    assert wrong.json()["errors"][0]["pointer"] == "/programme_ids/0"
    assert [held["id"] for held in kept] == [scenario]


async def test_what_a_recruiter_fixed_holds_in_every_later_scenario(place: Place) -> None:
    first, second = place.programmes
    fixed, kept_out = place.people[3], place.people[0]
    async with place.api() as client:
        await client.put(f"/waves/{place.wave}/locks/{fixed}/{first}", json={"kind": "at"})
        for programme in (first, second):
            await client.put(f"/waves/{place.wave}/locks/{kept_out}/{programme}", json={"kind": "never"})
    for name in ("Un", "Deux"):
        scenario = (await _propose(place, name)).json()["id"]
        where = {one["candidate_id"]: one["programme_id"] for one in await _people(place, scenario, "placed")}
        assert where[str(fixed)] == str(first)
        assert str(kept_out) not in where
    async with place.api() as client:
        await client.put(f"/waves/{place.wave}/locks/{fixed}/{second}", json={"kind": "at"})
        locks = (await client.get(f"/waves/{place.wave}")).json()["locks"]
        moved = [one["programme_id"] for one in locks if one["candidate_id"] == str(fixed)]
        assert moved == [str(second)], "a person is fixed at one programme only"
        stale = (await client.get(f"/waves/{place.wave}/scenarios")).json()["items"]
    assert all(one["is_stale"] for one in stale)


async def test_a_wave_in_which_not_everything_can_hold_says_what_collides(place: Place) -> None:
    first = place.programmes[0]
    async with place.api() as client:
        for person in place.people[:2]:
            await client.put(f"/waves/{place.wave}/locks/{person}/{first}", json={"kind": "at"})
    told = (await _propose(place)).json()
    assert (told["outcome"], told["placed"], told["coverage"]) == ("infeasible", 0, [])
    causes = {step["cause"] for collision in told["collisions"] for step in collision}
    assert "lock_at" in causes
    named = {step["person"] for collision in told["collisions"] for step in collision if step["person"]}
    assert named <= {str(one) for one in place.people[:2]}


async def test_a_scenario_changes_a_programme_for_itself_only(place: Place) -> None:
    change = {"programme_id": str(place.programmes[0]), "seats": 3}
    wider = (await _propose(place, "Trois places", changes=[change])).json()
    assert wider["placed"] == 4
    assert (await _propose(place, "Comme avant")).json()["placed"] == 2
    unknown = await _propose(place, changes=[{"programme_id": str(place.people[0]), "seats": 3}])
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "/changes/0/programme_id"


async def test_placings_are_applied_by_a_person_each_by_its_usual_flow(
    place: Place, clock: FixedClock
) -> None:
    scenario = (await _propose(place)).json()["id"]
    placed = await _people(place, scenario, "placed")
    left = (await _people(place, scenario, "left"))[0]["candidate_id"]
    asked = {"candidate_ids": [placed[0]["candidate_id"], left], "reason": REASON}
    async with place.api() as client:
        done = (
            await client.post(f"/scenarios/{scenario}/applications", json=asked, headers=new_key())
        ).json()
        short = await client.post(
            f"/scenarios/{scenario}/applications", json={**asked, "reason": "oui"}, headers=new_key()
        )
        decided = await client.post(
            f"/scenarios/{scenario}/applications", json={**asked, "stage": "hired"}, headers=new_key()
        )
        kept = await client.delete(f"/scenarios/{scenario}")
    assert [one["stage"] for one in done["done"]] == ["shortlisted"]
    assert [one["code"] for one in done["not_done"]] == ["not-placed"]
    assert (short.status_code, decided.status_code, kept.status_code) == (400, 422, 422)
    row = (await _rows(place, sa.select(Application)))[0]
    assert (str(row.programme_id), row.stage) == (placed[0]["programme_id"], Stage.SHORTLISTED)
    steps = await _rows(place, sa.select(StageChange).where(col(StageChange.to_stage) == Stage.SHORTLISTED))
    assert [one.reason for one in steps] == [REASON]
    assert all(one.staff_id for one in steps)
    assert await _rows(place, sa.select(Decision)) == []
    actions = [one.action for one in await _rows(place, sa.select(AuditEntry))]
    assert {"application.create", "application.stage", "scenario.apply"} <= set(actions)


async def test_a_closed_application_is_no_choice_and_one_further_on_stays_where_it_is(
    place: Place, clock: FixedClock
) -> None:
    scenario = (await _propose(place)).json()["id"]
    one = (await _people(place, scenario, "placed"))[0]
    made = {"candidate_id": one["candidate_id"], "programme_id": one["programme_id"]}
    person = await bearer_of_candidate(place.app, clock, UUID(one["candidate_id"]))
    async with place.api() as client:
        await client.post("/applications", json=made, headers=new_key())
    row = (await _rows(place, sa.select(Application)))[0]
    async with place.app.state.database.transaction() as session:
        await session.execute(sa.update(Application).values(stage=Stage.OFFER))
    asked = {"candidate_ids": [one["candidate_id"]], "reason": REASON}
    async with place.api() as client:
        done = (
            await client.post(f"/scenarios/{scenario}/applications", json=asked, headers=new_key())
        ).json()
    assert done["done"] == [
        {
            "candidate_id": one["candidate_id"], "application_id": str(row.id), "stage": "offer",
            "was_open": True,
        }
    ]  # fmt: skip
    async with place.app.state.database.transaction() as session:
        await session.execute(sa.update(Application).values(stage=Stage.WITHDRAWN))
    again = (await _propose(place)).json()["id"]
    now_placed = {who["candidate_id"]: who["programme_id"] for who in await _people(place, again, "placed")}
    assert now_placed.get(one["candidate_id"]) != one["programme_id"]
    assert person


async def test_needs_off_the_half_hour_and_an_empty_wave_are_told(place: Place) -> None:
    first = place.programmes[0]
    async with place.api() as client:
        off = await client.put(
            f"/waves/{place.wave}/programmes/{first}",
            json={"seats": 1, "needs": [{"day": 1, "from": "09:10", "to": "10:00", "people": 1}]},
        )
        assert off.status_code == 422
        assert off.json()["errors"][0]["pointer"] == "/needs/0/from"
        empty = (await client.post("/waves", json={"name": "Vide"}, headers=new_key())).json()["id"]
        refused = await client.post(f"/waves/{empty}/scenarios", json={"name": "Rien"})
        assert refused.status_code == 422
        await client.put(
            f"/waves/{place.wave}/programmes/{first}",
            json={"seats": 0, "needs": []},
        )
    assert (await _propose(place, "Sans place")).json()["placed"] == 1


async def test_an_administrator_a_candidate_and_other_programmes_read_no_wave(
    place: Place, clock: FixedClock
) -> None:
    scenario = (await _propose(place)).json()["id"]
    candidate = await bearer_of_candidate(place.app, clock, place.people[0])
    administrator = await bearer_of_staff(place.app, clock, Role.ADMINISTRATOR)
    for bearer in (candidate, administrator):
        async with place.api(bearer) as client:
            for path in (f"/waves/{place.wave}", f"/scenarios/{scenario}", f"/scenarios/{scenario}/people"):
                assert (await client.get(path)).status_code == 403, path


async def test_whoever_is_erased_leaves_waves_and_scenarios(place: Place) -> None:
    person = place.people[3]
    async with place.api() as client:
        await client.put(f"/waves/{place.wave}/locks/{person}/{place.programmes[0]}", json={"kind": "at"})
    await _propose(place)
    async with place.app.state.database.transaction() as session:
        await session.execute(sa.delete(Candidate).where(col(Candidate.id) == person))
    rows = await _rows(place, sa.select(col(ScenarioPerson.candidate_id)))
    assert len(rows) == 4
    assert person not in rows
    assert await _rows(place, sa.select(WaveLock)) == []
