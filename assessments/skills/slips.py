"""Known words that a mistyped one may stand for: an index of what is left of each without one of its letters."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

Hashes = NDArray[np.uint32]


@dataclass(frozen=True)
class Slips:
    """Known words by what is left of them without one letter: whatever is one slip away shares one of these."""

    words: Sequence[str]
    common: Mapping[str, int]
    """Each word with how many names hold it."""
    hashes: Hashes
    owners: NDArray[np.int32]

    def near(self, word: str, most: int = 2) -> list[str]:
        """Known words one slip away (two for a word of eight letters or more), nearest and commonest first.

        A slip is a letter more, less, other, or two that changed places.
        """
        if len(word) < 4 or word.isdigit():
            return []
        allowed = 2 if len(word) >= 8 else 1
        keys = np.unique(np.fromiter(_shortened(word), np.uint32))
        begins, ends = np.searchsorted(self.hashes, keys), np.searchsorted(self.hashes, keys, side="right")
        owners = {
            owner
            for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
            for owner in self.owners[begin:end].tolist()
        }
        found = []
        for known in (self.words[owner] for owner in owners):
            distance = OSA.distance(word, known, score_cutoff=allowed)
            if distance <= allowed:
                found.append((distance, -self.common[known], known))
        return [known for _, _, known in sorted(found)[:most]]


def slips_of(common: Mapping[str, int]) -> Slips:
    """The index of these words, each with how many names hold it; words of under four letters are left out."""
    words = [word for word in common if len(word) >= 4 and not word.isdigit()]
    pairs = [(key, at) for at, word in enumerate(words) for key in set(_shortened(word))]
    hashes = np.fromiter((key for key, _ in pairs), np.uint32, len(pairs))
    owners = np.fromiter((at for _, at in pairs), np.int32, len(pairs))
    order = np.argsort(hashes, kind="stable")
    return Slips(words, common, hashes[order], owners[order])


def _shortened(word: str) -> list[int]:
    coded = word.encode()
    return [zlib.crc32(coded), *(zlib.crc32(coded[:at] + coded[at + 1 :]) for at in range(len(coded)))]
