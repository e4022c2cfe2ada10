"""What a home post lacks for a programme, and what would mend it: line, equipment, room."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from assessments.matching.readings import PersonReading
from assessments.profiles import CandidateProfile, Channel, LineMeasure, ProgrammeProfile
from assessments.remedies.plans import OpenGap, Shortfall
from assessments.values import Text, Value


class HomePolicy(Value):
    """Figures under which a line cannot carry a voice, is far below, or is unsteady."""

    voice_round_trip_max_ms: float
    voice_upload_min_mbps: float
    voice_download_min_mbps: float
    voice_loss_wired_max_pct: float
    far_below_share: float
    jitter_max_ms: float
    loss_max_pct: float


@dataclass(frozen=True)
class Finding:
    """Something to remedy: the best grade it leaves, or that it lowers by one, or (a line only) that it blocks."""

    sentence: str
    remedy: str
    most: int | None = None
    lowers: bool = False
    blocks: bool = False


def home_findings(
    person: CandidateProfile, reading: PersonReading, programme: ProgrammeProfile, policy: HomePolicy
) -> tuple[Finding, ...]:
    """All that the home post lacks here; nothing of it is a fault of the person."""
    has_voice = Channel.VOICE in programme.channels
    return (
        *_line(person, reading, programme, policy, has_voice=has_voice),
        *_equipment(reading, programme, has_voice=has_voice),
        *_room(person, programme, has_voice=has_voice),
    )


def _line(
    person: CandidateProfile,
    reading: PersonReading,
    programme: ProgrammeProfile,
    policy: HomePolicy,
    *,
    has_voice: bool,
) -> Iterator[Finding]:
    measured = person.home.measured if person.home else None
    is_wired = bool(person.home and person.home.wired)
    if measured is None:
        if has_voice:
            yield Finding("line_unmeasured", "measure", most=2)
        return
    if has_voice and _cannot_carry_voice(measured, policy, is_wired=is_wired):
        if reading.has_rescue_line:
            yield Finding("line_rescued", "rescue", most=1)
        else:
            yield Finding("line_unfit", "line", blocks=True)
        return
    below = _share_below(measured, programme)
    if has_voice and below > policy.far_below_share:
        yield Finding("line_far_below", "line", most=1)
    elif below > 0:
        yield Finding("line_below", "line", lowers=True)
    if has_voice and _is_unsteady(measured, policy):
        if is_wired:
            yield Finding("line_unsteady", "steady", most=1)
        else:
            yield Finding("line_unsteady", "cable", lowers=True)


def _cannot_carry_voice(measured: LineMeasure, policy: HomePolicy, *, is_wired: bool) -> bool:
    return (
        measured.latency_ms > policy.voice_round_trip_max_ms
        or measured.upload_mbps < policy.voice_upload_min_mbps
        or measured.download_mbps < policy.voice_download_min_mbps
        or (is_wired and (measured.loss_pct or 0) >= policy.voice_loss_wired_max_pct)
    )


def _share_below(measured: LineMeasure, programme: ProgrammeProfile) -> float:
    """By how much the worst figure misses its threshold: 0.25 is a quarter, 0 is nothing."""
    shares = [0.0]
    for value, least in (
        (measured.download_mbps, programme.min_download_mbps),
        (measured.upload_mbps, programme.min_upload_mbps),
    ):
        if least:
            shares.append(1 - value / least)
    if programme.max_latency_ms:
        shares.append(measured.latency_ms / programme.max_latency_ms - 1)
    return max(shares)


def _is_unsteady(measured: LineMeasure, policy: HomePolicy) -> bool:
    return (measured.jitter_ms or 0) > policy.jitter_max_ms or (measured.loss_pct or 0) > policy.loss_max_pct


def _equipment(reading: PersonReading, programme: ProgrammeProfile, *, has_voice: bool) -> Iterator[Finding]:
    if programme.equipment_provided:
        return
    if not reading.has_computer:
        yield Finding("computer_missing", "computer", most=1)
    if has_voice and not reading.has_headset:
        yield Finding("headset_missing", "headset", lowers=True)


def _room(person: CandidateProfile, programme: ProgrammeProfile, *, has_voice: bool) -> Iterator[Finding]:
    home = person.home
    if programme.card_data and not (home and home.dedicated_room):
        yield Finding("room_open", "room", most=1)
    if has_voice and home and home.noise == "high":
        yield Finding("room_noisy", "quiet", lowers=True)


def gaps_of_home(
    findings: Iterable[Finding],
    person: CandidateProfile,
    programme: ProgrammeProfile,
    policy: HomePolicy,
    sentences: Mapping[str, Text],
) -> Iterator[OpenGap]:
    """The findings as gaps to plan for: one for each thing, and for a weak line one for each figure that misses."""
    is_line_said = False
    for finding in findings:
        if finding.remedy not in _FIGURED:
            yield OpenGap(key=finding.sentence, text=sentences[finding.sentence])
        elif not is_line_said:
            is_line_said = True
            for short in _shortfalls(person, programme, policy):
                yield OpenGap(key=short.figure, text=sentences[finding.sentence], shortfall=short)


_FIGURED = frozenset({"line", "cable", "steady"})
"""Remedies of findings that rest on measured figures."""


class _Asked(NamedTuple):
    """A figure in the catalogue's whole unit, what is asked, and whether that is the most allowed."""

    figure: str
    value: float
    asked: float | None
    is_ceiling: bool


def _shortfalls(
    person: CandidateProfile, programme: ProgrammeProfile, policy: HomePolicy
) -> Iterator[Shortfall]:
    measured = person.home.measured if person.home else None
    if measured is None:
        return
    medium = "wired" if person.home and person.home.wired else "wifi"
    for asked in _asked(measured, programme, policy, medium=medium):
        limit = asked.asked
        if limit is not None and (asked.value > limit if asked.is_ceiling else asked.value < limit):
            # A value just past its limit must not be rounded onto it.
            value, most = math.floor(asked.value), math.ceil(limit)
            if asked.is_ceiling:
                value, most = math.ceil(asked.value), math.floor(limit)
            yield Shortfall(figure=asked.figure, value=value, asked=most, is_ceiling=asked.is_ceiling)


def _asked(
    measured: LineMeasure, programme: ProgrammeProfile, policy: HomePolicy, *, medium: str
) -> Iterator[_Asked]:
    has_voice = Channel.VOICE in programme.channels
    down = [programme.min_download_mbps or 0, policy.voice_download_min_mbps if has_voice else 0]
    up = [programme.min_upload_mbps or 0, policy.voice_upload_min_mbps if has_voice else 0]
    trips = [programme.max_latency_ms, policy.voice_round_trip_max_ms if has_voice else None]
    yield _Asked("download_kbps", measured.download_mbps * 1000, max(down) * 1000, is_ceiling=False)
    yield _Asked("upload_kbps", measured.upload_mbps * 1000, max(up) * 1000, is_ceiling=False)
    known = [trip for trip in trips if trip]
    yield _Asked("latency_ms", measured.latency_ms, min(known) if known else None, is_ceiling=True)
    if has_voice:
        yield _Asked(f"{medium}_jitter_ms", measured.jitter_ms or 0, policy.jitter_max_ms, is_ceiling=True)
        loss = (measured.loss_pct or 0) * 10
        yield _Asked(f"{medium}_loss_permille", loss, policy.loss_max_pct * 10, is_ceiling=True)
