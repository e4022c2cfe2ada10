"""Which days count when due dates are counted: weekdays, less the public holidays of the edition in force."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from onboarding.learning.schedule import WorkingDays, weekdays_except


def working_days(around: date) -> WorkingDays:
    """Monday to Friday less the holidays, from the year before `around` to three years after."""
    return weekdays_except(
        [day for year in range(around.year - 1, around.year + 4) for day in holidays(year)]
    )


def holidays(year: int) -> tuple[date, ...]:
    """The public holidays of a year, in order.

    >>> [day.isoformat() for day in holidays(2027)][:4]
    ['2027-01-01', '2027-03-29', '2027-05-01', '2027-05-06']
    """
    rules = [rule for rule in _editions() if rule["valid_from"].year <= year] or _editions()[:1]
    return tuple(sorted(_days_of(rules[-1], year)))


def _days_of(rule: dict[str, Any], year: int) -> Iterator[date]:
    yield from (date.fromisoformat(f"{year}-{day}") for day in rule["fixed"])
    yield from (easter(year) + timedelta(days=days) for days in rule["after_easter"])


@cache
def _editions() -> list[dict[str, Any]]:
    text = files("service.flows").joinpath("training_days.yaml").read_text("utf-8")
    return sorted(yaml.safe_load(text), key=lambda rule: rule["valid_from"])


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).

    >>> easter(2026).isoformat(), easter(2038).isoformat()
    ('2026-04-05', '2038-04-25')
    """
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
