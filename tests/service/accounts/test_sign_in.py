"""Coming in and going out, through the API, on both databases."""

import asyncio
from typing import Any

import httpx
import pytest

from service.app import create_app
from service.flows.accounts import signing_in
from service.runtime.settings import Settings
from service.runtime.vocabulary import LinkPurpose, Role
from service.tables.people import Staff
from tests.conftest import FixedClock

pytestmark = pytest.mark.anyio


async def _staff_link(app: Any, clock: FixedClock, role: Role = Role.RECRUITER) -> str:
    async with app.state.database.transaction() as session:
        staff = Staff(name="Ada Roche", email="ada@example.com", role=role, created_at=clock())
        session.add(staff)
        await session.flush()
        _, token = signing_in.make_link(
            session, purpose=LinkPurpose.SIGN_IN, now=clock(), days=1, staff_id=staff.id
        )
    return token


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://homeshore.test")


async def test_a_link_opens_once_and_the_session_says_who_it_is(app: Any, clock: FixedClock) -> None:
    token = await _staff_link(app, clock)
    async with _client(app) as client:
        for _ in range(3):  # a mail scanner looks, more than once
            assert (await client.get(f"/links/{token}")).status_code == 200
        first = await client.post("/api/v1/sign-ins", json={"link_token": token})
        assert first.status_code == 201, first.text
        again = await client.post("/api/v1/sign-ins", json={"link_token": token})
        assert again.status_code == 410
        assert again.headers["content-type"] == "application/problem+json"
        me = await client.get(
            "/api/v1/sign-ins/me", headers={"Authorization": f"Bearer {first.json()['token']}"}
        )
        assert me.json()["role"] == "recruiter"


async def test_a_link_opened_by_four_at_once_lets_one_in(app: Any, clock: FixedClock) -> None:
    token = await _staff_link(app, clock)
    async with _client(app) as client:
        answers = await asyncio.gather(
            *(client.post("/api/v1/sign-ins", json={"link_token": token}) for _ in range(4))
        )
    assert sorted(answer.status_code for answer in answers) == [201, 410, 410, 410]


async def test_nobody_is_told_whether_an_address_is_known(app: Any, clock: FixedClock) -> None:
    await _staff_link(app, clock)
    async with _client(app) as client:
        known = await client.post("/api/v1/sign-ins", json={"email": "ada@example.com", "password": "x" * 12})
        unknown = await client.post(
            "/api/v1/sign-ins", json={"email": "eve@example.com", "password": "x" * 12}
        )
    assert known.status_code == unknown.status_code == 401
    assert known.json()["detail"] == unknown.json()["detail"]


async def test_hostile_json_is_refused_in_words(app: Any) -> None:
    bodies = [
        b"[" * 100_000,
        b'{"a":"\x00"}',
        b'{"link_token":"\\u0000"}',
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":1e999}',
    ]
    async with _client(app) as client:
        for body in bodies:
            answer = await client.post(
                "/api/v1/sign-ins", content=body, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == 400, (body[:20], answer.text)
            assert answer.json()["type"].startswith("/problems/")


async def test_guessing_is_slowed_down(sqlite_settings: Settings, clock: FixedClock) -> None:
    patient = sqlite_settings.model_copy(update={"sign_ins_per_minute": 3})
    application = create_app(patient, clock=clock)
    async with application.lifespan(), _client(application) as client:
        codes = [
            (
                await client.post("/api/v1/sign-ins", json={"email": "a@example.com", "password": "x" * 12})
            ).status_code
            for _ in range(5)
        ]
        refused = await client.post("/api/v1/sign-ins", json={"email": "a@example.com", "password": "x" * 12})
    assert codes == [401, 401, 401, 429, 429]
    assert refused.json()["retryable"] is True
