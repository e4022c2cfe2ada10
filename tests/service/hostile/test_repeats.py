"""Requests told twice, and edits of what somebody else changed meanwhile."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from tests.service.hostile.bodies import bodies
from tests.service.hostile.place import Place, client_of, operations, picture

pytestmark = pytest.mark.anyio

PERSON = {"given_name": "Noé", "email": "noe@example.com"}


async def _enter(client: httpx.AsyncClient, key: str, body: object = PERSON) -> httpx.Response:
    return await client.post("/api/v1/candidates", json=body, headers={"Idempotency-Key": key})


async def test_the_same_key_with_the_same_body_repeats_the_first_answer_byte_for_byte(place: Place) -> None:
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        first = await _enter(client, "k" * 255)
        after = await picture(place.app)
        second = await _enter(client, "k" * 255)
    assert first.status_code == second.status_code == 201, first.text
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"]
    assert await picture(place.app) == after


async def test_a_key_used_for_another_body_is_refused_and_another_persons_key_is_free(place: Place) -> None:
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        await _enter(client, "one")
        other = await _enter(client, "one", {"given_name": "Léa"})
        assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    async with client_of(place.app, place.bearers["token"]) as client:
        assert (await _enter(client, "one", {"given_name": "Léa"})).status_code == 201


NEEDS_A_KEY = ("offers.create", "assignments.create", "assignments.grant_attempts", "learning.answer")


async def test_no_key_or_one_that_is_too_long_is_refused_where_twice_would_harm(place: Place) -> None:
    before, valid = await picture(place.app), bodies(place.ids)
    async with client_of(place.app) as client:
        for one in operations(place.app):
            if one.name not in NEEDS_A_KEY:
                continue
            for key in (
                {},
                {"Idempotency-Key": ""},
                {"Idempotency-Key": "k" * 256},
                {"Idempotency-Key": "\x7f"},
            ):
                headers = {"Authorization": f"Bearer {place.bearer_for(one.name)}", **key}
                answer = await client.request(
                    one.method, place.filled(one.path), json=valid[one.name], headers=headers
                )
                assert answer.status_code == 400, (one.name, key, answer.text)
    assert await picture(place.app) == before


async def test_two_at_once_under_one_key_make_one_person(place: Place) -> None:
    key, before = uuid4().hex, await picture(place.app)
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        answers = await asyncio.gather(*(_enter(client, key) for _ in range(5)))
    made = [answer for answer in answers if answer.status_code == 201]
    assert made
    assert len({answer.content for answer in made}) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert (await picture(place.app))["candidate"][0] == before["candidate"][0] + 1


EDITS = {
    "/candidates/{candidate_id}": ("recruiter", "PATCH", {"given_name": "Ana"}),
    "/programmes/{programme_id}": ("recruiter", "PATCH", {"client_name": "Port"}),
    "/cohorts/{cohort_id}": ("trainer", "PATCH", {"name": "Autre"}),
    "/assignment-rules/{rule_id}": ("trainer", "PATCH", {"start_days": 3}),
}


@pytest.mark.parametrize("path", EDITS)
async def test_an_edit_says_which_version_it_edits(place: Place, path: str) -> None:
    who, method, body = EDITS[path]
    address = f"/api/v1{place.filled(path)}"
    async with client_of(place.app, place.bearers[who]) as client:
        tag = (await client.get(address)).headers["etag"]
        before = await picture(place.app)
        assert (await client.request(method, address, json=body)).status_code == 428
        for stale in ('"v0"', '"v999"', "v1", f"W/{tag}", '""', tag.upper(), "null"):
            answer = await client.request(method, address, json=body, headers={"If-Match": stale})
            assert answer.status_code == 412, (stale, answer.text)
        assert await picture(place.app) == before
        first = await client.request(method, address, json=body, headers={"If-Match": tag})
        assert first.status_code == 200, first.text
        second = await client.request(method, address, json=body, headers={"If-Match": tag})
        assert second.status_code == 412
        anyhow = await client.request(method, address, json=body, headers={"If-Match": "*"})
        assert anyhow.status_code == 200
