from datetime import date

from documents.allowance_people import read_people
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
