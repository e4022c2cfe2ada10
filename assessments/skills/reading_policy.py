"""How a person's words are read: one edition of word lists, figures and kinds of jobs, checked whole."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError, field_validator

from assessments.editions import SafeLoader
from assessments.skills.languages import FoldedWords, LanguageWords
from assessments.values import Text, Value

Level = Annotated[int, Field(ge=0, le=5)]


class PracticeStep(Value):
    """From this many months on, this level."""

    months: int
    level: Level


class JobKind(Value):
    """A kind of job: the words that tell it, and the levels it nearly always gives."""

    key: str
    label: Text
    signs: tuple[str, ...]
    shown_by: tuple[str, ...] = ()
    implies: Mapping[str, Level]


class Refusal(Value):
    """Something people say no to: its words, and the skills and channels it stands for."""

    key: str
    words: FoldedWords
    skills: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class WishWords(Value):
    """How a refusal is worded."""

    markers: FoldedWords
    refusals: tuple[Refusal, ...]
    onsite_words: FoldedWords
    descriptive: FoldedWords
    only_markers: FoldedWords
    only: tuple[Refusal, ...]
    preferring: FoldedWords = ()
    not_preferring: FoldedWords = ()


class EquipmentWords(Value):
    """Words for the things of a home post."""

    computer: FoldedWords
    not_computer: FoldedWords
    headset: FoldedWords
    rescue_line: FoldedWords


class ConditionWords(Value):
    """Words by which a client makes past practice a condition, and the level then wanted."""

    markers: FoldedWords
    level: Level


class ReadingPolicy(Value):
    """An edition of how words are read; every figure and every word list is data."""

    edition: str
    valid_from: date
    source: str
    confidence: str
    practice: tuple[PracticeStep, ...]
    weak_level: Level
    hint_level: Level
    claim_level: Level
    claim_level_tool: Level
    claim_level_backed: Level
    tool_families: tuple[str, ...]
    context_families: tuple[str, ...]
    sector_families: tuple[str, ...] = ()
    head_families: tuple[str, ...] = ()
    channel_families: tuple[str, ...] = ()
    employer_level: Level
    softeners: FoldedWords
    negators: FoldedWords
    reference_signs: FoldedWords
    reference_level: Level
    kinds: tuple[JobKind, ...]
    languages: LanguageWords
    wishes: WishWords
    over_qualified: FoldedWords
    equipment: EquipmentWords
    conditions: ConditionWords

    @field_validator("edition", mode="before")
    @classmethod
    def _edition_as_text(cls, value: object) -> object:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def practised(self, months: int) -> int:
        """The level that so many months of regular practice show."""
        return max((step.level for step in self.practice if months >= step.months), default=0)


class ReadingPolicyError(ValueError):
    """The text is no reading policy; the message says where."""


def read_policy(text: str) -> ReadingPolicy:
    """One edition from its YAML text, checked whole; raises ReadingPolicyError with every problem at once."""
    try:
        data: Any = yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe one)
        return ReadingPolicy.model_validate(data)
    except (yaml.YAMLError, ValidationError) as error:
        raise ReadingPolicyError(str(error)) from error
