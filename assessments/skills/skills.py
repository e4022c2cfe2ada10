"""Free text into known skills: a taxonomy checked whole, and a resolver that says when nothing fits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Self

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assessments.editions import SafeLoader
from assessments.skills.phrases import Clause, Hit, PhraseIndex, Vocabulary, clauses, fold, stem
from assessments.values import Text, Value

Gain = Annotated[int, Field(ge=0, le=3)]
Level = Annotated[int, Field(ge=0, le=5)]

SURE = 1.0
_FOLDED = 0.97
_PHRASE = 0.9
_FUZZY_ACCEPTED = 84.0
_LOOKALIKES = 12
_LONG = 9


class Skill(Value):
    """One skill, and the words that show it: `aliases` itself, `weak` level 2 at most, `hints` level 1."""

    key: str = Field(pattern=r"^[a-z0-9_]{2,60}$")
    family: str
    gain: Gain
    label: Text
    scheme: str = "own"
    broader: str | None = None
    esco: str | None = Field(default=None, pattern=r"^http://data\.europa\.eu/esco/skill/[0-9a-f-]{36}$")
    rome: str | None = Field(default=None, pattern=r"^[A-Z]\d{4}$")
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    near: Mapping[str, Level] = Field(default_factory=dict)
    training: Text | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Labels and aliases: all that names this skill and no other."""
        return (self.label.fr, self.label.en, *self.aliases)


class Taxonomy(Value):
    """An edition of the skills, their false friends, and the abbreviations people type."""

    edition: str
    valid_from: date
    source: str
    confidence: str
    ignored: frozenset[str]
    abbreviations: Mapping[str, tuple[str, ...]]
    false_friends: tuple[str, ...]
    families: Mapping[str, Text] = Field(default_factory=dict)
    skills: tuple[Skill, ...]

    @field_validator("edition", mode="before")
    @classmethod
    def _edition_as_text(cls, value: object) -> object:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    @field_validator("abbreviations", mode="before")
    @classmethod
    def _split_expansions(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {
            short: tuple(full.split()) if isinstance(full, str) else full for short, full in value.items()
        }

    @model_validator(mode="after")
    def _checked_whole(self) -> Self:
        keys = {skill.key for skill in self.skills}
        if len(keys) != len(self.skills):
            raise ValueError("two skills share a key")
        for skill in self.skills:
            for other in (*skill.near, *((skill.broader,) if skill.broader else ())):
                if other not in keys:
                    raise ValueError(f"{skill.key} names {other}, which is no skill here")
        self._refuse_shared_labels()
        self._refuse_cycles()
        if self.families and (unnamed := {one.family for one in self.skills} - set(self.families)):
            raise ValueError(f"families without a name: {', '.join(sorted(unnamed))}")
        return self

    def _refuse_shared_labels(self) -> None:
        seen: dict[str, str] = {}
        for skill in self.skills:
            for label in {fold(skill.label.fr), fold(skill.label.en)}:
                if label in seen:
                    raise ValueError(f"{skill.key} and {seen[label]} share the label {label!r}")
                seen[label] = skill.key

    def _refuse_cycles(self) -> None:
        broader = {skill.key: skill.broader for skill in self.skills}
        for key in broader:
            seen, here = {key}, broader[key]
            while here is not None:
                if here in seen:
                    raise ValueError(f"{key} is broader than itself")
                seen.add(here)
                here = broader[here]


class TaxonomyError(ValueError):
    """The text is no taxonomy; the message says where."""


def read(text: str) -> Taxonomy:
    """One edition from its YAML text, checked whole; raises TaxonomyError with every problem at once."""
    try:
        data: Any = yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe one)
        return Taxonomy.model_validate(data)
    except (yaml.YAMLError, ValidationError) as error:
        raise TaxonomyError(str(error)) from error


class Strength(StrEnum):
    """How much a phrase shows of its skill; `means` names but a channel in a wish; `blocked` is a false friend."""

    SHOWN = "shown"
    MEANS = "means"
    WEAK = "weak"
    HINT = "hint"
    BLOCKED = "blocked"


class Meaning(Value):
    """What one phrase of the taxonomy stands for."""

    skill: str | None
    strength: Strength


class Tier(StrEnum):
    """How a phrase was resolved, from the surest down."""

    EXACT = "exact"
    FOLDED = "folded"
    PHRASE = "phrase"
    FUZZY = "fuzzy"
    NONE = "none"


class Alternative(Value):
    """A skill that the phrase may also mean."""

    skill: str
    label: Text
    confidence: Annotated[float, Field(ge=0, le=1)]


class Resolution(Value):
    """What a phrase was taken to mean; `skill` is None when nothing fits or two fit as well."""

    phrase: str
    skill: str | None
    label: Text | None
    uri: str | None
    confidence: Annotated[float, Field(ge=0, le=1)]
    tier: Tier
    is_ambiguous: bool
    alternatives: tuple[Alternative, ...]
    also: tuple[str, ...] = ()


class Resolver:
    """The taxonomy indexed once; resolving is then a dictionary look-up, a phrase search, or a fuzzy search."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.skills: dict[str, Skill] = {skill.key: skill for skill in taxonomy.skills}
        self.vocabulary = Vocabulary(taxonomy.ignored, dict(taxonomy.abbreviations))
        self.index: PhraseIndex[Meaning] = PhraseIndex(_phrases(taxonomy), self.vocabulary)
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._sorted: dict[str, list[str]] = defaultdict(list)
        for skill in taxonomy.skills:
            for name in skill.names:
                _remember(self._exact, fold(name), skill.key)
                _remember(self._sorted, self._key(name), skill.key)
        self._names = list(self._sorted)
        self._long_stems: dict[tuple[str, int], list[str]] = defaultdict(list)
        for part in sorted(part for part in self.index.stems if len(part) >= 5):
            self._long_stems[part[0], len(part)].append(part)
        self._repaired = lru_cache(maxsize=65536)(self._nearest_stem)
        self._clauses_lately = lru_cache(maxsize=1024)(self._clauses_of)

    def clauses(self, text: str) -> tuple[Clause, ...]:
        """The clauses of a text, each unknown word replaced by the known one it is a slip or a start of."""
        return self._clauses_lately(text)

    def _clauses_of(self, text: str) -> tuple[Clause, ...]:
        return tuple(self._mended(clause) for clause in clauses(text, self.vocabulary))

    def find(self, clause: Clause) -> list[Hit[Meaning]]:
        """What a clause shows: false friends blank out what they cover, longer phrases the vaguer ones."""
        return _settled(self.index.find(clause))

    def resolve(self, phrase: str, locale: str | None = None) -> Resolution:
        """One phrase as a known skill; `locale` only breaks ties between labels, both languages are read.

        A phrase longer than 300 characters is read by its first 300.
        """
        text = phrase[:300]
        for tier, keys in ((Tier.EXACT, self._exact.get(fold(text.strip()), ())),
                           (Tier.FOLDED, self._sorted.get(self._key(text), ()))):  # fmt: skip
            if keys:
                sure = SURE if tier is Tier.EXACT else _FOLDED
                return self._answer(phrase, [(key, sure) for key in keys], tier)
        ranked = self.by_phrases(text)
        if ranked:
            return self._answer(phrase, ranked, Tier.PHRASE)
        return self._answer(phrase, self._by_likeness(text), Tier.FUZZY)

    def by_phrases(self, text: str) -> list[tuple[str, float]]:
        """Skills shown by phrases inside the text, the one that covers most of its words first."""
        best: dict[str, float] = {}
        for clause in self.clauses(text):
            for hit in self.find(clause):
                if hit.meaning.skill is None or hit.meaning.strength is Strength.HINT:
                    continue
                cover = hit.length / max(len(clause.stems), 1)
                weight = _PHRASE if hit.meaning.strength is Strength.SHOWN else 0.7
                value = weight * (0.6 + 0.4 * min(1.0, cover))
                best[hit.meaning.skill] = max(best.get(hit.meaning.skill, 0.0), value)
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))

    def _by_likeness(self, text: str) -> list[tuple[str, float]]:
        key = self._key(text)
        if len(key) < 4 or self.is_false_friend(text):
            return []
        found = process.extract(key, self._names, scorer=fuzz.ratio, limit=_LOOKALIKES, score_cutoff=70)
        best: dict[str, float] = {}
        for name, likeness, _ in found:
            # Token-sorted ratio and token overlap together: either alone accepts words that merely look alike.
            score = 0.5 * likeness + 0.5 * fuzz.token_sort_ratio(key, name)
            if score >= _FUZZY_ACCEPTED:
                for skill in self._sorted[name]:
                    best[skill] = max(best.get(skill, 0.0), 0.85 * score / 100)
        return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))

    def is_false_friend(self, text: str) -> bool:
        """Whether the text says a skill's word in another sense, as « recouvrement de toiture » does."""
        return any(
            hit.meaning.strength is Strength.BLOCKED
            for clause in self.clauses(text)
            for hit in self.index.find(clause)
        )

    def _answer(self, phrase: str, ranked: Sequence[tuple[str, float]], tier: Tier) -> Resolution:
        if not ranked:
            return Resolution(
                phrase=phrase[:300], skill=None, label=None, uri=None, confidence=0.0, tier=Tier.NONE,
                is_ambiguous=False, alternatives=(),
            )  # fmt: skip
        # Of a broad skill and one of its own kinds, equally sure, the broad one is the answer, not a tie.
        names = {key for key, value in ranked if value == ranked[0][1]}
        ranked = sorted(ranked, key=lambda pair: (-pair[1], self.skills[pair[0]].broader in names))
        (key, confidence), *rest = ranked
        tied = tuple(
            other for other, value in rest if value == confidence and self.skills[other].broader not in names
        )
        skill = self.skills[key]
        return Resolution(
            phrase=phrase[:300],
            skill=key,
            label=skill.label,
            uri=skill.esco,
            confidence=round(confidence * (0.8 if tied else 1.0), 4),
            tier=tier,
            is_ambiguous=bool(tied),
            alternatives=tuple(
                Alternative(skill=other, label=self.skills[other].label, confidence=round(value, 4))
                for other, value in rest[:5]
            ),
            also=tied,
        )

    def _key(self, text: str) -> str:
        return " ".join(sorted({part for clause in clauses(text, self.vocabulary) for part in clause.stems}))

    def _mended(self, clause: Clause) -> Clause:
        known = self.index.stems
        if all(part in known for part in clause.stems):
            return clause
        stems = tuple(
            part if part in known else self._repaired(word)
            for word, part in zip(clause.words, clause.stems, strict=True)
        )
        return Clause(clause.words, stems, clause.places, clause.text)

    def _nearest_stem(self, word: str) -> str:
        """The one known stem within a slip of the keyboard of this word; the word's own stem if none or two."""
        part = stem(word)
        if len(part) < 7:
            return part
        slips = 1 if len(part) < 10 else 2
        near = [
            known
            for length in range(len(part) - slips, len(part) + slips + 1)
            for known in self._long_stems.get((part[0], length), ())
            if OSA.distance(part, known, score_cutoff=slips) <= slips
            and _is_slip(part, known)
        ]  # fmt: skip
        return near[0] if len(near) == 1 else part


def _is_slip(word: str, known: str) -> bool:
    """Whether a short word can be a slip of the other: one letter for another makes too many real words meet."""
    return len(word) >= _LONG or len(word) != len(known) or sorted(word) == sorted(known)


def _remember(names: dict[str, list[str]], name: str, key: str) -> None:
    if name and key not in names[name]:
        names[name].append(key)


def _phrases(taxonomy: Taxonomy) -> Iterable[tuple[str, Meaning]]:
    for phrase in taxonomy.false_friends:
        yield phrase, Meaning(skill=None, strength=Strength.BLOCKED)
    for skill in taxonomy.skills:
        for strength, phrases in (
            (Strength.SHOWN, skill.names),
            (Strength.MEANS, skill.means),
            (Strength.WEAK, skill.weak),
            (Strength.HINT, skill.hints),
        ):
            for phrase in phrases:
                yield phrase, Meaning(skill=skill.key, strength=strength)


def _settled(hits: list[Hit[Meaning]]) -> list[Hit[Meaning]]:
    """Without what a false friend touches, nor vague single words that a longer phrase gives a sense to."""
    blocked = [hit.taken for hit in hits if hit.meaning.strength is Strength.BLOCKED]
    kept = [
        hit
        for hit in hits
        if hit.meaning.strength is not Strength.BLOCKED and not any(hit.taken & taken for taken in blocked)
    ]
    shown = [hit for hit in kept if hit.meaning.strength is Strength.SHOWN]
    return [
        hit
        for hit in kept
        if hit.meaning.strength in (Strength.SHOWN, Strength.MEANS)
        or not any(hit.taken < other.taken and hit.meaning.skill != other.meaning.skill for other in shown)
    ]
