"""The dated words and bounds of training papers (training_files.yaml)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field, TypeAdapter

from assessments.editions import Edition
from assessments.values import Value
from onboarding.classes import Half
from service.runtime.clock import civil_date
from service.runtime.editions import in_force


class Counted(Value):
    """One sentence for one thing and another for several; `n` is the number."""

    one: str
    many: str

    def __call__(self, n: int) -> str:
        return (self.one if n == 1 else self.many).format(n=n)


class Teaching(Value):
    """Who answers questions on the content; `nobody` where no trainer is known."""

    name: str
    nobody: str
    role: str
    contact: str
    reply: Counted


class Technical(Value):
    """Who helps with line and tools; the contact is the employer's own."""

    name: str
    role: str
    reply: str


class TrainingRules(Edition):
    """One edition of the words of training papers; they are French, as what is signed is."""

    teaching: Teaching
    technical: Technical
    accessibility: str
    follow_up: str
    means: tuple[str, ...]
    traces: str
    quizzes: Counted
    bound: str
    bounds: str
    no_quiz: str
    packages: str
    package_title: str
    retake: str
    quiz_title: str
    quiz_when: str
    quiz_criterion: str
    reading_criterion: str
    assessed_by: str
    ways: Mapping[str, str]
    audience: str
    prerequisites: str
    nobody_leads: str
    halves: Mapping[Half, str]
    withdrawn_least_characters: int = Field(ge=1, le=200)
    most_learners_at_once: int = Field(ge=1, le=100_000)
    most_learners_prepared: int = Field(ge=1, le=100_000)
    archive_kept_days: int = Field(ge=1, le=60)


@cache
def editions() -> Sequence[TrainingRules]:
    """Every edition, checked whole."""
    text = files("service.flows.proof").joinpath("training_files.yaml").read_text("utf-8")
    return TypeAdapter(list[TrainingRules]).validate_python(yaml.safe_load(text))


def rules_on(moment: datetime) -> TrainingRules:
    return in_force(editions(), civil_date(moment))
