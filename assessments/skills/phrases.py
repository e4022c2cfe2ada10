"""How words are compared: folded, stemmed, cut into clauses, and phrases found in them whatever the order."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'", "`": "'", "´": "'"}
)
_SHORT = 3
_BREAK = re.compile(r"[.;:!?()\[\]{}|\n\r•–—]+")
_TOKEN = re.compile(r"[^\W_]+(?:\+\+|#)?|,|/", re.UNICODE)
_DOUBLED = re.compile(r"([a-z])\1+")
_E_MAIL = re.compile(r"\be[- ]mail")
_DASHED = re.compile(r"(?<=\w)[-'](?=\w)")
# Longest first; the figure is how many letters must stay. A light stem: it only has to make the forms
# of one word meet, in two languages, and to leave short words alone.
_ENDINGS = (
    ("issements", 4), ("issement", 4), ("ations", 4), ("ation", 4), ("ements", 4), ("ement", 4),
    ("euses", 4), ("euse", 4), ("ances", 4), ("ance", 4), ("iques", 4), ("ique", 4), ("ages", 4),
    ("antes", 4), ("ante", 4), ("ants", 4), ("ant", 4),
    ("eures", 4), ("eure", 4), ("trices", 4), ("trice", 4), ("teurs", 4), ("teur", 4),
    ("eurs", 4), ("eur", 4), ("ieres", 5), ("iere", 5),
    ("iers", 5), ("ier", 5), ("eres", 4), ("ere", 4), ("ings", 3), ("ing", 3), ("ions", 4), ("ion", 4),
    ("ees", 3), ("ers", 3), ("age", 4), ("ee", 3), ("er", 3), ("es", 3), ("ez", 3), ("ed", 3), ("ent", 4),
    ("ies", 3), ("ie", 4), ("s", 3), ("e", 3), ("y", 3),
)  # fmt: skip


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents, with plain apostrophes; nothing else changes.

    >>> fold("Réclamation d’Été")
    "reclamation d'ete"
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A folded word without its ending and without doubled letters.

    >>> stem("reclamations") == stem("reclamation"), stem("facturation") == stem("factures")
    (True, True)
    >>> stem("appels") == stem("apel")
    True
    """
    short = _DOUBLED.sub(r"\1", word)
    for ending, stay in _ENDINGS:
        if short.endswith(ending) and len(short) - len(ending) >= stay:
            return short[: -len(ending)]
    return short


@dataclass(frozen=True)
class Vocabulary:
    """Words left out, and short or foreign forms with what they stand for (both folded)."""

    ignored: frozenset[str]
    abbreviations: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Clause:
    """One stretch between full stops, colons, semicolons or brackets; a comma leaves a gap of three places.

    Words and stems are folded; `text` is the stretch as the person wrote it, accents and capitals included.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    places: tuple[int, ...]
    text: str


def clauses(text: str, vocabulary: Vocabulary) -> tuple[Clause, ...]:
    """The clauses of a text, ignored words left out and abbreviations written out; `text` is as it was written.

    >>> [clause.text for clause in clauses("Écoute active ; Œuvres (L’Été)", Vocabulary(frozenset(), {}))]
    ['Écoute active', 'Œuvres', 'L’Été']
    """
    folded, origin = fold(text), _origin(text)
    read = (
        _clause(folded[start:end], text[origin[start] : origin[end]], vocabulary)
        for start, end in _stretches(folded)
    )
    return tuple(clause for clause in read if clause.words)


def _stretches(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _BREAK.finditer(folded):
        yield start, mark.start()
        start = mark.end()
    yield start, len(folded)


def _origin(text: str) -> Sequence[int]:
    """The place in the text of each character of its folded form, and of the end: folding may lengthen or shorten."""
    if text.isascii():
        return range(len(text) + 1)
    return [place for place, char in enumerate(text) for _ in fold(char)] + [len(text)]


def _clause(folded: str, written: str, vocabulary: Vocabulary) -> Clause:
    words: list[str] = []
    places: list[int] = []
    place = 0
    spelled = _DASHED.sub(" ", _E_MAIL.sub("email", folded))
    for found in _TOKEN.findall(spelled):
        if found in ",/":
            place += 3
        elif found not in vocabulary.ignored:
            for word in vocabulary.abbreviations.get(found, (found,)):
                words.append(word)
                places.append(place)
                place += 1
    return Clause(tuple(words), tuple(stem(word) for word in words), tuple(places), written.strip())


@dataclass(frozen=True)
class Hit(Generic[T]):
    """A phrase found: what it stands for, which words of the clause it took, and how many it has."""

    meaning: T
    taken: frozenset[int]
    length: int


class PhraseIndex(Generic[T]):
    """Phrases by their rarest stem; finding costs the phrases that share it, not all of them."""

    def __init__(self, phrases: Iterable[tuple[str, T]], vocabulary: Vocabulary, slack: int = 3) -> None:
        self.vocabulary = vocabulary
        self._slack = slack
        bags = [(self._parts(phrase), meaning) for phrase, meaning in phrases]
        frequency = Counter(part for parts, _ in bags for part in set(parts))
        # « face à face », « porte à porte »: one stem twice, which « face » alone must not stand for.
        self._doubled: dict[str, list[T]] = defaultdict(list)
        self._by_anchor: dict[str, list[tuple[tuple[str, ...], T]]] = defaultdict(list)
        for parts, meaning in bags:
            bag = frozenset(parts)
            if len(bag) == 1 < len(parts):
                self._doubled[parts[0]].append(meaning)
                continue
            # What the ignored words leave of « b to b » is a letter that would be found everywhere.
            if any(len(part) > 1 for part in bag):
                ordered = tuple(sorted(bag, key=lambda part: (frequency[part], part)))
                self._by_anchor[ordered[0]].append((ordered, meaning))
        self.stems = frozenset(frequency)

    def _parts(self, phrase: str) -> tuple[str, ...]:
        return tuple(part for clause in clauses(phrase, self.vocabulary) for part in clause.stems)

    def find(self, clause: Clause) -> list[Hit[T]]:
        """Every phrase whose words all stand close together in the clause, in any order."""
        where: dict[str, list[int]] = defaultdict(list)
        for index, part in enumerate(clause.stems):
            where[part].append(index)
        hits: list[Hit[T]] = []
        for part in where:
            for bag, meaning in self._by_anchor.get(part, ()):
                if all(other in where for other in bag):
                    hits.extend(self._near(bag, meaning, where, clause.places))
            if part in self._doubled:
                hits.extend(self._twice(part, where[part]))
        return hits

    def _twice(self, part: str, where: Sequence[int]) -> Iterable[Hit[T]]:
        for first, second in pairwise(where):
            if second == first + 1:
                for meaning in self._doubled[part]:
                    yield Hit(meaning, frozenset({first, second}), 2)

    def _near(
        self, bag: tuple[str, ...], meaning: T, where: Mapping[str, Sequence[int]], places: Sequence[int]
    ) -> Iterable[Hit[T]]:
        for anchor in where[bag[0]]:
            taken = {anchor}
            for part in bag[1:]:
                taken.add(min(where[part], key=lambda index: abs(places[index] - places[anchor])))
            spread = max(places[index] for index in taken) - min(places[index] for index in taken)
            # « par téléphone », « niveau 2 »: with a very short word in it, a phrase holds only if unbroken.
            slack = 0 if min(map(len, bag)) <= _SHORT else self._slack
            if len(taken) == len(bag) and spread < len(bag) + slack:
                yield Hit(meaning, frozenset(taken), len(bag))
