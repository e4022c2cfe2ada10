"""A month of telework allowance: days from schedule, file or hand, settled by a person, put right by difference."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from documents.allowances import AllowanceStatement as StatementOfMonth
from service.flows.allowances import allowances
from service.flows.allowances.allowances import month_of
from service.flows.allowances.verifying import verify_everything
from service.runtime.actors import SYSTEM
from service.runtime.files import FileStore
from service.runtime.vocabulary import Role
from service.tables.allowances import AllowanceStatement
from service.tables.programmes import Employer
from service.tables.trail import AuditEntry
from tests.conftest import FixedClock
from tests.service.allowances.allowances import at_home
from tests.service.cast import api, bearer_of_staff
from tests.service.papers.offering import EMPLOYER, new_key

pytestmark = pytest.mark.anyio
WHY = "La feuille de temps de mars est arrivée après la clôture."


@pytest.fixture
def clock() -> FixedClock:
    found = FixedClock()
    found.now = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    return found


async def close(client: Any, month: str, **body: Any) -> Any:
    return await client.post(f"/allowance-months/{month}/closing", json=body, headers=new_key())


async def lines_of(client: Any, month: str) -> dict[str, dict[str, Any]]:
    answer = await client.get(f"/allowance-months/{month}")
    assert answer.status_code == 200, answer.text
    return {one["number"]: one for one in answer.json()["items"]}


async def exported(client: Any, month: str) -> list[list[str]]:
    answer = await client.get(f"/allowance-months/{month}/export")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]


async def send(client: Any, month: str, text: str) -> Any:
    answer = await client.post(
        f"/allowance-months/{month}/files", files={"file": ("jours.csv", text.encode(), "text/csv")}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_month_goes_from_the_schedule_to_payroll_and_is_put_right_in_the_next(
    app: Any, clock: FixedClock
) -> None:
    (daily,) = await at_home(app, clock, "D1", allowance={"mode": "day"})
    await at_home(app, clock, "M1", allowance={"mode": "month"}, home_days=["monday", "friday"])
    await at_home(app, clock, "R1", allowance={"mode": "day", "rate_cents": 330})
    (late,) = await at_home(app, clock, "L1", allowance={"mode": "month"}, start_date="2026-03-23")
    async with api(app, await bearer_of_staff(app, clock)) as client:
        found = await lines_of(client, "2026-03")
        told = {name: (one["days"], one["exempt_cents"], one["taxable_cents"]) for name, one in found.items()}
        assert told == {"D1": (22, 5940, 0), "M1": (9, 2200, 0), "R1": (22, 5940, 1320), "L1": (7, 1890, 0)}
        assert found["L1"]["is_whole"] is False

        absent = {"start": "2026-03-02", "end": "2026-03-06", "kind": "leave"}
        assert (await client.post(f"/candidates/{daily}/absences", json=absent)).status_code == 201
        said = await client.put(f"/allowance-months/2026-03/people/{late}", json={"days": 6})
        assert said.status_code == 204, said.text
        found = await lines_of(client, "2026-03")
        assert (found["D1"]["days"], found["D1"]["exempt_cents"]) == (17, 4590)
        assert (found["L1"]["source"], found["L1"]["exempt_cents"]) == ("entered", 1620)

        assert (await client.get("/allowance-months/2026-03/export")).status_code == 409
        closed = await close(client, "2026-03")
        assert closed.status_code == 201, closed.text
        assert closed.json()["sums"] == {
            "people": 4, "paid_cents": 15670, "exempt_cents": 14350, "taxable_cents": 1320
        }  # fmt: skip
        assert closed.json()["editions"] == {"telework-allowance": "telework-allowance/regular/2026-01-01"}
        assert (await close(client, "2026-03")).status_code == 409
        again = await client.put(f"/allowance-months/2026-03/people/{late}", json={"days": 5})
        assert again.status_code == 409
        assert await exported(client, "2026-03") == [
            ["D1", "TELETRAVAIL_EXO", "45,90", "01/03/2026", "31/03/2026"],
            ["L1", "TELETRAVAIL_EXO", "16,20", "01/03/2026", "31/03/2026"],
            ["M1", "TELETRAVAIL_EXO", "22,00", "01/03/2026", "31/03/2026"],
            ["R1", "TELETRAVAIL_EXO", "59,40", "01/03/2026", "31/03/2026"],
            ["R1", "TELETRAVAIL_SOUMIS", "13,20", "01/03/2026", "31/03/2026"],
        ]

        url = f"/allowance-months/2026-03/people/{daily}/corrections"
        for days, difference in ((16, -270), (18, 540)):
            made = await client.post(url, json={"days": days, "reason": WHY}, headers=new_key())
            assert made.status_code == 201, made.text
            assert (made.json()["settled_in"], made.json()["delta_exempt_cents"]) == ("2026-04", difference)
        same = await client.post(url, json={"days": 18, "reason": WHY}, headers=new_key())
        assert (same.status_code, same.json()["type"].split(":")[-1].split("/")[-1]) == (
            422,
            "nothing-changes",
        )

        assert (await close(client, "2026-04")).status_code == 201
        assert [row for row in await exported(client, "2026-04") if "REG" in row[1]] == [
            ["D1", "TELETRAVAIL_REG_EXO", "-2,70", "01/03/2026", "31/03/2026"],
            ["D1", "TELETRAVAIL_REG_EXO", "5,40", "01/03/2026", "31/03/2026"],
        ]
        read = (await client.get(f"/allowance-months/2026-03/people/{daily}")).json()
    assert [one["position"] for one in read["standings"]] == [0, 1, 2]
    assert read["lines"][0]["cents"] == 4860
    assert any("arrêté du 4 septembre 2025" in reason for reason in read["reasons"])
    async with app.state.database.transaction(write=False) as session:
        noted = set(await session.scalars(select(col(AuditEntry.action))))
    assert {"allowance.read", "allowance_month.close", "allowance_month.correct", "absence.add"} <= noted


async def test_what_was_settled_is_proved_again_and_a_changed_sum_is_found(
    app: Any, clock: FixedClock
) -> None:
    (person,) = await at_home(app, clock, "A1", allowance={"mode": "day", "rate_cents": 300})
    async with api(app, await bearer_of_staff(app, clock)) as client:
        assert (await close(client, "2026-03")).status_code == 201
        url = f"/allowance-months/2026-03/people/{person}/corrections"
        said = {"days": 20, "reason": WHY}
        assert (await client.post(url, json=said, headers=new_key())).status_code == 201
    files = FileStore(app.state.settings.data_dir)
    promise = "every settled allowance recomputes to the cent"
    async with app.state.database.transaction() as session:
        found = {one.promise: one for one in await verify_everything(session, files, app.state.editions)}
        assert (found[promise].holds, found[promise].detail) == (True, "2 statements")
        row = (await session.scalars(select(AllowanceStatement))).first()
        assert row is not None
        row.exempt_cents += 1
        await session.flush()
        found = {one.promise: one for one in await verify_everything(session, files, app.state.editions)}
    assert not found[promise].holds


async def test_a_file_is_tried_then_taken_in_whole_and_corrects_a_closed_month(
    app: Any, clock: FixedClock
) -> None:
    await at_home(app, clock, "A1", "A2", allowance={"mode": "day"})
    async with api(app, await bearer_of_staff(app, clock)) as client:
        wrong = await send(client, "2026-03", "matricule;jours;verse\nA1;32;\nnobody;3;\nA2;10;-5\n")
        assert (wrong["report"]["new"], wrong["report"]["bad"]) == (0, 3)
        assert [(one["line"], one["column"], one["value"]) for one in wrong["report"]["faults"]] == [
            (2, "jours", "32"), (3, "matricule", "nobody"), (4, "verse", "-5"),
        ]  # fmt: skip
        refused = await client.post(f"/allowance-files/{wrong['id']}/apply", json={}, headers=new_key())
        assert refused.status_code == 422
        sheet = "matricule;date;heures\nA1;02/03/2026;7,5\nA1;03/03/2026;7\nA2;02/03/2026;25\n"
        assert (await send(client, "2026-03", sheet))["report"]["faults"][0]["value"] == "25"

        right = await send(client, "2026-03", "matricule;jours;verse\nA1;10;40,00\nA2;12;\n")
        assert (right["report"]["new"], right["report"]["bad"]) == (2, 0)
        for _ in range(2):
            applied = await client.post(f"/allowance-files/{right['id']}/apply", json={}, headers=new_key())
            assert applied.json()["state"] == "applied", applied.text
        found = await lines_of(client, "2026-03")
        assert (found["A1"]["source"], found["A1"]["exempt_cents"], found["A1"]["taxable_cents"]) == (
            "imported", 2700, 1300,
        )  # fmt: skip
        assert found["A2"]["paid_cents"] == 3240
        assert (await close(client, "2026-03")).status_code == 201

        late = await send(client, "2026-03", "matricule;jours\nA1;11\nA2;12\n")
        url = f"/allowance-files/{late['id']}/apply"
        assert (await client.post(url, json={}, headers=new_key())).status_code == 422
        assert (await client.post(url, json={"reason": WHY}, headers=new_key())).status_code == 200
        found = await lines_of(client, "2026-03")
    assert {name: one["is_corrected"] for name, one in found.items()} == {"A1": True, "A2": False}


async def test_a_rate_of_the_contract_is_shared_in_a_month_that_is_not_whole(
    app: Any, clock: FixedClock
) -> None:
    terms: dict[str, Any] = {
        "allowance": {"mode": "month", "rate_cents": 1500},
        "home_days": ["monday", "tuesday"],
    }
    whole, part = await at_home(app, clock, "W1", "P1", **terms)
    async with api(app, await bearer_of_staff(app, clock)) as client:
        absent = {"start": "2026-03-02", "end": "2026-03-09", "kind": "sickness"}
        assert (await client.post(f"/candidates/{part}/absences", json=absent)).status_code == 201
        found = await lines_of(client, "2026-03")
        sums = {name: (one["days"], one["paid_cents"], one["exempt_cents"]) for name, one in found.items()}
        assert sums == {"W1": (10, 3000, 2200), "P1": (7, 2100, 1890)}
        assert (await close(client, "2026-03")).status_code == 201
        url = f"/allowance-months/2026-03/people/{whole}/corrections"
        said = {"days": 8, "is_whole": False, "reason": WHY}
        made = (await client.post(url, json=said, headers=new_key())).json()
    assert (made["paid_cents"], made["exempt_cents"], made["taxable_cents"]) == (2400, 2160, 240)
    assert (made["delta_exempt_cents"], made["delta_taxable_cents"]) == (-40, -560)


async def test_everybody_s_month_in_columns_is_each_one_s_statement_to_the_cent(
    app: Any, clock: FixedClock
) -> None:
    await at_home(app, clock, *(f"N{n}" for n in range(40)), allowance={"mode": "day"})
    await at_home(
        app, clock, "E1", "E2", start_date="2026-03-16", end_date="2026-03-20", home_days=["monday"]
    )
    async with app.state.database.transaction() as session:
        session.add(Employer(facts={**EMPLOYER, "telework_basis": "branch"}, updated_at=clock()))
        await session.flush()
        book = await allowances.book_of(session, SYSTEM, month_of("2026-03"), law=app.state.editions.law)
    assert len(book) == 42
    for place in range(len(book)):
        made = book.in_words(app.state.editions.law, place)
        assert isinstance(made, StatementOfMonth)
        kept = (book.split.ceiling_cents[place], book.split.exempt_cents[place])
        assert (made.ceiling.ceiling_cents, made.exempt_cents) == kept
    assert set(book.split.ceiling_cents.tolist()) == {7260, 330}


async def test_what_cannot_be_is_refused_with_its_place(app: Any, clock: FixedClock) -> None:
    person, _ = await at_home(app, clock, "A1", "=2", allowance={"mode": "day"})
    url = f"/allowance-months/2026-03/people/{person}"
    async with api(app, await bearer_of_staff(app, clock)) as client:
        assert (await client.put(url, json={"days": 32})).status_code == 400
        february = await client.put(f"/allowance-months/2026-02/people/{person}", json={"days": 29})
        assert february.json()["errors"][0]["pointer"] == "/days"
        assert (await client.put(url, json={"days": 3, "paid_cents": -1})).status_code == 400
        for month in ("2026-13", "2019-12", "march", "2026-3"):
            assert (await client.get(f"/allowance-months/{month}")).status_code == 404, month
        assert (await close(client, "2026-05")).json()["type"].endswith("month-to-come")
        backwards = {"start": "2026-03-10", "end": "2026-03-02"}
        answer = await client.post(f"/candidates/{person}/absences", json=backwards)
        assert answer.json()["errors"][0]["pointer"] == "/end"
        taken = await client.put(f"/candidates/{person}/payroll-number", json={"number": "=2"})
        assert taken.status_code == 422
        assert (await close(client, "2026-03")).status_code == 201
        refused = await client.get("/allowance-months/2026-03/export")
        assert refused.json()["errors"][0]["pointer"] == "lines.1.employee"
        lacking = await client.put("/payroll-map", json={"text": "payroll_map: x\ncolumns: []"})
        assert lacking.status_code == 422
    async with api(app, await bearer_of_staff(app, clock, Role.TRAINER)) as client:
        assert (await client.get("/allowance-months/2026-03")).status_code == 403


async def test_a_figure_past_its_review_is_confirmed_by_whoever_closes_the_month(
    app: Any, clock: FixedClock
) -> None:
    clock.now = datetime(2027, 2, 2, tzinfo=UTC)
    await at_home(app, clock, "A1", allowance={"mode": "day"})
    async with api(app, await bearer_of_staff(app, clock)) as client:
        assert (await client.get("/allowance-months/2027-01")).json()["doubts"]
        refused = await close(client, "2027-01")
        assert refused.json()["errors"][0]["pointer"] == "/text_read"
        closed = await close(client, "2027-01", text_read="Arrêté du 30 décembre 2026, JO du 31")
        (given,) = closed.json()["confirmations"]
    assert (given["confirmed_by"], given["amount_cents"]) == ("Ada recruiter", 270)


async def test_payroll_reads_the_columns_of_the_map_that_was_sent(app: Any, clock: FixedClock) -> None:
    (person,) = await at_home(app, clock, "A1", allowance={"mode": "day"})
    async with api(app, await bearer_of_staff(app, clock)) as client:
        text = (await client.get("/payroll-map")).json()["text"].replace("TELETRAVAIL_EXO", "4711")
        assert (await client.put("/payroll-map", json={"text": text})).status_code == 200
        given = await client.put(f"/candidates/{person}/payroll-number", json={"number": "00042"})
        assert given.status_code == 204, given.text
        assert (await close(client, "2026-03")).status_code == 201
        assert (await exported(client, "2026-03"))[0][:3] == ["00042", "4711", "59,40"]


async def test_anybody_may_try_a_month(app: Any) -> None:
    async with api(app) as client:
        asked = {"month": "2026-03", "mode": "day", "days": 20, "paid_cents": 8000}
        told = (await client.post("/allowance-simulations", json=asked)).json()
        assert (told["ceiling_cents"], told["exempt_cents"], told["taxable_cents"]) == (5400, 5400, 2600)
        assert (told["confidence"], told["tax"]["confidence"]) == ("V2", "D")
        old = await client.post("/allowance-simulations", json={**asked, "month": "2020-03"})
    assert (old.status_code, "avant 2021" in old.json()["detail"]) == (422, True)
