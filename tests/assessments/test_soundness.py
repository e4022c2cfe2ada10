"""What the loader refuses of an order, a situation, a measurement, a file, and of the limits of quality and error."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.assessments.test_instruments import content_of, faults_of


def _work(change: Callable[[dict[str, Any]], None], page: int, item: int) -> str:
    content = content_of("work-organisation")
    change(content["pages"][page]["items"][item])
    return " / ".join(f"{path}: {message}" for path, message in faults_of(content).items())


ORDER, SITUATION = (-1, -1), (-1, 0)


@pytest.mark.parametrize(
    ("where", "change", "said_of_it"),
    [
        (ORDER, lambda item: item["key"].pop(), "names each option once"),
        (ORDER, lambda item: item["key"].__setitem__(0, "chat"), "names each option once"),
        (ORDER, lambda item: item.update(key=[one["value"] for one in item["options"]]), "right order already"),
        (ORDER, lambda item: item.pop("why"), "not argued"),
        (ORDER, lambda item: item.pop("scale"), "has no right order"),
        (ORDER, lambda item: item["options"][0].update(value="chat"), "comes 2 times"),
        (SITUATION, lambda item: item["options"][0].pop("why"), "options[0].why"),
        (SITUATION, lambda item: item.pop("situation"), "scenario.situation"),
        (SITUATION, lambda item: item.pop("scale"), "scenario.scale"),
        (SITUATION, lambda item: item["options"][1].update(credit="90"), "full credit"),
        (SITUATION, lambda item: item["options"].__delitem__(slice(2)), "options"),
        (SITUATION, lambda item: [one.update(credit="100") for one in item["options"]], "three different"),
        (SITUATION, lambda item: item.update(known_by=["verified", "declared"]), "weakest to the strongest"),
        (SITUATION, lambda item: item.update(known_by=[]), "known_by"),
    ],
)  # fmt: skip
def test_an_unsound_order_or_situation_is_refused(
    where: tuple[int, int], change: Callable[[dict[str, Any]], None], said_of_it: str
) -> None:
    assert said_of_it in _work(change, *where)


def _measured(content: dict[str, Any]) -> dict[str, Any]:
    page = next(page for page in content["pages"] if page["id"] == "measured")
    found: dict[str, Any] = page["items"][2]
    return found


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        (lambda item: item.update(better="more"), "from the hardest to reach"),
        (lambda item: item["steps"].reverse(), "from the hardest to reach"),
        (lambda item: item["steps"][1].update(credit="100"), "from the hardest to reach"),
        (lambda item: item.update(steps=[]), "from the hardest to reach"),
        (lambda item: item["steps"][0].update(credit="90"), "full credit"),
        (lambda item: item.update(maximum="300"), "within the bounds"),
        (lambda item: item.update(maximum="0", minimum="1"), "minimum is above"),
        (lambda item: item.update(required="true"), "required"),
        (lambda item: item.update(measure="mood"), "measure"),
        (lambda item: item.update(measure="jitter_ms"), "comes 2 times"),
        (lambda item: item.update(known_by=["declared", "measured"]), "never known by word"),
    ],
)
def test_an_unsound_measurement_is_refused(change: Callable[[dict[str, Any]], None], said_of_it: str) -> None:
    content = content_of("equipment-connection")
    change(_measured(content))
    assert said_of_it in " / ".join(f"{path}: {text}" for path, text in faults_of(content).items())


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        ({"scale": "safety"}, "scale"),
        ({"accepts": ["text/html"]}, "accepts"),
        ({"accepts": []}, "accepts"),
        ({"max_megabytes": "200"}, "max_megabytes"),
        ({"evidence_for": ["nothing"]}, "no item is called"),
        ({"evidence_for": ["card_rules", "room_help"]}, "neither attested nor verified"),
    ],
)
def test_an_unsound_file_is_refused(change: dict[str, Any], said_of_it: str) -> None:
    content = content_of("home-workplace")
    page = next(page for page in content["pages"] if page["id"] == "safety")
    page["items"][1].update(change)
    assert said_of_it in " / ".join(f"{path}: {text}" for path, text in faults_of(content).items())


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        (lambda one: one["quality"]["contradictions"][0].update(items=["plan_start", "luck"]), "'luck'"),
        (lambda one: one["quality"]["contradictions"][0].update(items=["plan_start", "card_digits"]), "agreement"),
        (lambda one: one["quality"]["contradictions"][0].update(items=["plan_start"] * 2), "contradict itself"),
        (lambda one: one["quality"]["contradictions"][0].update(apart_points="5"), "that far apart"),
        (lambda one: one["quality"].update(straight_line_items="null"), "straight_line_items"),
        (lambda one: one["quality"].pop("source"), "quality.source"),
        (lambda one: one.pop("quality"), "quality"),
        (lambda one: one["error"]["doubt_percent"].pop("attested"), "doubt_percent.attested"),
        (lambda one: one["error"]["doubt_percent"].update(verified="50"), "doubted most"),
        (lambda one: one["error"].update(floor_hundredths="0"), "floor_hundredths"),
        (lambda one: one["pages"][-1].update(minutes="0"), "minutes"),
        (lambda one: one["phrases"]["problems"]["wrong_unit"].update(fr="{amount}"), "wrong_unit.fr"),
    ],
)  # fmt: skip
def test_unsound_limits_of_quality_and_error_are_refused(
    change: Callable[[dict[str, Any]], None], said_of_it: str
) -> None:
    content = content_of("work-organisation")
    change(content)
    assert said_of_it in " / ".join(f"{path}: {text}" for path, text in faults_of(content).items())
