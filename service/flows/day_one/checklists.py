"""The checklist of a placement: opened with the accepted offer, read as it stands today."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from documents.law import Law
from documents.papers.dpae import window_of
from onboarding.day_one import tasks as core
from onboarding.day_one.checklists import Checklist as Edition
from onboarding.day_one.checklists import Task, TaskState
from onboarding.day_one.one_off import OneOff
from onboarding.day_one.tasks import Recorded, TaskStanding, Window
from service.flows import training_days
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound
from service.runtime.vocabulary import ChecklistChange
from service.store import audit
from service.store.day_one import checklists as store
from service.store.day_one.checklists import ChecklistFacts, EventFacts, LoanFacts, TaskFacts
from service.store.papers import offers
from service.store.papers.offers import RecordedOfferFacts
from service.store.people import employer
from service.store.reach import application_row
from service.tables.checklists import Checklist, ChecklistEvent, ChecklistTask, EquipmentLoan
from service.tables.programmes import Programme

CheckVersion = Callable[[int], None]
LENDS_NOTHING, HANDLES_CARDS, FIXED_TERM, HAS_CHARTER = (
    "lends_nothing", "handles_card_data", "fixed_term", "has_charter",
)  # fmt: skip
SETTLED_AT_ONCE = 200


@dataclass(frozen=True)
class PlacedTask:
    """One task: as recorded, as the edition words it, as it stands today."""

    facts: TaskFacts
    task: Task
    standing: TaskStanding


@dataclass(frozen=True)
class Placement:
    """One placement's checklist as it stands today, the soonest due first."""

    facts: ChecklistFacts
    tasks: tuple[PlacedTask, ...]
    loans: tuple[LoanFacts, ...]

    @property
    def open_tasks(self) -> tuple[PlacedTask, ...]:
        return tuple(one for one in self.tasks if not one.standing.is_settled and not one.standing.optional)

    @property
    def blocking(self) -> tuple[PlacedTask, ...]:
        """What stops the first call."""
        return tuple(one for one in self.open_tasks if one.standing.gate)


def windows_on(start: date, law: Law) -> Mapping[str, Window]:
    """The spans of days that law allows for this start."""
    found = window_of(start, law)
    return {"dpae": Window(opens=found.opens, closes=found.closes)}


async def open_for_offer(
    session: AsyncSession, actor: Actor, offer: RecordedOfferFacts, *, editions: Editions, now: datetime
) -> UUID:
    """The checklist of an accepted offer; the one that is there already when its application has one."""
    existing = await session.scalar(
        select(col(Checklist.id)).where(col(Checklist.application_id) == offer.application_id)
    )
    if existing is not None:
        return existing
    today, edition = civil_date(now), editions.checklist_on(civil_date(now))
    conditions = await _conditions_of(session, offer)
    row = Checklist(
        application_id=offer.application_id, candidate_id=offer.candidate_id, offer_id=offer.id,
        programme_id=offer.programme_id, edition=edition.edition, conditions=sorted(conditions),
        start_date=offer.start_date, known_since=today, opened_at=now, returns_on=_returns_on(offer),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    works = training_days.working_days(row.start_date)
    for task in edition.tasks_for(conditions):
        due = core.due_on(task, start=row.start_date, known_since=today, working_days=works)
        session.add(
            ChecklistTask(
                checklist_id=row.id, candidate_id=row.candidate_id, slug=task.slug, owner=task.owner,
                is_gate=task.gate, is_optional=task.optional, due_on=due, evidence={},
            )
        )  # fmt: skip
    _lend_what_was_offered(session, row, offer, edition)
    note(session, actor, row, ChecklistChange.OPENED, detail={"start": row.start_date.isoformat()}, now=now)
    await session.flush()
    return row.id


def _returns_on(offer: RecordedOfferFacts) -> date | None:
    """A fixed term says itself by when what is lent comes back: so many days after its end."""
    if offer.terms.end_date is None:
        return None
    return offer.terms.end_date + timedelta(days=offer.terms.equipment_return_days)


def _lend_what_was_offered(
    session: AsyncSession, row: Checklist, offer: RecordedOfferFacts, edition: Edition
) -> None:
    for position, item in enumerate(offer.terms.equipment):
        label = f"{item.label}, {item.brand_model}"
        session.add(
            EquipmentLoan(
                checklist_id=row.id, candidate_id=row.candidate_id, position=position,
                item=edition.kind_of_equipment(item.label).slug, label=label[:200],
                serial=(item.serial or "")[:100],
            )
        )  # fmt: skip


async def _conditions_of(session: AsyncSession, offer: RecordedOfferFacts) -> frozenset[str]:
    programme = await session.get(Programme, offer.programme_id)
    lends_nothing = offer.terms.uses_own_equipment and not offer.terms.equipment
    record = await employer.record(session)
    true = {
        LENDS_NOTHING: lends_nothing,
        HANDLES_CARDS: programme is not None and programme.profile.get("card_data") is True,
        FIXED_TERM: offer.terms.is_fixed_term,
        HAS_CHARTER: record.facts.telework_basis.value != "none",
    }
    return frozenset(name for name, holds in true.items() if holds)


async def open_by_hand(
    session: AsyncSession, actor: Actor, application_id: str | UUID, *, editions: Editions, now: datetime
) -> UUID:
    """The same for an offer accepted before checklists were kept; Conflict while none is, or once it is over."""
    application = await application_row(session, actor, application_id)
    if application.stage in store.GONE_STAGES:
        raise Conflict("This hiring came to nothing: there is no first day to prepare.", code="hiring-over")
    offer = await offers.accepted_for(session, application.id)
    if offer is None:
        raise Conflict(
            "No offer of this application is accepted; the checklist opens with the answer.",
            code="offer-not-accepted",
        )
    return await open_for_offer(session, actor, offer, editions=editions, now=now)


async def placements_of(
    session: AsyncSession, found: Sequence[ChecklistFacts], *, editions: Editions, today: date
) -> tuple[Placement, ...]:
    """How these checklists stand today, in their order: two queries whatever their number."""
    ids = [one.id for one in found]
    tasks, loans = defaultdict[UUID, list[TaskFacts]](list), defaultdict[UUID, list[LoanFacts]](list)
    for task in await store.tasks_of(session, ids) if ids else ():
        tasks[task.checklist_id].append(task)
    for loan in await store.loans_of(session, ids) if ids else ():
        loans[loan.checklist_id].append(loan)
    return tuple(
        Placement(one, _placed(one, tasks[one.id], editions, today), tuple(loans[one.id])) for one in found
    )


def _placed(
    facts: ChecklistFacts, tasks: Sequence[TaskFacts], editions: Editions, today: date
) -> tuple[PlacedTask, ...]:
    edition = editions.checklist_of(facts.edition)
    windows = windows_on(facts.start_date, editions.law)
    found = []
    for one in tasks:
        task = task_of(edition, one)
        if task is not None:
            standing = core.standing(
                edition, task, recorded_of(one), due=one.due_on, start=facts.start_date, today=today,
                windows=windows,
            )  # fmt: skip
            found.append(PlacedTask(one, task, standing))
    return tuple(found)


def task_of(edition: Edition, one: TaskFacts | ChecklistTask) -> Task | None:
    """The words and rules of a task: its own where this placement alone asks it, else those of the edition."""
    if one.one_off is None:
        return edition.task(one.slug)
    return OneOff.model_validate(one.one_off).as_task(one.slug)


def recorded_of(one: TaskFacts | ChecklistTask) -> Recorded:
    return Recorded(state=one.state, done_on=one.done_on, done_for=one.done_for, holds_until=one.holds_until)


async def placement_of(
    session: AsyncSession, actor: Actor, application_id: str | UUID, *, editions: Editions, now: datetime
) -> tuple[Placement, tuple[EventFacts, ...]]:
    """One placement with its history; NotFound without a checklist. The reading is noted for staff."""
    facts = await store.facts_of(session, actor, application_id)
    if actor.kind is not ActorKind.CANDIDATE:
        audit.record(
            session, actor, action="checklist.read", subject=("candidate", facts.candidate_id), now=now
        )
    (found,) = await placements_of(session, [facts], editions=editions, today=civil_date(now))
    return found, await store.events_of(session, facts.id)


def bring_up(
    edition: Edition,
    task: Task,
    one: ChecklistTask,
    row: Checklist,
    *,
    works: Callable[[date], bool],
    today: date,
    law: Law,
) -> None:
    """Rewrite what a task's row repeats of its standing: whether it is open, and its date while it is."""
    due = core.due_on(task, start=row.start_date, known_since=row.known_since, working_days=works)
    standing = core.standing(
        edition, task, recorded_of(one), due=due, start=row.start_date, today=today,
        windows=windows_on(row.start_date, law),
    )  # fmt: skip
    one.state = standing.state
    if not standing.is_settled:
        one.due_on = due


async def settle_followed(
    session: AsyncSession,
    *,
    editions: Editions,
    now: datetime,
    limit: int = SETTLED_AT_ONCE,
    checklist_id: UUID | None = None,
) -> int:
    """Close the open tasks whose record elsewhere is there by now (a path given or finished, a number given)."""
    settled = 0
    for edition in editions.checklists:
        for task in edition.tasks:
            if task.follows is None:
                continue
            for one in await store.to_settle(
                session, edition.edition, task.slug, task.follows, limit=limit, checklist_id=checklist_id
            ):
                row = await store.row_by_id(session, one.checklist_id)
                close(one, row, on=civil_date(now))
                note(session, SYSTEM, row, ChecklistChange.DONE, task=one.slug, now=now)
                settled += 1
    await session.flush()
    return settled


def close(one: ChecklistTask, row: Checklist, *, on: date) -> None:
    """Write that a task is done, for the start that is known; why it was set aside is said no more."""
    if one.state is TaskState.SET_ASIDE:
        one.note = ""
    one.state, one.done_on, one.done_for = TaskState.DONE, on, row.start_date


def note(
    session: AsyncSession,
    actor: Actor,
    row: Checklist,
    kind: ChecklistChange,
    *,
    now: datetime,
    task: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one line to the history of a checklist."""
    session.add(
        ChecklistEvent(
            checklist_id=row.id, candidate_id=row.candidate_id, kind=kind, task=task, detail=dict(detail or {}),
            by_name="" if actor == SYSTEM else actor.name, at=now,
        )
    )  # fmt: skip


async def own_placements(
    session: AsyncSession, actor: Actor, *, editions: Editions, now: datetime
) -> tuple[Placement, ...]:
    """A person's own placements as they stand today."""
    if actor.kind is not ActorKind.CANDIDATE or actor.id is None:
        raise NotFound
    found = await store.of_candidate(session, actor, actor.id)
    return await placements_of(session, found, editions=editions, today=civil_date(now))
