"""Files of people and programmes into checked rows, every fault at its line and column; no database is needed."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from assessments.profiles import CandidateProfile, PersonIdentity, ProgrammeProfile
from service.flows.reading.reading_cells import (
    CANDIDATE_COLUMNS,
    PROGRAMME_COLUMNS,
    BadCell,
    Column,
    by_name,
    folded,
    misread_level,
)
from service.flows.reading.reading_reasons import place_of, reason_of, shown
from service.flows.reading.reading_text import (
    MAX_CELL,
    MAX_ROWS,
    RawRow,
    UnreadableFile,
    csv_sheet,
    decode,
    is_json,
    json_rows,
)

IDENTITY = tuple(PersonIdentity.model_fields)
MISSPELT = 80.0
"""From this likeness on an unknown header is taken for a slip of a known one, which must be put right."""

R = TypeVar("R", bound="CandidateRow | ProgrammeRow")


@dataclass(frozen=True)
class RowFault:
    """One thing to put right: `line` counts from 1, `column` is the header or JSON path, `value` is cut short."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class CandidateRow:
    """One person of a file. `key` says which person it is: the file's own id, else a hash of the row."""

    line: int
    key: str
    profile: CandidateProfile
    identity: PersonIdentity


@dataclass(frozen=True)
class ProgrammeRow:
    """One programme of a file; `key` as for people."""

    line: int
    key: str
    profile: ProgrammeProfile
    client_name: str


@dataclass(frozen=True)
class ReadFile(Generic[R]):
    """What a file holds: rows that can be taken, faults that stop it, and columns that nobody reads."""

    rows: tuple[R, ...]
    faults: tuple[RowFault, ...] = ()
    ignored_columns: tuple[str, ...] = ()

    @property
    def bad_rows(self) -> int:
        """How many rows have at least one fault."""
        return len({fault.line for fault in self.faults})


def read_candidates(data: bytes, file_name: str = "") -> ReadFile[CandidateRow]:
    """People from JSON (a list of profiles, with identity members if there are any) or CSV."""
    return _read(
        data, file_name, CANDIDATE_COLUMNS, _candidate, {"skills": [], "languages": [], "availability": []}
    )


def read_programmes(data: bytes, file_name: str = "") -> ReadFile[ProgrammeRow]:
    """Programmes from JSON (a list of profiles, with `client_name` if there is one) or CSV."""
    return _read(
        data, file_name, PROGRAMME_COLUMNS, _programme, {"skills": [], "languages": [], "opening_hours": []}
    )


def _read(
    data: bytes,
    file_name: str,
    columns: tuple[Column, ...],
    build: Callable[[RawRow, list[RowFault]], R | None],
    defaults: Mapping[str, Any],
) -> ReadFile[R]:
    faults: list[RowFault] = []
    ignored: tuple[str, ...] = ()
    found: list[R] = []
    try:
        text = decode(data)
        if is_json(text, file_name):
            raw: Iterable[RawRow] = json_rows(text)
        else:
            raw, ignored = _from_csv(text, columns, faults, defaults)
        seen: dict[str, int] = {}
        for row in raw:
            built = build(row, faults)
            if built is not None and row.is_sound and _is_first(built, row, seen, faults):
                found.append(built)
            if len(found) > MAX_ROWS:
                raise UnreadableFile(
                    f"Le fichier a plus de {MAX_ROWS} lignes. Coupez-le en deux.", line=row.line
                )
    except UnreadableFile as error:
        faults.append(RowFault(error.line, "", "", str(error)))
    if not found and not faults:
        faults.append(RowFault(1, "", "", "Le fichier ne contient aucune ligne."))
    return ReadFile(tuple(found), tuple(sorted(faults, key=lambda fault: fault.line)), ignored)


def _is_first(built: R, row: RawRow, seen: dict[str, int], faults: list[RowFault]) -> bool:
    if built.key not in seen:
        seen[built.key] = row.line
        return True
    first = seen[built.key]
    column, _ = _where(row, "id")
    faults.append(RowFault(row.line, column, shown(built.key), f"est déjà à la ligne {first}"))
    return False


def _candidate(row: RawRow, faults: list[RowFault]) -> CandidateRow | None:
    values = dict(row.values)
    said = {name: values.pop(name) for name in IDENTITY if name in values}
    said = {name: value for name, value in said.items() if value not in ("", None)}
    key = _key_of(values, said)
    profile = _checked(CandidateProfile, values, row, faults)
    identity = _checked(PersonIdentity, said, row, faults)
    if not profile or not identity or not _speaks_clearly(profile, row, faults):
        return None
    return CandidateRow(row.line, key, profile, identity)


def _speaks_clearly(profile: CandidateProfile, row: RawRow, faults: list[RowFault]) -> bool:
    """Whether no words on a language are a code or a level written wrong; a cell was asked the same before."""
    before = len(faults)
    for place, entry in enumerate(profile.languages, 1):
        wrong = misread_level(entry.text or "")
        if wrong and row.is_sound:
            faults.append(RowFault(row.line, f"languages[{place}].text", shown(entry.text), wrong))
    return len(faults) == before


def _programme(row: RawRow, faults: list[RowFault]) -> ProgrammeRow | None:
    values = dict(row.values)
    client_name = values.pop("client_name", None) or ""
    key = _key_of(values, {"client_name": client_name})
    if not isinstance(client_name, str) or len(client_name) > 200 or "\x00" in client_name:
        column, _ = _where(row, "client_name")
        faults.append(RowFault(row.line, column, shown(client_name), "doit être un texte court"))
        return None
    profile = _checked(ProgrammeProfile, values, row, faults)
    return ProgrammeRow(row.line, key, profile, client_name) if profile else None


def _key_of(values: dict[str, Any], beside: Mapping[str, Any]) -> str:
    """The row's own id; without one, a hash of all it says, which also becomes the profile's id."""
    if isinstance(values.get("id"), str) and values["id"]:
        return str(values["id"])
    if values.get("id") in (None, ""):
        text = json.dumps([values, dict(beside)], sort_keys=True, ensure_ascii=True, default=str)
        values["id"] = f"row-{hashlib.sha256(text.encode()).hexdigest()[:40]}"
    return str(values["id"])


M = TypeVar("M", bound=BaseModel)


def _checked(model: type[M], values: Mapping[str, Any], row: RawRow, faults: list[RowFault]) -> M | None:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for entry in error.errors(include_url=False):
            column, cell = _where(row, place_of(entry))
            is_whole = cell is not None and not isinstance(entry["input"], str)
            value = "" if entry["type"] == "missing" else shown(cell if is_whole else entry["input"])
            faults.append(RowFault(row.line, column, value, reason_of(entry)))
        return None


def _where(row: RawRow, place: str) -> tuple[str, str | None]:
    """The file's own name of a place and, of a CSV file, the cell (`availability[1].to` is in « Disponibilités »)."""
    for target, (header, cell) in row.cells.items():
        if place == target or place.startswith((f"{target}.", f"{target}[")):
            return header, cell
    return place, None


def _from_csv(
    text: str, columns: tuple[Column, ...], faults: list[RowFault], defaults: Mapping[str, Any]
) -> tuple[list[RawRow], tuple[str, ...]]:
    sheet = csv_sheet(text)
    known, ignored = _columns_of(sheet.header, by_name(columns), faults)
    if not known:
        raise UnreadableFile("Aucune colonne n'est connue. La première ligne doit nommer les colonnes.")
    rows = []
    for row in sheet.rows:
        values, is_sound = _values_of(row, sheet.header, known, faults)
        filled = {**{name: list(empty) for name, empty in defaults.items()}, **values}
        cells = {
            column.target: (shown(sheet.header[place]), str(row.values.get(str(place), "")))
            for place, column in known.items()
        }
        rows.append(RawRow(row.line, filled, is_sound=is_sound, cells=cells))
    return rows, ignored


def _columns_of(
    header: tuple[str, ...], names: Mapping[str, Column], faults: list[RowFault]
) -> tuple[dict[int, Column], tuple[str, ...]]:
    known: dict[int, Column] = {}
    ignored: list[str] = []
    for place, title in enumerate(header):
        column = names.get(folded(title))
        if column is None:
            _note_unknown(title, names, faults, ignored)
        elif any(other.target == column.target for other in known.values()):
            faults.append(RowFault(1, shown(title), "", "Cette colonne est là deux fois."))
        else:
            known[place] = column
    return known, tuple(ignored)


def _note_unknown(
    title: str, names: Mapping[str, Column], faults: list[RowFault], ignored: list[str]
) -> None:
    near = process.extractOne(folded(title), list(names), score_cutoff=MISSPELT) if title else None
    if near is not None and len(folded(title)) > 3:
        faults.append(RowFault(1, shown(title), "", f"Colonne inconnue. Vouliez-vous dire « {near[0]} » ?"))
    else:
        ignored.append(shown(title))


def _values_of(
    row: RawRow, header: tuple[str, ...], known: Mapping[int, Column], faults: list[RowFault]
) -> tuple[dict[str, Any], bool]:
    before = len(faults)
    if row.extra_cells:
        faults.append(
            RowFault(row.line, "", shown(row.extra_cells[0]), "La ligne a plus de valeurs que de colonnes.")
        )
    values: dict[str, Any] = {}
    for place, column in known.items():
        cell = row.values.get(str(place), "")
        if len(cell) > MAX_CELL:
            faults.append(RowFault(row.line, shown(header[place]), shown(cell), "est trop long"))
        elif cell:
            try:
                _put(values, column.target, column.read(cell))
            except BadCell as error:
                faults.append(RowFault(row.line, shown(header[place]), shown(cell), str(error)))
    return values, len(faults) == before


def _put(values: dict[str, Any], target: str, value: Any) -> None:
    *path, last = target.split(".")
    for part in path:
        values = values.setdefault(part, {})
    values[last] = value
