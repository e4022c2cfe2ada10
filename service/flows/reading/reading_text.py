"""A file's bytes into raw rows: which encoding, which separator, on which line each row starts."""

import codecs
import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_CELL = 20_000
SEPARATORS = ";\t,"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SPACE = re.compile(r"[\s,]*")


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; its text says why, in French, and `line` says where."""

    def __init__(self, reason: str, *, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class RawRow:
    """One row before anything is checked: the line it starts on, and its values by column or by key.

    `cells` has, of a CSV file, each target with its own header and cell, for faults found after reading.
    """

    line: int
    values: dict[str, Any]
    extra_cells: tuple[str, ...] = ()
    is_sound: bool = True
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A CSV file taken apart: its header as written, and its rows with one cell a column."""

    header: tuple[str, ...]
    rows: tuple[RawRow, ...]


def decode(data: bytes) -> str:
    """The text: a byte-order mark decides, then UTF-16 by its zero bytes, UTF-8, and cp1252 as the last resort."""
    if data[:4] == b"PK\x03\x04":
        raise UnreadableFile("Ce fichier est un classeur. Enregistrez-le au format CSV, puis envoyez-le.")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding)
    sample = data[:4096]
    if sample[1::2].count(0) > len(sample) // 4:
        return _decoded(data, "utf-16-le")
    if sample[0::2].count(0) > len(sample) // 4:
        return _decoded(data, "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(
            "Ce fichier n'est pas un texte lisible (UTF-8, UTF-16 ou Windows-1252)."
        ) from None


def is_json(text: str, file_name: str) -> bool:
    """What the file is, by its first character, and by its name when it is empty."""
    start = text.lstrip()[:1]
    return start in ("[", "{") or (not start and file_name.lower().endswith(".json"))


def tidy(value: Any) -> Any:
    """Texts trimmed and in one Unicode form (NFC), so that twins typed on two systems are one."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, list):
        return [tidy(entry) for entry in value]
    if isinstance(value, dict):
        return {key: tidy(entry) for key, entry in value.items()}
    return value


def json_rows(text: str) -> Iterator[RawRow]:
    """Each object of a JSON list with the line it starts on."""
    if text.lstrip()[:1] != "[":
        raise UnreadableFile("Le fichier JSON doit être une liste d'objets : [ {…}, {…} ].")
    decoder = json.JSONDecoder(object_pairs_hook=_once_each, parse_constant=_no_constant)
    place, line, counted = text.index("[") + 1, 1, 0
    while True:
        place = _after_space(text, place)
        line, counted = line + text.count("\n", counted, place), place
        if text[place : place + 1] == "]":
            _check_end(text, place, line)
            return
        try:
            value, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            raise UnreadableFile(f"Le JSON n'est pas valide ici ({error.msg}).", line=error.lineno) from None
        except RecursionError:
            raise UnreadableFile("Le JSON a trop de niveaux imbriqués.", line=line) from None
        except ValueError as error:
            raise UnreadableFile(str(error), line=line) from None
        if not isinstance(value, dict):
            raise UnreadableFile("Chaque élément de la liste doit être un objet { … }.", line=line)
        yield RawRow(line, tidy(value))


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _check_end(text: str, place: int, line: int) -> None:
    if text[place + 1 :].strip():
        raise UnreadableFile("Il reste du texte après la fin de la liste JSON.", line=line)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("Un objet nomme deux fois la même clé.")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} n'est pas un nombre JSON.")


def csv_sheet(text: str, *, most: int = MAX_ROWS) -> Sheet:
    """A CSV file taken apart, of `most` rows; lines without a single value are passed over."""
    separator = _separator_of(text)
    # Strict: a quote left open would swallow every row after it into one cell, unseen.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[RawRow] = []
    header: tuple[str, ...] = ()
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _checked_header(cells, here)
                continue
            rows.append(_row(header, cells, here))
            if len(rows) > most:
                raise UnreadableFile(f"Le fichier a plus de {most} lignes. Coupez-le en deux.", line=here)
    except csv.Error:
        raise UnreadableFile(
            "Le CSV n'est pas lisible à partir d'ici : un guillemet reste ouvert, ou une cellule est trop longue.",
            line=line,
        ) from None
    if not header:
        raise UnreadableFile("Le fichier est vide.")
    return Sheet(header, tuple(rows))


def _separator_of(text: str) -> str:
    """The separator that the first line with text uses most, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=bare.count)


def _checked_header(cells: list[str], line: int) -> tuple[str, ...]:
    header = [tidy(cell) for cell in cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile(f"Le fichier a plus de {MAX_COLUMNS} colonnes.", line=line)
    return tuple(header)


def _row(header: tuple[str, ...], cells: list[str], line: int) -> RawRow:
    values = {str(place): tidy(cell) for place, cell in enumerate(cells[: len(header)])}
    extra = tuple(cell for cell in cells[len(header) :] if cell.strip())
    return RawRow(line, values, extra)
