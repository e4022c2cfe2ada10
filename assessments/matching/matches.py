"""How one person fits one programme, as a value: outcome, score, reasons, what is met and what is lacking."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from assessments.matching.availability import UsableHours
from assessments.profiles import Importance
from assessments.remedies.plans import OpenGap, RemedyPlan
from assessments.skills.languages import LanguageFit
from assessments.values import Text, Value


class Outcome(StrEnum):
    """What a match amounts to; `no` is about this programme today, never about the person."""

    MATCH = "match"
    AFTER_TRAINING = "after_training"
    AFTER_REMEDY = "after_remedy"
    NO = "no"


class Blocking(StrEnum):
    """The first cause met of a `no`; others may exist."""

    LANGUAGE = "language"
    HOURS = "hours"
    LINE = "line"
    WISH = "wish"
    SKILL = "skill"


class SkillFit(Value):
    """One thing a programme asks for, and what the person shows of it."""

    text: str
    importance: Importance
    skills: tuple[str, ...]
    asked: int
    shown: int
    gain: int
    evidence: str | None = None

    @property
    def gap(self) -> int:
        """Levels lacking."""
        return max(0, self.asked - self.shown)

    @property
    def is_in_reach(self) -> bool:
        """Whether training can close the gap."""
        return self.shown + self.gain >= self.asked

    @property
    def share(self) -> float:
        """Level shown over level asked, at most 1."""
        return min(1.0, self.shown / self.asked)


class Remedy(Value):
    """What would close a gap; weeks are those of the training, where it is one."""

    kind: str
    text: Text
    weeks: float | None = None


class GradeStep(Value):
    """One thing that moved the grade, from what to what."""

    text: Text
    before: Annotated[int, Field(ge=0, le=3)]
    after: Annotated[int, Field(ge=0, le=3)]


class Editions(Value):
    """The editions a result rests on."""

    matching: str
    readings: str
    skills: str


class Match(Value):
    """How one person fits one programme, why, and what would change it; the score runs from 0 to 100.

    `steps` tell how the grade came about, the skills first; `shares`, each 0 to 1, place the score inside its band.
    `gaps` are what a plan closes; the plan itself is dated, and put in by `remedied.with_plan`.
    """

    programme: str
    candidate: str
    outcome: Outcome
    score: Annotated[float, Field(ge=0, le=100)]
    rank: Annotated[int, Field(ge=1)]
    grade: Annotated[int, Field(ge=0, le=3)]
    blocking: Blocking | None
    reasons: tuple[Text, ...]
    met: tuple[SkillFit, ...]
    partial: tuple[SkillFit, ...]
    missing: tuple[SkillFit, ...]
    remedies: tuple[Remedy, ...]
    training_weeks: Annotated[float, Field(ge=0)]
    hours: UsableHours
    languages: tuple[LanguageFit, ...] = ()
    editions: Editions
    steps: tuple[GradeStep, ...] = ()
    shares: Mapping[str, float] = {}
    gaps: tuple[OpenGap, ...] = ()
    plan: RemedyPlan | None = None
