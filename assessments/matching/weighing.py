"""How people and programmes are weighed: one edition of thresholds, bands and sentences, checked whole."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError, field_validator

from assessments.editions import SafeLoader
from assessments.matching.availability import HoursPolicy
from assessments.matching.remedies import HomePolicy
from assessments.values import Text, Value


class TrainingPolicy(Value):
    """What a class before the start can give, and when the trade is too far."""

    weeks_max: float
    weeks_a_level: Mapping[int, float]
    far_weeks: float
    far_coverage: float
    unknown_gain: Annotated[int, Field(ge=0, le=3)]


class SkillsPolicy(Value):
    """Shares of the other wishes from which a fit is excellent, or good."""

    excellent_coverage: float
    good_coverage: float
    good_coverage_two_gaps: float


class LanguagesPolicy(Value):
    """What a wished, not demanded, language counts as one more wish."""

    should_met: float
    should_one_short: float
    should_missing: float


class ScorePolicy(Value):
    """The band of each grade, and the weights that place a person inside it.

    `reading_error_levels` is how far one level read from words may be off: what is nearer than that is a tie.
    """

    bands: Mapping[int, tuple[float, float]]
    weights: Mapping[str, float]
    reading_error_levels: Annotated[float, Field(ge=0, le=2)] = 0.5


class MatchingPolicy(Value):
    """One edition of how people and programmes are weighed."""

    edition: str
    valid_from: date
    source: str
    confidence: str
    training: TrainingPolicy
    skills: SkillsPolicy
    languages: LanguagesPolicy
    hours: HoursPolicy
    line: HomePolicy
    score: ScorePolicy
    language_names: Mapping[str, Text] = {}
    sentences: Mapping[str, Text]
    doubts: Mapping[str, Text] = {}
    remedies: Mapping[str, Text]

    @field_validator("edition", mode="before")
    @classmethod
    def _edition_as_text(cls, value: object) -> object:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def say(self, name: str, **facts: object) -> Text:
        """The sentence of that name with its facts filled in."""
        return self.sentences[name].with_(**facts) if facts else self.sentences[name]


class MatchingPolicyError(ValueError):
    """The text is no matching policy; the message says where."""


def read_policy(text: str) -> MatchingPolicy:
    """One edition from its YAML text, checked whole; raises MatchingPolicyError with every problem at once."""
    try:
        data: Any = yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe one)
        return MatchingPolicy.model_validate(data)
    except (yaml.YAMLError, ValidationError) as error:
        raise MatchingPolicyError(str(error)) from error
