"""homeshore connection, and what doctor says of the relay."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main

SAMPLES = {
    "idle": [{"at_ms": 50 * n, "ms": ms} for n, ms in enumerate((20, 22, 19, 40, 21, 20, 25, 20))],
    "down": [{"at_ms": 900, "bytes": 1_000_000, "ms": 400.0}],
    "up": [{"at_ms": 1900, "bytes": 250_000, "ms": 400.0}],
}


def run(*arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(main, arguments, env=variables)


def test_a_delay_a_loss_and_a_codec_give_r_and_mos_and_what_they_rest_on() -> None:
    said = json.loads(run("connection", "--one-way-ms", "150", "--loss-pct", "1", "--codec", "G.711 PLC", "--json").output)  # fmt: skip  # noqa: E501
    assert said["r"] == pytest.approx(89.3966, abs=0.0001)
    assert said["mos"] == pytest.approx(4.3239, abs=0.0001)
    assert (said["codec"], said["one_way_ms"], said["loss_pct"]) == ("G.711 PLC", 150.0, 1.0)
    assert "G.107 (06/2015)" in said["formula"]
    plain = run("connection", "--one-way-ms", "150", "--loss-pct", "1").output
    for words in ("R 89.40", "MOS 4.324", "G.711 PLC", "06/2015"):
        assert words in plain


def test_an_unknown_codec_is_answered_with_those_that_exist() -> None:
    result = run("connection", "--one-way-ms", "50", "--codec", "Opus")
    assert result.exit_code == 1
    assert "GSM-EFR" in result.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [("--one-way-ms", "-1"), ("--one-way-ms", "nan"), ("--loss-pct", "101"), ("--burst-ratio", "0")],
)
def test_what_no_line_has_is_refused_with_its_option(option: str, value: str) -> None:
    given = {"--one-way-ms": "50", option: value}
    result = run("connection", *(part for pair in given.items() for part in pair))
    assert result.exit_code == 1
    assert option in result.stderr


def _file(folder: Path, content: Any) -> str:
    path = folder / "samples.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(path)


def test_raw_samples_are_summed_up_as_the_pages_do_it(tmp_path: Path) -> None:
    path = _file(tmp_path, SAMPLES)
    said = json.loads(run("connection", "--samples", path, "--json").output)
    assert said["measured"] == {
        "download_kbps": 20_000, "upload_kbps": 5_000, "idle_latency_ms": 21, "jitter_ms": 8,
    }  # fmt: skip
    assert said["r"] == said["call"]["r"] == pytest.approx(93.2)
    assert "not measured" in run("connection", "--samples", path).output


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"idle": NaN}', "[" * 9000, SAMPLES | {"up": []}, SAMPLES | {"x": 1}]
)
def test_samples_that_are_none_are_refused_in_words(tmp_path: Path, content: Any) -> None:
    result = run("connection", "--samples", _file(tmp_path, content))
    assert result.exit_code == 1
    assert result.stderr.startswith("homeshore: ")
    assert "Traceback" not in result.output


def test_doctor_lists_the_plan_and_wants_both_halves_of_a_relay() -> None:
    half = run("doctor", "--json", HOMESHORE_TURN_URL="turn:turn.example.com:3478")
    said = json.loads(half.output)
    assert half.exit_code == 1
    assert "HOMESHORE_MEASURE_PLAN" in {row["variable"] for row in said["settings"]}
    whole = json.loads(
        run(
            "doctor", "--json", HOMESHORE_TURN_URL="turn.example.com:3478", HOMESHORE_TURN_SECRET="s3cret"
        ).output
    )
    relay = next(row for row in whole["checks"] if "TURN" in row["what"])
    assert relay["ok"] is True
    assert "s3cret" not in json.dumps(whole)
