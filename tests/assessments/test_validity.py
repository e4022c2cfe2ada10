"""All that is known of one edition: found in made-up people, and honestly absent where there are too few."""

import json
from datetime import date
from importlib.resources import files

import numpy as np
import pytest

from assessments.editions import EditionError
from assessments.figures import Figure
from assessments.validation.policy import Quantity, ValidityPolicy, Verdict, read_policy
from assessments.validation.validity import (
    MISSING,
    Cut,
    EditionFigures,
    Followed,
    Plan,
    ScaleParts,
    Sittings,
    compute,
    interview_agreement,
)
from assessments.values import Text

TODAY = date(2026, 11, 24)
SOURCE = files("assessments").joinpath("data/policies/validity/2026-11.yaml").read_text("utf-8")
POLICY = read_policy(SOURCE)


def text(words: str) -> Text:
    return Text(fr=words, en=words)


PLAN = Plan(
    instrument="way-of-working",
    edition="2026-11",
    is_of_facts=False,
    scales=(
        ScaleParts(
            scale="calm", label=text("Calm"), items=("c1", "c2", "c3", "c4", "c5", "c6"), weights=(1,) * 6
        ),
        ScaleParts(
            scale="plan", label=text("Plan"), items=("p1", "p2", "p3", "p4", "p5", "p6"), weights=(2,) * 6
        ),
    ),
    cuts=(Cut(label=text("ready"), hundredths=6000),),
)


def people(count: int, *, seed: int = 3, shift: float = 0.0) -> Sittings:
    """Answers with two related causes, submitted over a year; the last tenth moved by `shift`."""
    chance = np.random.default_rng(seed)
    common = chance.normal(size=(count, 1))
    causes = [0.7 * common + 0.7 * chance.normal(size=(count, 1)) for _ in range(2)]
    answers = np.hstack([cause + 0.7 * chance.normal(size=(count, 6)) for cause in causes])
    days = np.sort(chance.integers(TODAY.toordinal() - 360, TODAY.toordinal() + 1, count))
    answers[days > TODAY.toordinal() - POLICY.drift_days] += shift
    credits = (25 * np.clip(np.round(answers + 2), 0, 4)).astype(np.int8)
    credits[chance.random(credits.shape) < 0.02] = MISSING
    weights = np.array([1] * 6 + [2] * 6)
    given = np.where(credits == MISSING, 0, credits) * weights
    scores = np.floor(100 * given.sum(axis=1) / (weights * (credits != MISSING)).sum(axis=1) + 0.5)
    return Sittings(credits, scores, days.astype(np.int64))


def figures(sittings: Sittings, plan: Plan = PLAN, **options: object) -> EditionFigures:
    return compute(plan, sittings, POLICY, today=TODAY, resamples=40, **options)  # type: ignore[arg-type]


def test_an_edition_that_measures_something_reaches_its_marks() -> None:
    found = figures(people(900))
    assert found.composite.verdict in (Verdict.MET, Verdict.WATCH)
    assert found.composite.figure.value == pytest.approx(0.9, abs=0.05)
    assert [scale.verdict for scale in found.scales] == [Verdict.MET, Verdict.MET]
    assert found.sem is not None
    assert found.sd is not None
    assert found.sem < found.sd / 2
    assert found.cuts[0].consistency.agreement.value == pytest.approx(0.87, abs=0.06)
    assert found.drift.verdict is Verdict.MET
    assert not found.is_advice_only
    assert found.until == TODAY


def test_noise_is_stopped_and_the_edition_is_advice_only() -> None:
    chance = np.random.default_rng(5)
    credits = chance.choice([0, 25, 50, 75, 100], size=(400, 12)).astype(np.int8)
    days = np.full(400, TODAY.toordinal() - 200)
    found = figures(Sittings(credits, credits.mean(axis=1) * 100, days))
    assert found.composite.verdict is Verdict.STOP
    assert found.stops == (Quantity.COMPOSITE_RELIABILITY,)
    assert found.is_advice_only


def test_answers_that_moved_stop_the_edition() -> None:
    found = figures(people(2000, shift=1.5))
    assert found.drift.verdict is Verdict.STOP
    assert Quantity.DRIFT in found.stops
    assert any(item.verdict is Verdict.STOP for item in found.item_drift)


def test_with_few_people_only_their_number_is_told() -> None:
    found = figures(people(POLICY.least_shown - 1))
    assert not found.is_shown
    assert found.people == POLICY.least_shown - 1
    assert found.mean is None
    assert found.since is None
    assert found.composite.figure.value is None
    assert found.is_advice_only
    assert all(
        item.mean is None for scale in found.scales if scale.reliability for item in scale.reliability.items
    )


def test_between_few_and_enough_figures_are_shown_without_a_verdict() -> None:
    found = figures(people(60))
    assert found.is_shown
    assert found.composite.figure.value is not None
    assert found.composite.verdict is Verdict.NO_EVIDENCE
    assert not found.has_evidence


def test_a_list_of_facts_has_no_reliability_between_its_items() -> None:
    found = figures(people(300), PLAN.model_copy(update={"is_of_facts": True}))
    assert found.composite.figure.value is None
    assert all(scale.reliability is None for scale in found.scales)
    assert found.cuts == ()
    assert found.drift.figure.value is not None


def test_a_link_is_claimed_only_with_enough_people_and_an_interval_above_zero() -> None:
    seen = people(600)
    chance = np.random.default_rng(6)
    later = seen.scores / 1000 + chance.normal(0, 1.5, 600)
    noise = chance.normal(size=600)

    def link(values: np.ndarray[tuple[int], np.dtype[np.float64]], count: int) -> Verdict:
        followed = Followed("quality", 90, seen.scores[:count].tolist(), values[:count].tolist())
        return figures(seen, followed=[followed]).outcomes[0].verdict

    assert link(later, 600) is Verdict.MET
    assert link(later, 150) is Verdict.NO_EVIDENCE
    assert link(noise, 600) is Verdict.WATCH
    assert link(-later, 600) is Verdict.STOP


def test_outcomes_of_a_handful_are_not_told() -> None:
    found = figures(people(100), followed=[Followed("in_post", 30, [5000.0, 6000.0, 7000.0], [1, 0, 1])])
    assert found.outcomes[0].criterion.raw.value is None
    assert found.outcomes[0].criterion.n == 3


def test_raters_of_interviews_are_held_against_their_marks() -> None:
    chance = np.random.default_rng(2)
    true = chance.integers(1, 6, 60)
    ratings = [[float(value), float(min(5, max(1, value + chance.integers(0, 2))))] for value in true]
    found = interview_agreement(ratings, POLICY)
    assert found.icc.verdict is Verdict.MET
    assert found.alpha.figure.n == found.rated == 60
    few = interview_agreement(ratings[:4], POLICY)
    assert few.rated == 4
    assert few.icc.figure.value is None
    assert few.alpha.verdict is Verdict.NO_EVIDENCE


def test_the_same_people_in_another_order_give_the_same_values_and_json_keeps_them() -> None:
    seen = people(200)
    turned = Sittings(seen.credits[::-1], seen.scores[::-1], seen.days[::-1])
    found, again = figures(seen), figures(turned)
    assert found.composite.figure.value == pytest.approx(again.composite.figure.value)
    assert found.drift.figure.value == pytest.approx(again.drift.figure.value)
    stored = json.loads(found.model_dump_json(), parse_constant=pytest.fail)
    assert EditionFigures.model_validate(stored) == found


def test_being_on_the_mark_is_having_reached_it() -> None:
    threshold = POLICY.threshold(Quantity.SCALE_RELIABILITY)
    said = [threshold.judge(Figure(value=value, n=100)) for value in (0.8, 0.79, 0.7, 0.69)]
    assert said == [Verdict.MET, Verdict.WATCH, Verdict.WATCH, Verdict.STOP]
    assert threshold.judge(Figure(value=0.95, n=99)) is Verdict.NO_EVIDENCE
    drifted = POLICY.threshold(Quantity.DRIFT)
    assert [drifted.judge(Figure(value=value, n=200)) for value in (0.1, 0.2, 0.26)] == [
        Verdict.MET, Verdict.WATCH, Verdict.STOP,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - quantity: drift\n", "  - quantity: draft\n"),
        ("{items}", "{item}"),
        ("least_shown: 10", "least_shown: 1"),
        ("    unit:", "    units:"),
    ],
)
def test_a_faulty_policy_is_refused(old: str, new: str) -> None:
    assert isinstance(POLICY, ValidityPolicy)
    with pytest.raises(EditionError):
        read_policy(SOURCE.replace(old, new))
