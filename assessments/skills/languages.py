"""The CEFR level of a person in each language, from codes or from the words used, never from an origin."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator

from assessments.profiles import AskedLanguage, CandidateProfile, Cefr, SpokenLanguage
from assessments.skills.phrases import fold
from assessments.values import Value

CEFR: tuple[Cefr, ...] = ("A1", "A2", "B1", "B2", "C1", "C2")
_CODE = re.compile(r"\b([abc][12])\b")
_FIGURE = re.compile(r"\b(\d{2,3})\b")


class LanguageFit(Value):
    """One language a programme asks for, and the level that the person's file shows of it (None: none stated)."""

    code: str
    asked: Cefr
    shown: Cefr | None
    is_must: bool

    @property
    def short(self) -> int:
        """Levels lacking, 0 when it is met."""
        return max(0, rank(self.asked) - rank(self.shown))


def fit_of(asked: AskedLanguage, levels: Mapping[str, Cefr]) -> LanguageFit:
    """What a person's levels are for one language asked; `pt-BR` is answered by `pt`."""
    shown = levels.get(asked.code.split("-")[0])
    return LanguageFit(code=asked.code, asked=asked.cefr_min, shown=shown, is_must=asked.must)


def _folded(words: object) -> object:
    return tuple(fold(str(word)) for word in words) if isinstance(words, list) else words


FoldedWords: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_folded)]


class LevelWords(Value):
    """Words that say one level."""

    level: Cefr
    words: FoldedWords


class ScoreStep(Value):
    """From this score on, this level."""

    score: int
    level: Cefr


class LanguageTest(Value):
    """A language test by name; its steps run from the highest score down."""

    name: str
    steps: tuple[ScoreStep, ...]


class LanguageWords(Value):
    """How languages and levels are named in free text."""

    names: Mapping[str, FoldedWords]
    words: tuple[LevelWords, ...]
    unstated: Cefr
    tests: tuple[LanguageTest, ...]


def rank(level: str | None) -> int:
    """Place on the CEFR scale, 0 for none.

    >>> rank("B1"), rank(None)
    (3, 0)
    """
    return CEFR.index(level) + 1 if level in CEFR else 0


def levels_of(person: CandidateProfile, words: LanguageWords) -> dict[str, Cefr]:
    """Best level of each language; a language with a code and a level is taken as stated, words fill the rest.

    Words without a language (« courant ») count for the languages that the headline or a skill line names.
    """
    stated: dict[str, Cefr] = {}
    read: dict[str, Cefr] = {}
    nameless: list[Cefr] = []
    for spoken in person.languages:
        if spoken.code and spoken.cefr:
            _raise(stated, spoken.code.split("-")[0], spoken.cefr)
        else:
            _read_entry(spoken, words, read, nameless)
    lines = [found for line in (person.headline, *person.skills) for found in _in_line(line, words)]
    for code, level in lines:
        _raise(read, code, level or words.unstated)
        for other in nameless:
            _raise(read, code, other)
    if nameless and not lines:
        # The person writes in one language and says « fluent » of another: the file's usual second one.
        _raise(read, "en" if person.locale == "fr" else "fr", max(nameless, key=rank))
    return read | stated


def _read_entry(
    spoken: SpokenLanguage, words: LanguageWords, read: dict[str, Cefr], nameless: list[Cefr]
) -> None:
    found = _in_line(spoken.text or "", words)
    stated = spoken.cefr or level_in(spoken.text or "", words)
    if spoken.code:
        _raise(read, spoken.code.split("-")[0], stated or words.unstated)
    elif found:
        for code, level in found:
            _raise(read, code, level or stated or words.unstated)
    elif stated:
        nameless.append(stated)


def _raise(levels: dict[str, Cefr], code: str, level: Cefr) -> None:
    if rank(level) > rank(levels.get(code)):
        levels[code] = level


def _in_line(line: str, words: LanguageWords) -> list[tuple[str, Cefr | None]]:
    """Languages named in a line, each with the level that stands in its own part of the line, else the line's."""
    text = fold(line)
    whole = level_in(text, words)
    found: list[tuple[str, Cefr | None]] = []
    for part in re.split(r"[,;/+|]| et | and ", text):
        for code, names in words.names.items():
            if _holds(part, names):
                found.append((code, level_in(part, words) or whole))
    return found


def level_in(text: str, words: LanguageWords) -> Cefr | None:
    """The level a text states: a CEFR code, a test score, or the first words of the list that it holds."""
    folded = fold(text)
    code = _CODE.search(folded)
    if code:
        return next(level for level in CEFR if level.casefold() == code.group(1))
    tested = _tested(folded, words.tests)
    if tested:
        return tested
    return next((entry.level for entry in words.words if _holds(folded, entry.words)), None)


def _tested(text: str, tests: Iterable[LanguageTest]) -> Cefr | None:
    for test in tests:
        if test.name in text:
            figures = [int(figure) for figure in _FIGURE.findall(text)]
            for step in test.steps:
                if figures and max(figures) >= step.score:
                    return step.level
    return None


def _holds(text: str, words: Iterable[str]) -> bool:
    # Nearly every word is absent from nearly every line, and `in` says so much sooner than an expression.
    return any(word in text and re.search(rf"\b{re.escape(word)}\b", text) for word in words)
