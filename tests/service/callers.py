"""Clients that are signed in as bare members of staff and bare candidates, for tests of links, letters and answers."""

from typing import Any
from uuid import UUID

import httpx

from service.flows.accounts import signing_in
from service.flows.people.duplicates import fold_email
from service.runtime.vocabulary import LinkPurpose, Locale, Role, Source
from service.tables.people import Candidate, Staff
from tests.conftest import FixedClock

BASE_URL = "http://homeshore.test"


def client_of(app: Any, token: str = "") -> httpx.AsyncClient:
    """A client in process; with a session token it speaks to the API as its person."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL, headers=headers)


async def add_candidate(
    app: Any, clock: FixedClock, *, given_name: str = "Inès", email: str = "ines@example.com", **more: Any
) -> UUID:
    async with app.state.database.transaction() as session:
        row = Candidate(
            pseudonym=more.pop("pseudonym", "P-0001"), given_name=given_name, email=email,
            folded_email=fold_email(email),
            locale=more.pop("locale", Locale.FR), source=more.pop("source", Source.ENTERED),
            profile=more.pop("profile", {}), created_at=clock(), updated_at=clock(), **more,
        )  # fmt: skip
        session.add(row)
        return row.id


async def add_staff(
    app: Any, clock: FixedClock, role: Role = Role.RECRUITER, *, email: str = "", **more: Any
) -> UUID:
    async with app.state.database.transaction() as session:
        row = Staff(
            name=more.pop("name", "Ada Roche"), email=email or f"{role.value}@example.com", role=role,
            created_at=clock(), **more,
        )  # fmt: skip
        session.add(row)
        return row.id


async def link_for(app: Any, clock: FixedClock, **whose: UUID) -> str:
    """The token of a fresh one-time link for `staff_id` or `candidate_id`."""
    async with app.state.database.transaction() as session:
        _, token = signing_in.make_link(session, purpose=LinkPurpose.SIGN_IN, now=clock(), days=1, **whose)
        return token


async def session_of(app: Any, clock: FixedClock, **whose: UUID) -> str:
    """The token of a fresh session for `staff_id` or `candidate_id`."""
    link = await link_for(app, clock, **whose)
    async with app.state.database.transaction() as session:
        signed_in = await signing_in.open_link(session, link, settings=app.state.settings, now=clock())
        return signed_in.token


async def as_candidate(app: Any, clock: FixedClock, candidate_id: UUID) -> httpx.AsyncClient:
    """The API as this candidate."""
    return client_of(app, await session_of(app, clock, candidate_id=candidate_id))


async def as_staff(
    app: Any, clock: FixedClock, role: Role = Role.RECRUITER, **more: Any
) -> httpx.AsyncClient:
    """The API as a new member of staff with this role."""
    return client_of(app, await session_of(app, clock, staff_id=await add_staff(app, clock, role, **more)))


async def in_browser(app: Any, clock: FixedClock, **whose: UUID) -> httpx.AsyncClient:
    """Pages as `staff_id` or `candidate_id`: the session cookie is set, and the form token was fetched."""
    client = client_of(app)
    client.cookies.set("homeshore_session", await session_of(app, clock, **whose))
    await client.get("/sign-in")
    return client


def form_token(client: httpx.AsyncClient) -> dict[str, str]:
    """The hidden field that every form of a page carries."""
    return {"_csrf_token": client.cookies["csrftoken"]}
