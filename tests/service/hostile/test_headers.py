"""Headers that lie, addresses that lead away, forms from elsewhere: nothing follows them and nothing changes."""

from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler

from service.http.authentication import SESSION_COOKIE
from tests.service.hostile.place import Place, client_of, listed, picture

pytestmark = pytest.mark.anyio

ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

WITHOUT_TOKEN = {"web.measurements.up"}
"""The measuring engine cannot send one. The address itself holds an id of one's own session; nothing is kept of it."""

AWAY = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https://evil.example",
    "///evil.example", "http:/evil.example", "javascript:alert(1)", "data:text/html,x",
    "/%0d%0aLocation:%20https://evil.example",
    "/\r\nLocation: https://evil.example", "/\t/evil.example", "\t//evil.example", " //evil.example", "evil.example",
    "@evil.example", ".evil.example", "//evil.example/%2f..", "/\x00//evil.example",
    "https://homeshore.test@evil.example",
    "//homeshore.test.evil.example", "/\u2028/evil.example", "\u3000//evil.example", "/\\/evil.example",
    "?//evil.example", "",
)  # fmt: skip

LIES = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "gopher",
    "forwarded": "host=evil.example;proto=https",
    "x-original-url": "/api/v1/letters",
    "x-rewrite-url": "/api/v1/letters",
    "x-http-method-override": "DELETE",
    "x-host": "evil.example",
}


def _pages(place: Place, method: str) -> list[tuple[str, str]]:
    """(operation, path) of every page route with this method, filled where the place has an id."""
    found = []
    for route in place.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and method in handler.http_methods:
                name = str(handler.operation_id or "")
                if name.startswith("web."):
                    found.append((name, _filled(place, route.path)))
    return sorted(found)


def _filled(place: Place, path: str) -> str:
    parts = []
    for part in path.split("/"):
        name = part.strip("{}").partition(":")[0]
        parts.append(place.ids.get(name, "x") if part.startswith("{") else part)
    return "/".join(parts)


def _browser(place: Place, operation: str) -> Any:
    bearer = place.bearer_for(operation) or place.bearers["recruiter"]
    return client_of(place.app, **{SESSION_COOKIE: bearer})


@ONE_DATABASE
async def test_no_answer_repeats_a_host_that_the_caller_made_up(place: Place) -> None:
    wrong = []
    for operation, path in _pages(place, "GET"):
        async with _browser(place, operation) as client:
            answer = await client.get(path, headers=LIES)
            said = answer.text + str(answer.headers)
            if "evil.example" in said or answer.status_code >= 500:
                wrong.append((operation, path, answer.status_code))
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for path in ("/candidates", "/applications", "/programmes"):
            answer = await client.get(f"/api/v1{path}?limit=1", headers=LIES)
            if answer.status_code != 200 or "evil.example" in answer.text + str(answer.headers):
                wrong.append((path, answer.status_code, answer.headers.get("link")))
    assert not wrong, listed(wrong)


@ONE_DATABASE
async def test_every_page_is_kept_by_nobody_framed_by_nobody_and_runs_only_our_scripts(place: Place) -> None:
    wrong = []
    for operation, path in _pages(place, "GET"):
        async with _browser(place, operation) as client:
            answer = await client.get(path)
            policy = answer.headers.get("content-security-policy", "")
            is_strict = all(
                part in policy for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
            )
            if answer.headers.get("cache-control") != "no-store" or not is_strict or "unsafe" in policy:
                wrong.append((operation, path, answer.status_code, answer.headers.get("cache-control")))
            if answer.status_code >= 500:
                wrong.append((operation, path, answer.status_code))
    assert not wrong, listed(wrong)


@ONE_DATABASE
async def test_a_choice_of_language_never_leads_to_another_host(place: Place) -> None:
    wrong = []
    async with client_of(place.app) as client:
        for address in AWAY:
            answer = await client.get("/language/en", params={"next": address})
            to = answer.headers.get("location", "/")
            if (
                answer.status_code >= 500
                or not to.startswith("/")
                or to.startswith(("//", "/\\"))
                or "\n" in to
            ):
                wrong.append((address, answer.status_code, to))
            if answer.status_code == 303 and client.base_url.join(to).host != "homeshore.test":
                wrong.append((address, to))
    assert not wrong, listed(wrong)


@ONE_DATABASE
async def test_every_form_without_its_token_is_refused_and_changes_nothing(place: Place) -> None:
    before, wrong, asked = await picture(place.app), [], 0
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for operation, path in _pages(place, method):
            if operation in WITHOUT_TOKEN:
                continue
            for token in ({}, {"_csrf_token": "made-up"}, {"_csrf_token": ""}):
                async with _browser(place, operation) as client:
                    await client.get("/sign-in")
                    answer = await client.request(method, path, data={"reason": "x", **token})
                    asked += 1
                    if answer.status_code != 403:
                        wrong.append((operation, path, token, answer.status_code))
    assert not wrong, listed(wrong)
    assert asked > 60
    assert await picture(place.app) == before


@ONE_DATABASE
async def test_a_session_cookie_opens_no_operation_of_the_api_and_a_bearer_no_page(place: Place) -> None:
    async with client_of(place.app, **{SESSION_COOKIE: place.bearers["recruiter"]}) as client:
        assert (await client.get("/api/v1/candidates")).status_code == 401
        assert (await client.post("/api/v1/candidates", json={"given_name": "A"})).status_code == 401
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        assert (await client.get("/candidates")).status_code == 303
