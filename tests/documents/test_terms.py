from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import law as law_module
from documents import terms
from documents.rates import RatesError, Status
from documents.spans import Span, months_later, overlap_fault, same_day_or_month_end, whole_months
from documents.terms import Ending, SpecialDay, Text, in_force

ON = date(2026, 11, 22)


def test_what_contracts_quote_is_what_the_dated_tables_say(law):
    rules = law.rules_on(ON)
    part, table = rules.part_time, in_force(law.terms.complementary_hours, ON)[0]
    for name in (
        "full_time_minutes",
        "complementary_share",
        "first_tier_share",
        "first_tier_increase_percent",
        "second_tier_increase_percent",
        "excess_minutes",
        "excess_weeks",
    ):
        assert getattr(part, name) == getattr(table, name), name
    assert in_force(law.terms.end_of_fixed_term, ON)[0].percent == rules.fixed_term.end_indemnity_percent
    days = {row.kind: row.increase_percent for row in in_force(law.terms.special_days, ON)}
    assert days == dict.fromkeys(SpecialDay, rules.premiums.sunday_percent)


@pytest.mark.parametrize("status", Status)
def test_the_notice_and_trial_that_contracts_quote_are_the_dated_ones(law, status):
    rules = law.rules_on(ON)
    rows = [row for row in in_force(law.terms.notice, ON) if row.text is Text.BRANCH and row.status is status]
    resignation = [row.months for row in rows if row.ending is Ending.RESIGNATION]
    dismissal = [row.months for row in rows if row.ending is Ending.DISMISSAL]
    assert resignation == [getattr(rules.notice.resignation_months, status)]
    assert dismissal[0] == getattr(rules.notice.dismissal_months, status)
    assert dismissal[-1] == getattr(rules.notice.dismissal_after_two_years_months, status)
    trial = next(row for row in in_force(law.terms.trial, ON) if row.status is status)
    assert trial.months == getattr(rules.trial.cdi_months, status)


def test_every_term_names_its_source_and_packs_do_not_rest_on_it(law):
    tables = [getattr(law.terms, name) for name in type(law.terms).model_fields if name != "editions"]
    assert all(row.source for rows in tables for row in rows)
    assert len(law.terms.editions) == len(tables)
    assert not set(law.terms.editions) & set(law.editions)


NEW_RATE = """
terms: end-of-fixed-term
edition: "2027-01"
title: "t"
rows:
  - {valid_from: 2027-01-01, percent: 12, reduced_percent: 6, source: "essai", confidence: V}
"""


def test_a_new_year_of_terms_is_a_new_file(law_texts):
    law = law_module.gather(law_texts | {"terms/end-of-fixed-term/2027-01.yaml": NEW_RATE})
    assert in_force(law.terms.end_of_fixed_term, ON)[0].percent == 10
    assert in_force(law.terms.end_of_fixed_term, date(2027, 1, 1))[0].percent == 12


@pytest.mark.parametrize(
    "bad", ["terms: nothing", "terms: notice\nrows: []", NEW_RATE.replace("12", "0"), "terms: [", "[]"]
)
def test_a_file_that_is_no_table_of_terms_is_refused(bad):
    with pytest.raises(RatesError):
        terms.read(bad)


def test_a_table_of_terms_that_lacks_is_named(law_texts):
    rest = {name: text for name, text in law_texts.items() if "terms/notice" not in name}
    with pytest.raises(RatesError, match="notice"):
        law_module.gather(rest)


def test_a_broken_file_of_terms_is_named(law_texts):
    with pytest.raises(RatesError, match=r"^terms/new\.yaml"):
        law_module.gather(law_texts | {"terms/new.yaml": "terms: nothing"})


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), months=st.integers(0, 480))
def test_months_later_are_that_many_whole_months(day, months):
    assert whole_months(day, months_later(day, months)) == months
    assert 0 <= (months_later(day, months) - same_day_or_month_end(day, months)).days <= 3


def test_two_contracts_that_share_a_day_overlap():
    first = Span(first=date(2026, 1, 1), last=date(2026, 3, 31))
    assert overlap_fault((first, Span(first=date(2026, 4, 1), last=date(2026, 5, 1))), field="c") is None
    assert (
        "31/03/2026"
        in overlap_fault((Span(first=date(2026, 3, 31), last=date(2026, 5, 1)), first), field="c").detail
    )
