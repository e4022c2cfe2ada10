"""Asking for help: what about, by when an answer is due, how long answers take (D6313-3-1, 1°: assistance)."""

import statistics
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field, StrictInt, model_validator

from onboarding.content import Value, Words
from onboarding.faults import FaultyFileError, parse
from onboarding.learning.schedule import WorkingDays, add_working_days


class Topic(StrEnum):
    """What somebody asks about: a module, the work itself, or something said in confidence."""

    LESSON = "lesson"
    WORK = "work"
    PRIVATE = "private"


class TopicWords(Value):
    """How a topic is called, and who reads what is asked under it."""

    label: Words
    readers: Words


class HelpPolicy(Value):
    """One edition of how help is given; lengths are in characters after trimming.

    ``answer_within_working_days`` counts from the day of the request; ``most_people_told`` get a letter about one
    request, everybody concerned sees it in the list. Figures are told from ``least_requests`` on.
    """

    edition: str
    valid_from: date
    source: str
    confidence: str
    answer_within_working_days: StrictInt = Field(ge=0, le=20)
    least_characters: StrictInt = Field(ge=1)
    most_characters: StrictInt = Field(ge=1, le=4000)
    most_messages: StrictInt = Field(ge=2, le=200)
    most_open: StrictInt = Field(ge=1, le=100)
    most_people_told: StrictInt = Field(ge=1, le=100)
    figures_days: StrictInt = Field(ge=1, le=366)
    least_requests: StrictInt = Field(ge=1)
    topics: dict[Topic, TopicWords]

    @model_validator(mode="after")
    def _names_every_topic(self) -> "HelpPolicy":
        if missing := set(Topic) - set(self.topics):
            raise ValueError(f"no words for {', '.join(sorted(missing))}")
        return self


class Handled(Value):
    """One request as the figures see it: when it came, by which day an answer was due, when the first one came."""

    asked_at: datetime
    due_on: date
    answered_at: datetime | None = None
    answered_on: date | None = None


class HelpFigures(Value):
    """How long answers take: the median in minutes of those given, and how many came by their day."""

    requests: int
    answered: int
    in_time: int
    late: int
    median_minutes: int | None


def read_policy(text: str) -> HelpPolicy:
    """One edition from YAML; raises ``FaultyFileError`` with every fault."""
    parsed = parse(text, HelpPolicy)
    if isinstance(parsed, HelpPolicy):
        return parsed
    raise FaultyFileError(parsed)


def answer_due(asked_on: date, *, policy: HelpPolicy, working_days: WorkingDays) -> date:
    """The last day to answer: so many working days after the first working day on or after the request."""
    return add_working_days(asked_on, policy.answer_within_working_days, working_days=working_days)


def figures(requests: Iterable[Handled], *, today: date) -> HelpFigures:
    """What the answers come to; a request whose day has passed without one is late, one still within it is neither."""
    found = tuple(requests)
    minutes = [
        int((one.answered_at - one.asked_at).total_seconds() // 60)
        for one in found
        if one.answered_at is not None
    ]
    in_time = sum(one.answered_on is not None and one.answered_on <= one.due_on for one in found)
    waiting = sum(one.answered_on is None and one.due_on >= today for one in found)
    return HelpFigures(
        requests=len(found),
        answered=len(minutes),
        in_time=in_time,
        late=len(found) - in_time - waiting,
        median_minutes=int(statistics.median(minutes)) if minutes else None,
    )
