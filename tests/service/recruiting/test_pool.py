"""The talent pool: who fits today, letters within the person's yes, live searches, only what is stale."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from service.runtime.vocabulary import Role
from service.tables.applications import Application
from service.tables.assessments import Response
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.assessing.test_assessments import best_answers, instrument_of
from tests.service.cast import (
    PROFILE,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
    submit,
)
from tests.service.papers.offering import new_key

pytestmark = pytest.mark.anyio

POST = {
    "title": "Conseillère",
    "employer_kind": "centre d'appels",
    "months": 30,
    "description": "Appels entrants.",
}
FIT = {
    **PROFILE, "experience": [POST], "equipment": ["ordinateur portable récent", "casque USB"],
    "home": {"wired": True, "dedicated_room": True},
}  # fmt: skip
TOLD = {"is_yes": True, "note": "Au téléphone, le 20 novembre."}


async def _person(app: Any, clock: FixedClock, name: str, **more: Any) -> UUID:
    return await add_candidate(
        app, clock, profile=FIT, given_name=name, email=f"{name.lower()}@example.com", **more
    )


async def _mails(app: Any) -> list[Mail]:
    async with app.state.database.transaction(write=False) as session:
        return list(await session.scalars(select(Mail).order_by(Mail.created_at)))


async def test_a_letter_goes_only_to_who_said_yes_says_why_and_is_never_written_twice(
    app: Any, clock: FixedClock
) -> None:
    agreed, silent = await _person(app, clock, "Lou"), await _person(app, clock, "Max")
    declined = await _person(app, clock, "Zoé")
    programme = await add_programme(app, clock)
    async with api(app, await bearer_of_candidate(app, clock, agreed)) as client:
        said = await client.put("/me/pool", json={"is_yes": True})
        assert (said.status_code, said.json()["channel"]) == (200, "own_space")
    async with api(app, await bearer_of_candidate(app, clock, declined)) as client:
        await client.put("/me/pool", json={"is_yes": False})
    async with api(app, await bearer_of_staff(app, clock)) as client:
        found = (await client.get(f"/programmes/{programme}/pool")).json()
        barriers = {one["candidate_id"]: one["barrier"] for one in found["items"]}
        assert barriers == {str(agreed): None, str(silent): "not_asked", str(declined): "said_no"}
        assert found["items"][0]["match"]["reasons"]
        body = {"candidate_ids": [str(agreed), str(silent), str(declined)]}
        wrote = await client.post(f"/programmes/{programme}/pool/letters", json=body)
        assert wrote.status_code == 201, wrote.text
        assert [one["is_written"] for one in wrote.json()["items"]] == [True, False, False]
        again = (await client.post(f"/programmes/{programme}/pool/letters", json=body)).json()
        assert again["items"][0]["barrier"] == "about_this_already"
        other = await add_programme(app, clock, title="Autre service")
        lately = await client.post(f"/programmes/{other}/pool/letters", json={"candidate_ids": [str(agreed)]})
        assert lately.json()["items"][0]["barrier"] == "written_lately"
    (letter,) = await _mails(app)
    assert letter.recipient == "lou@example.com"
    for words in (
        "vous avez accepté",
        "appels entrants",
        "dire non, sans vous connecter",
        "/interest/hspool_",
    ):
        assert words in letter.body_text


async def test_the_letters_page_takes_yes_and_no_without_signing_in(app: Any, clock: FixedClock) -> None:
    person, programme = await _person(app, clock, "Lou"), await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        noted = await client.post(f"/candidates/{person}/pool", json=TOLD)
        assert noted.status_code == 201, noted.text
        await client.post(f"/programmes/{programme}/pool/letters", json={"candidate_ids": [str(person)]})
        (letter,) = await _mails(app)
        page = re.search(r"/interest/\S+", letter.body_text)[0]
        async with browser(app) as guest:
            shown = await guest.get(page)
            assert "appels entrants" in shown.text
            assert (await submit(guest, page, {"answer": "interested"})).status_code == 303
            assert (await submit(guest, page, {"answer": "no_more"})).status_code == 303
            assert "Nous ne vous écrirons plus" in (await guest.get(page)).text
            assert (await guest.get("/interest/hspool_nothing")).status_code == 404
        choices = (await client.get(f"/candidates/{person}/pool")).json()["items"]
        assert [(one["is_yes"], one["channel"]) for one in choices] == [(False, "letter"), (True, "told")]
    async with app.state.database.transaction(write=False) as session:
        made = await session.scalar(
            select(func.count()).select_from(Application).where(Application.candidate_id == person)
        )
    assert made == 1


async def test_a_yes_holds_two_years_and_a_yes_taken_down_needs_its_where_and_when(
    app: Any, clock: FixedClock
) -> None:
    person, programme = await _person(app, clock, "Lou"), await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        refused = await client.post(f"/candidates/{person}/pool", json={"is_yes": True})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/note")
        await client.post(f"/candidates/{person}/pool", json=TOLD)
    clock.move(minutes=60 * 24 * 731)
    async with api(app, await bearer_of_staff(app, clock, Role.APPROVER)) as client:
        (one,) = (await client.get(f"/programmes/{programme}/pool")).json()["items"]
        assert one["barrier"] == "yes_too_old"
        assert (await client.post(f"/programmes/{programme}/pool/letters",
                                  json={"candidate_ids": [str(person)]})).status_code == 403  # fmt: skip


async def test_a_kept_search_stays_live_and_says_who_is_new_since_the_last_look(
    app: Any, clock: FixedClock
) -> None:
    first = await _person(app, clock, "Lou")
    async with api(app, await bearer_of_staff(app, clock)) as client:
        body = {"name": "Appels", "question": {"skill": "inbound_calls"}}
        kept = await client.post("/searches", json=body)
        assert (kept.status_code, kept.json()["found"], kept.json()["new"]) == (201, 1, 0), kept.text
        assert (await client.post("/searches", json=body)).status_code == 409
        assert (await client.post("/searches", json={"name": "Tout", "question": {}})).status_code == 422
        second = await _person(app, clock, "Max")
        url = f"/searches/{kept.json()['id']}"
        found = (await client.get(url)).json()
        assert [(one["candidate_id"], one["is_new"]) for one in found["people"]] == [
            (str(second), True), (str(first), False),
        ]  # fmt: skip
        assert (await client.post(f"{url}/looks")).json() == {"new": 1}
        (listed,) = (await client.get("/searches")).json()["items"]
        assert (listed["found"], listed["new"]) == (2, 0)
        async with api(app, await bearer_of_staff(app, clock, Role.APPROVER)) as other:
            assert (await other.get(url)).status_code == 404
        assert (await client.delete(url)).status_code == 204
        assert (await client.get("/searches")).json()["items"] == []


async def test_only_what_is_stale_is_asked_again_and_the_rest_keeps_its_own_day(
    app: Any, clock: FixedClock
) -> None:
    person = await _person(app, clock, "Lou")
    slug = "home-workplace"
    async with api(app, await bearer_of_candidate(app, clock, person)) as client:
        begun = await client.post("/me/responses", json={"instrument": slug, "notice_read": True})
        url = f"/me/responses/{begun.json()['id']}"
        await client.put(
            f"{url}/answers", json={"answers": best_answers(instrument_of(slug))},
            headers={"If-Match": begun.headers["etag"]},
        )  # fmt: skip
        sent = await client.post(f"{url}/submission", headers=new_key())
        assert sent.status_code in (200, 201), sent.text
        assert (await client.get("/me/ageing")).json() == {"items": []}
        assert (await client.post(f"/me/ageing/{slug}")).status_code == 409
    clock.move(minutes=60 * 24 * 400)
    async with api(app, await bearer_of_candidate(app, clock, person)) as client:
        (aged,) = (await client.get("/me/ageing")).json()["items"]
        stale = {one["item"] for one in aged["items"]}
        opened = await client.post(f"/me/ageing/{slug}")
        assert opened.status_code == 201, opened.text
        assert (await client.get("/me/ageing")).json() == {"items": []}
    async with app.state.database.transaction(write=False) as session:
        row = await session.get(Response, UUID(opened.json()["response_id"]))
    assert stale
    assert not stale & set(row.answers)
    assert {one["on"] for one in row.carried.values()} == {(clock() - timedelta(days=400)).date().isoformat()}
    assert set(row.carried) == set(row.answers)
    assert row.sitting == 2


async def test_the_pages_lead_from_a_filtered_list_to_a_letter(app: Any, clock: FixedClock) -> None:
    person, programme = (
        await _person(app, clock, "Lou", family_name="Martin"),
        await add_programme(app, clock),
    )
    async with browser(app, await bearer_of_candidate(app, clock, person)) as client:
        assert "pas encore répondu" in (await client.get("/me/pool")).text
        assert (await submit(client, "/me/pool", {"is_yes": "yes"})).status_code == 303
        assert "Oui" in (await client.get("/me/pool")).text
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        assert "Garder cette recherche" in (await client.get("/candidates?skill=appels")).text
        kept = await submit(client, "/pool/searches", {"name": "Appels", "skill": "appels"})
        assert "Lou Martin" in (await client.get(kept.headers["location"])).text
        home = await client.get("/pool")
        assert "Appels" in home.text
        assert f"/programmes/{programme}/pool" in home.text
        listed = await client.get(f"/programmes/{programme}/pool")
        assert "Lou Martin" in listed.text
        assert "A dit oui" in listed.text
        sent = await submit(client, f"/programmes/{programme}/pool", {"person": str(person)})
        assert sent.status_code == 303
        assert "a déjà reçu une lettre" in (await client.get(f"/programmes/{programme}/pool")).text
        assert "Veut bien recevoir des lettres" in (await client.get(f"/candidates/{person}")).text
        looks = await submit(client, f"{kept.headers['location']}/looks", {})
        assert looks.status_code == 303
    assert len(await _mails(app)) == 1
