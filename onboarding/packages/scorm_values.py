"""The values that SCORM content and manifests write: spans of time, decimals and words of a fixed vocabulary."""

import operator
import re
from decimal import Decimal

CENTISECONDS_PER_HOUR = 360_000
LONGEST_CENTISECONDS = 10_000 * CENTISECONDS_PER_HOUR - 1
"""9999:59:59.99, the longest span that SCORM 1.2 can write."""

_SPAN = re.compile(r"(\d{1,9}):(\d{2}):(\d{2})(?:\.(\d{1,2}))?", re.ASCII)
_AMOUNT = r"(\d{1,9}(?:[.,]\d{1,9})?)"
_DURATION = re.compile(
    rf"P(?:{_AMOUNT}Y)?(?:{_AMOUNT}M)?(?:{_AMOUNT}W)?(?:{_AMOUNT}D)?"
    rf"T?(?:{_AMOUNT}H)?(?:{_AMOUNT}M)?(?:{_AMOUNT}S)?",
    re.ASCII,
)
_CENTISECONDS = tuple(
    100 * seconds for seconds in (365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1)
)
"""A year, a month, a week, a day, an hour, a minute, a second, as run-times count them."""
_DECIMAL = re.compile(r"([+-]?(?=\.?\d)\d{0,10}(?:\.\d{0,18})?)(?:(?<=\.\d{18})\d*)?", re.ASCII)
"""As scripts write numbers: 2 / 3 has sixteen places, and what lies beyond eighteen is let go."""


def read_span(text: str) -> int | None:
    """A CMITimespan (SCORM 1.2 RTE 3.4.3: ``HHHH:MM:SS.SS``) in hundredths of a second, None where it is none.

    Minutes and seconds above 59 and hours of one figure, which some content writes, count for what they say.

    >>> read_span("0000:01:02.5"), read_span("00:90:00"), read_span("1:00:00"), read_span("1:00")
    (6250, 540000, 360000, None)
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds, part = found.groups()
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole * 100 + int((part or "0").ljust(2, "0"))


def write_span(centiseconds: int) -> str:
    """The same, written; what is longer than can be written stays at the longest.

    >>> write_span(6250)
    '0000:01:02.50'
    """
    whole, part = divmod(min(max(0, centiseconds), LONGEST_CENTISECONDS), 100)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:04}:{minutes:02}:{seconds:02}.{part:02}"


def add_spans(*centiseconds: int) -> int:
    """A sum of spans, never more than can be written."""
    return min(sum(centiseconds), LONGEST_CENTISECONDS)


def read_duration(text: str) -> int | None:
    """A timeinterval of SCORM 2004 (ISO 8601) in hundredths of a second, None where it is none.

    What some content writes beside the letter (half hours, a P alone) counts for what it says.

    >>> read_duration("PT1H30M5.25S"), read_duration("P1DT1S"), read_duration("PT1.5H"), read_duration("5 min")
    (540525, 8640100, 540000, None)
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    amounts = (Decimal((one or "0").replace(",", ".")) for one in found.groups())
    return int(sum(map(operator.mul, amounts, _CENTISECONDS)))


def write_duration(centiseconds: int) -> str:
    """The same, written in seconds.

    >>> write_duration(6250)
    'PT62.50S'
    """
    whole, part = divmod(max(0, centiseconds), 100)
    return f"PT{whole}.{part:02}S"


def read_decimal(text: str) -> Decimal | None:
    """A CMIDecimal, None where it is none; exponents, infinities and signs alone are none.

    >>> [read_decimal(text) for text in ("87.5", "66.66666666666667", ".5", "1e3", "-")]
    [Decimal('87.5'), Decimal('66.66666666666667'), Decimal('0.5'), None, None]
    """
    found = _DECIMAL.fullmatch(text)
    return Decimal(found[1]) if found else None
