"""Round trips and what they say: percentiles, and jitter by three named rules."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from assessments.values import Value


class Jitter(Value):
    """The same round trips by three rules, in ms; `mean_difference_ms` is the one that counts here."""

    mean_difference_ms: float
    rfc3550_ms: float
    fast_rise_ms: float


class Latency(Value):
    """Round trips in ms, rounded half up to a hundredth: how many, the least, the median, the 95th percentile."""

    count: int
    least_ms: float
    median_ms: float
    p95_ms: float
    jitter: Jitter


def latency_of(round_trips: Sequence[float]) -> Latency:
    """The figures of some round trips (at least one).

    >>> found = latency_of([20, 22, 19, 40, 21, 20, 25, 20])
    >>> found.median_ms, found.p95_ms, found.jitter.mean_difference_ms, found.jitter.rfc3550_ms
    (20.5, 34.75, 8.0, 2.87)
    """
    return Latency(
        count=len(round_trips),
        least_ms=rounded(min(round_trips), 2),
        median_ms=rounded(percentile(round_trips, 50), 2),
        p95_ms=rounded(percentile(round_trips, 95), 2),
        jitter=Jitter(
            mean_difference_ms=rounded(mean_difference(round_trips), 2),
            rfc3550_ms=rounded(rfc3550_jitter(round_trips), 2),
            fast_rise_ms=rounded(fast_rise_jitter(round_trips), 2),
        ),
    )


def _differences(round_trips: Sequence[float]) -> list[float]:
    return [abs(later - earlier) for earlier, later in pairwise(round_trips)]


def mean_difference(round_trips: Sequence[float]) -> float:
    """Jitter as @cloudflare/speedtest has it: the mean absolute difference of consecutive round trips.

    >>> mean_difference([20, 22, 19, 40, 21, 20, 25, 20])
    8.0
    """
    found = _differences(round_trips)
    return sum(found) / len(found) if found else 0.0


def rfc3550_jitter(round_trips: Sequence[float]) -> float:
    """Jitter as RFC 3550 (6.4.1) has it, on round trips: J += (|D| - J) / 16.

    >>> round(rfc3550_jitter([20, 22, 19, 40, 21, 20, 25, 20]), 4)
    2.8734
    """
    jitter = 0.0
    for difference in _differences(round_trips):
        jitter += (difference - jitter) / 16
    return jitter


def fast_rise_jitter(round_trips: Sequence[float]) -> float:
    """Jitter as LibreSpeed has it: rises fast (0.3 old + 0.7 new), falls slowly (0.8 old + 0.2 new).

    >>> round(fast_rise_jitter([20, 22, 19, 40, 21, 20, 25, 20]), 4)
    11.1199
    """
    first, *rest = _differences(round_trips) or [0.0]
    jitter = first
    for new in rest:
        jitter = 0.3 * jitter + 0.7 * new if new > jitter else 0.8 * jitter + 0.2 * new
    return jitter


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of some values lie, on a straight line between neighbours (as numpy has it).

    >>> percentile([4, 1, 3, 2], 50), percentile([7], 95)
    (2.5, 7)
    """
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    if low + 1 >= len(ordered):
        return ordered[low]
    return ordered[low] + (ordered[low + 1] - ordered[low]) * (place - low)


def rounded(value: float, places: int) -> float:
    """Half up on the digits that are written, so that every machine rounds alike.

    >>> rounded(2.675, 2), rounded(-0.001, 2), rounded(7.5, 0)
    (2.68, 0.0, 8.0)
    """
    step = Decimal(1).scaleb(-places)
    return float(Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)) + 0.0
