"""homeshore documents: any paper from a file of facts, and what does not fit told with its place."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main


def documents(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["documents", *map(str, arguments)])


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    """The facts of a statement on honour, as the command prints them."""
    printed = documents("example", "sworn_statement", "--which", "cdd-part-time", "--json")
    assert printed.exit_code == 0, printed.output
    file = tmp_path / "facts.json"
    file.write_text(printed.output, "utf-8")
    return file


def changed(file: Path, change: object) -> Path:
    facts = json.loads(file.read_text("utf-8"))
    change(facts)  # type: ignore[operator]
    file.write_text(json.dumps(facts), "utf-8")
    return file


def test_the_kinds_are_listed_with_who_signs_and_their_examples() -> None:
    listed = {row["kind"]: row for row in json.loads(documents("kinds", "--json").output)}
    assert listed["sworn_statement"]["signatories"] == ["person"]
    assert listed["employment_contract"]["examples"] == [
        "cdi-full-time",
        "cdd-part-time",
        "cdi-hybrid-supervisor",
    ]
    words = documents("kinds").output
    assert all(kind in words for kind in listed)
    assert "nobody signs" in words


def test_an_example_is_made_without_a_server_and_twice_the_same(statement: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one/paper.pdf", "two.pdf"):
        result = documents(
            "make", "sworn_statement", "--facts", statement, "--out", tmp_path / name, "--issued-on",
            "2026-11-21", "--reference", "HS-7", "--json",
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        made.append(json.loads(result.output))
    content = (tmp_path / "two.pdf").read_bytes()
    assert content == (tmp_path / "one/paper.pdf").read_bytes()
    assert content.startswith(b"%PDF-1.7")
    assert made[0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert (made[1]["pages"], made[1]["reference"], made[1]["issued_on"]) == (1, "HS-7", "2026-11-21")


def test_words_tell_the_file_and_its_hash(statement: Path, tmp_path: Path) -> None:
    out = tmp_path / "paper.pdf"
    result = documents("make", "sworn_statement", "--facts", statement, "--out", out)
    assert str(out) in result.output
    assert hashlib.sha256(out.read_bytes()).hexdigest() in result.output


def test_a_missing_must_is_named_with_its_article_and_nothing_is_written(
    statement: Path, tmp_path: Path
) -> None:
    changed(statement, lambda facts: facts["person"].pop("birth_place"))
    out = tmp_path / "paper.pdf"
    result = documents("make", "sworn_statement", "--facts", statement, "--out", out)
    assert result.exit_code == 1
    assert "person.birth_place: Lieu de naissance (R1221-1). Demandez" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b'{"person": {}, "person": {}}', "twice"),
        (b'{"person": NaN}', "NaN"),
        (b"[" * 5000, "nested deeper"),
        (b"[]", "does not fit the facts"),
        (b'{"person": {"shoe_size": 43}}', "/person/shoe_size"),
        (b'{"person": {"birth_date": "31/12/1990"}}', "/person/birth_date"),
        (b'{"employer": {"name": "' + b"x" * 201 + b'"}}', "/employer/name"),
        (b'{"employer": {"name": "\\u0007"}}', "/employer/name"),
        (b" " * 8_000_001, "larger than 8000000 bytes"),
    ],
)
def test_facts_that_cannot_be_read_are_told_with_their_place(
    content: bytes, said: str, tmp_path: Path
) -> None:
    file, out = tmp_path / "facts.json", tmp_path / "paper.pdf"
    file.write_bytes(content)
    result = documents("make", "sworn_statement", "--facts", file, "--out", out)
    assert result.exit_code == 1
    assert said in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "nonsense"), "nonsense"),
        (("example", "sworn_statement", "--which", "nobody"), "cdi-full-time"),
        (("make", "sworn_statement", "--out", "x.pdf"), "--facts"),
        (("make", "sworn_statement", "--facts", "absent.json", "--out", "x.pdf"), "absent.json"),
    ],
)
def test_a_call_that_cannot_be_meant_says_what_there_is(arguments: tuple[str, ...], said: str) -> None:
    result = documents(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_an_odd_day_or_reference_is_refused(statement: Path, tmp_path: Path) -> None:
    for option, value in (("--issued-on", "31/12/2026"), ("--reference", "a\nb"), ("--reference", "x" * 61)):
        result = documents(
            "make", "sworn_statement", "--facts", statement, "--out", tmp_path / "p.pdf", option, value
        )
        assert result.exit_code == 2
        assert option in result.stderr


def test_a_reference_in_letters_the_fonts_lack_is_named(statement: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.pdf"
    result = documents("make", "sworn_statement", "--facts", statement, "--out", out, "--reference", "李-7")
    assert result.exit_code == 1
    assert "U+674E" in result.stderr


def test_a_file_that_cannot_be_written_is_told(statement: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = documents("make", "sworn_statement", "--facts", statement, "--out", tmp_path / "file/p.pdf")
    assert result.exit_code in (1, 2)
    assert "file" in result.stderr
