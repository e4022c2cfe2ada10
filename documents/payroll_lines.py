"""What goes to payroll: lines of a month, written for a payroll program by a map of its columns."""

import csv
import io
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

import yaml
from pydantic import Field, ValidationError, model_validator

from documents.allowance_corrections import AllowanceCorrection
from documents.allowance_months import MonthSplit, PeopleMonth
from documents.allowances import AllowanceStatement
from documents.edition_text import read_yaml
from documents.money import short_date
from documents.occupation import Occupation
from documents.rates import Frozen
from documents.real_costs import CostStatement

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First signs that a spreadsheet takes for a formula."""


class PayrollKind(StrEnum):
    """What a line pays; a payroll program has a code for each."""

    ALLOWANCE_EXEMPT = "allowance_exempt"
    ALLOWANCE_TAXABLE = "allowance_taxable"
    CORRECTION_EXEMPT = "correction_exempt"
    CORRECTION_TAXABLE = "correction_taxable"
    COSTS_EXEMPT = "costs_exempt"
    COSTS_TAXABLE = "costs_taxable"
    OCCUPATION = "occupation"


class PayrollLine(Frozen):
    """One sum of one person; `month` is the month worked, `settled_in` the month of the payslip."""

    employee: str
    kind: PayrollKind
    cents: int
    month: date
    settled_in: date


class PayrollValue(StrEnum):
    """What a column holds."""

    EMPLOYEE = "employee"
    CODE = "code"
    AMOUNT = "amount"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    MONTH = "month"
    PAYSLIP_MONTH = "payslip_month"
    LABEL = "label"
    TEXT = "text"


class PayrollColumn(Frozen):
    """A column; `text` goes with the value `text` and is the same on each line."""

    header: str = Field(min_length=1)
    value: PayrollValue
    text: str | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> "PayrollColumn":
        if (self.text is None) is (self.value is PayrollValue.TEXT):
            raise ValueError("text goes with the value “text”, and only with it")
        return self


class PayrollMap(Frozen):
    """The columns of one payroll program in order, its code and its label for each kind of line."""

    payroll_map: str
    edition: str
    title: str
    columns: tuple[PayrollColumn, ...] = Field(min_length=1)
    codes: dict[PayrollKind, str]
    labels: dict[PayrollKind, str] = {}


class PayrollMapError(ValueError):
    """A map of columns that cannot be used; the message names every fault."""


class PayrollFault(Frozen):
    """What stops the export, and where: `lines.3.employee` (counted from 1), `codes.occupation`."""

    field: str
    detail: str


class PayrollRefused(Frozen):
    faults: tuple[PayrollFault, ...]


def read_map(text: str) -> PayrollMap:
    """A map from YAML, checked whole. Raises PayrollMapError."""
    try:
        return PayrollMap.model_validate(read_yaml(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise PayrollMapError(str(error)) from error


def lines_of_allowance(employee: str, made: AllowanceStatement) -> tuple[PayrollLine, ...]:
    """Exempt and taxable part, without empty lines; paid with the month worked."""
    parts = (
        (PayrollKind.ALLOWANCE_EXEMPT, made.exempt_cents),
        (PayrollKind.ALLOWANCE_TAXABLE, made.taxable_cents),
    )
    return tuple(_lines(employee, parts, made.month, made.month))


def lines_of_correction(employee: str, made: AllowanceCorrection) -> tuple[PayrollLine, ...]:
    """Both differences, which may be negative, on the payslip of the month that settles."""
    parts = (
        (PayrollKind.CORRECTION_EXEMPT, made.exempt_cents),
        (PayrollKind.CORRECTION_TAXABLE, made.taxable_cents),
    )
    return tuple(_lines(employee, parts, made.month, made.settled_in))


def lines_of_costs(employee: str, made: CostStatement) -> tuple[PayrollLine, ...]:
    """Real costs paid back, exempt and taxable."""
    parts = ((PayrollKind.COSTS_EXEMPT, made.exempt_cents), (PayrollKind.COSTS_TAXABLE, made.taxable_cents))
    return tuple(_lines(employee, parts, made.month, made.month))


def lines_of_occupation(employee: str, made: Occupation) -> tuple[PayrollLine, ...]:
    """The indemnity in a line of its own; payroll settles its treatment."""
    return tuple(_lines(employee, ((PayrollKind.OCCUPATION, made.cents),), made.month, made.month))


def lines_of_month(
    employees: Sequence[str], people: PeopleMonth, split: MonthSplit
) -> tuple[PayrollLine, ...]:
    """The lines of everybody's month, person by person in the given order; a refused place gives none."""
    columns = zip(employees, split.exempt_cents.tolist(), split.taxable_cents.tolist(), strict=True)
    kinds = (PayrollKind.ALLOWANCE_EXEMPT, PayrollKind.ALLOWANCE_TAXABLE)
    return tuple(
        line
        for employee, *cents in columns
        for line in _lines(employee, zip(kinds, cents, strict=True), people.month, people.month)
    )


def _lines(
    employee: str, parts: Iterable[tuple[PayrollKind, int]], month: date, settled_in: date
) -> Iterator[PayrollLine]:
    for kind, cents in parts:
        if cents:
            yield PayrollLine(employee=employee, kind=kind, cents=cents, month=month, settled_in=settled_in)


def write_lines(lines: Sequence[PayrollLine], columns: PayrollMap) -> str | PayrollRefused:
    """The file: a head, a line each, `;` between, decimal comma, dates 31/03/2026, CR LF at the ends.

    All or nothing: a kind without a code and an employee number that a spreadsheet would take for a formula
    are named.
    """
    if faults := [*_lacking_codes(lines, columns), *_bad_numbers(lines)]:
        return PayrollRefused(faults=tuple(faults))
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.header for column in columns.columns])
    writer.writerows([_cell(line, column, columns) for column in columns.columns] for line in lines)
    return file.getvalue()


def _lacking_codes(lines: Sequence[PayrollLine], columns: PayrollMap) -> list[PayrollFault]:
    lacking = {line.kind for line in lines} - {kind for kind, code in columns.codes.items() if code}
    words = "Donnez le code de paie de cette rubrique."
    return [PayrollFault(field=f"codes.{kind.value}", detail=words) for kind in sorted(lacking)]


def _bad_numbers(lines: Sequence[PayrollLine]) -> list[PayrollFault]:
    faults = []
    for place, line in enumerate(lines, start=1):
        if not line.employee.strip() or line.employee.startswith(FORMULA):
            words = "Le matricule est vide, ou un tableur le prendrait pour une formule."
            faults.append(PayrollFault(field=f"lines.{place}.employee", detail=words))
    return faults


def _cell(line: PayrollLine, column: PayrollColumn, columns: PayrollMap) -> str:
    if column.text is not None:
        return column.text
    last = line.month.replace(day=monthrange(line.month.year, line.month.month)[1])
    return {
        PayrollValue.EMPLOYEE: line.employee,
        PayrollValue.CODE: columns.codes[line.kind],
        PayrollValue.AMOUNT: decimal_comma(line.cents),
        PayrollValue.FIRST_DAY: short_date(line.month.replace(day=1)),
        PayrollValue.LAST_DAY: short_date(last),
        PayrollValue.MONTH: f"{line.month:%m/%Y}",
        PayrollValue.PAYSLIP_MONTH: f"{line.settled_in:%m/%Y}",
        PayrollValue.LABEL: columns.labels.get(line.kind, ""),
    }[column.value]


def decimal_comma(cents: int) -> str:
    """Cents as a payroll program reads them.

    >>> decimal_comma(123456), decimal_comma(-5), decimal_comma(0)
    ('1234,56', '-0,05', '0,00')
    """
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"
