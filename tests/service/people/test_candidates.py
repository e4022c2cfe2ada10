"""People through the API: enter, list, read, correct; on both databases."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from service.runtime.vocabulary import Role
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.cast import (
    PROFILE,
    add_candidate,
    add_programme,
    api,
    bearer_of_candidate,
    bearer_of_staff,
    browser,
)

pytestmark = pytest.mark.anyio


async def test_a_person_is_entered_read_and_corrected(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        created = await client.post(
            "/candidates",
            json={
                "given_name": "Zoé",
                "family_name": "d'Éon",
                "profile": PROFILE,
                "programme_ids": [str(programme)],
            },
        )
        assert created.status_code == 201, created.text
        body = created.json()
        assert {skill["phrase"] for skill in body["skills"]} >= {"appels entrants"}
        read = await client.get(f"/candidates/{body['id']}")
        assert read.json()["family_name"] == "d'Éon"
        assert read.json()["profile"]["availability"][0] == {"day": 1, "from": "09:00", "to": "17:00"}
        edited = await client.patch(
            f"/candidates/{body['id']}",
            json={"profile": {"skills": ["anglais courant"]}},
            headers={"If-Match": read.headers["etag"]},
        )
        assert edited.status_code == 200, edited.text
        assert edited.json()["profile"]["headline"] == PROFILE["headline"]
        assert not any(skill["phrase"] == "appels entrants" for skill in edited.json()["skills"])
        stale = await client.patch(
            f"/candidates/{body['id']}", json={"phone": "1"}, headers={"If-Match": read.headers["etag"]}
        )
        assert stale.status_code == 412
        assert (await client.patch(f"/candidates/{body['id']}", json={"phone": "1"})).status_code == 428


async def test_the_page_names_languages_and_never_their_codes(app: Any, clock: FixedClock) -> None:
    said = [{"code": "fr", "cefr": "C2"}, {"code": "pt-BR", "text": "courant"}, {"text": "un peu d'espagnol"}]
    person = await add_candidate(app, clock, profile={**PROFILE, "languages": said})
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        french = (await client.get(f"/candidates/{person}")).text
        english = (await client.get(f"/candidates/{person}", headers={"Accept-Language": "en"})).text
    assert "français C2, portugais courant, un peu d&#39;espagnol" in french
    assert "French C2" in english


async def test_reading_a_file_leaves_a_trace_and_an_administrator_reads_none(
    app: Any, clock: FixedClock
) -> None:
    person = await add_candidate(app, clock, given_name="Ines")
    async with api(app, await bearer_of_staff(app, clock)) as client:
        assert (await client.get(f"/candidates/{person}")).status_code == 200
    async with app.state.database.transaction() as session:
        actions = await session.scalars(
            select(col(AuditEntry.action)).where(col(AuditEntry.subject_id) == str(person))
        )
        assert "candidate.read" in set(actions)
    async with api(app, await bearer_of_staff(app, clock, Role.ADMINISTRATOR)) as client:
        assert (await client.get(f"/candidates/{person}")).status_code == 403


async def test_a_candidate_reaches_the_own_file_and_no_other(app: Any, clock: FixedClock) -> None:
    own = await add_candidate(app, clock, given_name="Ines")
    other = await add_candidate(app, clock, given_name="Karim", email="karim@example.com")
    async with api(app, await bearer_of_candidate(app, clock, own)) as client:
        assert (await client.get(f"/candidates/{own}")).status_code == 200
        refused = await client.get(f"/candidates/{other}")
        assert refused.status_code == 404
        assert "karim" not in refused.text.lower()
        assert (await client.get("/candidates")).status_code == 403


@pytest.mark.parametrize(
    "sort", ["created_at", "-created_at", "name", "-name", "-autonomy_score", "-match_score"]
)
async def test_every_order_pages_through_everybody_once(app: Any, clock: FixedClock, sort: str) -> None:
    for name in ("Awa", "Bruno", "Chloé", "Dov", "Élise"):
        clock.move(seconds=1)
        await add_candidate(app, clock, given_name=name, family_name="Martin")
    seen: list[str] = []
    async with api(app, await bearer_of_staff(app, clock)) as client:
        path = f"/candidates?limit=2&sort={sort}"
        while path:
            answer = await client.get(path)
            assert answer.status_code == 200, answer.text
            seen += [item["given_name"] for item in answer.json()["items"]]
            following = answer.json()["next"]
            assert ("link" in answer.headers) is (following is not None)
            path = f"/candidates?limit=2&sort={sort}&cursor={following}" if following else ""
    assert sorted(seen) == ["Awa", "Bruno", "Chloé", "Dov", "Élise"]
    if sort == "name":
        assert seen == ["Awa", "Bruno", "Chloé", "Dov", "Élise"]


async def test_filters_find_by_words_skill_stage_and_programme(app: Any, clock: FixedClock) -> None:
    programme = await add_programme(app, clock)
    awa = await add_candidate(app, clock, given_name="Awa", family_name="N'Diaye")
    await add_candidate(app, clock, given_name="Bruno", profile={**PROFILE, "skills": ["jardinage"]})
    async with api(app, await bearer_of_staff(app, clock)) as client:
        answer = await client.post(
            "/applications", json={"candidate_id": str(awa), "programme_id": str(programme)}
        )
        assert answer.status_code == 201, answer.text

        async def names(query: str) -> list[str]:
            found = await client.get(f"/candidates?{query}")
            assert found.status_code == 200, found.text
            return [item["given_name"] for item in found.json()["items"]]

        assert await names("q=ndiaye") == []
        assert await names("q=diaye") == ["Awa"]
        assert await names("q=N'Diaye") == ["Awa"]
        assert await names("q=%25") == []
        assert await names("q=_") == []
        assert await names("q=%00") != []
        assert await names("skill=jardinage") in ([], ["Bruno"])
        assert await names("stage=applied") == ["Awa"]
        assert await names(f"programme={programme}") == ["Awa"]
        assert await names(f"programme={uuid4()}") == []
        assert await names("min_score=50") == []


async def test_bad_questions_are_refused_in_words(app: Any, clock: FixedClock) -> None:
    async with api(app, await bearer_of_staff(app, clock)) as client:
        for query in ("limit=0", "limit=1000000000", "sort=email", "stage=fired", "min_score=1e9"):
            assert (await client.get(f"/candidates?{query}")).status_code == 400, query
        for query in ("cursor=abc", "cursor=%00", "cursor=" + "A" * 5000):
            assert (await client.get(f"/candidates?{query}")).status_code == 422, query
        for path in ("0", "-1", "%00", "..%2f", str(uuid4()).upper(), "x" * 10_000, "🦀"):
            assert (await client.get(f"/candidates/{path}")).status_code == 404, path[:40]
        unknown = await client.post("/candidates", json={"profile": {}, "age": 30})
        assert unknown.status_code == 400
        night = {**PROFILE, "availability": [{"day": 1, "from": "22:00", "to": "06:00"}]}
        assert (await client.post("/candidates", json={"profile": night})).status_code == 400


async def test_likely_the_same_person_is_shown_and_not_merged(app: Any, clock: FixedClock) -> None:
    first = await add_candidate(app, clock, given_name="Zoé", family_name="Roy", email="zoe.roy@example.com")
    async with api(app, await bearer_of_staff(app, clock)) as client:
        twin = await client.post(
            "/candidates",
            json={
                "given_name": "ZOE",
                "family_name": "ROY",
                "email": "Zoe.Roy+2@example.com",
                "profile": PROFILE,
            },
        )
        assert twin.json()["likely_duplicates"] == [
            {"candidate_id": str(first), "signs": ["same_email", "like_name"]}
        ]
        assert len((await client.get("/candidates")).json()["items"]) == 2
