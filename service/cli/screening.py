"""homeshore screen: two files in, a shortlist per programme out, on paper and for the spreadsheet."""

import multiprocessing
import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from assessments.profiles import PersonIdentity, ProgrammeProfile
from documents.packs import DocumentPlan
from documents.pdf import PdfError
from service.cli.matching import candidates_file, programmes_file, ranked_with_plans, read_both, stop
from service.cli.output import answer, as_json, told
from service.flows.reading.reading_files import CandidateRow, ProgrammeRow
from service.flows.writing.shortlists_on_paper import (
    Entry,
    outcomes_of,
    plan_paper,
    render,
    write_index,
    write_spreadsheet,
)
from service.runtime.clock import system_clock
from service.runtime.settings import Settings

FOLDER = click.Path(file_okay=False, path_type=Path)


@dataclass(frozen=True)
class Sheet:
    """One programme's shortlist and the names of its two files."""

    programme: ProgrammeProfile
    client_name: str
    entries: tuple[Entry, ...]
    csv: str
    pdf: str


@click.command()
@candidates_file
@programmes_file
@click.option("--out", "out_path", type=FOLDER, required=True, help="The folder for the shortlists.")
@as_json
@told
def screen(candidates_path: Path, programmes_path: Path, out_path: Path, json_output: bool) -> None:
    """Write a shortlist for each programme: a CSV with everybody, a PDF for the meeting, and an index."""
    persons, programmes = read_both(candidates_path, programmes_path)
    _open_folder(out_path)
    steps = len(persons) + 2 * len(programmes)
    with click.progressbar(length=steps, label="Screening", file=sys.stderr) as bar:
        sheets = _sheets(persons, programmes, bar.update)
        try:
            _write_all(sheets, out_path, bar.update)
        except (OSError, PdfError) as error:
            stop(f"{out_path}: {error}")
    rows = [(sheet.programme, sheet.entries, sheet.csv, sheet.pdf) for sheet in sheets]
    _put(out_path / "index.csv", write_index(rows))
    answer(
        {"out": str(out_path), "index": "index.csv", "shortlists": [_told(sheet) for sheet in sheets]},
        json_output=json_output,
        words="\n".join([*map(_words, sheets), f"{out_path / 'index.csv'} lists them all."]),
    )


def _open_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(f"{folder}: {error.strerror}")
    if not os.access(folder, os.W_OK | os.X_OK):
        stop(f"{folder}: this folder cannot be written to")


def _sheets(
    persons: Sequence[CandidateRow], programmes: Sequence[ProgrammeRow], tick: Any
) -> tuple[Sheet, ...]:
    names = {row.profile.id: _name_of(row.identity) or row.profile.id for row in persons}
    ranked = ranked_with_plans(
        [row.profile for row in persons],
        [row.profile for row in programmes],
        now=system_clock(),
        tick=tick,
    )
    sheets = []
    for number, (row, matches) in enumerate(zip(programmes, ranked, strict=True), start=1):
        stem = f"{number:02d}-{slug(row.profile.title or row.profile.id)}"
        entries = tuple(Entry(names[match.candidate], match) for match in matches)
        sheets.append(Sheet(row.profile, row.client_name, entries, f"{stem}.csv", f"{stem}.pdf"))
    return tuple(sheets)


def _name_of(identity: PersonIdentity) -> str:
    return identity.name or " ".join(part for part in (identity.given_name, identity.family_name) if part)


def slug(text: str) -> str:
    """A file name's plain part, at most 48 characters.

    >>> slug("Énergie : service clients / soir")
    'energie-service-clients-soir'
    """
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:48].strip("-") or "programme"


def _write_all(sheets: Sequence[Sheet], folder: Path, tick: Any) -> None:
    """Every CSV, then the PDFs from a few processes: rendering shares no memory, so no thread may do it."""
    now = system_clock()
    for sheet in sheets:
        _put(folder / sheet.csv, write_spreadsheet(sheet.entries))
    plans: list[DocumentPlan] = [
        plan_paper(
            sheet.programme,
            sheet.entries,
            client_name=sheet.client_name,
            reference=sheet.programme.id,
            now=now,
        )
        for sheet in sheets
    ]
    processes = max(1, min(Settings().pdf_processes, len(plans)))
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for sheet, content in zip(sheets, pool.map(render, plans), strict=True):
            _put(folder / sheet.pdf, content)
            tick(1)


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside, then renamed."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _told(sheet: Sheet) -> dict[str, Any]:
    counts = {outcome.value: count for outcome, count in outcomes_of(sheet.entries).items()}
    return {
        "programme": sheet.programme.id,
        "title": sheet.programme.title,
        "considered": len(sheet.entries),
        "outcomes": counts,
        "csv": sheet.csv,
        "pdf": sheet.pdf,
    }


def _words(sheet: Sheet) -> str:
    counts = outcomes_of(sheet.entries)
    told = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    return f"{sheet.programme.id} {sheet.programme.title}: {told} -> {sheet.csv}, {sheet.pdf}"
