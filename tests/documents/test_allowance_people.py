from datetime import date

from documents.allowance_people import PersonDays, read_days, read_people
from documents.allowances import AgreementKind, AllowanceMode

MARCH = date(2026, 3, 1)


def test_a_line_is_a_person_s_month():
    text = "\ufeffmode;matricule;jours;complet;accord;verse;justificatifs\njour;7;18;non;Branche;80,5;70\n"
    (one,) = read_people(text, month=MARCH)
    assert (one.number, one.month.mode, one.month.agreement) == (
        "7",
        AllowanceMode.PER_DAY,
        AgreementKind.BRANCH,
    )
    assert (one.month.paid_cents, one.month.receipts_cents) == (8050, 7000)
    assert (one.month.worked.days, one.month.worked.is_whole) == (18, False)


def test_every_fault_of_a_line_is_told_with_its_column():
    text = "matricule;mode;jours;rythme;complet;accord;verse\n;semaine;32;7;?;club;1e3\n"
    read = read_people(text, month=MARCH)
    assert {fault.line for fault in read} == {2}
    assert [fault.column for fault in read] == [
        "matricule",
        "mode",
        "accord",
        "complet",
        "jours",
        "rythme",
        "verse",
    ]


def test_columns_absent_or_unknown_and_cells_too_many_are_told():
    assert [fault.column for fault in read_people("", month=MARCH)] == ["matricule", "mode"]
    assert [fault.column for fault in read_people("matricule;mode;nir\n", month=MARCH)] == ["nir"]
    read = read_people("matricule;mode;jours\n1;jour;2;3\n", month=MARCH)
    assert [(fault.line, fault.column) for fault in read] == [(2, "")]
    assert read_people("matricule;mode\n", month=MARCH) == ()


def test_days_come_from_a_file_of_months_or_from_a_time_sheet():
    months = "matricule;jours;complet;verse\n7;18;non;80,00\n8;0;;\n"
    assert read_days(months, month=MARCH) == (
        (PersonDays(2, "7", 18, False, 8000), PersonDays(3, "8", 0)),
        (),
    )
    sheet = "matricule;date;heures\n7;02/03/2026;7,5\n7;2026-03-03;7\n"
    assert read_days(sheet, month=MARCH) == ((PersonDays(0, "7", 2),), ())


def test_lines_that_fit_are_counted_beside_those_that_do_not():
    fit, faults = read_days("matricule;jours\n7;18\n8;32\n7;3\n9;\n", month=MARCH)
    assert [one.number for one in fit] == ["7"]
    assert [(one.line, one.column, one.value) for one in faults] == [
        (3, "jours", "32"),
        (4, "matricule", "7"),
        (5, "jours", ""),
    ]
    _, faults = read_days("matricule;date;heures\n7;02/03/2026;25\n", month=MARCH)
    assert [(one.line, one.column, one.value) for one in faults] == [(2, "heures", "25")]
