"""Files brought in: checked first, applied whole or not at all, never twice."""

import json
from typing import Any

import pytest

from service.flows.reading.reading_files import read_candidates, read_programmes
from tests.conftest import FixedClock
from tests.service.cast import PROFILE, PROGRAMME, api, bearer_of_staff, browser

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
    assert {fault.column for fault in read.faults} == {"Heures souhaitées", "E-mail", "Disponibilités"}
    assert all(fault.reason for fault in read.faults)
    assert read.bad_rows == 1


COLUMNS = "Prénom;Nom;Langues;Disponibilités;Heures souhaitées\r\nA;B;"


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ("fr:C9;lun 9-12;30", "Langues", "fr:C9", "niveau inconnu : « C9 »"),
        ("fr:courant;lun 9-12;30", "Langues", "fr:courant", "niveau inconnu : « courant »"),
        ("fr:;lun 9-12;30", "Langues", "fr:", "niveau inconnu"),
        ("anglais D4;lun 9-12;30", "Langues", "anglais D4", "niveau inconnu : « D4 »"),
        ("fr:C2;lum 9-12;30", "Disponibilités", "lum 9-12", "jour inconnu : « lum »"),
        ("fr:C2;lun 9-12 dimm 10-11;30", "Disponibilités", "lun 9-12 dimm 10-11", "« dimm »"),
        ("fr:C2;lun 9-25;30", "Disponibilités", "25:00", "entre 00:00 et 24:00"),
        ("fr:C2;lun 12-9;30", "Disponibilités", "lun 12-9", "finit avant de commencer"),
        ("fr:C2;lun 9-12;60,5", "Heures souhaitées", "60,5", "doit être au plus 60"),
        ("fr:C2;lun 9-12;-1", "Heures souhaitées", "-1", "doit être au moins 0"),
    ],
)
def test_a_cell_that_says_nothing_known_is_a_fault_in_its_own_column(
    cells: str, column: str, value: str, reason: str
) -> None:
    (fault,) = read_candidates(f"{COLUMNS}{cells}\r\n".encode()).faults
    assert (fault.line, fault.column, fault.value) == (2, column, value)
    assert reason in fault.reason
    assert ".0" not in fault.reason


@pytest.mark.parametrize("said", ["fr:C1", "fr c1", "pt-BR:B2", "anglais courant", "TOEIC 820", "anglais B2"])
def test_languages_in_codes_or_in_peoples_own_words_are_taken(said: str) -> None:
    read = read_candidates(f"{COLUMNS}{said};lun 9-12 et 13-17;60\r\n".encode())
    assert read.faults == ()
    assert len(read.rows[0].profile.availability) == 2


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"languages": [{"code": "fr", "cefr": "C9"}]}, "languages[1].cefr"),
        ({"languages": [{"text": "fr:C9"}]}, "languages[1].text"),
        ({"availability": [{"day": "lum", "from": "09:00", "to": "12:00"}]}, "availability[1].day"),
        ({"availability": [{"day": 1, "from": "09:00", "to": "24:30"}]}, "availability[1].to"),
        ({"desired_weekly_hours": 61}, "desired_weekly_hours"),
    ],
)
def test_a_value_of_json_that_says_nothing_known_is_a_fault_at_its_path(
    said: dict[str, Any], column: str
) -> None:
    (fault,) = read_candidates(json.dumps([{**PROFILE, "id": "a", **said}]).encode()).faults
    assert (fault.line, fault.column) == (1, column)
    assert fault.value
    assert ".0" not in fault.reason


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("fr:C9;35", "Langues"),
        ("fr;35", "Langues"),
        ("fr:C1:bof;35", "Langues"),
        ("fr:C1;61", "Heures par semaine"),
    ],
)
def test_a_programme_asks_for_known_levels_and_possible_hours(cells: str, column: str) -> None:
    data = f"Titre;Langues;Heures par semaine\r\nEau;{cells}\r\n".encode()
    assert {fault.column for fault in read_programmes(data).faults} == {column}


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
