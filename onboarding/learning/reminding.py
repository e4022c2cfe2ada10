"""When a class is recalled to those who come, and what they are told to prepare: one dated edition of rules."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StrictInt, StringConstraints, model_validator

from onboarding.content import Value, Words
from onboarding.faults import FaultyFileError, parse
from onboarding.learning.schedule import WorkingDays, add_working_days

Holidays = Callable[[date], bool]
"""Whether a day is a public holiday."""


class Preparation(Value):
    """What to prepare: for every class, for one held behind a link, for one held at a place."""

    always: tuple[Words, ...] = ()
    link: tuple[Words, ...] = ()
    place: tuple[Words, ...] = ()

    def of(self, *, has_link: bool, has_place: bool) -> tuple[Words, ...]:
        """The lines of one class; whoever may come either way reads both."""
        return (*(self.link if has_link else ()), *(self.place if has_place else ()), *self.always)


class ReminderRules(Value):
    """One edition of when a class is recalled, on the clocks of the class's own place.

    ``working_days_before`` counts back from the class's day; ``silent_weekdays`` are ISO numbers (7 is Sunday), and
    nothing leaves on a public holiday either. Within ``least_minutes_before`` the start nothing leaves any more.
    """

    edition: str
    valid_from: date
    source: Annotated[str, StringConstraints(min_length=1)]
    confidence: str
    working_days_before: StrictInt = Field(ge=1, le=10)
    hour: StrictInt = Field(ge=0, le=22)
    until_hour: StrictInt = Field(ge=1, le=24)
    least_minutes_before: StrictInt = Field(ge=0, le=1440)
    silent_weekdays: tuple[Annotated[StrictInt, Field(ge=1, le=7)], ...]
    preparation: Preparation

    @model_validator(mode="after")
    def _leaves_some_time(self) -> "ReminderRules":
        if self.until_hour <= self.hour:
            raise ValueError("until_hour: the letters would never leave")
        if len(set(self.silent_weekdays)) == 7:
            raise ValueError("silent_weekdays: no day is left to write on")
        return self


def read(text: str) -> ReminderRules:
    """One edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed = parse(text, ReminderRules)
    if isinstance(parsed, ReminderRules):
        return parsed
    raise FaultyFileError(parsed)


def recalled_on(day: date, *, rules: ReminderRules, works: WorkingDays) -> date:
    """The working day on which a class of ``day`` is recalled; ``ValueError`` when a year back holds too few.

    A class on Monday 30 November 2026 is recalled on Friday 27; one on Monday 28 December on Thursday 24, for
    Christmas is a Friday.
    """
    left = rules.working_days_before
    for back in range(1, 367):
        left -= works(day - timedelta(days=back))
        if not left:
            return day - timedelta(days=back)
    raise ValueError(f"too few working days in the year before {day.isoformat()}")


def recalled_at(starts_at: datetime, *, zone: str, rules: ReminderRules, works: WorkingDays) -> datetime:
    """The instant from which on a class is recalled. Whoever is invited or told of a move later needs no reminder."""
    there = ZoneInfo(zone)
    day = recalled_on(starts_at.astimezone(there).date(), rules=rules, works=works)
    return datetime.combine(day, time(rules.hour), tzinfo=there)


def furthest_day(today: date, *, rules: ReminderRules, works: WorkingDays) -> date:
    """The last day whose classes are recalled by ``today``."""
    return add_working_days(today + timedelta(days=1), rules.working_days_before - 1, working_days=works)


def may_recall(
    now: datetime,
    starts_at: datetime,
    *,
    zone: str,
    rules: ReminderRules,
    works: WorkingDays,
    is_holiday: Holidays,
) -> bool:
    """Whether a class may be recalled at this moment: its hour has come, it is early enough, and nobody rests."""
    local = now.astimezone(ZoneInfo(zone))
    is_silent = local.isoweekday() in rules.silent_weekdays or is_holiday(local.date())
    return (
        not is_silent
        and rules.hour <= local.hour < rules.until_hour
        and recalled_at(starts_at, zone=zone, rules=rules, works=works) <= now
        and now + timedelta(minutes=rules.least_minutes_before) <= starts_at
    )
