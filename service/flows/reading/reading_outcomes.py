"""A CSV file of how the work of hired people goes, into rows; every fault at its line and column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.flows.reading import reading_cells as cells
from service.flows.reading.reading_cells import BadCell, Column, folded
from service.flows.reading.reading_files import RowFault
from service.flows.reading.reading_reasons import shown
from service.flows.reading.reading_text import RawRow, Sheet, UnreadableFile, csv_sheet, decode
from service.runtime.vocabulary import OutcomeMeasure

MOST_ROWS = 100_000
_MEASURES = {
    "en poste": OutcomeMeasure.IN_POST, "encore en poste": OutcomeMeasure.IN_POST,
    "autonomie": OutcomeMeasure.AUTONOMY_AT_WORK, "qualite": OutcomeMeasure.QUALITY,
    "presence": OutcomeMeasure.ATTENDANCE, "assiduite": OutcomeMeasure.ATTENDANCE,
}  # fmt: skip


@dataclass(frozen=True)
class OutcomeRow:
    """One thing seen of one person, who is named by the file's own id, our id or an e-mail address."""

    line: int
    candidate: str
    days: int
    measure: OutcomeMeasure
    value: int
    recorded_on: date
    note: str


def measure(cell: str) -> OutcomeMeasure:
    """A measure by its name in the API or in French.

    >>> measure("Qualité"), measure("in_post")
    (<OutcomeMeasure.QUALITY: 'quality'>, <OutcomeMeasure.IN_POST: 'in_post'>)
    """
    known = {folded(one.value): one for one in OutcomeMeasure} | _MEASURES
    if folded(cell) not in known:
        raise BadCell("n'est pas une mesure prévue : " + ", ".join(one.value for one in OutcomeMeasure))
    return known[folded(cell)]


def known_on(cell: str) -> date:
    return date.fromisoformat(cells.day(cell))


COLUMNS = (
    Column("candidate", cells.words, ("candidate", "candidate id", "id", "personne", "candidat", "email", "e mail")),
    Column("days", cells.whole, ("days", "jours", "apres")),
    Column("measure", measure, ("measure", "mesure")),
    Column("value", cells.whole, ("value", "valeur", "resultat")),
    Column("recorded_on", known_on, ("recorded on", "date", "jour", "note le")),
    Column("note", cells.words, ("note", "remarque", "commentaire")),
)  # fmt: skip
NEEDED = frozenset({"candidate", "days", "measure", "value", "recorded_on"})
NOTE_LENGTH = 2000


def read_outcomes(data: bytes) -> tuple[tuple[OutcomeRow, ...], tuple[RowFault, ...]]:
    """The sound rows and every fault; what is no CSV at all is one fault."""
    try:
        sheet = csv_sheet(decode(data), most=MOST_ROWS)
    except UnreadableFile as error:
        return (), (RowFault(error.line, "", "", str(error)),)
    places, faults = _places(sheet)
    if faults:
        return (), faults
    rows, bad = [], []
    for raw in sheet.rows:
        row, wrong = _row(raw, sheet, places)
        bad += wrong
        if row is not None:
            rows.append(row)
    if not sheet.rows:
        bad.append(RowFault(1, "", "", "Le fichier n'a pas de ligne sous ses titres."))
    return tuple(rows), tuple(bad)


def _places(sheet: Sheet) -> tuple[Mapping[str, int], tuple[RowFault, ...]]:
    places: dict[str, int] = {}
    faults = []
    for place, title in enumerate(sheet.header):
        for column in COLUMNS:
            if folded(title) not in {folded(name) for name in column.names}:
                continue
            if column.target in places:
                faults.append(
                    RowFault(1, shown(title), "", "Une autre colonne dit déjà cela. Gardez-en une.")
                )
            places.setdefault(column.target, place)
    faults += [
        RowFault(1, name, "", "Cette colonne manque.") for name in sorted(NEEDED - set(places))
    ]  # fmt: skip
    return places, tuple(faults)


def _row(raw: RawRow, sheet: Sheet, places: Mapping[str, int]) -> tuple[OutcomeRow | None, list[RowFault]]:
    said: dict[str, Any] = {"note": ""}
    faults = []
    if raw.extra_cells:
        faults.append(RowFault(raw.line, "", shown(raw.extra_cells[0]), "a plus de valeurs que de colonnes"))
    for column in COLUMNS:
        if column.target not in places:
            continue
        cell = str(raw.values.get(str(places[column.target]), ""))
        try:
            said[column.target] = _read(column.read, cell, is_needed=column.target in NEEDED)
        except BadCell as problem:
            header = sheet.header[places[column.target]]
            faults.append(RowFault(raw.line, shown(header), shown(cell), str(problem)))
    if len(said["note"]) > NOTE_LENGTH:
        faults.append(RowFault(raw.line, "note", shown(said["note"]), f"dépasse {NOTE_LENGTH} caractères"))
    return (None, faults) if faults else (OutcomeRow(line=raw.line, **said), [])


def _read(read: Callable[[str], Any], cell: str, *, is_needed: bool) -> Any:
    if not cell:
        if is_needed:
            raise BadCell("est vide")
        return ""
    return read(cell)
