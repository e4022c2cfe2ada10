"""Evidence ages: the confidence in what we know falls with time, and stays between its floor and its best."""

from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.editions import EditionError
from assessments.questionnaires.evidence import Evidence, HowKnown, best, confidence_percent, read_shelf_lives

# The machine is shared: a slow moment is no fault of the law.
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


TEXT = files("assessments").joinpath("data/policies/screening-evidence/2026-11.yaml").read_text("utf-8")
LIVES = read_shelf_lives(TEXT)
DAY = date(2026, 11, 2)


def known(kind: HowKnown, days_ago: int = 0) -> Evidence:
    return Evidence(item="line", kind=kind, known_on=DAY - timedelta(days=days_ago))


@untimed
@given(kind=st.sampled_from(HowKnown), days=st.integers(0, 4000), more=st.integers(0, 4000))
def test_confidence_falls_with_age_and_stays_in_its_bounds(kind: HowKnown, days: int, more: int) -> None:
    newer, older = (confidence_percent(known(kind, age), on=DAY, lives=LIVES) for age in (days, days + more))
    life = LIVES.of(kind)
    assert life.floor_percent <= older <= newer <= life.full_percent


@untimed
@given(age=st.integers(0, 4000))
def test_what_was_verified_is_trusted_more_than_what_was_said_the_same_day(age: int) -> None:
    said, seen = (
        confidence_percent(known(kind, age), on=DAY, lives=LIVES)
        for kind in (HowKnown.DECLARED, HowKnown.VERIFIED)
    )
    assert said < seen


def test_a_clock_a_little_ahead_is_no_fault_of_the_person() -> None:
    assert confidence_percent(known(HowKnown.VERIFIED, -3), on=DAY, lives=LIVES) == 100


def test_the_best_piece_is_the_most_trusted_on_that_day() -> None:
    said, seen = known(HowKnown.DECLARED), known(HowKnown.MEASURED, 400)
    assert best((said, seen), on=DAY, lives=LIVES) == said
    assert best((), on=DAY, lives=LIVES) is None


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("kind: verified", "kind: declared"),
        TEXT.replace("stale_days: 240", "stale_days: 10"),
        TEXT.replace("full_percent: 50", "full_percent: 500"),
    ],
)
def test_a_broken_edition_is_refused(text: str) -> None:
    with pytest.raises(EditionError):
        read_shelf_lives(text)
