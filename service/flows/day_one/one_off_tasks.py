"""Tasks that one placement alone asks: added, worded again, and from then on settled like any other."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Prose
from onboarding.day_one.checklists import Owner, TaskState
from onboarding.day_one.one_off import OneOff
from service.flows import training_days
from service.flows.day_one.checklist_tasks import Hand
from service.flows.day_one.checklists import CheckVersion, bring_up, note
from service.runtime.actors import ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, RuleBroken, told
from service.runtime.ids import new_id
from service.runtime.vocabulary import ChecklistChange
from service.store import audit
from service.store.day_one import checklists as store
from service.tables.checklists import Checklist, ChecklistTask

MOST = 40
DUE = (-60, 120)
PLAIN: TypeAdapter[str] = TypeAdapter(Prose)


@dataclass(frozen=True)
class Asked:
    """What somebody writes of a task; one of `due` (working days from day one) and `on` (a day of its own)."""

    label: str
    owner: Owner | None
    action: str = ""
    due: int | None = None
    on: date | None = None
    is_gate: bool = False
    asks_proof: bool = False


async def add(
    session: AsyncSession,
    hand: Hand,
    application_id: str | UUID,
    asked: Asked,
    *,
    editions: Editions,
    now: datetime,
) -> ChecklistTask:
    """Ask one thing more of this placement; Conflict when there is no room for another."""
    row = await store.row_of(session, hand.actor, application_id)
    one_off = _read(hand, row, asked)
    rows = await store.task_rows(session, row.id)
    if sum(one.one_off is not None for one in rows.values()) >= MOST:
        raise Conflict(
            "This list already has %(most)s tasks of its own.", code="too-many-tasks", most=MOST
        )  # fmt: skip
    held = ChecklistTask(
        checklist_id=row.id, candidate_id=row.candidate_id, slug=f"own-{new_id().hex[:12]}", owner=one_off.owner,
        is_gate=one_off.gate, is_optional=False, due_on=row.start_date, evidence={},
    )  # fmt: skip
    _word(held, row, one_off, editions=editions, now=now)
    session.add(held)
    _tell(session, hand, row, held, ChecklistChange.TASK_ADDED, one_off, now=now)
    await session.flush()
    return held


async def edit(
    session: AsyncSession,
    hand: Hand,
    task_id: str | UUID,
    asked: Asked,
    *,
    check_version: CheckVersion,
    editions: Editions,
    now: datetime,
) -> ChecklistTask:
    """Word a task of this placement again. Conflict for one of the edition, and for one that is settled."""
    held = await store.task_row(session, hand.actor, task_id)
    row = await store.row_by_id(session, held.checklist_id)
    if held.owner not in hand.owners:
        raise Forbidden("Somebody else holds this task; only they settle it.")
    if held.one_off is None:
        raise Conflict(
            "This task is worded for every placement; add one of your own.", code="task-of-edition"
        )
    check_version(held.version)
    one_off = _read(hand, row, asked)
    if held.state is not TaskState.OPEN:
        raise Conflict("This task is settled; open it again first.", code="task-settled")
    if OneOff.model_validate(held.one_off) != one_off:
        _word(held, row, one_off, editions=editions, now=now)
        _tell(session, hand, row, held, ChecklistChange.TASK_EDITED, one_off, now=now)
        await session.flush()
    return held


def _word(held: ChecklistTask, row: Checklist, one_off: OneOff, *, editions: Editions, now: datetime) -> None:
    """Keep the words, and all that the row repeats of them."""
    held.one_off = one_off.model_dump(mode="json", exclude_none=True)
    held.owner, held.is_gate = one_off.owner, one_off.gate
    bring_up(
        editions.checklist_of(row.edition), one_off.as_task(held.slug), held, row,
        works=training_days.working_days(row.start_date), today=civil_date(now), law=editions.law,
    )  # fmt: skip


def _read(hand: Hand, row: Checklist, asked: Asked) -> OneOff:
    if hand.actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    faults = list(_faults(hand, asked))
    if faults:
        raise RuleBroken("This task cannot be kept as it is; see errors.", faults=faults)
    assert asked.owner is not None
    one_off = OneOff(
        label=asked.label, action=asked.action.strip() or None, owner=asked.owner, due=asked.due, on=asked.on,
        gate=asked.is_gate, asks_proof=asked.asks_proof,
    )  # fmt: skip
    if one_off.gate and one_off.is_after(row.start_date):
        sentence = told("What must be done before the first call is due on the first day at the latest.")
        raise RuleBroken(sentence, faults=[Fault("/on" if asked.on else "/due", "after-start", sentence)])
    return one_off


def _faults(hand: Hand, asked: Asked) -> list[Fault]:
    faults = []
    if not asked.label.strip():
        faults.append(Fault("/label", "missing", "Write what is to be done."))
    for name in ("label", "action"):
        if getattr(asked, name).strip() and not _is_plain(getattr(asked, name)):
            faults.append(Fault(f"/{name}", "not-plain", "Write plain words, without code."))
    if asked.owner is None:
        faults.append(Fault("/owner", "missing", "Say who does it."))
    elif asked.owner not in hand.owners:
        faults.append(Fault("/owner", "not-yours", "You add tasks for those whose tasks you settle."))
    if (asked.due is None) == (asked.on is None):
        faults.append(Fault("/due", "one-day", "Say one day: counted from day one, or a date."))
    elif asked.due is not None and not DUE[0] <= asked.due <= DUE[1]:
        sentence = told("Between %(first)s and %(last)s working days from day one.")
        faults.append(Fault("/due", "range", sentence, {"first": DUE[0], "last": DUE[1]}))
    return faults


def _is_plain(text: str) -> bool:
    try:
        PLAIN.validate_python(text)
    except ValidationError:
        return False
    return True


def _tell(
    session: AsyncSession,
    hand: Hand,
    row: Checklist,
    held: ChecklistTask,
    change: ChecklistChange,
    one_off: OneOff,
    *,
    now: datetime,
) -> None:
    note(session, hand.actor, row, change, task=held.slug, detail={"label": one_off.label}, now=now)
    audit.record(
        session, hand.actor, action=f"checklist.{change.value}", subject=("candidate", row.candidate_id), now=now,
        detail={"task": held.slug, "checklist": str(row.id)},
    )  # fmt: skip
