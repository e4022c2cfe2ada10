"""Who needs a hand: how a learner's standing is read for a trainer, by a dated edition of thresholds."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field, StrictBool, StrictInt, model_validator

from onboarding.content import Label, Value, Words
from onboarding.faults import FaultyFileError, parse
from onboarding.learning.schedule import WorkingDays


class Situation(StrEnum):
    """Why a trainer would look at a learner; several may hold at once, the first is the one to act on."""

    WAITS_FOR_TRAINER = "waits_for_trainer"
    LATE = "late"
    AGAIN = "again"
    STUCK = "stuck"
    CLASS_SOON = "class_soon"


class TailoredWords(Value):
    """What a path says that is made from what a match lacks; ``{first}``, ``{more}`` and ``{title}`` are filled in."""

    source: str
    confidence: str
    title_one: Label
    title_many: Label
    purpose: Words
    audience: Words
    objective: Words
    assistance: Words
    class_purpose: Words


class BoardRules(Value):
    """One edition of how the board reads a learner, and of how hours are set apart.

    ``stuck_after_days`` are working days without anything done; ``again_from`` marked attempts at one quiz that is
    still to pass. Minutes of a day count from midnight.
    """

    edition: str
    valid_from: date
    source: str
    confidence: str
    stuck_after_days: StrictInt = Field(ge=1, le=60)
    again_from: StrictInt = Field(ge=1, le=20)
    class_within_days: StrictInt = Field(ge=1, le=60)
    remind_every_days: StrictInt = Field(ge=1, le=60)
    day_from_minute: StrictInt = Field(ge=0, le=1440)
    day_to_minute: StrictInt = Field(ge=0, le=1440)
    minutes_a_day: StrictInt = Field(ge=15, le=600)
    shortest_minutes: StrictInt = Field(ge=5, le=120)
    longest_minutes: StrictInt = Field(ge=15, le=240)
    break_minutes: StrictInt = Field(ge=0, le=120)
    horizon_days: StrictInt = Field(ge=7, le=730)
    tailored: TailoredWords

    @model_validator(mode="after")
    def _runs_forward(self) -> "BoardRules":
        if self.day_to_minute <= self.day_from_minute:
            raise ValueError("the day ends before it begins")
        if self.longest_minutes < self.shortest_minutes:
            raise ValueError("the longest sitting is shorter than the shortest")
        return self


def read(text: str) -> BoardRules:
    """One edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed = parse(text, BoardRules)
    if isinstance(parsed, BoardRules):
        return parsed
    raise FaultyFileError(parsed)


class Standing(Value):
    """What of a learner's standing the board reads; ``moved_on`` is the day of the last thing done, or of the start."""

    is_complete: StrictBool
    start: date
    next_due: date
    moved_on: date
    unpassed: StrictInt
    waits_for_trainer: StrictBool
    class_on: date | None = None


def stuck_before(today: date, *, rules: BoardRules, works: WorkingDays) -> date:
    """The day before which the last step must lie for its learner to be stuck today.

    >>> from onboarding.learning.schedule import weekdays_except
    >>> rules = BoardRules.model_construct(stuck_after_days=5)
    >>> stuck_before(date(2026, 11, 24), rules=rules, works=weekdays_except(()))
    datetime.date(2026, 11, 17)
    """
    day, left = today, rules.stuck_after_days
    while left:
        day -= timedelta(days=1)
        left -= works(day)
    return day


def situations(
    standing: Standing, *, today: date, stuck_before: date, rules: BoardRules
) -> tuple[Situation, ...]:
    """Everything that holds of a learner today, the first thing to act on first; nothing before the start."""
    if standing.is_complete or standing.start > today:
        told = []
    else:
        told = [
            (Situation.WAITS_FOR_TRAINER, standing.waits_for_trainer),
            (Situation.LATE, standing.next_due < today),
            (Situation.AGAIN, standing.unpassed >= rules.again_from),
            (Situation.STUCK, standing.moved_on < stuck_before),
        ]
    soon = standing.class_on is not None and 0 <= (standing.class_on - today).days <= rules.class_within_days
    return tuple(situation for situation, holds in [*told, (Situation.CLASS_SOON, soon)] if holds)
