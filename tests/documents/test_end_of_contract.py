from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.end_of_contract import EndIndemnity, GrossPay, end_indemnity
from documents.rates import NoFigure
from documents.spans import Refused, Span
from documents.terms import NoIndemnity

SUMMER = (Span(first=date(2026, 7, 1), last=date(2026, 9, 30)),)


def month(first, last, cents=186702):
    return GrossPay(first=first, last=last, gross_cents=cents)


THREE_MONTHS = (
    month(date(2026, 7, 1), date(2026, 7, 31)),
    month(date(2026, 8, 1), date(2026, 8, 31)),
    month(date(2026, 9, 1), date(2026, 9, 30)),
)


def test_three_months_at_the_smic_give_560_11(law):
    due = end_indemnity(law, periods=SUMMER, paid=THREE_MONTHS)
    assert isinstance(due, EndIndemnity)
    assert (due.amount_cents, due.gross_cents, due.percent, due.article) == (56011, 560106, 10, "L1243-8")
    assert due.unsettled == ()


def test_an_agreement_that_offers_training_lowers_it_to_six_percent(law):
    due = end_indemnity(law, periods=SUMMER, paid=THREE_MONTHS, reducing_agreement="l'accord du 2 mars 2026")
    assert (due.amount_cents, due.percent, due.article) == (33606, 6, "L1243-9")
    assert "2 mars 2026" in due.reason
    assert isinstance(end_indemnity(law, periods=SUMMER, paid=THREE_MONTHS, reducing_agreement=" "), Refused)


@pytest.mark.parametrize("exception", NoIndemnity)
def test_each_exception_of_the_code_leaves_nothing_and_names_its_text(law, exception):
    due = end_indemnity(law, periods=SUMMER, paid=THREE_MONTHS, exception=exception)
    assert (due.amount_cents, due.is_due, due.not_due_because) == (0, False, exception)
    assert due.article.startswith("L124")
    assert due.reason.endswith(".")


def test_a_renewal_counts_with_its_contract(law):
    periods = (*SUMMER, Span(first=date(2026, 10, 1), last=date(2026, 10, 31)))
    due = end_indemnity(
        law, periods=periods, paid=(*THREE_MONTHS, month(date(2026, 10, 1), date(2026, 10, 31)))
    )
    assert due.amount_cents == 74681


@given(cents=st.lists(st.integers(0, 1_000_000), min_size=1, max_size=3))
def test_a_tenth_is_rounded_once_on_the_total(law, cents):
    paid = tuple(
        line.model_copy(update={"gross_cents": one}) for line, one in zip(THREE_MONTHS, cents, strict=False)
    )
    due = end_indemnity(law, periods=SUMMER, paid=paid)
    assert due.amount_cents == (sum(cents) + 5) // 10


@pytest.mark.parametrize(
    ("periods", "paid", "field"),
    [
        ((Span(first=date(2026, 9, 30), last=date(2026, 7, 1)),), THREE_MONTHS, "periods"),
        ((*SUMMER, Span(first=date(2026, 9, 30), last=date(2026, 10, 31))), THREE_MONTHS, "periods"),
        ((*SUMMER, Span(first=date(2026, 10, 2), last=date(2026, 10, 31))), THREE_MONTHS, "periods"),
        ((), THREE_MONTHS, "periods"),
        (SUMMER, (), "paid"),
        (SUMMER, (*THREE_MONTHS, THREE_MONTHS[0]), "paid"),
        (SUMMER, (month(date(2026, 6, 30), date(2026, 7, 31)),), "paid"),
        (SUMMER, (month(date(2026, 7, 31), date(2026, 7, 1)),), "paid"),
        (SUMMER, (month(date(2026, 7, 1), date(2026, 7, 31), -1),), "paid"),
    ],
)
def test_contracts_and_pay_that_cannot_be_are_refused(law, periods, paid, field):
    refused = end_indemnity(law, periods=periods, paid=paid)
    assert isinstance(refused, Refused)
    assert refused.field == field


@pytest.mark.parametrize("exception", [None, NoIndemnity.FORCE_MAJEURE])
def test_a_contract_of_a_day_without_rules_is_refused(law, exception):
    periods = (Span(first=date(2019, 1, 1), last=date(2019, 1, 31)),)
    paid = (month(date(2019, 1, 1), date(2019, 1, 31)),)
    assert isinstance(end_indemnity(law, periods=periods, paid=paid, exception=exception), NoFigure)
