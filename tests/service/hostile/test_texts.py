"""Texts as strangers type them: kept exactly (NFC, trimmed), shown as text on every page, run nowhere."""

import re
import unicodedata
from typing import Any

import pytest

from service.flows.writing.writing_csv import write_csv
from service.http.authentication import SESSION_COOKIE
from tests.service.hostile.place import Place, client_of, listed
from tests.service.hostile.test_headers import ONE_DATABASE, _browser, _pages

pytestmark = pytest.mark.anyio

NAMES = (
    "O'Brien", "d'Éon", "李", "Null", "N/A", "A", "undefined", "true", "0", "Ngọc Ánh", "Müller-Lüdenscheidt",
    "x\u200dy",
    "\u202eemoc", "a" + "\u0301" * 90, "e\u0301", "Ｆｕｌｌ", "🏠", "‘quoted’", "a\u00a0b", "-", "Ada\u2028Lovelace",
    "%s", "%(x)s",
)  # fmt: skip
PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "<svg><script>alert(1)",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "<iframe src=javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>", "<body onload=alert(1)>", "<details open ontoggle=alert(1)>",
    "<math><mi xlink:href=\"data:x,<script>alert(1)</script>\">", "{{7*7}}", "${7*7}", "#{7*7}", "{0.__class__}",
    "{% import 'os' %}", "{{ ''.__class__.__mro__ }}", "%(csrf)s", "%s%s%s%n", "=cmd|' /C calc'!A0", "@SUM(1+1)",
    "+1+1",
    "-1+1", "<!--", "-->", "]]>", "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=//e.example>",
    "<base href=//e.example>", "<form action=//e.example>", "<input autofocus onfocus=alert(1)>",
    "\" autofocus onfocus=\"x",
    "' hx-get='/sign-out' hx-trigger='load", "\" hx-on:load=\"alert(1)", "<b hx-get=/x hx-trigger=load>",
    "javascript:alert(1)",
    "a\r\nBcc: evil@e.example", "\\u003cscript\\u003e", "&lt;script&gt;", "<script src=//e.example></script>",
)  # fmt: skip


async def test_no_name_is_invalid_for_being_unusual_and_each_is_kept_as_typed(place: Place) -> None:
    wrong = []
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for name in (*NAMES, *PAYLOADS):
            made = await client.post(
                "/api/v1/candidates", json={"given_name": f" {name} ", "family_name": name}
            )
            kept = made.json().get("given_name") if made.status_code == 201 else None
            if kept != unicodedata.normalize("NFC", name).strip():
                wrong.append((name, made.status_code, made.text[:200]))
    assert not wrong, listed(wrong)


async def test_twins_in_two_unicode_forms_are_one_name(place: Place) -> None:
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for form in ("NFC", "NFD"):
            body = {"given_name": unicodedata.normalize(form, "Zoé"), "family_name": "Hélène"}
            made = await client.post("/api/v1/candidates", json=body)
            assert made.json()["given_name"] == "Zo\u00e9"


async def test_a_text_of_exactly_the_longest_length_is_taken_and_one_more_is_not(place: Place) -> None:
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for member, most in (("given_name", 100), ("family_name", 100), ("phone", 40), ("external_id", 64)):
            for mark in ("a", "é", "🏠"):
                whole = await client.post("/api/v1/candidates", json={member: mark * most})
                assert whole.status_code == 201, (member, mark, whole.text)
                over = await client.post("/api/v1/candidates", json={member: mark * (most + 1)})
                assert over.status_code == 400, (member, mark)
                assert over.json()["errors"][0]["pointer"] == f"/{member}"
        blank = await client.post(
            "/api/v1/programmes", json={"profile": {"title": " \u00a0 ", "weekly_hours": 35}}
        )
        assert blank.status_code in (400, 422)


async def _plant(place: Place) -> None:
    """The whole corpus in every text that people can write through the API."""
    ids, all_of_it = place.ids, " ".join(PAYLOADS)
    star = {"If-Match": "*"}
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        person = {
            "given_name": PAYLOADS[0], "family_name": PAYLOADS[1],
            "profile": {"headline": PAYLOADS[2], "skills": list(PAYLOADS), "equipment": list(PAYLOADS)},
        }  # fmt: skip
        programme = {
            "client_name": PAYLOADS[3],
            "profile": {
                "title": PAYLOADS[1], "client_sector": PAYLOADS[2], "description": all_of_it,
                "nature_of_work": all_of_it,
                "autonomy_given": all_of_it, "expectations": all_of_it, "equipment": list(PAYLOADS),
                "skills": [{"text": text[:100], "level": 2, "importance": "should"} for text in PAYLOADS],
            },
        }  # fmt: skip
        for path, body in (
            (f"/candidates/{ids['candidate_id']}", person),
            (f"/candidates/{ids['other_candidate']}", person),
            (f"/programmes/{ids['programme_id']}", programme),
        ):
            answer = await client.patch(f"/api/v1{path}", json=body, headers=star)
            assert answer.status_code == 200, answer.text
        moved = await client.post(
            f"/api/v1/applications/{ids['application_id']}/stage",
            json={"stage": "interview", "reason": all_of_it[:2000]},
        )
        assert moved.status_code in (200, 409, 422), moved.text
        content = "given_name;email;skills\n" + "\n".join(
            f'"{t.replace(chr(34), chr(34) * 2)}";x;y' for t in PAYLOADS
        )
        sent = await client.post(
            "/api/v1/imports",
            data={"kind": "candidates"},
            files={"file": ("<img src=x onerror=alert(1)>.csv", content.encode(), "text/csv")},
        )
        assert sent.status_code == 201, sent.text
        ids["import_id"] = sent.json()["id"]
    async with client_of(place.app, place.bearers["trainer"]) as client:
        answer = await client.patch(
            f"/api/v1/cohorts/{ids['cohort_id']}", json={"name": PAYLOADS[0]}, headers=star
        )
        assert answer.status_code == 200, answer.text


DANGEROUS = re.compile(
    r"<script>alert|<img src=x|<svg/onload|<svg><script|<iframe src=java|href=\"javascript:|<body onload"
    r"|<details open onto"
    r"|<style>\*|<base href=//|<form action=//|<input autofocus onf|\" autofocus onfocus=|' hx-get='|\" hx-on:load"
    r"|<b hx-get|<script src=//|<meta http-equiv|<math><mi"
)


@ONE_DATABASE
async def test_nothing_that_strangers_typed_is_markup_on_any_page_for_any_role(place: Place) -> None:
    await _plant(place)
    wrong, shown = [], 0
    for operation, path in _pages(place, "GET"):
        for role, bearer in place.bearers.items():
            if role == "token":
                continue
            async with client_of(place.app, **{SESSION_COOKIE: bearer}) as client:
                answer = await client.get(path)
            if answer.status_code >= 500:
                wrong.append((operation, role, answer.status_code))
            if "html" not in answer.headers.get("content-type", ""):
                continue
            shown += "&lt;script&gt;alert" in answer.text
            found = DANGEROUS.search(answer.text)
            if found:
                wrong.append((operation, role, answer.text[max(0, found.start() - 80) : found.end() + 40]))
    assert not wrong, listed(wrong)
    assert shown >= 8, "the corpus is not on the pages, so nothing was proved"


@ONE_DATABASE
async def test_what_comes_back_with_an_error_beside_it_is_text_too(place: Place) -> None:
    wrong, asked = [], 0
    for operation, path in _pages(place, "POST"):
        async with _browser(place, operation) as client:
            await client.get("/sign-in")
            fields = _fields_of(place, (await client.get(path)).text) | {
                "q",
                "reason",
                "email",
                "name",
                "title",
                "note",
            }
            fields -= {"_csrf_token", "password", "file"}
            for payload in PAYLOADS[:6]:
                data: dict[str, Any] = dict.fromkeys(fields, payload)
                data["_csrf_token"] = client.cookies["csrftoken"]
                answer = await client.post(path, data=data)
                asked += 1
                if answer.status_code >= 500 or DANGEROUS.search(answer.text):
                    wrong.append((operation, payload, answer.status_code))
    assert not wrong, listed(wrong)
    assert asked > 100


def _fields_of(_place: Place, page: str) -> set[str]:
    return set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', page))


def test_no_cell_of_a_spreadsheet_begins_a_formula() -> None:
    data = write_csv(["Nom"], [[text] for text in (*PAYLOADS, *NAMES, "\t=1", "\r=1", "\n@x", " =1")])
    for line in data.decode("utf-8-sig").split("\r\n"):
        assert not line.lstrip('" ').startswith(("=", "+", "-1", "@", "\t"))
