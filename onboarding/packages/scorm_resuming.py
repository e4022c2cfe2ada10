"""The data model that content finds when it starts again: its own words back, and what we alone may tell it."""

from collections.abc import Iterator
from decimal import Decimal

from onboarding.packages.manifest_reading import Standard
from onboarding.packages.manifests import Unit
from onboarding.packages.scorm_snapshots import Interaction, Objective, Score, Status
from onboarding.packages.scorm_states import UnitState
from onboarding.packages.scorm_values import write_duration, write_span

Told = Iterator[tuple[str, str]]


def resumed_values(
    state: UnitState, unit: Unit, *, standard: Standard, learner: str, name: str
) -> dict[str, str]:
    """Element by element; what is empty is left out, except a status, which content may not take for its own.

    `learner` is a name made up for this package, never an id of ours; `name` is what the content may greet with.
    Questions answered earlier are told too: content adds to them, and the next report replaces the one before.
    """
    is_1_2 = standard is Standard.SCORM_1_2
    told = dict(_of_1_2(state, unit, learner, name) if is_1_2 else _of_2004(state, unit, learner, name))
    told |= _of_objectives(state.snapshot.objectives, is_1_2=is_1_2)
    told |= _of_interactions(state.snapshot.interactions, is_1_2=is_1_2)
    return {element: value for element, value in told.items() if value}


def _of_1_2(state: UnitState, unit: Unit, learner: str, name: str) -> Told:
    kept = state.snapshot
    yield "cmi.core.student_id", learner
    yield "cmi.core.student_name", name
    yield "cmi.core.credit", "credit"
    yield "cmi.core.lesson_mode", "normal"
    yield "cmi.core.lesson_location", kept.location
    yield "cmi.core.lesson_status", kept.status.value
    yield "cmi.core.entry", state.entry
    yield "cmi.core.total_time", write_span(state.total_centiseconds)
    yield "cmi.suspend_data", kept.suspend_data
    yield "cmi.launch_data", unit.launch_data
    yield "cmi.comments", kept.comments
    yield "cmi.student_data.mastery_score", _number(unit.mastery_score)
    if unit.max_time_centiseconds is not None:
        yield "cmi.student_data.max_time_allowed", write_span(unit.max_time_centiseconds)
    yield "cmi.student_data.time_limit_action", unit.time_limit_action
    yield from _of_score("cmi.core.score", kept.score)


def _of_2004(state: UnitState, unit: Unit, learner: str, name: str) -> Told:
    kept = state.snapshot
    yield "cmi.learner_id", learner
    yield "cmi.learner_name", name
    yield "cmi.credit", "credit"
    yield "cmi.mode", "normal"
    yield "cmi.location", kept.location
    yield "cmi.completion_status", _completion(kept.status)
    yield "cmi.success_status", kept.success or "unknown"
    yield "cmi.entry", state.entry
    yield "cmi.total_time", write_duration(state.total_centiseconds)
    yield "cmi.suspend_data", kept.suspend_data
    yield "cmi.launch_data", unit.launch_data
    yield "cmi.progress_measure", kept.progress_measure
    if unit.mastery_score is not None:
        yield "cmi.scaled_passing_score", _number(unit.mastery_score / 100)
    yield "cmi.score.scaled", _number(kept.score.scaled)
    yield from _of_score("cmi.score", kept.score)


def _of_score(at: str, score: Score) -> Told:
    yield f"{at}.raw", _number(score.raw)
    yield f"{at}.min", _number(score.minimum)
    yield f"{at}.max", _number(score.maximum)


def _of_objectives(objectives: tuple[Objective, ...], *, is_1_2: bool) -> Told:
    for number, one in enumerate(objectives):
        at = f"cmi.objectives.{number}"
        yield f"{at}.id", one.identifier
        yield f"{at}.{'status' if is_1_2 else 'success_status'}", one.status
        yield f"{at}.completion_status", one.completion
        yield f"{at}.score.scaled", _number(one.score.scaled)
        yield from _of_score(f"{at}.score", one.score)


def _of_interactions(interactions: tuple[Interaction, ...], *, is_1_2: bool) -> Told:
    for number, one in enumerate(interactions):
        at = f"cmi.interactions.{number}"
        yield f"{at}.id", one.identifier
        yield f"{at}.type", one.kind
        yield f"{at}.{'time' if is_1_2 else 'timestamp'}", one.at
        yield f"{at}.{'student_response' if is_1_2 else 'learner_response'}", one.response
        yield f"{at}.result", one.result
        yield f"{at}.weighting", one.weighting
        yield f"{at}.latency", one.latency
        yield f"{at}.description", one.description
        yield from ((f"{at}.correct_responses.{n}.pattern", text) for n, text in enumerate(one.patterns))
        yield from ((f"{at}.objectives.{n}.id", text) for n, text in enumerate(one.objectives))


def _completion(status: Status) -> str:
    if status in (Status.COMPLETED, Status.PASSED, Status.FAILED):
        return "completed"
    return "incomplete" if status is Status.INCOMPLETE else "unknown"


def _number(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"
