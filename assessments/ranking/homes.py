"""`remedies.home_findings` over columns: what each of many home posts lacks for one kind of programme."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assessments.matching.remedies import HomePolicy
from assessments.profiles import Channel, ProgrammeProfile
from assessments.ranking.figures import Column
from assessments.ranking.packed import COMPUTER, HEADSET, MEASURED, NOISY, RESCUE, ROOM, WIRED

WHOLE = 3
"""The best grade: nothing caps it."""


class HomeAsked(NamedTuple):
    """All that a programme asks of a home post; programmes that ask the same are looked at once."""

    has_voice: bool
    download_mbps: float
    upload_mbps: float
    latency_ms: float
    is_equipped: bool
    has_card_data: bool


@dataclass(slots=True)
class HomeFound:
    """For each person the best grade left (0 where the line blocks), how many grades it lowers, how many findings."""

    most: Column
    lowers: Column
    count: Column

    def note(self, where: Column, *, most: int = WHOLE, lowers: bool = False) -> None:
        self.count += where
        if lowers:
            self.lowers += where
        if most < WHOLE:
            np.minimum(self.most, np.where(where, np.uint8(most), np.uint8(WHOLE)), out=self.most)


def home_asked(programme: ProgrammeProfile) -> HomeAsked:
    """A figure of 0 or none asks nothing."""
    return HomeAsked(
        has_voice=Channel.VOICE in programme.channels,
        download_mbps=programme.min_download_mbps or 0.0,
        upload_mbps=programme.min_upload_mbps or 0.0,
        latency_ms=programme.max_latency_ms or 0.0,
        is_equipped=programme.equipment_provided,
        has_card_data=programme.card_data,
    )


def homes_for(asked: HomeAsked, homes: Column, line: Column, policy: HomePolicy) -> HomeFound:
    """`homes` has the bits of `ranking_packed`, `line` five rows: download, upload, round trip, jitter, loss."""
    size = len(homes)
    found = HomeFound(np.full(size, WHOLE, np.uint8), np.zeros(size, np.uint8), np.zeros(size, np.uint8))
    _note_line(found, asked, homes, line, policy)
    if not asked.is_equipped:
        found.note((homes & COMPUTER) == 0, most=1)
        if asked.has_voice:
            found.note((homes & HEADSET) == 0, lowers=True)
    if asked.has_card_data:
        found.note((homes & ROOM) == 0, most=1)
    if asked.has_voice:
        found.note((homes & NOISY) != 0, lowers=True)
    return found


def _note_line(found: HomeFound, asked: HomeAsked, homes: Column, line: Column, policy: HomePolicy) -> None:
    is_measured = (homes & MEASURED) != 0
    carried = is_measured
    if asked.has_voice:
        found.note(~is_measured, most=2)
        is_unfit = is_measured & _cannot_carry_voice(homes, line, policy)
        is_rescued = (homes & RESCUE) != 0
        found.note(is_unfit & is_rescued, most=1)
        found.note(is_unfit & ~is_rescued, most=0)
        carried = is_measured & ~is_unfit
    below = _share_below(asked, line)
    if below is not None:
        is_far = (below > policy.far_below_share) if asked.has_voice else np.zeros(len(homes), bool)
        found.note(carried & is_far, most=1)
        found.note(carried & ~is_far & (below > 0), lowers=True)
    if asked.has_voice:
        _, _, _, jitter, loss = line
        is_unsteady = carried & ((jitter > policy.jitter_max_ms) | (loss > policy.loss_max_pct))
        is_wired = (homes & WIRED) != 0
        found.note(is_unsteady & is_wired, most=1)
        found.note(is_unsteady & ~is_wired, lowers=True)


def _cannot_carry_voice(homes: Column, line: Column, policy: HomePolicy) -> Column:
    download, upload, latency, _, loss = line
    is_wired = (homes & WIRED) != 0
    unfit: Column = (
        (latency > policy.voice_round_trip_max_ms)
        | (upload < policy.voice_upload_min_mbps)
        | (download < policy.voice_download_min_mbps)
        | (is_wired & (loss >= policy.voice_loss_wired_max_pct))
    )
    return unfit


def _share_below(asked: HomeAsked, line: Column) -> Column | None:
    """By how much the worst figure misses what is asked, None where nothing is asked."""
    download, upload, latency, _, _ = line
    shares = []
    if asked.download_mbps:
        shares.append(1 - download / asked.download_mbps)
    if asked.upload_mbps:
        shares.append(1 - upload / asked.upload_mbps)
    if asked.latency_ms:
        shares.append(latency / asked.latency_ms - 1)
    return np.maximum.reduce(shares) if shares else None
