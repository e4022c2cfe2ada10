"""homeshore lint: what a file of questions may not ask, in words and in JSON; and a start that refuses it."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from assessments.questionnaires.instruments import InstrumentError
from service.cli import main
from service.runtime.editions import read_instrument
from tests.assessments.questions import ENGLISH_BAD, ENGLISH_HARMLESS, FRENCH_BAD, FRENCH_HARMLESS

SHIPPED = [
    files("assessments") / f"data/instruments/{slug}/2026-11.yaml"
    for slug in ("work-organisation", "home-workplace", "equipment-connection")
]


def lint(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["lint", *map(str, arguments)])


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "questions.yaml"
    texts = [*FRENCH_BAD, *ENGLISH_BAD]
    path.write_text(yaml.safe_dump({"questions": texts}, allow_unicode=True), "utf-8")
    return path


def test_every_bad_question_of_a_file_is_named_with_its_ground(bad: Path) -> None:
    result = lint(bad, "--json")
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert found["refused"] is True
    by_text: dict[str, set[str]] = {}
    for one in found["findings"]:
        by_text.setdefault(one["text"], set()).add(one["ground"])
    for text, ground in {**FRENCH_BAD, **ENGLISH_BAD}.items():
        assert ground in by_text[text]


def test_harmless_questions_pass_each_in_its_language(tmp_path: Path) -> None:
    path = tmp_path / "guide.yaml"
    pairs = [{"fr": fr, "en": en} for fr, en in zip(FRENCH_HARMLESS, ENGLISH_HARMLESS, strict=True)]
    path.write_text(yaml.safe_dump(pairs, allow_unicode=True), "utf-8")
    result = lint(path, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["findings"] == []


def test_the_shipped_questionnaires_pass() -> None:
    result = lint(*map(str, SHIPPED))
    assert result.exit_code == 0
    assert result.output.count("nothing found") == 3


def test_words_say_where_what_why_and_what_to_ask_instead(tmp_path: Path) -> None:
    path = tmp_path / "questions.yaml"
    path.write_text("- {fr: Quel âge avez-vous ?, en: Do these hours suit you?}\n", "utf-8")
    said = lint(path).output
    assert "[0].fr: Âge (L1132-1): « âge »" in said
    assert "→ Demandez ce que la personne sait faire" in said
    assert "Age is not a skill" in lint(path, "--lang", "en").output


def with_bad_question(overrides: list[dict[str, Any]]) -> str:
    content = yaml.safe_load(SHIPPED[0].read_text("utf-8"))
    item = content["pages"][0]["items"][0]
    item["prompt"] = {"fr": "Avez-vous des enfants ?", "en": "Do these hours suit you?"}
    for one in overrides:
        one["item"] = item["id"]
    content["overrides"] = overrides
    return yaml.safe_dump(content, allow_unicode=True)


OVERRIDE = {
    "ground": "family_situation",
    "because": "Asked for a statutory survey that the works council voted for in May.",
    "approved_by": "A. Roy",
    "on": "2026-11-02",
}


def test_a_start_refuses_a_questionnaire_that_touches_a_ground() -> None:
    with pytest.raises(InstrumentError, match="Family situation"):
        read_instrument(with_bad_question([]))


def test_a_start_takes_it_with_an_argued_override_and_the_lint_still_shows_it(tmp_path: Path) -> None:
    text = with_bad_question([dict(OVERRIDE)])
    assert read_instrument(text).overrides[0].approved_by == "A. Roy"
    path = tmp_path / "questionnaire.yaml"
    path.write_text(text, "utf-8")
    result = lint(path, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["findings"][0]["override"]["approved_by"] == "A. Roy"
    assert "overridden by A. Roy, 2026-11-02" in lint(path).output


@pytest.mark.parametrize("because", ["", "The client asked.", " " * 60])
def test_a_start_refuses_an_override_without_an_argument(because: str) -> None:
    with pytest.raises(InstrumentError, match=r"overrides\[0\]\.because"):
        read_instrument(with_bad_question([{**OVERRIDE, "because": because}]))


@pytest.mark.parametrize("content", [b"a: [", b"PK\x03\x04", b"overrides: [1]\n"])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "questions.yaml"
    path.write_bytes(content)
    result = lint(path)
    assert result.exit_code == 1
    assert "homeshore: " in result.output
    assert "Traceback" not in result.output
