from datetime import date

import pytest

from documents.rates import NoFigure, Status
from documents.spans import Refused
from documents.trial import (
    fixed_term_ceiling,
    fixed_term_trial,
    notice,
    open_ended_ceiling,
    open_ended_trial,
    renewal,
)


@pytest.mark.parametrize(
    ("status", "months"), [(Status.EMPLOYEE, 2), (Status.SUPERVISOR, 3), (Status.EXECUTIVE, 4)]
)
def test_an_open_ended_trial_lasts_at_most_two_three_or_four_months(law, status, months):
    assert open_ended_ceiling(status, law.rules[0].trial).months == months


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 12, 1), date(2027, 1, 11), 6),
        (date(2026, 12, 1), date(2027, 5, 31), 14),
        (date(2026, 12, 1), date(2027, 6, 1), 27),
        (date(2026, 12, 1), date(2027, 11, 30), 30),
        (date(2027, 2, 1), date(2028, 1, 31), 28),
    ],
)
def test_a_fixed_term_trial_is_a_day_a_week_with_two_caps(law, start, end, days):
    assert fixed_term_ceiling(start=start, end=end, rules=law.rules[0].trial).days == days


def test_a_trial_is_not_renewed_below_coefficient_170(law):
    rules = law.rules[0].trial
    assert renewal(Status.EMPLOYEE, coefficient=160, rules=rules).days == 0
    assert renewal(Status.EMPLOYEE, coefficient=170, rules=rules).words == "deux semaines"
    assert renewal(Status.EXECUTIVE, coefficient=280, rules=rules).words == "deux mois"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "24 heures"), (7, "24 heures"), (8, "48 heures"), (31, "deux semaines"), (92, "un mois")],
)
def test_the_employers_notice_grows_with_presence(law, days, words):
    assert notice(days, law.rules[0].trial_notice.employer) == words


def test_the_employees_notice_is_48_hours_after_a_week(law):
    steps = law.rules[0].trial_notice.employee
    assert (notice(3, steps), notice(60, steps)) == ("24 heures", "48 heures")


@pytest.mark.parametrize(
    ("status", "resignation", "dismissal", "later"),
    [("employe", 1, 1, 2), ("tam", 2, 2, 2), ("cadre", 3, 3, 3)],
)
def test_the_notice_of_the_branch_is_the_published_one(law, status, resignation, dismissal, later):
    rules = law.rules[0].notice
    assert getattr(rules.resignation_months, status) == resignation
    assert getattr(rules.dismissal_months, status) == dismissal
    assert getattr(rules.dismissal_after_two_years_months, status) == later


@pytest.mark.parametrize(
    ("status", "coefficient", "last", "renewed"),
    [
        (Status.EMPLOYEE, 140, date(2027, 1, 31), None),
        (Status.EMPLOYEE, 169, date(2027, 1, 31), None),
        (Status.EMPLOYEE, 170, date(2027, 1, 31), date(2027, 2, 14)),
        (Status.SUPERVISOR, 200, date(2027, 2, 28), date(2027, 3, 31)),
        (Status.EXECUTIVE, 280, date(2027, 3, 31), date(2027, 5, 31)),
    ],
)
def test_an_open_ended_trial_and_its_renewal_end_on_a_day(law, status, coefficient, last, renewed):
    trial = open_ended_trial(law, start=date(2026, 12, 1), status=status, coefficient=coefficient)
    assert (trial.last_day, trial.renewed_last_day) == (last, renewed)


def test_the_prudent_trial_is_to_be_confirmed_by_a_lawyer(law):
    trial = open_ended_trial(law, start=date(2026, 12, 1), status=Status.EMPLOYEE, coefficient=170)
    assert [one.figure for one in trial.unsettled] == ["trial/employe/2020-01-01"]
    assert "juriste" in trial.unsettled[0].why


def test_a_trial_of_a_date_without_rules_is_refused(law):
    old = open_ended_trial(law, start=date(2019, 12, 31), status=Status.EMPLOYEE, coefficient=170)
    assert isinstance(old, NoFigure)


def test_a_fixed_term_trial_ends_on_a_day_and_needs_a_term_after_its_start(law):
    trial = fixed_term_trial(law, start=date(2026, 12, 1), end=date(2027, 1, 11))
    assert (trial.days, trial.last_day, trial.unsettled) == (6, date(2026, 12, 6), ())
    assert isinstance(fixed_term_trial(law, start=date(2027, 1, 11), end=date(2026, 12, 1)), Refused)


@pytest.mark.parametrize(
    ("start", "end", "last"),
    [
        (date(2026, 12, 1), date(2027, 5, 31), date(2026, 12, 14)),
        (date(2026, 12, 1), date(2027, 6, 1), date(2026, 12, 27)),
        (date(2026, 12, 1), date(2027, 11, 30), date(2026, 12, 31)),
        (date(2027, 2, 1), date(2028, 1, 31), date(2027, 2, 28)),
    ],
)
def test_a_fixed_term_trial_is_capped_by_two_weeks_or_a_month(law, start, end, last):
    assert fixed_term_trial(law, start=start, end=end).last_day == last


def test_a_fixed_term_trial_without_rules_is_refused(law):
    assert isinstance(fixed_term_trial(law, start=date(2019, 1, 1), end=date(2019, 12, 31)), NoFigure)
