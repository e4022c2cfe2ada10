"""How a line at home is measured and read: one dated edition of codecs, bounds, marks and sentences."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from pydantic import Field

from assessments.editions import Edition, EditionError, Fault, Key, faults_of_words, read_as
from assessments.lines.emodel import Codec
from assessments.questionnaires.items import Measure
from assessments.values import Text, Value


class PartOfDay(StrEnum):
    """The three moments at which a line is measured."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Part(Value):
    """One part of the day, from an hour of the clock in France to the next part's."""

    key: PartOfDay
    from_hour: int = Field(ge=0, le=23)
    label: Text
    when: Text


class VoicePath(Value):
    """How a one-way delay is estimated from a round trip."""

    buffer_jitters: float = Field(ge=0, le=10)
    said: Text


class Bound(Value):
    """What a field may hold: outside `least` and `most` it is refused, beyond `doubtful_*` a person looks at it."""

    field: Key
    least: float
    most: float
    doubtful_below: float | None = None
    doubtful_above: float | None = None
    label: Text

    def allows(self, value: float) -> bool:
        """Whether a line can have this; NaN never can."""
        return self.least <= value <= self.most

    def doubts(self, value: float) -> bool:
        """Whether a possible value is surprising."""
        below = self.doubtful_below is not None and value < self.doubtful_below
        return below or (self.doubtful_above is not None and value > self.doubtful_above)


class PlanStep(Value):
    """One thing the browser does: so many round trips, transfers of so many bytes, or datagrams over the relay."""

    kind: Literal["latency", "download", "upload", "loss"]
    count: int = Field(ge=1, le=1000)
    bytes: int = Field(default=0, ge=0, le=25_000_000)
    warms_up: bool = False


class Plan(Value):
    """What one measuring does, in order; once a transfer lasts `finish_ms`, larger ones are left out."""

    key: Key
    minutes: int = Field(ge=1, le=10)
    finish_ms: int = Field(ge=1)
    load_every_ms: int = Field(ge=1)
    loading_ms: int = Field(ge=1)
    quiet_ms: int = Field(ge=100, le=20_000)
    voice_ms: int = Field(ge=100, le=20_000)
    steps: tuple[PlanStep, ...] = Field(min_length=1)

    def most_bytes(self, kind: Literal["download", "upload"]) -> int:
        """What one direction can come to at most."""
        return sum(step.bytes * step.count for step in self.steps if step.kind == kind)

    @property
    def largest(self) -> int:
        """The largest single transfer."""
        return max(step.bytes for step in self.steps)


class Reading(Value):
    """How one measured figure is read: its marks, and which of several measurings counts.

    People read it in `unit`, of which one holds `per_unit` of what is measured.
    """

    measure: Measure
    better: Literal["more", "less"]
    takes: Literal["worst", "best"]
    good: int
    enough: int
    per_unit: int = Field(ge=1)
    unit: Text
    label: Text


class Band(Value):
    """What an R factor means to those who listen; from `at_least` on, edge included."""

    key: Key
    at_least: float
    label: Text
    sentence: Text


class LineWords(Value):
    """Sentences about a measured line."""

    good: Text
    enough: Text
    to_arrange: Text
    not_measured: Text
    loss_unknown: Text
    delay_costs: Text
    delay_free: Text
    codec_costs: Text
    load_hurts: Text
    doubtful: Text
    one_sided: Text


class ListNames(Value):
    """What people call the parts of a measurement."""

    idle: Text
    loaded_down: Text
    loaded_up: Text
    down: Text
    up: Text
    loss: Text
    microphone: Text
    whole: Text

    def of(self, field: str) -> Text:
        """The name of the part a JSON pointer leads to."""
        part = field.split("/")[1] if "/" in field else ""
        found: Text = getattr(self, part) if part in type(self).model_fields else self.whole
        return found


class LineProblems(Value):
    """Why a measurement is not kept, and what to do."""

    unknown_field: Text
    not_a_number: Text
    out_of_bounds: Text
    runs_backwards: Text
    too_many: Text
    too_few: Text
    more_lost_than_sent: Text


class LinePolicy(Edition):
    """One edition of how a line is measured and read."""

    assumed_codec: str
    codecs: tuple[Codec, ...] = Field(min_length=1)
    path: VoicePath
    least_pings: int = Field(ge=2)
    least_transfers: int = Field(ge=1)
    most_samples: int = Field(ge=10, le=5000)
    least_transfer_ms: float = Field(ge=0)
    speed_percentile: int = Field(ge=0, le=100)
    latency_percentile: int = Field(ge=0, le=100)
    loaded_percentile: int = Field(ge=0, le=100)
    open_minutes: int = Field(ge=1, le=120)
    most_opened_a_day: int = Field(ge=1, le=100)
    slot_days: int = Field(ge=1, le=365)
    plans: tuple[Plan, ...] = Field(min_length=1)
    bounds: tuple[Bound, ...]
    parts_of_day: tuple[Part, ...]
    readings: tuple[Reading, ...]
    counts: Text
    bands: tuple[Band, ...] = Field(min_length=1)
    words: LineWords
    lists: ListNames
    problems: LineProblems

    def codec(self, key: str = "") -> Codec | None:
        """The codec of that name (the assumed one for ""), or None."""
        return next((one for one in self.codecs if one.key == (key or self.assumed_codec)), None)

    def plan(self, key: str) -> Plan:
        """The plan of that name; the first for one that is gone."""
        return next((one for one in self.plans if one.key == key), self.plans[0])

    def bound(self, field: str) -> Bound:
        return next(one for one in self.bounds if one.field == field)

    def reading(self, measure: Measure) -> Reading:
        return next(one for one in self.readings if one.measure is measure)

    def band_of(self, r: float) -> Band:
        """The band an R factor stands in; below the lowest edge, the lowest."""
        ordered = sorted(self.bands, key=lambda band: -band.at_least)
        return next((band for band in ordered if r >= band.at_least), ordered[-1])

    def part_at(self, hour: int) -> Part:
        """The part of the day at an hour of the clock in France, 0 to 23; the last part runs on past midnight."""
        ordered = sorted(self.parts_of_day, key=lambda part: part.from_hour)
        return next((part for part in reversed(ordered) if part.from_hour <= hour), ordered[-1])


FIELDS = frozenset(
    {
        "ping_ms", "transfer_ms", "transfer_bytes", "at_ms", "download_kbps", "upload_kbps", "idle_latency_ms",
        "loaded_latency_ms", "jitter_ms", "lost_packets", "sent_packets", "loss_permille", "level_db", "mic_level",
    }
)  # fmt: skip
"""What must have a bound."""

_FACTS_OF_WORDS = {
    "delay_costs": frozenset({"points"}),
    "codec_costs": frozenset({"codec", "points"}),
    "load_hurts": frozenset({"r"}),
    "doubtful": frozenset({"field", "value"}),
}
_FACTS_OF_PROBLEMS = {
    name: frozenset({"what", "value", "label", "least", "most", "count"})
    for name in LineProblems.model_fields
}


def read_policy(text: str) -> LinePolicy:
    """One edition from YAML; raises EditionError with all its faults."""
    policy = read_as(LinePolicy, text)
    faults = [
        *_once("codecs", [one.key for one in policy.codecs], must_have={policy.assumed_codec}, closed=False),
        *_once("bounds", [one.field for one in policy.bounds], must_have=FIELDS),
        *_once("parts_of_day", [one.key for one in policy.parts_of_day], must_have=frozenset(PartOfDay)),
        *_once("readings", [one.measure for one in policy.readings], must_have=frozenset(Measure)),
        *faults_of_words(policy.words, path="words", facts=_FACTS_OF_WORDS),
        *faults_of_words(policy.problems, path="problems", facts=_FACTS_OF_PROBLEMS),
        *faults_of_words(policy.path, path="path", facts={"said": frozenset({"packet_ms"})}),
    ]
    if faults:
        raise EditionError(faults)
    return policy


def _once(
    path: str, names: Sequence[str], *, must_have: frozenset[str] | set[str], closed: bool = True
) -> list[Fault]:
    """A fault unless each name stands once, and (when `closed`) exactly those that must be there do."""
    found = set(names)
    is_right = len(found) == len(names) and must_have <= found and not (closed and found - must_have)
    wanted = ", ".join(sorted(must_have))
    return [] if is_right else [Fault(path=path, message=f"must name each once: {wanted}")]
