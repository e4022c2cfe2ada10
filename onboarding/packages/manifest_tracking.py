"""What a manifest tells about the tracking of one item: pass mark, longest time, launch data, prerequisites."""

from decimal import Decimal
from typing import NamedTuple

from onboarding.packages.manifest_reading import Reading, Standard
from onboarding.packages.manifest_xml import Element
from onboarding.packages.prerequisites import ScriptError, read_script
from onboarding.packages.scorm_values import read_decimal, read_span

_TIME_ACTIONS = frozenset({"exit,message", "exit,no message", "continue,message", "continue,no message"})


class Tracking(NamedTuple):
    """The values that one item was given."""

    mastery_score: Decimal | None
    max_time_centiseconds: int | None
    time_limit_action: str
    launch_data: str


def tracking_of(reading: Reading, item: Element) -> Tracking:
    """What the manifest says of a unit's tracking, each value read or told as wrong."""
    return Tracking(
        mastery_score=_mastery_score(reading, item),
        max_time_centiseconds=_max_time(reading, item),
        time_limit_action=_time_limit_action(reading, item),
        launch_data=_launch_data(reading, item),
    )


def _told(item: Element, name: str) -> Element | None:
    """The item's own element of that name, in whichever capitals its version of SCORM writes it."""
    found = (child for child in item.children if child.name.lower() == name and child.text)
    return next(found, None)


def _mastery_score(reading: Reading, item: Element) -> Decimal | None:
    """The pass mark from 0 to 100; SCORM 2004 tells it as a measure from 0 to 1 of the primary objective."""
    told = _told(item, "masteryscore") if reading.standard is Standard.SCORM_1_2 else _measure(item)
    if told is None:
        return None
    score = read_decimal(told.text)
    if score is not None and reading.standard is Standard.SCORM_2004:
        score *= 100
    if score is None or not 0 <= score <= 100:
        reading.tell("mastery_wrong", told, value=told.text)
        return None
    return score


def _measure(item: Element) -> Element | None:
    for primary in (one for child in item.all("sequencing") for one in child.walk()):
        if primary.name == "primaryObjective" and primary.attributes.get("satisfiedByMeasure") in (
            "true",
            "1",
        ):
            return primary.one("minNormalizedMeasure")
    return None


def _max_time(reading: Reading, item: Element) -> int | None:
    told = _told(item, "maxtimeallowed")
    if told is None:
        return None
    span = read_span(told.text)
    if span is None:
        reading.tell("max_time_wrong", told, value=told.text)
    return span


def _time_limit_action(reading: Reading, item: Element) -> str:
    told = _told(item, "timelimitaction")
    if told is None:
        return ""
    action = ",".join(part.strip() for part in told.text.lower().split(","))
    if action not in _TIME_ACTIONS:
        reading.tell("time_action_unknown", told, value=told.text)
    return action


def _launch_data(reading: Reading, item: Element) -> str:
    told = _told(item, "datafromlms")
    if told is None:
        return ""
    if len(told.text) > reading.limits.launch_data_characters:
        reading.tell("launch_data_too_long", told, most=reading.limits.launch_data_characters)
    return told.text


def prerequisites_of(reading: Reading, item: Element) -> tuple[str, ...]:
    """The item's own script, checked: it can be read, and every item that it asks about exists."""
    told = _told(item, "prerequisites")
    if told is None:
        return ()
    kind = told.attributes.get("type", "aicc_script")
    if kind != "aicc_script":
        reading.tell("prerequisites_type", told, value=kind)
        return ()
    try:
        script = read_script(told.text)
    except ScriptError as error:
        reading.tell("prerequisites_wrong", told, value=told.text, at=error.at)
        return ()
    for name in script.items:
        if name not in reading.items:
            reading.tell("prerequisites_unknown", told, identifier=name)
    return (told.text,)
