"""The erasure of one person: rows, letters, documents, the files that brought them in, the answers that name them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.people.naming import Signs, signs_of
from service.flows.proof import proof_archives
from service.flows.reading.reading_text import UnreadableFile, decode
from service.runtime.actors import Actor, ActorKind
from service.runtime.drawn import DRAWN_FOLDER, DrawnFiles
from service.runtime.errors import Conflict, Forbidden, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.mail import MAIL_FOLDER
from service.runtime.settings import Settings
from service.store import audit, reach
from service.store import retention as store
from service.tables.applications import Import
from service.tables.people import Candidate

QUOTED = ("value", "name", "other_name")
"""What a report repeats of the rows of a file."""

SETTLED_AFTER = timedelta(days=1)
"""A file that no row refers to may be one whose transaction is still open; after a day it is not."""


class ErasedFacts(BaseModel):
    """What was erased of one person; `files` and `letters` leave the disk once the transaction has committed."""

    model_config = ConfigDict(frozen=True)

    candidate_id: UUID
    files: tuple[str, ...]
    letters: tuple[str, ...]
    imports: tuple[UUID, ...]


async def erase(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    *,
    files: FileStore,
    reason: str,
    now: datetime,
) -> ErasedFacts:
    """Delete one person and all that belongs to them; after the commit pass what comes back to `remove_files`.

    The kept file of an import that holds the person goes whole, with what its report quotes, and so does an archive
    of proofs that they are in. The trail keeps one
    entry with the id and the reason. Conflict for somebody who was hired; RuleBroken for a reason that names them.
    """
    person = await _erasable(session, actor, candidate_id)
    erased_id, signs = person.id, signs_of(person)
    if not reason.strip() or signs.are_in(reason):
        raise RuleBroken("The reason is kept: give one, without the person's name, address or number.")
    made = await store.files_of(session, erased_id)
    letters = await store.letters_of(session, person)
    held = _imports_of(await store.imports(session), person, signs, files)
    archives = await proof_archives.remove_of(session, erased_id, now=now)
    await _forget(session, erased_id, signs, letters=letters, held=held)
    audit.record(
        session, actor, action="candidate.erase", subject=("candidate", erased_id), now=now,
        detail={"reason": reason.strip()[:500]},
    )  # fmt: skip
    await session.flush()
    unused = made - await store.files_in_use(session)
    return ErasedFacts(
        candidate_id=erased_id,
        files=tuple(sorted(unused | {one.sha256 for one in held} | set(archives))),
        letters=tuple(sorted(f"{letter}.eml" for letter in letters)),
        imports=tuple(one.id for one in held),
    )


async def _erasable(session: AsyncSession, actor: Actor, candidate_id: str | UUID) -> Candidate:
    if actor.kind not in (ActorKind.STAFF, ActorKind.SYSTEM):
        raise Forbidden
    person = await reach.candidate_row(session, actor, candidate_id)
    if await store.is_hired(session, person.id):
        raise Conflict(
            "This person was hired: what is kept of them is a personnel file with periods of its own.",
            code="person-hired",
        )
    return person


def _imports_of(
    rows: Sequence[Import], person: Candidate, signs: Signs, files: FileStore
) -> tuple[Import, ...]:
    """Imports that wrote this person, whose file speaks of them, or whose report does."""
    written = (person.created_at, person.updated_at)
    return tuple(
        row
        for row in rows
        if row.applied_at in written
        or str(person.id) in (report := json.dumps(row.report, ensure_ascii=False))
        or signs.are_in(f"{row.file_name} {report}")
        or signs.are_in(_text_of(row, files))
    )


def _text_of(row: Import, files: FileStore) -> str:
    """The words of a kept file; none when it is gone already or cannot be read as text."""
    try:
        text = decode(files.get(row.sha256))
    except (NotFound, UnreadableFile):
        return ""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


async def _forget(
    session: AsyncSession,
    candidate_id: UUID,
    signs: Signs,
    *,
    letters: frozenset[UUID],
    held: Sequence[Import],
) -> None:
    own_ids = await store.ids_of(session, candidate_id)
    answers = await _answers_about(session, candidate_id, own_ids | {one.id for one in held}, signs)
    for row in held:
        row.report = {name: _blanked(value, name, signs) for name, value in row.report.items()}
        row.file_name = "" if signs.are_in(row.file_name) else row.file_name
    await session.flush()
    await store.delete_person(
        session, candidate_id, letters=letters, work_on=own_ids | letters, answers=answers
    )


def _blanked(value: Any, place: str, signs: Signs) -> Any:
    if isinstance(value, dict):
        return {name: _blanked(inner, name, signs) for name, inner in value.items()}
    if isinstance(value, list):
        return [_blanked(inner, place, signs) for inner in value]
    is_quote = isinstance(value, str) and (place in QUOTED or signs.are_in(value))
    return "" if is_quote else value


async def _answers_about(
    session: AsyncSession, candidate_id: UUID, ids: frozenset[UUID], signs: Signs
) -> list[UUID]:
    """Kept answers that were given to this person, or that speak of them or of what is theirs."""
    said = [str(one) for one in ids]
    found = []
    async for answer_id, principal, body in await store.kept_answers(session):
        text = bytes(body).decode("utf-8", "replace")
        if principal.endswith(str(candidate_id)) or any(one in text for one in said) or signs.are_in(text):
            found.append(answer_id)
    return found


def remove_files(erased: ErasedFacts, *, files: FileStore, settings: Settings) -> None:
    """Take the documents, kept files and letters of an erased person off the disk; doing it twice does no harm."""
    for sha256 in erased.files:
        files.remove(sha256)
    for name in erased.letters:
        (settings.data_dir / MAIL_FOLDER / name).unlink(missing_ok=True)


async def remove_forgotten(
    session: AsyncSession, *, files: FileStore, settings: Settings, now: datetime
) -> int:
    """Remove what an erasure could not know of: documents of a pack given up, a file replaced by another, late letters.

    Only what no row refers to and is a day old goes, and nothing while a pack is being made. How many went.
    """
    if await store.pack_under_way(session):
        return 0
    in_use, letters = await store.files_in_use(session), await store.letter_files_in_use(session)
    lost = [files.path_of(sha256) for sha256 in files.all_hashes() - in_use]
    lost += [one for one in (settings.data_dir / MAIL_FOLDER).glob("*.eml") if one.name not in letters]
    old = [path for path in lost if _is_settled(path, now)]
    for path in old:
        path.unlink(missing_ok=True)
    DrawnFiles(settings.data_dir / DRAWN_FOLDER, files).forget_lost()
    return len(old)


def _is_settled(path: Path, now: datetime) -> bool:
    return path.stat().st_mtime < (now - SETTLED_AFTER).timestamp()
