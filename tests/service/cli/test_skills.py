"""Lists of skills brought in and phrases resolved, as an operator does it."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.runtime.lexicon_shelf import MOST_KEPT, LexiconShelf

ADDRESS = "http://data.europa.eu/esco/skill/"
HEAD = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOMESHORE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("HOMESHORE_DATABASE_URL", raising=False)
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["skills", *map(str, arguments)])


def resolved(home: Path, *phrases: str) -> list[dict]:
    file = home / "phrases.json"
    file.write_text(json.dumps(phrases), "utf-8")
    result = run("resolve", file, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def listed(home: Path, *rows: tuple[str, str]) -> Path:
    folder = home / "esco"
    folder.mkdir(exist_ok=True)
    lines = "".join(f"Skill,{ADDRESS}{name},,,{label},,,released\n" for name, label in rows)
    (folder / "skills_en.csv").write_text(HEAD + lines, "utf-8")
    return folder


def test_without_any_list_the_shipped_one_answers_and_no_database_is_made(home):
    calls, nothing = resolved(home, "Appels entrants", "zorglub")

    assert (calls["skill"], calls["confidence"]) == ("own:inbound_calls", 1.0)
    assert (nothing["skill"], nothing["uri"], nothing["label"]) == (None, None, None)
    assert not (home / "var" / "homeshore.db").exists()


def test_a_list_comes_in_and_says_what_changed_since_the_last_time(home):
    folder = listed(home, ("a", "blow glass"), ("b", "cut glass"))
    first = json.loads(run("import", "esco", folder, "--edition", "1", "--json").stdout)
    assert (first["added"], first["applied"]) == (2, True)
    assert resolved(home, "blowing glass")[0]["uri"] == f"{ADDRESS}a"

    folder = listed(home, ("a", "blow glass"), ("c", "grind glass"))
    checked = json.loads(run("import", "esco", folder, "--check", "--json").stdout)
    assert (checked["added"], checked["removed"], checked["applied"]) == (1, 1, False)
    assert resolved(home, "grind glass")[0]["way"] != "exact"

    run("import", "esco", folder, "--edition", "2")
    assert resolved(home, "grind glass")[0]["uri"] == f"{ADDRESS}c"
    assert len(list((home / "var" / "lexicons").glob("*.index"))) == 2


def test_files_that_hold_no_list_are_refused_with_their_lines(home):
    (home / "skills_en.csv").write_text(HEAD + "Skill,nowhere,,,label,,,released\n", "utf-8")
    result = run("import", "esco", home / "skills_en.csv")

    assert result.exit_code == 1
    assert "skills_en.csv:2" in result.output


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]", ""])
def test_phrases_that_are_no_list_of_strings_are_refused_in_one_line(home, text):
    file = home / "phrases.json"
    file.write_text(text, "utf-8")
    result = run("resolve", file)

    assert result.exit_code == 1
    assert result.output.startswith("homeshore: ")


def test_an_index_is_kept_whole_or_made_again(home):
    shelf = LexiconShelf(home)
    for number in range(MOST_KEPT + 2):
        shelf.put(f"{number:064x}", b"index %d" % number)
        os.utime(home / "lexicons" / f"{number:064x}.index", (number, number))
    newest = f"{MOST_KEPT + 1:064x}"

    assert shelf.get(newest) == b"index %d" % (MOST_KEPT + 1)
    assert shelf.get(f"{0:064x}") is None
    path = home / "lexicons" / f"{newest}.index"
    path.write_bytes(path.read_bytes()[:-1])
    assert shelf.get(newest) is None


def test_a_shelf_that_cannot_be_written_does_no_harm(home):
    (home / "lexicons").write_text("a file in the way")
    LexiconShelf(home).put("0" * 64, b"index")

    assert LexiconShelf(home).get("0" * 64) is None
