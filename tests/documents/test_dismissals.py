from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.dismissals import DismissalIndemnity, dismissal_indemnity
from documents.rates import NoFigure, Status
from documents.spans import Refused, months_later
from documents.terms import Text

LEFT = date(2026, 7, 1)


def due(law, months, *, status=Status.EMPLOYEE, cents=280000, **more):
    hired = months_later(LEFT, -months)
    return dismissal_indemnity(law, status=status, hired_on=hired, left_on=LEFT, monthly_cents=cents, **more)


@pytest.mark.parametrize(
    ("years", "cents"),
    [(1, 0), (2, 56000), (7, 220000), (14, 564000), (22, 1040000), (33, 1880000), (52, 3360000)],
)
@pytest.mark.parametrize("status", [Status.EMPLOYEE, Status.SUPERVISOR])
def test_the_branch_indemnity_is_the_published_one(law, years, cents, status):
    assert due(law, years * 12, status=status).branch_cents == cents


@pytest.mark.parametrize(
    ("months", "cents"), [(7, 0), (8, 46667), (24, 140000), (120, 700000), (132, 793333)]
)
def test_the_legal_indemnity_stands_where_it_is_better_and_is_to_be_read_again(law, months, cents):
    found = due(law, months)
    assert isinstance(found, DismissalIndemnity)
    assert (found.amount_cents, found.code_cents) == (cents, cents)
    assert [one.figure for one in found.unsettled] == ["dismissal-indemnity/code/2020-01-01"]


@given(months=st.integers(0, 600), status=st.sampled_from(Status))
def test_a_longer_seniority_never_lowers_the_better_of_both(law, months, status):
    less, more = due(law, months, status=status), due(law, months + 1, status=status)
    assert less.amount_cents == max(less.code_cents, less.branch_cents or 0) <= more.amount_cents


def test_executives_get_the_code_while_the_branch_scale_is_not_known(law):
    found = due(law, 60, status=Status.EXECUTIVE)
    assert (found.branch_cents, found.basis, found.amount_cents) == (None, Text.CODE, 350000)


def test_gross_misconduct_gives_nothing(law):
    assert due(law, 240, has_gross_misconduct=True).amount_cents == 0


def test_a_dismissal_that_cannot_be_is_refused(law):
    assert isinstance(due(law, -1), Refused)
    assert due(law, 60, cents=0).field == "monthly_cents"
    old = dismissal_indemnity(
        law, status=Status.EMPLOYEE, hired_on=date(2010, 1, 1), left_on=date(2019, 1, 1), monthly_cents=200000
    )
    assert isinstance(old, NoFigure)
