"""A match with its plan: what is lacking arranged at the least cost, and from when the match then holds."""

from collections.abc import Mapping
from datetime import date

from assessments.matching.matches import Match, Outcome, Remedy
from assessments.remedies.catalogue import Catalogue
from assessments.remedies.planning import WorkingDays, plan_remedies
from assessments.remedies.plans import PlanOutcome, RemedyPlan
from assessments.values import Text


def with_plan(
    match: Match,
    catalogue: Catalogue,
    *,
    today: date,
    working_days: WorkingDays,
    start: date | None = None,
    taken: Mapping[str, int] | None = None,
) -> Match:
    """The match and how its gaps close. Score, rank and grade stay as they were weighed.

    A `no` that rests on the line alone is one that money can undo: it becomes `after_remedy` (or
    `after_training`) once the catalogue mends the line, and says how. Every other `no` stays.
    """
    plan = plan_remedies(
        match.gaps, catalogue, today=today, working_days=working_days, start=start, taken=taken
    )
    if match.outcome is not Outcome.NO or plan.outcome is PlanOutcome.NO:
        return match.model_copy(update={"plan": plan})
    return match.model_copy(
        update={
            "plan": plan,
            "outcome": _mended(plan),
            "reasons": (*match.reasons[:-1], _said(plan, catalogue)),
            "remedies": tuple(
                Remedy(kind="training" if step.is_training else step.remedy, text=step.text)
                for step in plan.steps
            ),
        }
    )


def _mended(plan: RemedyPlan) -> Outcome:
    is_trained = any(step.is_training for step in plan.steps)
    return Outcome.AFTER_TRAINING if is_trained else Outcome.AFTER_REMEDY


def _said(plan: RemedyPlan, catalogue: Catalogue) -> Text:
    """Instead of the `no`, which the matching says last."""
    things = [step.text for step in plan.steps if not step.is_training]
    sentence = catalogue.words.line_mended
    return Text(
        fr=sentence.fr.format(remedies=" ; ".join(text.fr.rstrip(".") for text in things)),
        en=sentence.en.format(remedies="; ".join(text.en.rstrip(".") for text in things)),
    )
