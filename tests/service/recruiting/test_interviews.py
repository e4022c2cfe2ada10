"""Interviews: one frozen guide, two people who note alone and are shown together, on both databases, API and pages."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from service.flows import erasing
from service.flows.accounts import signing_in
from service.flows.recruiting import applications
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import LinkPurpose, Role, Stage
from service.tables.applications import Application, Decision
from service.tables.interviews import Interview, InterviewNote
from service.tables.people import Staff
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.cast import (
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
    submit,
)

pytestmark = pytest.mark.anyio

SECRET = "Avait un plan écrit, tenu jusqu'au soir"
OTHER_SECRET = "Je n'ai pas entendu de plan"


@dataclass(frozen=True)
class Scene:
    """One application, two recruiters and their interview."""

    application: UUID
    programme: UUID
    person: UUID
    first: str
    second: str


async def _recruiter(app: Any, clock: FixedClock, name: str) -> str:
    async with app.state.database.transaction() as session:
        person = Staff(
            name=name, email=f"{name.lower()}@example.com", role=Role.RECRUITER, created_at=clock()
        )
        session.add(person)
        await session.flush()
        _, link = signing_in.make_link(
            session, purpose=LinkPurpose.SIGN_IN, now=clock(), days=1, staff_id=person.id
        )
        await session.flush()
        return (await signing_in.open_link(session, link, settings=app.state.settings, now=clock())).token


async def _scene(app: Any, clock: FixedClock) -> Scene:
    person = await add_candidate(app, clock, given_name="Aline", family_name="Roche")
    programme = await add_programme(app, clock, channels=["voice"])
    async with app.state.database.transaction() as session:
        made = await applications.create_application(
            session, SYSTEM, candidate_id=person, programme_id=programme, now=clock()
        )
    first, second = [await _recruiter(app, clock, name) for name in ("Béatrice", "Marc")]
    return Scene(made.id, programme, person, first, second)


async def _open(app: Any, scene: Scene) -> dict[str, Any]:
    async with api(app, scene.first) as client:
        made = await client.post(
            f"/applications/{scene.application}/interviews", headers={"Idempotency-Key": "open"}
        )
    assert made.status_code == 201, made.text
    return dict(made.json())


async def _note(
    app: Any, bearer: str, key: str, *, ratings: dict[str, Any], send: bool = False, **notes: str
) -> Any:
    async with api(app, bearer) as client:
        read = await client.get(f"/interviews/{key}")
        saved = await client.put(
            f"/interviews/{key}/notes", json={"ratings": ratings, "notes": notes},
            headers={"If-Match": read.headers["etag"]},
        )  # fmt: skip
        if send and saved.status_code == 200:
            sent = await client.post(
                f"/interviews/{key}/notes/submission", headers={"If-Match": saved.headers["etag"]}
            )
            assert sent.status_code == 200, sent.text
    return saved


async def _everything_seen(app: Any, bearer: str, scene: Scene, key: str) -> str:
    """All that the API and the pages tell one reader about an interview."""
    async with api(app, bearer) as client:
        told = [
            (await client.get(path)).text
            for path in (
                f"/interviews/{key}", f"/applications/{scene.application}/interviews",
                f"/programmes/{scene.programme}/interview-agreement", f"/applications/{scene.application}",
            )
        ]  # fmt: skip
    async with browser(app, bearer) as client:
        told += [
            (await client.get(path)).text
            for path in (
                f"/interviews/{key}", f"/interviews/{key}/paper", "/interviews",
                f"/interviews?programme={scene.programme}",
                f"/applications/{scene.application}", f"/candidates/{scene.person}",
            )
        ]  # fmt: skip
    return "\n".join(told).replace("&#39;", "'")


async def test_a_guide_is_made_once_with_the_core_for_the_programme_and_is_no_decision(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    made = await _open(app, scene)
    core = [one["id"] for one in made["guide"]["questions"] if one["part"] == "core"]
    assert core == ["planning", "steadiness", "contact", "confidentiality"]
    assert all(len(one["anchors"]) == 5 for one in made["guide"]["questions"])
    assert made["is_decision"] is False
    async with api(app, scene.first) as client:
        again = await client.post(
            f"/applications/{scene.application}/interviews", headers={"Idempotency-Key": "open"}
        )
        other = await client.post(
            f"/applications/{scene.application}/interviews", headers={"Idempotency-Key": "more"}
        )
    assert again.json()["id"] == made["id"]
    assert (other.status_code, other.json()["type"].rsplit("/", 1)[-1]) == (409, "interview-open")


async def test_neither_rater_nor_anybody_else_sees_a_note_before_both_are_sent(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    third = await _recruiter(app, clock, "Nadia")
    approver = await bearer_of_staff(app, clock, Role.APPROVER)
    await _note(app, scene.first, key, ratings={"planning": 5}, send=True, planning=SECRET)
    await _note(app, scene.second, key, ratings={"planning": 1}, planning=OTHER_SECRET)
    for reader in (scene.second, third, approver):
        seen = await _everything_seen(app, reader, scene, key)
        assert SECRET not in seen
        assert '"planning":5' not in re.sub(r"\s", "", seen)
    assert OTHER_SECRET not in await _everything_seen(app, scene.first, scene, key)
    assert SECRET in await _everything_seen(app, scene.first, scene, key)
    await _note(app, scene.second, key, ratings={"contact": 2}, send=True)
    for reader in (scene.first, scene.second, third):
        seen = await _everything_seen(app, reader, scene, key)
        assert SECRET in seen
        assert OTHER_SECRET in seen


async def test_both_readings_stand_side_by_side_with_how_far_they_are_apart(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    await _note(app, scene.first, key, ratings={"planning": 4, "contact": 2, "steadiness": 3}, send=True)
    await _note(app, scene.second, key, ratings={"planning": 4, "contact": 5, "steadiness": 4}, send=True)
    async with api(app, scene.first) as client:
        told = (await client.get(f"/interviews/{key}")).json()
    found = told["comparison"]
    assert (found["both"], found["exact"], found["adjacent"], found["further"]) == (3, 1, 1, 1)
    async with browser(app, scene.second) as client:
        page = (await client.get(f"/interviews/{key}")).text
    assert "Identiques\u00a0: 1. À un point\u00a0: 1. Plus loin\u00a0: 1." in page
    assert "à trois points" in page


async def test_notes_are_kept_as_they_are_written_and_never_overwritten_unseen(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    url = f"/interviews/{key}/notes"
    async with api(app, scene.first) as client:
        assert (await client.put(url, json={"ratings": {"planning": 3}})).status_code == 428
        first = await client.put(url, json={"ratings": {"planning": 3}}, headers={"If-Match": '"v0"'})
        more = await client.put(
            url, json={"notes": {"contact": "appelle tôt"}}, headers={"If-Match": first.headers["etag"]}
        )
        assert more.json()["ratings"] == {"planning": 3}
        assert more.json()["notes"] == {"contact": "appelle tôt"}
        stale = await client.put(
            url, json={"ratings": {"planning": 1}}, headers={"If-Match": first.headers["etag"]}
        )
        assert stale.status_code == 412
        cleared = await client.put(
            url, json={"ratings": {"planning": None}}, headers={"If-Match": more.headers["etag"]}
        )
        assert cleared.json()["ratings"] == {"planning": None}


async def test_a_note_that_does_not_fit_the_guide_is_refused_where_it_is_wrong(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    url, head = f"/interviews/{key}/notes", {"If-Match": '"v0"'}
    async with api(app, scene.first) as client:
        odd = await client.put(url, json={"ratings": {"horoscope": 3}}, headers=head)
        assert (odd.status_code, odd.json()["errors"][0]["pointer"]) == (422, "/ratings/horoscope")
        for bad in ({"planning": 6}, {"planning": "5"}, {"planning": True}):
            assert (await client.put(url, json={"ratings": bad}, headers=head)).status_code == 400
        empty = await client.put(url, json={"notes": {"contact": "  "}}, headers=head)
        assert (empty.status_code, empty.json()["type"].rsplit("/", 1)[-1]) == (422, "nothing-written")
        early = await client.post(f"{url}/submission", headers=head)
        assert early.status_code == 422
        assert (await client.get(f"/interviews/{key}")).json()["raters"] == []


async def test_two_people_note_an_interview_and_a_third_takes_no_part(app: Any, clock: FixedClock) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    third = await _recruiter(app, clock, "Nadia")
    for bearer in (scene.first, scene.second):
        assert (await _note(app, bearer, key, ratings={"planning": 3})).status_code == 200
    refused = await _note(app, third, key, ratings={"planning": 5})
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (409, "two-raters")


async def test_sent_notes_no_longer_change_and_a_closed_interview_takes_none(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    async with api(app, scene.first) as client:
        early = await client.post(f"/interviews/{key}/closure", headers={"If-Match": "*"})
        assert early.status_code == 422
    await _note(app, scene.first, key, ratings={"planning": 3}, send=True, planning=SECRET)
    assert (await _note(app, scene.first, key, ratings={"planning": 4})).status_code == 409
    await _note(app, scene.second, key, ratings={"planning": 2}, planning=OTHER_SECRET)
    async with api(app, scene.first) as client:
        closed = await client.post(f"/interviews/{key}/closure", headers={"If-Match": "*"})
    assert closed.status_code == 200, closed.text
    assert [note["ratings"] for note in closed.json()["revealed"]] == [{"planning": 3}]
    assert OTHER_SECRET not in await _everything_seen(app, scene.first, scene, key)
    assert OTHER_SECRET in await _everything_seen(app, scene.second, scene, key)
    assert (await _note(app, scene.second, key, ratings={"planning": 5})).status_code == 409


async def test_nothing_that_is_noted_moves_or_decides_an_application(app: Any, clock: FixedClock) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    for bearer in (scene.first, scene.second):
        ratings = {"planning": 1, "contact": 1, "steadiness": 1, "confidentiality": 1}
        await _note(app, bearer, key, ratings=ratings, send=True)
    async with api(app, scene.first) as client:
        await client.post(f"/interviews/{key}/closure", headers={"If-Match": "*"})
    async with app.state.database.transaction() as session:
        row = await session.get(Application, scene.application)
        assert row.stage is Stage.APPLIED
        assert await session.scalar(select(Decision.id)) is None


async def test_interviews_are_for_who_recruits_within_reach_and_every_reading_is_noted(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    for role in (Role.TRAINER, Role.SUPERVISOR, Role.CLIENT_MANAGER, Role.ADMINISTRATOR):
        async with api(app, await bearer_of_staff(app, clock, role)) as client:
            assert (await client.get(f"/interviews/{key}")).status_code == 403
    async with api(app, await bearer_of_candidate(app, clock, scene.person)) as client:
        assert (await client.get(f"/interviews/{key}")).status_code == 403
    async with app.state.database.transaction() as session:
        before = len(
            list(await session.scalars(select(AuditEntry.id).where(AuditEntry.action == "interview.read")))
        )
    async with api(app, scene.second) as client:
        assert (await client.get(f"/interviews/{key}")).status_code == 200
        assert (await client.get("/interviews/none")).status_code == 404
    async with app.state.database.transaction() as session:
        noted = list(await session.scalars(select(AuditEntry).where(AuditEntry.action == "interview.read")))
    assert len(noted) == before + 1
    assert SECRET not in str([entry.detail for entry in noted])


async def test_agreement_is_told_over_a_programme_or_said_to_be_missing(app: Any, clock: FixedClock) -> None:
    scene = await _scene(app, clock)
    path = f"/programmes/{scene.programme}/interview-agreement"
    async with api(app, scene.first) as client:
        empty = (await client.get(path)).json()
    assert (empty["interviews"], empty["icc"]["value"], empty["alpha"]["value"]) == (0, None, None)
    async with browser(app, scene.first) as client:
        assert (
            "Pas encore d&#39;élément" in (await client.get(f"/interviews?programme={scene.programme}")).text
        )
    key = (await _open(app, scene))["id"]
    ratings = {"planning": 5, "contact": 1, "steadiness": 3, "confidentiality": 4}
    await _note(app, scene.first, key, ratings=ratings, send=True)
    await _note(app, scene.second, key, ratings={**ratings, "steadiness": 4}, send=True)
    async with api(app, scene.first) as client:
        told = (await client.get(path)).json()
    assert (told["interviews"], told["ratings"], told["exact"], told["adjacent"]) == (1, 4, 3, 1)
    assert told["icc"]["n"] == 4
    assert told["icc"]["value"] > 0.9
    assert told["alpha"]["value"] > 0.8


# Pages


async def test_a_recruiter_prepares_notes_and_sends_on_the_page_and_loses_nothing(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    async with browser(app, scene.first) as client:
        opened = await submit(client, f"/applications/{scene.application}/interviews", {})
        assert opened.status_code == 303
        page = opened.headers["location"]
        again = await submit(client, f"/applications/{scene.application}/interviews", {})
        assert again.headers["location"] == f"/applications/{scene.application}"
        text = (await client.get(page)).text
        assert "Racontez une journée de travail" in text
        saved = await submit(
            client, f"{page}/notes",
            {"version": "0", "rating-planning": "4", "note-planning": SECRET, "note-general": "", "go": "save"},
        )  # fmt: skip
        assert saved.headers["location"] == page
        kept = (await client.get(page)).text.replace("&#39;", "'")
        assert SECRET in kept
        assert re.search(r'name="rating-planning" value="4"[^>]*checked', kept)
        stale = await submit(
            client, f"{page}/notes", {"version": "0", "note-contact": "une autre fenêtre", "go": "save"}
        )
        assert stale.status_code == 422
        assert "une autre fenêtre" in stale.text
        assert SECRET in stale.text.replace("&#39;", "'")
        version = re.search(r'name="version" value="(\d+)"', stale.text)
        assert version
        sent = await submit(
            client, f"{page}/notes",
            {"version": version[1], "note-contact": "une autre fenêtre", "go": "send"},
        )  # fmt: skip
        assert sent.status_code == 303
        shown = (await client.get(page)).text
        assert "Vos notes, envoyées" in shown
        assert "une autre fenêtre" in shown
        assert "Entretien du" in (await client.get(f"/applications/{scene.application}")).text


async def test_a_draft_is_kept_while_it_is_written_and_says_so(app: Any, clock: FixedClock) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    async with browser(app, scene.first) as client:
        kept = await submit(client, f"/interviews/{key}/draft", {"version": "0", "note-planning": "un mot"})
        assert "Enregistré à" in kept.text
        assert 'value="1"' in kept.text or 'value="2"' in kept.text
        stale = await submit(client, f"/interviews/{key}/draft", {"version": "0", "note-planning": "deux"})
        assert "autre fenêtre" in stale.text
        assert "un mot" in (await client.get(f"/interviews/{key}")).text


async def test_sending_without_a_rating_keeps_what_was_written_and_asks_for_one(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    async with browser(app, scene.first) as client:
        asked = await submit(
            client, f"/interviews/{key}/notes", {"version": "0", "note-planning": "un mot", "go": "send"}
        )
        assert asked.status_code == 422
        assert "Notez au moins une question" in asked.text
        assert "un mot" in (await client.get(f"/interviews/{key}")).text
        odd = await submit(
            client, f"/interviews/{key}/notes", {"version": "1", "rating-horoscope": "3", "go": "save"}
        )
        assert odd.status_code == 422


async def test_the_printed_guide_holds_questions_and_anchors_and_no_note(app: Any, clock: FixedClock) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    await _note(app, scene.first, key, ratings={"planning": 3}, planning=SECRET)
    async with browser(app, scene.first) as client:
        text = (await client.get(f"/interviews/{key}/paper")).text.replace("&#39;", "'")
    assert "Un ordre choisi et tenu" in text
    assert SECRET not in text


async def test_a_list_of_interviews_costs_the_same_number_of_queries_whatever_its_length(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    counts = []
    for _ in range(2):
        key = (await _open(app, scene) if not counts else await _another(app, clock, scene))["id"]
        await _note(app, scene.first, key, ratings={"planning": 3}, send=True)
        counts.append(await _queries(app, scene.first, "/interviews"))
    assert counts[0] == counts[1]


async def _another(app: Any, clock: FixedClock, scene: Scene) -> dict[str, Any]:
    person = await add_candidate(app, clock, given_name="Omar", family_name="Belkacem")
    async with app.state.database.transaction() as session:
        made = await applications.create_application(
            session, SYSTEM, candidate_id=person, programme_id=scene.programme, now=clock()
        )
    async with api(app, scene.first) as client:
        opened = await client.post(f"/applications/{made.id}/interviews", headers={"Idempotency-Key": "next"})
    return dict(opened.json())


async def _queries(app: Any, bearer: str, path: str) -> int:
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    engine = app.state.database.engine.sync_engine
    async with browser(app, bearer) as client:
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert (await client.get(path)).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if one.lstrip().upper().startswith("SELECT")])


async def test_a_note_longer_than_is_kept_is_refused_with_every_word_still_on_the_page(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    long = "mot " * 600 + "dernier"
    async with browser(app, scene.first) as client:
        refused = await submit(
            client, f"/interviews/{key}/notes", {"version": "0", "note-planning": long, "go": "save"}
        )
    assert refused.status_code == 422
    assert long in refused.text


async def test_erasing_a_person_takes_interviews_and_notes_along(app: Any, clock: FixedClock) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    await _note(app, scene.first, key, ratings={"planning": 3}, send=True, planning=SECRET)
    async with app.state.database.transaction() as session:
        await erasing.erase(
            session, SYSTEM, scene.person, files=app.state.files, reason="à sa demande", now=clock()
        )
    async with app.state.database.transaction() as session:
        assert await session.scalar(select(Interview.id)) is None
        assert await session.scalar(select(InterviewNote.id)) is None


async def test_a_closed_interview_writes_what_both_read_alike_into_the_skills(
    app: Any, clock: FixedClock
) -> None:
    scene = await _scene(app, clock)
    key = (await _open(app, scene))["id"]
    await _note(app, scene.first, key, ratings={"planning": 4, "contact": 2, "steadiness": 1}, send=True)
    await _note(app, scene.second, key, ratings={"planning": 5, "contact": 5, "steadiness": 1}, send=True)
    async with api(app, scene.first) as client:
        closed = await client.post(f"/interviews/{key}/closure", headers={"If-Match": "*"})
        assert closed.status_code == 200, closed.text
        found = (await client.get(f"/candidates/{scene.person}/ledger")).json()["skills"]
    lines = {one["skill"]: [line["level"] for line in one["lines"]] for one in found if one["lines"]}
    assert lines == {"organisation": [3]}
