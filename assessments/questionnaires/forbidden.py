"""The lint: questions that touch a ground of article L1132-1, why, what to ask instead, who answers for an override."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from pydantic import Field

from assessments.editions import Edition, EditionError, Fault, content_of, read_as
from assessments.questionnaires.instruments import Instrument, Override
from assessments.skills.phrases import fold
from assessments.values import Locale, Text, Value, Words


class Ground(StrEnum):
    """The grounds of article L1132-1, in the order of its text."""

    ORIGIN = "origin"
    SEX = "sex"
    MORES = "mores"
    SEXUAL_ORIENTATION = "sexual_orientation"
    GENDER_IDENTITY = "gender_identity"
    AGE = "age"
    FAMILY_SITUATION = "family_situation"
    PREGNANCY = "pregnancy"
    GENETIC_FEATURES = "genetic_features"
    ECONOMIC_VULNERABILITY = "economic_vulnerability"
    ETHNICITY = "ethnicity"
    POLITICAL_OPINIONS = "political_opinions"
    UNION_ACTIVITIES = "union_activities"
    ELECTIVE_MANDATE = "elective_mandate"
    RELIGION = "religion"
    PHYSICAL_APPEARANCE = "physical_appearance"
    SURNAME = "surname"
    RESIDENCE = "residence"
    BANK_DOMICILIATION = "bank_domiciliation"
    HEALTH = "health"
    LOSS_OF_AUTONOMY = "loss_of_autonomy"
    DISABILITY = "disability"
    OTHER_LANGUAGE = "other_language"
    WHISTLEBLOWER = "whistleblower"


Patterns: TypeAlias = tuple[Words, ...]


class Criterion(Value):
    """One ground: the words that give it away in each language, why it is forbidden, and what to ask instead."""

    ground: Ground
    label: Text
    reason: Text
    ask_instead: Text
    fr: Patterns = Field(min_length=1)
    en: Patterns = Field(min_length=1)


class Allowed(Value):
    """A phrase that only looks like a ground."""

    phrase: Words
    because: Words


class AllowedPhrases(Value):
    """Phrases taken out of a question before it is searched, by language."""

    fr: tuple[Allowed, ...] = Field(min_length=1)
    en: tuple[Allowed, ...] = Field(min_length=1)


class Question(Value):
    """One text that people are asked. `item` is the id nearest to it, for overrides; no locale: either language."""

    path: str
    item: str
    locale: Locale | None
    text: str


class Finding(Value):
    """One question that touches one ground. `found` is as written; an override makes it answered for, not unseen."""

    path: str
    item: str
    locale: Locale
    ground: Ground
    found: str
    text: str
    label: Text
    reason: Text
    ask_instead: Text
    override: Override | None = None


_GAP = 5
_SENTENCE = r"[.;:!?\n]"
_INCLUSIVE = (
    r"(?:\((?:e|ne|le|ve|se|trice|euse|ière)s?\)|[·•.](?:e|ne|le|ve|se|trice|euse|ière)s?(?:[·•.]s)?\b)"
)
_TOKEN = re.compile(rf"([^\W_]+){_INCLUSIVE}?|({_SENTENCE})")
_PART = re.compile(r"=?[^\W_]+\*?|%")


@dataclass(frozen=True)
class _Sought:
    """A text made ready to search: folded words, a full stop between sentences, and where each stood."""

    text: str
    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    written: str

    def as_written(self, start: int, end: int) -> str:
        """The stretch of the original that a stretch of the folded words came from."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, max(start, end - 1)) - 1
        return self.written[self.places[first][0] : self.places[last][1]]


def _sought(written: str) -> _Sought:
    """A folded word that had accents ends in `'`; where the whole text has none, every word ends in `~`."""
    words, starts, places, at = [], [], [], 1
    plain = "~" if fold(written) == written.casefold() else ""
    for token in _TOKEN.finditer(written):
        word = "." if token[1] is None else _marked(token[1], plain)
        words.append(word)
        starts.append(at)
        places.append(token.span())
        at += len(word) + 1
    return _Sought(f" {' '.join(words)} ", tuple(starts), tuple(places), written)


def _marked(word: str, plain: str) -> str:
    folded = fold(word)
    return f"{folded}'" if folded != word.casefold() else f"{folded}{plain}"


def compiled(*patterns: str) -> re.Pattern[str]:
    """Patterns of the data as one search over folded words; ValueError where one is none.

    >>> bool(compiled("quel âge ... avez").search(" quel age est ce que vous avez "))
    True
    >>> bool(compiled("nom de|d jeune? fille").search(" nom de fille "))
    True
    """
    return re.compile(f"(?<= )(?:{'|'.join(_translated(pattern) for pattern in patterns)})")


def _translated(pattern: str) -> str:
    parts = [_part(part) for part in pattern.split()]
    if all(part.endswith(("?", "}")) for part in parts):
        raise ValueError("needs at least one word that must be there")
    return "".join(parts)


def _part(part: str) -> str:
    if part == "...":
        return rf"(?:(?!\.)\S+ ){{0,{_GAP}}}"
    choices = "|".join(_choice(choice) for choice in part.removesuffix("?").split("|"))
    return f"(?:(?:{choices}) ){'?' if part.endswith('?') else ''}"


def _choice(word: str) -> str:
    if not _PART.fullmatch(word):
        raise ValueError(f"{word!r} is no word, no word*, no =word and no %")
    if word == "%":
        return r"\d+~?"
    stem = re.escape(fold(word.strip("=*"))) + (r"\w*" if word.endswith("*") else "")
    return stem + ("['~]" if word.startswith("=") else "['~]?")


class Criteria(Edition):
    """One edition of the forbidden criteria."""

    grounds: tuple[Criterion, ...]
    allowed: AllowedPhrases

    @cached_property
    def _patterns(self) -> Mapping[Locale, tuple[tuple[Ground, re.Pattern[str]], ...]]:
        return {
            "fr": tuple((one.ground, compiled(*one.fr)) for one in self.grounds),
            "en": tuple((one.ground, compiled(*one.en)) for one in self.grounds),
        }

    @cached_property
    def _allowed(self) -> Mapping[Locale, re.Pattern[str]]:
        return {
            "fr": compiled(*(one.phrase for one in self.allowed.fr)),
            "en": compiled(*(one.phrase for one in self.allowed.en)),
        }

    def of(self, ground: Ground) -> Criterion:
        return next(one for one in self.grounds if one.ground is ground)

    def grounds_in(self, text: str, locale: Locale) -> dict[Ground, str]:
        """The grounds that a text touches, each with the words that give it away, in the order of the law."""
        sought = _sought(text)
        searched = self._allowed[locale].sub(lambda found: re.sub(r"\S", "_", found[0]), sought.text)
        return {
            ground: sought.as_written(found.start(), found.end() - 1)
            for ground, pattern in self._patterns[locale]
            if (found := pattern.search(searched))
        }


def read(text: str) -> Criteria:
    """One edition from YAML; EditionError with every fault: a pattern nobody can read, a ground twice or never."""
    criteria = read_as(Criteria, text)
    if faults := [Fault(path=path, message=message) for path, message in _faults(criteria)]:
        raise EditionError(faults)
    return criteria


def _faults(criteria: Criteria) -> Iterator[tuple[str, str]]:
    given = [one.ground for one in criteria.grounds]
    for ground in Ground:
        if given.count(ground) != 1:
            yield "grounds", f"{ground.value!r} comes {given.count(ground)} times"
    for one in criteria.grounds:
        yield from _bad_patterns(one.fr, f"{one.ground.value}.fr")
        yield from _bad_patterns(one.en, f"{one.ground.value}.en")
    yield from _bad_patterns([one.phrase for one in criteria.allowed.fr], "allowed.fr")
    yield from _bad_patterns([one.phrase for one in criteria.allowed.en], "allowed.en")


def _bad_patterns(patterns: Sequence[str], path: str) -> Iterator[tuple[str, str]]:
    for index, pattern in enumerate(patterns):
        try:
            _translated(pattern)
        except ValueError as error:
            yield f"{path}[{index}]", f"{pattern!r}: {error}"


def lint(
    questions: Iterable[Question], criteria: Criteria, overrides: Sequence[Override] = ()
) -> tuple[Finding, ...]:
    """Every ground that every question touches. A text without a language is searched in both, each ground once."""
    by_place = {(one.item, one.ground): one for one in overrides}
    return tuple(
        Finding(
            path=question.path,
            item=question.item,
            locale=locale,
            ground=ground,
            found=found,
            text=question.text,
            label=(criterion := criteria.of(ground)).label,
            reason=criterion.reason,
            ask_instead=criterion.ask_instead,
            override=by_place.get((question.item, ground.value)),
        )
        for question in questions
        for ground, (locale, found) in _touched(question, criteria).items()
    )


def _touched(question: Question, criteria: Criteria) -> dict[Ground, tuple[Locale, str]]:
    locales: tuple[Locale, ...] = (question.locale,) if question.locale else ("en", "fr")
    return {
        ground: (locale, found)
        for locale in locales
        for ground, found in criteria.grounds_in(question.text, locale).items()
    }


def faults_of(instrument: Instrument, criteria: Criteria) -> tuple[Fault, ...]:
    """What keeps a questionnaire from being used: each ground touched without an override, each override of nothing."""
    findings = lint(questions_of(instrument), criteria, instrument.overrides)
    used = {(one.item, one.ground.value) for one in findings}
    touched = tuple(map(_as_fault, (one for one in findings if one.override is None)))
    idle = tuple(
        Fault(path=f"overrides[{index}]", message=f"overrides nothing: {one.item!r}, {one.ground!r}")
        for index, one in enumerate(instrument.overrides)
        if (one.item, one.ground) not in used
    )
    return touched + idle


def faults_of_guide(text: str, criteria: Criteria) -> tuple[Fault, ...]:
    """What keeps the questions of an interview guide from being asked; a guide carries no override."""
    return tuple(map(_as_fault, lint(read_questions(text).questions, criteria)))


def _as_fault(one: Finding) -> Fault:
    return Fault(
        path=one.path,
        message=f"touches “{one.label.en}” (L1132-1): “{one.found}”. {one.reason.en} {one.ask_instead.en}",
    )


ASKED = frozenset({"title", "intro", "prompt", "help", "situation", "label"})
"""Of a questionnaire's pages, what a person is asked; why an answer earns what it earns is not asked."""

NOT_ASKED = frozenset(
    {
        "source", "confidence", "edition", "valid_from", "slug", "id", "why", "because", "reason", "notice",
        "purpose", "ask_instead", "approved_by", "overrides", "kind", "scale", "never",
    }
)  # fmt: skip
"""Of any other file, what is said about its questions rather than asked."""


def questions_of(instrument: Instrument) -> tuple[Question, ...]:
    """Everything a questionnaire asks, in both languages."""
    return tuple(_walk(instrument.model_dump(mode="json")["pages"], "pages", "", asked=ASKED))


class OtherFile(Value):
    """The questions of any YAML file, and the overrides it carries."""

    questions: tuple[Question, ...]
    overrides: tuple[Override, ...] = ()


def read_questions(text: str) -> OtherFile:
    """The questions of a questionnaire, an interview guide or any list of texts, even one that is not sound otherwise.

    Raises EditionError for what is no YAML, or for overrides that are not argued.
    """
    content = content_of(text)
    pages = content.get("pages") if isinstance(content, dict) else None
    overrides = content.get("overrides") or () if isinstance(content, dict) else ()
    found = (
        _walk(pages, "pages", "", asked=ASKED) if pages is not None else _walk(content, "", "", asked=None)
    )
    try:
        return OtherFile(
            questions=tuple(found), overrides=tuple(Override.model_validate(one) for one in overrides)
        )
    except (ValueError, TypeError) as error:
        raise EditionError([Fault(path="overrides", message=str(error))]) from error


def _walk(value: Any, path: str, item: str, *, asked: frozenset[str] | None) -> Iterator[Question]:
    """Each text with its path. `asked` names the fields that count; None lets all but NOT_ASKED through."""
    if isinstance(value, str):
        yield Question(path=path, item=item, locale=None, text=value)
    elif isinstance(value, dict):
        name = str(value.get("id", item))
        for key, inner in value.items():
            here = f"{path}.{key}" if path else str(key)
            if key in ("fr", "en") and isinstance(inner, str):
                yield Question(path=here, item=name, locale=key, text=inner)
            elif _counts(str(key), inner, asked):
                yield from _walk(inner, here, name, asked=asked)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{index}]", item, asked=asked)


def _counts(key: str, inner: Any, asked: frozenset[str] | None) -> bool:
    """Whether the texts under this field are asked; lists of a questionnaire (items, options) are walked through."""
    if asked is None:
        return key not in NOT_ASKED
    return key in asked or (key in ("items", "options") and isinstance(inner, list))
