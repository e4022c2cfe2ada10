"""Tasks around day one: dated from the start, moved with it, done only for as long as they are true."""

from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.day_one import checklists
from onboarding.day_one.checklists import OWN_WORD, Owner, Proof, TaskState
from onboarding.day_one.tasks import (
    Recorded,
    TaskStanding,
    Window,
    due_on,
    is_for_digest,
    may_write_at,
    standing,
)
from onboarding.faults import FaultyFileError
from onboarding.learning.schedule import weekdays_except
from tests.onboarding.samples import CHECKLIST

PARIS = ZoneInfo("Europe/Paris")
TEXT = files("onboarding").joinpath("data/checklists/2026-11.yaml").read_text("utf-8")
WORKS = weekdays_except({date(2026, 12, 25), date(2027, 1, 1)})
KNOWN = date(2026, 11, 2)
START = date(2026, 12, 28)
DPAE = CHECKLIST.task("dpae")
INSURANCE = CHECKLIST.task("home-insurance")


def due(slug: str, start: date, known: date = KNOWN) -> date:
    return due_on(CHECKLIST.task(slug), start=start, known_since=known, working_days=WORKS)


def stands(slug: str, recorded: Recorded, *, start: date = START, today: date = KNOWN) -> TaskStanding:
    windows = {"dpae": Window(opens=start - timedelta(days=8), closes=start)}
    return standing(
        CHECKLIST, CHECKLIST.task(slug), recorded, due=due(slug, start), start=start, today=today,
        windows=windows,
    )  # fmt: skip


def test_days_before_the_start_skip_weekends_and_public_holidays():
    assert due("dpae", START) == date(2026, 12, 24)
    assert due("pack-signed", START) == date(2026, 12, 23)
    assert due("payroll-file", START) == date(2027, 1, 5)


def test_a_start_on_a_public_holiday_keeps_its_date_and_days_are_counted_from_it():
    assert due("dpae", date(2027, 1, 1)) == date(2026, 12, 31)
    assert due("payroll-file", date(2027, 1, 1)) == date(2027, 1, 8)


def test_what_is_known_late_is_due_at_once_and_before_the_start():
    friday = date(2026, 12, 18)
    assert due("sworn-statement", date(2026, 12, 21), known=friday) == friday
    saturday = date(2026, 12, 19)
    assert due("sworn-statement", date(2026, 12, 20), known=saturday) == date(2026, 12, 20)


def test_a_start_put_into_the_past_gives_no_grace():
    assert due("dpae", date(2026, 10, 26), known=KNOWN) == date(2026, 10, 23)


@given(st.dates(date(2026, 11, 2), date(2027, 6, 30)), st.integers(0, 60), st.sampled_from(CHECKLIST.tasks))
def test_a_later_start_is_never_due_earlier(start: date, later: int, task: checklists.Task):
    first = due_on(task, start=start, known_since=KNOWN, working_days=WORKS)
    second = due_on(task, start=start + timedelta(days=later), known_since=KNOWN, working_days=WORKS)
    assert KNOWN <= first <= second


def test_a_declaration_made_for_one_start_is_asked_again_for_another_and_counts_when_it_comes_back():
    declared = Recorded(state=TaskState.DONE, done_on=date(2026, 12, 22), done_for=START)
    assert stands("dpae", declared).is_settled
    moved = stands("dpae", declared, start=START + timedelta(days=7))
    assert not moved.is_settled
    assert moved.why is not None
    assert "28 décembre 2026" in moved.why.fr
    assert "28 December 2026" in moved.why.en
    assert stands("dpae", declared.model_copy(update={"state": TaskState.OPEN})).is_settled


def test_a_certificate_that_ends_before_a_moved_start_is_asked_again():
    shown = Recorded(state=TaskState.DONE, done_on=KNOWN, holds_until=date(2026, 12, 31))
    assert stands("home-insurance", shown).is_settled
    moved = stands("home-insurance", shown, start=date(2027, 1, 4))
    assert (moved.is_settled, moved.state, moved.done_on) == (False, TaskState.OPEN, None)


def test_what_is_true_whatever_the_start_stays_done_when_it_moves():
    read = Recorded(state=TaskState.DONE, done_on=KNOWN, done_for=START)
    assert stands("charter-read", read, start=START + timedelta(days=30)).is_settled


def test_the_window_of_the_declaration_is_told_before_in_and_after_it():
    before = stands("dpae", Recorded(), today=date(2026, 12, 19))
    assert not before.can_begin
    assert "20 décembre" in before.why.fr
    within = stands("dpae", Recorded(), today=date(2026, 12, 20))
    assert within.can_begin
    after = stands("dpae", Recorded(), today=date(2026, 12, 29))
    assert after.is_late
    assert "sans attendre" in after.why.fr


def test_the_first_day_of_a_month_is_said_as_french_says_it():
    shown = Recorded(state=TaskState.DONE, done_on=KNOWN, holds_until=date(2026, 12, 1))
    assert "1er décembre 2026" in stands("home-insurance", shown).why.fr


def test_a_digest_speaks_of_what_is_near_late_and_possible_and_never_of_a_choice():
    rules = CHECKLIST.digest
    near = date(2026, 12, 21)
    assert is_for_digest(stands("dpae", Recorded(), today=near), rules=rules, today=near)
    early = date(2026, 12, 19)  # near enough, and not possible yet
    assert not is_for_digest(stands("dpae", Recorded(), today=early), rules=rules, today=early)
    photo = stands("workplace-photo", Recorded(), today=START)
    assert not is_for_digest(photo, rules=rules, today=START)
    assert not photo.is_late


@pytest.mark.parametrize(
    ("local", "is_holiday", "leaves"),
    [
        (datetime(2026, 11, 24, 8, 0, tzinfo=PARIS), False, True),
        (datetime(2026, 11, 24, 7, 59, tzinfo=PARIS), False, False),
        (datetime(2026, 11, 24, 20, 0, tzinfo=PARIS), False, False),
        (datetime(2026, 11, 28, 9, 0, tzinfo=PARIS), False, True),
        (datetime(2026, 11, 29, 9, 0, tzinfo=PARIS), False, False),
        (datetime(2026, 12, 25, 9, 0, tzinfo=PARIS), True, False),
    ],
)
def test_letters_leave_at_one_hour_never_on_a_sunday_or_a_holiday(
    local: datetime, is_holiday: bool, leaves: bool
):
    assert may_write_at(CHECKLIST.digest, local, is_holiday=is_holiday) is leaves


def test_conditions_of_the_placement_choose_its_tasks():
    plain = {task.slug for task in CHECKLIST.tasks_for(())}
    cards = {task.slug for task in CHECKLIST.tasks_for(["handles_card_data"])}
    own = {task.slug for task in CHECKLIST.tasks_for(["lends_nothing"])}
    assert cards - plain == {"card-workstation"}
    assert plain - own == {"equipment-sent", "equipment-received"}


def test_every_owner_holds_something_and_the_law_is_never_set_aside():
    assert {task.owner for task in CHECKLIST.tasks} == set(Owner)
    assert not DPAE.may_be_set_aside
    assert all(task.owner is Owner.CANDIDATE for task in CHECKLIST.tasks if task.proof in OWN_WORD)


def test_what_offers_write_names_a_kind_of_equipment():
    kinds = {
        words: CHECKLIST.kind_of_equipment(words).slug
        for words in ("Ordinateur portable", "Ordinateur", "Casque USB", "Plante verte")
    }
    assert list(kinds.values()) == ["laptop", "computer", "headset", "other"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("optional: true", "optional: false", "make it optional"),
        ("proof: statement", "proof: none", "a sworn statement has statements"),
        ("    owner: candidate\n    due: -3\n    proof: ack", "    owner: it\n    due: -3\n    proof: ack", "own word"),
        ("subject: dpae", "subject: null", "a formality is named"),
        ("slug: test-call", "slug: dpae", "used twice: dpae"),
        ("hour: 8", "hour: 25", "less than or equal to 23"),
        ("{day}. Le premier", "{jour}. Le premier", "jour"),
    ],
)  # fmt: skip
def test_a_faulty_edition_is_refused_with_its_place(old: str, new: str, said: str):
    assert old in TEXT
    with pytest.raises(FaultyFileError) as refused:
        checklists.read(TEXT.replace(old, new, 1))
    assert said in str(refused.value)


def test_a_picture_of_the_workplace_stops_nobody():
    photo = next(task for task in CHECKLIST.tasks if task.proof is Proof.PHOTO)
    assert photo.optional
    assert not photo.gate
