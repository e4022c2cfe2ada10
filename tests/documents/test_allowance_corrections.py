from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from documents.allowance_corrections import AllowanceCorrection, correct
from documents.allowances import AgreementKind, AllowanceMode, AllowanceRefused, MonthWorked, statement

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def settled(law, days, *, paid=None, month=MARCH, receipts=0):
    worked = MonthWorked(month=month, days=days)
    return statement(
        law,
        worked,
        mode=AllowanceMode.PER_DAY,
        agreement=AgreementKind.NONE,
        paid_cents=paid,
        receipts_cents=receipts,
    )


def test_a_day_too_many_is_taken_back(law):
    made = correct(settled(law, 18), settled(law, 17), settled_in=MAY)
    assert (made.paid_cents, made.exempt_cents, made.taxable_cents) == (-270, -270, 0)
    assert [line.cents for line in made.lines] == [-270]


def test_what_was_paid_stays_and_only_the_split_moves(law):
    made = correct(settled(law, 20, paid=8000), settled(law, 18, paid=8000), settled_in=MAY)
    assert (made.paid_cents, made.exempt_cents, made.taxable_cents) == (0, -540, 540)


def test_late_receipts_give_the_contributions_back(law):
    made = correct(settled(law, 20, paid=8000), settled(law, 20, paid=8000, receipts=7000), settled_in=MAY)
    assert (made.exempt_cents, made.taxable_cents) == (1600, -1600)
    assert any("Exonéré" in reason for reason in made.reasons)


def test_a_past_month_keeps_the_law_of_its_own_year(law):
    december = date(2025, 12, 1)
    made = correct(
        settled(law, 5, month=december), settled(law, 6, month=december), settled_in=date(2026, 2, 1)
    )
    assert made.paid_cents == 270
    assert "2025" in settled(law, 6, month=december).ceiling.valid_from.isoformat()


def test_nothing_changed_leaves_no_line(law):
    made = correct(settled(law, 18), settled(law, 18), settled_in=MAY)
    assert made.lines == ()
    assert made.reasons[0] == "Rien ne change."


def test_another_month_or_a_month_not_past_is_refused(law):
    other = settled(law, 18, month=date(2026, 4, 1))
    assert isinstance(correct(settled(law, 18), other, settled_in=MAY), AllowanceRefused)
    assert isinstance(correct(settled(law, 18), settled(law, 17), settled_in=MARCH), AllowanceRefused)


@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 9000)), min_size=2, max_size=5))
def test_corrections_one_after_the_other_add_up_to_the_last_statement(law, steps):
    made = [settled(law, days, paid=paid) for days, paid in steps]
    moved = [correct(before, after, settled_in=MAY) for before, after in pairwise(made)]
    assert all(isinstance(one, AllowanceCorrection) for one in moved)
    for field in ("paid_cents", "exempt_cents", "taxable_cents"):
        total = getattr(made[0], field) + sum(getattr(one, field) for one in moved)
        assert total == getattr(made[-1], field)
    assert all(one.exempt_cents + one.taxable_cents == one.paid_cents for one in moved)
    assert all(sum(line.cents for line in one.lines) == one.paid_cents for one in moved)
