from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.notice import (
    FixedTermNotice,
    Notice,
    TrialNotice,
    fixed_term_notice_due,
    notice_due,
    trial_notice_due,
)
from documents.rates import NoFigure, Status
from documents.spans import Refused, months_later
from documents.terms import Ending, Party, Text

HIRED = date(2023, 1, 2)
EMPLOYEE, SUPERVISOR, EXECUTIVE = Status.EMPLOYEE, Status.SUPERVISOR, Status.EXECUTIVE


def after(law, months, status, ending, **more):
    return notice_due(
        law, ending=ending, status=status, hired_on=HIRED, told_on=months_later(HIRED, months), **more
    )


@pytest.mark.parametrize(
    ("status", "seniority", "months"),
    [
        (EMPLOYEE, 1, 1),
        (EMPLOYEE, 5, 1),
        (EMPLOYEE, 23, 1),
        (EMPLOYEE, 24, 2),
        (EMPLOYEE, 25, 2),
        (SUPERVISOR, 1, 2),
        (SUPERVISOR, 24, 2),
        (EXECUTIVE, 1, 3),
        (EXECUTIVE, 24, 3),
    ],
)
def test_a_dismissal_gives_the_notice_of_the_branch(law, status, seniority, months):
    assert after(law, seniority, status, Ending.DISMISSAL).months == months


@pytest.mark.parametrize(("status", "months"), [(EMPLOYEE, 1), (SUPERVISOR, 2), (EXECUTIVE, 3)])
@pytest.mark.parametrize("seniority", [0, 5, 24, 120])
def test_a_resignation_gives_one_two_or_three_months(law, status, months, seniority):
    due = after(law, seniority, status, Ending.RESIGNATION)
    assert (due.months, due.basis, due.code_months) == (months, Text.BRANCH, None)


@pytest.mark.parametrize(
    ("status", "seniority", "months"),
    [
        (EMPLOYEE, 5, 1),
        (EMPLOYEE, 6, 1),
        (EMPLOYEE, 24, 1),
        (EMPLOYEE, 25, 1),
        (SUPERVISOR, 5, 2),
        (SUPERVISOR, 6, 1),
        (SUPERVISOR, 24, 2),
        (SUPERVISOR, 25, 2),
        (EXECUTIVE, 5, 2),
        (EXECUTIVE, 6, 1),
        (EXECUTIVE, 24, 2),
        (EXECUTIVE, 25, 2),
    ],
)
def test_leaving_for_retirement_gives_the_published_notice(law, status, seniority, months):
    assert after(law, seniority, status, Ending.LEAVING_FOR_RETIREMENT).months == months


@pytest.mark.parametrize(
    ("status", "seniority", "months"),
    [
        (EMPLOYEE, 5, 1),
        (EMPLOYEE, 6, 1),
        (EMPLOYEE, 24, 2),
        (EMPLOYEE, 25, 2),
        (SUPERVISOR, 5, 2),
        (SUPERVISOR, 25, 2),
        (EXECUTIVE, 5, 3),
        (EXECUTIVE, 25, 3),
    ],
)
def test_being_put_into_retirement_gives_the_published_notice(law, status, seniority, months):
    assert after(law, seniority, status, Ending.PUT_INTO_RETIREMENT).months == months


@given(
    seniority=st.integers(0, 480),
    status=st.sampled_from(Status),
    ending=st.sampled_from([Ending.DISMISSAL, Ending.PUT_INTO_RETIREMENT]),
)
def test_the_employers_notice_is_never_below_either_text(law, seniority, status, ending):
    due = notice_due(
        law,
        ending=ending,
        status=status,
        hired_on=months_later(date(2026, 7, 1), -seniority),
        told_on=date(2026, 7, 1),
    )
    assert due.months == max(due.code_months or 0, due.branch_months)


def test_notice_runs_from_the_day_told_to_the_day_of_the_same_number(law):
    due = notice_due(
        law, ending=Ending.DISMISSAL, status=EMPLOYEE, hired_on=date(2020, 3, 1), told_on=date(2026, 12, 31)
    )
    assert (due.months, due.last_day) == (2, date(2027, 2, 28))


def test_hours_to_look_for_a_job_are_paid_on_dismissal_only(law):
    dismissed, left = after(law, 30, EMPLOYEE, Ending.DISMISSAL), after(law, 30, EMPLOYEE, Ending.RESIGNATION)
    assert (dismissed.job_search_minutes_per_day, dismissed.is_job_search_paid) == (120, True)
    assert (left.job_search_minutes_per_day, left.is_job_search_paid) == (120, False)


def test_gross_misconduct_leaves_no_notice(law):
    due = after(law, 30, EXECUTIVE, Ending.DISMISSAL, has_gross_misconduct=True)
    assert (due.months, due.last_day, due.is_job_search_paid) == (0, months_later(HIRED, 30), False)
    assert "faute grave" in due.reason
    assert isinstance(after(law, 30, EXECUTIVE, Ending.RESIGNATION, has_gross_misconduct=True), Refused)


def test_a_disabled_workers_legal_notice_is_doubled_up_to_three_months_and_to_be_checked(law):
    due = after(law, 30, EMPLOYEE, Ending.DISMISSAL, is_disabled_worker=True)
    assert (due.months, due.basis) == (3, Text.CODE)
    assert [one.figure for one in due.unsettled] == ["disabled-notice/2020-01-01"]
    assert after(law, 10, EMPLOYEE, Ending.DISMISSAL, is_disabled_worker=True).months == 2


def test_notice_told_before_the_hiring_is_refused(law):
    refused = notice_due(
        law, ending=Ending.DISMISSAL, status=EMPLOYEE, hired_on=date(2026, 5, 1), told_on=date(2026, 4, 30)
    )
    assert isinstance(refused, Refused)
    assert refused.field == "told_on"


def test_notice_on_a_date_without_rules_is_refused(law):
    refused = notice_due(
        law, ending=Ending.DISMISSAL, status=EMPLOYEE, hired_on=date(2010, 5, 1), told_on=date(2019, 12, 31)
    )
    assert isinstance(refused, NoFigure)
    assert "31/12/2019" in refused.detail


def trial(law, day, *, by=Party.EMPLOYER, start=date(2026, 12, 1), last=date(2027, 7, 31)):
    told = datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)
    return trial_notice_due(law, by=by, started_on=start, told_at=told, trial_last_day=last)


@pytest.mark.parametrize(
    ("day", "words", "end"),
    [
        (date(2026, 12, 7), "24 heures", date(2026, 12, 8)),
        (date(2026, 12, 8), "48 heures", date(2026, 12, 10)),
        (date(2026, 12, 31), "48 heures", date(2027, 1, 2)),
        (date(2027, 1, 1), "deux semaines", date(2027, 1, 15)),
        (date(2027, 2, 28), "deux semaines", date(2027, 3, 14)),
        (date(2027, 3, 1), "un mois", date(2027, 4, 1)),
    ],
)
def test_the_employers_notice_in_trial_grows_with_presence(law, day, words, end):
    due = trial(law, day)
    assert (due.words, due.ends_at.date(), due.is_cut) == (words, end, False)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 12, 1), 24), (date(2026, 12, 7), 24), (date(2026, 12, 8), 48), (date(2027, 6, 1), 48)],
)
def test_the_persons_notice_in_trial_is_a_day_then_two(law, day, hours):
    assert trial(law, day, by=Party.EMPLOYEE).hours == hours


def test_notice_never_makes_a_trial_longer_and_the_employer_pays_the_rest(law):
    due = trial(law, date(2027, 1, 25), last=date(2027, 1, 31))
    assert isinstance(due, TrialNotice)
    assert due.ends_at == datetime(2027, 2, 8, 10, 0, tzinfo=UTC)
    assert due.work_ends_at == datetime(2027, 2, 1, tzinfo=UTC)
    assert (due.is_cut, due.is_pay_due) == (True, True)
    own = trial(law, date(2027, 1, 31), last=date(2027, 1, 31), by=Party.EMPLOYEE)
    assert (own.is_cut, own.is_pay_due) == (True, False)


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2027, 8, 1)])
def test_notice_before_or_after_the_trial_is_refused(law, day):
    assert isinstance(trial(law, day), Refused)


def test_a_trial_that_ends_before_it_starts_is_refused(law):
    assert trial(law, date(2026, 12, 5), last=date(2026, 11, 1)).field == "trial_last_day"


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 2, 16), date(2026, 4, 30), 10),
        (date(2026, 2, 2), date(2026, 3, 29), 8),
        (date(2026, 2, 2), date(2026, 2, 5), 1),
    ],
)
def test_leaving_a_fixed_term_for_an_open_one_takes_a_day_a_week(law, start, end, days):
    due = fixed_term_notice_due(law, start=start, end=end, told_on=start)
    assert isinstance(due, FixedTermNotice)
    assert due.worked_days == days


def test_leaving_a_fixed_term_that_cannot_be_is_refused(law):
    start, end = date(2026, 2, 2), date(2026, 3, 29)
    assert fixed_term_notice_due(law, start=end, end=start, told_on=start).field == "end"
    assert fixed_term_notice_due(law, start=start, end=end, told_on=date(2026, 4, 1)).field == "told_on"
    assert fixed_term_notice_due(law, start=start, end=end, told_on=start, worked_days_per_week=8).field == (
        "worked_days_per_week"
    )
    old = fixed_term_notice_due(law, start=date(2018, 1, 1), end=date(2018, 6, 1), told_on=date(2018, 2, 1))
    assert isinstance(old, NoFigure)


def test_a_notice_names_its_texts(law):
    due = after(law, 30, EMPLOYEE, Ending.DISMISSAL)
    assert isinstance(due, Notice)
    assert due.sources == ("Code du travail, art. L1234-1 3°", "CCN art. 19.1")
