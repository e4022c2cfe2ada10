"""A plan of remedies as pages show it: gaps with what closes each, cost, delay and payer, in the page's language."""

from dataclasses import dataclass
from datetime import date

from assessments.remedies.catalogue import Payer
from assessments.remedies.plans import PlanOutcome, RemedyPlan, Step
from service.web.translations import Translator, french

PAYERS = {
    Payer.EMPLOYER: french("l'employeur"),
    Payer.CANDIDATE: french("la personne"),
    Payer.SHARED: french("l'employeur et la personne, à convenir avant"),
}


@dataclass(frozen=True)
class StepView:
    """One remedy of the plan."""

    text: str
    closes: tuple[str, ...]
    once_cents: int
    monthly_cents: int
    cost_cents: int
    delay_days: int
    ready_on: date
    payer: str
    condition: str
    why: str
    has_others: bool
    is_training: bool


@dataclass(frozen=True)
class OpenGapView:
    """A gap that nothing in the plan closes, and what a talk could bring."""

    text: str
    after_talk: tuple[str, ...]


@dataclass(frozen=True)
class SoonerView:
    """A dearer set that is there in time."""

    remedies: tuple[str, ...]
    more_cents: int
    holds_from: date


@dataclass(frozen=True)
class PlanView:
    """The whole plan; `talks` are things a talk could bring for gaps that are closed already."""

    outcome: str
    steps: tuple[StepView, ...]
    open_gaps: tuple[OpenGapView, ...]
    talks: tuple[OpenGapView, ...]
    cost_cents: int
    months: int
    delay_days: int
    holds_from: date | None
    is_late: bool
    sooner: SoonerView | None
    counted_on: date
    edition: str

    @property
    def is_empty(self) -> bool:
        return not self.steps and not self.open_gaps


def plan_view(plan: RemedyPlan, translate: Translator) -> PlanView:
    """The plan in the page's language."""
    lang = translate.locale.value
    said = {gap.key: gap.text.in_(lang) for gap in plan.gaps}
    is_no = plan.outcome is PlanOutcome.NO
    return PlanView(
        outcome=plan.outcome.value,
        steps=() if is_no else tuple(_step(step, said, translate) for step in plan.steps),
        open_gaps=tuple(
            OpenGapView(gap.text.in_(lang), tuple(text.in_(lang) for text in gap.after_talk))
            for gap in plan.open_gaps
        ),
        talks=tuple(
            OpenGapView(gap.text.in_(lang), tuple(text.in_(lang) for text in gap.after_talk))
            for gap in plan.gaps
            if gap.closed_by and gap.after_talk
        ),
        cost_cents=plan.cost_cents,
        months=plan.months,
        delay_days=plan.delay_days,
        holds_from=plan.holds_from,
        is_late=plan.is_in_time is False,
        sooner=_sooner(plan, lang),
        counted_on=plan.counted_on,
        edition=plan.edition,
    )


def _step(step: Step, said: dict[str, str], translate: Translator) -> StepView:
    lang = translate.locale.value
    return StepView(
        text=step.text.in_(lang),
        closes=tuple(dict.fromkeys(said[key] for key in step.closes)),
        once_cents=step.once_cents,
        monthly_cents=step.monthly_cents,
        cost_cents=step.cost_cents,
        delay_days=step.delay_days,
        ready_on=step.ready_on,
        payer=translate(PAYERS[step.payer]),
        condition=step.condition.in_(lang) if step.condition else "",
        why=step.why.in_(lang),
        has_others=step.others > 0,
        is_training=step.is_training,
    )


def _sooner(plan: RemedyPlan, lang: str) -> SoonerView | None:
    if plan.sooner is None:
        return None
    return SoonerView(
        remedies=tuple(text.in_(lang) for text in plan.sooner.remedies),
        more_cents=plan.sooner.more_cents,
        holds_from=plan.sooner.holds_from,
    )
