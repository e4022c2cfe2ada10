from datetime import date

import pytest

from documents.pay import AnnualGuarantee, annual_guarantee, minimum_due
from documents.rates import NoFigure
from documents.spans import Refused

PUBLISHED = """
120 172094 182262
130 172870 183083
140 173645 183904
150 174420 184725
160 175195 185546
170 176746 187188
190 179071 189651
200 184111 189655
220 190687 196429
230 195801 201697
240 201280 207341
250 206395 212610
260 213335 219759
280 244915 247398
290 262435 265095
300 307330 310445
330 311710 314870
360 333245 336623
390 360620 364276
420 387630 391559
450 473770 478573
500 560275 565955
550 617215 623472
"""
ROWS = [tuple(int(part) for part in line.split()) for line in PUBLISHED.split("\n") if line]


@pytest.mark.parametrize(("coefficient", "before", "after"), ROWS)
def test_both_grids_are_the_published_ones(law, coefficient, before, after):
    extended = minimum_due(law, on=date(2025, 6, 30), coefficient=coefficient, weekly_minutes=2100)
    first_grid = minimum_due(law, on=date(2025, 7, 1), coefficient=coefficient, weekly_minutes=2100)
    assert (extended.grid_cents, first_grid.grid_cents) == (before, after)


def test_no_coefficient_is_forgotten(law):
    assert {row.coefficient for row in law.grid} == {coefficient for coefficient, _, _ in ROWS}


def test_an_amount_of_the_extended_grid_needs_nobody_and_one_of_the_next_does(law):
    extended = minimum_due(law, on=date(2025, 6, 30), coefficient=300, weekly_minutes=2100)
    computed = minimum_due(law, on=date(2025, 7, 1), coefficient=300, weekly_minutes=2100)
    assert (extended.unconfirmed, len(computed.unconfirmed)) == ((), 1)


def test_the_annual_guarantee_of_coefficient_280_is_the_published_one(law):
    found = annual_guarantee(law, on=date(2024, 5, 1), coefficient=280)
    assert isinstance(found, AnnualGuarantee)
    assert (found.annual_cents, found.monthly_cents, found.unconfirmed) == (3232878, 220424, ())


def test_the_annual_guarantee_asks_for_a_coefficient_and_a_date_it_knows(law):
    assert isinstance(annual_guarantee(law, on=date(2024, 5, 1), coefficient=260), Refused)
    assert isinstance(annual_guarantee(law, on=date(2024, 5, 1), coefficient=281), NoFigure)
    assert isinstance(annual_guarantee(law, on=date(2022, 5, 1), coefficient=280), NoFigure)
