from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from documents.allowance_days import HomeRhythm, month_of_schedule
from documents.allowance_schedules import OPEN, Contracts, days_of_contracts

MAY = date(2026, 5, 1)
CLOSED = (date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25))


def contracts(*held: tuple[int, date, date | None]) -> Contracts:
    return Contracts(
        home_days=np.array([mask for mask, _, _ in held], dtype=np.int64),
        starts=np.array([start.toordinal() for _, start, _ in held], dtype=np.int64),
        ends=np.array([end.toordinal() if end else OPEN for _, _, end in held], dtype=np.int64),
    )


def test_two_days_a_week_less_the_holidays_of_may():
    found = days_of_contracts(MAY, contracts((0b10001, date(2026, 1, 5), None)), closed=CLOSED)
    assert (found.days[0], found.weekly_days[0], found.is_whole[0]) == (6, 2, True)


def test_a_contract_that_ends_before_the_month_gives_nothing():
    found = days_of_contracts(MAY, contracts((0b11111, date(2026, 1, 5), date(2026, 4, 30))))
    assert (found.days[0], found.weekly_days[0], found.is_whole[0]) == (0, 0, False)


held = st.tuples(
    st.integers(0, 127).filter(lambda mask: mask.bit_count() <= 6),
    st.integers(-40, 40).map(lambda days: MAY + timedelta(days=days)),
    st.none() | st.integers(0, 60),
).map(lambda one: (one[0], one[1], None if one[2] is None else one[1] + timedelta(days=one[2])))


@given(st.lists(held, min_size=1, max_size=8))
def test_everybody_in_columns_has_what_the_single_schedule_gives(people):
    found = days_of_contracts(MAY, contracts(*people), closed=CLOSED)
    for place, (mask, start, end) in enumerate(people):
        rhythm = HomeRhythm(start=start, end=end, weekdays=tuple(day for day in range(7) if mask >> day & 1))
        one = month_of_schedule(MAY, [rhythm], closed=CLOSED)
        got = (found.days[place], found.weekly_days[place], found.is_whole[place])
        assert got == (one.days, one.weekly_days, one.is_whole)
