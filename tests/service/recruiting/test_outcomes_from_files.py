"""Outcomes come in from a CSV file: checked first, whole or not at all, every fault at its line, once only."""

import json
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from service.cli import main
from service.flows.reading.reading_outcomes import read_outcomes
from service.runtime.vocabulary import Role
from service.tables.outcomes import Outcome
from service.tables.people import Candidate
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, api, bearer_of_staff
from tests.service.recruiting.test_outcomes import hired

pytestmark = pytest.mark.anyio

HEADER = "Personne;Jours;Mesure;Valeur;Date;Remarque\n"


async def send(client: Any, text: str, mode: str = "check") -> Any:
    answer = await client.post(
        "/outcome-files", data={"mode": mode}, files={"file": ("a.csv", text.encode())}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_file_is_checked_applied_and_applied_again_without_a_second_note(
    app: Any, clock: FixedClock, tmp_path: Path
) -> None:
    one, _ = await hired(app, clock)
    two, _ = await hired(app, clock)
    async with app.state.database.transaction() as session:
        (await session.get_one(Candidate, two)).external_id = "EXT-7"
    text = (
        f"{HEADER}{one};90;Autonomie;4;20/11/2026;Demande à temps.\n"
        "ext-7;90;qualité;3;2026-11-20;\next-7;90;qualité;3;2026-11-20;\n"
    )
    async with api(app, await bearer_of_staff(app, clock, Role.SUPERVISOR)) as client:
        checked = await send(client, text)
        assert (checked["new"], checked["unchanged"], checked["bad"]) == (2, 1, 0), checked
        assert (await client.get(f"/candidates/{one}/outcomes")).json()["items"] == []
        assert (await send(client, text, "apply"))["new"] == 2
        assert (await send(client, text, "apply"))["new"] == 0
        (noted,) = (await client.get(f"/candidates/{one}/outcomes")).json()["items"]
    assert (noted["value"], noted["note"], noted["measure"]) == (4, "Demande à temps.", "autonomy_at_work")
    settings = {
        f"HOMESHORE_{name.upper()}": str(value)
        for name, value in app.state.settings.model_dump(
            mode="json", include={"data_dir", "database_url"}
        ).items()
    }

    file = tmp_path / "a.csv"
    file.write_text(text.replace(";4;", ";5;"), "utf-8")

    def command() -> Any:
        return CliRunner(env=settings).invoke(main, ["import", "outcomes", str(file), "--json", "--apply"])

    told = await anyio.to_thread.run_sync(command)
    assert told.exit_code == 0, told.output
    report = json.loads(told.output)
    assert (report["applied"], report["new"], report["unchanged"]) == (True, 1, 2)


async def test_every_fault_has_its_line_and_then_nothing_is_noted(app: Any, clock: FixedClock) -> None:
    one, _ = await hired(app, clock)
    free = await add_candidate(app, clock)
    text = (
        f"{HEADER}{one};90;quality;3;2026-11-20;\nnobody@example.com;90;quality;3;2026-11-20;\n"
        f"{free};90;quality;3;2026-11-20;\n{one};45;quality;99999;2027-01-01;\n{one};x;luck;;demain;\n"
    )
    async with api(app, await bearer_of_staff(app, clock, Role.RECRUITER)) as client:
        report = await send(client, text, "apply")
    lines = [(fault["line"], fault["column"]) for fault in report["faults"]]
    assert lines == [
        (3, "candidate"), (4, "candidate"), (5, "days"), (5, "value"), (5, "recorded_on"),
        (6, "Jours"), (6, "Mesure"), (6, "Valeur"), (6, "Date"),
    ]  # fmt: skip
    assert report["bad"] == 4
    async with app.state.database.transaction(write=False) as session:
        assert list(await session.scalars(select(Outcome))) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Le fichier est vide."),
        (b"candidate,days\n1,30\n", "Cette colonne manque."),
        (b"candidate,id,days,measure,value,date\n", "Une autre colonne dit"),
        (b"candidate,days,measure,value,date\n", "Le fichier n'a pas de ligne sous ses titres."),
        (b'candidate,days,measure,value,date\n"a,1\n', "un guillemet reste ouvert"),
    ],
)
def test_what_is_no_file_of_outcomes_says_what_is_missing(data: bytes, reason: str) -> None:
    rows, faults = read_outcomes(data)
    assert rows == ()
    assert any(reason in fault.reason for fault in faults), faults
