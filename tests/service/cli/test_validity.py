"""homeshore validity: the figures of a file in JSON and in words, and clear words for every bad file."""

import csv
import io
import json
import random
import statistics
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["validity", *arguments])


def rows_of(people: int = 200, items: int = 4, seed: int = 1) -> list[list[int]]:
    chance = random.Random(seed)
    found = []
    for _ in range(people):
        cause = chance.gauss(0, 1)
        found.append([min(5, max(1, round(3 + cause + chance.gauss(0, 1)))) for _ in range(items)])
    return found


def written(path: Path, rows: list[list[Any]], *, separator: str = ",", encoding: str = "utf-8") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([f"q{at + 1}" for at in range(len(rows[0]))])
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return str(path)


def told(*arguments: str) -> Any:
    found = run(*arguments, "--json")
    assert found.exit_code == 0, found.output
    return json.loads(found.output, parse_constant=pytest.fail)


def alpha_of(rows: list[list[int]]) -> float:
    columns = list(zip(*rows, strict=True))
    total = statistics.variance([sum(row) for row in rows])
    return len(columns) / (len(columns) - 1) * (1 - sum(map(statistics.variance, columns)) / total)


def test_the_figures_of_a_file_are_told_by_scale(tmp_path: Path) -> None:
    rows = rows_of()
    turned = [[row[0], 6 - row[1], row[2], row[3]] for row in rows]
    body = told(
        written(tmp_path / "a.csv", turned),
        "--scale", "calm=q1,-q2,q3,q4", "--scale", "half=q3,q4", "--resamples", "50",
    )  # fmt: skip
    calm = body["scales"]["calm"]
    assert calm["alpha"] == pytest.approx(alpha_of(rows), abs=1e-9)
    assert calm["n"] == 200
    assert calm["interval"][0] < calm["alpha"] < calm["interval"][1]
    assert calm["omega_interval"][0] < calm["omega"] < calm["omega_interval"][1]
    assert calm["sem"] == pytest.approx(calm["sd"] * (1 - calm["alpha"]) ** 0.5)
    assert set(calm["item_rest"]) == set(calm["alpha_if_deleted"]) == {"q1", "q2", "q3", "q4"}
    assert calm["deletion"] == "pairwise"
    assert calm["reversed_within"] == {"minimum": 1, "maximum": 5, "from": "observed"}
    assert body["scales"]["half"]["omega"] is None
    assert body["scales"]["half"]["omega_lack"] == "too_few_items"


def test_the_way_a_file_is_written_changes_nothing(tmp_path: Path) -> None:
    rows = rows_of()
    plain = told(written(tmp_path / "a.csv", rows), "--scale", "s=q1,q2,q3,q4", "--resamples", "0")
    for separator, encoding in ((";", "utf-8-sig"), ("\t", "cp1252"), (";", "utf-16")):
        path = written(tmp_path / "b.csv", rows, separator=separator, encoding=encoding)
        assert told(path, "--scale", "s=q1,q2,q3,q4", "--resamples", "0")["scales"] == plain["scales"]
    decimals = [[f"{value},0" for value in row] for row in rows]
    path = written(tmp_path / "c.csv", decimals, separator=";")
    assert told(path, "--scale", "s=q1,q2,q3,q4", "--resamples", "0")["scales"] == plain["scales"]


def test_missing_answers_leave_pairs_or_rows_as_asked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [list(row) for row in rows_of()]
    for at, mark in enumerate(["", "NA", "n/a", "NaN", "."]):
        rows[at][at % 4] = mark
    path = written(tmp_path / "a.csv", rows)
    pairwise = told(path, "--scale", "s=q1,q2,q3,q4")["scales"]["s"]
    listwise = told(path, "--scale", "s=q1,q2,q3,q4", "--missing", "listwise")["scales"]["s"]
    assert (pairwise["n"], listwise["n"]) == (200, 195)
    assert listwise["alpha"] == pytest.approx(alpha_of(rows[5:]), abs=1e-9)
    assert listwise["deletion"] == "listwise"


def test_people_read_a_table_with_what_to_know(tmp_path: Path) -> None:
    rows = [[row[0], 6 - row[1], row[2], row[3]] for row in rows_of()]
    found = run(written(tmp_path / "a.csv", rows), "--scale", "calm=q1,q2,q3,q4", "--resamples", "20")
    assert found.exit_code == 0
    assert "alpha without" in found.output
    assert "Goes against the others: q2" in found.output
    assert "200 rows, missing answers pairwise" in found.output


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("q1,q2\n1,2\n", ["--scale", "s=q1,q9"], "There is no such column"),
        ("Réserve,Calme\n1,2\n", ["--scale", "s=Calm,Réserve"], "Did you mean “Calme”"),
        ("q1,q2\n1,2\n3,vier\n", ["--scale", "s=q1,q2"], "line 3, column “q2”, “vier”: This is not a number"),
        ("q1,q2\n1,inf\n", ["--scale", "s=q1,q2"], "line 2, column “q2”, “inf”: This is not a number"),
        ("q1,q2\n1,1_0\n", ["--scale", "s=q1,q2"], "“1_0”: This is not a number"),
        ("q1,q2\n1,7\n", ["--scale", "s=q1,q2", "--minimum", "1", "--maximum", "5"], "outside 1 to 5"),
        ("q1,q2\n1,2,3\n", ["--scale", "s=q1,q2"], "more values than columns"),
        ("q1,q1\n1,2\n", ["--scale", "s=q1,q2"], "Two columns have this name"),
        ("q1,q2\n", ["--scale", "s=q1,q2"], "a header and no row"),
        ("", ["--scale", "s=q1,q2"], "empty"),
        ('q1,q2\n1,"2\n3,4\n', ["--scale", "s=q1,q2"], "quote is left open"),
    ],
)
def test_a_bad_file_is_refused_at_its_place(tmp_path: Path, text: str, options: list[str], says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(text.encode())
    found = run(str(path), *options)
    assert found.exit_code == 1, found.output
    assert says in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--scale", "q1,q2"],
        ["--scale", "s="],
        ["--scale", "=q1,q2"],
        ["--scale", "s=q1,-q1"],
        ["--scale", "s=q1,q2", "--scale", "s=q1,q2"],
        ["--scale", "s=q1,q2", "--minimum", "1"],
        ["--scale", "s=q1,q2", "--minimum", "5", "--maximum", "1"],
        ["--scale", "s=q1,q2", "--missing", "zero"],
    ],
)
def test_a_call_that_makes_no_sense_says_what_to_write(tmp_path: Path, options: list[str]) -> None:
    found = run(written(tmp_path / "a.csv", rows_of(5)), *options)
    assert found.exit_code == 2
    assert "Error" in found.output


@pytest.mark.parametrize(
    "text", ["q1,q2,q3\n1,1,1\n", "q1,q2,q3\n1,1,1\n1,1,1\n", "q1,q2,q3\n,,\n1,,\n,2,\n"]
)
@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_too_little_to_tell_gives_nulls_and_reasons(tmp_path: Path, text: str, missing: str) -> None:
    path = tmp_path / "small.csv"
    path.write_bytes(text.encode())
    body = told(str(path), "--scale", "s=q1,q2,q3", "--scale", "one=q1", "--missing", missing)
    for scale in body["scales"].values():
        assert scale["alpha"] is None
        assert scale["alpha_lack"]
        assert scale["verdict"] == "no_evidence"
    assert run(str(path), "--scale", "s=q1,q2,q3", "--missing", missing).exit_code == 0
