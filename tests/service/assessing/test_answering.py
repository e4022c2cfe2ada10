"""Answering through the API: every kind of question, time limits, files, editions, on both databases."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from service.flows import erasing
from service.flows.allowances import verifying
from service.flows.assessing import evidence
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role
from service.tables.assessments import Response
from service.tables.evidence import Evidence, EvidenceFile
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.assessing.test_assessments import begun
from tests.service.assessing.trial import ANSWERS, SLUG, give, trial
from tests.service.callers import add_candidate, as_candidate, as_staff
from tests.service.flows.test_judging_files import pdf, picture

pytestmark = pytest.mark.anyio

API = "/api/v1"
KEY = {"Idempotency-Key": "k"}


class Person:
    """One candidate at the API, who has begun the trial questionnaire."""

    def __init__(self, client: httpx.AsyncClient, candidate_id: UUID, response: dict[str, Any]) -> None:
        self.client = client
        self.candidate_id = candidate_id
        self.url = f"{API}/me/responses/{response['id']}"

    async def come_again(self, app: Any, clock: FixedClock) -> None:
        """Sign in again, the last session having ended."""
        self.client = await as_candidate(app, clock, self.candidate_id)

    async def save(self, answers: dict[str, Any], **more: Any) -> httpx.Response:
        body = {"answers": answers, **more}
        return await self.client.put(f"{self.url}/answers", json=body, headers={"If-Match": "*"})

    async def read(self) -> dict[str, Any]:
        return (await self.client.get(self.url)).json()  # type: ignore[no-any-return]

    async def attach(self, content: bytes, item: str = "bill") -> httpx.Response:
        sent = {"file": ("../../facture <b>.exe", content, "text/html")}
        return await self.client.post(f"{self.url}/files/{item}", files=sent)


async def person(app: Any, clock: FixedClock, **more: Any) -> Person:
    if SLUG not in {slug for slug, _ in app.state.editions.instruments}:
        give(app)
    candidate_id = await add_candidate(app, clock, **more)
    client = await as_candidate(app, clock, candidate_id)
    return Person(client, candidate_id, (await begun(client, SLUG)).json())


def faults(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code in (409, 422), answer.text
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


async def test_every_kind_is_answered_and_what_does_not_fit_is_named_with_its_place(
    app: Any, clock: FixedClock
) -> None:
    someone = await person(app, clock)
    bad = {
        "order": ["first", "first", "third"], "act": "shout", "bill": "0" * 32, "down": 9000, "hours": 30,
        "calm": "5", "nobody": 1,
    }  # fmt: skip
    assert faults(await someone.save(bad)) == {
        "/answers/order": "every_once", "/answers/act": "unknown_option", "/answers/bill": "unknown_file",
        "/answers/down": "measured_only", "/answers/hours": "out_of_range", "/answers/calm": "wrong_type",
        "/answers/nobody": "unknown_item",
    }  # fmt: skip
    assert (await someone.read())["answers"] == {}
    kept = await someone.save(ANSWERS, seconds={"order": 41})
    assert kept.status_code == 200, kept.text
    assert (kept.json()["answers"], kept.json()["seconds"]) == (ANSWERS, {"order": 41})
    assert faults(await someone.save({}, seconds={"nowhere": 1})) == {"/seconds/nowhere": "unknown_page"}
    sent = await someone.client.post(f"{someone.url}/submission", headers=KEY)
    assert sent.status_code == 201, sent.text


async def test_after_the_time_what_arrives_first_is_kept_and_then_the_page_is_closed(
    app: Any, clock: FixedClock
) -> None:
    someone = await person(app, clock)
    opening = f"{someone.url}/pages/quick/opening"
    assert (await someone.client.post(f"{someone.url}/pages/none/opening", json={})).status_code == 404
    opened = (await someone.client.post(opening, json={"extra_time_percent": 50})).json()
    (timed,) = opened["timed_pages"]
    assert (timed["seconds"], timed["is_closed"]) == (270, False)
    clock.move(minutes=3)
    again = (await someone.client.post(opening, json={"extra_time_percent": None})).json()
    assert again["timed_pages"] == [timed], "it is begun once"
    clock.move(minutes=2)
    assert (await someone.read())["timed_pages"][0]["is_closed"]
    assert (await someone.save({"calm": 4})).status_code == 200, "typed in time, and the line was slow"
    assert (await someone.save({"calm": 3})).status_code == 200, "still on its way"
    clock.move(minutes=2)
    assert (await someone.save({"calm": 5})).status_code == 200, "kept on a device that had lost its line"
    assert faults(await someone.save({"calm": 1, "act": "wait"})) == {"/answers/calm": "page_closed"}
    found = await someone.read()
    assert found["answers"] == {"calm": 5}
    assert found["progress"]["required_open"] == ["order", "act"], (
        "an open question on a closed page is missing"
    )
    await someone.save({"order": ANSWERS["order"], "act": "listen"})
    sent = await someone.client.post(f"{someone.url}/submission", headers=KEY)
    assert sent.status_code == 201, sent.text
    assert "hours" not in {one["item"] for one in sent.json()["result"]["contributions"] if one["hundredths"]}
    assert sent.json()["score"] > 50, "what is missing is not a zero"


async def test_whoever_wants_no_limit_has_none(app: Any, clock: FixedClock) -> None:
    give(app)
    client = await as_candidate(app, clock, await add_candidate(app, clock))
    body = {"instrument": SLUG, "notice_read": True, "extra_time_percent": None}
    begun_now = (await client.post(f"{API}/me/responses", json=body)).json()
    assert begun_now["timed_pages"][0]["seconds"] is None
    url = f"{API}/me/responses/{begun_now['id']}"
    await client.post(f"{url}/pages/quick/opening", json={"extra_time_percent": None})
    clock.move(hours=9)
    saved = await client.put(f"{url}/answers", json={"answers": {"hours": 1}}, headers={"If-Match": "*"})
    assert saved.status_code == 200
    strange = await client.post(f"{API}/me/responses", json={**body, "extra_time_percent": 7})
    assert strange.status_code == 400


async def test_an_edition_retired_in_mid_answer_stays_that_persons_and_is_said(
    app: Any, clock: FixedClock
) -> None:
    someone = await person(app, clock)
    give(app, trial(), trial("2026-12", date(2026, 12, 1)))
    assert (await someone.read())["is_current_edition"]
    clock.move(days=10)
    await someone.come_again(app, clock)
    found = await someone.read()
    assert (found["edition"], found["is_current_edition"]) == ("2026-11", False)
    assert (await someone.save({"act": "wait"}, edition="2026-11")).status_code == 200
    assert faults(await someone.save({"act": "listen"}, edition="2026-12")) == {"/edition": "other_edition"}
    assert (await someone.read())["answers"] == {"act": "wait"}
    own = await someone.client.get(f"{API}/instruments/{SLUG}?edition=2026-11")
    assert own.json()["edition"] == "2026-11", "it stays readable for whoever began with it"
    assert (await someone.client.get(f"{API}/instruments/{SLUG}")).json()["edition"] == "2026-12"
    assert (await someone.client.get(f"{API}/instruments/{SLUG}?edition=2020-01")).status_code == 404
    later = await as_candidate(app, clock, await add_candidate(app, clock, email="noe@example.com"))
    body = {"instrument": SLUG, "notice_read": True, "edition": "2026-11"}
    assert faults(await later.post(f"{API}/me/responses", json=body)) == {"/edition": "edition_retired"}
    assert (await begun(later, SLUG)).json()["edition"] == "2026-12"


async def test_a_file_is_an_answer_judged_by_its_content_and_gone_with_its_person(
    app: Any, clock: FixedClock
) -> None:
    someone = await person(app, clock)
    first = await someone.attach(picture(size=(30, 20)))
    assert first.status_code == 201, first.text
    assert (first.json()["media_type"], first.json()["file_name"]) == ("image/jpeg", "bill.jpg")
    for content, code in (
        (b"<html>", "file_kind_not_accepted"),
        (picture("PNG"), "file_kind_not_accepted"),
        (b"", "empty_file"),
        (b"0" * 1_100_000, "file_too_large"),
        (b"%PDF-1", "unreadable_file"),
    ):
        assert faults(await someone.attach(content)) == {"/file": code}
    kept = first.json()["id"].replace("-", "")
    assert (await someone.read())["answers"] == {"bill": kept}, (
        "an earlier file stays when the next does not fit"
    )
    assert (await someone.attach(pdf(), "act")).status_code == 404
    second = (await someone.attach(pdf())).json()
    shown = await someone.client.get(f"{API}/me/files/{second['id']}")
    assert shown.headers["content-disposition"] == 'attachment; filename="bill.pdf"'
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.content.startswith(b"%PDF")
    assert (await someone.client.get(f"{API}/me/files/{first.json()['id']}")).status_code == 404
    other = await person(app, clock, given_name="Noé", email="noe@example.com")
    assert (await other.client.get(f"{API}/me/files/{second['id']}")).status_code == 404
    stolen = await other.save({"bill": second["id"].replace("-", "")})
    assert faults(stolen) == {"/answers/bill": "unknown_file"}
    recruiter = await as_staff(app, clock)
    path = f"{API}/candidates/{someone.candidate_id}/files/{second['id']}"
    assert (await recruiter.get(path)).content == shown.content
    assert (
        await recruiter.get(path.replace(str(someone.candidate_id), str(other.candidate_id)))
    ).status_code == 404
    assert (await (await as_staff(app, clock, Role.ADMINISTRATOR)).get(path)).status_code == 403
    assert "evidence_file.read" in await _actions(app, someone.candidate_id)
    removed = await someone.client.delete(f"{someone.url}/files/bill")
    assert (removed.status_code, (await someone.read())["answers"]) == (204, {})


async def _actions(app: Any, candidate_id: UUID) -> list[str]:
    async with app.state.database.transaction() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject_id == str(candidate_id))
        return list(await session.scalars(query))


async def test_files_are_known_to_verify_to_the_sweep_and_to_erasing(app: Any, clock: FixedClock) -> None:
    someone, twin = (
        await person(app, clock),
        await person(app, clock, given_name="Noé", email="noe@example.com"),
    )
    await someone.attach(picture())
    await twin.attach(picture())
    files, settings = app.state.files, app.state.settings
    (sha256,) = files.all_hashes()
    async with app.state.database.transaction() as session:
        found = await verifying.verify_everything(session, files, app.state.editions)
        assert [one for one in found if not one.holds] == []
        clock.move(days=3000)
        assert await erasing.remove_forgotten(session, files=files, settings=settings, now=clock()) == 0
    for one, is_left in ((someone, True), (twin, False)):
        async with app.state.database.transaction() as session:
            erased = await erasing.erase(
                session,
                SYSTEM,
                one.candidate_id,
                files=files,
                reason="À la demande de la personne.",
                now=clock(),
            )
        erasing.remove_files(erased, files=files, settings=settings)
        assert (sha256 in files.all_hashes()) is is_left, (
            "the same bytes are kept as long as somebody has them"
        )
    async with app.state.database.transaction() as session:
        assert list(await session.scalars(select(EvidenceFile))) == []


async def test_staff_records_what_was_seen_and_the_declared_answer_stays(app: Any, clock: FixedClock) -> None:
    someone = await person(app, clock)
    await someone.save({"alarm": False, **ANSWERS})
    recruiter = await as_staff(app, clock)
    url = f"{API}/candidates/{someone.candidate_id}"
    about = {"instrument": SLUG, "item": "alarm"}
    file = await recruiter.post(f"{url}/files", data=about, files={"file": ("x", picture("PNG"))})
    assert file.status_code == 201, file.text
    seen = {**about, "kind": "verified", "known_on": "2026-11-20", "value": True, "note": "Vu par visio.",
            "file_id": file.json()["id"]}  # fmt: skip
    made = await recruiter.post(f"{url}/evidence", json=seen)
    assert made.status_code == 201, made.text
    assert (made.json()["value"], made.json()["recorded_by"]) == (True, "Ada Roche")
    assert (await someone.read())["answers"]["alarm"] is False
    wrong = {**seen, "known_on": "2026-12-24", "value": "oui", "file_id": str(someone.candidate_id)}
    assert set(faults(await recruiter.post(f"{url}/evidence", json=wrong))) == {
        "/known_on",
        "/value",
        "/file_id",
    }
    for item, pointer in (("calm", "/kind"), ("none", "/item")):
        body = {**seen, "item": item, "value": None}
        assert pointer in faults(await recruiter.post(f"{url}/evidence", json=body))
    strange = {**seen, "instrument": "nothing"}
    assert (await recruiter.post(f"{url}/evidence", json=strange)).status_code == 404
    listed = (await recruiter.get(f"{url}/evidence")).json()
    assert [one["id"] for one in listed] == [made.json()["id"]]
    assert {"evidence.record", "evidence.list"} <= set(await _actions(app, someone.candidate_id))
    assert (await someone.client.post(f"{url}/evidence", json=seen)).status_code == 403


async def test_what_was_measured_is_evidence_and_stands_in_the_answers(app: Any, clock: FixedClock) -> None:
    someone = await person(app, clock)

    async def measured(kbps: int) -> None:
        async with app.state.database.transaction() as session:
            await evidence.record_measured(
                session, SYSTEM, someone.candidate_id, {"download_kbps": kbps, "jitter_ms": 3},
                editions=app.state.editions, now=clock(),
            )  # fmt: skip

    await measured(9_000)
    await measured(10_000_000)
    found = await someone.read()
    assert found["answers"] == {"down": 9_000}, "what no line can do is left out"
    clock.move(days=1)
    await someone.come_again(app, clock)
    await measured(12_000)
    await someone.save(ANSWERS)
    sent = await someone.client.post(f"{someone.url}/submission", headers=KEY)
    assert sent.status_code == 201, sent.text
    clock.move(minutes=1)
    await measured(500)
    assert (await someone.read())["answers"]["down"] == 12_000, "what was sent does not change"
    async with app.state.database.transaction() as session:
        rows = [one for one in await session.scalars(select(Evidence)) if one.item == "down"]
        assert sorted(one.value for one in rows) == [500, 9_000, 12_000]
        response = await session.scalar(select(Response))
        response.instrument, response.edition = "gone", "x"
    again = (await begun(someone.client, SLUG)).json()
    assert again["answers"] == {"down": 500}, "what was measured before stands in it at once"
