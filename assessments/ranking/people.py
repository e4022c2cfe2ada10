"""Many people as columns: levels in half bytes, lines, and for whatever people share one row a distinct profile."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.matching.readings import PersonReading
from assessments.profiles import CandidateProfile, Cefr
from assessments.ranking.figures import Column
from assessments.ranking.packed import (
    NO_WISH,
    Layout,
    Packed,
    Shared,
    Traits,
    content_levels,
    pack,
    shared_of,
)
from assessments.ranking.weeks import Weeks, weeks_of
from assessments.skills.languages import CEFR

STEPS: tuple[Cefr | None, ...] = (None, *CEFR)
HINT = 1
"""What a text that hints at a wish is worth, as `requirements.Wish.level_in` has it."""


@dataclass(frozen=True, slots=True)
class People:
    """People in the order of their ids, which breaks ties.

    `levels` has a row for two skills, `line` one for each figure. `rhythms`, `tongues` and `traits` are places in the
    distinct profiles; a rhythm is a week (`rhythm_weeks`) and the hours wished (`rhythm_wishes`, -1 for none).
    `words` gives the packed words of everybody, for a wish that no known skill covers; it is asked once a wish.
    """

    layout: Layout
    places: Mapping[str, int]
    levels: NDArray[np.uint8]
    line: NDArray[np.float64]
    homes: NDArray[np.uint8]
    rhythms: NDArray[np.int32]
    rhythm_weeks: NDArray[np.intp]
    rhythm_wishes: NDArray[np.float64]
    weeks: Weeks
    tongues: NDArray[np.int32]
    spoken: tuple[Mapping[str, Cefr], ...]
    traits: NDArray[np.int32]
    kinds: tuple[Traits, ...]
    words: Callable[[], Sequence[bytes]]
    contents: dict[frozenset[str], NDArray[np.uint8]] = field(default_factory=dict)
    tongue_steps: dict[str, NDArray[np.uint8]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.homes)

    def level(self, skill: str, rows: slice) -> Column:
        """Levels of one skill, 0 to 5; 0 for a skill that nobody was read for."""
        at = self.places.get(skill)
        if at is None:
            return np.zeros(len(self.homes[rows]), dtype=np.uint8)
        both = self.levels[at // 2, rows]
        return both >> 4 if at % 2 else both & 15

    def tongue(self, code: str) -> Column:
        """The place in `STEPS` of one language, for each distinct set of languages."""
        if code not in self.tongue_steps:
            levels = [STEPS.index(tongue.get(code)) for tongue in self.spoken]
            self.tongue_steps[code] = np.array(levels, dtype=np.uint8)
        return self.tongue_steps[code]

    def content_level(self, stems: frozenset[str], rows: slice) -> Column:
        """Levels for words that no skill covers; `ready_for` has been called with them."""
        return self.contents[stems][rows]

    def ready_for(self, contents: Iterable[frozenset[str]]) -> None:
        """Read the words of everybody for the contents that are new."""
        new = self.unread(contents)
        if new:
            self.learn(new, self.words())

    def unread(self, contents: Iterable[frozenset[str]]) -> set[frozenset[str]]:
        """Contents for which the words of everybody are still to be read."""
        return set(contents) - set(self.contents)

    def learn(self, contents: Iterable[frozenset[str]], words: Sequence[bytes]) -> None:
        """Keep the levels that everybody's packed words give."""
        for stems in contents:
            self.contents[stems] = content_levels(words, stems, hint=HINT)


def people_of(
    layout: Layout,
    records: NDArray[Any],
    *,
    shared: Callable[[Sequence[int]], Sequence[Shared]],
    words: Callable[[], Sequence[bytes]],
) -> People:
    """Columns from records in the order of ids; `shared` gives what is shared by the people at some places."""
    week_rows, week_at = _distinct(records["week"])
    tongue_rows, tongues = _distinct(records["tongue"])
    trait_rows, traits = _distinct(records["traits"])
    wishes, wish_at = np.unique(records["wished"], return_inverse=True)
    rhythms, rhythm_at = np.unique(week_at.astype(np.int64) * len(wishes) + wish_at, return_inverse=True)
    asked = [*week_rows, *tongue_rows, *trait_rows]
    told = shared(asked)
    first, second = len(week_rows), len(week_rows) + len(tongue_rows)
    return People(
        layout=layout,
        places={skill: at for at, skill in enumerate(layout.skills)},
        levels=np.ascontiguousarray(records["levels"].T),
        line=np.ascontiguousarray(records["line"].T),
        homes=np.ascontiguousarray(records["home"]),
        rhythms=rhythm_at.astype(np.int32),
        rhythm_weeks=(rhythms // max(1, len(wishes))).astype(np.intp),
        rhythm_wishes=wishes[rhythms % max(1, len(wishes))],
        weeks=weeks_of([one.week for one in told[:first]]),
        tongues=tongues.astype(np.int32),
        spoken=tuple(one.tongue for one in told[first:second]),
        traits=traits.astype(np.int32),
        kinds=tuple(one.traits for one in told[second:]),
        words=words,
    )


def _distinct(digests: NDArray[Any]) -> tuple[list[int], NDArray[np.intp]]:
    """Where each distinct value is first found, and for each row which one it has."""
    _, first, inverse = np.unique(digests, return_index=True, return_inverse=True)
    return first.tolist(), inverse


def gathered(layout: Layout, people: Iterable[tuple[CandidateProfile, PersonReading]]) -> People:
    """People from prepared readings; they are put in the order of their ids."""
    packed = [
        pack(layout, person, reading) for person, reading in sorted(people, key=lambda pair: pair[0].id)
    ]
    return from_packed(layout, packed)


def from_packed(layout: Layout, packed: Sequence[Packed]) -> People:
    """People packed one by one, in the order of their ids."""
    records = np.frombuffer(b"".join(one.record for one in packed), dtype=layout.record)
    return people_of(
        layout,
        records,
        shared=lambda places: [shared_of(packed[at].shared) for at in places],
        words=lambda: [one.words for one in packed],
    )


def wished(people: People) -> Column:
    """Hours wished for each rhythm, infinitely many for none."""
    return np.where(people.rhythm_wishes == NO_WISH, np.inf, people.rhythm_wishes)


def merged(old: People, new: People, order: NDArray[np.intp]) -> People:
    """Rows of both in an order: places in `old`, and after its length places in `new`; both know the same contents."""
    stretches = {week: at for at, week in enumerate(old.weeks.stretches)}
    week_at = np.array(
        [stretches.setdefault(week, len(stretches)) for week in new.weeks.stretches], dtype=np.intp
    )
    is_known = len(stretches) == len(old.weeks.stretches)

    runs = list(_runs(order, len(old)))

    def both(name: str, shift: int = 0) -> Column:
        sides: list[Column] = [getattr(old, name), getattr(new, name) + shift]
        return np.concatenate([sides[side][..., rows] for side, rows in runs], axis=-1)

    return People(
        layout=old.layout,
        places=old.places,
        levels=both("levels"),
        line=both("line"),
        homes=both("homes"),
        rhythms=both("rhythms", len(old.rhythm_weeks)),
        rhythm_weeks=np.concatenate([old.rhythm_weeks, week_at[new.rhythm_weeks]]),
        rhythm_wishes=np.concatenate([old.rhythm_wishes, new.rhythm_wishes]),
        weeks=old.weeks if is_known else weeks_of(list(stretches)),
        tongues=both("tongues", len(old.spoken)),
        spoken=(*old.spoken, *new.spoken),
        traits=both("traits", len(old.kinds)),
        kinds=(*old.kinds, *new.kinds),
        words=old.words,
        contents={
            stems: np.concatenate([levels, new.contents[stems]])[order]
            for stems, levels in old.contents.items()
        },
    )


def _runs(order: NDArray[np.intp], size: int) -> Iterator[tuple[int, slice]]:
    """Stretches of places that follow one another, each on its side: 0 for places under `size`, 1 for the others."""
    breaks = np.flatnonzero((np.diff(order) != 1) | (order[1:] == size)) + 1
    for start, end in pairwise((0, *breaks.tolist(), len(order))):
        first, side = (int(order[start]) if end > start else 0), 0
        if first >= size:
            first, side = first - size, 1
        yield side, slice(first, first + end - start)
