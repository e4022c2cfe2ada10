"""Rows into a CSV file that a French spreadsheet opens at a double click, and that runs nothing in it."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | None


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, semicolons, CRLF; decimal commas; a text that a spreadsheet would run gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell_text(title) for title in header])
    writer.writerows([cell_text(value) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode("utf-8", "replace")


def cell_text(value: Cell) -> str:
    """One cell as text.

    >>> cell_text("=1+1"), cell_text(" @SUM(A1)"), cell_text(-2.5), cell_text(3.0), cell_text(None)
    ("'=1+1", "' @SUM(A1)", '-2,5', '3', '')
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:.10g}".replace(".", ",")
    text = value.replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(STARTS_A_FORMULA) else text
