"""The dated rules of contesting (contests.yaml): days for an answer, lengths of what is written, names of things."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field, TypeAdapter

from assessments.editions import Edition
from assessments.values import Text
from service.runtime.clock import civil_date
from service.runtime.editions import Editions, in_force
from service.runtime.vocabulary import ContestFinding, ContestKind, Locale


class ContestRule(Edition):
    """One edition of the rules; lengths are in characters after trimming."""

    answer_within_days: int = Field(ge=1, le=28)
    remind_days_before: int = Field(ge=0, le=28)
    least_characters: int = Field(ge=1)
    most_characters: int = Field(le=4000)
    least_answer_characters: int = Field(ge=1)
    kinds: dict[ContestKind, Text]
    subjects: dict[ContestKind, Text]
    findings: dict[ContestFinding, Text]

    def answer_due(self, opened_at: datetime) -> date:
        """The last day to answer, counted from the day in Paris on which it was opened."""
        return civil_date(opened_at) + timedelta(days=self.answer_within_days)


@cache
def editions() -> Sequence[ContestRule]:
    """Every edition, checked whole."""
    text = files("service.flows.recruiting").joinpath("contests.yaml").read_text("utf-8")
    return TypeAdapter(list[ContestRule]).validate_python(yaml.safe_load(text))


def rule_on(moment: datetime) -> ContestRule:
    return in_force(editions(), civil_date(moment))


def called(about: str, kind: ContestKind, held: Editions, *, moment: datetime, locale: Locale) -> str:
    """What is contested by its name: a questionnaire, a recommendation, a programme, a skill."""
    if kind is ContestKind.SCORECARD:
        titles = [one.title for (slug, _), one in held.instruments.items() if slug == about]
        return titles[-1].in_(locale.value) if titles else about
    if kind is ContestKind.SCREENING:
        policy = held.screening_policy_on(civil_date(moment))
        labels = [one.label for one in policy.outcomes if one.outcome.value == about]
        return labels[0].in_(locale.value) if labels else about
    if kind is ContestKind.SKILL:
        skill = held.resolver.skills.get(about)
        return skill.label.in_(locale.value) if skill else about
    return about or "–"
