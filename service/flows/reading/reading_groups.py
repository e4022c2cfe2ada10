"""A file of people, their groups and what became of them, for the fairness figures; faults at line and column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, TypeVar

from rapidfuzz import process

from assessments.validation.fairness import GroupName
from service.flows.reading.reading_cells import folded
from service.flows.reading.reading_files import RowFault
from service.flows.reading.reading_reasons import shown
from service.flows.reading.reading_text import RawRow, Sheet, csv_sheet, decode

MOST_ROWS = 1_000_000
YES = frozenset({"1", "1.0", "true", "vrai", "yes", "oui", "y", "o"})
NO = frozenset({"0", "0.0", "false", "faux", "no", "non", "n"})
EXPECTED = "Write 1 or 0, true or false, oui or non, yes or no."

T = TypeVar("T")


@dataclass(frozen=True)
class Columns:
    """The columns that are asked for, by their headers: at least one group, and an outcome, a score, or both."""

    groups: tuple[str, ...]
    selected: str | None = None
    score: str | None = None
    part: str | None = None


@dataclass(frozen=True)
class GroupedPeople:
    """People one by one, each list in the order of the file; a list that was not asked for is None."""

    groups: tuple[GroupName, ...]
    selected: tuple[bool, ...] | None
    scores: tuple[Fraction, ...] | None
    parts: tuple[str, ...] | None


def read_groups(data: bytes, columns: Columns) -> GroupedPeople | tuple[RowFault, ...]:
    """The people of a CSV file (`;`, `,` or tab; UTF-8, UTF-16 or cp1252), or every fault.

    Raises UnreadableFile for what is no CSV at all. An empty group is a person of whom it is not known.
    """
    sheet = csv_sheet(decode(data), most=MOST_ROWS)
    faults: list[RowFault] = []
    asked = [*columns.groups, *(one for one in (columns.selected, columns.score, columns.part) if one)]
    places = {name: _place_of(name, sheet, faults) for name in asked}
    faults += [_too_long(row) for row in sheet.rows if row.extra_cells]
    if not sheet.rows:
        faults.append(RowFault(1, "", "", "The file has a header and no row. Add one row a person."))
    if faults:
        return tuple(faults)
    groups = tuple(tuple(_cell(row, places[name]) for name in columns.groups) for row in sheet.rows)
    selected = _each(sheet, columns.selected, places, is_yes, faults)
    scores = _each(sheet, columns.score, places, number, faults)
    parts = _each(sheet, columns.part, places, str, faults)
    return tuple(faults) if faults else GroupedPeople(groups, selected, scores, parts)


def _place_of(name: str, sheet: Sheet, faults: list[RowFault]) -> int:
    """Which column this is: by its exact header, else by the same letters without accents and case."""
    for same in (str, folded):
        found = [place for place, title in enumerate(sheet.header) if same(title) == same(name)]
        if len(found) > 1:
            faults.append(RowFault(1, shown(name), "", "Two columns have this name. Rename one of them."))
        if found:
            return found[0]
    near = process.extractOne(folded(name), [folded(title) for title in sheet.header], score_cutoff=60)
    meant = f" Did you mean “{sheet.header[near[2]]}”?" if near else ""
    there = ", ".join(shown(title) for title in sheet.header)
    faults.append(RowFault(1, shown(name), "", f"There is no such column.{meant} The file has: {there}."))
    return 0


def _too_long(row: RawRow) -> RowFault:
    return RowFault(
        row.line, "", shown(row.extra_cells[0]), "The row has more values than there are columns. Quote it."
    )


def _cell(row: RawRow, place: int) -> str:
    return str(row.values.get(str(place), ""))


def _each(
    sheet: Sheet,
    name: str | None,
    places: dict[str, int],
    read: Callable[[str], T],
    faults: list[RowFault],
) -> tuple[T, ...] | None:
    if name is None:
        return None
    found: list[T] = []
    for row in sheet.rows:
        cell = _cell(row, places[name])
        try:
            found.append(read(cell))
        except ValueError as error:
            faults.append(RowFault(row.line, shown(name), shown(cell), str(error)))
    return tuple(found)


def is_yes(cell: str) -> bool:
    """True or False as people write them; ValueError, with what to write, for anything else.

    >>> is_yes("Oui"), is_yes("0")
    (True, False)
    """
    word = cell.casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(f"This says neither yes nor no. {EXPECTED}" if cell else f"This is empty. {EXPECTED}")


def number(cell: str) -> Fraction:
    """A number with a point or a comma, exact; ValueError for anything else, NaN and infinity among it.

    >>> number("12,5")
    Fraction(25, 2)
    """
    try:
        found = Decimal(cell.replace(",", ".").replace(" ", "").replace("\u202f", "").replace("\xa0", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) > 50:
        raise ValueError("This is not a number. Write digits, with a point or a comma.")
    return Fraction(found)


def by_part(people: GroupedPeople, outcome: Sequence[bool]) -> dict[str, tuple[list[GroupName], list[bool]]]:
    """Groups and outcomes of each part by itself, in the order of their first appearance."""
    found: dict[str, tuple[list[Any], list[bool]]] = {}
    for group, part, is_selected in zip(people.groups, people.parts or (), outcome, strict=True):
        groups, outcomes = found.setdefault(part or "(empty)", ([], []))
        groups.append(group)
        outcomes.append(is_selected)
    return found
