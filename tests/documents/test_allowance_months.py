from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.allowance_months import PersonMonth, in_columns, split_month
from documents.allowances import AgreementKind, AllowanceMode, AllowanceRefused, MonthWorked, statement

MONTHS = tuple(
    date(year, month, 1) for year in (2019, 2020, 2021, 2023, 2026, 2027, 2030) for month in (2, 7)
)


def person(month):
    worked = st.builds(
        MonthWorked,
        month=st.just(month),
        weekly_days=st.integers(0, 6),
        days=st.none() | st.integers(0, 31),
        is_whole=st.booleans(),
    )
    return st.builds(
        PersonMonth,
        worked=worked,
        mode=st.sampled_from(AllowanceMode),
        agreement=st.sampled_from(AgreementKind),
        paid_cents=st.none() | st.integers(0, 20_000),
        receipts_cents=st.integers(-100, 12_000),
    )


everybody = st.sampled_from(MONTHS).flatmap(
    lambda month: st.tuples(st.just(month), st.lists(person(month), max_size=30))
)


@settings(deadline=None)
@given(everybody)
def test_columns_say_of_each_what_the_single_statement_says(law, month_and_people):
    month, people = month_and_people
    made = split_month(law, in_columns(people, month=month))
    for place, one in enumerate(people):
        alone = statement(
            law,
            one.worked,
            mode=one.mode,
            agreement=one.agreement,
            paid_cents=one.paid_cents,
            receipts_cents=one.receipts_cents,
        )
        columns = (made.ceiling_cents, made.paid_cents, made.exempt_cents, made.taxable_cents)
        figures = tuple(int(column[place]) for column in columns)
        if isinstance(alone, AllowanceRefused):
            assert made.details[made.refusal[place]] == alone.detail
            assert figures == (0, 0, 0, 0)
        else:
            assert made.refusal[place] == 0
            assert figures == (
                alone.ceiling.ceiling_cents,
                alone.paid_cents,
                alone.exempt_cents,
                alone.taxable_cents,
            )


def test_one_refusal_stops_nobody_else(law):
    month = date(2026, 3, 1)
    fine = PersonMonth(worked=MonthWorked(month=month, days=18), mode=AllowanceMode.PER_DAY)
    lacking = PersonMonth(worked=MonthWorked(month=month), mode=AllowanceMode.PER_DAY)
    made = split_month(law, in_columns([fine, lacking, fine], month=month))
    assert made.exempt_cents.tolist() == [4860, 0, 4860]
    assert np.flatnonzero(made.refusal).tolist() == [1]


def test_another_month_and_a_negative_sum_are_named_by_place():
    month = date(2026, 3, 1)
    fine = PersonMonth(worked=MonthWorked(month=month, days=18), mode=AllowanceMode.PER_DAY)
    other = fine.model_copy(update={"worked": MonthWorked(month=date(2026, 4, 1), days=1)})
    with pytest.raises(ValueError, match="person 2"):
        in_columns([fine, other], month=month)
    with pytest.raises(ValueError, match="person 1"):
        in_columns([fine.model_copy(update={"paid_cents": -1})], month=month)
