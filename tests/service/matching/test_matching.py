"""People and programmes weighed: for each application as it changes, and ranked on demand, on both databases."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from service.flows.people import candidates
from service.flows.recruiting import applications, imports, programmes
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import ImportKind, Role, Stage
from service.tables.applications import Application
from service.tables.people import Candidate, Staff, StaffProgramme
from service.tables.programmes import Programme
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.cast import (
    PROFILE,
    PROGRAMME,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
)

pytestmark = pytest.mark.anyio

SHOP: dict[str, Any] = {
    "headline": "Vente en boutique",
    "skills": ["vente"],
    "experience": [
        {"title": "Vendeuse", "months": 30, "description": "accueil des clients, caisse, conseil"}
    ],
    "languages": [{"code": "fr", "cefr": "C2"}],
    "availability": PROFILE["availability"],
    "desired_weekly_hours": 35,
}
CALLS: dict[str, Any] = {
    **PROFILE,
    "experience": [
        {
            "title": "Téléconseillère",
            "months": 40,
            "description": "appels entrants, réclamations, facturation",
        }
    ],
    "home": {
        "measured": {"download_mbps": 50, "upload_mbps": 20, "latency_ms": 20, "jitter_ms": 2, "loss_pct": 0},
        "wired": True,
        "dedicated_room": True,
        "noise": "low",
    },
    "equipment": ["ordinateur Windows 11", "casque USB"],
}
NO_FRENCH: dict[str, Any] = {**CALLS, "languages": [{"code": "en", "cefr": "C2"}]}


async def _apply(app: Any, clock: FixedClock, candidate: UUID, programme: UUID) -> UUID:
    async with app.state.database.transaction() as session:
        made = await applications.create_application(
            session, SYSTEM, candidate_id=candidate, programme_id=programme, now=clock()
        )
    return made.id


async def _application(app: Any, application_id: UUID) -> Application:
    async with app.state.database.transaction(write=False) as session:
        row: Application = await session.get(Application, application_id)
    return row


async def test_an_application_keeps_its_weighing_with_reasons_and_editions(
    app: Any, clock: FixedClock
) -> None:
    application = await _apply(
        app, clock, await add_candidate(app, clock, profile=CALLS), await add_programme(app, clock)
    )
    row = await _application(app, application)
    assert row.match_outcome == "match"
    assert row.match_score is not None
    assert 8500 <= row.match_score <= 10_000
    assert row.matched_at == clock()
    assert row.match is not None
    assert row.match["reasons"]
    assert set(row.match["editions"]) == {"matching", "readings", "skills"}


async def test_a_changed_profile_and_a_changed_programme_are_weighed_anew(
    app: Any, clock: FixedClock
) -> None:
    person, programme = await add_candidate(app, clock, profile=CALLS), await add_programme(app, clock)
    application = await _apply(app, clock, person, programme)
    clock.move(hours=1)
    async with app.state.database.transaction() as session:
        await candidates.edit_candidate(
            session, SYSTEM, person, changes={"profile": {"languages": NO_FRENCH["languages"]}},
            check_version=lambda _: None, editions=app.state.editions, now=clock(),
        )  # fmt: skip
    after_edit = await _application(app, application)
    assert (after_edit.match_outcome, after_edit.matched_at) == ("no", clock())
    clock.move(hours=1)
    async with app.state.database.transaction() as session:
        await programmes.edit_programme(
            session, SYSTEM, programme, check_version=lambda _: None, now=clock(),
            changes={"profile": {"languages": [{"code": "en", "cefr_min": "B2", "must": True}]}},
        )  # fmt: skip
    assert (await _application(app, application)).match_outcome == "match"


async def test_a_closed_application_keeps_what_was_weighed(app: Any, clock: FixedClock) -> None:
    person, programme = await add_candidate(app, clock, profile=CALLS), await add_programme(app, clock)
    application = await _apply(app, clock, person, programme)
    async with app.state.database.transaction() as session:
        await applications.move_application(
            session, SYSTEM, application, stage=Stage.WITHDRAWN, reason="par téléphone", now=clock()
        )
    weighed_at = clock()
    clock.move(hours=1)
    async with app.state.database.transaction() as session:
        await candidates.edit_candidate(
            session, SYSTEM, person, changes={"profile": NO_FRENCH}, check_version=lambda _: None,
            editions=app.state.editions, now=clock(),
        )  # fmt: skip
    row = await _application(app, application)
    assert (row.match_outcome, row.matched_at) == ("match", weighed_at)


async def test_a_shortlist_ranks_those_who_applied_and_the_pool(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    strong = await add_candidate(app, clock, profile=CALLS, given_name="Maïwenn", family_name="Le Goff")
    shop = await add_candidate(app, clock, profile=SHOP)
    foreign = await add_candidate(app, clock, profile=NO_FRENCH)
    application = await _apply(app, clock, shop, programme)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        answer = await client.get(f"/programmes/{programme}/shortlist")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [one["candidate_id"] for one in told["items"]] == [str(strong), str(shop), str(foreign)]
    assert [one["rank"] for one in told["items"]] == [1, 2, 3]
    assert told["items"][0]["name"] == "Maïwenn Le Goff"
    assert told["items"][0]["application_id"] is None
    assert told["items"][1]["application_id"] == str(application)
    assert [one["match"]["outcome"] for one in told["items"]] == ["match", "after_training", "no"]
    assert told["items"][1]["match"]["remedies"]
    assert told["items"][2]["match"]["blocking"] == "language"
    assert all(one["match"]["reasons"] for one in told["items"])
    assert told["considered"] == 3
    assert told["outcomes"] == {"match": 1, "after_training": 1, "after_remedy": 0, "no": 1}
    assert told["is_decision"] is False


async def test_a_shortlist_is_paged_and_filtered(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    for profile in (CALLS, CALLS, SHOP, NO_FRENCH, SHOP):
        await add_candidate(app, clock, profile=profile)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        whole = (await client.get(f"/programmes/{programme}/shortlist")).json()["items"]
        pages: list[Any] = []
        path = f"/programmes/{programme}/shortlist?limit=2"
        while path:
            answer = await client.get(path)
            pages.extend(answer.json()["items"])
            path = answer.links["next"]["url"] if "next" in answer.links else ""
        only = (await client.get(f"/programmes/{programme}/shortlist?outcome=after_training")).json()
        applied = (await client.get(f"/programmes/{programme}/shortlist?applied=true")).json()
        forged = await client.get(f"/programmes/{programme}/shortlist?cursor=abc")
    assert pages == whole
    assert [one["rank"] for one in only["items"]] == [3, 4]
    assert applied["items"] == []
    assert applied["considered"] == 5
    assert forged.status_code == 422


async def test_a_person_sees_the_programmes_that_fit_best_first(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock, profile=CALLS)
    calls = await add_programme(app, clock, title="Énergie")
    english = await add_programme(
        app, clock, title="Anglais", languages=[{"code": "en", "cefr_min": "B2", "must": True}]
    )
    async with api(app, await bearer_of_staff(app, clock)) as client:
        told = (await client.get(f"/candidates/{person}/matches")).json()
    assert [one["programme_id"] for one in told["items"]] == [str(calls), str(english)]
    assert [one["match"]["outcome"] for one in told["items"]] == ["match", "no"]


async def test_a_person_reads_how_the_own_application_was_weighed_and_nobody_elses(
    app: Any, clock: FixedClock
) -> None:
    programme = await add_programme(app, clock)
    mine, other = (
        await add_candidate(app, clock, profile=CALLS),
        await add_candidate(app, clock, profile=SHOP),
    )
    own, foreign = await _apply(app, clock, mine, programme), await _apply(app, clock, other, programme)
    async with api(app, await bearer_of_candidate(app, clock, mine)) as client:
        told = await client.get(f"/applications/{own}/match")
        denied = await client.get(f"/applications/{foreign}/match")
        closed = await client.get(f"/programmes/{programme}/shortlist")
    assert told.status_code == 200, told.text
    assert told.json()["match"]["met"][0]["evidence"]
    assert denied.status_code == 404
    assert closed.status_code == 403


async def test_reading_a_shortlist_is_noted_with_whom_it_showed(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    shown = [await add_candidate(app, clock, profile=profile) for profile in (CALLS, SHOP)]
    async with api(app, await bearer_of_staff(app, clock)) as client:
        await client.get(f"/programmes/{programme}/shortlist?limit=1")
    async with app.state.database.transaction(write=False) as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.action == "shortlist.read")))
    assert [entry.subject_id for entry in entries] == [str(programme)]
    assert entries[0].detail == {"people": [str(shown[0])]}


async def test_walls_between_programmes_hold_in_rankings(app: Any, clock: FixedClock) -> None:
    mine, other = await add_programme(app, clock), await add_programme(app, clock, title="Autre client")
    seen = await add_candidate(app, clock, profile=CALLS)
    hidden = await add_candidate(app, clock, profile=CALLS, given_name="Cachée", family_name="Ailleurs")
    await _apply(app, clock, seen, mine)
    foreign = await _apply(app, clock, hidden, other)
    bearer = await bearer_of_staff(app, clock, Role.CLIENT_MANAGER)
    async with app.state.database.transaction() as session:
        manager = await session.scalar(select(Staff).where(Staff.role == Role.CLIENT_MANAGER))
        manager.sees_all_programmes = False
        session.add(StaffProgramme(staff_id=manager.id, programme_id=mine))
    async with api(app, bearer) as client:
        told = await client.get(f"/programmes/{mine}/shortlist")
        beyond = [
            await client.get(f"/programmes/{other}/shortlist"),
            await client.get(f"/candidates/{hidden}/matches"),
            await client.get(f"/applications/{foreign}/match"),
            await client.get(f"/programmes/{uuid4()}/shortlist"),
        ]
        matches = (await client.get(f"/candidates/{seen}/matches")).json()["items"]
    assert [one["candidate_id"] for one in told.json()["items"]] == [str(seen)]
    assert "Cachée" not in told.text
    assert [answer.status_code for answer in beyond] == [404] * 4
    assert [one["programme_id"] for one in matches] == [str(mine)]


async def test_closed_applications_and_hired_people_are_not_proposed_again(
    app: Any, clock: FixedClock
) -> None:
    programme = await add_programme(app, clock)
    person = await add_candidate(app, clock, profile=CALLS)
    application = await _apply(app, clock, person, programme)
    async with app.state.database.transaction() as session:
        await applications.move_application(
            session, SYSTEM, application, stage=Stage.WITHDRAWN, reason="a trouvé ailleurs", now=clock()
        )
    async with api(app, await bearer_of_staff(app, clock)) as client:
        told = (await client.get(f"/programmes/{programme}/shortlist")).json()
    assert (told["items"], told["considered"], told["closed_applications"]) == ([], 0, 1)


async def test_editing_a_file_is_read_at_once_even_after_an_edit_that_was_taken_back(
    app: Any, clock: FixedClock
) -> None:
    """Readings are kept by content: a version number that a rolled-back edit used once more cannot mix two files up."""
    programme, person = await add_programme(app, clock), await add_candidate(app, clock, profile=CALLS)
    await _apply(app, clock, person, programme)
    with pytest.raises(ZeroDivisionError):
        await _edit_and_take_back(app, clock, person)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        told = (await client.get(f"/programmes/{programme}/shortlist")).json()
    assert told["items"][0]["match"]["outcome"] == "match"


async def _edit_and_take_back(app: Any, clock: FixedClock, person: UUID) -> None:
    async with app.state.database.transaction() as session:
        await candidates.edit_candidate(
            session, SYSTEM, person, changes={"profile": NO_FRENCH}, check_version=lambda _: None,
            editions=app.state.editions, now=clock(),
        )  # fmt: skip
        raise ZeroDivisionError


async def test_a_list_asks_the_database_the_same_number_of_times_for_one_and_for_three(
    app: Any, clock: FixedClock
) -> None:
    from sqlalchemy import event

    bearer = await bearer_of_staff(app, clock)
    programme = await add_programme(app, clock)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await add_candidate(app, clock, profile=CALLS)
        said: list[str] = []
        engine = app.state.database.engine.sync_engine

        def note(*args: Any, said: list[str] = said) -> None:
            said.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        async with api(app, bearer) as client:
            assert (await client.get(f"/programmes/{programme}/shortlist")).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        counts.append(sum(one.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE")) for one in said))
    assert counts[0] == counts[1]


async def test_an_import_that_changes_a_person_or_a_programme_weighs_anew(
    app: Any, clock: FixedClock
) -> None:
    await _import(app, clock, ImportKind.CANDIDATES, [{**CALLS, "id": "c1"}])
    await _import(app, clock, ImportKind.PROGRAMMES, [{**PROGRAMME, "id": "p1"}])
    async with app.state.database.transaction(write=False) as session:
        person = await session.scalar(select(Candidate))
        programme = await session.scalar(select(Programme))
    application = await _apply(app, clock, person.id, programme.id)
    await _import(app, clock, ImportKind.CANDIDATES, [{**NO_FRENCH, "id": "c1"}])
    assert (await _application(app, application)).match_outcome == "no"
    wants_english = [{"code": "en", "cefr_min": "B2", "must": True}]
    await _import(app, clock, ImportKind.PROGRAMMES, [{**PROGRAMME, "id": "p1", "languages": wants_english}])
    assert (await _application(app, application)).match_outcome == "match"


async def _import(app: Any, clock: FixedClock, kind: ImportKind, rows: list[dict[str, Any]]) -> None:
    data = json.dumps(rows).encode()
    reading = imports.read_file(data, kind=kind, file_name="file.json")
    async with app.state.database.transaction() as session:
        report = await imports.apply_at_once(
            session, SYSTEM, reading, data, files=app.state.files, editions=app.state.editions, now=clock()
        )
    assert report.can_apply
