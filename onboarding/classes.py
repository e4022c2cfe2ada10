"""Live classes: hours that exist, half-days to sign for, seats, and what counts as having been there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, Field, StrictInt, StringConstraints, field_validator, model_validator

from onboarding.content import Label, Name, Reason, Value, Words
from onboarding.faults import FaultyFileError, parse

REFUSALS = ("gap", "fold", "order", "short", "long")
"""What the data must have a sentence for."""

T = TypeVar("T")


class Half(StrEnum):
    """The half of a day that one signs for."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Presence(StrEnum):
    """How somebody was there. Late counts what was missed; leaving early is told the same way."""

    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


class Seat(StrEnum):
    """Where somebody stands on the list of a class."""

    TAKEN = "taken"
    WAITING = "waiting"
    LEFT = "left"


class AbsenceReason(Label):
    """Why somebody came late or not at all; never a matter of health."""

    code: Name


class Zone(Label):
    """Whose clocks a class may follow, by their name in the IANA time zone database."""

    name: str

    @field_validator("name")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except ZoneInfoNotFoundError as error:
            raise ValueError(f"no time zone is called {name!r}") from error
        return name


class ClassPolicy(Value):
    """One edition of how live classes are held and signed for; durations as their names say."""

    edition: str
    valid_from: date
    source: Annotated[str, StringConstraints(min_length=1)]
    confidence: str
    noon: time
    least_half_minutes: StrictInt = Field(ge=1, le=240)
    shortest_minutes: StrictInt = Field(ge=1, le=240)
    longest_minutes: StrictInt = Field(ge=60, le=1440)
    most_seats: StrictInt = Field(ge=1, le=10_000)
    plan_days_back: StrictInt = Field(ge=0, le=400)
    plan_days_ahead: StrictInt = Field(ge=1, le=1500)
    sign_opens_minutes_before: StrictInt = Field(ge=0, le=240)
    sign_closes_hours_after: StrictInt = Field(ge=1, le=24 * 30)
    attended_percent: StrictInt = Field(ge=1, le=100)
    feed_days_back: StrictInt = Field(ge=0, le=400)
    statement_of_learner: Words
    statement_of_trainer: Words
    reasons: tuple[AbsenceReason, ...] = Field(min_length=1)
    refusals: Mapping[str, Words]
    zones: tuple[Zone, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> "ClassPolicy":
        missing = [code for code in REFUSALS if code not in self.refusals]
        if missing:
            raise ValueError(f"refusals: {', '.join(missing)} missing")
        if len({one.code for one in self.reasons}) != len(self.reasons):
            raise ValueError("reasons: a code is written twice")
        return self

    def reason(self, code: str) -> AbsenceReason | None:
        return next((one for one in self.reasons if one.code == code), None)

    def zone(self, name: str) -> Zone | None:
        return next((one for one in self.zones if one.name == name), None)

    def refused(self, code: str, /, **facts: object) -> Reason:
        """A refusal in both languages, with its facts filled in."""
        words = self.refusals[code]
        return Reason(code=code, text=Words(fr=words.fr.format(**facts), en=words.en.format(**facts)))


def read_policy(text: str) -> ClassPolicy:
    """Read one edition from YAML; raises ``FaultyFileError`` holding every fault."""
    parsed = parse(text, ClassPolicy)
    if isinstance(parsed, ClassPolicy):
        return parsed
    raise FaultyFileError(parsed)


class HalfDay(Value):
    """One half-day of a class: what is signed for at once."""

    half: Half
    starts_at: AwareDatetime
    ends_at: AwareDatetime

    @property
    def minutes(self) -> int:
        return _minutes(self.starts_at, self.ends_at)


class Span(Value):
    """From when to when a class is, in UTC."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


def span_of(
    day: date,
    starts: time,
    ends: time,
    *,
    zone: str,
    policy: ClassPolicy,
    is_second: bool | None = None,
) -> Span | tuple[tuple[str, Reason], ...]:
    """A class as somebody says it (a day, two clock times, a place) as instants; or every refusal with its field.

    ``is_second`` says which of the two is meant where a clock time comes twice; fields are ``starts`` and ``ends``.
    """
    found: dict[str, datetime] = {}
    refused: list[tuple[str, Reason]] = []
    for field, clock in (("starts", starts), ("ends", ends)):
        instant = instant_of(day, clock, zone=zone, policy=policy, is_second=is_second)
        if isinstance(instant, Reason):
            refused.append((field, instant))
        else:
            found[field] = instant
    if refused:
        return tuple(refused)
    span = Span(starts_at=found["starts"], ends_at=found["ends"])
    minutes = _minutes(span.starts_at, span.ends_at)
    if span.ends_at <= span.starts_at:
        return (("ends", policy.refused("order")),)
    if minutes < policy.shortest_minutes:
        return (("ends", policy.refused("short", minutes=policy.shortest_minutes)),)
    if minutes > policy.longest_minutes:
        return (("ends", policy.refused("long", minutes=policy.longest_minutes)),)
    return span


def instant_of(
    day: date, clock: time, *, zone: str, policy: ClassPolicy, is_second: bool | None = None
) -> datetime | Reason:
    """The instant, in UTC, at which clocks of ``zone`` show ``clock``; a Reason where they never do, or do twice.

    On 28 March 2027 clocks in Paris go from 02:00 to 03:00, so 02:30 is refused. On 31 October they go back from
    03:00 to 02:00: 02:30 comes twice, and is refused until ``is_second`` tells which.
    """
    found = instants(day, clock, zone=zone)
    if len(found) == 1:
        return found[0]
    if found and is_second is not None:
        return found[1 if is_second else 0]
    before, after = _change_around(day, clock, zone=zone)
    return policy.refused("fold" if found else "gap", clock=f"{clock:%H:%M}", before=before, after=after)


def instants(day: date, clock: time, *, zone: str) -> tuple[datetime, ...]:
    """Every instant at which clocks of ``zone`` show this time that day: none, one or two, the earlier first.

    >>> [len(instants(date(2027, *month_day), time(2, 30), zone="Europe/Paris"))
    ...  for month_day in ((3, 28), (6, 1), (10, 31))]
    [0, 1, 2]
    """
    there = ZoneInfo(zone)
    said = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    both = {said.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(one for one in both if one.astimezone(there).replace(tzinfo=None, fold=0) == said))


def _change_around(day: date, clock: time, *, zone: str) -> tuple[str, str]:
    """What clocks show just before and just after the change that this time falls into."""
    there = ZoneInfo(zone)
    said = datetime.combine(day, clock)
    low = (said - timedelta(days=1)).replace(tzinfo=there).astimezone(UTC)
    high = (said + timedelta(days=1)).replace(tzinfo=there).astimezone(UTC)
    offset = low.astimezone(there).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(there).utcoffset() == offset:
            low = middle
        else:
            high = middle
    change = (high + timedelta(milliseconds=500)).replace(microsecond=0)
    old = (change + (offset or timedelta())).strftime("%H:%M")
    return old, change.astimezone(there).strftime("%H:%M")


def half_days(
    starts_at: datetime, ends_at: datetime, *, zone: str, policy: ClassPolicy
) -> tuple[HalfDay, ...]:
    """The half-days that a class is signed for, in order: cut at noon of its own clocks.

    A part shorter than ``least_half_minutes`` joins the other: 09:00 to 13:15 is one morning. What lies wholly after
    noon, evening included, is an afternoon.
    """
    there = ZoneInfo(zone)
    noon = datetime.combine(starts_at.astimezone(there).date(), policy.noon, tzinfo=there).astimezone(UTC)
    starts, ends = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    before, after = _minutes(starts, min(noon, ends)), _minutes(max(noon, starts), ends)
    if before > 0 and after > 0 and min(before, after) >= policy.least_half_minutes:
        return (
            HalfDay(half=Half.MORNING, starts_at=starts, ends_at=noon),
            HalfDay(half=Half.AFTERNOON, starts_at=noon, ends_at=ends),
        )
    half = Half.MORNING if before >= after else Half.AFTERNOON
    return (HalfDay(half=half, starts_at=starts, ends_at=ends),)


def signing_window(half_day: HalfDay, *, policy: ClassPolicy) -> tuple[datetime, datetime]:
    """From when to when this half-day may be signed, both included."""
    opens = half_day.starts_at - timedelta(minutes=policy.sign_opens_minutes_before)
    return opens, half_day.ends_at + timedelta(hours=policy.sign_closes_hours_after)


class Noted(Value):
    """What a trainer noted of one half-day of one person."""

    half: Half
    presence: Presence
    missed_minutes: StrictInt = Field(default=0, ge=0, le=1440)


class Attended(Value):
    """How much of a class somebody was there for."""

    minutes: int
    minutes_possible: int
    is_attended: bool


def attendance(half_days: Sequence[HalfDay], noted: Iterable[Noted], *, policy: ClassPolicy) -> Attended:
    """Minutes there out of all minutes; attended from ``attended_percent`` of them on, compared exactly.

    A half-day that nobody noted counts for nothing yet; what was missed is never more than the half-day itself.
    """
    by_half = {one.half: one for one in noted}
    minutes = sum(counted_minutes(one, by_half.get(one.half)) for one in half_days)
    possible = sum(one.minutes for one in half_days)
    is_attended = minutes > 0 and minutes * 100 >= policy.attended_percent * possible
    return Attended(minutes=minutes, minutes_possible=possible, is_attended=is_attended)


def counted_minutes(half_day: HalfDay, noted: Noted | None) -> int:
    """Minutes of one half-day that somebody was there."""
    if noted is None or noted.presence is Presence.ABSENT:
        return 0
    missed = noted.missed_minutes if noted.presence is Presence.LATE else 0
    return max(0, half_day.minutes - missed)


def seat_for(taken: int, *, seats: int | None) -> Seat:
    """What somebody who asks now gets.

    >>> seat_for(11, seats=12).value, seat_for(12, seats=12).value, seat_for(400, seats=None).value
    ('taken', 'waiting', 'taken')
    """
    return Seat.TAKEN if seats is None or taken < seats else Seat.WAITING


def moving_up(waiting: Sequence[T], *, taken: int, seats: int | None) -> tuple[T, ...]:
    """Who of those waiting, longest first, now has a seat; nobody ever loses one when seats are taken away.

    >>> moving_up(("Ada", "Béa", "Cléo"), taken=9, seats=11), moving_up(("Ada",), taken=12, seats=11)
    (('Ada', 'Béa'), ())
    """
    return tuple(waiting) if seats is None else tuple(waiting[: max(0, seats - taken)])


def _minutes(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)
