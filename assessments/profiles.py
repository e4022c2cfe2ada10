"""What a person says about themselves for matching, and what a programme asks for: two frozen shapes."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    model_validator,
)

MINUTES_A_DAY = 24 * 60
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    return text


def _on_the_clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("is not a time between 00:00 and 24:00, written HH:MM")
    return text


def _date_from_text(value: object) -> object:
    """Strict models refuse a date given as text once it has left JSON; ISO text is how files write it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _tuple_from_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Identifier = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_without_nul)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_without_nul)]
Phrase = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_without_nul)]
Prose = Annotated[str, Field(max_length=10_000), AfterValidator(_without_nul)]
Clock = Annotated[str, AfterValidator(_on_the_clock)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
Level = Annotated[int, Field(ge=0, le=5)]
WeeklyHours = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]
Megabits = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
Milliseconds = Annotated[float, Field(ge=0, le=60_000, allow_inf_nan=False)]
Months = Annotated[int, Field(ge=0, le=720)]
Cents = Annotated[int, Field(ge=0, le=100_000_000)]
Day = Annotated[date, BeforeValidator(_date_from_text)]


class Importance(StrEnum):
    """How much a programme needs a skill: without a *must* the work cannot be done; a *nice* breaks ties."""

    MUST = "must"
    SHOULD = "should"
    NICE = "nice"


class Channel(StrEnum):
    """The ways in which customers reach a programme."""

    VOICE = "voice"
    EMAIL = "email"
    CHAT = "chat"
    SOCIAL = "social"
    SMS = "sms"
    VIDEO = "video"
    MAIL = "mail"
    BACK_OFFICE = "back_office"


class _Fact(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, populate_by_name=True, serialize_by_alias=True
    )


class Window(_Fact):
    """One stretch of one weekday (1 is Monday), to the minute; a night is two windows on two days.

    >>> Window.model_validate({"day": 1, "from": "22:00", "to": "24:00"}).minutes
    120
    """

    day: Annotated[int, Field(ge=1, le=7)]
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError("ends before it starts; a night is two windows on two days")
        return self

    @property
    def first_minute(self) -> int:
        """Minutes after Monday 00:00."""
        return (self.day - 1) * MINUTES_A_DAY + _minutes(self.start)

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return _minutes(self.end) - _minutes(self.start)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


Windows = Annotated[tuple[Window, ...], Field(max_length=200), BeforeValidator(_tuple_from_list)]


class Experience(_Fact):
    """One post or activity, in the person's own words."""

    title: Line = ""
    employer_kind: Line = ""
    months: Months = 0
    description: Prose = ""


class SpokenLanguage(_Fact):
    """A language with a CEFR level, or with only the words the person used for it."""

    code: LanguageCode | None = None
    cefr: Cefr | None = None
    text: Line | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.code is None and not self.text:
            raise ValueError("names no language: give a code or words")
        return self


class LineMeasure(_Fact):
    """What was measured on the person's line; a figure left out was not measured."""

    download_mbps: Megabits
    upload_mbps: Megabits
    latency_ms: Milliseconds
    jitter_ms: Milliseconds | None = None
    loss_pct: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None


class HomePost(_Fact):
    """The place the person would work in; `None` means not said, and never counts against anyone."""

    dedicated_room: bool | None = None
    noise: Literal["low", "medium", "high"] | None = None
    measured: LineMeasure | None = None
    wired: bool | None = None


class CandidateProfile(_Fact):
    """A person as matching sees them: no name, no address, no age, nothing of article L1132-1."""

    id: Identifier
    locale: Literal["fr", "en"] = "fr"
    headline: Line = ""
    skills: Annotated[tuple[Phrase, ...], Field(max_length=300), BeforeValidator(_tuple_from_list)]
    skill_levels: dict[Phrase, Level] | None = Field(default=None, max_length=300)
    experience: Annotated[
        tuple[Experience, ...], Field(max_length=100), BeforeValidator(_tuple_from_list)
    ] = ()
    languages: Annotated[tuple[SpokenLanguage, ...], Field(max_length=40), BeforeValidator(_tuple_from_list)]
    availability: Windows
    desired_weekly_hours: WeeklyHours | None = None
    home: HomePost | None = None
    equipment: Annotated[tuple[Phrase, ...], Field(max_length=100), BeforeValidator(_tuple_from_list)] = ()
    telework_experience_months: Months | None = None


class AskedLanguage(_Fact):
    """A language a programme works in, and whether the work can be done without it."""

    code: LanguageCode
    cefr_min: Cefr
    must: bool = True


class Requirement(_Fact):
    """A skill a programme asks for, in the client's words, with a level of 1 to 5."""

    text: Phrase
    level: Annotated[int, Field(ge=1, le=5)] = 3
    importance: Importance = Field(default=Importance.SHOULD, strict=False)


class ProgrammeSheet(_Fact):
    """What a candidate is shown of a programme before saying yes."""

    nature_of_work: Prose | None = None
    autonomy_given: Prose | None = None
    expectations: Prose | None = None
    pay_min_cents: Cents | None = None
    pay_max_cents: Cents | None = None
    home_days_per_week: Annotated[float, Field(ge=0, le=7, allow_inf_nan=False)] | None = None
    equipment: Annotated[tuple[Phrase, ...], Field(max_length=100), BeforeValidator(_tuple_from_list)] = ()

    @model_validator(mode="after")
    def _pay_runs_upward(self) -> Self:
        low, high = self.pay_min_cents, self.pay_max_cents
        if low is not None and high is not None and high < low:
            raise ValueError("pays at most less than it pays at least")
        return self


class ProgrammeProfile(ProgrammeSheet):
    """A programme of a client: the work, what it asks for, when it is open, and its sheet."""

    id: Identifier
    title: Line = ""
    client_sector: Line = ""
    description: Prose = ""
    channels: Annotated[
        tuple[Annotated[Channel, Field(strict=False)], ...],
        Field(max_length=20),
        BeforeValidator(_tuple_from_list),
    ] = ()
    languages: Annotated[tuple[AskedLanguage, ...], Field(max_length=40), BeforeValidator(_tuple_from_list)]
    skills: Annotated[tuple[Requirement, ...], Field(max_length=100), BeforeValidator(_tuple_from_list)]
    opening_hours: Windows
    weekly_hours: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 35
    split_shifts_allowed: bool = False
    seats: Annotated[int, Field(ge=0, le=100_000)] = 1
    onsite_days_per_week: Annotated[float, Field(ge=0, le=7, allow_inf_nan=False)] = 0
    min_download_mbps: Megabits | None = None
    min_upload_mbps: Megabits | None = None
    max_latency_ms: Milliseconds | None = None
    equipment_provided: bool = False
    card_data: bool = False
    start_date: Day | None = None


class PersonIdentity(_Fact):
    """Who a profile belongs to; kept apart, so that nothing that scores can read it."""

    name: Annotated[str, Field(max_length=200), AfterValidator(_without_nul)] | None = None
    given_name: Annotated[str, Field(max_length=100), AfterValidator(_without_nul)] | None = None
    family_name: Annotated[str, Field(max_length=100), AfterValidator(_without_nul)] | None = None
    email: EmailStr | None = None
    phone: Annotated[str, Field(max_length=40), AfterValidator(_without_nul)] | None = None
