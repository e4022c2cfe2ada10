"""Training paths as the command line tells them; imported when asked for, since what it needs is slow to load."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assessments.matching.matching import Match, Outcome
from assessments.profiles import CandidateProfile, ProgrammeProfile
from service.flows.learning.courses import TrainingPlan, training_plan
from service.runtime.editions import load_editions


def trainings(
    people: Sequence[CandidateProfile],
    programmes: Sequence[ProgrammeProfile],
    ranked: Sequence[Sequence[Match]],
    *,
    now: datetime,
    lang: str,
) -> Mapping[tuple[str, str], dict[str, Any]]:
    """The shortest path of existing courses for each pair after training, by programme and person."""
    editions = load_editions()
    matcher = editions.matcher
    by_id = {person.id: person for person in people}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for programme, matches in zip(programmes, ranked, strict=True):
        prepared = matcher.prepare(programme)
        for one in matches:
            if one.outcome is not Outcome.AFTER_TRAINING:
                continue
            plan = training_plan(editions, one, matcher.reader.read(by_id[one.candidate]), prepared, now=now)
            if plan is not None:
                found[one.programme, one.candidate] = told_training(plan, lang)
    return found


def told_training(plan: TrainingPlan, lang: str) -> dict[str, Any]:
    """A path of courses as machines are told it; `open_needs` no course of the catalogue teaches."""
    return {
        "hours": plan.hours,
        "done_on": plan.done_on and plan.done_on.isoformat(),
        "is_in_time": plan.is_in_time,
        "courses": [
            {
                "course": one.course.id,
                "title": one.course.title.in_(lang),
                "minutes": one.course.minutes,
                "done_on": one.done_on.isoformat(),
            }
            for one in plan.courses
        ],
        "open_needs": [need.text for need in plan.open_needs],
        "edition": plan.edition,
    }
