"""What the run-time lets content set is kept: no report of a learner is lost for how a script writes a number."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.packages.manifests import Standard
from onboarding.packages.scorm_snapshots import Status
from tests.onboarding.test_packages_scorm import KEPT, SCORE, STATUS, TIME, snapshot

DECIMAL, FEEDBACK = r"^-?([0-9]{0,10})(\.[0-9]*)?$", "^.*$"
DECIMAL_2004 = r"^-?([0-9]{1,10})(\.[0-9]{1,18})?$"
TIME_2004 = (
    r"^P(?:([.,\d]+)Y)?(?:([.,\d]+)M)?(?:([.,\d]+)W)?(?:([.,\d]+)D)?"
    r"(?:T?(?:([.,\d]+)H)?(?:([.,\d]+)M)?(?:(\d+(?:\.\d{1,2})?)S)?)?$"
)
NUMBER = r"[0-9]{1,6}([.,][0-9]{1,6})?"
LET_IN = {
    (Standard.SCORM_1_2, SCORE): DECIMAL,
    (Standard.SCORM_1_2, TIME): r"^([0-9]+):([0-9]{2}):([0-9]{2})(\.\d{1,2})?$",
    (Standard.SCORM_1_2, "cmi.interactions.0.student_response"): FEEDBACK,
    (Standard.SCORM_1_2, "cmi.interactions.0.correct_responses.0.pattern"): FEEDBACK,
    (Standard.SCORM_1_2, "cmi.interactions.0.weighting"): DECIMAL,
    (Standard.SCORM_1_2, "cmi.interactions.0.result"): (
        r"^(correct|wrong|unanticipated|neutral|([0-9]{0,3})?(\.[0-9]*)?)$"
    ),
    (Standard.SCORM_2004, "cmi.score.scaled"): DECIMAL_2004,
    (Standard.SCORM_2004, "cmi.score.raw"): DECIMAL_2004,
    (Standard.SCORM_2004, "cmi.progress_measure"): DECIMAL_2004,
    (Standard.SCORM_2004, "cmi.session_time"): TIME_2004,
    (Standard.SCORM_2004, "cmi.interactions.0.correct_responses.0.pattern"): FEEDBACK,
    (Standard.SCORM_2004, "cmi.interactions.0.result"): (
        r"^(correct|incorrect|unanticipated|neutral|-?([0-9]{1,4})(\.[0-9]{1,18})?)$"
    ),
}
"""What the run-time that ships lets content set, as its own patterns say it; lengths are tested by themselves."""
VENDORED = Path(__file__).parents[2] / "service" / "web" / "static" / "vendor" / "scorm-again"
LOWEST = {SCORE: 0, "cmi.score.scaled": -1, "cmi.interactions.0.weighting": -100}
HIGHEST = {SCORE: 100, "cmi.score.scaled": 1, "cmi.interactions.0.weighting": 100}


def is_let_in(element: str, text: str) -> bool:
    """Numbers within the bounds that the run-time holds beside its pattern, and no digits beyond reason."""
    if element in LOWEST and text:
        try:
            return LOWEST[element] <= float(text) <= HIGHEST[element]
        except ValueError:
            return False
    return "\0" not in text and text != "." and not (element == TIME and len(text) > 17)


@given(st.sampled_from(list(LET_IN)), st.data())
def test_no_report_is_lost_for_a_value_that_the_run_time_let_content_set(
    which: tuple[Standard, str], chance: st.DataObject
):
    standard, element = which
    build = "scorm12.min.js" if standard is Standard.SCORM_1_2 else "scorm2004.min.js"
    assert json.dumps(LET_IN[which]) in vendored(build), "the run-time lets other values in now"
    told = LET_IN[which].removeprefix("^").removesuffix("$").replace(r"[.,\d]+", NUMBER)
    pattern = re.compile(told, re.ASCII)
    text = chance.draw(st.from_regex(pattern, fullmatch=True).filter(lambda text: is_let_in(element, text)))
    assert snapshot({element: text, KEPT: "kept"}, standard).suspend_data == "kept"


@cache
def vendored(build: str) -> str:
    return (VENDORED / build).read_text("utf-8")


@pytest.mark.parametrize(
    ("standard", "values", "percent"),
    [
        (Standard.SCORM_1_2, {SCORE: "66.66666666666667"}, "66.66666666666667"),
        (Standard.SCORM_1_2, {SCORE: 83.33333333333334}, "83.33333333333334"),
        (Standard.SCORM_2004, {"cmi.score.scaled": "0.8333333333333334"}, "83.33333333333334"),
        (Standard.SCORM_2004, {"cmi.score.raw": "5", "cmi.score.max": "6"}, "83.33333333333333333333333333"),
        (Standard.SCORM_1_2, {SCORE: ".5"}, "0.5"),
    ],
)  # fmt: skip
def test_a_score_is_kept_as_scripts_divide(standard: Standard, values: dict[str, Any], percent: str):
    assert str(snapshot(values, standard).score.percent).rstrip("0") == percent


def test_a_long_answer_is_cut_and_its_report_kept():
    found = snapshot({"cmi.interactions.0.student_response": "é" * 9_000, STATUS: "completed"})
    assert (len(found.interactions[0].response), found.status) == (4_000, Status.COMPLETED)
