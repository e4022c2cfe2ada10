"""Files that show a task done: a certificate, or a picture that the person chose to give and may take back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Proof, TaskState
from service.flows.assessing.evidence import KIND_NAMES, kinds_in_words
from service.flows.assessing.judging_files import FileFault, Judged, judge, refusal
from service.flows.day_one.checklist_tasks import Hand, Held, hand_of, held_task, until_faults
from service.flows.day_one.checklists import close, note, task_of
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Forbidden, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.vocabulary import ChecklistChange
from service.store import audit
from service.store.day_one import checklists as store
from service.store.day_one.checklists import FileFacts
from service.tables.checklists import ChecklistFile

MOST_MEGABYTES = 10
MOST_BYTES = 2 * MOST_MEGABYTES * 1_000_000
"""A file somewhat too large is still received, so that its form says why it is not kept."""
PICTURES = ("image/jpeg", "image/png", "image/webp")
ACCEPTED = {Proof.FILE: tuple(KIND_NAMES), Proof.PHOTO: PICTURES}


@dataclass(frozen=True)
class Removed:
    """Whose bytes leave the disk once the transaction has committed; empty when another row still needs them."""

    sha256: str = ""


def judge_content(content: bytes) -> Judged | FileFault:
    """What a file is, its bytes made safe, or why not. Slow: call it in a thread, outside a transaction."""
    return judge(content, accepts=list(KIND_NAMES), max_megabytes=MOST_MEGABYTES)


async def give_file(
    session: AsyncSession,
    hand: Hand,
    task_id: str | UUID,
    judged: Judged | FileFault,
    *,
    holds_until: date | None,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> Removed:
    """Keep the file of a task and close it; a file that was there before gives way, and comes back to be removed."""
    held = await held_task(session, hand, task_id, editions=editions)
    accepts = ACCEPTED.get(held.task.proof)
    if accepts is None:
        raise Conflict("This task asks for no file.", code="no-file-asked")
    fault = judged if isinstance(judged, FileFault) else FileFault.NOT_ACCEPTED
    if isinstance(judged, FileFault) or judged.media_type not in accepts:
        raise refusal(fault, pointer="/file", megabytes=MOST_MEGABYTES, kinds=kinds_in_words(accepts))
    if held.task.holds_on_day_one:
        faults = until_faults(holds_until, held.checklist.start_date)
        if faults:
            raise RuleBroken("This task cannot be closed yet; see errors.", code="task-open", faults=faults)
    gone = await _let_go(session, held)
    kept = ChecklistFile(
        task_id=held.row.id, candidate_id=held.row.candidate_id, sha256=files.put(judged.content),
        media_type=judged.media_type, size_bytes=len(judged.content),
        file_name=f"{held.row.slug}.{judged.extension}", created_at=now,
    )  # fmt: skip
    session.add(kept)
    close(held.row, held.checklist, on=civil_date(now))
    held.row.holds_until = holds_until
    note(session, hand.actor, held.checklist, ChecklistChange.FILE_GIVEN, task=held.row.slug, now=now)
    audit.record(
        session, hand.actor, action="checklist_file.give", subject=("candidate", held.row.candidate_id), now=now,
        detail={"task": held.row.slug, "file": str(kept.id)},
    )  # fmt: skip
    await session.flush()
    return Removed() if gone is None or await store.is_file_in_use(session, gone) else Removed(gone)


async def take_back_file(
    session: AsyncSession, hand: Hand, task_id: str | UUID, *, editions: Editions, now: datetime
) -> Removed:
    """Take a file back, and open its task again; there being none is fine. Its bytes go at once."""
    held = await held_task(session, hand, task_id, editions=editions)
    if not hand.is_the_person:
        raise Forbidden("Only the person takes back what they gave.")
    gone = await _let_go(session, held)
    if gone is None:
        return Removed()
    held.row.state, held.row.done_on, held.row.done_for = TaskState.OPEN, None, None
    held.row.holds_until = None
    note(session, hand.actor, held.checklist, ChecklistChange.FILE_REMOVED, task=held.row.slug, now=now)
    audit.record(
        session, hand.actor, action="checklist_file.take_back", subject=("candidate", held.row.candidate_id),
        now=now, detail={"task": held.row.slug},
    )  # fmt: skip
    await session.flush()
    return Removed() if await store.is_file_in_use(session, gone) else Removed(gone)


async def _let_go(session: AsyncSession, held: Held) -> str | None:
    """The SHA-256 of the file that the task no longer has, if it had one."""
    before = await store.file_of(session, held.row.id)
    if before is None:
        return None
    sha256 = before.sha256
    await session.delete(before)
    await session.flush()
    return sha256


async def open_file(
    session: AsyncSession,
    actor: Actor,
    task_id: str | UUID,
    *,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> tuple[FileFacts, bytes]:
    """A file with its bytes, for the person and for whoever recruits; the reading is noted."""
    row = await store.task_row(session, actor, task_id)
    checklist = await store.row_by_id(session, row.checklist_id)
    task = task_of(editions.checklist_of(checklist.edition), row)
    hand = hand_of(actor)
    kept = await store.file_of(session, row.id)
    may_see = task is not None and task.owner in hand.owners
    if kept is None or task is None or not may_see:
        raise NotFound
    audit.record(
        session, actor, action="checklist_file.read", subject=("candidate", row.candidate_id), now=now,
        detail={"task": row.slug, "file": str(kept.id)},
    )  # fmt: skip
    return FileFacts.model_validate(kept, extra="ignore"), files.get(kept.sha256)
