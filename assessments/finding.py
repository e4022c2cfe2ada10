"""What a phrase says a person can do: a name as written, reordered, with slips, in other words, or one alike."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Annotated

from pydantic import Field
from rapidfuzz import fuzz

from assessments.lexicon import Lexicon, Words
from assessments.lexicon_policy import LexiconPolicy
from assessments.skills import Resolver
from assessments.spelling import plain
from assessments.values import Text, Value

LONGEST = 300
_PARTS = 12
_LOOKALIKES = 24
_SHOWN = 5
_MOST_REPAIRS = 6

Confidence = Annotated[float, Field(ge=0, le=1)]


class Way(StrEnum):
    """How a phrase was understood, from the surest way down; from `phrase` on, a person should confirm."""

    EXACT = "exact"
    REORDERED = "reordered"
    WITHOUT_AFFIXES = "without_affixes"
    REPAIRED = "repaired"
    SAME_SENSE = "same_sense"
    PHRASE = "phrase"
    ALIKE = "alike"
    NONE = "none"


class Named(Value):
    """One skill that a phrase may mean: `skill` is its own uri, `uri` that of the official concept it stands for."""

    skill: str
    uri: str
    scheme: str
    label: Text
    confidence: Confidence


class Found(Value):
    """What a phrase was taken to mean; `named` is None when nothing fits.

    `is_ambiguous`: another skill fits as well, and stands first among `alternatives`. `is_to_confirm`: found by
    likeness, not by name. `parts`: what each part of a line of several skills was taken to mean.
    """

    phrase: str
    named: Named | None
    way: Way
    is_ambiguous: bool = False
    is_to_confirm: bool = False
    alternatives: tuple[Named, ...] = ()
    parts: tuple["Found", ...] = ()


Ranked = list[tuple[int, float]]
"""Concepts by their number in the lexicon, with how sure each is, best first."""


class Finder:
    """One lexicon and the trade's own phrases, ready to be asked; remembers the last phrases."""

    def __init__(self, lexicon: Lexicon, policy: LexiconPolicy, own: Resolver | None = None) -> None:
        self.lexicon = lexicon
        self.policy = policy
        self._own = own
        self._words = Words(policy)
        self._recent = lru_cache(maxsize=1 << 14)(self._find)

    def find(self, phrase: str) -> Found:
        """One phrase, in French or English; beyond 300 characters only its beginning is read."""
        return self._recent(phrase[:LONGEST])

    def find_all(self, phrases: Iterable[str]) -> list[Found]:
        """Each phrase in its order; one that comes again is not searched again."""
        return [self.find(phrase) for phrase in phrases]

    def _find(self, phrase: str) -> Found:
        whole = self._find_whole(phrase)
        if whole.way in (Way.PHRASE, Way.ALIKE, Way.NONE):
            parts = self._find_parts(phrase)
            if parts:
                return _of_parts(phrase, whole, parts)
        return whole

    def _find_parts(self, phrase: str) -> tuple[Found, ...]:
        """The parts of a line of several skills, those that say one; empty when the line has one part."""
        line = phrase
        for separator in self.policy.separators:
            line = line.replace(separator, "\n")
        parts = [part.strip() for part in line.split("\n") if part.strip()][:_PARTS]
        if len(parts) < 2:
            return ()
        found = (self._find_whole(part) for part in parts)
        return tuple(one for one in found if one.named is not None)

    def _find_whole(self, phrase: str) -> Found:
        spelled = plain(phrase)
        words = spelled.split()
        if not words:
            return Found(phrase=phrase, named=None, way=Way.NONE)
        for way, ranked in self._by_name(spelled, words):
            if ranked:
                return self._answer(phrase, way, ranked)
        return self._by_likeness(phrase, words)

    def _by_name(self, spelled: str, words: Sequence[str]) -> Iterable[tuple[Way, Ranked]]:
        """The ways that end in a look-up, each tried only when those before found nothing."""
        lexicon, sure = self.lexicon, self.policy.sureness
        yield Way.EXACT, _all_as(lexicon.exact.of(spelled), sure.exact)
        yield Way.REORDERED, _all_as(lexicon.keys.of(self._words.key(words)), sure.reordered)
        bare = self.policy.affixes.strip(words)
        if len(bare) < len(words):
            yield Way.WITHOUT_AFFIXES, _all_as(lexicon.keys.of(self._words.key(bare)), sure.without_affixes)
        if not self._is_false_friend(spelled):
            yield (
                Way.SAME_SENSE,
                _all_as(lexicon.senses.of(" ".join(self._words.senses(bare))), sure.same_sense),
            )
            yield Way.REPAIRED, _all_as(self._repaired(bare), sure.repaired)

    def _repaired(self, words: Sequence[str]) -> list[int]:
        """The concepts of the words with each unknown one replaced by a known one that it is a slip of."""
        known = self.lexicon.slips.common
        content = self._words.content(words)
        choices = [[word] if word in known else self.lexicon.slips.near(word) or [word] for word in content]
        unknown = sum(choice[0] != word for choice, word in zip(choices, content, strict=True))
        if not unknown or unknown > 3:
            return []
        for at, several in enumerate(product(*choices)):
            if at >= _MOST_REPAIRS:
                break
            owners = self.lexicon.keys.of(self._words.key(several))
            if not owners:
                owners = self.lexicon.senses.of(" ".join(self._words.senses(several)))
            if owners:
                return owners
        return []

    def _by_likeness(self, phrase: str, words: Sequence[str]) -> Found:
        bare = self.policy.affixes.strip(words)
        limits = self.policy.likeness
        alike = self._alike(bare)
        if alike and alike[0][1] >= limits.accepted:
            return self._answer(phrase, Way.ALIKE, alike)
        own = self._by_own_phrases(phrase)
        senses = self._by_sense(bare)
        if own and (not senses or own[0][1] >= senses[0][1] * 0.9):
            return self._answer(phrase, Way.PHRASE, _merged(own, senses))
        if senses and senses[0][1] >= limits.accepted_sense and not self._is_false_friend(phrase):
            return self._answer(phrase, Way.ALIKE, _merged(senses, own))
        shown = [pair for pair in _merged(alike, senses) if pair[1] >= limits.near]
        return Found(phrase=phrase, named=None, way=Way.NONE, alternatives=self._shown(shown))

    def _alike(self, words: Sequence[str]) -> Ranked:
        """Concepts whose names look alike, by grams, whole words and letters together."""
        limits = self.policy.likeness
        content = self._words.content(words)
        key = " ".join(sorted(content))
        if len(key) < 4:
            return []
        found, cosines = self.lexicon.grams.nearest(content, _LOOKALIKES)
        best: dict[int, float] = {}
        for name, cosine in zip(found.tolist(), cosines.tolist(), strict=True):
            text = self.lexicon.key_texts[name]
            score = (
                limits.grams * cosine
                + limits.tokens * fuzz.WRatio(key, text) / 100
                + limits.letters * fuzz.ratio(key, text) / 100
            )
            for owner in self.lexicon.keys.owners.row(name).tolist():
                best[owner] = max(best.get(owner, 0.0), score)
        return _ranked(best)

    def _by_sense(self, words: Sequence[str]) -> Ranked:
        best: dict[int, float] = {}
        for name, score in self.lexicon.sense_index.nearest(self._words.senses(words), _LOOKALIKES):
            for owner in self.lexicon.senses.owners.row(name).tolist():
                best[owner] = max(best.get(owner, 0.0), score)
        return _ranked(best)

    def _by_own_phrases(self, phrase: str) -> Ranked:
        """Own skills that a phrase of theirs inside this one shows, as matching reads them."""
        if self._own is None:
            return []
        found = self._own.by_phrases(phrase)
        numbers = self.lexicon.number_of
        return [(numbers[f"own:{key}"], sure) for key, sure in found if f"own:{key}" in numbers]

    def _is_false_friend(self, phrase: str) -> bool:
        return self._own is not None and self._own.is_false_friend(phrase)

    def _answer(self, phrase: str, way: Way, ranked: Ranked) -> Found:
        """The best, and what else it may be; concepts that stand for one another are one answer."""
        stands_for = self.lexicon.stands_for
        (first, sure), *_ = ranked
        others = [(at, value) for at, value in ranked[1:] if stands_for[at] != stands_for[first]]
        clear = 0.0 if way not in (Way.ALIKE, Way.PHRASE) else self.policy.likeness.clear
        is_ambiguous = bool(others) and sure - others[0][1] <= clear
        return Found(
            phrase=phrase,
            named=self._named(first, sure * (0.8 if is_ambiguous else 1.0)),
            way=way,
            is_ambiguous=is_ambiguous,
            is_to_confirm=way in (Way.ALIKE, Way.PHRASE) or is_ambiguous,
            alternatives=self._shown(others),
        )

    def _shown(self, ranked: Ranked) -> tuple[Named, ...]:
        seen: set[int] = set()
        kept: list[Named] = []
        for at, value in ranked:
            meant = int(self.lexicon.stands_for[at])
            if meant not in seen and len(kept) < _SHOWN:
                seen.add(meant)
                kept.append(self._named(at, value))
        return tuple(kept)

    def _named(self, number: int, sure: float) -> Named:
        lexicon = self.lexicon
        return Named(
            skill=lexicon.uris[number],
            uri=lexicon.uris[int(lexicon.stands_for[number])],
            scheme=lexicon.schemes[number],
            label=lexicon.label(number),
            confidence=round(min(1.0, max(0.0, sure)), 4),
        )


def _all_as(owners: Sequence[int], sure: float) -> Ranked:
    return [(owner, sure) for owner in owners]


def _ranked(best: dict[int, float]) -> Ranked:
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))


def _merged(first: Ranked, second: Ranked) -> Ranked:
    """The first ranking, then what the second adds."""
    known = {at for at, _ in first}
    return [*first, *(pair for pair in second if pair[0] not in known)]


def _of_parts(phrase: str, whole: Found, parts: tuple[Found, ...]) -> Found:
    """A line of several skills: its first sure part answers for it, and every part is told."""
    meant = {part.named.uri for part in parts if part.named is not None}
    if len(meant) < 2:
        return whole if whole.named is not None else parts[0].model_copy(update={"phrase": phrase})
    first = next((part for part in parts if not part.is_to_confirm), parts[0])
    return first.model_copy(update={"phrase": phrase, "parts": parts, "is_to_confirm": True})
