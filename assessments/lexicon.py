"""Every name of every skill, indexed to be found: as written, in another order, in other words, or by likeness."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from assessments.concepts import OWN, Concept, digest
from assessments.lexicon_policy import LexiconPolicy
from assessments.name_grams import Floats, GramIndex, Ints, Ragged, gram_index
from assessments.phrases import stem
from assessments.skills import Taxonomy
from assessments.spelling import Slips, plain, slips_of
from assessments.values import Text


def own_concepts(taxonomy: Taxonomy) -> tuple[Concept, ...]:
    """The shipped list as concepts: `own:` and the key, with the ESCO concept that each stands for."""
    return tuple(
        Concept(
            uri=f"{OWN}:{skill.key}",
            scheme=OWN,
            notation=skill.key,
            label_fr=skill.label.fr,
            label_en=skill.label.en,
            aliases_fr=skill.aliases,
            broader=(f"{OWN}:{skill.broader}",) if skill.broader else (),
            same_as=skill.esco,
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

    def _sense(self, word: str) -> tuple[str, ...]:
        written_out = self.policy.abbreviations.get(word)
        words = plain(written_out).split() if written_out else (word,)
        known = self.policy.sense_of_stem
        return tuple(known.get(part, part) for part in map(stem, words))


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

    def nearest(self, senses: Sequence[str], most: int) -> list[tuple[int, float]]:
        """Sense names and the weight they share with these senses over the mean of both weights, best first."""
        known = [self.numbers[sense] for sense in senses if sense in self.numbers]
        if not known:
            return []
        weights = self.weights[known]
        asked = float(weights.sum()) + self.unknown * (len(senses) - len(known))
        shared = np.zeros(len(self.totals), np.float32)
        for number, weight in zip(known, weights.tolist(), strict=True):
            shared[self.names_of.row(number)] += np.float32(weight)
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


def digest_of(concepts: Iterable[Concept], policy: LexiconPolicy) -> str:
    """What an index is kept by: it changes with any name and with the policy's edition."""
    return f"{digest(concepts)}-{policy.edition}-1"


def build(concepts: Iterable[Concept], policy: LexiconPolicy) -> Lexicon:
    """The index of any number of concepts, of one or several schemes; of a uri that comes twice the first counts.

    Own concepts come before others wherever names meet. Some seconds for 14,000 concepts with eight names each.
    """
    once = {one.uri: one for one in reversed(tuple(concepts))}
    ordered = sorted(once.values(), key=lambda one: (one.scheme != OWN, one.scheme, one.uri))
    words = Words(policy)
    exact, keys, senses = _named(ordered, words)
    key_words = [key.split(" ") for key in keys.numbers]
    common = Counter(word for name in key_words for word in name)
    numbers = {uri: at for at, uri in enumerate(one.uri for one in ordered)}
    return Lexicon(
        digest=digest_of(ordered, policy),
        uris=[one.uri for one in ordered],
        schemes=[one.scheme for one in ordered],
        notations=[" ".join(one.notation.split()) for one in ordered],
        # One line each: packing parts texts by line breaks.
        labels_fr=[" ".join(one.label_fr.split()) for one in ordered],
        labels_en=[" ".join(one.label_en.split()) for one in ordered],
        stands_for=np.array([numbers.get(one.same_as or "", at) for at, one in enumerate(ordered)], np.int32),
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
