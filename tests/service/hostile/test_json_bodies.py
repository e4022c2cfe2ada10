"""Every operation that takes JSON, given everything that is not the JSON it asked for."""

import copy
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.service.hostile.bodies import bodies
from tests.service.hostile.place import Operation, Place, client_of, listed, operations, picture

pytestmark = pytest.mark.anyio

ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""Where the body is refused before any database is asked."""

HEADERS = {"If-Match": "*", "Content-Type": "application/json"}

NOT_JSON: dict[str, bytes] = {
    "truncated": b'{"name": "a',
    "deep": b"[" * 100_000,
    "deep and closed": b'{"a":' * 40 + b"1" + b"}" * 40,
    "not UTF-8": b'{"name": "\xe9"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "byte-order mark": b'\xef\xbb\xbf{"name": "a"}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "raw surrogate": b'{"name": "\xed\xa0\x80"}',
    "NUL": b'{"name": "a\\u0000b"}',
    "raw NUL": b'{"name": "a\x00b"}',
    "NUL in a key": b'{"na\\u0000me": "a"}',
    "same key twice": b'{"name": "a", "name": "b"}',
    "infinity by size": b'{"name": 1e999}',
    "NaN": b'{"name": NaN}',
    "-Infinity": b'{"name": -Infinity}',
    "2^63": b'{"name": 9223372036854775808}',
    "5,000 digits": b'{"name": ' + b"9" * 5_000 + b"}",
    "array": b"[]",
    "array of objects": b'[{"name": "a"}]',
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "text": b'"a"',
    "empty": b"",
    "blank": b"  \n",
    "two values": b"{} {}",
    "comment": b"/* */ {}",
    "single quotes": b"{'name': 'a'}",
    "trailing comma": b'{"name": "a",}',
}

WRONG_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/xml",
    "multipart/form-data",
    "text/html; charset=utf-8",
    "",
)

MAY_BE_ANYTHING = ("/answers/", "/notes/", "/ratings/", "/details/", "/values/", "/credential/")
"""Answers and notes are judged against their questions, what content reports and badges say by their own readers, not
by the shape of a body."""

KEEPS_LONG_TEXTS = ("path_drafts.begin", "path_drafts.edit")
"""A draft keeps whatever its author writes, and says what is too long to publish."""

LARGER = {"package_reports.create": 4_200_000}
"""What takes more than a megabyte, and how much."""


async def _send(client: httpx.AsyncClient, place: Place, one: Operation, content: bytes, **more: str) -> Any:
    headers = {**HEADERS, "Idempotency-Key": uuid4().hex, **more}
    bearer = place.bearer_for(one.name)
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    return await client.request(one.method, place.filled(one.path), content=content, headers=headers)


def _taking_json(place: Place) -> list[Operation]:
    return [one for one in operations(place.app) if one.media_type == "application/json"]


def _is_refused(answer: httpx.Response, *statuses: int) -> bool:
    if answer.headers.get("content-type", "").split(";")[0] != "application/problem+json":
        return False
    problem = answer.json()
    is_whole = {"type", "title", "status", "detail", "instance", "errors", "retryable"} <= set(problem)
    return is_whole and problem["status"] == answer.status_code and answer.status_code in statuses


def test_a_valid_body_is_known_for_every_operation_that_takes_json(sqlite_settings: Any, clock: Any) -> None:
    from service.app import create_app

    ids: dict[str, str] = defaultdict(lambda: "x")
    app = create_app(sqlite_settings, clock=clock)
    known = set(bodies(ids))
    assert known == {one.name for one in operations(app) if one.media_type == "application/json"}


@ONE_DATABASE
async def test_the_bodies_that_are_spoilt_below_fit_their_schema_when_whole(place: Place) -> None:
    unfit = []
    async with client_of(place.app) as client:
        for one in _taking_json(place):
            answer = await _send(client, place, one, json.dumps(bodies(place.ids)[one.name]).encode())
            if answer.status_code == 400 or answer.status_code >= 500:
                unfit.append((one.name, answer.status_code, answer.text[:300]))
    assert not unfit, listed(unfit)


async def test_what_is_not_json_is_refused_everywhere_and_nothing_changes(place: Place) -> None:
    before, wrong = await picture(place.app), []
    async with client_of(place.app) as client:
        for one in _taking_json(place):
            for kind, content in NOT_JSON.items():
                answer = await _send(client, place, one, content)
                if not _is_refused(answer, 400):
                    wrong.append((one.name, kind, answer.status_code, answer.text[:200]))
            most = LARGER.get(one.name, 1_000_000)
            over = await _send(client, place, one, b'{"name": "' + b"a" * most + b'"}')
            if not _is_refused(over, 413):
                wrong.append((one.name, "1 MB and more", over.status_code, over.text[:200]))
    assert not wrong, listed(wrong)
    assert await picture(place.app) == before


@ONE_DATABASE
async def test_a_body_that_says_it_is_something_else_than_json_is_refused_everywhere(place: Place) -> None:
    before, wrong, valid = await picture(place.app), [], bodies(place.ids)
    async with client_of(place.app) as client:
        for one in _taking_json(place):
            for media_type in WRONG_TYPES:
                content = json.dumps(valid[one.name]).encode()
                answer = await _send(client, place, one, content, **{"Content-Type": media_type})
                if not _is_refused(answer, 415):
                    wrong.append((one.name, media_type, answer.status_code, answer.text[:200]))
    assert not wrong, listed(wrong)
    assert await picture(place.app) == before


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, value
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, entry in entries:
        yield from _places(entry, (*path, key))


def _put(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(body)
    if not path:
        return value
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


MEASURED = ("desired_weekly_hours", "weekly_hours")
"""Numbers that need not be whole."""


def _instead_of(value: Any, *, is_measured: bool) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (1, 0, "true", [], {})
    if isinstance(value, int):
        return (str(value), True, 2**62, -(2**40), [], {}, *(() if is_measured else (0.5,)))
    if isinstance(value, str):
        return (1, True, [], {}, "a" * 20_000)
    if isinstance(value, list):
        return (1, "a", {"0": 1}, True, ["a", None])
    return (1, "a", [], True, {**value, "is_admin": True}, {**value, "id": str(uuid4())}, {**value, "": 1})


def _changed_bodies(body: Any) -> Iterator[tuple[str, Any]]:
    for path, value in _places(body):
        pointer = "".join(f"/{key}" for key in path)
        if any(mark in f"{pointer}/" for mark in MAY_BE_ANYTHING):
            continue
        for other in _instead_of(value, is_measured=bool(path) and path[-1] in MEASURED):
            if path or isinstance(other, dict):
                yield f"{pointer} = {str(other)[:40]!r}", _put(body, path, other)


@ONE_DATABASE
async def test_a_member_of_another_type_or_an_unknown_member_is_refused_with_its_place(place: Place) -> None:
    before, wrong, asked = await picture(place.app), [], 0
    valid = bodies(place.ids)
    async with client_of(place.app) as client:
        for one in _taking_json(place):
            for kind, body in _changed_bodies(valid[one.name]):
                if one.name in KEEPS_LONG_TEXTS and kind.endswith(
                    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
                ):
                    continue
                answer = await _send(client, place, one, json.dumps(body).encode())
                asked += 1
                if not _is_refused(answer, 400, 422):
                    wrong.append((one.name, kind, answer.status_code, answer.text[:300]))
                elif not any(fault["pointer"] for fault in answer.json()["errors"]):
                    wrong.append((one.name, kind, "no pointer", answer.text[:300]))
    assert not wrong, listed(wrong)
    assert asked > 500
    assert await picture(place.app) == before
