from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.allowance_days import (
    Absence,
    AbsenceKind,
    DaysWorked,
    HomeRhythm,
    SheetFault,
    month_of_schedule,
    read_sheet,
)
from documents.allowances import AgreementKind, AllowanceMode, AllowanceRefused, MonthWorked, ceiling

MARCH = date(2026, 3, 1)
EVERY_WEEKDAY = HomeRhythm(start=date(2025, 9, 1), weekdays=(0, 1, 2, 3, 4))
TWO_DAYS = HomeRhythm(start=date(2025, 9, 1), weekdays=(0, 3))


def test_a_whole_month_counts_its_home_days():
    assert month_of_schedule(MARCH, [EVERY_WEEKDAY]) == MonthWorked(month=MARCH, weekly_days=5, days=22)
    assert month_of_schedule(MARCH, [TWO_DAYS]) == MonthWorked(month=MARCH, weekly_days=2, days=9)


def test_a_public_holiday_takes_a_day_and_leaves_the_month_whole():
    may = month_of_schedule(date(2026, 5, 1), [EVERY_WEEKDAY], closed=[date(2026, 5, 1), date(2026, 5, 8)])
    assert (may.days, may.is_whole) == (19, True)


def test_leave_makes_the_month_incomplete_and_the_lower_mode_serves(law):
    away = Absence(start=date(2026, 3, 9), end=date(2026, 3, 27), kind=AbsenceKind.SICKNESS)
    worked = month_of_schedule(MARCH, [EVERY_WEEKDAY], absences=[away])
    assert (worked.days, worked.is_whole) == (7, False)
    found = ceiling(law, worked, mode=AllowanceMode.MONTHLY, agreement=AgreementKind.NONE)
    assert found.ceiling_cents == 7 * 270


def test_an_entry_and_an_exit_make_the_month_incomplete():
    entry = month_of_schedule(MARCH, [HomeRhythm(start=date(2026, 3, 16), weekdays=(0, 3))])
    assert (entry.days, entry.is_whole) == (5, False)
    ended = HomeRhythm(start=date(2026, 1, 1), end=date(2026, 3, 6), weekdays=(0, 3))
    assert (month_of_schedule(MARCH, [ended]).days, month_of_schedule(MARCH, [ended]).is_whole) == (2, False)


def test_a_changed_rhythm_counts_as_the_lowest_one():
    before = HomeRhythm(start=date(2026, 1, 1), end=date(2026, 3, 15), weekdays=(0, 1))
    after = HomeRhythm(start=date(2026, 3, 16), weekdays=(0, 1, 2, 3))
    worked = month_of_schedule(MARCH, [after, before])
    assert (worked.weekly_days, worked.days, worked.is_whole) == (2, 14, False)


@pytest.mark.parametrize(
    ("rhythms", "absences", "said"),
    [
        ([HomeRhythm(start=date(2026, 3, 9), end=date(2026, 3, 1), weekdays=(0,))], [], "Contrat 1"),
        ([EVERY_WEEKDAY, HomeRhythm(start=date(2026, 3, 9), weekdays=(0,))], [], "se chevauchent"),
        ([HomeRhythm(start=date(2026, 3, 9), weekdays=(7,))], [], "Contrat 1"),
        ([TWO_DAYS], [Absence(start=date(2026, 3, 9), end=date(2026, 3, 1))], "Absence 1"),
    ],
)
def test_dates_that_contradict_each_other_are_told_with_their_place(rhythms, absences, said):
    refused = month_of_schedule(MARCH, rhythms, absences=absences)
    assert isinstance(refused, AllowanceRefused)
    assert said in refused.detail


@given(st.sets(st.integers(1, 31)), st.integers(0, 31))
def test_one_more_day_away_never_adds_a_day(away, more):
    def days(numbers):
        spans = [Absence(start=MARCH.replace(day=one), end=MARCH.replace(day=one)) for one in numbers]
        return month_of_schedule(MARCH, [EVERY_WEEKDAY], absences=spans).days

    assert days(away | ({more} - {0})) <= days(away) <= 22


def test_a_time_sheet_gives_the_days_of_each_person():
    sheet = "matricule;date;heures\nA1;2026-03-02;7\nA1;02/03/2026;0,5\nB2;2026-03-02;0\nA1;2026-03-03;7.25\n"
    assert read_sheet("\ufeff" + sheet, month=MARCH) == (
        DaysWorked(employee="A1", days=2),
        DaysWorked(employee="B2", days=0),
    )


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("A1;2026-03-02;25", "heures"),
        ("A1;2026-03-02;-1", "heures"),
        ("A1;2026-03-02;", "heures"),
        ("A1;2026-03-02", "heures"),
        ("A1;2026-02-30;7", "date"),
        ("A1;2026-04-01;7", "date"),
        ("A1;;7", "date"),
        (";2026-03-02;7", "matricule"),
    ],
)
def test_a_line_that_does_not_fit_is_named_and_nothing_is_counted(line, column):
    read = read_sheet(f"matricule;date;heures\nB2;2026-03-02;7\n{line}\n", month=MARCH)
    assert [(fault.line, fault.column) for fault in read] == [(3, column)]
    assert all(isinstance(fault, SheetFault) for fault in read)


def test_two_lines_of_one_day_never_exceed_its_hours():
    read = read_sheet("matricule;date;heures\nA1;2026-03-02;13\nA1;2026-03-02;12\n", month=MARCH)
    assert [(fault.line, fault.column) for fault in read] == [(3, "heures")]


def test_a_sheet_without_its_columns_is_refused():
    assert [fault.column for fault in read_sheet("nom;date\n", month=MARCH)] == ["matricule", "heures"]
    assert len(read_sheet("", month=MARCH)) == 3
