"""Names that look alike: an inverted index of three-letter grams, weighed by rarity, from words to names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

_RAREST = 10
_FEW = 400


def grams_of(word: str) -> list[str]:
    """The three-letter grams of a word between its two edges.

    >>> grams_of("chat")
    [' ch', 'cha', 'hat', 'at ']
    """
    edged = f" {word} "
    return [edged[at : at + 3] for at in range(max(1, len(edged) - 2))]


@dataclass(frozen=True)
class Ragged:
    """Rows of different lengths in one array: row n is `values[starts[n]:starts[n + 1]]`."""

    starts: Ints
    values: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> "Ragged":
        starts = np.zeros(len(rows) + 1, np.int32)
        np.cumsum([len(row) for row in rows], out=starts[1:])
        values = np.fromiter((one for row in rows for one in row), np.int32, count=int(starts[-1]))
        return cls(starts, values)

    def row(self, at: int) -> Ints:
        return self.values[self.starts[at] : self.starts[at + 1]]

    def rows(self, chosen: NDArray[np.integer]) -> tuple[Ints, Ints]:
        """The values of several rows behind one another, and for each value which of the chosen it is of."""
        begin = self.starts[chosen]
        lengths = self.starts[chosen + 1] - begin
        owner = np.repeat(np.arange(len(chosen), dtype=np.int32), lengths)
        before = np.cumsum(lengths) - lengths
        places = (
            np.arange(int(lengths.sum()), dtype=np.int32)
            - np.repeat(before, lengths)
            + np.repeat(begin, lengths)
        )
        return self.values[places], owner


@dataclass(frozen=True)
class GramIndex:
    """`words_of` names each name's words, `grams_of_word` each word's grams; `names_of` is where each gram stands.

    `shares` is, beside `names_of`, the gram's part of that name's unit vector; `lengths` the vectors' own lengths.
    """

    grams: Mapping[str, int]
    rarity: Floats
    words_of: Ragged
    grams_of_word: Ragged
    names_of: Ragged
    shares: Floats
    lengths: Floats

    def nearest(self, words: Sequence[str], most: int) -> tuple[Ints, Floats]:
        """The `most` names nearest in grams to these words, with their cosine, nearest first.

        Candidates come from the ten rarest grams alone, their cosine from all: a name that shares but common grams
        with the words is no candidate.
        """
        counts = Counter(gram for word in words for gram in grams_of(word))
        known = {self.grams[gram]: count for gram, count in counts.items() if gram in self.grams}
        if not known:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        asked = np.fromiter(known, np.int32, len(known))
        weights = np.fromiter(known.values(), np.float32, len(known)) * self.rarity[asked]
        unknown = sum(count * count for gram, count in counts.items() if gram not in self.grams)
        length = float(np.sqrt((weights**2).sum() + unknown * float(self.rarity.max()) ** 2))
        found = self._candidates(asked, weights, most)
        cosines = self._cosines(found, asked, weights) / length
        order = np.lexsort((found, -cosines))[:most]
        return found[order], cosines[order]

    def _candidates(self, asked: Ints, weights: Floats, most: int) -> Ints:
        rarest = np.argsort(-self.rarity[asked], kind="stable")[:_RAREST]
        begins, ends = self.names_of.starts[asked[rarest]], self.names_of.starts[asked[rarest] + 1]
        total = np.zeros(len(self.lengths), np.float32)
        for begin, end, weight in zip(begins.tolist(), ends.tolist(), weights[rarest].tolist(), strict=True):
            # Each name stands at most once under a gram: plain indexing adds without losing any.
            total[self.names_of.values[begin:end]] += self.shares[begin:end] * np.float32(weight)
        return _largest(total, most * 2)

    def _cosines(self, found: Ints, asked: Ints, weights: Floats) -> Floats:
        asked_weight = np.zeros(len(self.rarity), np.float32)
        asked_weight[asked] = weights
        words, of_name = self.words_of.rows(found)
        grams, of_word = self.grams_of_word.rows(words)
        parts = asked_weight[grams] * self.rarity[grams]
        dots = np.bincount(of_name[of_word], parts, minlength=len(found))
        return (dots / self.lengths[found]).astype(np.float32)


def _largest(total: Floats, most: int) -> Ints:
    """Where the `most` largest are, in any order: first all above a share of the best, then the largest of these."""
    best = float(total.max(initial=0.0))
    if best <= 0:
        return np.zeros(0, np.int32)
    near = np.flatnonzero(total > 0.45 * best).astype(np.int32)
    if len(near) > most:
        near = near[np.argpartition(-total[near], most - 1)[:most]]
    return near


def gram_index(names: Sequence[Sequence[str]], words: Mapping[str, int]) -> GramIndex:
    """The index of names, each a sequence of words; `words` numbers every word from 0 in its own order."""
    gram_numbers: dict[str, int] = {}
    grams_by_word = [
        [gram_numbers.setdefault(gram, len(gram_numbers)) for gram in grams_of(word)] for word in words
    ]
    words_of = Ragged.of([[words[word] for word in name] for name in names])
    grams_of_word = Ragged.of(grams_by_word)
    name, gram, count = _counted(words_of, grams_of_word, len(gram_numbers))
    spread = np.bincount(gram, minlength=len(gram_numbers))
    rarity = (np.log((1 + len(names)) / (1 + spread)) + 1).astype(np.float32)
    weight = count * rarity[gram]
    lengths = np.sqrt(np.bincount(name, weight**2, minlength=len(names))).astype(np.float32)
    lengths[lengths == 0] = 1
    order = np.argsort(gram, kind="stable")
    starts = np.zeros(len(gram_numbers) + 1, np.int32)
    np.cumsum(spread, out=starts[1:])
    return GramIndex(
        gram_numbers, rarity, words_of, grams_of_word,
        Ragged(starts, name[order]), (weight / lengths[name])[order].astype(np.float32), lengths,
    )  # fmt: skip


def _counted(words_of: Ragged, grams_of_word: Ragged, width: int) -> tuple[Ints, Ints, NDArray[np.float32]]:
    """Every (name, gram) once, by name, with how often it stands there."""
    grams, of_word = grams_of_word.rows(words_of.values)
    names = np.repeat(np.arange(len(words_of.starts) - 1, dtype=np.int64), np.diff(words_of.starts))
    cells = np.sort(names[of_word] * max(width, 1) + grams)
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    counts = np.diff(np.append(first, len(cells))).astype(np.float32)
    kept = cells[first]
    return (kept // max(width, 1)).astype(np.int32), (kept % max(width, 1)).astype(np.int32), counts
