"""A crowd as large as one likes, packed: skills, weeks, languages, lines and wishes drawn apart from one another."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.matching.matching import Matcher, Prepared
from assessments.matching.readings import PersonReading, Shown
from assessments.profiles import CandidateProfile, ProgrammeProfile
from assessments.ranking.packed import (
    COMPUTER,
    HEADSET,
    MEASURED,
    NO_WISH,
    NOISY,
    RESCUE,
    ROOM,
    WIRED,
    Layout,
    Packed,
    Shared,
    layout_of,
    pack,
    shared_of,
)
from assessments.ranking.people import People, people_of
from tests.benchmarks.population import SEED, profiles

READ, WEEKS, TONGUES = 1_500, 6_000, 2_500
CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")


@dataclass(frozen=True)
class Crowd:
    """Records, and of which week and whose languages and wishes each person is made."""

    matcher: Matcher
    layout: Layout
    records: NDArray[Any]
    profiles: Sequence[Shared]
    week_of: NDArray[np.intp]
    tongue_of: NDArray[np.intp]
    traits_of: NDArray[np.intp]

    def shared(self, place: int) -> Shared:
        """What is shared by the person at a place."""
        every = self.profiles
        week, tongue, traits = self.week_of[place], self.tongue_of[place], self.traits_of[place]
        return Shared(every[week].week, every[tongue].tongue, every[traits].traits)

    def packed_shared(self, place: int) -> bytes:
        """The same as `pack` writes it."""
        shared = self.shared(place)
        told = {"week": shared.week, "tongue": sorted(shared.tongue.items()), "traits": shared.traits}
        return json.dumps(told).encode()

    @cached_property
    def people(self) -> People:
        return people_of(
            self.layout,
            self.records,
            shared=lambda places: [self.shared(at) for at in places],
            words=lambda: [np.zeros(1, "<u8").tobytes()] * len(self.records),
        )

    def first(self, size: int) -> "Crowd":
        """The same crowd with fewer people."""
        made = (self.week_of[:size], self.tongue_of[:size], self.traits_of[:size])
        return Crowd(self.matcher, self.layout, self.records[:size], self.profiles, *made)

    def one(self, place: int) -> tuple[CandidateProfile, PersonReading]:
        """One person as the single-pair function takes them."""
        row, shared = self.records[place], self.shared(place)
        home = int(row["home"])
        windows = [
            {"day": start // 1440 + 1, "from": _clock(start % 1440), "to": _clock((end - 1) % 1440 + 1)}
            for start, end in shared.week
        ]
        figures = ("download_mbps", "upload_mbps", "latency_ms", "jitter_ms", "loss_pct")
        measured = dict(zip(figures, row["line"].tolist(), strict=True)) if home & MEASURED else None
        person = CandidateProfile.model_validate(
            {
                "id": f"{place:07d}", "skills": [], "languages": [], "availability": windows,
                "desired_weekly_hours": None if row["wished"] == NO_WISH else float(row["wished"]),
                "home": {"dedicated_room": bool(home & ROOM), "noise": "high" if home & NOISY else "low",
                         "wired": bool(home & WIRED), "measured": measured},
            }
        )  # fmt: skip
        traits = shared.traits
        reading = PersonReading(
            candidate=person.id, skills=self._levels(row), languages=shared.tongue, kinds=(), texts=(),
            has_computer=bool(home & COMPUTER), has_headset=bool(home & HEADSET),
            has_rescue_line=bool(home & RESCUE), **traits._asdict(),
        )  # fmt: skip
        return person, reading

    def _levels(self, row: Any) -> dict[str, Shown]:
        both = row["levels"]
        levels = np.stack([both & 15, both >> 4], axis=1).ravel()
        return {
            skill: Shown(level=int(level), evidence="", source="post")
            for skill, level in zip(self.layout.skills, levels.tolist(), strict=False)
            if level
        }


def crowd(matcher: Matcher, size: int) -> Crowd:
    """People whose parts are drawn one by one; the same at each run."""
    layout = layout_of(matcher.reader.resolver.skills, matcher.editions)
    chance, rng = random.Random(SEED), np.random.default_rng(SEED)
    read = [(person, matcher.reader.read(person)) for person in profiles(READ)]
    packed = [pack(layout, *_varied(chance, person, reading)) for person, reading in (
        *read, *chance.choices(read, k=WEEKS - READ))]  # fmt: skip
    base = np.frombuffer(b"".join(one.record for one in packed), dtype=layout.record)
    of: dict[str, NDArray[np.intp]] = {
        part: rng.integers(0, most, size)
        for part, most in (("levels", READ), ("week", WEEKS), ("tongue", TONGUES), ("traits", READ), ("home", WEEKS))
    }  # fmt: skip
    records = np.zeros(size, dtype=layout.record)
    names = np.arange(size, dtype=">u8")
    records["name"][:, 8:] = names.view("u1").reshape(size, 8)
    for part, places in of.items():
        records[part] = base[part][places]
    records["wished"] = base["wished"][of["week"]]
    records["line"] = base["line"][of["home"]] * rng.uniform(0.8, 1.2, (size, 5)).round(3)
    return Crowd(
        matcher, layout, records, _profiles(packed), of["week"], of["tongue"], of["traits"]
    )  # fmt: skip


def _profiles(packed: Sequence[Packed]) -> list[Shared]:
    return [shared_of(one.shared) for one in packed]


def _varied(
    chance: random.Random, person: CandidateProfile, reading: PersonReading
) -> tuple[CandidateProfile, PersonReading]:
    """The same person with another week, line and languages."""
    days = chance.sample(range(1, 8), chance.randint(4, 6))
    starts, ends = (
        ("07:00", "07:30", "08:00", "08:30", "09:00"),
        ("12:00", "16:30", "18:00", "19:30", "21:00"),
    )
    line = {
        "download_mbps": chance.uniform(5, 900), "upload_mbps": chance.uniform(1, 300),
        "latency_ms": chance.uniform(8, 160), "jitter_ms": chance.choice((2.0, 8.0, 35.0)), "loss_pct": 0.1,
    }  # fmt: skip
    other = {
        "availability": [{"day": day, "from": chance.choice(starts), "to": chance.choice(ends)} for day in days],
        "home": {"dedicated_room": chance.random() < 0.7, "noise": chance.choice(("low", "low", "high")),
                 "wired": chance.random() < 0.5, "measured": line if chance.random() < 0.9 else None},
    }  # fmt: skip
    tongues = {"fr": chance.choice(CEFR[2:])} | {
        code: chance.choice(CEFR) for code in chance.sample(("en", "es", "de", "it", "pt"), chance.randint(0, 3))
    }  # fmt: skip
    told = person.model_dump() | other
    return CandidateProfile.model_validate(told), reading.model_copy(update={"languages": tongues})


def wanted(matcher: Matcher, count: int) -> list[Prepared]:
    """Programmes that ask eight to sixteen skills which some person shows together."""
    chance = random.Random(SEED + 2)
    labels = {skill.key: skill.label.fr for skill in matcher.reader.resolver.taxonomy.skills}
    models = [matcher.reader.read(person) for person in profiles(60)]
    return [_programme(chance, matcher, number, labels, chance.choice(models)) for number in range(count)]


def _programme(
    chance: random.Random, matcher: Matcher, number: int, labels: dict[str, str], model: PersonReading
) -> Prepared:
    shown = [(key, one.level) for key, one in model.skills.items()]
    asked = chance.sample(shown, min(len(shown), chance.randint(8, 16)))
    kinds = ["must"] * chance.randint(2, 5) + ["should"] * chance.randint(3, 6) + ["nice"] * 16
    opening = chance.choice((("08:00", "19:00"), ("09:00", "18:00"), ("07:00", "22:00"), ("08:30", "17:30")))
    days = chance.choice((5, 6, 7))
    profile = ProgrammeProfile.model_validate(
        {
            "id": f"q-{number:03d}", "title": "Service clients",
            "channels": chance.choice((["voice"], ["chat", "email"])),
            "languages": [{"code": "fr", "cefr_min": chance.choice(("B1", "B2", "C1"))},
                          {"code": chance.choice(("en", "es")), "cefr_min": "B1", "must": chance.random() < 0.3}],
            "skills": [
                {"text": labels[key], "level": max(1, level - chance.randint(0, 1)), "importance": kind}
                for (key, level), kind in zip(asked, kinds, strict=False)
            ],
            "opening_hours": [{"day": day, "from": opening[0], "to": opening[1]} for day in range(1, days + 1)],
            "weekly_hours": chance.choice((24, 28, 35)), "split_shifts_allowed": chance.random() < 0.5,
            "min_download_mbps": chance.choice((8, 10, 20)), "min_upload_mbps": chance.choice((2, 3, 5)),
            "max_latency_ms": chance.choice((100, 120)), "equipment_provided": chance.random() < 0.6,
            "card_data": chance.random() < 0.2,
        }
    )  # fmt: skip
    return matcher.prepare(profile)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
