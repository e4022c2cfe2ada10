from datetime import date
from decimal import Decimal

import pytest

from documents.occupation import Occupation, OccupationRefused, OccupationTerms, state_occupation
from documents.real_costs import HomeArea

APRIL = date(2026, 4, 1)
AGREED = OccupationTerms(
    start=date(2026, 1, 1), has_desk_on_site=False, is_telework_agreed=True, agreed_cents=6000
)
BY_AREA = OccupationTerms(
    start=date(2026, 1, 1),
    has_desk_on_site=False,
    is_telework_agreed=True,
    rental_value_cents=72000,
    area=HomeArea(home_m2=Decimal(54), work_m2=Decimal(9)),
    use_percent=25,
)


def test_an_agreed_sum_is_due_for_each_month_and_its_treatment_is_left_open():
    made = state_occupation(AGREED, month=APRIL)
    assert (made.is_due, made.cents) == (True, 6000)
    assert any("service de paie" in reason for reason in made.reasons)


def test_area_and_use_give_the_sum():
    assert state_occupation(BY_AREA, month=APRIL).cents == 3000


def test_a_month_covered_in_part_gives_its_days():
    started = AGREED.model_copy(update={"start": date(2026, 4, 16)})
    assert state_occupation(started, month=APRIL).cents == 3000
    ended = AGREED.model_copy(update={"end": date(2026, 3, 31)})
    assert state_occupation(ended, month=APRIL).cents == 0


@pytest.mark.parametrize(
    ("desk", "agreed", "is_due"), [(True, False, False), (True, True, True), (False, False, True)]
)
def test_it_is_due_without_a_desk_or_where_telework_is_agreed(desk, agreed, is_due):
    terms = AGREED.model_copy(update={"has_desk_on_site": desk, "is_telework_agreed": agreed})
    made = state_occupation(terms, month=APRIL)
    assert isinstance(made, Occupation)
    assert (made.is_due, bool(made.cents)) == (is_due, is_due)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": date(2025, 1, 1)}, "end"),
        ({"agreed_cents": -1}, "agreed_cents"),
        ({"agreed_cents": None}, "agreed_cents"),
        ({"use_percent": 101}, "use_percent"),
        ({"area": HomeArea(home_m2=Decimal(10), work_m2=Decimal(11))}, "area.work_m2"),
    ],
)
def test_terms_that_cannot_be_are_told_with_their_place(change, field):
    refused = state_occupation(AGREED.model_copy(update=change), month=APRIL)
    assert isinstance(refused, OccupationRefused)
    assert [fault.field for fault in refused.faults] == [field]
