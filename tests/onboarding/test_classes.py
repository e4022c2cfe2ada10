"""Hours that exist, half-days to sign for, seats, and what counts as having been there."""

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.classes import (
    ClassPolicy,
    Half,
    HalfDay,
    Noted,
    Presence,
    Seat,
    Span,
    attendance,
    half_days,
    instants,
    moving_up,
    read_policy,
    seat_for,
    signing_window,
    span_of,
)
from onboarding.faults import FaultyFileError

TEXT = files("onboarding").joinpath("data/classes/2026-11.yaml").read_text("utf-8")
POLICY = read_policy(TEXT)
PARIS = "Europe/Paris"
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def _span(day: date, starts: time, ends: time, zone: str = PARIS, **more: bool) -> Span:
    found = span_of(day, starts, ends, zone=zone, policy=POLICY, **more)
    assert isinstance(found, Span), found
    return found


def _refused(day: date, starts: time, ends: time, zone: str = PARIS) -> list[tuple[str, str, str]]:
    found = span_of(day, starts, ends, zone=zone, policy=POLICY)
    assert not isinstance(found, Span)
    return [(field, reason.code, reason.text.en) for field, reason in found]


def test_an_hour_that_clocks_jump_over_is_refused_with_what_to_choose_instead() -> None:
    ((field, code, words),) = _refused(SPRING, time(2, 30), time(5))
    assert (field, code) == ("starts", "gap")
    assert "02:30 does not exist" in words
    assert "before 02:00, or from 03:00 on" in words


def test_the_last_minute_before_the_jump_and_the_first_after_it_exist() -> None:
    span = _span(SPRING, time(1, 59), time(3, 14))
    assert span.ends_at - span.starts_at == timedelta(minutes=15)


def test_an_hour_that_comes_twice_asks_which_one_and_takes_either() -> None:
    assert [code for _, code, _ in _refused(AUTUMN, time(2, 30), time(5))] == ["fold"]
    first = _span(AUTUMN, time(2, 30), time(5), is_second=False)
    second = _span(AUTUMN, time(2, 30), time(5), is_second=True)
    assert second.starts_at - first.starts_at == timedelta(hours=1)
    assert second.ends_at == first.ends_at


def test_a_place_without_summer_time_has_neither() -> None:
    assert _span(SPRING, time(2, 30), time(5), "Indian/Reunion").starts_at == datetime(
        2027, 3, 27, 22, 30, tzinfo=UTC
    )


def test_a_class_ends_after_it_starts_on_one_day_and_has_a_length() -> None:
    day = date(2026, 12, 1)
    assert _refused(day, time(22), time(2))[0][:2] == ("ends", "order")
    assert _refused(day, time(9), time(9, 10))[0][1] == "short"
    assert _refused(day, time(6), time(20))[0][1] == "long"


@given(
    day=st.dates(date(2025, 1, 1), date(2032, 12, 31)),
    clock=st.times().map(lambda at: at.replace(microsecond=0)),
    zone=st.sampled_from([one.name for one in POLICY.zones]),
)
def test_every_instant_found_shows_the_time_that_was_said(day: date, clock: time, zone: str) -> None:
    found = instants(day, clock, zone=zone)
    assert len(found) <= 2
    assert list(found) == sorted(set(found))
    for one in found:
        local = one.astimezone(ZoneInfo(zone))
        assert (local.date(), local.time()) == (day, clock)


def test_a_day_is_signed_for_in_two_halves_and_an_evening_in_one() -> None:
    day = date(2026, 12, 1)

    def halves(starts: time, ends: time) -> list[tuple[str, int]]:
        span = _span(day, starts, ends)
        found = half_days(span.starts_at, span.ends_at, zone=PARIS, policy=POLICY)
        return [(one.half.value, one.minutes) for one in found]

    assert halves(time(9), time(17)) == [("morning", 240), ("afternoon", 240)]
    assert halves(time(9), time(12)) == [("morning", 180)]
    assert halves(time(18), time(20)) == [("afternoon", 120)]
    assert halves(time(9), time(13, 15)) == [("morning", 255)]
    assert halves(time(12, 45), time(17)) == [("afternoon", 255)]


@given(
    starts=st.integers(0, 23 * 60),
    length=st.integers(15, 720),
    zone=st.sampled_from([PARIS, "Pacific/Tahiti"]),
)
def test_half_days_cover_the_class_exactly(starts: int, length: int, zone: str) -> None:
    begins = datetime(2026, 12, 1, tzinfo=ZoneInfo(zone)) + timedelta(minutes=starts)
    ends = begins + timedelta(minutes=length)
    found = half_days(begins, ends, zone=zone, policy=POLICY)
    assert (found[0].starts_at, found[-1].ends_at) == (begins, ends)
    assert sum(one.minutes for one in found) == length
    assert [one.half for one in found] in ([Half.MORNING], [Half.AFTERNOON], [Half.MORNING, Half.AFTERNOON])


MORNING = HalfDay(
    half=Half.MORNING,
    starts_at=datetime(2026, 12, 1, 8, tzinfo=UTC),
    ends_at=datetime(2026, 12, 1, 11, tzinfo=UTC),
)
AFTERNOON = HalfDay(
    half=Half.AFTERNOON,
    starts_at=datetime(2026, 12, 1, 12, tzinfo=UTC),
    ends_at=datetime(2026, 12, 1, 15, tzinfo=UTC),
)


def test_a_half_day_is_signed_from_shortly_before_it_until_two_days_after() -> None:
    opens, closes = signing_window(MORNING, policy=POLICY)
    assert opens == MORNING.starts_at - timedelta(minutes=15)
    assert closes == MORNING.ends_at + timedelta(hours=48)


@pytest.mark.parametrize(
    ("missed", "is_attended"),
    [(0, True), (90, True), (91, False)],
    ids=["whole", "exactly enough", "one short"],
)
def test_a_class_is_attended_from_three_quarters_of_its_minutes_on(missed: int, is_attended: bool) -> None:
    noted = [Noted(half=Half.MORNING, presence=Presence.PRESENT)]
    late = Presence.LATE if missed else Presence.PRESENT
    noted.append(Noted(half=Half.AFTERNOON, presence=late, missed_minutes=missed))
    found = attendance([MORNING, AFTERNOON], noted, policy=POLICY)
    assert (found.minutes, found.minutes_possible, found.is_attended) == (360 - missed, 360, is_attended)


def test_what_nobody_noted_and_what_somebody_missed_count_for_nothing() -> None:
    assert attendance([MORNING], [], policy=POLICY).minutes == 0
    absent = [Noted(half=Half.MORNING, presence=Presence.ABSENT)]
    assert not attendance([MORNING], absent, policy=POLICY).is_attended
    long_gone = [Noted(half=Half.MORNING, presence=Presence.LATE, missed_minutes=1000)]
    assert attendance([MORNING], long_gone, policy=POLICY).minutes == 0


@given(
    taken=st.integers(0, 30),
    seats=st.none() | st.integers(1, 20),
    waiting=st.lists(st.integers(), max_size=20),
)
def test_those_who_wait_longest_move_up_and_never_past_the_seats(
    taken: int, seats: int | None, waiting: list[int]
) -> None:
    up = moving_up(waiting, taken=taken, seats=seats)
    assert list(up) == waiting[: len(up)]
    assert seats is None or len(up) <= max(0, seats - taken)
    assert (seat_for(taken, seats=seats) is Seat.TAKEN) == (seats is None or taken < seats)


def test_a_policy_without_a_refusal_or_with_an_unknown_place_is_refused_whole() -> None:
    with pytest.raises(FaultyFileError, match="fold missing"):
        read_policy(TEXT.replace("\n  fold:", "\n  fould:"))
    with pytest.raises(FaultyFileError, match="zones"):
        read_policy(TEXT.replace("Indian/Reunion", "Indian/Nowhere"))
    assert isinstance(POLICY, ClassPolicy)
