"""A file of answers as numbers, people by columns, for the reliability figures; faults at line and column."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process

from service.flows.reading.reading_cells import folded
from service.flows.reading.reading_files import RowFault
from service.flows.reading.reading_reasons import shown
from service.flows.reading.reading_text import SEPARATORS, UnreadableFile, decode

MOST_ROWS = 1_000_000
MOST_COLUMNS = 2_000
NOT_GIVEN = frozenset({"", "na", "n/a", "nan", "null", "none", "."})
"""What a cell may say, in any case, when there is no answer."""


@dataclass(frozen=True)
class AnswersFile:
    """The asked columns in the order asked: floats, NaN for no answer; `lines` is where each row begins."""

    columns: tuple[str, ...]
    values: NDArray[np.float64]
    lines: tuple[int, ...]


def read_answers(
    data: bytes, columns: Sequence[str], *, ends: tuple[float, float] | None = None
) -> AnswersFile | tuple[RowFault, ...]:
    """The numbers of `columns` in a CSV file (`;`, `,` or tab; UTF-8, UTF-16 or cp1252), or every fault.

    A number outside `ends`, where these are given, is a fault. A line without any value is passed over, and a row
    without any of these answers stays a row. Raises UnreadableFile for what is no CSV at all.
    """
    text = decode(data)
    header, lines, rows = _taken_apart(text)
    faults: list[RowFault] = []
    places = [_place_of(name, header, faults) for name in columns]
    if not rows and not faults:
        faults.append(RowFault(1, "", "", "The file has a header and no row. Add one row a person."))
    if faults:
        return tuple(faults)
    values = np.empty((len(rows), len(places)))
    known: dict[str, float] = {}
    for at, cells in enumerate(rows):
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            faults.append(
                RowFault(lines[at], "", shown(cells[len(header)]), "The row has more values than columns.")
            )
            continue
        for to, place in enumerate(places):
            cell = cells[place] if place < len(cells) else ""
            try:
                values[at, to] = known[cell] if cell in known else known.setdefault(cell, _number(cell, ends))
            except ValueError as error:
                faults.append(RowFault(lines[at], shown(columns[to]), shown(cell), str(error)))
    return tuple(faults) if faults else AnswersFile(tuple(columns), values, tuple(lines))


def _taken_apart(text: str) -> tuple[list[str], list[int], list[list[str]]]:
    """The header, and each row with the line it begins on; a quote left open would swallow rows, so it is refused."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator_of(text), strict=True)
    header: list[str] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                continue
            lines.append(here)
            rows.append(cells)
            if len(rows) > MOST_ROWS or len(header) > MOST_COLUMNS:
                raise UnreadableFile(
                    f"At most {MOST_ROWS} rows and {MOST_COLUMNS} columns are read. Split the file.",
                    line=here,
                )
    except csv.Error:
        raise UnreadableFile("A quote is left open here, or a cell is too long.", line=line) from None
    if not header:
        raise UnreadableFile("The file is empty.")
    return header, lines, rows


def _separator_of(text: str) -> str:
    """The separator that the first line with text uses most, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=bare.count)


def _place_of(name: str, header: Sequence[str], faults: list[RowFault]) -> int:
    """Which column this is: by its exact header, else by the same letters without accents and case."""
    for same in (str, folded):
        found = [place for place, title in enumerate(header) if same(title) == same(name)]
        if len(found) > 1:
            faults.append(RowFault(1, shown(name), "", "Two columns have this name. Rename one of them."))
        if found:
            return found[0]
    near = process.extractOne(folded(name), [folded(title) for title in header], score_cutoff=60)
    meant = f" Did you mean “{header[near[2]]}”?" if near else ""
    there = ", ".join(shown(title) for title in header[:60]) + (", …" if len(header) > 60 else "")
    faults.append(RowFault(1, shown(name), "", f"There is no such column.{meant} The file has: {there}."))
    return 0


def _number(cell: str, ends: tuple[float, float] | None) -> float:
    """A number with a point or a comma, NaN for no answer; ValueError, with what to write, for anything else."""
    plain = cell.strip().replace("\u202f", "").replace("\xa0", "")
    if plain.casefold() in NOT_GIVEN:
        return float("nan")
    try:
        # An underscore is Python's own, and no spreadsheet writes it.
        found = float(plain.replace(",", ".")) if "_" not in plain else float("nan")
    except ValueError:
        found = float("nan")
    if not np.isfinite(found) or abs(found) > 1e9:
        raise ValueError("This is not a number. Write digits, or leave the cell empty for no answer.")
    if ends and not ends[0] <= found <= ends[1]:
        raise ValueError(f"This is outside {ends[0]:g} to {ends[1]:g}.")
    return found
