"""What comparing names needs to know of two languages: small words, affixes, words of one sense, and the thresholds."""

from functools import cached_property
from typing import Annotated

from pydantic import Field

from assessments.editions import Edition, read_as
from assessments.phrases import stem
from assessments.spelling import Affixes, plain
from assessments.values import Value, Words

Share = Annotated[float, Field(ge=0, le=1)]


class Sureness(Value):
    """How sure an answer is by the way it was found, from 0 to 1."""

    exact: Share
    reordered: Share
    without_affixes: Share
    repaired: Share
    same_sense: Share


class Likeness(Value):
    """How much grams, whole words and letters count in a likeness, and from where on it is an answer.

    `accepted` is the likeness of letters, `accepted_sense` that of words' senses, from which a name is proposed;
    between `near` and that it is only shown as an alternative. Two nearer than `clear` to one another are ambiguous.
    """

    grams: Share
    tokens: Share
    letters: Share
    accepted: Share
    accepted_sense: Share
    near: Share
    clear: Share
    light_weight: Share
    unknown_weight: Share


class LexiconPolicy(Edition):
    """One edition of the words and thresholds that resolving uses."""

    small_words: frozenset[str]
    light_words: frozenset[str]
    before: tuple[Words, ...]
    after: tuple[Words, ...]
    separators: tuple[Words, ...]
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
            base = stem(plain(first))
            for word in (first, *others):
                found.setdefault(stem(plain(word)), base)
        return found

    @cached_property
    def light_senses(self) -> frozenset[str]:
        return frozenset(
            self.sense_of_stem.get(part, part) for part in map(stem, map(plain, self.light_words))
        )


def read(text: str) -> LexiconPolicy:
    """One edition from its YAML text; raises EditionError with every fault."""
    return read_as(LexiconPolicy, text)
