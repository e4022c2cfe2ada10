"""How a call sounds for a delay, a loss and a codec: R factor and MOS after ITU-T G.107 (06/2015), narrow band."""

from math import isfinite, log2

from pydantic import Field

from assessments.values import Text, Value, Words

FORMULA = "ITU-T G.107 (06/2015), narrow band, mT=100 ms, sT=1"
BASIC = 93.2
"""R0 - Is with every default value of the recommendation (clause 7.7, table 3)."""
FREE_MS = 100.0
"""mT: a one-way delay up to here costs nothing."""
WORST_IE = 95.0


class Codec(Value):
    """A voice codec: `ie` and `bpl` after G.113 Appendix I, and how much voice one packet holds."""

    key: Words
    ie: float = Field(ge=0, le=WORST_IE, allow_inf_nan=False)
    bpl: float = Field(gt=0, le=100, allow_inf_nan=False)
    packet_ms: float = Field(gt=0, le=100, allow_inf_nan=False)
    source: Words
    note: Text | None = None


class CallQuality(Value):
    """How one call would sound, and all that the figure rests on; `r` and `mos` are not rounded."""

    r: float
    mos: float
    codec: str
    one_way_ms: float
    loss_pct: float
    burst_ratio: float
    formula: str


def call_quality(
    codec: Codec, *, one_way_ms: float, loss_pct: float = 0.0, burst_ratio: float = 1.0
) -> CallQuality:
    """R = 93.2 - Idd - Ie,eff and its MOS. ValueError for what no line can have (`faults_of` says what).

    >>> plc = Codec(key="G.711 PLC", ie=0, bpl=25.1, packet_ms=20, source="G.113 App. I")
    >>> heard = call_quality(plc, one_way_ms=150, loss_pct=1)
    >>> round(heard.r, 2), round(heard.mos, 3)
    (89.4, 4.324)
    """
    faults = faults_of(one_way_ms=one_way_ms, loss_pct=loss_pct, burst_ratio=burst_ratio)
    if faults:
        raise ValueError(f"{faults[0]} is out of its range")
    r = BASIC - delay_impairment(one_way_ms) - equipment_impairment(codec, loss_pct, burst_ratio=burst_ratio)
    return CallQuality(
        r=r, mos=mean_opinion(r), codec=codec.key, one_way_ms=one_way_ms, loss_pct=loss_pct,
        burst_ratio=burst_ratio, formula=FORMULA,
    )  # fmt: skip


def faults_of(*, one_way_ms: float, loss_pct: float, burst_ratio: float) -> tuple[str, ...]:
    """The names of those arguments that the formula does not take: not finite, negative, more than everything lost.

    >>> faults_of(one_way_ms=-1, loss_pct=float("nan"), burst_ratio=1)
    ('one_way_ms', 'loss_pct')
    """
    ranges = (
        ("one_way_ms", one_way_ms, 0.0, 60_000.0),
        ("loss_pct", loss_pct, 0.0, 100.0),
        ("burst_ratio", burst_ratio, 1.0, 100.0),
    )
    return tuple(
        name for name, value, least, most in ranges if not (isfinite(value) and least <= value <= most)
    )


def delay_impairment(one_way_ms: float) -> float:
    """Idd (clause 7.4): what the delay alone costs in conversation.

    >>> [round(delay_impairment(ms), 3) for ms in (100, 150, 200, 400)]
    [0.0, 0.164, 3.044, 24.07]
    """
    if one_way_ms <= FREE_MS:
        return 0.0
    x = log2(one_way_ms / FREE_MS)
    cost: float = 25 * ((1 + x**6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2)
    return max(0.0, cost)  # a hair above 100 ms the sum of roots may fall a rounding error below zero


def equipment_impairment(codec: Codec, loss_pct: float, *, burst_ratio: float = 1.0) -> float:
    """Ie,eff (clause 7.5): the codec and the packets it lost. A burst ratio of 1 means losses at random.

    >>> gsm = Codec(key="GSM-EFR", ie=5, bpl=10, packet_ms=20, source="G.113 App. I")
    >>> [round(equipment_impairment(gsm, loss), 3) for loss in (0, 1, 5)]
    [5.0, 13.182, 35.0]
    """
    if loss_pct == 0:
        return codec.ie
    return codec.ie + (WORST_IE - codec.ie) * loss_pct / (loss_pct / burst_ratio + codec.bpl)


def mean_opinion(r: float) -> float:
    """The MOS of an R factor (Annex B), from 1 to 4.5; below R = 6.5 the cubic would fall under 1, and is held there.

    >>> [round(mean_opinion(r), 3) for r in (0, 50, 60, 70, 80, 90, 93.2, 100)]
    [1.0, 2.575, 3.1, 3.597, 4.024, 4.339, 4.409, 4.5]
    """
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r))
