"""The checklist of a placement: opened by the answer, settled by who holds it, moved with the first day."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from service.flows.day_one import checklists, desks
from service.runtime.editions import load_editions
from service.runtime.vocabulary import DeskKind, Locale, Role
from service.tables.applications import Application
from service.tables.checklists import Checklist, ChecklistFile, ChecklistTask, Desk, EquipmentLoan
from service.tables.people import Candidate
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.cast import api, bearer_of_staff, browser, submit
from tests.service.flows.test_judging_files import pdf
from tests.service.learning.test_training import Statements
from tests.service.papers.offering import Scene, accepted_offer, set_scene

pytestmark = pytest.mark.anyio

REASON = "Le recruteur l'a vu avec la personne au téléphone."
STATED = ["electrical", "insured", "workspace", "smoke-alarm", "changes"]


@pytest.fixture
def settings(sqlite_settings: Any) -> Any:
    """One database is enough here: what differs between the two is tried where digests are sent."""
    return sqlite_settings.model_copy(update={"session_hours": 24 * 30})


async def placed(app: Any, clock: FixedClock, **changes: Any) -> Scene:
    """Somebody who accepted an offer that starts on Monday 7 December 2026; today is Tuesday 24 November."""
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene, **changes)
    return scene


async def listed(app: Any, bearer: str, scene: Scene) -> tuple[dict[str, Any], str]:
    async with api(app, bearer) as client:
        answer = await client.get(f"/applications/{scene.application_id}/onboarding")
    assert answer.status_code == 200, answer.text
    return answer.json(), answer.headers["etag"]


async def tasks(app: Any, scene: Scene) -> dict[str, dict[str, Any]]:
    found, _ = await listed(app, scene.recruiter, scene)
    return {one["slug"]: one for one in found["tasks"]}


async def send(app: Any, bearer: str, path: str, **body: Any) -> Any:
    async with api(app, bearer) as client:
        return await client.post(path, json=body)


async def finish(app: Any, bearer: str, task: dict[str, Any], **body: Any) -> Any:
    return await send(app, bearer, f"/onboarding/tasks/{task['id']}/completion", **body)


async def move(app: Any, scene: Scene, day: str, **more: Any) -> Any:
    _, etag = await listed(app, scene.recruiter, scene)
    async with api(app, scene.recruiter) as client:
        return await client.put(
            f"/applications/{scene.application_id}/onboarding/start", json={"start_date": day, **more},
            headers={"If-Match": etag},
        )  # fmt: skip


async def test_the_answer_to_an_offer_opens_the_checklist(app: Any, clock: FixedClock) -> None:
    scene = await placed(app, clock)
    found, _ = await listed(app, scene.recruiter, scene)
    assert found["start_date"] == "2026-12-07"
    due = {one["slug"]: one["due_on"] for one in found["tasks"]}
    assert (due["dpae"], due["charter-read"], due["sworn-statement"]) == (
        "2026-12-04", "2026-12-02", "2026-11-26",
    )  # fmt: skip
    assert "card-workstation" not in due
    assert [(one["item"], one["label"]) for one in found["equipment"]] == [
        ("laptop", "Ordinateur portable, Exemple Book 14")
    ]
    async with api(app, scene.recruiter) as client:
        (line,) = (await client.get("/onboarding?blocked=true&owner=it")).json()["items"]
        assert {one["owner"] for one in line["blocking"]} >= {"it", "candidate", "payroll"}
        told = (await client.get(f"/candidates/{scene.candidate_id}/readiness")).json()
    who = {one["subject"]: one["who"] for one in told["missing"]}
    assert (who["charter-read"], who["dpae"], who["laptop"]) == ("candidate", "payroll", "it")
    gates = {one["slug"] for one in found["tasks"] if one["is_gate"] and one["owner"] == "candidate"}
    assert gates - set(who) == {"equipment-received", "essentials-finished"}, "told by loans and by paths"


async def test_only_the_person_gives_their_own_word(app: Any, clock: FixedClock) -> None:
    scene = await placed(app, clock)
    task = (await tasks(app, scene))["sworn-statement"]
    assert (await finish(app, scene.recruiter, task, statements=STATED, name="Ada")).status_code == 403
    own = f"/me/tasks/{task['id']}/completion"
    short = await send(app, scene.candidate, own, statements=STATED[:4], name="")
    assert {one["pointer"] for one in short.json()["errors"]} == {"/statements/changes", "/name"}
    done = await send(app, scene.candidate, own, statements=STATED, name="Maïwenn Le Goff")
    assert (done.status_code, done.json()["state"]) == (200, "done")
    again = await send(app, scene.candidate, own, statements=[], name="")
    assert again.json()["state"] == "done"


async def test_each_role_settles_its_own_tasks_and_nobody_reaches_anothers_person(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    found = await tasks(app, scene)
    trainer = await bearer_of_staff(app, clock, Role.TRAINER)
    assert (await finish(app, trainer, found["first-session"])).status_code == 200
    assert (await finish(app, trainer, found["dpae"], note="A1")).status_code == 403
    assert (await finish(app, scene.candidate, found["dpae"], note="A1")).status_code == 403
    own = f"/me/tasks/{found['dpae']['id']}/completion"
    assert (await send(app, scene.candidate, own, note="A1")).status_code == 403


async def test_the_declaration_waits_for_its_window_and_asks_for_its_receipt(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    dpae = (await tasks(app, scene))["dpae"]
    assert dpae["opens_on"] == "2026-11-29"
    early = await finish(app, scene.recruiter, dpae, note="URSSAF 17")
    assert [one["pointer"] for one in early.json()["errors"]] == ["/done_on"]
    clock.move(days=6)
    bare = await finish(app, scene.recruiter, dpae)
    assert [one["pointer"] for one in bare.json()["errors"]] == ["/note"]
    assert (await finish(app, scene.recruiter, dpae, note="URSSAF 17")).json()["state"] == "done"
    assert (await finish(app, scene.recruiter, dpae, note="URSSAF 17")).status_code == 200
    other = await finish(app, scene.recruiter, dpae, note="URSSAF 18")
    assert (other.status_code, "URSSAF 17" in other.json()["detail"]) == (409, True)
    aside = f"/onboarding/tasks/{dpae['id']}/setting-aside"
    assert (await send(app, scene.recruiter, aside, why=REASON)).status_code == 422


async def test_a_first_day_moved_twice_moves_what_is_open_and_keeps_what_is_done(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    clock.move(days=6)  # Monday 30 November
    before = await tasks(app, scene)
    await finish(app, scene.recruiter, before["dpae"], note="URSSAF 17")
    await finish(app, scene.recruiter, before["welcome-call"])
    moved = await move(app, scene, "2026-12-28", reason="Le client décale.")
    assert moved.status_code == 200, moved.text
    after = {one["slug"]: one for one in moved.json()["tasks"]}
    assert (after["welcome-call"]["state"], after["welcome-call"]["due_on"]) == (
        "done", before["welcome-call"]["due_on"],
    )  # fmt: skip
    assert (after["dpae"]["state"], after["dpae"]["due_on"]) == ("open", "2026-12-24")
    assert "7 December 2026" in after["dpae"]["why"]["en"]
    assert after["charter-read"]["due_on"] == "2026-12-22"
    back = (await move(app, scene, "2026-12-07")).json()
    assert {one["slug"]: one["state"] for one in back["tasks"]}["dpae"] == "done"
    told = [one["detail"] for one in back["history"] if one["kind"] == "start_moved"]
    assert {(one["from"], one["to"]) for one in told} == {
        ("2026-12-07", "2026-12-28"), ("2026-12-28", "2026-12-07"),
    }  # fmt: skip
    async with app.state.database.transaction() as session:
        letters = await session.scalars(select(Mail.body_text).where(Mail.subject.contains("premier jour")))
        assert sum("Le client décale." in body for body in letters) == 1


async def test_a_first_day_far_away_is_refused_one_on_a_holiday_or_passed_is_taken(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    assert (await move(app, scene, "2026-10-01")).status_code == 422
    assert (await move(app, scene, "2028-10-01")).status_code == 422
    holiday = (await move(app, scene, "2026-12-25")).json()
    assert {one["slug"]: one["due_on"] for one in holiday["tasks"]}["dpae"] == "2026-12-24"
    passed = (await move(app, scene, "2026-11-16")).json()
    late = {one["slug"]: one for one in passed["tasks"]}["dpae"]
    assert (late["is_late"], late["due_on"]) == (True, "2026-11-13")
    async with api(app, scene.recruiter) as client:
        stale = await client.put(
            f"/applications/{scene.application_id}/onboarding/start", json={"start_date": "2026-12-14"},
            headers={"If-Match": '"v1"'},
        )  # fmt: skip
    assert stale.status_code == 412


async def test_both_sides_say_what_became_of_lent_equipment(app: Any, clock: FixedClock) -> None:
    scene = await placed(app, clock)
    found, _ = await listed(app, scene.recruiter, scene)
    loan = found["equipment"][0]["id"]
    async with api(app, scene.candidate) as person, api(app, scene.recruiter) as recruiter:
        assert (await recruiter.put(f"/me/equipment/{loan}/reception", json={})).status_code == 403
        sent = await recruiter.put(f"/equipment/{loan}/sending", json={"note": "Colis 8K"})
        assert (sent.json()["sent_on"], sent.json()["parcel"]) == ("2026-11-24", "Colis 8K")
        assert (await recruiter.delete(f"/equipment/{loan}")).status_code == 409
        there = await person.put(f"/me/equipment/{loan}/reception", json={"note": "Un coin abîmé."})
        assert there.json()["received_note"] == "Un coin abîmé."
        told = (await recruiter.get(f"/candidates/{scene.candidate_id}/readiness")).json()
    state = {slug: one["state"] for slug, one in (await tasks(app, scene)).items()}
    assert (state["equipment-sent"], state["equipment-received"]) == ("done", "done")
    assert "equipment-received" in told["in_place"]
    async with api(app, scene.recruiter) as recruiter:
        url = f"/applications/{scene.application_id}/onboarding/equipment"
        assert (await recruiter.post(url, json={"label": "Casque"})).status_code == 201
    assert (await tasks(app, scene))["equipment-sent"]["state"] == "open"


async def test_a_certificate_must_reach_day_one_and_a_picture_is_taken_back_for_good(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    found = await tasks(app, scene)
    paper = {"file": ("police.pdf", pdf(), "application/pdf")}
    async with api(app, scene.candidate) as client:
        url = f"/me/tasks/{found['home-insurance']['id']}/file"
        aside = f"/onboarding/tasks/{found['home-insurance']['id']}/setting-aside"
        assert (await send(app, scene.recruiter, aside, why=REASON)).json()["state"] == "set_aside"
        early = await client.post(url, data={"holds_until": "2026-12-01"}, files=paper)
        assert [one["pointer"] for one in early.json()["errors"]] == ["/holds_until"]
        kept = await client.post(url, data={"holds_until": "2027-03-31"}, files=paper)
        assert (kept.status_code, kept.json()["state"]) == (200, "done")
        assert (await tasks(app, scene))["home-insurance"]["note"] == ""
        photo = f"/me/tasks/{found['workplace-photo']['id']}/file"
        for sent in (paper, {"file": ("mot.txt", b"bonjour", "text/plain")}):
            unfit = await client.post(photo, files=sent)
            assert (unfit.status_code, "PDF" in unfit.json()["errors"][0]["detail"]) == (422, False)
        large = {"file": ("grand.jpg", b"0" * 11_000_000, "image/jpeg")}
        assert "10" in (await client.post(photo, files=large)).json()["errors"][0]["detail"]
        async with app.state.database.transaction() as session:
            sha256 = (await session.scalars(select(ChecklistFile.sha256))).one()
        assert app.state.files.get(sha256)
        assert (await client.delete(url)).status_code == 204
        assert (await client.delete(url)).status_code == 204
    assert sha256 not in app.state.files.all_hashes()
    assert (await tasks(app, scene))["home-insurance"]["state"] == "open"


async def test_what_is_recorded_elsewhere_closes_its_task(app: Any, clock: FixedClock) -> None:
    scene = await placed(app, clock)
    trainer = await bearer_of_staff(app, clock, Role.TRAINER)
    async with api(app, trainer) as client:
        body = {
            "path": "homeworking-essentials",
            "candidate_id": str(scene.candidate_id),
            "start_date": "2026-11-30",
        }
        assert (
            await client.post("/assignments", json=body, headers={"Idempotency-Key": "k"})
        ).status_code == 201
    for expected in (1, 0):
        async with app.state.database.transaction() as session:
            settled = await checklists.settle_followed(session, editions=load_editions(), now=clock())
        assert settled == expected
    assert (await tasks(app, scene))["paths-assigned"]["state"] == "done"


async def link_of_desk(app: Any, clock: FixedClock, kind: DeskKind) -> str:
    async with app.state.database.transaction() as session:
        desk = Desk(kind=kind, address="x@example.com", locale=Locale.FR, updated_at=clock())
        session.add(desk)
        await session.flush()
        _, token = desks.make_link(session, desk.id, days=14, now=clock())
    return token


async def test_the_link_of_a_desk_opens_and_settles_its_own_tasks_alone(app: Any, clock: FixedClock) -> None:
    scene = await placed(app, clock)
    found = await tasks(app, scene)
    token = await link_of_desk(app, clock, DeskKind.IT)
    async with browser(app) as client:
        page = await client.get(f"/desk/{token}")
        assert page.status_code == 200
        assert "Maïwenn Le Goff" in page.text
        assert "7 rue des Ajoncs" in page.text
        assert "DPAE" not in page.text
        url = f"/desk/{token}/tasks"
        assert (await submit(client, f"{url}/{found['accounts-opened']['id']}", {})).status_code == 303
        for other in ("dpae", "sworn-statement", "first-session"):
            assert (await submit(client, f"{url}/{found[other]['id']}", {"note": "x"})).status_code == 404
        assert (await client.get("/desk/hsd_nobody")).status_code == 404
        clock.move(days=15)
        assert (await client.get(f"/desk/{token}")).status_code == 410
    after = await tasks(app, scene)
    assert after["accounts-opened"]["state"] == "done"
    assert after["dpae"]["state"] == "open"


async def test_payroll_sees_no_home_address_and_another_address_ends_the_links(
    app: Any, clock: FixedClock
) -> None:
    await placed(app, clock)
    token = await link_of_desk(app, clock, DeskKind.PAYROLL)
    administrator = await bearer_of_staff(app, clock, Role.ADMINISTRATOR)
    async with browser(app) as client:
        page = await client.get(f"/desk/{token}")
        assert "DPAE" in page.text
        assert "Ajoncs" not in page.text
        async with api(app, administrator) as office:
            wrong = await office.put("/employer/desks/payroll", json={"address": "pas une adresse"})
            assert wrong.status_code == 422
            new = {"address": "paie@example.com", "locale": "en"}
            assert (await office.put("/employer/desks/payroll", json=new)).json()["locale"] == "en"
        assert (await client.get(f"/desk/{token}")).status_code == 404


async def test_pages_keep_what_was_typed_and_say_what_lacks(app: Any, clock: FixedClock) -> None:
    scene = await placed(app, clock)
    found = await tasks(app, scene)
    here = f"/applications/{scene.application_id}/onboarding"
    async with browser(app, scene.recruiter) as client:
        assert "Maïwenn Le Goff" in (await client.get("/onboarding")).text
        slip = await submit(client, f"{here}/tasks/{found['pack-signed']['id']}/done", {"note": ""})
        assert slip.status_code == 422
        short = await submit(client, f"{here}/tasks/{found['test-call']['id']}/aside", {"why": "Trop court"})
        assert (short.status_code, "Trop court" in short.text) == (422, True)
        assert (
            await submit(client, f"{here}/start", {"start_date": "demain", "version": "1"})
        ).status_code == 422
        call = f"{here}/tasks/{found['welcome-call']['id']}/done"
        unread = await submit(client, call, {"done_on": "hier", "note": "Cap sur lundi"})
        assert (unread.status_code, "par exemple 24/11/2026" in unread.text) == (422, True)
        assert "Cap sur lundi" in unread.text
        assert (await submit(client, call, {"done_on": "23/11/2026"})).status_code == 303
        assert (await tasks(app, scene))["welcome-call"]["done_on"] == "2026-11-23"
        late = await submit(client, call, {"note": "Appelée aussi"})
        assert late.status_code == 303
        assert "est déjà faite" in (await client.get(here)).text
    async with browser(app, scene.candidate) as client:
        assert "Attester" in (await client.get("/me/tasks")).text
        own = f"/me/tasks/{found['sworn-statement']['id']}"
        assert (await client.get(own)).status_code == 200
        slip = await submit(client, own, {"statement-insured": "yes", "name": "Maï"})
        assert slip.status_code == 422
        assert 'value="Maï"' in slip.text


async def test_the_list_of_arrivals_asks_as_many_queries_for_one_as_for_a_hundred(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    found, _ = await listed(app, scene.recruiter, scene)
    statements, asked, shown = Statements(app), [], []
    async with browser(app, scene.recruiter) as client, api(app, scene.recruiter) as machine:
        await machine.put(f"/equipment/{found['equipment'][0]['id']}/sending", json={})
        for number in (1, 3, 100):
            await crowd(app, scene, number)
            statements.sent.clear()
            page = await client.get("/onboarding?show=all")
            asked.append(len(statements.sent))
            shown.append(len(re.findall(r'href="/applications/[^"]+/onboarding"', page.text)))
    assert shown == [1, 3, 25]
    assert len(set(asked)) == 1, asked


async def crowd(app: Any, scene: Scene, number: int) -> None:
    """So many placements in all, each with the tasks and the loan of the first, lent too long."""
    async with app.state.database.transaction() as session:
        lists = list(await session.scalars(select(Checklist)))
        first = next(one for one in lists if one.application_id == scene.application_id)
        first.returns_on = date(2026, 11, 1)
        of_first = [
            one
            for table in (ChecklistTask, EquipmentLoan)
            for one in await session.scalars(select(table).where(table.checklist_id == first.id))
        ]
        person, application = (
            await session.get(Candidate, first.candidate_id),
            await session.get(Application, first.application_id),
        )
        for _ in range(number - len(lists)):
            other = again(person, pseudonym=uuid4().hex[:8], email=f"{uuid4().hex[:8]}@example.com")
            theirs = again(application, candidate_id=other.id)
            listing = again(first, candidate_id=other.id, application_id=theirs.id)
            session.add(other)
            await session.flush()
            session.add(theirs)
            await session.flush()
            session.add(listing)
            await session.flush()
            session.add_all(again(one, candidate_id=other.id, checklist_id=listing.id) for one in of_first)


def again(row: Any, **changes: Any) -> Any:
    """Another row that says the same, but for what is changed."""
    return type(row)(**{**row.model_dump(exclude={"id", "version"}), **changes})
