"""What time it is, asked in one place so that tests and replays can say otherwise."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime | None) -> Clock:
    """The system's clock, or for a trial one that shows `start` now and goes on from there."""
    if start is None:
        return system_clock
    ahead = start - system_clock()
    return lambda: system_clock() + ahead


def civil_date(moment: datetime) -> date:
    """The date that a person in France reads on the wall at that moment."""
    return moment.astimezone(PARIS).date()
