"""Tasks of a placement are settled by whoever holds them: done with what shows it, opened again, or set aside."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from documents.law import Law
from onboarding.day_one.checklists import OWN_WORD, Owner, Proof, Task, TaskState
from service.flows import training_days
from service.flows.day_one.checklists import bring_up, close, note, task_of, windows_on
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.vocabulary import ChecklistChange, DeskKind, Role
from service.store import audit
from service.store.day_one import checklists as store
from service.tables.checklists import Checklist, ChecklistTask

MIN_REASON = 20
BACK = timedelta(days=366)
NAME_MOST = 200
EVERY_OWNER = frozenset(Owner)
HELD: dict[Role, frozenset[Owner]] = {
    Role.CANDIDATE: frozenset({Owner.CANDIDATE}),
    Role.AGENT: frozenset({Owner.CANDIDATE}),
    Role.RECRUITER: EVERY_OWNER,
    Role.TRAINER: frozenset({Owner.TRAINER}),
    Role.SUPERVISOR: frozenset({Owner.SUPERVISOR}),
}
"""Whose tasks each role settles: a recruiter those of everybody, but never the person's own word."""

DESKS = {DeskKind.IT: Owner.IT, DeskKind.PAYROLL: Owner.PAYROLL}


@dataclass(frozen=True)
class Hand:
    """Who settles tasks, and whose."""

    actor: Actor
    owners: frozenset[Owner]
    is_the_person: bool = False

    def may_settle(self, task: Task) -> bool:
        return task.owner in self.owners and (task.proof not in OWN_WORD or self.is_the_person)


def hand_of(actor: Actor) -> Hand:
    """What a signed-in person or a token settles; a token acts as its scope says, never for the person's own word."""
    if actor.kind is ActorKind.TOKEN:
        return Hand(actor, EVERY_OWNER)
    owners = HELD.get(actor.role, frozenset()) if actor.role else frozenset()
    return Hand(actor, owners, is_the_person=actor.kind is ActorKind.CANDIDATE)


def hand_of_desk(kind: DeskKind) -> Hand:
    """The people behind the link of a desk: they settle what is theirs, and reach nothing else."""
    return Hand(Actor(ActorKind.SYSTEM, name=f"desk:{kind.value}"), frozenset({DESKS[kind]}))


@dataclass(frozen=True)
class Settled:
    """What somebody says of a task that is done. `done_on` is today when they do not say."""

    done_on: date | None = None
    note: str = ""
    statements: Collection[str] = ()
    name: str = ""
    is_read: bool = False
    holds_until: date | None = None


@dataclass(frozen=True)
class Held:
    """A task with its checklist and words, reached by a hand."""

    row: ChecklistTask
    checklist: Checklist
    task: Task


async def held_task(session: AsyncSession, hand: Hand, task_id: str | UUID, *, editions: Editions) -> Held:
    """The task, if within reach; Forbidden when somebody else holds it, NotFound for a desk."""
    row = await store.task_row(session, hand.actor, task_id)
    checklist = await store.row_by_id(session, row.checklist_id)
    task = task_of(editions.checklist_of(checklist.edition), row)
    if task is None:
        raise NotFound
    if not hand.may_settle(task):
        if hand.actor.kind is ActorKind.SYSTEM:
            raise NotFound
        raise Forbidden("Somebody else holds this task; only they settle it.")
    return Held(row, checklist, task)


async def finish(
    session: AsyncSession,
    hand: Hand,
    task_id: str | UUID,
    settled: Settled,
    *,
    editions: Editions,
    now: datetime,
) -> ChecklistTask:
    """Say that a task is done, with what shows it. RuleBroken says what lacks.

    Done already, nothing changes; Conflict when something else was written with it, which nobody would ever read.
    """
    held = await held_task(session, hand, task_id, editions=editions)
    if held.row.state is TaskState.DONE:
        if settled.note.strip() not in ("", held.row.note):
            raise Conflict(
                "This task is done already, with “%(note)s” beside it. To change that, it has to be opened again.",
                code="task-done", note=held.row.note or "–",
            )  # fmt: skip
        return held.row
    today = civil_date(now)
    has_file = await store.file_of(session, held.row.id) is not None
    faults = list(_faults(held, settled, hand, today=today, has_file=has_file, law=editions.law))
    if faults:
        raise RuleBroken("This task cannot be closed yet; see errors.", code="task-open", faults=faults)
    close(held.row, held.checklist, on=settled.done_on or today)
    held.row.note, held.row.holds_until = settled.note.strip(), settled.holds_until or held.row.holds_until
    held.row.evidence = _evidence(held, settled)
    note(
        session, hand.actor, held.checklist, ChecklistChange.DONE, task=held.row.slug, now=now,
        detail={"on": (settled.done_on or today).isoformat()},
    )  # fmt: skip
    _audit(session, hand.actor, "checklist_task.finish", held, now=now)
    await session.flush()
    return held.row


def _faults(
    held: Held, settled: Settled, hand: Hand, *, today: date, has_file: bool, law: Law
) -> list[Fault]:
    task = held.task
    if task.follows is not None:
        return [Fault("/task", "elsewhere", "This task closes by itself when it is done where it belongs.")]
    if task.proof in (Proof.SENDING, Proof.RECEPTION):
        return [
            Fault("/task", "thing-by-thing", "Note it thing by thing: the task closes with the last one.")
        ]
    faults = _day_faults(task, held.checklist, settled, today=today, law=law)
    if task.proof is Proof.RECEIPT and not settled.note.strip():
        faults.append(
            Fault("/note", "missing", "Write the number of the receipt, or where the paper is kept.")
        )
    if task.proof is Proof.ACKNOWLEDGEMENT and not settled.is_read:
        faults.append(Fault("/is_read", "missing", "Say that you have read it."))
    if task.proof is Proof.STATEMENT:
        faults += _statement_faults(task, settled)
    if task.proof in (Proof.FILE, Proof.PHOTO) and not has_file:
        faults += _file_faults(settled, hand)
    if task.holds_on_day_one:
        faults += until_faults(settled.holds_until or held.row.holds_until, held.checklist.start_date)
    return faults


def _day_faults(task: Task, checklist: Checklist, settled: Settled, *, today: date, law: Law) -> list[Fault]:
    day = settled.done_on or today
    if not today - BACK <= day <= today:
        return [Fault("/done_on", "range", "Choose a day that has come, within the past year.")]
    window = windows_on(checklist.start_date, law).get(task.window or "")
    if window is not None and day < window.opens:
        sentence = "Not before %(day)s: the law sets that day, and what was sent earlier does not count."
        return [Fault("/done_on", "too-early", sentence, {"day": window.opens.isoformat()})]
    return []


def _statement_faults(task: Task, settled: Settled) -> list[Fault]:
    faults = [
        Fault(
            f"/statements/{one.slug}", "not-stated",
            "Tick it when it is true. If it is not, leave the task open and write to your recruiter.",
        )
        for one in task.statements
        if one.slug not in settled.statements
    ]  # fmt: skip
    known = {one.slug for one in task.statements}
    if set(settled.statements) - known:
        faults.append(Fault("/statements", "unknown", "One of these statements is not asked here."))
    if not settled.name.strip() or len(settled.name) > NAME_MOST:
        faults.append(Fault("/name", "missing", "Write your name: it stands for your signature."))
    return faults


def _file_faults(settled: Settled, hand: Hand) -> list[Fault]:
    """Staff may have been shown the paper itself: then they say where and when."""
    if hand.is_the_person:
        return [Fault("/file", "missing", "Choose the file first.")]
    if not settled.note.strip():
        return [Fault("/note", "missing", "No file is kept: write what you were shown, and when.")]
    return []


def until_faults(holds_until: date | None, start: date) -> list[Fault]:
    """What a certificate must say: until when it holds, and that day one lies within it."""
    if holds_until is None:
        return [Fault("/holds_until", "missing", "Write until when the certificate holds.")]
    if holds_until < start:
        sentence = "The certificate ends before day one: ask for a more recent one."
        return [Fault("/holds_until", "ends-early", sentence)]
    return []


def _evidence(held: Held, settled: Settled) -> dict[str, object]:
    if held.task.proof is Proof.STATEMENT:
        return {
            "statements": sorted(settled.statements),
            "name": settled.name.strip(),
            "edition": held.checklist.edition,
        }
    return {"edition": held.checklist.edition} if held.task.proof is Proof.ACKNOWLEDGEMENT else {}


async def reopen(
    session: AsyncSession, hand: Hand, task_id: str | UUID, *, why: str, editions: Editions, now: datetime
) -> ChecklistTask:
    """Take back that a task was settled, with a reason; an open one stays as it is."""
    held = await held_task(session, hand, task_id, editions=editions)
    if held.row.state is TaskState.OPEN:
        return held.row
    if held.task.proof in (Proof.SENDING, Proof.RECEPTION) and held.row.state is TaskState.DONE:
        raise Conflict("Correct the thing itself: this task follows it.", code="thing-by-thing")
    _check_reason(why)
    was = held.row.state.value
    held.row.state, held.row.done_on, held.row.done_for = TaskState.OPEN, None, None
    held.row.note, held.row.evidence = "", {}
    _rewrite(held, editions=editions, now=now)
    note(
        session, hand.actor, held.checklist, ChecklistChange.REOPENED, task=held.row.slug, now=now,
        detail={"why": why.strip(), "was": was},
    )  # fmt: skip
    _audit(session, hand.actor, "checklist_task.reopen", held, now=now)
    await session.flush()
    return held.row


async def set_aside(
    session: AsyncSession, hand: Hand, task_id: str | UUID, *, why: str, editions: Editions, now: datetime
) -> ChecklistTask:
    """Say that a task is not needed for this placement, with a reason that the person may read; never what law asks."""
    if hand.actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    row = await store.task_row(session, hand.actor, task_id)
    checklist = await store.row_by_id(session, row.checklist_id)
    task = task_of(editions.checklist_of(checklist.edition), row)
    if task is None or task.owner not in hand.owners:
        raise Forbidden("Somebody else holds this task; only they settle it.")
    if not task.may_be_set_aside:
        raise RuleBroken("The law asks for this: it cannot be set aside.", code="asked-by-law")
    if row.state is TaskState.DONE:
        raise Conflict("This task is done; open it again first.", code="task-done")
    _check_reason(why)
    held = Held(row, checklist, task)
    if row.state is not TaskState.SET_ASIDE:
        row.state, row.note = TaskState.SET_ASIDE, why.strip()
        note(
            session, hand.actor, checklist, ChecklistChange.SET_ASIDE, task=row.slug, now=now,
            detail={"why": why.strip()},
        )  # fmt: skip
        _audit(session, hand.actor, "checklist_task.set_aside", held, now=now)
        await session.flush()
    return row


def _check_reason(why: str) -> None:
    if len(why.strip()) < MIN_REASON:
        raise RuleBroken(
            "Give the reason in at least %(least)s characters; the person may ask to read it.",
            least=MIN_REASON,
            faults=[Fault("/why", "too-short", "at least %(least)s characters", {"least": MIN_REASON})],
        )


def _rewrite(held: Held, *, editions: Editions, now: datetime) -> None:
    bring_up(
        editions.checklist_of(held.checklist.edition), held.task, held.row, held.checklist,
        works=training_days.working_days(held.checklist.start_date), today=civil_date(now), law=editions.law,
    )  # fmt: skip


def _audit(session: AsyncSession, actor: Actor, action: str, held: Held, *, now: datetime) -> None:
    audit.record(
        session, actor, action=action, subject=("candidate", held.row.candidate_id), now=now,
        detail={"task": held.row.slug, "checklist": str(held.checklist.id), "by": actor.name}
        if actor.kind is ActorKind.SYSTEM
        else {"task": held.row.slug, "checklist": str(held.checklist.id)},
    )  # fmt: skip
