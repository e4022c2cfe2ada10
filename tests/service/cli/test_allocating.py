"""homeshore allocate: one file in, the whole answer out, and bad input refused with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main

WAVE: dict[str, Any] = {
    "programmes": [{"id": "p", "title": "Énergie", "seats": 1}, {"id": "q", "seats": 1}],
    "people": [
        {"id": "a", "fits": [{"programme": "p", "score": 90}, {"programme": "q", "score": 85}]},
        {"id": "b", "fits": [{"programme": "p", "score": 80}]},
        {"id": "c", "fits": [{"programme": "p", "score": 70}]},
    ],
    "scenarios": [{"name": "two", "changes": [{"programme": "p", "seats": 2}]}],
}


def allocated(folder: Path, content: object, *options: str) -> Result:
    file = folder / "wave.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return CliRunner().invoke(main, ["allocate", str(file), *options])


def test_a_wave_is_placed_to_the_proven_best_beside_its_scenarios(tmp_path: Path) -> None:
    result = allocated(tmp_path, WAVE, "--json", "--what-if", "--lang", "en")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert [(one["person"], one["programme"]) for one in found["base"]["placed"]] == [("a", "q"), ("b", "p")]
    assert (found["base"]["total"], found["base"]["by_hand"]["total"]) == (165, 90)
    assert found["base"]["certificate"]["is_proved"]
    assert (
        found["base"]["left"][0]["reason"]
        == "The seats of Énergie (1) go to people with at least 10 points more."
    )
    assert found["scenarios"][0]["more"] == ["c"]
    assert found["what_if"][0]["people_more"] == 1
    words = allocated(tmp_path, WAVE).output
    assert "2 placed, 1 left" in words
    assert "Énergie" in words


def test_demands_that_collide_are_named_and_the_status_is_one(tmp_path: Path) -> None:
    locks = [{"person": name, "programme": "p", "kind": "at"} for name in "bc"]
    result = allocated(tmp_path, {**WAVE, "locks": locks, "scenarios": []}, "--json", "--lang", "en")
    assert result.exit_code == 1
    [collision] = json.loads(result.output)["base"]["collisions"]
    assert [one["cause"] for one in collision] == ["seats", "lock_at", "lock_at"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON"),
        ("[]", "one object with programmes and people"),
        ({**WAVE, "people": [{"id": "a"}, {"id": "a"}]}, "people[1].id: 'a' comes twice"),
        ({**WAVE, "programmes": [{"id": "p", "seats": -1}]}, "programmes[0].seats"),
        ({**WAVE, "scenarios": [{"name": "x", "changes": [{"programme": "z"}]}]}, "no programme 'z'"),
        ({**WAVE, "goals": ["speed"]}, "goals[0]"),
    ],
)
def test_bad_input_is_refused_with_its_place(tmp_path: Path, content: object, said: str) -> None:
    result = allocated(tmp_path, content)
    assert result.exit_code == 1
    assert said in result.stderr
