import csv
import io
from datetime import date
from pathlib import Path

import pytest

import documents
from documents.allowance_corrections import correct
from documents.allowance_months import PersonMonth, in_columns, split_month
from documents.allowances import AgreementKind, AllowanceMode, MonthWorked, statement
from documents.payroll_lines import (
    PayrollKind,
    PayrollLine,
    PayrollMapError,
    PayrollRefused,
    decimal_comma,
    lines_of_allowance,
    lines_of_correction,
    lines_of_month,
    read_map,
    write_lines,
)

TEXT = (Path(documents.__file__).parent / "exports" / "variables.yaml").read_text("utf-8")
MAP = read_map(TEXT)
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def paid(law, days, cents=None):
    return statement(
        law,
        MonthWorked(month=MARCH, days=days),
        mode=AllowanceMode.PER_DAY,
        agreement=AgreementKind.NONE,
        paid_cents=cents,
    )


def test_a_month_is_written_with_semicolons_and_decimal_commas(law):
    assert write_lines(lines_of_allowance("00042", paid(law, 20, 8000)), MAP) == (
        "Matricule;Code;Valeur;Date début;Date fin\r\n"
        "00042;TELETRAVAIL_EXO;54,00;01/03/2026;31/03/2026\r\n"
        "00042;TELETRAVAIL_SOUMIS;26,00;01/03/2026;31/03/2026\r\n"
    )


def test_a_correction_names_its_month_and_its_payslip(law):
    made = correct(paid(law, 18), paid(law, 17), settled_in=MAY)
    columns = read_map(
        'payroll_map: "own"\nedition: "1"\ntitle: "Own"\ncolumns:\n'
        + "".join(
            f'  - {{header: "{value}", value: "{value}"}}\n'
            for value in ("employee", "amount", "month", "payslip_month")
        )
        + '  - {header: "Origine", value: "text", text: "H;S"}\n'
        + 'codes: {correction_exempt: "R1"}\n'
    )
    written = write_lines(lines_of_correction("7", made), columns)
    assert written.splitlines()[1] == '7;-2,70;03/2026;05/2026;"H;S"'


def test_everybody_s_month_gives_the_lines_of_each_statement(law):
    people = [
        PersonMonth(worked=MonthWorked(month=MARCH, days=days), mode=AllowanceMode.PER_DAY, paid_cents=cents)
        for days, cents in ((20, 8000), (18, None), (None, None), (0, None))
    ]
    columns = in_columns(people, month=MARCH)
    lines = lines_of_month(("1", "2", "3", "4"), columns, split_month(law, columns))
    assert lines == (*lines_of_allowance("1", paid(law, 20, 8000)), *lines_of_allowance("2", paid(law, 18)))


def test_a_number_that_a_spreadsheet_takes_for_a_formula_is_refused(law):
    lines = [*lines_of_allowance("1", paid(law, 18)), *lines_of_allowance("=1+1", paid(law, 18))]
    refused = write_lines(lines, MAP)
    assert isinstance(refused, PayrollRefused)
    assert [fault.field for fault in refused.faults] == ["lines.2.employee"]


def test_a_kind_without_a_code_is_named():
    bare = read_map(TEXT.replace('occupation: "OCCUPATION_DOMICILE"', 'occupation: ""'))
    line = PayrollLine(employee="1", kind=PayrollKind.OCCUPATION, cents=6000, month=MARCH, settled_in=MARCH)
    refused = write_lines([line], bare)
    assert [fault.field for fault in refused.faults] == ["codes.occupation"]


def test_what_is_written_is_read_back_to_the_cent(law):
    sums = (1, -1, 99, 100, 123456789)
    lines = [
        PayrollLine(
            employee='A "b";c', kind=PayrollKind.COSTS_EXEMPT, cents=cents, month=MARCH, settled_in=MAY
        )
        for cents in sums
    ]
    rows = list(csv.DictReader(io.StringIO(write_lines(lines, MAP)), delimiter=";"))
    assert [int(row["Valeur"].replace(",", "")) for row in rows] == list(sums)
    assert {row["Matricule"] for row in rows} == {'A "b";c'}
    assert decimal_comma(-123) == "-1,23"


@pytest.mark.parametrize("text", ["", "columns: []", "nonsense", TEXT.replace("amount", "sum"), "a: [b"])
def test_a_map_that_cannot_be_used_is_refused(text):
    with pytest.raises(PayrollMapError):
        read_map(text)
