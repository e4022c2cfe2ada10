"""Files of people and programmes come in: checked first, then applied whole or not at all."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.reading.reading_files import (
    CandidateRow,
    ProgrammeRow,
    ReadFile,
    read_candidates,
    read_programmes,
)
from service.flows.recruiting.imports_of_candidates import PlannedPeople, plan_people, write_people
from service.flows.recruiting.imports_of_programmes import (
    PlannedProgrammes,
    plan_programmes,
    write_programmes,
)
from service.runtime.actors import Actor
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken, TooLarge
from service.runtime.files import FileStore
from service.runtime.vocabulary import ImportKind, ImportState
from service.store import audit
from service.store.recruiting.imports import ImportFacts, applied_before, facts_of, row_of
from service.tables.applications import Import

MAX_BYTES = 20_000_000
FAULTS_SHOWN = 500
TWINS_SHOWN = 500


class FaultLine(BaseModel):
    """One thing to put right in the file."""

    model_config = ConfigDict(frozen=True)

    line: int
    column: str
    value: str
    reason: str


class TwinLine(BaseModel):
    """A new row that is likely somebody known (`candidate_id`) or another row of the file (`other_line`)."""

    model_config = ConfigDict(frozen=True)

    line: int
    name: str
    other_name: str
    candidate_id: UUID | None
    other_line: int | None
    signs: tuple[str, ...]


class Report(BaseModel):
    """What applying the file would do; `bad` and `likely_duplicates` count all, the lists show the first 500."""

    model_config = ConfigDict(frozen=True)

    new: int
    changed: int
    unchanged: int
    bad: int
    likely_duplicates: int
    faults: tuple[FaultLine, ...] = ()
    fault_count: int = 0
    duplicates: tuple[TwinLine, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    applied_before: datetime | None = None

    @property
    def can_apply(self) -> bool:
        return self.bad == 0


@dataclass(frozen=True)
class Reading:
    """One file, read without a database."""

    kind: ImportKind
    file_name: str
    sha256: str
    people: ReadFile[CandidateRow] | None = None
    programmes: ReadFile[ProgrammeRow] | None = None

    @property
    def read(self) -> ReadFile[Any]:
        found = self.people if self.people is not None else self.programmes
        assert found is not None
        return found


def read_file(data: bytes, *, kind: ImportKind, file_name: str) -> Reading:
    """Read the file; slow for a large one, so call it in a thread and outside of any transaction."""
    if len(data) > MAX_BYTES:
        raise TooLarge("A file has at most %(most)s MB; cut it in two.", most=MAX_BYTES // 1_000_000)
    sha256 = hashlib.sha256(data).hexdigest()
    if kind is ImportKind.CANDIDATES:
        return Reading(kind, file_name, sha256, people=read_candidates(data, file_name))
    return Reading(kind, file_name, sha256, programmes=read_programmes(data, file_name))


async def read_kept(database: Database, files: FileStore, import_id: str) -> Reading:
    """The file of an import, read again in a thread and outside of any writing transaction."""
    async with database.transaction(write=False) as session:
        facts = await facts_of(session, import_id)
    content = files.get(facts.sha256)
    return await asyncio.to_thread(read_file, content, kind=facts.kind, file_name=facts.file_name)


async def check(session: AsyncSession, reading: Reading) -> Report:
    """What applying would do; nothing is written."""
    report, _ = await _weigh(session, reading)
    return report


async def _weigh(session: AsyncSession, reading: Reading) -> tuple[Report, PlannedPeople | PlannedProgrammes]:
    before = await applied_before(session, reading.kind, reading.sha256)
    if reading.people is not None:
        plan = await plan_people(session, reading.people.rows)
        counts = (len(plan.new), len(plan.changed), plan.unchanged)
        return _report(reading.read, counts, before, twins=_twin_lines(plan)), plan
    work = await plan_programmes(session, reading.read.rows)
    return _report(reading.read, (len(work.new), len(work.changed), work.unchanged), before), work


def _report(
    read: ReadFile[Any],
    counts: tuple[int, int, int],
    before: datetime | None,
    twins: Sequence[TwinLine] = (),
) -> Report:
    new, changed, unchanged = counts
    if before is not None:
        # These bytes were applied already: whatever people edited since then stays as they left it.
        new, changed, unchanged = 0, 0, sum(counts)
    faults = tuple(
        FaultLine(line=fault.line, column=fault.column, value=fault.value, reason=fault.reason)
        for fault in read.faults[:FAULTS_SHOWN]
    )
    shown = () if before is not None else tuple(twins)
    return Report(
        new=new, changed=changed, unchanged=unchanged, bad=read.bad_rows, likely_duplicates=len(shown),
        faults=faults, fault_count=len(read.faults), duplicates=shown[:TWINS_SHOWN],
        ignored_columns=read.ignored_columns, applied_before=before,
    )  # fmt: skip


def _twin_lines(plan: PlannedPeople) -> list[TwinLine]:
    return [
        TwinLine(
            line=twin.line, name=twin.name, other_name=twin.other_name, candidate_id=twin.candidate_id,
            other_line=twin.other_line, signs=twin.signs,
        )
        for twin in plan.twins
    ]  # fmt: skip


async def keep_check(
    session: AsyncSession, actor: Actor, reading: Reading, data: bytes, *, files: FileStore, now: datetime
) -> ImportFacts:
    """Check a file and keep it with its report, so that it can be applied as checked."""
    report = await check(session, reading)
    files.put(data)
    row = _row(actor, reading, report, now=now)
    session.add(row)
    audit.record(
        session, actor, action="import.check", subject=("import", row.id), now=now,
        detail={"kind": reading.kind.value, "sha256": reading.sha256},
    )  # fmt: skip
    await session.flush()
    return ImportFacts.model_validate(row)


def _row(actor: Actor, reading: Reading, report: Report, *, now: datetime) -> Import:
    return Import(
        kind=reading.kind, file_name=reading.file_name[:255], sha256=reading.sha256, state=ImportState.CHECKED,
        report=report.model_dump(mode="json"), staff_id=actor.staff_id, created_at=now,
    )  # fmt: skip


async def apply_kept(
    session: AsyncSession,
    actor: Actor,
    import_id: str | UUID,
    reading: Reading,
    *,
    editions: Editions,
    now: datetime,
) -> ImportFacts:
    """Apply a kept import whole; one that was applied already stays as it is, one with faults is RuleBroken."""
    row = await row_of(session, import_id)
    if row.state is not ImportState.APPLIED:
        report, plan = await _weigh(session, reading)
        _refuse_faults(report)
        await _write(session, actor, row, report, plan, editions=editions, now=now)
    return ImportFacts.model_validate(row)


async def apply_at_once(
    session: AsyncSession,
    actor: Actor,
    reading: Reading,
    data: bytes,
    *,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> Report:
    """Check, keep and apply in one transaction: for the command line. With faults only the report comes back."""
    report, plan = await _weigh(session, reading)
    if report.can_apply:
        files.put(data)
        row = _row(actor, reading, report, now=now)
        session.add(row)
        await _write(session, actor, row, report, plan, editions=editions, now=now)
    return report


async def _write(
    session: AsyncSession,
    actor: Actor,
    row: Import,
    report: Report,
    plan: PlannedPeople | PlannedProgrammes,
    *,
    editions: Editions,
    now: datetime,
) -> None:
    if report.applied_before is None and isinstance(plan, PlannedPeople):
        await write_people(session, actor, plan, editions=editions, now=now)
    elif report.applied_before is None and isinstance(plan, PlannedProgrammes):
        await write_programmes(session, actor, plan, now=now)
    row.report, row.state, row.applied_at = report.model_dump(mode="json"), ImportState.APPLIED, now
    audit.record(
        session, actor, action="import.apply", subject=("import", row.id), now=now,
        detail={"new": report.new, "changed": report.changed},
    )  # fmt: skip
    await session.flush()


def _refuse_faults(report: Report) -> None:
    if not report.can_apply:
        raise RuleBroken(
            "%(rows)s rows are to be put right first; nothing was applied.",
            rows=report.bad,
            code="import-has-faults",
            faults=[
                Fault(
                    f"line {fault.line}: {fault.column}", "bad-value", f"{fault.value} {fault.reason}".strip()
                )
                for fault in report.faults[:50]
            ],
        )
