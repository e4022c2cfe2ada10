"""Files of people as spreadsheets really write them, and days that do not exist."""

from typing import Any

import pytest

from tests.conftest import FixedClock
from tests.service.cast import bearer_of_staff
from tests.service.hostile.place import Place, client_of, listed, picture
from tests.service.hostile.test_headers import ONE_DATABASE
from tests.service.papers.offering import TERMS, new_key

pytestmark = pytest.mark.anyio

HEADER = "given_name;family_name;email;skills"
ROW = "Zoé;L'Hélias;zoe@example.com;appels entrants"


def _csv(*rows: str, separator: str = ";") -> str:
    return "\r\n".join((HEADER, *rows)).replace(";", separator)


READABLE: dict[str, bytes] = {
    "semicolons": _csv(ROW).encode(),
    "commas": _csv(ROW, separator=",").encode(),
    "tabs": _csv(ROW, separator="\t").encode(),
    "byte-order mark": _csv(ROW).encode("utf-8-sig"),
    "cp1252": _csv(ROW).encode("cp1252"),
    "UTF-16": _csv(ROW).encode("utf-16"),
    "line feeds only": _csv(ROW).replace("\r", "").encode(),
    "empty lines": _csv("", ROW, "", ";;;", "").encode(),
    "quoted": _csv('"Zoé";"L\'Hélias";"zoe@example.com";"appels\nentrants"').encode(),
    "decomposed accents": _csv(ROW).replace("é", "e\u0301").encode(),
}
UNREADABLE: dict[str, bytes] = {
    "empty": b"",
    "header only": HEADER.encode(),
    "no header": ROW.encode(),
    "misspelt header": _csv(ROW).replace("family_name", "famly_name").encode(),
    "header twice": _csv(ROW).replace("family_name", "given_name").encode(),
    "300 columns": (HEADER + "".join(f";c{n}" for n in range(300)) + f"\n{ROW}").encode(),
    "too many cells": _csv(f"{ROW};a;b;c").encode(),
    "open quote": _csv('"Zoé;a;b;c').encode(),
    "NUL": _csv("Zo\x00é;a;zoe@example.com;c").encode(),
    "a workbook": b"PK\x03\x04" + b"\x00" * 100,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "a page": b"<html><body>x</body></html>",
    "bad address": _csv("Zoé;H;not an address;appels").encode(),
    "the same person twice by id": b"id;given_name\nA1;Zo\nA1;Lo\n",
    "deep JSON": b"[" * 100_000,
    "JSON of the wrong shape": b'{"a": 1}',
}


@pytest.fixture
async def recruiter(app: Any, clock: FixedClock) -> str:
    return await bearer_of_staff(app, clock)


async def _check(client: Any, content: bytes, name: str = "people.csv") -> Any:
    return await client.post(
        "/api/v1/imports", data={"kind": "candidates"}, files={"file": (name, content, "text/csv")}
    )


@pytest.mark.parametrize("kind", READABLE)
@ONE_DATABASE
async def test_a_file_as_spreadsheets_write_it_is_read(app: Any, recruiter: str, kind: str) -> None:
    async with client_of(app, recruiter) as client:
        checked = (await _check(client, READABLE[kind])).json()
        assert (checked["report"]["new"], checked["report"]["bad"]) == (1, 0), checked
        applied = await client.post(f"/api/v1/imports/{checked['id']}/apply", headers=new_key())
        assert applied.status_code == 200, applied.text
        people = (await client.get("/api/v1/candidates?q=zoe")).json()["items"]
        assert [(one["given_name"], one["family_name"]) for one in people] == [("Zo\u00e9", "L'H\u00e9lias")]
        before = await picture(app)
        again = (await _check(client, READABLE[kind])).json()
        assert (again["report"]["new"], again["report"]["changed"]) == (0, 0)
        await client.post(f"/api/v1/imports/{again['id']}/apply", headers=new_key())
        assert (await picture(app))["candidate"] == before["candidate"]


@ONE_DATABASE
async def test_a_file_that_cannot_be_taken_says_where_and_changes_nobody(app: Any, recruiter: str) -> None:
    before, wrong = await picture(app), []
    async with client_of(app, recruiter) as client:
        for kind, content in UNREADABLE.items():
            checked = await _check(client, content)
            if checked.status_code >= 400:
                if checked.status_code >= 500 or "problem" not in checked.headers["content-type"]:
                    wrong.append((kind, checked.status_code, checked.text[:200]))
                continue
            report = checked.json()["report"]
            if not report["bad"] or not all(fault["line"] and fault["reason"] for fault in report["faults"]):
                wrong.append((kind, report))
            applied = await client.post(f"/api/v1/imports/{checked.json()['id']}/apply", headers=new_key())
            if applied.status_code != 422:
                wrong.append((kind, applied.status_code))
    assert not wrong, listed(wrong)
    assert (await picture(app))["candidate"] == before["candidate"]


@ONE_DATABASE
async def test_one_bad_row_among_ten_thousand_stops_the_whole_file_at_its_line(
    app: Any, recruiter: str
) -> None:
    rows = [f"P{n};Personne {n};p{n}@example.com;appels" for n in range(10_000)]
    rows[6_999] = "P6999;X;not an address;appels"
    async with client_of(app, recruiter) as client:
        report = (await _check(client, _csv(*rows).encode())).json()["report"]
    assert report["bad"] == 1
    assert (report["faults"][0]["line"], report["faults"][0]["column"]) == (7_001, "email")


@ONE_DATABASE
async def test_a_file_of_twenty_megabytes_and_one_byte_is_refused(app: Any, recruiter: str) -> None:
    async with client_of(app, recruiter) as client:
        answer = await _check(client, b"a" * 20_000_001)
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"


NO_DAYS = (
    "2026-02-30", "2026-02-29", "2026-13-01", "0000-01-01", "10000-01-01", "2026-1-1", "20261201", "2026-W49-1",
    "01/12/2026",
    "2026-12-01T00:00:00Z", "2026-12-01T00:00:00+14:00", "tomorrow", "", " ", "2026-12-01 ",
    20261201, True, None, [], "٢٠٢٦-١٢-٠١",
)  # fmt: skip


@ONE_DATABASE
async def test_a_day_that_does_not_exist_is_refused_wherever_a_day_is_asked(place: Place) -> None:
    wrong, before = [], await picture(place.app)
    asked = (
        ("trainer", "/cohorts", {"name": "Mars"}, "start_date"),
        ("recruiter", f"/applications/{place.ids['application_id']}/offers", TERMS, "start_date"),
    )
    for who, path, body, member in asked:
        async with client_of(place.app, place.bearers[who]) as client:
            for day in NO_DAYS:
                answer = await client.post(f"/api/v1{path}", json={**body, member: day}, headers=new_key())
                if answer.status_code not in (400, 422):
                    wrong.append((path, day, answer.status_code))
    assert not wrong, listed(wrong)
    assert await picture(place.app) == before


@ONE_DATABASE
async def test_impossible_hours_pay_and_ends_are_refused(place: Place) -> None:
    offer = f"/api/v1/offers/{place.ids['offer_id']}"
    programme = f"/api/v1/programmes/{place.ids['programme_id']}"
    wrong, before = [], await picture(place.app)
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for path, body in (
            (programme, {"profile": {"weekly_hours": 48.5}}),
            (programme, {"profile": {"weekly_hours": 0}}),
            (programme, {"profile": {"weekly_hours": -1}}),
            (programme, {"profile": {"opening_hours": [{"day": 1, "from": "17:00", "to": "09:00"}]}}),
            (programme, {"profile": {"opening_hours": [{"day": 8, "from": "09:00", "to": "17:00"}]}}),
            (programme, {"profile": {"opening_hours": [{"day": 1, "from": "25:00", "to": "26:00"}]}}),
            (programme, {"profile": {"pay_min_cents": -1}}),
            (programme, {"profile": {"pay_min_cents": 10**12}}),
            (programme, {"profile": {"pay_min_cents": 1850.5}}),
            (programme, {"profile": {"pay_min_cents": 2000_00, "pay_max_cents": 1000_00}}),
            (programme, {"profile": {"seats": 10**6}}),
            (offer, {"weekly_minutes": 49 * 60}),
            (offer, {"weekly_minutes": 0}),
            (offer, {"monthly_pay_cents": -1}),
        ):
            answer = await client.patch(path, json=body, headers={"If-Match": "*"})
            if answer.status_code not in (400, 422):
                wrong.append((body, answer.status_code, answer.text[:120]))
    assert not wrong, listed(wrong)
    assert await picture(place.app) == before
