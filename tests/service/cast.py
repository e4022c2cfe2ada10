"""People and programmes that tests begin with, and signed-in callers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx

from service.flows.accounts import signing_in
from service.flows.people import candidates
from service.flows.people.candidates import Identity
from service.flows.recruiting import programmes
from service.http.authentication import SESSION_COOKIE
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import LinkPurpose, Role, Source
from service.tables.people import Staff
from tests.conftest import FixedClock

BASE = "http://homeshore.test"

PROFILE: dict[str, Any] = {
    "headline": "Trois ans d'appels entrants",
    "skills": ["appels entrants", "gestion des réclamations"],
    "languages": [{"code": "fr", "cefr": "C2"}],
    "availability": [{"day": day, "from": "09:00", "to": "17:00"} for day in range(1, 6)],
    "desired_weekly_hours": 35,
}

PROGRAMME: dict[str, Any] = {
    "title": "Service clientèle énergie",
    "languages": [{"code": "fr", "cefr_min": "B2", "must": True}],
    "skills": [{"text": "appels entrants", "level": 3, "importance": "must"}],
    "opening_hours": [{"day": day, "from": "09:00", "to": "17:00"} for day in range(1, 6)],
    "weekly_hours": 35,
    "seats": 3,
    "nature_of_work": "Vous répondez aux abonnés.",
    "pay_min_cents": 185_000,
    "pay_max_cents": 200_000,
}


async def bearer_of_staff(app: Any, clock: FixedClock, role: Role = Role.RECRUITER) -> str:
    """A session token for a member of staff with this role."""
    async with app.state.database.transaction() as session:
        person = Staff(
            name=f"Ada {role.value}", email=f"{role.value}@example.com", role=role, created_at=clock()
        )
        session.add(person)
        await session.flush()
        _, link = signing_in.make_link(
            session, purpose=LinkPurpose.SIGN_IN, now=clock(), days=1, staff_id=person.id
        )
        await session.flush()
        opened = await signing_in.open_link(session, link, settings=app.state.settings, now=clock())
    return opened.token


async def bearer_of_candidate(app: Any, clock: FixedClock, candidate_id: UUID) -> str:
    """A session token for this candidate."""
    async with app.state.database.transaction() as session:
        _, link = signing_in.make_link(
            session, purpose=LinkPurpose.INVITATION, now=clock(), days=1, candidate_id=candidate_id
        )
        await session.flush()
        opened = await signing_in.open_link(session, link, settings=app.state.settings, now=clock())
    return opened.token


async def add_candidate(
    app: Any, clock: FixedClock, *, profile: dict[str, Any] | None = None, **identity: str
) -> UUID:
    """A person in the file; identity members are given_name, family_name, email, phone."""
    async with app.state.database.transaction() as session:
        facts = await candidates.create_candidate(
            session, SYSTEM, profile=profile or PROFILE, identity=Identity(**identity), source=Source.ENTERED,
            editions=app.state.editions, now=clock(),
        )  # fmt: skip
    return facts.id


async def add_programme(app: Any, clock: FixedClock, **members: Any) -> UUID:
    """An open programme."""
    async with app.state.database.transaction() as session:
        facts = await programmes.create_programme(
            session, SYSTEM, profile={**PROGRAMME, **members}, client_name="Énergie du Port", now=clock()
        )
    return facts.id


@asynccontextmanager
async def api(app: Any, bearer: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API, with this bearer token if any; paths start at /api/v1."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=f"{BASE}/api/v1", headers=headers
    ) as client:
        yield client


@asynccontextmanager
async def browser(app: Any, token: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """A client of the pages with the session cookie and a form token; send forms with `submit`."""
    cookies = {SESSION_COOKIE: token} if token else {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=BASE, cookies=cookies
    ) as client:
        await client.get("/sign-in")
        yield client


async def submit(
    client: httpx.AsyncClient, path: str, fields: dict[str, Any], **options: Any
) -> httpx.Response:
    """Post a form as the page would, with its hidden form token."""
    return await client.post(
        path, data={**fields, "_csrf_token": client.cookies.get("csrftoken", "")}, **options
    )
