from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.allowances import (
    AgreementKind,
    AllowanceMode,
    AllowanceRefused,
    AllowanceStatement,
    MonthWorked,
    ceiling,
    statement,
)

DAY, MONTH = AllowanceMode.PER_DAY, AllowanceMode.MONTHLY
NONE, BRANCH, GROUP = AgreementKind.NONE, AgreementKind.BRANCH, AgreementKind.GROUP

VECTORS = [
    (2026, DAY, 18, NONE, 4860),
    (2026, DAY, 22, NONE, 5940),
    (2026, DAY, 23, NONE, 5940),
    (2026, MONTH, 2, NONE, 2200),
    (2026, MONTH, 5, NONE, 5500),
    (2026, DAY, 20, BRANCH, 6600),
    (2026, DAY, 23, GROUP, 7260),
    (2026, MONTH, 3, BRANCH, 3960),
    (2025, MONTH, 2, NONE, 2180),
    (2024, MONTH, 3, NONE, 3210),
    (2023, DAY, 10, NONE, 2600),
    (2022, DAY, 5, NONE, 1250),
]


def worked(year, mode, count, **more):
    known = {"days": count} if mode is DAY else {"weekly_days": count}
    return MonthWorked(month=date(year, 3, 1), **known, **more)


@pytest.mark.parametrize(("year", "mode", "count", "agreement", "cents"), VECTORS)
def test_the_published_vectors_hold_to_the_cent(law, year, mode, count, agreement, cents):
    assert ceiling(law, worked(year, mode, count), mode=mode, agreement=agreement).ceiling_cents == cents


def test_pay_above_the_ceiling_without_receipts_is_taxable(law):
    done = statement(law, worked(2026, DAY, 20), mode=DAY, agreement=NONE, paid_cents=8000)
    assert (done.exempt_cents, done.taxable_cents) == (5400, 2600)
    assert [line.cents for line in done.lines] == [5400, 2600]


def test_a_company_agreement_does_not_raise_the_ceiling(law):
    done = statement(
        law, worked(2026, DAY, 20), mode=DAY, agreement=AgreementKind.COMPANY, paid_cents=20 * 330
    )
    assert (done.exempt_cents, done.taxable_cents) == (5400, 1200)


def test_the_per_day_mode_does_not_exist_in_2020(law):
    refused = ceiling(law, worked(2020, DAY, 10), mode=DAY, agreement=NONE)
    assert isinstance(refused, AllowanceRefused)
    assert "per-day mode not available before 2021" in refused.detail


def test_receipts_keep_the_excess_exempt_as_far_as_they_go(law):
    done = statement(
        law, worked(2026, DAY, 20), mode=DAY, agreement=NONE, paid_cents=8000, receipts_cents=7000
    )
    assert (done.exempt_cents, done.taxable_cents) == (7000, 1000)


def test_an_incomplete_month_keeps_the_lower_of_both_modes(law):
    part = MonthWorked(month=date(2026, 3, 1), weekly_days=5, days=8, is_whole=False)
    assert ceiling(law, part, mode=MONTH, agreement=NONE).ceiling_cents == 2160
    nearly = part.model_copy(update={"days": 22})
    assert ceiling(law, nearly, mode=MONTH, agreement=NONE).ceiling_cents == 5500


def test_an_incomplete_month_asks_for_the_days_really_worked(law):
    refused = ceiling(law, worked(2026, MONTH, 3, is_whole=False), mode=MONTH, agreement=NONE)
    assert "jours réellement télétravaillés" in refused.detail


def test_an_agreement_before_its_scale_uses_the_regular_ceiling(law):
    found = ceiling(
        law, MonthWorked(month=date(2021, 3, 1), weekly_days=2), mode=MONTH, agreement=AgreementKind.BRANCH
    )
    assert (found.ceiling_cents, found.scale) == (2000, "regular")


def test_a_month_without_data_is_refused_in_words(law):
    refused = ceiling(law, worked(2015, MONTH, 2), mode=MONTH, agreement=NONE)
    assert isinstance(refused, AllowanceRefused)
    assert "01/03/2015" in refused.detail


def test_next_year_serves_the_known_rate_but_asks_for_a_confirmation(law):
    found = ceiling(law, worked(2027, MONTH, 2), mode=MONTH, agreement=NONE)
    assert found.ceiling_cents == 2200
    assert [doubt.amount_cents for doubt in found.unconfirmed] == [1100]


@given(
    days=st.integers(0, 31),
    weekly=st.integers(0, 6),
    paid=st.integers(0, 100_000),
    receipts=st.integers(0, 100_000),
    mode=st.sampled_from(AllowanceMode),
    agreement=st.sampled_from(AgreementKind),
    whole=st.booleans(),
)
def test_exempt_and_taxable_always_sum_to_what_was_paid(
    law, days, weekly, paid, receipts, mode, agreement, whole
):
    month = MonthWorked(month=date(2026, 5, 1), weekly_days=weekly, days=days, is_whole=whole)
    done = statement(law, month, mode=mode, agreement=agreement, paid_cents=paid, receipts_cents=receipts)
    assert isinstance(done, AllowanceStatement)
    assert done.exempt_cents + done.taxable_cents == paid == sum(line.cents for line in done.lines)
    assert 0 <= done.exempt_cents <= max(done.ceiling.ceiling_cents, receipts)


def test_a_month_never_has_more_days_than_the_calendar(law):
    refused = ceiling(law, worked(2026, DAY, 31, is_whole=False), mode=DAY, agreement=NONE)
    assert not isinstance(refused, AllowanceRefused)
    february = MonthWorked(month=date(2026, 2, 1), days=29)
    assert "28 jours" in ceiling(law, february, mode=DAY, agreement=NONE).detail


def test_reasons_name_the_figure_the_agreement_and_what_looks_odd(law):
    charter = statement(
        law,
        MonthWorked(month=date(2026, 3, 1), weekly_days=2, days=18, is_whole=False),
        mode=DAY,
        agreement=AgreementKind.CHARTER,
        paid_cents=9000,
        receipts_cents=6000,
    )
    told = " ".join(charter.reasons)
    for said in (
        "en vigueur depuis le 01/01/2026",
        "charte",
        "Mois incomplet",
        "Justificatifs",
        "À vérifier",
    ):
        assert said in told
    assert [line.cents for line in charter.lines] == [4860, 1140, 3000]
