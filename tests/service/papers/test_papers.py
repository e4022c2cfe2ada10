"""Papers: named when something is missing, numbered once, drawn once, read by those they concern."""

import asyncio
import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from service.flows.allowances import verifying
from service.flows.papers import deadlines, papers
from service.flows.papers.papers_facts import issuable
from service.runtime.vault import Vault, installation_vault
from service.runtime.vocabulary import Role
from service.store.papers.number_series import next_number
from service.store.retention import files_in_use
from service.tables.papers import Deadline, IssuedPaper, NumberSeries, SocialNumber
from service.tables.trail import AuditEntry, Mail, Outbox
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, api, bearer_of_candidate, bearer_of_staff
from tests.service.papers.issuing import OCCUPATION, draw, example, issue, valid_number, wish
from tests.service.papers.offering import accepted_offer, make_offer, new_key, send_offer, set_scene

pytestmark = pytest.mark.anyio


async def _last_number(app: Any) -> int:
    async with app.state.database.transaction(write=False) as session:
        return await session.scalar(sa.select(NumberSeries.last_number)) or 0


async def test_every_kind_is_listed_with_its_schema_and_its_mentions(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    async with api(app, scene.recruiter) as client:
        items = {one["kind"]: one for one in (await client.get("/papers/kinds")).json()["items"]}
    assert {kind.value for kind in issuable()} == set(items)
    letter = items["occupation_letter"]
    assert letter["details"]["properties"]["work_area"]["title"] == "Espace occupé"
    assert letter["mentions_edition"] == "2026-11"
    assert {"article", "mention", "fields", "when"} == set(letter["mentions"][0])


async def test_what_is_missing_is_named_with_its_article_and_takes_no_number(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock, with_employer=False)
    url = f"/applications/{scene.application_id}/papers"
    async with api(app, scene.recruiter) as client:
        checked = (await client.post(f"{url}/check", json=wish(details={}))).json()
        refused = await client.post(url, json=wish(details={}), headers=new_key())
    assert not checked["may_be_issued"]
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/paper-incomplete"
    found = {fault["pointer"]: fault["detail"] for fault in refused.json()["errors"]}
    assert {"/employer/name", "/details/work_area"} <= set(found)
    assert {one["pointer"] for one in checked["missing"]} == set(found)
    assert all(one["article"] and one["remedy"] for one in checked["missing"])
    assert await _last_number(app) == 0
    async with app.state.database.transaction(write=False) as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(IssuedPaper)) == 0
        assert await session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 0


UNFIT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"no_such_detail": 1}, "/details/no_such_detail"),
    ({"start": "2026-02-30"}, "/details/start"),
    ({"start": "0001-01-01"}, "/details/start"),
    ({"start": "9999-12-31"}, "/details/start"),
    ({"agreed_cents": "beaucoup"}, "/details/agreed_cents"),
    ({"basis": "magic"}, "/details/basis"),
    ({"work_area": "a" * 100_000}, "/details/work_area"),
    ({"work_area": "漢字"}, "/details/work_area"),
    ({"work_area": ["[" * 30]}, "/details/work_area"),
    ({"work_m2": "63"}, "/details/work_m2"),
)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_detail_that_does_not_fit_is_named_and_takes_no_number(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    async with api(app, scene.recruiter) as client:
        for changes, pointer in UNFIT:
            body = wish(details={**OCCUPATION, **changes})
            url = f"/applications/{scene.application_id}/papers"
            answer = await client.post(url, json=body, headers=new_key())
            assert answer.status_code == 422, (changes, answer.text)
            assert pointer in [fault["pointer"] for fault in answer.json()["errors"]], changes
    assert await _last_number(app) == 0


async def test_what_people_write_is_text_on_paper(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    hostile = '<img src="http://elsewhere.example/x.png"><script>x()</script>'
    made = await issue(app, scene, wish(details={**OCCUPATION, "work_area": hostile}))
    async with app.state.database.transaction() as session:
        plan = await papers.plan_of(session, UUID(made["id"]), vault=installation_vault(app.state.settings))
    assert plan is not None
    assert "<script>x" not in plan.html
    assert '<img src="http' not in plan.html
    assert "&lt;script&gt;" in plan.html


async def test_a_paper_is_issued_once_and_keeps_what_it_says(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    offer_id = await accepted_offer(app, scene)
    key, url = new_key(), f"/applications/{scene.application_id}/papers"
    async with api(app, scene.recruiter) as client:
        first = await client.post(url, json=wish(), headers=key)
        again = await client.post(url, json=wish(), headers=key)
        assert first.status_code == 201, first.text
        assert first.content == again.content
        made = first.json()
        assert first.headers["location"] == f"/api/v1/papers/{made['id']}"
        same = (await client.post(url, json=wish(), headers=new_key())).json()
        other = (
            await client.post(url, json=wish(details={**OCCUPATION, "agreed_cents": 3100}), headers=new_key())
        ).json()
        listed = (await client.get(url)).json()["items"]
    assert (made["reference"], made["number"], made["state"]) == ("DOC-2026-00001", 1, "requested")
    assert (made["offer_id"], made["template_edition"], made["mentions_edition"]) == (
        offer_id, "2026-11", "2026-11",
    )  # fmt: skip
    assert same["id"] == made["id"], "what says the same is the same paper"
    assert other["reference"] == "DOC-2026-00002"
    assert [one["id"] for one in listed] == [other["id"], made["id"]]
    async with app.state.database.transaction(write=False) as session:
        asked = list(await session.scalars(sa.select(Outbox.subject_id).where(Outbox.kind == "paper")))
        row = await session.get(IssuedPaper, UUID(made["id"]))
        noted = list(await session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "paper.issue")))
    assert sorted(map(str, asked)) == sorted([made["id"], other["id"]])
    assert row.facts["person"]["last_name"] == "Le Goff"
    assert row.facts["details"]["agreed_cents"] == 3000
    assert noted[0].detail["number"] == "DOC-2026-00001"


async def test_a_paper_is_read_by_those_it_concerns_and_never_drawn_again(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    stranger = await bearer_of_candidate(
        app, clock, await add_candidate(app, clock, given_name="Autre", email="autre@example.com")
    )
    made = await issue(app, scene)
    paths = (f"/papers/{made['id']}", f"/papers/{made['id']}/content")
    async with api(app, scene.candidate) as person:
        assert [(await person.get(path)).status_code for path in paths] == [404, 404]
        assert (await person.get("/me/papers")).json()["items"] == []
    content = await draw(app, clock, made["id"])
    async with api(app, scene.candidate) as person:
        (own,) = (await person.get("/me/papers")).json()["items"]
        answer = await person.get(own["content"].removeprefix("/api/v1"))
    assert answer.content == content
    assert hashlib.sha256(content).hexdigest() == own["sha256"]
    assert "doc-2026-00001-indemnite-occupation.pdf" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    async with api(app, stranger) as other:
        assert [(await other.get(path)).status_code for path in paths] == [404, 404]
    administrator = await bearer_of_staff(app, clock, Role.ADMINISTRATOR)
    async with api(app, administrator) as other:
        assert [(await other.get(path)).status_code for path in paths] == [403, 403]
    async with app.state.database.transaction() as session:
        row = await session.get(IssuedPaper, UUID(made["id"]))
        assert row.plan is None
        told = await session.scalars(sa.select(Mail).where(Mail.subject == "Un document vous attend"))
        assert len(list(told)) == 1
        assert row.file_sha256 in await files_in_use(session)
        found = await verifying.verify_everything(session, app.state.files, app.state.editions)
    assert all(one.holds for one in found), [one for one in found if not one.holds]


async def test_a_paper_that_could_not_be_drawn_keeps_its_number_and_is_drawn_again(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    made = await issue(app, scene)
    async with app.state.database.transaction() as session:
        await papers.give_up(session, UUID(made["id"]), cause="La mise en page a échoué.")
        row = await session.scalar(sa.select(Outbox).where(Outbox.kind == "paper"))
        row.done_at, row.failure = clock(), "PdfError"
    async with api(app, scene.recruiter) as client:
        failed = (await client.get(f"/papers/{made['id']}")).json()
        assert (failed["state"], failed["failure"]) == ("failed", "La mise en page a échoué.")
        assert (await client.post(f"/papers/{made['id']}/drawing")).status_code == 200
        assert (await client.post(f"/papers/{made['id']}/drawing")).status_code == 409
        await draw(app, clock, made["id"])
        ready = (await client.get(f"/papers/{made['id']}")).json()
    assert (ready["state"], ready["failure"], ready["reference"]) == ("ready", "", made["reference"])


async def test_a_token_and_an_approver_issue_nothing(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    approver = await bearer_of_staff(app, clock, Role.APPROVER)
    url = f"/applications/{scene.application_id}/papers"
    for bearer in (approver, scene.candidate):
        async with api(app, bearer) as client:
            assert (await client.post(url, json=wish(), headers=new_key())).status_code == 403


async def test_a_paper_before_any_offer_says_what_is_known(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    async with api(app, scene.recruiter) as client:
        url = f"/applications/{scene.application_id}/papers/check"
        checked = await client.post(url, json=wish("employment_contract", {}))
    assert checked.status_code == 200
    pointers = {one["pointer"] for one in checked.json()["missing"]}
    assert "/person/first_name" not in pointers
    assert "/offer/start_date" in pointers


async def test_a_contract_is_issued_alone_once_its_figures_are_confirmed(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    made = await issue(app, scene, wish("employment_contract", {}))
    assert made["title"].startswith("Contrat de travail")
    async with app.state.database.transaction(write=False) as session:
        row = await session.get(IssuedPaper, UUID(made["id"]))
    assert row.facts["confirmations"], "what the offer's confirmations vouch for stands in the record"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_hiring_is_declared_by_a_file_with_the_number_opened_for_it(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    async with api(app, scene.candidate) as person:
        await person.put("/me/social-number", json={"number": valid_number()})
    sheet = example("dpae_sheet", number=1)
    sheet["details"] |= {"start_date": "2026-12-01", "accepted_on": "2026-11-24"}
    made, other = await issue(app, scene, sheet), await issue(app, scene)
    path = f"/papers/{made['id']}/declaration"
    async with api(app, scene.recruiter) as client:
        declared = await client.get(path)
        assert (await client.get(f"/papers/{other['id']}/declaration")).status_code == 404
        clock.move(days=30)
        late = await client.get(path)
    assert declared.headers["content-type"].startswith("application/xml")
    assert valid_number()[:13].encode() in declared.content
    assert late.status_code in (401, 422), "after the hiring, or after the session"
    async with api(app, scene.candidate) as person:
        assert (await person.get(path)).status_code in (401, 403)
    async with app.state.database.transaction(write=False) as session:
        actions = list(await session.scalars(sa.select(AuditEntry.action)))
    assert actions.count("declaration.download") == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_every_kind_is_issued_for_one_hiring_and_the_sealed_number_only_for_its_declaration(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    async with api(app, scene.candidate) as person:
        await person.put("/me/social-number", json={"number": valid_number()})
    url, issued = f"/applications/{scene.application_id}/papers", {}
    async with api(app, scene.recruiter) as client:
        for kind in issuable():
            refusals = []
            for number in range(3):
                body = example(kind.value, number=number)
                checked = (await client.post(f"{url}/check", json=body)).json()
                body["confirmations"] = [
                    {"figure": one["figure"], "amount_cents": one["amount_cents"], "text_read": "lu"}
                    for one in checked["unconfirmed"]
                ]
                answer = await client.post(url, json=body, headers=new_key())
                if answer.status_code == 201:
                    issued[kind.value] = answer.json()
                    break
                refusals.append(answer.text)
            assert kind.value in issued, refusals
    assert [one["number"] for one in issued.values()] == list(range(1, len(issued) + 1))
    async with app.state.database.transaction(write=False) as session:
        rows = {row.kind: row for row in await session.scalars(sa.select(IssuedPaper))}
    for kind, row in rows.items():
        assert valid_number() not in json.dumps([row.facts, row.plan]), kind
    assert set(rows["dpae_sheet"].plan) == {"sealed"}
    content = await draw(app, clock, issued["dpae_sheet"]["id"])
    async with api(app, scene.recruiter) as client:
        told = (await client.get(f"/papers/{issued['dpae_sheet']['id']}")).json()
        read = await client.get(f"/papers/{issued['dpae_sheet']['id']}/content")
    assert read.content == content
    assert told["sha256"] is None, "a hash of the whole page would say too much of its number"
    async with app.state.database.transaction(write=False) as session:
        row = await session.get(IssuedPaper, UUID(issued["dpae_sheet"]["id"]))
    assert not app.state.files.get(row.file_sha256).startswith(b"%PDF")


async def test_numbers_follow_one_another_and_a_rollback_gives_its_number_back(
    app: Any, clock: FixedClock
) -> None:
    class ChangedMindError(Exception):
        pass

    taken = []
    for fails in (False, True, False, True, True, False):
        try:
            async with app.state.database.transaction() as session:
                number = await next_number(session, "T", year=2026)
                if fails:
                    raise ChangedMindError
                taken.append(number)
        except ChangedMindError:
            continue
    async with app.state.database.transaction() as session:
        assert await next_number(session, "T", year=2027) == 1
    assert taken == [1, 2, 3]


async def test_issuers_at_the_same_time_get_consecutive_numbers(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    url = f"/applications/{scene.application_id}/papers"

    async def one(number: int) -> dict[str, Any]:
        body = wish(details={**OCCUPATION, "agreed_cents": 3000 + number})
        if number % 4 == 3:
            body = wish(details={**OCCUPATION, "work_area": None})
        async with api(app, scene.recruiter) as client:
            answer = await client.post(url, json=body, headers=new_key())
        return {"status": answer.status_code, **answer.json()}

    answers = await asyncio.gather(*(one(number) for number in range(12)))
    issued = [each["number"] for each in answers if each["status"] == 201]
    assert sorted(issued) == list(range(1, 10)), "nine issued, three refused, no number lost"
    assert sum(each["status"] == 422 for each in answers) == 3


async def test_numbers_are_taken_one_after_the_other_by_transactions_that_overlap(
    app: Any, clock: FixedClock
) -> None:
    """Twenty takers, every third of which gives up after it had its number, each with a pause in between."""

    async def take(number: int) -> int:
        async with app.state.database.transaction() as session:
            taken = await next_number(session, "T", year=2026)
            await asyncio.sleep(0.01)
            if number % 3 == 2:
                await session.rollback()
                return 0
            return taken

    found = await asyncio.gather(*(take(number) for number in range(20)))
    assert sorted(one for one in found if one) == list(range(1, 15))


async def test_dates_of_a_paper_become_tasks_that_are_reminded_of_and_noted(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    made = await issue(app, scene)
    async with app.state.database.transaction() as session:
        for number, (holder, days) in enumerate((("employer", 2), ("person", 2), ("employer", 20))):
            session.add(
                Deadline(
                    paper_id=UUID(made["id"]), application_id=scene.application_id,
                    candidate_id=scene.candidate_id, what=f"Tâche {number}",
                    due_on=clock.now.date() + timedelta(days=days),
                    article="R1221-34", holder=holder,
                )
            )  # fmt: skip
    for _ in range(2):
        async with app.state.database.transaction() as session:
            await deadlines.remind_due(session, settings=app.state.settings, now=clock())
    async with app.state.database.transaction(write=False) as session:
        written = list(await session.scalars(sa.select(Mail).where(Mail.subject == "Une échéance approche")))
    assert sorted(one.recipient for one in written) == ["maiwenn@example.com", "recruiter@example.com"]
    async with api(app, scene.recruiter) as client:
        items = (await client.get("/deadlines")).json()["items"]
        assert [one["due_on"] for one in items] == sorted(one["due_on"] for one in items)
        first = next(one for one in items if one["what"] == "Tâche 0")
        for _ in range(2):
            done = await client.post(f"/deadlines/{first['id']}/done")
            assert done.status_code == 200
        assert done.json()["done_by_name"] == "Ada recruiter"
        left = (await client.get("/deadlines")).json()["items"]
        seen_to = (await client.get("/deadlines?is_done=true")).json()["items"]
        pages = [(await client.get("/deadlines?limit=1")).json()]
        while pages[-1]["next"]:
            pages.append((await client.get(f"/deadlines?limit=1&cursor={pages[-1]['next']}")).json())
    assert first["id"] not in [one["id"] for one in left]
    assert [one["id"] for one in seen_to] == [first["id"]]
    assert [one["id"] for page in pages for one in page["items"]] == [one["id"] for one in left]
    stranger = await bearer_of_staff(app, clock, Role.TRAINER)
    async with api(app, stranger) as client:
        assert (await client.get("/deadlines")).status_code == 403


async def test_the_social_security_number_is_asked_late_kept_sealed_and_its_reading_noted(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    async with api(app, scene.candidate) as person:
        early = await person.put("/me/social-number", json={"number": valid_number()})
        assert early.status_code == 409
    async with api(app, scene.recruiter) as client:
        await client.post(
            f"/offers/{made['id']}/withdrawal", json={"reason": "Une autre offre va suivre bientôt."}
        )
    await accepted_offer(app, scene)
    async with api(app, scene.candidate) as person:
        wrong = await person.put("/me/social-number", json={"number": valid_number()[:-2] + "00"})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/number")
        given = await person.put("/me/social-number", json={"number": valid_number()})
        assert given.json()["number"] == f"• •• •• •• ••• ••• {valid_number()[-2:]}"
        assert (await person.get("/me/social-number")).json() == given.json()
    async with api(app, scene.recruiter) as client:
        shown = await client.get(f"/candidates/{scene.candidate_id}/social-number")
    assert shown.json()["number"] == valid_number()
    approver = await bearer_of_staff(app, clock, Role.APPROVER)
    async with api(app, approver) as client:
        assert (await client.get(f"/candidates/{scene.candidate_id}/social-number")).status_code == 403
    async with app.state.database.transaction(write=False) as session:
        row = await session.scalar(sa.select(SocialNumber))
        actions = list(await session.scalars(sa.select(AuditEntry.action)))
    assert valid_number().encode() not in row.sealed
    assert actions.count("social_number.reveal") == 1
    with pytest.raises(Exception, match="does not open"):
        Vault(bytes(32)).open(row.sealed, about=f"social_number/{scene.candidate_id}")
    with pytest.raises(Exception, match="does not open"):
        installation_vault(app.state.settings).open(row.sealed, about="social_number/somebody-else")
