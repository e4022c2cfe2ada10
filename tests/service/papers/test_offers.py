"""Offers: made, held against the law, sent, answered once; each step by the person it belongs to."""

from typing import Any

import pytest
import sqlalchemy as sa

from service.store.papers import offers
from service.tables.applications import Application, StageChange
from service.tables.people import OneTimeLink
from service.tables.trail import AuditEntry, Mail
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, api, bearer_of_candidate
from tests.service.papers.offering import (
    CIVIL,
    TERMS,
    accept_offer,
    accepted_offer,
    make_offer,
    new_key,
    send_offer,
    set_scene,
)

pytestmark = pytest.mark.anyio


async def test_an_offer_goes_from_a_draft_to_the_persons_yes(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    assert made["state"] == "draft"
    assert made["figures"]["minimum_pay_cents"] == 186_702
    assert {fault["pointer"] for fault in made["to_fix"] if fault["code"] == "absent"} >= {
        "/person/birth_date"
    }
    await send_offer(app, scene, made["id"])
    async with api(app, scene.candidate) as person:
        seen = (await person.get(f"/me/offers/{made['id']}")).json()
        assert seen["state"] == "sent"
        assert seen["figures"]["allowance_cents"] == 5 * seen["figures"]["allowance_rate_cents"]
    clock.move(hours=3)
    await accept_offer(app, scene, made["id"])
    async with api(app, scene.recruiter) as recruiter:
        after = (await recruiter.get(f"/offers/{made['id']}")).json()
    assert after["state"] == "accepted"
    assert after["employer_will_at"] < after["candidate_will_at"]
    async with app.state.database.transaction() as session:
        found = await offers.accepted_for(session, scene.application_id)
        assert found is not None
        assert str(found.id) == made["id"]
        assert (await session.get(Application, scene.application_id)).stage == "offer"
        steps = await session.scalars(sa.select(StageChange.to_stage))
        assert "offer" in set(steps)
        noted = set(await session.scalars(sa.select(AuditEntry.action)))
        assert {"offer.create", "offer.send", "offer.read", "offer.accept"} <= noted


async def test_the_letter_carries_a_link_that_opens_the_offer(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    async with app.state.database.transaction() as session:
        letter = await session.scalar(sa.select(Mail))
        link = await session.scalar(sa.select(OneTimeLink).where(OneTimeLink.purpose == "offer"))
    assert letter.recipient == "maiwenn@example.com"
    assert "http://homeshore.test/links/hsl_" in letter.body_text
    assert str(link.offer_id) == made["id"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"monthly_pay_cents": 150_000}, "/monthly_pay_cents", "below_minimum"),
        ({"trial": {"months": 3}}, "/trial", "inconsistent"),
        ({"duties": []}, "/duties", "absent"),
        ({"start_date": "2026-11-01"}, "/start_date", "past"),
        ({"coefficient": 999}, "/start_date", "no_figure"),
        ({"term": "cdd"}, "/end_date", "absent"),
    ],
)
async def test_what_the_law_does_not_allow_is_not_sent(
    app: Any, clock: FixedClock, changes: dict[str, Any], pointer: str, code: str
) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene, **changes)
    async with api(app, scene.recruiter) as client:
        answer = await client.post(f"/offers/{made['id']}/sending", headers=new_key())
    assert answer.status_code == 422
    assert (pointer, code) in {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}


async def test_fewer_than_24_hours_need_the_persons_own_written_wish(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    short = [{"day": day["day"], "shifts": [{"start": "09:00", "end": "13:00"}]} for day in TERMS["schedule"]]
    made = await make_offer(app, scene, weekly_minutes=1200, schedule=short, monthly_pay_cents=192_000)
    async with api(app, scene.recruiter) as client:
        refused = await client.post(f"/offers/{made['id']}/sending", headers=new_key())
        assert "/weekly_minutes" in {fault["pointer"] for fault in refused.json()["errors"]}
        wish = {"has_asked_fewer_hours": True, "fewer_hours_reason": "demande écrite du 20 novembre : études"}
        edited = await client.patch(f"/offers/{made['id']}", json=wish, headers={"If-Match": '"v1"'})
        assert edited.status_code == 200, edited.text
        sent = await client.post(f"/offers/{made['id']}/sending", headers=new_key())
    assert sent.status_code == 201, sent.text


async def test_an_edit_says_which_version_it_edits(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    async with api(app, scene.recruiter) as client:
        path = f"/offers/{made['id']}"
        assert (await client.patch(path, json={"coefficient": 150})).status_code == 428
        read = await client.get(path)
        first = await client.patch(
            path, json={"coefficient": 150}, headers={"If-Match": read.headers["etag"]}
        )
        assert first.json()["terms"]["coefficient"] == 150
        assert first.headers["etag"] != read.headers["etag"]
        stale = await client.patch(
            path, json={"coefficient": 160}, headers={"If-Match": read.headers["etag"]}
        )
        assert stale.status_code == 412
        await client.post(f"{path}/sending", headers=new_key())
        late = await client.patch(path, json={"coefficient": 160}, headers={"If-Match": "*"})
        assert late.status_code == 409


async def test_the_same_key_makes_one_offer(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    path, key = f"/applications/{scene.application_id}/offers", new_key()
    async with api(app, scene.recruiter) as client:
        assert (await client.post(path, json=TERMS)).status_code == 400
        first = await client.post(path, json=TERMS, headers=key)
        again = await client.post(path, json=TERMS, headers=key)
        assert first.content == again.content
        assert first.headers["location"] == f"/api/v1/offers/{first.json()['id']}"
        other = await client.post(path, json=TERMS, headers=new_key())
        assert other.status_code == 409
        listed = (await client.get("/offers")).json()["items"]
    assert [line["id"] for line in listed] == [first.json()["id"]]


async def test_one_answer_counts(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    await accept_offer(app, scene, made["id"])
    async with api(app, scene.candidate) as person:
        late = await person.post(f"/me/offers/{made['id']}/declination", json={}, headers=new_key())
    assert late.status_code == 409
    assert late.json()["type"] == "/problems/offer-answered"


async def test_a_no_is_kept_with_its_note_and_told(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    async with api(app, scene.candidate) as person:
        answer = await person.post(
            f"/me/offers/{made['id']}/declination", json={"note": "J'ai trouvé plus près."}, headers=new_key()
        )
        assert answer.status_code == 201, answer.text
    async with app.state.database.transaction() as session:
        told = list(await session.scalars(sa.select(Mail).where(Mail.recipient == "recruiter@example.com")))
        assert len(told) == 1
        assert "plus près" in told[0].body_text
        assert await offers.accepted_for(session, scene.application_id) is None


async def test_nobody_accepts_without_wanting_to_work_from_home(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    body = {"wants_to_work_from_home": False, "civil_details": {**CIVIL, "birth_place": "李"}}
    async with api(app, scene.candidate) as person:
        answer = await person.post(f"/me/offers/{made['id']}/acceptance", json=body, headers=new_key())
        assert answer.status_code == 422
        pointers = {fault["pointer"] for fault in answer.json()["errors"]}
        assert pointers == {"/wants_to_work_from_home", "/civil_details/birth_place"}
        assert (await person.get("/me/civil-details")).json()["version"] == 0


async def test_a_withdrawn_offer_cannot_be_accepted(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    async with api(app, scene.recruiter) as client:
        reason = {"reason": "Le client a reporté l'ouverture du programme."}
        assert (await client.post(f"/offers/{made['id']}/withdrawal", json=reason)).status_code == 201
    async with api(app, scene.candidate) as person:
        body = {"wants_to_work_from_home": True, "civil_details": CIVIL}
        answer = await person.post(f"/me/offers/{made['id']}/acceptance", json=body, headers=new_key())
    assert answer.status_code == 410


async def test_others_see_no_offer_and_the_person_no_draft(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    async with api(app, scene.candidate) as person:
        assert (await person.get(f"/me/offers/{made['id']}")).status_code == 404
        assert (await person.get("/me/offers")).json()["items"] == []
    await send_offer(app, scene, made["id"])
    stranger = await add_candidate(app, clock, given_name="Autre", email="autre@example.com")
    async with api(app, await bearer_of_candidate(app, clock, stranger)) as person:
        assert (await person.get(f"/me/offers/{made['id']}")).status_code == 404
        assert (await person.get("/me/offers")).json()["items"] == []


async def test_a_figure_is_confirmed_by_a_named_person_for_its_own_amount(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    assert made["unconfirmed"]
    doubt = made["unconfirmed"][0]
    path = f"/offers/{made['id']}/confirmations"
    async with api(app, scene.recruiter) as client:
        wrong = await client.post(path, json={"figure": doubt["figure"], "amount_cents": 1})
        assert wrong.status_code == 422
        for unprintable in ("deux\nlignes", "李", "un\x07bip"):
            body = {
                "figure": doubt["figure"],
                "amount_cents": doubt["amount_cents"],
                "text_read": unprintable,
            }
            assert (await client.post(path, json=body)).status_code == 422
        body = {"figure": doubt["figure"], "amount_cents": doubt["amount_cents"], "text_read": "Légifrance"}
        first = await client.post(path, json=body)
        again = await client.post(path, json=body)
    assert first.status_code == again.status_code == 201
    kept = again.json()["confirmations"]
    assert [(one["figure"], one["confirmed_by"]) for one in kept] == [(doubt["figure"], "Ada recruiter")]
    assert doubt["figure"] not in {one["figure"] for one in again.json()["unconfirmed"]}


async def test_hostile_terms_are_refused_in_words(app: Any, clock: FixedClock) -> None:
    scene = await set_scene(app, clock)
    path = f"/applications/{scene.application_id}/offers"
    bad = [
        {"coefficient": "140"}, {"start_date": 20_261_207}, {"unknown": 1}, {"monthly_pay_cents": 1.5},
        {"start_time": "09:00Z"}, {"home_days": ["lundi"]}, {"weekly_minutes": 0}, {"start_date": "9999-12-31"},
        {"job_title": "un\x07bip"},
    ]  # fmt: skip
    async with api(app, scene.recruiter) as client:
        for members in bad:
            answer = await client.post(path, json={**TERMS, **members}, headers=new_key())
            assert answer.status_code in (400, 422), (members, answer.text)
            assert answer.json()["errors"], members


async def test_civil_details_are_asked_only_after_a_yes_and_corrected_by_the_person(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    async with api(app, scene.candidate) as person:
        early = await person.put("/me/civil-details", json=CIVIL, headers={"If-Match": '"v0"'})
        assert early.status_code == 409
        await accepted_offer(app, scene)
        read = await person.get("/me/civil-details")
        assert {name: read.json()[name] for name in CIVIL} == CIVIL
        moved = {**CIVIL, "city": "Quimper"}
        assert (await person.put("/me/civil-details", json=moved)).status_code == 428
        kept = await person.put("/me/civil-details", json=moved, headers={"If-Match": read.headers["etag"]})
        assert kept.json()["city"] == "Quimper"
        stale = await person.put("/me/civil-details", json=CIVIL, headers={"If-Match": read.headers["etag"]})
        assert stale.status_code == 412


async def test_an_offer_sent_again_brings_a_fresh_link_and_keeps_the_first_will(
    app: Any, clock: FixedClock
) -> None:
    scene = await set_scene(app, clock)
    made = await make_offer(app, scene)
    await send_offer(app, scene, made["id"])
    clock.move(hours=5)
    async with api(app, scene.recruiter) as client:
        again = (await client.post(f"/offers/{made['id']}/sending", headers=new_key())).json()
    assert again["employer_will_at"].startswith("2026-11-24T12:00")
    async with app.state.database.transaction() as session:
        links = await session.scalar(
            sa.select(sa.func.count()).select_from(OneTimeLink).where(OneTimeLink.purpose == "offer")
        )
    assert links == 2
