"""What is known of one edition of a questionnaire: every figure with its number of people, or that there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from assessments.figures import Figure, Finite, Lack, no_figure
from assessments.validation.agreement import Intraclass, Level, intraclass, krippendorff_alpha
from assessments.validation.consistency import Consistency, decision_consistency
from assessments.validation.criterion import Criterion, criterion_validity
from assessments.validation.drift import drift
from assessments.validation.policy import Quantity, ValidityPolicy, Verdict
from assessments.validation.reliability import Reliability, composite, reliability
from assessments.values import Text, Value

MISSING = -1
"""The mark of a missing answer among credits of 0 to 100."""
WHOLE = 10_000
CREDIT_EDGES = (12.5, 37.5, 62.5, 87.5)


class ScaleParts(Value):
    """One scale of a questionnaire: its items in order and the weight of each in the whole."""

    scale: str
    label: Text
    items: tuple[str, ...]
    weights: tuple[int, ...]


class Cut(Value):
    """A mark on the score, in hundredths of a point, and what begins there."""

    label: Text
    hundredths: int


class Plan(Value):
    """What there is to look at in one edition. `is_of_facts`: its items are facts, not signs of one thing."""

    instrument: str
    edition: str
    is_of_facts: bool
    scales: tuple[ScaleParts, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True)
class Sittings:
    """All who submitted this edition: credits (people x items of all scales in order, −1 missing), scores, days.

    `scores` are hundredths of a point (NaN when nothing was answered); `days` are ordinals of the day of submission.
    """

    credits: NDArray[np.int8]
    scores: NDArray[np.float64]
    days: NDArray[np.int64]


@dataclass(frozen=True)
class Followed:
    """One outcome of those who have it: their scores in hundredths and the outcome, in the same order."""

    measure: str
    days: int
    scores: Sequence[float]
    values: Sequence[float]


class Judged(Value):
    """One figure and what it says."""

    quantity: Quantity
    figure: Figure
    verdict: Verdict


class ScaleResult(Value):
    """One scale's reliability and drift; `reliability` is None where items are facts."""

    scale: str
    label: Text
    reliability: Reliability | None
    verdict: Verdict


class CutResult(Value):
    """How steady one mark is."""

    label: Text
    consistency: Consistency
    agreement: Verdict
    kappa: Verdict


class ItemDrift(Value):
    """Whether one item's answers have moved."""

    item: str
    figure: Figure
    verdict: Verdict


class OutcomeResult(Value):
    """The link of the score with one outcome at one time after the start; judged as seen, never as corrected."""

    measure: str
    days: int
    criterion: Criterion
    verdict: Verdict


class InterviewFigures(Value):
    """How far raters of interviews agree; the ICC is (1,1), as each interview has raters of its own.

    `rated` counts the questions that were rated twice; under the least number shown there is no figure.
    """

    policy_edition: str
    rated: int = Field(ge=0)
    icc: Judged
    alpha: Judged
    intraclass: Intraclass


class EditionFigures(Value):
    """Everything computed for one edition from `people` who submitted it, up to `until`.

    With fewer people than may be shown `is_shown` is false and every figure is left out. `stops` names the quantities
    whose limit is crossed in a way that makes the edition advice only; `has_evidence` is false when no verdict could be
    given on the whole result.
    """

    instrument: str
    edition: str
    policy_edition: str
    is_of_facts: bool
    is_shown: bool
    people: int = Field(ge=0)
    since: date | None
    until: date | None
    mean: Finite | None
    sd: Finite | None
    sem: Finite | None
    composite: Judged
    scales: tuple[ScaleResult, ...]
    cuts: tuple[CutResult, ...]
    drift: Judged
    item_drift: tuple[ItemDrift, ...]
    outcomes: tuple[OutcomeResult, ...]
    stops: tuple[Quantity, ...]

    @property
    def has_evidence(self) -> bool:
        return self.composite.verdict is not Verdict.NO_EVIDENCE

    @property
    def is_advice_only(self) -> bool:
        """True when a limit is crossed, and as long as nothing is known of the whole result."""
        return bool(self.stops) or not self.has_evidence


def compute(
    plan: Plan,
    sittings: Sittings,
    policy: ValidityPolicy,
    *,
    today: date,
    followed: Sequence[Followed] = (),
    seed: int = 1,
    resamples: int = 200,
) -> EditionFigures:
    """Every figure of one edition, the same for the same input, seed and day.

    Mean, spread and error of the score are in points out of 100; the error is SD·√(1 − r) with the stratified alpha.
    """
    people = len(sittings.scores)
    is_shown = people >= policy.least_shown
    seen = sittings if is_shown else _nobody(plan)
    whole = _whole(plan, seen, seed=seed, resamples=resamples)
    scores = seen.scores[np.isfinite(seen.scores)] / 100
    spread = float(np.std(scores, ddof=1)) if len(scores) > 1 else None
    moved, items = _drifts(plan, seen, policy, today=today, seed=seed)
    judged = {one.quantity: one for one in (_judged(policy, Quantity.COMPOSITE_RELIABILITY, whole), moved)}
    stopped = [
        name
        for name, one in judged.items()
        if one.verdict is Verdict.STOP and policy.threshold(name).stops_the_edition
    ]
    return EditionFigures(
        instrument=plan.instrument,
        edition=plan.edition,
        policy_edition=policy.edition,
        is_of_facts=plan.is_of_facts,
        is_shown=is_shown,
        people=people,
        since=date.fromordinal(int(seen.days.min())) if len(seen.days) else None,
        until=date.fromordinal(int(seen.days.max())) if len(seen.days) else None,
        mean=float(scores.mean()) if len(scores) else None,
        sd=spread,
        sem=_error_of(spread, whole),
        composite=judged[Quantity.COMPOSITE_RELIABILITY],
        scales=_scales(plan, seen, policy, seed=seed, resamples=resamples),
        cuts=() if plan.is_of_facts else _cuts(plan, scores, whole, policy, seed=seed, resamples=resamples),
        drift=moved,
        item_drift=items,
        outcomes=tuple(_outcome(one, policy, spread=spread) for one in followed),
        stops=tuple(stopped),
    )


def _nobody(plan: Plan) -> Sittings:
    items = sum(len(scale.items) for scale in plan.scales)
    return Sittings(np.empty((0, items), np.int8), np.empty(0), np.empty(0, np.int64))


def _judged(policy: ValidityPolicy, quantity: Quantity, figure: Figure) -> Judged:
    return Judged(quantity=quantity, figure=figure, verdict=policy.judge(quantity, figure))


def _whole(plan: Plan, seen: Sittings, *, seed: int, resamples: int) -> Figure:
    if plan.is_of_facts:
        return no_figure(Lack.NO_FIT, n=len(seen.scores))
    if len(seen.scores) < 2:
        return no_figure(Lack.TOO_FEW, n=len(seen.scores))
    weights = [float(weight) for scale in plan.scales for weight in scale.weights]
    return composite(
        seen.credits,
        strata=_places(plan),
        weights=weights,
        missing=MISSING,
        seed=seed,
        resamples=resamples,
    )


def _places(plan: Plan) -> list[list[int]]:
    """Which columns belong to each scale."""
    ends = np.cumsum([len(scale.items) for scale in plan.scales]).tolist()
    return [list(range(end - len(scale.items), end)) for scale, end in zip(plan.scales, ends, strict=True)]


def _error_of(spread: float | None, whole: Figure) -> float | None:
    if spread is None or whole.value is None or whole.value < 0:
        return None
    return float(spread * max(0.0, 1 - whole.value) ** 0.5)


def _scales(
    plan: Plan, seen: Sittings, policy: ValidityPolicy, *, seed: int, resamples: int
) -> tuple[ScaleResult, ...]:
    found = []
    for scale, places in zip(plan.scales, _places(plan), strict=True):
        known = None
        if not plan.is_of_facts:
            known = reliability(
                seen.credits[:, places], scale=scale.scale, items=scale.items,
                missing=MISSING, seed=seed, resamples=resamples,
            )  # fmt: skip
        verdict = policy.judge(Quantity.SCALE_RELIABILITY, known.alpha) if known else Verdict.NO_EVIDENCE
        found.append(ScaleResult(scale=scale.scale, label=scale.label, reliability=known, verdict=verdict))
    return tuple(found)


def _cuts(
    plan: Plan,
    points: NDArray[np.float64],
    whole: Figure,
    policy: ValidityPolicy,
    *,
    seed: int,
    resamples: int,
) -> tuple[CutResult, ...]:
    if whole.value is None:
        return ()
    found = []
    for cut in plan.cuts:
        steady = decision_consistency(
            points.tolist(), cut=cut.hundredths / 100, reliability=whole.value, ends=(0, 100),
            seed=seed, resamples=resamples,
        )  # fmt: skip
        found.append(
            CutResult(
                label=cut.label,
                consistency=steady,
                agreement=policy.judge(Quantity.DECISION_AGREEMENT, steady.agreement),
                kappa=policy.judge(Quantity.DECISION_KAPPA, steady.kappa),
            )
        )
    return tuple(found)


def _drifts(
    plan: Plan, seen: Sittings, policy: ValidityPolicy, *, today: date, seed: int
) -> tuple[Judged, tuple[ItemDrift, ...]]:
    """The answers of the last days against all earlier ones, of the score and of each item."""
    is_recent = seen.days > today.toordinal() - policy.drift_days
    is_scored = np.isfinite(seen.scores)
    points = seen.scores / 100
    whole = drift(
        points[is_scored & ~is_recent].tolist(), points[is_scored & is_recent].tolist(),
        edges=policy.drift_edges, seed=seed,
    )  # fmt: skip
    items = []
    for place, item in enumerate(item for scale in plan.scales for item in scale.items):
        credits = seen.credits[:, place]
        given = credits != MISSING
        figure = drift(
            credits[given & ~is_recent].tolist(), credits[given & is_recent].tolist(),
            edges=CREDIT_EDGES, seed=seed,
        )  # fmt: skip
        items.append(ItemDrift(item=item, figure=figure, verdict=policy.judge(Quantity.DRIFT, figure)))
    return _judged(policy, Quantity.DRIFT, whole), tuple(items)


def _outcome(followed: Followed, policy: ValidityPolicy, *, spread: float | None) -> OutcomeResult:
    is_shown = len(followed.scores) >= policy.least_shown
    points = [score / 100 for score in followed.scores] if is_shown else []
    found = criterion_validity(points, followed.values if is_shown else [], spread_of_all=spread)
    if not is_shown:
        nothing = no_figure(Lack.TOO_FEW, n=len(followed.scores))
        found = Criterion(raw=nothing, corrected=nothing, spread_ratio=None, n=len(followed.scores))
    return OutcomeResult(
        measure=followed.measure,
        days=followed.days,
        criterion=found,
        verdict=policy.judge(Quantity.CRITERION, found.raw),
    )


def interview_agreement(
    ratings: Sequence[Sequence[float | None]], policy: ValidityPolicy, *, seed: int = 1
) -> InterviewFigures:
    """The agreement of raters: rows are questions of interviews, columns raters in no order, None for no rating."""
    seen = ratings if len(ratings) >= policy.least_shown else ()
    pairs = intraclass(seen)
    alpha = krippendorff_alpha(seen, level=Level.ORDINAL, seed=seed)
    return InterviewFigures(
        policy_edition=policy.edition,
        rated=len(ratings),
        icc=_judged(policy, Quantity.RATER_ICC, pairs.one_way),
        alpha=_judged(policy, Quantity.RATER_ALPHA, alpha),
        intraclass=pairs,
    )
