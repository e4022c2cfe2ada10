"""Every route, asked by every role: the matrix is complete, and a route does what the matrix says."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import text
from sqlmodel import SQLModel

from service.app import create_app
from service.flows.accounts import signing_in
from service.http.authentication import SESSION_COOKIE
from service.http.rights import PUBLIC, matrix, scopes
from service.runtime.actors import SYSTEM
from service.runtime.settings import Settings
from service.runtime.vocabulary import STAFF_ROLES, LinkPurpose, Role, Source
from service.tables.people import Candidate
from tests.conftest import NOON, FixedClock

pytestmark = pytest.mark.anyio

OPEN_TO_ALL = ("/static", "/schema")


def _handlers(app: Litestar) -> Iterator[tuple[str, str, str]]:
    """(operation, method, path) of every route of ours."""
    for route in app.routes:
        if route.path.startswith(OPEN_TO_ALL):
            continue
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                    yield str(handler.operation_id or f"unnamed:{handler}"), method, route.path


@pytest.fixture
def application(sqlite_settings: Settings, clock: FixedClock) -> Litestar:
    return create_app(sqlite_settings, clock=clock)


def test_every_route_is_in_the_matrix_and_every_row_has_a_route(application: Litestar) -> None:
    routed = {operation for operation, _, _ in _handlers(application)}
    assert routed - set(matrix()) == set(), "routes that the matrix does not list"
    assert set(matrix()) - routed == set(), "rows without a route"


def test_every_described_operation_is_a_route_and_the_other_way_round(application: Litestar) -> None:
    described = {
        operation["operationId"]
        for path in application.openapi_schema.to_schema()["paths"].values()
        for method, operation in path.items()
        if method in ("get", "post", "put", "patch", "delete")
    }
    assert described == {operation for operation in matrix() if not operation.startswith("web.")}


def test_no_token_and_no_scope_can_decide_about_a_person() -> None:
    deciding = [name for name in matrix() if "decision" in name]
    assert deciding
    for name in deciding:
        if name.endswith((".create", ".decide", ".confirm")):
            assert matrix()[name].token_scope is None


async def _staff_session(session: Any, settings: Settings, role: Role) -> str:
    staff_id = await signing_in.add_staff(
        session, name=role.value, email=f"{role.value}@example.com", role=role, now=NOON
    )
    await session.flush()
    return await _open(session, settings, staff_id=staff_id)


async def _candidate_session(session: Any, settings: Settings, role: Role) -> str:
    candidate = Candidate(
        pseudonym=role.value, source=Source.ENTERED, profile=PROFILE, is_agent=role is Role.AGENT, created_at=NOON,
        updated_at=NOON,
    )  # fmt: skip
    session.add(candidate)
    await session.flush()
    return await _open(session, settings, candidate_id=candidate.id)


async def _open(session: Any, settings: Settings, **person: Any) -> str:
    _, link = signing_in.make_link(session, purpose=LinkPurpose.SIGN_IN, now=NOON, days=1, **person)
    await session.flush()
    return (await signing_in.open_link(session, link, settings=settings, now=NOON)).token


PROFILE = {
    "id": "x1",
    "skills": ["appels entrants"],
    "languages": [{"code": "fr", "cefr": "C2"}],
    "availability": [{"day": 1, "from": "09:00", "to": "17:00"}],
}


async def _principals(app: Litestar, settings: Settings) -> dict[str, tuple[str, str]]:
    """Name -> (role or "" or "token", bearer)."""
    found = {"nobody": ("", "")}
    async with app.state.database.transaction() as session:
        for role in STAFF_ROLES:
            found[role.value] = (role.value, await _staff_session(session, settings, role))
        for role in (Role.CANDIDATE, Role.AGENT):
            found[role.value] = (role.value, await _candidate_session(session, settings, role))
        maker = await signing_in.staff_id_of(session, "recruiter@example.com")
        for name, wanted in (("token_of_all_scopes", sorted(scopes())), ("token_of_no_scope", [])):
            _, secret = await signing_in.make_api_token(
                session, SYSTEM, name=name, scopes=wanted, staff_id=maker, now=NOON, days=1
            )
            found[name] = (name, secret)
    return found


def _expected(operation: str, role: str) -> bool:
    right = matrix()[operation]
    if PUBLIC in right.roles:
        return True
    if role == "token_of_all_scopes":
        return right.token_scope is not None
    return role in right.roles


async def _rows(app: Litestar) -> dict[str, int]:
    async with app.state.database.transaction(write=False) as session:
        return {
            name: (await session.execute(text(f'SELECT count(*) FROM "{name}"'))).scalar() or 0
            for name in SQLModel.metadata.tables
        }


async def _ask(client: httpx.AsyncClient, method: str, path: str, bearer: str) -> httpx.Response:
    filled = path.replace(":str", "").replace(":path", "").replace(":uuid", "").replace(":int", "")
    while "{" in filled:
        head, _, tail = filled.partition("{")
        filled = head + str(uuid4()) + tail.partition("}")[2]
    client.cookies.clear()
    if filled.startswith("/api/"):
        return await client.request(
            method, filled, headers={"Authorization": f"Bearer {bearer}"} if bearer else {}
        )
    opening = await client.get("/sign-in")
    token = opening.cookies["csrftoken"]
    cookies = {"csrftoken": token} | ({SESSION_COOKIE: bearer} if bearer else {})
    client.cookies.update(cookies)
    return await client.request(method, filled, headers={"x-csrftoken": token})


LEAVES = ("sign_ins.end", "web.sign_out.do")
"""They end the session that asks, so they are asked last."""


async def test_each_role_reaches_what_the_matrix_says_and_nothing_else(
    application: Litestar, sqlite_settings: Settings
) -> None:
    async with application.lifespan():
        principals = await _principals(application, sqlite_settings)
        wrong = []
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://homeshore.test") as client:
            before = await _rows(application)
            routes = [row for row in _handlers(application) if row[0] not in LEAVES]
            for allowed in (False, True):
                for operation, method, path in routes:
                    for name, (role, bearer) in principals.items():
                        if _expected(operation, role) is not allowed:
                            continue
                        if not path.startswith("/api/") and name.startswith("token"):
                            continue
                        answer = await _ask(client, method, path, bearer)
                        if not _fits(answer, allowed=allowed, path=path):
                            wrong.append((operation, name, answer.status_code, answer.text[:200]))
                if not allowed:
                    assert await _rows(application) == before, "a denied request changed something"
    assert wrong == []


def _fits(answer: httpx.Response, *, allowed: bool, path: str) -> bool:
    if allowed:
        return answer.status_code not in (401, 403, 405) and answer.status_code < 500
    sent_to_sign_in = answer.status_code == 303 and answer.headers["location"] == "/sign-in"
    return answer.status_code in (401, 403) or (not path.startswith("/api/") and sent_to_sign_in)
