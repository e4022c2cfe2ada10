"""Files brought in: checked first, applied whole or not at all, never twice."""

import json
from typing import Any

import pytest

from service.flows.reading_files import read_candidates, read_programmes
from tests.conftest import FixedClock
from tests.service.people import PROFILE, PROGRAMME, api, bearer_of_staff, browser

CSV = (
    "Prénom;Nom;E-mail;Téléphone;Compétences;Langues;Disponibilités;Heures souhaitées\r\n"
    'Zoé;"d\'Éon\r\nMartin";zoe@example.com;06 12 34 56 78;appels entrants|=cmd();fr:C2|en:B1;'
    '"lun-ven 09:00-17:00; sam 10h-13h";17,5\r\n'
    "\r\n"
    "Awa;Ba;awa@example.com;;accueil;fr:C2;mar 9-12;30\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_file_is_read_as_people_write_it(encoding: str, separator: str) -> None:
    text = CSV if separator == ";" else CSV.replace(";", "\t").replace("17:00\t sam", "17:00; sam")
    read = read_candidates(text.encode(encoding))
    assert read.faults == ()
    first, second = read.rows
    assert first.identity.given_name == "Zoé"
    assert first.profile.skills == ("appels entrants", "=cmd()")
    assert len(first.profile.availability) == 6
    assert first.profile.desired_weekly_hours == 17.5
    assert (first.line, second.line) == (2, 5)


def test_every_fault_has_its_line_column_value_and_reason() -> None:
    bad = CSV + "Léo;B;leo@;;x;fr:C2;lun 25:00-26:00;beaucoup\r\n"
    read = read_candidates(bad.encode())
    assert len(read.rows) == 2
    assert {fault.line for fault in read.faults} == {6}
    assert {fault.column for fault in read.faults} >= {"Heures souhaitées", "email", "availability[1].from"}
    assert all(fault.reason for fault in read.faults)
    assert read.bad_rows == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[", b"[1]", b"{}", b"[" * 100_000, b"PK\x03\x04zip", b"a;b\n1;2", b"id;id\n1;2",
        b'[{"id":"a","id":"b"}]', b'[{"id": NaN}]', b"\xff\xfe\x00", b"Prenomm;nom\nx;y",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(data: bytes) -> None:
    assert read_candidates(data).faults
    assert read_programmes(data).faults


def _people(*, count: int = 3) -> list[dict[str, Any]]:
    return [
        {**PROFILE, "id": f"p{n}", "given_name": f"Ana{n}", "email": f"p{n}@example.com"}
        for n in range(count)
    ]


async def _check(client: Any, people: Any, kind: str = "candidates") -> dict[str, Any]:
    data = people if isinstance(people, bytes) else json.dumps(people).encode()
    answer = await client.post("/imports", data={"kind": kind}, files={"file": ("people.json", data)})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _apply(client: Any, import_id: str, key: str) -> Any:
    return await client.post(f"/imports/{import_id}/apply", headers={"Idempotency-Key": key})


def _counts(answer: dict[str, Any]) -> tuple[int, int, int, int]:
    report = answer["report"]
    return report["new"], report["changed"], report["unchanged"], report["bad"]


@pytest.mark.anyio
async def test_the_same_file_again_changes_nothing(app: Any, clock: FixedClock) -> None:
    async with api(app, await bearer_of_staff(app, clock)) as client:
        checked = await _check(client, _people())
        assert _counts(checked) == (3, 0, 0, 0)
        assert (await client.get("/candidates")).json()["items"] == []
        assert (await client.post(f"/imports/{checked['id']}/apply")).status_code == 400
        applied = await _apply(client, checked["id"], "one")
        assert applied.status_code == 200, applied.text
        assert applied.json()["state"] == "applied"
        assert (await _apply(client, checked["id"], "one")).content == applied.content
        assert _counts(await _check(client, _people())) == (0, 0, 3, 0)
        changed = _people()
        changed[0]["headline"] = "Autre"
        assert _counts(await _check(client, changed)) == (0, 1, 2, 0)
        assert len((await client.get("/candidates")).json()["items"]) == 3


@pytest.mark.anyio
async def test_one_bad_row_holds_the_whole_file_back(app: Any, clock: FixedClock) -> None:
    people = _people()
    people[1]["desired_weekly_hours"] = 900
    async with api(app, await bearer_of_staff(app, clock)) as client:
        checked = await _check(client, people)
        assert _counts(checked) == (2, 0, 0, 1)
        assert checked["report"]["faults"][0]["column"] == "desired_weekly_hours"
        assert (await _apply(client, checked["id"], "one")).status_code == 422
        assert (await client.get("/candidates")).json()["items"] == []


@pytest.mark.anyio
async def test_a_likely_twin_is_shown_and_stays_apart(app: Any, clock: FixedClock) -> None:
    twins = [*_people(count=1), {**PROFILE, "id": "other", "given_name": "ANA0", "email": "P0@example.com"}]
    async with api(app, await bearer_of_staff(app, clock)) as client:
        checked = await _check(client, twins)
        assert checked["report"]["likely_duplicates"] == 1
        assert checked["report"]["duplicates"][0]["other_line"] == 1
        await _apply(client, checked["id"], "one")
        assert len((await client.get("/candidates")).json()["items"]) == 2


@pytest.mark.anyio
async def test_programmes_come_in_and_the_pages_show_the_report(app: Any, clock: FixedClock) -> None:
    token = await bearer_of_staff(app, clock)
    async with api(app, token) as client:
        checked = await _check(client, [{**PROGRAMME, "id": "g1", "client_name": "Eaux"}], kind="programmes")
        assert _counts(checked) == (1, 0, 0, 0)
    async with browser(app, token) as client:
        assert "people.json" in (await client.get("/imports")).text
        page = await client.post(
            f"/imports/{checked['id']}/apply", data={"_csrf_token": client.cookies["csrftoken"]}
        )
        assert page.status_code == 303
        assert PROGRAMME["title"] in (await client.get("/programmes")).text
