"""The texts of SCORM's data model read one by one: each as what its element says it is, or not at all."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from onboarding.packages.scorm_snapshots import Exit, Status
from onboarding.packages.scorm_values import add_spans, read_decimal

_LARGEST = 10**15
_NO_TEXT = "\0"
_COMPLETIONS = {
    "": Status.NOT_ATTEMPTED,
    "unknown": Status.NOT_ATTEMPTED,
    "not attempted": Status.NOT_ATTEMPTED,
    "incomplete": Status.INCOMPLETE,
    "completed": Status.COMPLETED,
}


class WrongError(Exception):
    """A value that is not of its element's kind."""


def text_of(value: Any) -> str:
    """A value as SCORM means it: always text. Numbers come from scripts that forgot, empty groups from the run-time."""
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return _NO_TEXT
    if isinstance(value, int) and abs(value) > _LARGEST:
        return _NO_TEXT
    return str(value)


def is_storable(text: str) -> bool:
    """Whether it is text that every database keeps: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def among(known: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in known:
            raise WrongError
        return known[text]

    return read


def status_in(text: str) -> Status:
    known: Status = among({"": Status.NOT_ATTEMPTED, **{one.value: one for one in Status}})(text)
    return known


def exit_in(text: str) -> Exit:
    """SCORM 2004 calls a normal end by its name."""
    known: Exit = among({"normal": Exit.NORMAL, **{one.value: one for one in Exit}})(text)
    return known


def success_in(text: str) -> str:
    known: str = among({"": "", "unknown": "", "passed": "passed", "failed": "failed"})(text)
    return known


def time_by(read: Callable[[str], int | None]) -> Callable[[str], int]:
    def taken(text: str) -> int:
        span = read(text) if text else 0
        if span is None:
            raise WrongError
        return add_spans(span)

    return taken


def number_in(text: str) -> str:
    if text and read_decimal(text) is None:
        raise WrongError
    return text


def decimal_in(text: str, low: Decimal, high: Decimal) -> Decimal | None:
    if not text:
        return None
    number = read_decimal(text)
    if number is None or not low <= number <= high:
        raise WrongError
    return number


def completion_in(text: str) -> Status:
    """`cmi.completion_status` of SCORM 2004 in the words of SCORM 1.2."""
    found: Status = among(_COMPLETIONS)(text)
    return found
