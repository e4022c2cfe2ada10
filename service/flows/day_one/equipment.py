"""What is lent, as both sides say it: sent and taken back by the employer, received by the person."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.day_one.checklists import Owner, Proof, TaskState
from service.flows import training_days
from service.flows.day_one.checklist_tasks import Hand
from service.flows.day_one.checklists import CheckVersion, bring_up, close, note
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.vocabulary import ChecklistChange
from service.store import audit
from service.store.day_one import checklists as store
from service.tables.checklists import Checklist, EquipmentLoan

MOST_LOANS = 40
BACK = timedelta(days=366)
AHEAD = timedelta(days=5 * 366)


async def lend(
    session: AsyncSession,
    hand: Hand,
    application_id: str | UUID,
    *,
    label: str,
    serial: str,
    editions: Editions,
    now: datetime,
) -> EquipmentLoan:
    """Add one thing to what is lent; its kind follows from its name."""
    row = await store.row_of(session, hand.actor, application_id)
    _check_side(hand, Owner.IT)
    loans = await store.loan_rows(session, row.id)
    if len(loans) >= MOST_LOANS:
        raise Conflict(
            "There are already %(most)s things on this list.", code="too-many-loans", most=MOST_LOANS
        )
    edition = editions.checklist_of(row.edition)
    loan = EquipmentLoan(
        checklist_id=row.id, candidate_id=row.candidate_id, item=edition.kind_of_equipment(label).slug,
        position=max((one.position for one in loans), default=-1) + 1, label=label.strip(),
        serial=serial.strip(),
    )  # fmt: skip
    session.add(loan)
    await session.flush()
    await _note(session, hand, row, ChecklistChange.LENT, loan, editions=editions, now=now)
    return loan


async def take_off(
    session: AsyncSession, hand: Hand, loan_id: str | UUID, *, editions: Editions, now: datetime
) -> None:
    """Take a thing off the list that was not sent yet."""
    loan, row = await _loan(session, hand, loan_id, Owner.IT)
    if loan.sent_on is not None or loan.received_on is not None:
        raise Conflict("It was sent or received: note its return instead.", code="loan-under-way")
    await session.delete(loan)
    await session.flush()
    await _follow(session, hand, row, editions=editions, now=now)


async def note_sent(
    session: AsyncSession,
    hand: Hand,
    loan_id: str | UUID,
    *,
    on: date | None,
    parcel: str,
    editions: Editions,
    now: datetime,
) -> EquipmentLoan:
    """Say that a thing was sent or handed over; said again, the new day and parcel stand."""
    loan, row = await _loan(session, hand, loan_id, Owner.IT)
    if loan.returned_on is not None:
        raise Conflict("It came back already.", code="loan-returned")
    loan.sent_on, loan.parcel = _day(on, now), parcel.strip()
    await _note(session, hand, row, ChecklistChange.SENT, loan, editions=editions, now=now)
    return loan


async def note_received(
    session: AsyncSession,
    hand: Hand,
    loan_id: str | UUID,
    *,
    on: date | None,
    words: str,
    editions: Editions,
    now: datetime,
) -> EquipmentLoan:
    """The person says that a thing is there, and in their own words what lacks or is damaged."""
    loan, row = await _loan(session, hand, loan_id, Owner.CANDIDATE)
    if loan.returned_on is not None:
        raise Conflict("It came back already.", code="loan-returned")
    loan.received_on, loan.received_note = _day(on, now), words.strip()
    await _note(session, hand, row, ChecklistChange.RECEIVED, loan, editions=editions, now=now)
    return loan


async def note_returned(
    session: AsyncSession,
    hand: Hand,
    loan_id: str | UUID,
    *,
    on: date | None,
    words: str,
    editions: Editions,
    now: datetime,
) -> EquipmentLoan:
    """Say that a thing came back, and in which state."""
    loan, row = await _loan(session, hand, loan_id, Owner.IT)
    if loan.sent_on is None and loan.received_on is None:
        raise Conflict("It was never sent: take it off the list instead.", code="loan-not-sent")
    loan.returned_on, loan.returned_note = _day(on, now), words.strip()
    await _note(session, hand, row, ChecklistChange.RETURNED, loan, editions=editions, now=now)
    return loan


async def ask_back(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    *,
    returns_on: date | None,
    check_version: CheckVersion,
    now: datetime,
) -> None:
    """Say by which day what is lent is to come back, or that nobody knows; what is out after it is told each day."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    row, today = await store.row_of(session, actor, application_id), civil_date(now)
    check_version(row.version)
    if returns_on is not None and not today - BACK <= returns_on <= today + AHEAD:
        sentence = "Choose a day within the past year or the next five."
        raise RuleBroken(sentence, faults=[Fault("/returns_on", "range", sentence)])
    if returns_on == row.returns_on:
        return
    row.returns_on = returns_on
    detail = {"to": returns_on.isoformat() if returns_on else ""}
    note(session, actor, row, ChecklistChange.RETURN_ASKED, detail=detail, now=now)
    audit.record(
        session, actor, action="equipment.return_asked", subject=("candidate", row.candidate_id), now=now, detail=detail
    )  # fmt: skip
    await session.flush()


async def _loan(
    session: AsyncSession, hand: Hand, loan_id: str | UUID, side: Owner
) -> tuple[EquipmentLoan, Checklist]:
    loan = await store.loan_row(session, hand.actor, loan_id)
    _check_side(hand, side)
    return loan, await store.row_by_id(session, loan.checklist_id)


def _check_side(hand: Hand, side: Owner) -> None:
    """The employer's side is IT's; the person alone says what they received."""
    is_own = side is Owner.CANDIDATE
    if side in hand.owners and hand.is_the_person is is_own:
        return
    if hand.actor.kind is ActorKind.SYSTEM:
        raise NotFound
    raise Forbidden("The other side says this.")


def _day(on: date | None, now: datetime) -> date:
    today = civil_date(now)
    if on is not None and not today - BACK <= on <= today:
        raise RuleBroken(
            "Choose a day that has come, within the past year.",
            faults=[Fault("/on", "range", "Choose a day that has come, within the past year.")],
        )
    return on or today


async def _note(
    session: AsyncSession,
    hand: Hand,
    row: Checklist,
    change: ChecklistChange,
    loan: EquipmentLoan,
    *,
    editions: Editions,
    now: datetime,
) -> None:
    note(session, hand.actor, row, change, detail={"label": loan.label}, now=now)
    audit.record(
        session, hand.actor, action=f"equipment.{change.value}", subject=("candidate", row.candidate_id), now=now,
        detail={"loan": str(loan.id)},
    )  # fmt: skip
    await session.flush()
    await _follow(session, hand, row, editions=editions, now=now)


async def _follow(
    session: AsyncSession, hand: Hand, row: Checklist, *, editions: Editions, now: datetime
) -> None:
    """The tasks of sending and receiving close with the last thing, and open again with a new one."""
    loans = [one for one in await store.loan_rows(session, row.id) if one.returned_on is None]
    edition = editions.checklist_of(row.edition)
    days = {
        Proof.SENDING: [one.sent_on or one.received_on for one in loans],
        Proof.RECEPTION: [one.received_on for one in loans],
    }
    for slug, one in (await store.task_rows(session, row.id)).items():
        task = edition.task(slug)
        if task is None or task.proof not in days or one.state is TaskState.SET_ASIDE:
            continue
        known = [day for day in days[task.proof] if day is not None]
        if loans and len(known) == len(loans):
            if one.state is not TaskState.DONE:
                close(one, row, on=max(known))
                note(session, hand.actor, row, ChecklistChange.DONE, task=slug, now=now)
        elif loans or one.state is not TaskState.DONE:
            one.done_on = one.done_for = None
            bring_up(
                edition, task, one, row, works=training_days.working_days(row.start_date),
                today=civil_date(now), law=editions.law,
            )  # fmt: skip
    await session.flush()
