"""Every name of every skill, indexed to be found: as written, in another order, in other words, or by likeness."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from assessments.skills.concepts import OWN, Concept, digest
from assessments.skills.lexicon_policy import LexiconPolicy, stem_of
from assessments.skills.name_grams import Floats, GramIndex, Ints, Ragged, gram_index
from assessments.skills.skills import Taxonomy
from assessments.skills.slips import Slips, slips_of
from assessments.skills.spelling import plain
from assessments.skills.vocabulary import Vocabulary, enriched
from assessments.values import Text

Bools = NDArray[np.bool_]


FORM = 3
"""The form in which an index is packed; another number makes every kept index anew."""


def own_concepts(taxonomy: Taxonomy) -> tuple[Concept, ...]:
    """The shipped list as concepts: `own:` and the key, with the ESCO concept that each stands for.

    A skill that has none of its own (one tool by its name) stands for that of the skill it is a kind of.
    """
    by_key = {skill.key: skill for skill in taxonomy.skills}

    def official(key: str | None) -> str | None:
        # No rings here: a taxonomy is checked whole when it is read.
        return None if key is None else by_key[key].esco or official(by_key[key].broader)

    return tuple(
        Concept(
            uri=f"{OWN}:{skill.key}",
            scheme=OWN,
            notation=skill.key,
            label_fr=skill.label.fr,
            label_en=skill.label.en,
            aliases_fr=skill.aliases,
            broader=(f"{OWN}:{skill.broader}",) if skill.broader else (),
            same_as=official(skill.key),
            kind=skill.family,
        )
        for skill in taxonomy.skills
    )


class Words:
    """Names into comparable words, by one policy; remembers what it has seen."""

    def __init__(self, policy: LexiconPolicy) -> None:
        self.policy = policy
        self.sense = lru_cache(maxsize=1 << 16)(self._sense)

    def content(self, words: Sequence[str]) -> list[str]:
        """Without small words; all of them when there are no others."""
        small = self.policy.small_words
        return [word for word in words if word not in small] or list(words)

    def key(self, words: Sequence[str]) -> str:
        """The words that carry the name, in a fixed order."""
        return " ".join(sorted(self.content(words)))

    def senses(self, words: Sequence[str]) -> list[str]:
        """What the words mean, once each, in a fixed order: « handling complaints » and « réclamations » meet here."""
        return sorted({sense for word in self.content(words) for sense in self.sense(word)})

    def is_aside(self, word: str) -> bool:
        """Whether the word speaks of circumstances, not of skills."""
        return any(sense in self.policy.aside_senses for sense in self.sense(word))

    def _sense(self, word: str) -> tuple[str, ...]:
        written_out = self.policy.abbreviations.get(word)
        words = plain(written_out).split() if written_out else (word,)
        known = self.policy.sense_of_stem
        return tuple(known.get(part, part) for part in map(stem_of, words))


@dataclass(frozen=True)
class Names:
    """Names of one form, numbered, and the concepts that each names: own ones first, labels before aliases."""

    numbers: Mapping[str, int]
    owners: Ragged

    def of(self, name: str) -> list[int]:
        at = self.numbers.get(name)
        return [] if at is None else self.owners.row(at).tolist()


@dataclass(frozen=True)
class SenseIndex:
    """Which of the sense names hold each sense; `weights` is how much a sense tells, `totals` each name's sum."""

    numbers: Mapping[str, int]
    names_of: Ragged
    weights: Floats
    totals: Floats
    unknown: float

    def nearest(self, senses: Sequence[str], factors: Sequence[float], most: int) -> list[tuple[int, float]]:
        """Sense names and the weight they share with these senses over the mean of both weights, best first.

        `factors` says of each sense asked for how much more it counts when a name does not have it.
        """
        asked, shared = 0.0, np.zeros(len(self.totals), np.float32)
        for sense, factor in zip(senses, factors, strict=True):
            number = self.numbers.get(sense)
            asked += factor * (self.unknown if number is None else float(self.weights[number]))
            if number is not None:
                shared[self.names_of.row(number)] += self.weights[number]
        if not shared.any():
            return []
        near = np.flatnonzero(shared >= 0.5 * float(shared.max()))
        score = 2 * shared[near] / (asked + self.totals[near])
        if len(near) > most:
            best = np.argpartition(-score, most - 1)[:most]
            near, score = near[best], score[best]
        order = np.lexsort((near, -score))
        return list(zip(near[order].tolist(), score[order].tolist(), strict=True))


@dataclass(frozen=True)
class Lexicon:
    """The concepts in columns and their names in four indexes; `digest` says of which concepts and policy."""

    digest: str
    uris: Sequence[str]
    schemes: Sequence[str]
    notations: Sequence[str]
    labels_fr: Sequence[str]
    labels_en: Sequence[str]
    stands_for: Ints
    """The concept that each stands for: its own number, or that of the one in another scheme."""
    means: Sequence[str]
    """The uri of what each stands for, also when that list was not brought in."""
    is_trade: Bools
    """Whether each is of the own list, stood for by one of it, or named by the trade's vocabulary."""
    exact: Names
    keys: Names
    senses: Names
    grams: GramIndex
    sense_index: SenseIndex
    slips: Slips

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        return {uri: at for at, uri in enumerate(self.uris)}

    @cached_property
    def key_texts(self) -> Sequence[str]:
        return list(self.keys.numbers)

    def label(self, number: int) -> Text:
        french, english = self.labels_fr[number], self.labels_en[number]
        return Text(fr=french or english, en=english or french)


def digest_of(concepts: Iterable[Concept], policy: LexiconPolicy, vocabulary: Vocabulary) -> str:
    """What an index is kept by: it changes with any name, and with the editions of policy and vocabulary."""
    return f"{digest(concepts)}-{policy.edition}-{vocabulary.edition}-{FORM}"


def build(concepts: Iterable[Concept], policy: LexiconPolicy, vocabulary: Vocabulary) -> Lexicon:
    """The index of any number of concepts, of one or several schemes; of a uri that comes twice the first counts.

    Wherever names meet, own concepts come before those the trade speaks of, and these before all others. Some seconds
    for 14,000 concepts with eight names each.
    """
    given = tuple({one.uri: one for one in reversed(tuple(concepts))}.values())
    named = {one.uri: one for one in enriched(given, vocabulary)}
    trade = {one.same_as for one in given if one.same_as} | {
        one.uri for one in given if named[one.uri] != one
    }
    trade |= {one.uri for one in given if one.scheme == OWN}
    ordered = sorted(
        named.values(), key=lambda one: (one.scheme != OWN, one.uri not in trade, one.scheme, one.uri)
    )
    words = Words(policy)
    exact, keys, senses = _named(ordered, words)
    key_words = [key.split(" ") for key in keys.numbers]
    common = Counter(word for name in key_words for word in name)
    numbers = {one.uri: at for at, one in enumerate(ordered)}
    return Lexicon(
        digest=digest_of(given, policy, vocabulary),
        uris=[one.uri for one in ordered],
        schemes=[one.scheme for one in ordered],
        # One line each: packing parts texts by line breaks.
        notations=[" ".join(one.notation.split()) for one in ordered],
        labels_fr=[" ".join(one.label_fr.split()) for one in ordered],
        labels_en=[" ".join(one.label_en.split()) for one in ordered],
        stands_for=np.array([numbers.get(one.same_as or "", at) for at, one in enumerate(ordered)], np.int32),
        means=[one.same_as or one.uri for one in ordered],
        is_trade=np.array([one.uri in trade for one in ordered], np.bool_),
        exact=exact,
        keys=keys,
        senses=senses,
        grams=gram_index(key_words, {word: at for at, word in enumerate(common)}),
        sense_index=_sense_index(list(senses.numbers), policy),
        slips=slips_of(common),
    )


def _named(ordered: Sequence[Concept], words: Words) -> tuple[Names, Names, Names]:
    """Names as written, as keys and as senses; labels go first, so that they stand before others' aliases."""
    exact: dict[str, list[int]] = defaultdict(list)
    keys: dict[str, list[int]] = defaultdict(list)
    senses: dict[str, list[int]] = defaultdict(list)
    for is_label in (True, False):
        for at, one in enumerate(ordered):
            labels = {one.label_fr, one.label_en}
            for name in one.names:
                spelled = plain(name) if (name in labels) is is_label else ""
                if spelled:
                    parts = spelled.split(" ")
                    for table, form in (
                        (exact, spelled), (keys, words.key(parts)), (senses, " ".join(words.senses(parts))),
                    ):  # fmt: skip
                        owners = table[form]
                        if at not in owners:
                            owners.append(at)
    return _names(exact), _names(keys), _names(senses)


def _names(table: Mapping[str, list[int]]) -> Names:
    return Names({name: at for at, name in enumerate(table)}, Ragged.of(list(table.values())))


def _sense_index(names: Sequence[str], policy: LexiconPolicy) -> SenseIndex:
    holders: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        for sense in name.split(" "):
            holders[sense].append(at)
    light = policy.light_senses
    weights = np.array(
        [
            np.log((1 + len(names)) / (1 + len(found)))
            * (policy.likeness.light_weight if sense in light else 1)
            for sense, found in holders.items()
        ],
        np.float32,
    )
    totals = np.zeros(len(names), np.float32)
    for weight, found in zip(weights.tolist(), holders.values(), strict=True):
        totals[found] += np.float32(weight)
    return SenseIndex(
        {sense: at for at, sense in enumerate(holders)},
        Ragged.of(list(holders.values())),
        weights,
        totals,
        unknown=policy.likeness.unknown_weight * float(np.log(1 + len(names))),
    )
