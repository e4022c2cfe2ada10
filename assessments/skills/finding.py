"""What a phrase says a person can do: a name as written, reordered, with slips, in other words, or one alike."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import islice, product
from typing import Annotated

from pydantic import Field
from rapidfuzz import fuzz

from assessments.skills.concepts import OWN
from assessments.skills.lexicon import Lexicon, Words
from assessments.skills.lexicon_policy import Bonus, LexiconPolicy
from assessments.skills.skills import Resolver
from assessments.skills.spelling import plain
from assessments.values import Text, Value

LONGEST = 300
_PARTS = 12
_LOOKALIKES = 24
_SHOWN = 5
_FAR = 0.05
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


_LIKELY = (Way.ALIKE, Way.PHRASE)


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
        self._no_skills = {self._words.key(plain(one).split()) for one in policy.no_skills}
        self._label = lru_cache(maxsize=1 << 14)(lexicon.label)
        self._recent = lru_cache(maxsize=1 << 14)(self._find)

    def find(self, phrase: str) -> Found:
        """One phrase, in French or English; beyond 300 characters only its beginning is read."""
        return self._recent(phrase[:LONGEST])

    def find_all(self, phrases: Iterable[str]) -> list[Found]:
        """Each phrase in its order; one that comes again is not searched again."""
        return [self.find(phrase) for phrase in phrases]

    def nearest(self, phrase: str) -> float:
        """How like the phrase its nearest name is in letters, 0 to 1: what is held against `accepted`."""
        alike = self._alike(plain(phrase).split())
        return alike[0][1] if alike else 0.0

    def _find(self, phrase: str) -> Found:
        whole = self._find_whole(phrase)
        if whole.way in (Way.PHRASE, Way.ALIKE, Way.NONE):
            parts = self._find_parts(phrase) or self._find_sides(phrase, whole)
            if parts:
                return _of_parts(phrase, whole, parts)
        return whole

    def _find_parts(self, phrase: str) -> tuple[Found, ...]:
        """The parts of a line of several skills, those that say one; empty when the line has one part."""
        parts = _parted(phrase, self.policy.separators)
        if len(parts) < 2:
            return ()
        return tuple(one for one in map(self._find_whole, parts) if one.named is not None)

    def _find_sides(self, phrase: str, whole: Found) -> tuple[Found, ...]:
        """The sides of a word that joins, where both are skills: « et » also stands inside one.

        Of a line that was understood as a whole, both sides must be named, not only alike.
        """
        sides = _parted(phrase, (f" {word} " for word in self.policy.joints))
        if len(sides) < 2:
            return ()
        found = tuple(self._find_whole(side) for side in sides)
        must_be_named = whole.named is not None
        is_each = all(one.named and not (must_be_named and one.way in _LIKELY) for one in found)
        return found if is_each else ()

    def _find_whole(self, phrase: str) -> Found:
        spelled = plain(phrase)
        words = spelled.split()
        if not words or self._words.key(words) in self._no_skills:
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
        if self._says_skill(bare) and len(bare) < len(words):
            yield Way.WITHOUT_AFFIXES, _all_as(lexicon.keys.of(self._words.key(bare)), sure.without_affixes)
        if self._says_skill(bare):
            for way, owners, sureness in (
                (Way.SAME_SENSE, lexicon.senses.of(" ".join(self._words.senses(bare))), sure.same_sense),
                (Way.REPAIRED, self._repaired(bare), sure.repaired),
            ):
                yield way, [] if self._misreads(spelled, owners) else _all_as(owners, sureness)

    def _says_skill(self, words: Sequence[str]) -> bool:
        """Whether there is more in the words than circumstances."""
        return not all(self._words.is_aside(word) for word in self._words.content(words))

    def _repaired(self, words: Sequence[str]) -> list[int]:
        """The concepts of the words with each unknown one replaced by a known one that it is a slip of."""
        known = self.lexicon.slips.common
        content = self._words.content(words)
        unknown = [word for word in content if word not in known]
        letters = sum(map(len, content))
        # One slip in seven letters is a slip; more, and it is another word.
        if not unknown or len(unknown) * 7 > letters + 1:
            return []
        choices = [[word] if word in known else self.lexicon.slips.near(word) or [word] for word in content]
        for several in islice(product(*choices), _MOST_REPAIRS):
            owners = self.lexicon.keys.of(self._words.key(several))
            owners = owners or self.lexicon.senses.of(" ".join(self._words.senses(several)))
            if owners and tuple(several) != tuple(content):
                return owners
        return []

    def _by_likeness(self, phrase: str, words: Sequence[str]) -> Found:
        """The skill whose names are nearest in letters, in senses, or in both; none when none is near enough."""
        bare = self.policy.affixes.strip(words)
        if not self._says_skill(bare):
            return Found(phrase=phrase, named=None, way=Way.NONE)
        limits = self.policy.likeness
        alike = self._alike(bare)
        aside = any(sense in self.policy.aside_senses for sense in self._words.senses(bare))
        is_plain = bool(alike) and alike[0][1] >= (limits.plain if aside else limits.accepted)
        if is_plain and not self._misreads(phrase, [alike[0][0]]):
            return self._answer(phrase, Way.ALIKE, alike)
        own = self._by_own_phrases(phrase)
        weighed = self._weighed(alike, self._by_sense(bare), own, told_else=aside)
        ranked = _ranked({at: likeness for at, (likeness, _) in weighed.items()})
        best = ranked[0][1] if ranked else 0.0
        accepted = [
            (at, weighed[at][1])
            for at, value in ranked
            if value >= best - limits.leeway and weighed[at][1] >= limits.accepted
        ]
        if accepted and not self._misreads(phrase, [at for at, _ in accepted]):
            first = max(accepted, key=lambda pair: (pair[1], -pair[0]))
            rest = [pair for pair in accepted if pair != first] + [
                pair for pair in ranked if pair not in accepted
            ]
            way = Way.PHRASE if first[0] in dict(own) else Way.ALIKE
            return self._answer(phrase, way, [first, *rest])
        shown = [pair for pair in ranked if pair[1] >= limits.near]
        return Found(phrase=phrase, named=None, way=Way.NONE, alternatives=self._shown(shown))

    def _weighed(
        self, alike: Ranked, senses: Ranked, own: Ranked, *, told_else: bool
    ) -> dict[int, tuple[float, float]]:
        """Of each concept how like the phrase it is, by all three, and the same with what the trade is granted.

        `told_else`: the phrase speaks of circumstances (a car, a diploma), and letters that are alike say less then.
        """
        limits = self.policy.likeness
        letters = {at: value * (limits.aside if told_else else 1.0) for at, value in alike}
        meant, shown = dict(senses), dict(own)
        found: dict[int, tuple[float, float]] = {}
        for at in letters.keys() | meant.keys() | shown.keys():
            three = letters.get(at, 0.0), meant.get(at, 0.0), shown.get(at, 0.0)
            granted = limits.trade if self.lexicon.is_trade[at] else limits.others
            found[at] = _likeness(three, limits.others), _likeness(three, granted)
        return found

    def _alike(self, words: Sequence[str]) -> Ranked:
        """Concepts whose names look alike, by grams, whole words and letters together."""
        limits = self.policy.likeness
        content = self._words.content(words)
        key = " ".join(sorted(content))
        if len(key) < 4:
            return []
        found, cosines = self.lexicon.grams.nearest(content, _LOOKALIKES)
        best: dict[int, float] = {}
        top = 0.0
        for name, cosine in zip(found.tolist(), cosines.tolist(), strict=True):
            # The nearest in grams come first: what cannot come near the best any more is left.
            if limits.grams * cosine + limits.tokens + limits.letters < top - _FAR:
                break
            text = self.lexicon.key_texts[name]
            score = (
                limits.grams * cosine
                + limits.tokens * fuzz.WRatio(key, text) / 100
                + limits.letters * fuzz.ratio(key, text) / 100
            )
            top = max(top, score)
            for owner in self.lexicon.keys.owners.row(name).tolist():
                best[owner] = max(best.get(owner, 0.0), score)
        return _ranked(best)

    def _by_sense(self, words: Sequence[str]) -> Ranked:
        best: dict[int, float] = {}
        asked, heavy = self._words.senses(words), self.policy.aside_senses
        factors = [self.policy.likeness.aside_weight if sense in heavy else 1.0 for sense in asked]
        for name, score in self.lexicon.sense_index.nearest(asked, factors, _LOOKALIKES):
            for owner in self.lexicon.senses.owners.row(name).tolist():
                best[owner] = max(best.get(owner, 0.0), score)
        return _ranked(best)

    def _by_own_phrases(self, phrase: str) -> Ranked:
        """Own skills that a phrase of theirs inside this one shows, by how much of its sense the phrase takes."""
        if self._own is None:
            return []
        numbers, best = self.lexicon.number_of, dict[int, float]()
        for clause in self._own.clauses(phrase):
            weights = [self._weight(word) for word in clause.words]
            heavy = [
                self.policy.likeness.aside_weight if self._words.is_aside(word) else 1.0
                for word in clause.words
            ]
            whole = sum(weight * factor for weight, factor in zip(weights, heavy, strict=True))
            for hit in self._own.find(clause):
                at = numbers.get(f"{OWN}:{hit.meaning.skill}")
                part = sum(weights[place] for place in hit.taken) / (whole or 1.0)
                trust = self.policy.likeness.own_trust.get(hit.meaning.strength.value, 0.0)
                if at is not None and part > 0:
                    best[at] = max(best.get(at, 0.0), trust * 2 * part / (1 + part))
        return _ranked(best)

    def _weight(self, word: str) -> float:
        """How much one word tells, by how rare its sense is among all names."""
        index = self.lexicon.sense_index
        senses = [index.numbers.get(sense) for sense in self._words.senses([word])]
        return sum(index.unknown if at is None else float(index.weights[at]) for at in senses)

    def _misreads(self, phrase: str, owners: Sequence[int]) -> bool:
        """Whether the trade would take for its own a word that is said in another sense."""
        if self._own is None or not any(self.lexicon.is_trade[at] for at in owners):
            return False
        return self._own.is_false_friend(phrase)

    def _answer(self, phrase: str, way: Way, ranked: Ranked) -> Found:
        """The best, and what else it may be; concepts that stand for one another are one answer."""
        (first, sure), *rest = ranked
        meant = self._official(ranked)
        stands_for = self.lexicon.stands_for
        others = [pair for pair in rest if stands_for[pair[0]] not in (meant, stands_for[first])]
        likely = way in _LIKELY
        is_ambiguous = bool(others) and sure - others[0][1] <= (self.policy.likeness.clear if likely else 0.0)
        return Found(
            phrase=phrase,
            named=self._named(first, sure * (0.8 if is_ambiguous else 1.0), meant),
            way=way,
            is_ambiguous=is_ambiguous,
            is_to_confirm=likely or is_ambiguous,
            alternatives=self._shown(others),
        )

    def _official(self, ranked: Ranked) -> int:
        """The concept that the best one stands for; of an own skill, the official one that the phrase names as well.

        The own list is coarser than an official one: « patience » shows our listening, and ESCO has a skill for it.
        """
        first, sure = ranked[0]
        lexicon = self.lexicon
        if lexicon.schemes[first] == OWN:
            near = [at for at, value in ranked if value >= sure - self.policy.likeness.clear]
            named = [at for at in near if lexicon.schemes[at] != OWN]
            if named and int(lexicon.stands_for[first]) not in named:
                return named[0]
        return int(lexicon.stands_for[first])

    def _shown(self, ranked: Ranked) -> tuple[Named, ...]:
        seen: set[int] = set()
        kept: list[Named] = []
        for at, value in ranked:
            meant = int(self.lexicon.stands_for[at])
            if meant not in seen and len(kept) < _SHOWN:
                seen.add(meant)
                kept.append(self._named(at, value))
        return tuple(kept)

    def _named(self, number: int, sure: float, meant: int | None = None) -> Named:
        lexicon = self.lexicon
        official = int(lexicon.stands_for[number]) if meant is None else meant
        return Named(
            skill=lexicon.uris[number],
            uri=lexicon.means[official],
            scheme=lexicon.schemes[number],
            label=self._label(number),
            confidence=round(min(1.0, max(0.0, sure)), 4),
        )


def _parted(line: str, separators: Iterable[str]) -> list[str]:
    """The parts of a line, a dozen at most."""
    for separator in separators:
        line = line.replace(separator, "\n")
    return [part.strip() for part in line.split("\n") if part.strip()][:_PARTS]


def _all_as(owners: Sequence[int], sure: float) -> Ranked:
    return [(owner, sure) for owner in owners]


def _likeness(three: tuple[float, float, float], bonus: Bonus) -> float:
    """The best of letters, senses, own phrases, and letters with senses, each with its bonus."""
    letters, meant, shown = three
    both = (letters + meant) / 2 + bonus.both
    return min(1.0, max(letters, meant + bonus.sense, shown + bonus.own, both))


def _ranked(best: dict[int, float]) -> Ranked:
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))


def _of_parts(phrase: str, whole: Found, parts: tuple[Found, ...]) -> Found:
    """A line of several skills: its first sure part answers for it, and every part is told."""
    meant = {part.named.uri for part in parts if part.named is not None}
    if len(meant) < 2:
        return whole if whole.named is not None else parts[0].model_copy(update={"phrase": phrase})
    first = next((part for part in parts if not part.is_to_confirm), parts[0])
    return first.model_copy(update={"phrase": phrase, "parts": parts, "is_to_confirm": True})
