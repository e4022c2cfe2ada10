"""What comparing names needs to know of two languages: small words, affixes, words of one sense, and the thresholds."""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

from pydantic import Field

from assessments.editions import Edition, read_as
from assessments.skills.phrases import stem
from assessments.skills.spelling import Affixes, plain
from assessments.values import Value, Words

Share = Annotated[float, Field(ge=0, le=1)]


_ACRONYM = 3


def stem_of(word: str) -> str:
    """The stem of a plain word; one of three letters stays whole and meets no stem, for many are initials.

    >>> stem_of("ventes"), stem_of("cdd")
    ('vent', 'cdd.')
    """
    return f"{word}." if len(word) <= _ACRONYM else stem(word)


class Sureness(Value):
    """How sure an answer is by the way it was found, from 0 to 1."""

    exact: Share
    reordered: Share
    without_affixes: Share
    repaired: Share
    same_sense: Share


class Bonus(Value):
    """What is added to a likeness of senses, to that of own phrases, and to the mean of letters and senses."""

    sense: Share
    own: Share
    both: Share


class Likeness(Value):
    """How much grams, whole words and letters count in a likeness of letters, and from where on one is an answer.

    From `plain` on the letters alone are enough, from `accepted` on a name is proposed, from `near` on it is shown.
    Skills of the own list, and those that it stands for, get the bonus of the `trade`, which moves one ahead of others
    by at most `leeway`. `own_trust` is for each strength that an own phrase has. Two answers nearer than `clear` to one
    another are ambiguous. Light and unknown words count as this share of a rare word, words aside (a car, a diploma) as
    so many times it; letters then count `aside`.
    """

    grams: Share
    tokens: Share
    letters: Share
    plain: Share
    accepted: Share
    near: Share
    trade: Bonus
    others: Bonus
    own_trust: dict[str, Share]
    leeway: Share
    clear: Share
    light_weight: Share
    unknown_weight: Share
    aside_weight: Annotated[float, Field(ge=1, le=10)]
    aside: Share


class LexiconPolicy(Edition):
    """One edition of the words and thresholds that resolving uses."""

    small_words: frozenset[str]
    light_words: frozenset[str]
    aside_words: frozenset[str]
    no_skills: tuple[Words, ...]
    before: tuple[Words, ...]
    after: tuple[Words, ...]
    separators: tuple[str, ...]
    joints: tuple[Words, ...]
    senses: tuple[tuple[Words, ...], ...]
    abbreviations: dict[str, Words]
    sureness: Sureness
    likeness: Likeness

    @cached_property
    def affixes(self) -> Affixes:
        return Affixes.of(self.before, self.after)

    @cached_property
    def sense_of_stem(self) -> dict[str, str]:
        """The stem of each word of a sense, with the stem of the sense's first word."""
        found: dict[str, str] = {}
        for first, *others in self.senses:
            base = stem_of(plain(first))
            for word in (first, *others):
                found.setdefault(stem_of(plain(word)), base)
        return found

    @cached_property
    def light_senses(self) -> frozenset[str]:
        return self._senses_of(self.light_words)

    @cached_property
    def aside_senses(self) -> frozenset[str]:
        return self._senses_of(self.aside_words)

    def _senses_of(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(self.sense_of_stem.get(part, part) for part in map(stem_of, map(plain, words)))


def read(text: str) -> LexiconPolicy:
    """One edition from its YAML text; raises EditionError with every fault."""
    return read_as(LexiconPolicy, text)
