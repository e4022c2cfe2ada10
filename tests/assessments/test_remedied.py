"""A match with its plan: scores and ranks stay, and a line that money mends shuts nobody out."""

from datetime import date
from importlib.resources import files

import pytest

from assessments.matching.matching import Match, Outcome
from assessments.matching.remedied import with_plan
from assessments.remedies import catalogue as catalogues
from assessments.remedies.plans import PlanOutcome
from tests.assessments.matched import GOOD_HOME, GOOD_LINE, MATCHER, person, programme

CATALOGUE = catalogues.read(
    files("assessments").joinpath("data/policies/remedies/2026-11.yaml").read_text("utf-8")
)
SLOW = {**GOOD_HOME, "measured": {**GOOD_LINE, "latency_ms": 600}}


def planned(match: Match, catalogue: catalogues.Catalogue = CATALOGUE) -> Match:
    return with_plan(match, catalogue, today=date(2026, 11, 23), working_days=lambda day: day.weekday() < 5)


def test_a_line_that_cannot_carry_a_voice_is_mended_with_a_date_and_its_score_stays() -> None:
    weighed = MATCHER.match(person(home=SLOW), programme())
    match = planned(weighed)
    assert (weighed.outcome, match.outcome) == (Outcome.NO, Outcome.AFTER_REMEDY)
    assert (match.score, match.rank, match.grade) == (weighed.score, weighed.rank, weighed.grade)
    assert match.plan is not None
    assert match.plan.holds_from == date(2026, 11, 30)
    assert [remedy.kind for remedy in match.remedies] == ["router_4g"]
    assert "4G" in match.reasons[-1].en


def test_a_line_that_nothing_mends_goes_to_a_talk_and_not_to_a_no_by_the_line() -> None:
    bare = CATALOGUE.without("router_4g", "line_upgrade", "third_place")
    match = planned(MATCHER.match(person(home=SLOW), programme()), bare)
    assert match.plan is not None
    assert match.plan.outcome is PlanOutcome.TO_DISCUSS


def test_a_language_below_what_is_asked_stays_a_no_for_this_programme() -> None:
    asked = programme(languages=[{"code": "de", "cefr_min": "C1", "must": True}])
    match = planned(MATCHER.match(person(home=SLOW), asked))
    assert match.outcome is Outcome.NO
    assert match.plan is not None
    assert (match.plan.outcome, match.plan.holds_from) == (PlanOutcome.NO, None)


def test_a_full_match_needs_no_plan() -> None:
    match = planned(MATCHER.match(person(), programme()))
    assert match.plan is not None
    assert (match.plan.outcome, match.plan.steps) == (PlanOutcome.MATCH, ())


@pytest.mark.parametrize(
    ("home", "remedy"),
    [
        ({**GOOD_HOME, "wired": False, "measured": {**GOOD_LINE, "jitter_ms": 80}}, "cable_given"),
        ({**GOOD_HOME, "measured": {**GOOD_LINE, "jitter_ms": 80}}, "router_4g"),
        ({**GOOD_HOME, "noise": "high"}, "noise_headset"),
        ({**GOOD_HOME, "measured": None}, "line_test"),
    ],
)
def test_each_weakness_of_a_home_post_finds_its_remedy(home: dict[str, object], remedy: str) -> None:
    match = planned(MATCHER.match(person(home=home), programme()))
    assert match.outcome is not Outcome.NO
    assert match.plan is not None
    assert [step.remedy for step in match.plan.steps] == [remedy]


def test_training_is_planned_in_working_days_with_its_cost() -> None:
    asked = programme(skills=[{"text": "appels entrants", "level": 5, "importance": "must"}])
    match = planned(MATCHER.match(person(), asked))
    if match.outcome is Outcome.AFTER_TRAINING:
        assert match.plan is not None
        assert match.plan.outcome is PlanOutcome.AFTER_TRAINING
        assert match.plan.steps[0].is_training


def test_an_older_stored_match_without_gaps_can_still_be_read() -> None:
    stored = MATCHER.match(person(), programme()).model_dump(mode="json", exclude={"gaps", "plan"})
    assert Match.model_validate(stored).plan is None
