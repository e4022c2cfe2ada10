"""Links, decisions and traces: a link opens once, no machine decides, and no log knows anybody's name."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from service.runtime.vocabulary import Stage
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, link_for
from tests.service.hostile.bodies import bodies
from tests.service.hostile.place import Operation, Place, client_of, listed, operations, picture
from tests.service.hostile.test_headers import ONE_DATABASE

pytestmark = pytest.mark.anyio

CANARY = {
    "given_name": "Zéphyrine",
    "family_name": "Quatremère",
    "email": "zephyrine@canari.example",
    "phone": "0699887766",
}
TRACES = ("phyrine", "quatrem", "canari.example", "99887766", "hsl_", "hss_", "hst_")


async def test_a_mail_scanner_that_looks_five_times_uses_no_link_up(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock)
    token = await link_for(app, clock, candidate_id=person)
    before = await picture(app)
    async with client_of(app) as scanner:
        for _ in range(5):
            await scanner.head(f"/links/{token}")
            looked = await scanner.get(f"/links/{token}")
            assert looked.status_code == 200
            assert looked.headers["referrer-policy"] == "no-referrer"
            assert "homeshore_session" not in looked.cookies
    assert await picture(app) == before
    async with client_of(app) as client:
        await client.get(f"/links/{token}")
        form = {"_csrf_token": client.cookies["csrftoken"]}
        assert (await client.post(f"/links/{token}", data=form)).status_code == 303
        again = await client.post(f"/links/{token}", data=form)
        assert again.status_code == 410


async def test_an_old_a_cut_or_a_made_up_link_opens_nothing_and_explains(app: Any, clock: FixedClock) -> None:
    person = await add_candidate(app, clock)
    token = await link_for(app, clock, candidate_id=person)
    cut = (
        token[:-1],
        token[:10],
        f"{token}x",
        token.swapcase(),
        "x",
        f"hsl_{'A' * 10_000}",
        "%00",
        "%F0%9F%98%80",
    )
    async with client_of(app) as client:
        await client.get("/sign-in")
        form = {"_csrf_token": client.cookies["csrftoken"]}
        for bad in cut:
            assert (await client.get(f"/links/{bad}")).status_code == 404, bad[:40]
            assert (await client.post(f"/links/{bad}", data=form)).status_code == 404, bad[:40]
        clock.move(days=2)
        assert (await client.get(f"/links/{token}")).status_code == 410
        assert (await client.post(f"/links/{token}", data=form)).status_code == 410
        assert "homeshore_session" not in client.cookies


@ONE_DATABASE
async def test_known_and_unknown_addresses_get_the_same_bytes(app: Any, clock: FixedClock) -> None:
    await add_candidate(app, clock, email="ines@example.com")
    answers = set()
    async with client_of(app) as client:
        await client.get("/sign-in")
        form = {"_csrf_token": client.cookies["csrftoken"]}
        for email in ("ines@example.com", "nobody@example.com", "INES@example.com", "x", ""):
            answer = await client.post("/sign-in/link", data={**form, "email": email})
            answers.add((answer.status_code, answer.content))
        tried = set()
        for email in ("ines@example.com", "nobody@example.com"):
            body = {"email": email, "password": "not the password"}
            refused = (await client.post("/api/v1/sign-ins", json=body)).json()
            refused.pop("instance")
            tried.add(str(refused))
    assert len(answers) == len(tried) == 1


async def test_at_every_stage_no_token_candidate_or_other_role_can_decide_or_move_to_an_end(
    place: Place,
) -> None:
    application, wrong = place.ids["application_id"], []
    body = bodies(place.ids)["decisions.create"]
    for stage in Stage:
        async with place.app.state.database.transaction() as session:
            await session.execute(text("UPDATE application SET stage = :stage"), {"stage": stage.value})
        before = await picture(place.app)
        for who, bearer in place.bearers.items():
            async with client_of(place.app, bearer) as client:
                headers = {"If-Match": "*", "Idempotency-Key": uuid4().hex}
                if who != "recruiter":
                    for outcome in ("hire", "not_retain"):
                        answer = await client.post(
                            f"/api/v1/applications/{application}/decisions",
                            json={**body, "outcome": outcome}, headers=headers,
                        )  # fmt: skip
                        if answer.status_code not in (403, 404):
                            wrong.append((stage, who, outcome, answer.status_code))
                for end in ("hired", "not_retained"):
                    answer = await client.post(
                        f"/api/v1/applications/{application}/stage",
                        json={"stage": end, "reason": "x" * 30}, headers=headers,
                    )  # fmt: skip
                    if answer.status_code < 400 or answer.status_code >= 500:
                        wrong.append((stage, who, end, answer.status_code))
        if await picture(place.app) != before:
            wrong.append((stage, "something changed"))
    assert not wrong, listed(wrong)


@ONE_DATABASE
async def test_columns_that_a_caller_must_not_set_are_refused_in_every_body(place: Place) -> None:
    columns = {column.name for table in SQLModel.metadata.tables.values() for column in table.columns}
    before, wrong, asked, valid = await picture(place.app), [], 0, bodies(place.ids)
    told_of = place.app.openapi_schema.to_schema()
    async with client_of(place.app) as client:
        for one in operations(place.app):
            if one.media_type != "application/json":
                continue
            headers = {"Authorization": f"Bearer {place.bearer_for(one.name)}", "If-Match": "*"}
            for foreign in _by_hundreds(columns - _members(told_of, one)):  # an answer lists no more faults
                headers["Idempotency-Key"] = uuid4().hex
                body = {**valid[one.name], **dict.fromkeys(foreign, 1)}
                answer = await client.request(one.method, place.filled(one.path), json=body, headers=headers)
                told = {fault["pointer"].strip("/") for fault in answer.json().get("errors", ())}
                asked += len(foreign)
                if answer.status_code != 400 or foreign - told:
                    wrong.append((one.name, answer.status_code, sorted(foreign - told)))
    assert not wrong, listed(wrong)
    assert asked > 1000
    assert await picture(place.app) == before


@ONE_DATABASE
async def test_a_member_called_like_a_part_of_the_service_is_a_fault_like_any_other(place: Place) -> None:
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for name in ("session", "actor", "now", "settings", "files", "editions"):
            answer = await client.post(
                "/api/v1/candidates", json={"given_name": "Zoé", "family_name": "Bel", name: 1}
            )
            told = [fault["pointer"].strip("/") for fault in answer.json()["errors"]]
            assert (answer.status_code, told) == (400, [name]), answer.text


def _by_hundreds(names: set[str]) -> Iterator[set[str]]:
    ordered = sorted(names)
    return (set(ordered[start : start + 100]) for start in range(0, len(ordered), 100))


def _members(described: dict[str, Any], one: Operation) -> set[str]:
    told = described["paths"][one.path][one.method.lower()]
    name = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return set(described["components"]["schemas"][name]["properties"])


async def test_nobodys_name_address_number_or_token_is_in_a_log_a_metric_a_problem_or_the_trail(
    place: Place, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="homeshore")
    said = []
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        made = await client.post(
            "/api/v1/candidates", json={**CANARY, "programme_ids": [place.ids["programme_id"]]}
        )
        assert made.status_code == 201, made.text
        path = f"/api/v1/candidates/{made.json()['id']}"
        for request in (
            client.post("/api/v1/candidates", json={**CANARY, "is_admin": CANARY["email"]}),
            client.post("/api/v1/candidates", json={**CANARY, "given_name": [CANARY["email"]]}),
            client.patch(path, json={"email": CANARY["family_name"]}, headers={"If-Match": "*"}),
            client.patch(path, json={"phone": CANARY["phone"] * 20}, headers={"If-Match": "*"}),
            client.post(f"{path}/invitations"),
            client.get(f"/api/v1/candidates?sort={CANARY['email']}"),
            client.get(f"/api/v1/candidates/{CANARY['email']}"),
        ):
            answer = await request
            assert answer.status_code >= 400, answer.text
            said.append(answer.text)
        invited = await client.post(f"{path}/invitations", headers={"Idempotency-Key": uuid4().hex})
        assert invited.status_code == 201, invited.text
    async with client_of(place.app, place.bearers["administrator"]) as client:
        said.append((await client.get("/api/v1/metrics")).text)
    async with place.app.state.database.transaction(write=False) as session:
        said += [str(tuple(row)) for row in await session.execute(text("SELECT * FROM audit_entry"))]
    out = capfd.readouterr()
    said += [line for line in (out.out + out.err).splitlines() if "httpx" not in line]
    said += [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    wrong = [(trace, one[:300]) for one in said for trace in TRACES if trace in one.casefold()]
    assert not wrong, listed(wrong)
