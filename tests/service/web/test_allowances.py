"""Pages of the allowance: a clerk's month from days to the payroll file, and the simulator without a script."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.runtime.vocabulary import Role
from tests.conftest import FixedClock
from tests.service.allowances.allowances import at_home
from tests.service.cast import bearer_of_staff, browser, submit

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> FixedClock:
    found = FixedClock()
    found.now = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    return found


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("&#39;", "'")


async def test_a_clerk_leads_a_month_from_days_to_payroll(app: Any, clock: FixedClock) -> None:
    (person,) = await at_home(app, clock, "A1", allowance={"mode": "day"}, names=("Awa Diallo",))
    here = f"/allowances/2026-03/people/{person}"
    async with browser(app, await bearer_of_staff(app, clock, Role.APPROVER)) as client:
        assert "mars 2026" in (await client.get("/allowances")).text
        shown = plain((await client.get("/allowances/2026-03")).text)
        assert "Awa Diallo" in shown
        assert "22 jours × 2,70 €" in shown
        assert "Personne à ce nom" in (await client.get("/allowances/2026-03?search=zzz")).text

        wrong = await submit(client, here, {"days": "32", "paid": "-1", "is_whole": "yes"})
        assert wrong.status_code == 422
        assert 'value="32"' in wrong.text
        assert "pas plus que le mois" in plain(wrong.text)
        saved = await submit(client, here, {"days": "20", "paid": "80,00", "is_whole": "yes", "note": "Vu."})
        assert saved.headers["location"] == here
        statement = plain((await client.get(here)).text)
        assert "54,00 €" in statement
        assert "26,00 €" in statement
        assert "arrêté du 4 septembre 2025" in statement

        away = {"start": "2026-03-30", "end": "2026-03-02", "kind": "leave"}
        assert (await submit(client, f"{here}/absences", away)).status_code == 422
        assert (await submit(client, f"{here}/absences", {**away, "start": "2026-03-02"})).status_code == 303
        assert (await submit(client, f"{here}/number", {"number": "00042"})).status_code == 303
        assert (await submit(client, f"{here}/schedule", {})).status_code == 303
        assert "21 jours × 2,70 €" in plain((await client.get(here)).text)

        tried = await submit(
            client, "/allowances/2026-03/files", {}, files={"file": ("j.csv", b"matricule;jours\n00042;19\n")}
        )
        report = tried.headers["location"]
        assert "Le fichier est prêt" in plain((await client.get(report)).text)
        taken = await submit(client, f"{report}/apply", {})
        assert taken.headers["location"] == "/allowances/2026-03"

        assert (await submit(client, "/allowances/2026-03/closing", {})).status_code == 303
        payroll = await client.get("/allowances/2026-03/variables.csv")
        assert payroll.headers["content-disposition"] == 'attachment; filename="variables-2026-03.csv"'
        assert "00042;TELETRAVAIL_EXO;51,30;01/03/2026;31/03/2026" in payroll.content.decode("utf-8-sig")
        short = await submit(client, f"{here}/corrections", {"days": "18", "is_whole": "yes", "note": "non"})
        assert short.status_code == 422
        why = {"days": "18", "is_whole": "yes", "note": "La feuille de temps dit dix-huit jours."}
        assert (await submit(client, f"{here}/corrections", why)).status_code == 303
        assert "-2,70 €" in plain((await client.get(here)).text)
        assert "Corrections de mois passés" in plain((await client.get("/allowances/2026-04")).text)


async def test_a_map_of_columns_that_cannot_serve_changes_nothing(app: Any, clock: FixedClock) -> None:
    async with browser(app, await bearer_of_staff(app, clock)) as client:
        refused = await submit(client, "/payroll-map", {"text": "columns: []"})
        assert refused.status_code == 422
        assert "columns: []" in refused.text
        shipped = (await client.get("/payroll-map.yaml")).text
        assert "TELETRAVAIL_EXO" in shipped
        own = shipped.replace("TELETRAVAIL_EXO", "4711")
        sent = await submit(client, "/payroll-map", {"text": ""}, files={"file": ("m.yaml", own.encode())})
        assert sent.status_code == 303
        assert "4711" in (await client.get("/payroll-map.yaml")).text


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_anybody_tries_a_month_in_words_with_its_source(app: Any) -> None:
    async with browser(app) as client:
        told = await client.get("/telework-allowance?mode=day&days=20&month=3&year=2026&paid=80,00")
        assert told.status_code == 200
        for words in (
            "54,00 €",
            "26,00 €",
            "20 jours × 2,70 €",
            "Ce qui n'est pas tranché",
            "sources secondaires",
        ):
            assert words in plain(told.text), words
        english = await client.get(
            "/telework-allowance?mode=month&weekly_days=2&month=3&year=2026",
            headers={"Accept-Language": "en"},
        )
        assert "Up to €22.00 without contributions." in english.text
        assert "What is not settled" in english.text


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("mode=day&days=10&month=3&year=2020", "avant 2021"),
        ("mode=day&days=30&month=2&year=2026", "pas plus que le mois"),
        ("mode=day&days=-1&month=2&year=2026", "pas plus que le mois"),
        ("mode=month&month=2&year=2026", "de 0 à 6"),
        ("mode=day&days=1&month=2&year=2026&paid=-5", "jamais négative"),
        ("mode=day&days=1&month=13&year=2026", "Choisissez un mois"),
        ("mode=%3Cscript%3E&month=%00&year=1e9&agreement=x&paid=9e9", "Choisissez une année"),
    ],
)
async def test_a_question_that_makes_no_sense_is_kept_and_told_at_its_field(
    app: Any, query: str, said: str
) -> None:
    async with browser(app) as client:
        answer = await client.get(f"/telework-allowance?{query}")
    assert answer.status_code == 422
    assert said in plain(answer.text)
    assert "<script>" not in answer.text
