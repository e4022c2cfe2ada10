"""Raw samples of a line: read strictly, held against what a line can have, and counted into whole figures."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assessments.lines.policy import LinePolicy
from assessments.lines.round_trips import mean_difference, percentile, rounded
from assessments.questionnaires.items import Measure
from assessments.values import Text, Value

T = TypeVar("T")


def _tuple_from_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""As far as every reader of JSON counts exactly."""
Listed = Annotated[tuple[T, ...], BeforeValidator(_tuple_from_list)]


class _Sample(BaseModel):
    """What came from a browser: frozen, closed, and types taken strictly."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Ping(_Sample):
    """One round trip: when it was sent after the start, and how long it took."""

    at_ms: float
    ms: float


class Transfer(_Sample):
    """One download or upload of so many bytes."""

    at_ms: float
    bytes: Whole
    ms: float


class Loss(_Sample):
    """Datagrams sent over the relay and those that never came back."""

    sent: Whole
    lost: Whole


class Microphone(_Sample):
    """Levels only, in dB below full scale: the room while the person is quiet, then while they speak. Never sound."""

    quiet_db: Listed[float]
    voice_db: Listed[float]


class Samples(_Sample):
    """Everything one measuring brought, as the browser saw it."""

    idle: Listed[Ping]
    loaded_down: Listed[Ping] = ()
    loaded_up: Listed[Ping] = ()
    down: Listed[Transfer]
    up: Listed[Transfer]
    loss: Loss | None = None
    microphone: Microphone | None = None


class Refusal(Value):
    """Why a measuring is not kept: the field (a JSON pointer), a stable code, and what to do."""

    field: str
    code: str
    text: Text


def read_samples(policy: LinePolicy, raw: object) -> Samples | tuple[Refusal, ...]:
    """What a browser or a file sent, as Samples, or every reason not to keep it. Nothing is put right in silence."""
    try:
        samples = Samples.model_validate(raw)
    except ValidationError as error:
        return tuple(_misfit(policy, one["loc"], one["type"]) for one in error.errors()[:20])
    refusals = tuple(_refusals(policy, samples))
    return refusals or samples


def _misfit(policy: LinePolicy, steps: Sequence[int | str], kind: str) -> Refusal:
    code = {"extra_forbidden": "unknown_field", "missing": "too_few"}.get(kind, "not_a_number")
    return _refusal(policy, code, "".join(f"/{step}" for step in steps) or "/", count=0, least=1)


def _refusal(
    policy: LinePolicy, code: str, field: str, *, label: Text | None = None, **facts: object
) -> Refusal:
    sentence: Text = getattr(policy.problems, code)
    what, unit = policy.lists.of(field), label or policy.lists.whole
    text = Text(
        fr=sentence.fr.format(what=what.fr, label=unit.fr, **facts),
        en=sentence.en.format(what=what.en, label=unit.en, **facts),
    )
    return Refusal(field=field, code=code, text=text)


def _refusals(policy: LinePolicy, samples: Samples) -> Iterator[Refusal]:
    found = [*_too_many(policy, samples)]
    found = found or [*_impossible(policy, samples), *_too_few(policy, samples), *_backwards(policy, samples)]
    yield from found[:20]
    if not found:
        yield from _impossible_together(policy, samples)


def _lists(samples: Samples) -> dict[str, Sequence[Ping | Transfer]]:
    names = ("idle", "loaded_down", "loaded_up", "down", "up")
    return {f"/{name}": getattr(samples, name) for name in names}


def _too_many(policy: LinePolicy, samples: Samples) -> Iterator[Refusal]:
    lists: dict[str, Sequence[object]] = {**_lists(samples)}
    if samples.microphone:
        lists["/microphone/quiet_db"] = samples.microphone.quiet_db
        lists["/microphone/voice_db"] = samples.microphone.voice_db
    for field, values in lists.items():
        if len(values) > policy.most_samples:
            yield _refusal(policy, "too_many", field, count=len(values), most=policy.most_samples)


def _too_few(policy: LinePolicy, samples: Samples) -> Iterator[Refusal]:
    wanted = (
        ("/idle", samples.idle, policy.least_pings),
        ("/down", samples.down, policy.least_transfers),
        ("/up", samples.up, policy.least_transfers),
    )
    for field, values, least in wanted:
        if len(values) < least:
            yield _refusal(policy, "too_few", field, count=len(values), least=least)
    if samples.microphone:
        for name in ("quiet_db", "voice_db"):
            if not getattr(samples.microphone, name):
                yield _refusal(policy, "too_few", f"/microphone/{name}", count=0, least=1)


def _impossible(policy: LinePolicy, samples: Samples) -> Iterator[Refusal]:
    for list_field, entries in _lists(samples).items():
        for place, one in enumerate(entries):
            field = f"{list_field}/{place}"
            yield from _outside(policy, "at_ms", f"{field}/at_ms", one.at_ms)
            if isinstance(one, Transfer):
                yield from _outside(policy, "transfer_bytes", f"{field}/bytes", one.bytes)
                yield from _outside(policy, "transfer_ms", f"{field}/ms", one.ms)
            else:
                yield from _outside(policy, "ping_ms", f"{field}/ms", one.ms)
    if samples.loss:
        yield from _outside(policy, "sent_packets", "/loss/sent", samples.loss.sent)
        yield from _outside(policy, "lost_packets", "/loss/lost", samples.loss.lost)
        if samples.loss.lost > samples.loss.sent:
            yield _refusal(policy, "more_lost_than_sent", "/loss/lost")
    if samples.microphone:
        for name in ("quiet_db", "voice_db"):
            for place, level in enumerate(getattr(samples.microphone, name)):
                yield from _outside(policy, "level_db", f"/microphone/{name}/{place}", level)


def _outside(policy: LinePolicy, bound_field: str, field: str, value: float) -> Iterator[Refusal]:
    if not isfinite(value):
        yield _refusal(policy, "not_a_number", field)
        return
    bound = policy.bound(bound_field)
    if not bound.allows(value):
        yield _refusal(
            policy, "out_of_bounds", field, label=bound.label, value=_figure(value), least=_figure(bound.least),
            most=_figure(bound.most),
        )  # fmt: skip


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def _backwards(policy: LinePolicy, samples: Samples) -> Iterator[Refusal]:
    for field, entries in _lists(samples).items():
        moments = [one.at_ms for one in entries]
        if any(later < earlier for earlier, later in pairwise(moments)):
            yield _refusal(policy, "runs_backwards", field)


def _impossible_together(policy: LinePolicy, samples: Samples) -> Iterator[Refusal]:
    """Samples that are each possible and come to what is not, such as 10 Gbit/s."""
    for measure, value in figures_of(policy, samples).items():
        yield from _outside(policy, measure.value, f"/{_SOURCE[measure]}", value)


_SOURCE = {
    Measure.DOWNLOAD_KBPS: "down",
    Measure.UPLOAD_KBPS: "up",
    Measure.IDLE_LATENCY_MS: "idle",
    Measure.LOADED_LATENCY_MS: "loaded_down",
    Measure.JITTER_MS: "idle",
    Measure.LOSS_PERMILLE: "loss",
    Measure.MIC_LEVEL: "microphone",
}


def figures_of(policy: LinePolicy, samples: Samples) -> dict[Measure, int]:
    """Each measured figure as the whole number that questionnaires and lists hold."""
    idle = [one.ms for one in samples.idle]
    loaded = [pings for pings in (samples.loaded_down, samples.loaded_up) if len(pings) > 1]
    found: dict[Measure, float] = {
        Measure.DOWNLOAD_KBPS: _speed_kbps(policy, samples.down),
        Measure.UPLOAD_KBPS: _speed_kbps(policy, samples.up),
        Measure.IDLE_LATENCY_MS: percentile(idle, policy.latency_percentile),
        Measure.JITTER_MS: mean_difference(idle),
    }
    if loaded:
        found[Measure.LOADED_LATENCY_MS] = max(
            percentile([one.ms for one in pings], policy.loaded_percentile) for pings in loaded
        )
    if samples.loss:
        found[Measure.LOSS_PERMILLE] = 1000 * samples.loss.lost / samples.loss.sent
    if samples.microphone:
        found[Measure.MIC_LEVEL] = _voice_above_noise(samples.microphone)
    return {measure: int(rounded(value, 0)) for measure, value in found.items()}


def _speed_kbps(policy: LinePolicy, transfers: Sequence[Transfer]) -> float:
    """The percentile of the speeds of those transfers that lasted long enough; of all when none did."""
    lasting = [one for one in transfers if one.ms >= policy.least_transfer_ms] or transfers
    return percentile([8 * one.bytes / one.ms for one in lasting], policy.speed_percentile)


def _voice_above_noise(microphone: Microphone) -> float:
    """How far the louder part of the voice stands above the middle of the noise, in dB; not below 0."""
    return max(0.0, percentile(microphone.voice_db, 90) - percentile(microphone.quiet_db, 50))
