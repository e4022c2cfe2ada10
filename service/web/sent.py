"""What a form sent: its texts, and the version that its page was made from."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from service.runtime.errors import StaleVersion

FRENCH_DAY = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")


def texts_of(form: Any, names: tuple[str, ...]) -> dict[str, str]:
    """The fields of these names as they were typed, without what no database takes; empty where nothing was sent."""
    return {name: str(form.get(name) or "").replace("\x00", "") for name in names}


def shown_version(form: Any) -> Callable[[int], None]:
    """The check that the page was made from the version that is there: StaleVersion when somebody was faster."""
    shown = str(form.get("version") or "")

    def check(version: int) -> None:
        if shown != str(version):
            raise StaleVersion

    return check


def read_day(text: str) -> date | None:
    """The day that a date field holds, or None; where a browser offers plain text, the French way of writing it too.

    >>> read_day("2026-11-24") == read_day("24/11/2026") == date(2026, 11, 24)
    True
    >>> read_day("31/02/2026")
    """
    if french := FRENCH_DAY.fullmatch(text.strip()):
        day, month, year = (int(part) for part in french.groups())
        text = f"{year}-{month:02}-{day:02}"
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
