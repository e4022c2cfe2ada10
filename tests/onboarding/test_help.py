"""Help: an answer is due on a working day, and figures count what waits neither as late nor as given."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest

from onboarding.continuous import help
from onboarding.continuous.help import Handled, Topic
from onboarding.faults import FaultyFileError
from onboarding.learning.schedule import weekdays_except

TEXT = files("onboarding").joinpath("data/help/2026-11.yaml").read_text("utf-8")
SHIPPED = help.read_policy(TEXT)
FRANCE = weekdays_except({date(2026, 12, 25)})


def test_an_answer_is_due_the_next_working_day_whenever_somebody_asks():
    def due(day: date) -> date:
        return help.answer_due(day, policy=SHIPPED, working_days=FRANCE)

    assert due(date(2026, 11, 24)) == date(2026, 11, 25)
    assert due(date(2026, 11, 27)) == date(2026, 11, 30)
    assert due(date(2026, 11, 28)) == date(2026, 12, 1), "a Saturday counts from Monday"
    assert due(date(2026, 12, 24)) == date(2026, 12, 28)


def test_figures_tell_what_came_in_time_what_came_late_and_what_never_came():
    asked = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def handled(minutes: int | None, *, due: int) -> Handled:
        at = None if minutes is None else asked + timedelta(minutes=minutes)
        return Handled(
            asked_at=asked, due_on=date(2026, 11, due), answered_at=at, answered_on=at.date() if at else None
        )

    told = help.figures(
        [handled(30, due=25), handled(90, due=25), handled(3 * 1440, due=25), handled(None, due=25),
         handled(None, due=28)], today=date(2026, 11, 28),
    )  # fmt: skip
    assert (told.requests, told.answered, told.in_time, told.late) == (5, 3, 2, 2)
    assert told.median_minutes == 90
    assert help.figures([], today=date(2026, 11, 28)).median_minutes is None


def test_a_policy_without_words_for_a_topic_is_refused():
    assert set(SHIPPED.topics) == set(Topic)
    without = TEXT[: TEXT.index("  private:")]
    with pytest.raises(FaultyFileError, match="private"):
        help.read_policy(without)
