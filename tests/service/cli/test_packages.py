"""homeshore packages: what a package says on the command line, accepted or refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.onboarding.package_makers import archive, item, several, single


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.zip").write_bytes(several())
    (tmp_path / "single.zip").write_bytes(single())
    (tmp_path / "bad.zip").write_bytes(archive([item("../up.html"), item("b.zip"), item("c.html", crc=1)]))
    return tmp_path


def test_a_sound_package_is_accepted_with_what_it_offers(folder: Path):
    told = CliRunner().invoke(main, ["packages", "check", str(folder / "good.zip"), "--json"])
    answer = json.loads(told.stdout)
    assert (told.exit_code, answer["accepted"], answer["problems"]) == (0, True, [])
    units = answer["package"]["units"]
    assert [unit["href"] for unit in units] == ["unites/a/index.html", "unites/b b/index.html", "doc.pdf"]
    assert (units[0]["mastery_score"], units[1]["max_time"]) == (80.0, "0000:30:00.00")


def test_a_hostile_package_is_refused_with_every_problem_and_its_place(folder: Path):
    before = sorted(folder.parent.rglob("*"))
    told = CliRunner().invoke(main, ["packages", "check", str(folder / "bad.zip"), "--json"])
    answer = json.loads(told.stdout)
    assert (told.exit_code, answer["accepted"], answer["package"]) == (1, False, None)
    assert {(one["code"], one["place"]) for one in answer["problems"]} == {
        ("name_parent", "../up.html"),
        ("nested_archive", "b.zip"),
        ("checksum_differs", "c.html"),
    }
    assert sorted(folder.parent.rglob("*")) == before


def test_words_are_said_in_both_languages(folder: Path):
    french = CliRunner().invoke(main, ["packages", "check", str(folder / "bad.zip")])
    english = CliRunner().invoke(main, ["packages", "check", str(folder / "bad.zip"), "--lang", "en"])
    assert "remonte par « .. »" in french.stdout
    assert "climbs out" in english.stdout
    good = CliRunner().invoke(main, ["packages", "check", str(folder / "single.zip")])
    assert "accepté: Accueil à distance (SCORM 1.2, fichiers : 3)" in good.stdout
    assert "SCO-1" in good.stdout


def test_a_file_that_is_not_there_is_said_in_one_line(folder: Path):
    told = CliRunner().invoke(main, ["packages", "check", str(folder / "none.zip")])
    assert told.exit_code == 2
    assert "does not exist" in told.output
