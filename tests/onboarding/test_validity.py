"""How long a completion holds, and what a move to another edition keeps."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onboarding.continuous.validity import ValidityState, months_after, standing, term
from onboarding.paths.editions import carried
from tests.onboarding.samples import SENTENCES, sample

DONE = date(2026, 11, 22)
YEARLY = sample().model_copy(update={"valid_months": 12, "renewal_days": 30})


def state_on(today: date) -> ValidityState:
    found = term(YEARLY, completed_on=DONE)
    assert found is not None
    return standing(found.expires_on, renewal_on=found.renewal_on, today=today, sentences=SENTENCES).state


def test_a_path_without_a_term_holds_for_good() -> None:
    assert term(sample(), completed_on=DONE) is None
    found = standing(None, renewal_on=None, today=DONE, sentences=SENTENCES)
    assert (found.state, found.days_left) == (ValidityState.FOR_GOOD, None)


def test_a_completion_holds_to_its_last_day_and_is_renewed_before_it() -> None:
    last = date(2027, 11, 22)
    assert state_on(last - timedelta(days=31)) is ValidityState.VALID
    assert state_on(last - timedelta(days=30)) is ValidityState.RENEWING
    assert state_on(last) is ValidityState.RENEWING
    assert state_on(last + timedelta(days=1)) is ValidityState.OVER


def test_another_path_may_renew_and_renewal_never_opens_before_the_completion() -> None:
    short = YEARLY.model_copy(update={"valid_months": 1, "renewal_days": 90, "renewed_by": "recall"})
    found = term(short, completed_on=DONE)
    assert found is not None
    assert (found.renewed_by, found.renewal_on, found.expires_on) == ("recall", DONE, date(2026, 12, 22))


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 120))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_a_move_tells_what_is_kept_rewritten_dropped_and_new() -> None:
    old = sample()
    first, second, third = old.modules
    rewritten = first.model_copy(update={"quiz": first.quiz[:2]})
    later = third.model_copy(update={"due_days": 9, "minutes": 45})
    added = second.model_copy(update={"slug": "fourth", "prerequisites": ()})
    new = old.model_copy(update={"edition": "2027-01", "modules": (rewritten, later, added)})
    found = carried(old, new, done=["first", "second"])
    assert (found.kept, found.changed) == (("third",), ("first",))
    assert (found.dropped, found.dropped_done, found.added) == (("second",), ("second",), ("fourth",))
