"""Everybody's month from one file: who, which mode, the days or the rhythm, what was paid; each fault with its line."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from documents.allowance_days import COLUMNS, SheetFault, read_sheet
from documents.allowance_months import PersonMonth
from documents.allowances import AgreementKind, AllowanceMode, MonthWorked, days_in

T = TypeVar("T")
MUST = ("matricule", "mode")
MAY = ("jours", "rythme", "complet", "accord", "verse", "justificatifs")
MODES = {"jour": AllowanceMode.PER_DAY, "mois": AllowanceMode.MONTHLY} | {
    mode.value: mode for mode in AllowanceMode
}
AGREEMENTS = {
    "": AgreementKind.NONE,
    "aucun": AgreementKind.NONE,
    "charte": AgreementKind.CHARTER,
    "entreprise": AgreementKind.COMPANY,
    "branche": AgreementKind.BRANCH,
    "professionnel": AgreementKind.PROFESSIONAL,
    "interprofessionnel": AgreementKind.INTERPROFESSIONAL,
    "groupe": AgreementKind.GROUP,
} | {kind.value: kind for kind in AgreementKind}
YES_OR_NO = {"": True, "oui": True, "non": False}


class Employee(NamedTuple):
    """One line: the number by which payroll knows the person, and the month."""

    number: str
    month: PersonMonth


class PersonDays(NamedTuple):
    """One line of a file of days: what was worked; None where the file leaves it to contract and schedule."""

    line: int
    number: str
    days: int
    is_whole: bool | None = None
    paid_cents: int | None = None
    receipts_cents: int = 0


def is_time_sheet(text: str) -> bool:
    """Whether a file tells hours of days (`matricule;date;heures`) and not a month a line."""
    return set(COLUMNS) <= set(_reader(text).fieldnames or ())


def read_days(text: str, *, month: date) -> tuple[tuple[PersonDays, ...], tuple[SheetFault, ...]]:
    """Days of a month from `matricule;jours;complet;verse;justificatifs`, or from a time sheet; and every fault.

    Only `matricule` and `jours` are asked. Lines without a fault come back beside the faults, so that a trial can
    count both; a time sheet with a fault gives none.
    """
    if is_time_sheet(text):
        sheet = read_sheet(text, month=month)
        faults = tuple(one for one in sheet if isinstance(one, SheetFault))
        held = [one for one in sheet if not isinstance(one, SheetFault)]
        return tuple(PersonDays(0, one.employee, one.days) for one in held), faults
    rows, head = _rows(text, must=("matricule", "jours"), may=("complet", "verse", "justificatifs"))
    if head:
        return (), head
    people: dict[str, PersonDays] = {}
    wrong: list[SheetFault] = []
    for line, row in rows:
        if isinstance(row, SheetFault):
            wrong.append(row)
            continue
        read = _Row(row, line, month)
        one = read.person_days()
        if one and one.number in people:
            read.fault("matricule", TWICE)
        wrong += read.faults
        if one and not read.faults:
            people[one.number] = one
    return tuple(people.values()), tuple(wrong)


TWICE = "Ce matricule est déjà plus haut."


def _reader(text: str) -> "csv.DictReader[str]":
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    try:
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    except csv.Error:
        reader.fieldnames = []
    return reader


Rows = list[tuple[int, dict[str, str] | SheetFault]]


def _rows(text: str, *, must: tuple[str, ...], may: tuple[str, ...]) -> tuple[Rows, tuple[SheetFault, ...]]:
    """Every line with its number, or what is wrong with the head."""
    reader = _reader(text)
    names = list(reader.fieldnames or ())
    if faults := _head_faults(names, must=must, may=may):
        return [], faults
    rows: Rows = []
    try:
        rows += ((reader.line_num, row) for row in reader)
    except csv.Error as error:
        line = reader.line_num
        rows.append((line, SheetFault(line=line, column="", value="", detail=f"Ligne illisible : {error}.")))
    return rows, ()


def _head_faults(names: list[str], *, must: tuple[str, ...], may: tuple[str, ...]) -> tuple[SheetFault, ...]:
    for wrong, detail in (
        ([name for name in must if name not in names], "Colonne absente."),
        (sorted({name for name in names if names.count(name) > 1}), "Colonne en double."),
        ([name for name in names if name not in (*must, *may)], "Colonne inconnue."),
    ):
        if wrong:
            return tuple(SheetFault(line=1, column=name, value="", detail=detail) for name in wrong)
    return ()


def read_people(text: str, *, month: date) -> tuple[Employee, ...] | tuple[SheetFault, ...]:
    """People from `matricule;mode;jours;rythme;complet;accord;verse;justificatifs`, or every fault, never a part.

    Only `matricule` and `mode` (jour, mois) are asked; `jours` in the day mode and in a month that is not whole,
    `rythme` (home days a week) in the month mode. Sums are euros as 80 or 80,00. Lines count from 1, the head
    included. A number comes once.
    """
    rows, head = _rows(text, must=MUST, may=MAY)
    people: dict[str, Employee] = {}
    faults = list(head)
    for line, row in rows:
        if isinstance(row, SheetFault):
            faults.append(row)
            continue
        read = _Row(row, line, month)
        one = read.employee()
        if one and one.number in people:
            read.fault("matricule", TWICE)
        faults += read.faults
        if one:
            people[one.number] = one
    return tuple(faults) if faults else tuple(people.values())


class _Row:
    """One line while it is read; what does not fit gathers in `faults`."""

    def __init__(self, row: Mapping[str, object], line: int, month: date) -> None:
        self.cells = {name: str(row.get(name) or "").strip() for name in (*MUST, *MAY)}
        self.line, self.month = line, month
        self.faults: list[SheetFault] = []
        if None in row:
            self.fault("", "Cette ligne a plus de cellules que l'en-tête.")

    def fault(self, column: str, detail: str) -> None:
        value = self.cells.get(column, "")
        self.faults.append(SheetFault(line=self.line, column=column, value=value, detail=detail))

    def employee(self) -> Employee | None:
        if not self.cells["matricule"]:
            self.fault("matricule", "Indiquez le matricule.")
        mode = self.choice("mode", MODES, "Écrivez jour ou mois.")
        agreement = self.choice("accord", AGREEMENTS, f"Écrivez {', '.join(list(AGREEMENTS)[1:7])}.")
        is_whole = self.choice("complet", YES_OR_NO, "Écrivez oui ou non.")
        days = self.count("jours", days_in(self.month))
        rhythm = self.count("rythme", 6)
        paid, receipts = self.cents("verse"), self.cents("justificatifs")
        if mode is AllowanceMode.MONTHLY and not self.cells["rythme"]:
            self.fault("rythme", "Indiquez les jours de télétravail par semaine.")
        needs_days = mode is AllowanceMode.PER_DAY or is_whole is False
        if needs_days and not self.cells["jours"]:
            self.fault("jours", "Indiquez le nombre de jours réellement télétravaillés dans le mois.")
        if self.faults or mode is None or agreement is None or is_whole is None:
            return None
        worked = MonthWorked(month=self.month, weekly_days=rhythm or 0, days=days, is_whole=is_whole)
        month = PersonMonth(
            worked=worked, mode=mode, agreement=agreement, paid_cents=paid, receipts_cents=receipts or 0
        )
        return Employee(self.cells["matricule"], month)

    def person_days(self) -> PersonDays | None:
        if not self.cells["matricule"]:
            self.fault("matricule", "Indiquez le matricule.")
        if not self.cells["jours"]:
            self.fault("jours", "Indiquez le nombre de jours réellement télétravaillés dans le mois.")
        days = self.count("jours", days_in(self.month))
        is_whole = None
        if self.cells["complet"]:
            is_whole = self.choice("complet", YES_OR_NO, "Écrivez oui ou non.")
        paid, receipts = self.cents("verse"), self.cents("justificatifs")
        if self.faults or days is None:
            return None
        return PersonDays(self.line, self.cells["matricule"], days, is_whole, paid, receipts or 0)

    def choice(self, column: str, known: Mapping[str, T], wanted: str) -> T | None:
        found = known.get(self.cells[column].lower())
        if found is None:
            self.fault(column, wanted)
        return found

    def count(self, column: str, most: int) -> int | None:
        cell = self.cells[column]
        if not cell:
            return None
        if not re.fullmatch(r"[0-9]{1,2}", cell) or int(cell) > most:
            self.fault(column, f"Écrivez un nombre entier de 0 à {most}.")
            return None
        return int(cell)

    def cents(self, column: str) -> int | None:
        cell = self.cells[column]
        if not cell:
            return None
        if not re.fullmatch(r"[0-9]{1,7}([.,][0-9]{1,2})?", cell):
            self.fault(column, "Écrivez une somme en euros, jamais négative, comme 80,00.")
            return None
        whole, _, rest = cell.replace(",", ".").partition(".")
        return int(whole) * 100 + int(rest.ljust(2, "0"))
