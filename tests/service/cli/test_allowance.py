"""homeshore allowance: one month in words and in JSON, and what does not fit told with its place."""

import json

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
