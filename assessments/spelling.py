"""How a name is spelled for comparing: plain words without what surrounds them, and what a slip may stand for."""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_PLAIN = str.maketrans(
    {chr(code): chr(code).lower() if chr(code).isalnum() or chr(code) in "+#" else " " for code in range(128)}
)
_MARKS = re.compile(r"[^\w+#]|_", re.UNICODE)
_LONE = re.compile(r"(?<![\w+#])[+#]+|[+#]+(?=\w)")


def plain(text: str) -> str:
    """Small letters without accents, words parted by one space, nothing else; `c++` and `c#` keep their signs.

    >>> plain("L’Écoute-active (œuvre)"), plain("C++ / C#")
    ('l ecoute active oeuvre', 'c++ c#')
    """
    if text.isascii():
        spaced = text.translate(_PLAIN)
    else:
        apart = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
        spaced = _MARKS.sub(" ", "".join(char for char in apart if not unicodedata.combining(char)))
    if "+" in spaced or "#" in spaced:
        spaced = _LONE.sub(" ", spaced)
    return " ".join(spaced.split())


@dataclass(frozen=True)
class Affixes:
    """Words before or after a skill that say how well or how long, not what: « expérience en », « (3 ans) »."""

    before: frozenset[tuple[str, ...]]
    after: frozenset[tuple[str, ...]]
    longest: int

    @classmethod
    def of(cls, before: Iterable[str], after: Iterable[str]) -> "Affixes":
        heads = frozenset(tuple(plain(text).split()) for text in before)
        tails = frozenset(tuple(plain(text).split()) for text in after)
        return cls(heads, tails, max((len(one) for one in heads | tails), default=0))

    def strip(self, words: Sequence[str]) -> Sequence[str]:
        """The words between the affixes; all of them when nothing would be left.

        >>> Affixes.of(["expérience en"], ["ans"]).strip("experience en vente 3 ans".split())
        ['vente']
        """
        left, right = 0, len(words)
        while (step := self._length(words, left, right, self.before, ahead=True)) and left + step < right:
            left += step
        while (step := self._length(words, left, right, self.after, ahead=False)) and left + step < right:
            right -= step
        return words[left:right]

    def _length(
        self, words: Sequence[str], left: int, right: int, affixes: frozenset[tuple[str, ...]], *, ahead: bool
    ) -> int:
        edge = words[left] if ahead else words[right - 1]
        if edge.isdigit():
            return 1
        for length in range(min(self.longest, right - left - 1), 0, -1):
            part = words[left : left + length] if ahead else words[right - length : right]
            if tuple(part) in affixes:
                return length
        return 0


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
