"""A measured line: raw samples -> what they come to, what a call would sound like, and what is refused or doubtful."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assessments.lines.emodel import CallQuality, Codec, call_quality, delay_impairment, equipment_impairment
from assessments.lines.policy import Band, LinePolicy, Reading
from assessments.lines.round_trips import Latency, latency_of, rounded
from assessments.lines.samples import Ping, Samples, figures_of
from assessments.profiles import LineMeasure
from assessments.questionnaires.items import Measure
from assessments.values import Text, Value


class LineResult(Value):
    """What one measuring came to. A figure that is None was not measured; `doubts` are for a person to look at."""

    edition: str
    codec: str
    formula: str
    download_kbps: int
    upload_kbps: int
    idle: Latency
    loaded_down: Latency | None
    loaded_up: Latency | None
    loss_permille: int | None
    mic_level: int | None
    call: CallQuality
    call_under_load: CallQuality | None
    band: Band
    measured: dict[Measure, int]
    reasons: tuple[Text, ...]
    doubts: tuple[Text, ...]


def summarise(policy: LinePolicy, samples: Samples, *, codec: Codec | None = None) -> LineResult:
    """What the samples come to, with the codec assumed unless another is given. The same samples give the same result.

    At rest a call is judged by the median round trip, under load by the 95th percentile of the worse direction.
    """
    used = codec or policy.codec()
    assert used is not None  # the edition was checked
    idle = latency_of([one.ms for one in samples.idle])
    down, up = (_latency_or_none(pings) for pings in (samples.loaded_down, samples.loaded_up))
    loss = samples.loss
    loss_pct = 100 * loss.lost / loss.sent if loss else 0.0
    call = _call(
        policy, used, rtt_ms=idle.median_ms, jitter_ms=idle.jitter.mean_difference_ms, loss_pct=loss_pct
    )
    loaded = max((one for one in (down, up) if one), key=lambda one: one.p95_ms, default=None)
    under_load = (
        None
        if loaded is None
        else _call(
            policy, used, rtt_ms=loaded.p95_ms, jitter_ms=loaded.jitter.mean_difference_ms, loss_pct=loss_pct
        )
    )
    figures = figures_of(policy, samples)
    return LineResult(
        edition=policy.edition,
        codec=used.key,
        formula=call.formula,
        download_kbps=figures[Measure.DOWNLOAD_KBPS],
        upload_kbps=figures[Measure.UPLOAD_KBPS],
        idle=idle,
        loaded_down=down,
        loaded_up=up,
        loss_permille=figures.get(Measure.LOSS_PERMILLE),
        mic_level=figures.get(Measure.MIC_LEVEL),
        call=call,
        call_under_load=under_load,
        band=policy.band_of(call.r),
        measured=figures,
        reasons=tuple(_reasons(policy, used, call, under_load, is_loss_measured=loss is not None)),
        doubts=tuple(_doubts(policy, figures)),
    )


def one_way_ms(policy: LinePolicy, codec: Codec, *, rtt_ms: float, jitter_ms: float) -> float:
    """An estimate, said as such: half the round trip, the jitters a receiver waits out, and one packet of voice."""
    return rtt_ms / 2 + policy.path.buffer_jitters * jitter_ms + codec.packet_ms


def _call(
    policy: LinePolicy, codec: Codec, *, rtt_ms: float, jitter_ms: float, loss_pct: float
) -> CallQuality:
    delay = one_way_ms(policy, codec, rtt_ms=rtt_ms, jitter_ms=jitter_ms)
    return call_quality(codec, one_way_ms=rounded(delay, 2), loss_pct=loss_pct)


def _latency_or_none(pings: Sequence[Ping]) -> Latency | None:
    return latency_of([one.ms for one in pings]) if len(pings) > 1 else None


def _reasons(
    policy: LinePolicy,
    codec: Codec,
    call: CallQuality,
    under_load: CallQuality | None,
    *,
    is_loss_measured: bool,
) -> Iterator[Text]:
    words = policy.words
    band = policy.band_of(call.r)
    yield band.sentence
    delay = delay_impairment(call.one_way_ms)
    yield words.delay_costs.with_(points=_points(delay)) if delay >= 0.05 else words.delay_free
    equipment = equipment_impairment(codec, call.loss_pct)
    if equipment >= 0.05:
        yield words.codec_costs.with_(codec=codec.key, points=_points(equipment))
    if not is_loss_measured:
        yield words.loss_unknown
    if under_load and policy.band_of(under_load.r).key != band.key and under_load.r < call.r:
        yield words.load_hurts.with_(r=_points(under_load.r))


def _points(value: float) -> str:
    return f"{rounded(value, 1):g}"


def _doubts(policy: LinePolicy, figures: Mapping[Measure, int]) -> Iterator[Text]:
    for measure, value in figures.items():
        if policy.bound(measure.value).doubts(value):
            label = policy.bound(measure.value).label
            sentence = policy.words.doubtful
            yield Text(
                fr=sentence.fr.format(field=label.fr, value=value),
                en=sentence.en.format(field=label.en, value=value),
            )
    idle, loaded = figures[Measure.IDLE_LATENCY_MS], figures.get(Measure.LOADED_LATENCY_MS)
    if loaded is not None and 2 * loaded < idle:
        yield policy.words.one_sided


def counted(policy: LinePolicy, results: Sequence[LineResult]) -> dict[Measure, int]:
    """Of the results of several parts of the day, the figure that counts for each measure, as the edition says."""
    found: dict[Measure, int] = {}
    for reading in policy.readings:
        values = [one.measured[reading.measure] for one in results if reading.measure in one.measured]
        if values:
            found[reading.measure] = _picker(reading)(values)
    return found


def _picker(reading: Reading) -> Callable[[Sequence[int]], int]:
    takes_least = (reading.better == "more") is (reading.takes == "worst")
    return min if takes_least else max


def word_of(policy: LinePolicy, measure: Measure, value: int | None) -> tuple[str, Text]:
    """A tone (`good`, `enough`, `to_arrange`, `not_measured`) and its word for one figure; marks count as reached."""
    if value is None:
        return "not_measured", policy.words.not_measured
    reading = policy.reading(measure)
    sign = 1 if reading.better == "more" else -1
    for tone in ("good", "enough"):
        if sign * value >= sign * getattr(reading, tone):
            return tone, getattr(policy.words, tone)
    return "to_arrange", policy.words.to_arrange


def line_measure(figures: Mapping[Measure, int]) -> LineMeasure | None:
    """The figures as a person's profile holds them for matching, or None without speed and delay.

    >>> line_measure({Measure.DOWNLOAD_KBPS: 20500, Measure.UPLOAD_KBPS: 5000, Measure.IDLE_LATENCY_MS: 30})
    LineMeasure(download_mbps=20.5, upload_mbps=5.0, latency_ms=30.0, jitter_ms=None, loss_pct=None)
    """
    if not {Measure.DOWNLOAD_KBPS, Measure.UPLOAD_KBPS, Measure.IDLE_LATENCY_MS} <= set(figures):
        return None
    jitter, loss = figures.get(Measure.JITTER_MS), figures.get(Measure.LOSS_PERMILLE)
    return LineMeasure(
        download_mbps=figures[Measure.DOWNLOAD_KBPS] / 1000,
        upload_mbps=figures[Measure.UPLOAD_KBPS] / 1000,
        latency_ms=float(figures[Measure.IDLE_LATENCY_MS]),
        jitter_ms=None if jitter is None else float(jitter),
        loss_pct=None if loss is None else loss / 10,
    )


def from_json(stored: Mapping[str, Any]) -> LineResult:
    """A result read back from storage."""
    return LineResult.model_validate(stored)
