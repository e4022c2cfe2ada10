from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.allowance_days import (
    Absence,
    AbsenceKind,
    HomeRhythm,
    agreed_pay,
    home_days_of,
    month_of_schedule,
    planned_days,
)
from documents.allowances import AllowanceMode, MonthWorked
from documents.faults import Fault
from documents.kinds import DocumentKind
from documents.money import NO_BREAK
from documents.packs import PackRefused
from documents.papers.allowance_statements import Rhythm
from documents.papers.shelf import PAPERS
from tests.documents.papers.reading import ISSUED_AT, facts_of, plan_of, with_fact, words_of

KIND = DocumentKind.ALLOWANCE_STATEMENT
WHOLE, INCOMPLETE, GROUP = (
    "whole-month-per-day",
    "incomplete-month-agreed-rate",
    "group-agreement-with-corrections",
)
OCTOBER = date(2026, 10, 1)


def told(facts, law):
    plan = plan_of(KIND, facts, law)
    assert not isinstance(plan, PackRefused), plan
    return words_of(plan.html).replace(NO_BREAK, " ")


def stopped(facts, law, **more):
    plan = plan_of(KIND, facts, law, **more)
    assert isinstance(plan, PackRefused)
    return {(item.fault, item.field) for item in plan.missing}


def test_days_come_from_the_schedule_and_the_ceiling_from_the_law_of_the_month(law):
    said = told(facts_of(KIND, WHOLE), law)
    assert "Plafond, par jour 18 jours × 2,70 € 48,60 €" in said
    assert "18 sur 18 prévus, mois complet" in said
    assert "Total, octobre 2026 48,60 €" in said


def test_an_incomplete_month_shows_both_modes_and_keeps_the_lower(law):
    said = told(facts_of(KIND, INCOMPLETE), law)
    assert "Plafond, par mois 3 jours par semaine × 11,00 € 33,00 €" in said
    assert "Plafond, par jour 9 jours × 2,70 € 24,30 €" in said
    assert "Plafond retenu le plus bas des deux 24,30 €" in said
    assert "3 jours par semaine × 15,00 € × 9 / 13 jours prévus 31,15 €" in said
    assert "24,30 € exonérés, 6,85 € soumis" in said
    assert "12 congé" in said
    assert "28 maladie" in said


def test_past_months_are_settled_by_difference_each_by_its_own_law(law):
    said = told(facts_of(KIND, GROUP), law)
    assert "18 jours × 3,25 € 59,50 € 63,00 € 3,50 € 3,25 € 0,25 €" in said
    assert "18 jours × 3,30 € 70,00 € 63,00 € −7,00 € −6,60 € −0,40 €" in said
    assert "66,50 €, dont −3,50 € de corrections" in said
    assert "63,65 € exonérés, 2,85 € soumis" in said


def test_a_group_agreement_raises_the_ceiling_and_receipts_reach_beyond_it(law):
    said = told(facts_of(KIND, GROUP), law)
    assert "20 jours × 3,30 € 66,00 €" in said
    assert "Part exonérée sans cotisations 67,00 €" in said
    company = with_fact(facts_of(KIND, GROUP), "employer.telework_basis", "company")
    assert "20 jours × 2,70 € 54,00 €" in told(company, law)
    assert "Un accord d’entreprise ou une charte ne relève pas le plafond" in told(company, law)


def test_days_really_worked_take_the_place_of_the_schedule(law):
    said = told(facts_of(KIND, GROUP), law)
    assert "20 sur 22 prévus" in said
    assert "14 non compté" in said
    assert "Les jours comptés viennent des relevés de travail" in said


def test_a_statement_before_the_end_of_the_month_says_so(law):
    november = with_fact(facts_of(KIND, WHOLE), "details.month", "2026-11-01")
    assert "avant la fin du mois" in told(november, law)
    assert "avant la fin du mois" not in told(facts_of(KIND, WHOLE), law)


def test_a_ceiling_past_its_review_day_waits_for_a_named_person(law):
    january = with_fact(facts_of(KIND, WHOLE), "details.month", "2027-01-01")
    later = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
    found = stopped(january, law, issued_at=later)
    assert found == {(Fault.UNCONFIRMED, "confirmations.telework-allowance/regular/2026-01-01")}
    vouched = with_fact(
        january,
        "confirmations",
        [
            {
                "figure": "telework-allowance/regular/2026-01-01",
                "amount_cents": 270,
                "confirmed_by": "Samir Benkacem",
                "confirmed_on": "2027-01-20",
            }
        ],
    )
    plan = plan_of(KIND, vouched, law, issued_at=later)
    assert "vérifié par Samir Benkacem le 20/01/2027" in words_of(plan.html).replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("path", "value", "fault", "field"),
    [
        ("month", None, Fault.ABSENT, "month"),
        ("month", "2026-12-01", Fault.INCONSISTENT, "month"),
        ("worked_on", [], Fault.ABSENT, "rhythms"),
        ("worked_on.1", "2026-09-30", Fault.INCONSISTENT, "worked_on.1"),
        ("worked_on.1", "2026-10-01", Fault.INCONSISTENT, "worked_on.1"),
        ("absences", [{"start": "2026-10-05", "end": "2026-10-05"}], Fault.INCONSISTENT, "worked_on.2"),
        ("absences", [{"start": "2026-10-05", "end": "2026-10-01"}], Fault.INCONSISTENT, "rhythms"),
        ("corrections.0.month", "2026-10-01", Fault.INCONSISTENT, "corrections.0.month"),
        ("corrections.0.month", "2026-03-15", Fault.INCONSISTENT, "corrections.1.month"),
        ("corrections.0.month", "2019-03-01", Fault.INCONSISTENT, "corrections.0.month"),
        ("corrections.0.why", None, Fault.ABSENT, "corrections.0.why"),
    ],
)
def test_what_is_absent_or_cannot_be_is_named_at_its_field(law, path, value, fault, field):
    facts = facts_of(KIND, GROUP)
    if path == "worked_on":
        facts = with_fact(facts, "details.rhythms", [])
    if field == "rhythms" and fault is Fault.INCONSISTENT:
        facts = with_fact(facts, "details.worked_on", [])
    assert (fault, f"details.{field}") in stopped(with_fact(facts, f"details.{path}", value), law)


def test_the_month_mode_asks_for_the_rhythm_even_with_the_days_worked(law):
    facts = with_fact(with_fact(facts_of(KIND, GROUP), "details.mode", "month"), "details.rhythms", [])
    assert (Fault.ABSENT, "details.rhythms") in stopped(facts, law)


def test_a_past_incomplete_month_at_an_agreed_rate_asks_for_its_planned_days(law):
    past = {
        "month": "2026-06-01",
        "why": "arrêt connu plus tard",
        "settled_days": 12,
        "due_days": 8,
        "settled_weekly_days": 3,
        "due_weekly_days": 3,
        "is_whole": False,
    }
    facts = with_fact(facts_of(KIND, INCOMPLETE), "details.corrections", [past])
    assert stopped(facts, law) == {(Fault.INCONSISTENT, "details.corrections.0.planned_days")}
    shared = with_fact(facts, "details.corrections.0.planned_days", 13)
    assert "45,00 € 27,69 € −17,31 € −11,40 € −5,91 €" in told(shared, law)


def test_what_is_asked_back_becomes_a_task_of_the_person(law):
    (due,) = PAPERS[KIND].deadlines(facts_of(KIND, WHOLE), law, ISSUED_AT.date())
    assert (due.on, due.holder) == (date(2026, 11, 30), "person")


def test_a_hiring_fills_in_mode_and_home_days(full_time):
    given_details = PAPERS[KIND].prefill(full_time)
    assert given_details["mode"] is full_time.allowance.mode
    rhythm = Rhythm.model_validate(given_details["rhythms"][0])
    assert (rhythm.start, rhythm.weekdays) == (full_time.offer.start_date, (0, 1, 2, 3, 4))


def test_a_rhythm_without_a_day_is_named(law):
    facts = with_fact(facts_of(KIND, WHOLE), "details.rhythms", [{"start": "2026-03-02"}])
    assert (Fault.ABSENT, "details.rhythms.0.monday") in stopped(facts, law)


weekdays = st.sets(st.integers(0, 6), min_size=1, max_size=6)
days = st.dates(date(2026, 9, 1), date(2026, 11, 30))


@given(
    one=weekdays, other=weekdays, change=days, away=st.tuples(days, days), closed=st.sets(days, max_size=4)
)
def test_days_told_one_by_one_are_those_that_are_counted(one, other, change, away, closed):
    rhythms = [
        HomeRhythm(start=date(2026, 1, 1), end=change, weekdays=tuple(one)),
        HomeRhythm(start=date.fromordinal(change.toordinal() + 1), weekdays=tuple(other)),
    ]
    absences = [Absence(start=min(away), end=max(away), kind=AbsenceKind.SICKNESS)]
    told_days = home_days_of(OCTOBER, rhythms, absences=absences, closed=closed)
    month = month_of_schedule(OCTOBER, rhythms, absences=absences, closed=closed)
    assert sum(day.is_counted for day in told_days) == month.days
    assert month.days <= planned_days(OCTOBER, rhythms, closed=closed)


def test_a_month_begun_is_shared_by_the_days_of_the_whole_month():
    rhythm = HomeRhythm(start=date(2026, 10, 19), weekdays=(0, 3))
    assert planned_days(OCTOBER, [rhythm]) == 9
    worked = month_of_schedule(OCTOBER, [rhythm])
    assert worked.days == 4
    assert agreed_pay(worked, mode=AllowanceMode.MONTHLY, rate_cents=2000, planned=9) == 1778
    assert agreed_pay(worked, mode=AllowanceMode.MONTHLY, rate_cents=2000, planned=0) is None
    whole = MonthWorked(month=OCTOBER, weekly_days=2, days=9)
    assert agreed_pay(whole, mode=AllowanceMode.MONTHLY, rate_cents=2000, planned=None) == 4000


@pytest.mark.parametrize(("slug", "pages"), [(WHOLE, 1), (INCOMPLETE, 1), (GROUP, 2)])
def test_a_plain_statement_is_one_page(issued, slug, pages):
    assert len(issued(KIND, slug).pages) == pages
