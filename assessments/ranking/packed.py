"""What matching reads of one person as bytes of one length, and what many people share kept aside by its digest."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assessments.matching.availability import Stretch, joined
from assessments.matching.matches import Editions
from assessments.matching.readings import PersonReading
from assessments.profiles import CandidateProfile, Cefr

FORM = "1"
"""Another one for other bytes, or for another way of reading people: what was packed before is then packed anew."""

MEASURED, WIRED, ROOM, NOISY, COMPUTER, HEADSET, RESCUE = (1 << bit for bit in range(7))
NO_WISH = -1.0


NOTHING_SHOWN = PersonReading(
    candidate="-", skills={}, languages={}, kinds=(), refusals=(), refuses_onsite=False, is_over_qualified=False,
    has_computer=False, has_headset=False, has_rescue_line=False, texts=(),
)  # fmt: skip


class Traits(NamedTuple):
    """What a person wants and does not want, and whether the post is below them."""

    refusals: tuple[str, ...]
    refuses_onsite: bool
    is_over_qualified: bool
    preferred: tuple[str, ...]
    preferred_sectors: tuple[str, ...]


class Shared(NamedTuple):
    """What many people have alike: a week, languages, wishes."""

    week: tuple[Stretch, ...]
    tongue: Mapping[str, Cefr]
    traits: Traits


@dataclass(frozen=True, slots=True)
class Layout:
    """The skills, in the order of their half bytes, and the name of this form."""

    skills: tuple[str, ...]
    name: str

    @property
    def record(self) -> np.dtype[Any]:
        """The bytes of one person: name, digests of what is shared, line, things of the home, a half byte a skill."""
        return np.dtype(
            [
                ("name", "u1", 16), ("week", "<u8"), ("tongue", "<u8"), ("traits", "<u8"), ("wished", "<f8"),
                ("line", "<f8", 5), ("home", "u1"), ("levels", "u1", (len(self.skills) + 1) // 2),
            ]
        )  # fmt: skip


def layout_of(skills: Iterable[str], editions: Editions) -> Layout:
    """The layout under one taxonomy; its name changes with every edition that a reading rests on."""
    keys = tuple(skills)
    told = json.dumps([FORM, editions.readings, editions.skills, keys])
    return Layout(keys, hashlib.blake2b(told.encode(), digest_size=16).hexdigest())


@dataclass(frozen=True, slots=True)
class Packed:
    """One person: the record, what is shared (JSON), and the stems of each text with their level."""

    record: bytes
    shared: bytes
    words: bytes


def pack(
    layout: Layout, person: CandidateProfile, reading: PersonReading, *, name: bytes = bytes(16)
) -> Packed:
    """One person; `name` is 16 bytes of the caller's, by which people are told apart."""
    week = list(joined(person.availability))
    tongue = sorted(reading.languages.items())
    traits = [
        sorted(reading.refusals), reading.refuses_onsite, reading.is_over_qualified,
        sorted(reading.preferred), sorted(reading.preferred_sectors),
    ]  # fmt: skip
    row = np.zeros((), dtype=layout.record)
    row["name"] = np.frombuffer(name, dtype="u1")
    row["week"], row["tongue"], row["traits"] = digest(week), digest(tongue), digest(traits)
    row["wished"] = NO_WISH if person.desired_weekly_hours is None else person.desired_weekly_hours
    row["line"], row["home"] = _line(person), _home(person, reading)
    row["levels"] = _half_bytes([reading.level(skill) for skill in layout.skills])
    shared = json.dumps({"week": week, "tongue": tongue, "traits": traits}, separators=(",", ":"))
    return Packed(row.tobytes(), shared.encode(), _words(reading))


def _line(person: CandidateProfile) -> tuple[float, ...]:
    measured = person.home.measured if person.home else None
    if measured is None:
        return (0.0,) * 5
    unsteady = (measured.jitter_ms or 0, measured.loss_pct or 0)
    return (measured.download_mbps, measured.upload_mbps, measured.latency_ms, *unsteady)


def _home(person: CandidateProfile, reading: PersonReading) -> int:
    home = person.home
    told = (
        (bool(home and home.measured), MEASURED), (bool(home and home.wired), WIRED),
        (bool(home and home.dedicated_room), ROOM), (bool(home and home.noise == "high"), NOISY),
        (reading.has_computer, COMPUTER), (reading.has_headset, HEADSET), (reading.has_rescue_line, RESCUE),
    )  # fmt: skip
    return sum(bit for is_so, bit in told if is_so)


def _half_bytes(levels: list[int]) -> NDArray[np.uint8]:
    even, odd = levels[::2], levels[1::2] + [0] * (len(levels) % 2)
    return np.array([low | high << 4 for low, high in zip(even, odd, strict=True)], dtype=np.uint8)


def _words(reading: PersonReading) -> bytes:
    """How many texts; for each its level and how many stems; then the digests of all stems."""
    heads = [level << 32 | len(stems) for stems, level in reading.texts]
    stems = [_digest_of(stem) for stems, _ in reading.texts for stem in sorted(stems)]
    return np.array([len(heads), *heads, *stems], dtype="<u8").tobytes()


@lru_cache(maxsize=65_536)
def _digest_of(stem: str) -> int:
    return digest(stem)


def digest(value: object) -> int:
    """64 bits of a value's JSON text."""
    told = json.dumps(value, separators=(",", ":"))
    return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), "little")


def shared_of(text: bytes) -> Shared:
    """What `pack` wrote of what is shared."""
    told = json.loads(text)
    refusals, onsite, over, preferred, sectors = told["traits"]
    return Shared(
        week=tuple((start, end) for start, end in told["week"]),
        tongue=dict(told["tongue"]),
        traits=Traits(tuple(refusals), onsite, over, tuple(preferred), tuple(sectors)),
    )


def content_levels(words: Sequence[bytes], stems: frozenset[str], *, hint: int) -> NDArray[np.uint8]:
    """`PersonReading.content_level` of each person, from their packed words."""
    found = np.zeros(len(words), dtype=np.uint8)
    if not words or not stems:
        return found
    every = np.frombuffer(b"".join(words), dtype="<u8")
    starts = np.cumsum([0, *(len(one) // 8 for one in words[:-1])])
    texts = every[starts].astype(np.intp)
    owner = np.repeat(np.arange(len(words)), texts)
    heads_at = np.repeat(starts + 1 - np.cumsum(texts) + texts, texts) + np.arange(len(owner))
    heads = every[heads_at]
    is_stem = np.ones(len(every), dtype=bool)
    is_stem[starts] = is_stem[heads_at] = False
    text_of = np.repeat(np.arange(len(owner)), (heads & 0xFFFFFFFF).astype(np.intp))
    is_hit = np.isin(every[is_stem], [_digest_of(stem) for stem in stems])
    hits = np.bincount(text_of[is_hit], minlength=len(owner))
    np.maximum.at(found, owner, _levels_by_hits(stems, hint)[hits, (heads >> np.uint64(32)).astype(np.intp)])
    return found


def _levels_by_hits(stems: frozenset[str], hint: int) -> NDArray[np.uint8]:
    """The level for each number of stems found in a text, and each level of the text, as one reading gives it."""
    some = sorted(stems)
    return np.array(
        [
            [
                NOTHING_SHOWN.model_copy(update={"texts": ((frozenset(some[:hits]), level),)}).content_level(
                    stems, hint=hint
                )
                for level in range(6)
            ]
            for hits in range(len(some) + 1)
        ],
        dtype=np.uint8,
    )
