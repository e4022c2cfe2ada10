"""homeshore allowance: one month in words and in JSON, and what does not fit told with its place."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main


def allowance(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["allowance", *arguments])


@pytest.mark.parametrize(
    ("arguments", "ceiling", "exempt", "taxable"),
    [
        (("--month", "2026-03", "--mode", "day", "--days", "18"), 4860, 4860, 0),
        (("--month", "2026-03", "--mode", "day", "--days", "20", "--paid", "80.00"), 5400, 5400, 2600),
        (("--month", "2026-03", "--mode", "day", "--days", "20", "--paid", "66,00",
          "--agreement", "company"), 5400, 5400, 1200),
        (("--month", "2026-03", "--mode", "day", "--days", "20", "--agreement", "branch"), 6600, 6600, 0),
        (("--month", "2025-03", "--mode", "month", "--weekly-days", "2"), 2180, 2180, 0),
        (("--month", "2026-03", "--mode", "month", "--weekly-days", "5", "--days", "8",
          "--incomplete"), 2160, 2160, 0),
        (("--month", "2026-03", "--mode", "day", "--days", "20", "--paid", "80", "--receipts", "70"),
         5400, 7000, 1000),
    ],
)  # fmt: skip
def test_a_month_is_answered_to_the_cent(
    arguments: tuple[str, ...], ceiling: int, exempt: int, taxable: int
) -> None:
    result = allowance(*arguments, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["ceiling_cents"], told["exempt_cents"], told["taxable_cents"]) == (ceiling, exempt, taxable)
    assert told["source"]
    assert told["confidence"] == "V2"
    assert sum(line["cents"] for line in told["lines"]) == exempt + taxable


@pytest.mark.parametrize(
    ("said", "ceiling", "taxable"),
    [
        ("2026-03 day 18", 4860, 0),
        ("2026-03 day 22", 5940, 0),
        ("2026-03 day 23", 5940, 0),
        ("2026-03 month 2", 2200, 0),
        ("2026-03 month 5", 5500, 0),
        ("2026-03 day 20 branch", 6600, 0),
        ("2026-03 day 23 group", 7260, 0),
        ("2026-03 month 3 branch", 3960, 0),
        ("2025-03 month 2", 2180, 0),
        ("2024-03 month 3", 3210, 0),
        ("2023-03 day 10", 2600, 0),
        ("2022-03 day 5", 1250, 0),
        ("2026-03 day 20 none 80.00", 5400, 2600),
        ("2026-03 day 20 company 66.00", 5400, 1200),
    ],
)
def test_every_vector_of_the_law_file_is_answered_with_its_source(
    said: str, ceiling: int, taxable: int
) -> None:
    month, mode, count, *more = said.split()
    agreement, paid = (*more, "", "")[:2]
    counted = "--days" if mode == "day" else "--weekly-days"
    arguments = ["--month", month, "--mode", mode, counted, count, "--agreement", agreement or "none"]
    told = json.loads(allowance(*arguments, *(["--paid", paid] if paid else []), "--json").output)
    assert (told["ceiling_cents"], told["exempt_cents"], told["taxable_cents"]) == (ceiling, ceiling, taxable)
    assert told["source"]


def test_words_give_the_lines_and_the_source() -> None:
    result = allowance("--month", "2026-03", "--mode", "day", "--days", "18", "--weekly-days", "2")
    assert "48,60 €" in result.output
    assert "arrêté du 4 septembre 2025" in result.output
    assert "À vérifier : 18 jours" in result.output


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("--month", "2020-03", "--mode", "day", "--days", "10"), "not available before 2021", 1),
        (("--month", "2015-03", "--mode", "day", "--days", "10"), "01/03/2015", 1),
        (("--month", "2026-02", "--mode", "day", "--days", "30"), "n'a que 28 jours", 1),
        (("--month", "2026-03", "--mode", "day"), "jours réellement télétravaillés", 1),
        (("--month", "2026-13", "--mode", "day", "--days", "1"), "--month", 2),
        (("--month", "March", "--mode", "day", "--days", "1"), "--month", 2),
        (("--month", "2026-03", "--mode", "day", "--days", "-1"), "--days", 2),
        (("--month", "2026-03", "--mode", "day", "--days", "1", "--paid", "-5"), "--paid", 2),
        (("--month", "2026-03", "--mode", "day", "--days", "1", "--paid", "1e3"), "--paid", 2),
        (("--month", "2026-03", "--mode", "month"), "--weekly-days", 2),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(arguments: tuple[str, ...], said: str, code: int) -> None:
    result = allowance(*arguments)
    assert result.exit_code == code
    assert said in result.output


PEOPLE = "matricule;mode;jours;rythme;complet;accord;verse\n"
PEOPLE += "00042;jour;20;;;;80,00\n7;mois;8;5;non;;\n9;mois;;3;;branche;\n"


def test_everybody_s_month_becomes_lines_for_payroll(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    out = tmp_path / "payroll.csv"
    result = allowance(
        "--month", "2026-03", "--people", str(tmp_path / "people.csv"), "--out", str(out), "--json"
    )
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["people"], told["lines"], told["exempt_cents"], told["taxable_cents"]) == (3, 4, 11520, 2600)
    assert out.read_bytes().decode("utf-8-sig").splitlines() == [
        "Matricule;Code;Valeur;Date début;Date fin",
        "00042;TELETRAVAIL_EXO;54,00;01/03/2026;31/03/2026",
        "00042;TELETRAVAIL_SOUMIS;26,00;01/03/2026;31/03/2026",
        "7;TELETRAVAIL_EXO;21,60;01/03/2026;31/03/2026",
        "9;TELETRAVAIL_EXO;39,60;01/03/2026;31/03/2026",
    ]


@pytest.mark.parametrize(
    ("month", "content", "said"),
    [
        ("2026-03", "matricule;mode;jours\n1;jour;32\n", "ligne 2, jours"),
        ("2026-03", "matricule;mode;jours\n1;jour;2\n1;jour;3\n", "ligne 3, matricule"),
        ("2026-03", "matricule;mode\n1;jour\n", "ligne 2, jours"),
        ("2026-03", "matricule;mode;verse;rythme\n1;mois;-5;2\n", "ligne 2, verse"),
        ("2026-03", "matricule;jours\n1;2\n", "ligne 1, mode"),
        ("2026-03", "matricule;mode;jours\n=1+1;jour;2\n", "lines.1.employee"),
        ("2020-03", "matricule;mode;jours\n1;jour;2\n", "not available before 2021"),
        ("2015-03", "matricule;mode;jours\n1;jour;2\n", "01/03/2015"),
    ],
)
def test_a_file_that_does_not_fit_writes_nothing(tmp_path: Path, month: str, content: str, said: str) -> None:
    (tmp_path / "people.csv").write_text(content, "utf-8")
    out = tmp_path / "payroll.csv"
    result = allowance("--month", month, "--people", str(tmp_path / "people.csv"), "--out", str(out))
    assert result.exit_code == 1
    assert said in result.output
    assert not out.exists()


def test_a_map_of_columns_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "map.yaml").write_text("columns: []", "utf-8")
    arguments = ("--people", str(tmp_path / "people.csv"), "--out", str(tmp_path / "payroll.csv"))
    result = allowance("--month", "2026-03", *arguments, "--columns", str(tmp_path / "map.yaml"))
    assert result.exit_code == 1
    assert "map.yaml" in result.output
    assert allowance("--month", "2026-03", *arguments[:2]).exit_code == 2
    assert allowance("--month", "2026-03").exit_code == 2


def test_a_time_sheet_becomes_lines_for_payroll_by_a_map_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("matricule;date;heures\n42;02/03/2026;7,5\n42;03/03/2026;7\n", "utf-8")
    (tmp_path / "map.yaml").write_text(
        'payroll_map: "own"\nedition: "1"\ntitle: "Own"\ncolumns:\n'
        '  - {header: "Salarié", value: "employee"}\n  - {header: "Montant", value: "amount"}\n'
        'codes: {allowance_exempt: "T1"}\n',
        "utf-8",
    )
    out = tmp_path / "variables.csv"
    arguments = ("--month", "2026-03", "--out", str(out), "--map", str(tmp_path / "map.yaml"))
    result = allowance(*arguments, "--file", str(tmp_path / "days.csv"))
    assert result.exit_code == 0, result.output
    assert out.read_bytes().decode("utf-8-sig").splitlines() == ["Salarié;Montant", "42;5,40"]
    (tmp_path / "days.csv").write_text("matricule;date;heures\n42;02/03/2026;25\n", "utf-8")
    refused = allowance(*arguments, "--file", str(tmp_path / "days.csv"))
    assert refused.exit_code == 1
    assert "ligne 2, heures, « 25 »" in refused.output
    assert "24 heures" in refused.output
