"""The values that SCORM content and manifests write: spans of time, decimals and words of a fixed vocabulary."""

import re
from decimal import Decimal

CENTISECONDS_PER_HOUR = 360_000
LONGEST_CENTISECONDS = 10_000 * CENTISECONDS_PER_HOUR - 1
"""9999:59:59.99, the longest span that SCORM 1.2 can write."""

_SPAN = re.compile(r"(\d{2,4}):(\d{2}):(\d{2})(?:\.(\d{1,2}))?", re.ASCII)
_DURATION = re.compile(
    r"P(?=.)(?:0+Y)?(?:0+M)?(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.(\d{1,2}))?S)?)?",
    re.ASCII,
)
_DECIMAL = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?", re.ASCII)


def read_span(text: str) -> int | None:
    """A CMITimespan (SCORM 1.2 RTE 3.4.3: ``HHHH:MM:SS.SS``) in hundredths of a second, None where it is none.

    Minutes and seconds above 59, which some content writes, count for what they say.

    >>> read_span("0000:01:02.5"), read_span("00:90:00"), read_span("1:00:00")
    (6250, 540000, None)
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

    Years and months have no length of their own, so they are refused unless they are zero.

    >>> read_duration("PT1H30M5.25S"), read_duration("P1DT1S"), read_duration("P1Y"), read_duration("PT")
    (540525, 8640100, None, None)
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    days, hours, minutes, seconds, part = (value or "0" for value in found.groups())
    whole = ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 100 + int(part.ljust(2, "0")) if found.group(5) else whole * 100


def write_duration(centiseconds: int) -> str:
    """The same, written in seconds.

    >>> write_duration(6250)
    'PT62.50S'
    """
    whole, part = divmod(max(0, centiseconds), 100)
    return f"PT{whole}.{part:02}S"


def read_decimal(text: str) -> Decimal | None:
    """A CMIDecimal, None where it is none; exponents, infinities and signs alone are none.

    >>> read_decimal("87.5"), read_decimal("1e3"), read_decimal("")
    (Decimal('87.5'), None, None)
    """
    return Decimal(text) if _DECIMAL.fullmatch(text) else None
