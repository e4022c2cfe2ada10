"""What hangs on the first day of a placement, told before anybody moves it: tasks, trainings, classes, papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from documents.law import Law
from onboarding.classes import Seat
from onboarding.content import Label
from onboarding.day_one.checklists import Checklist as Edition
from onboarding.day_one.checklists import FeedKind
from onboarding.day_one.moves import Shift, shift
from onboarding.day_one.tasks import Window
from service.flows import training_days
from service.flows.day_one.checklists import (
    PlacedTask,
    Placement,
    placements_of,
    recorded_of,
    windows_on,
)
from service.flows.learning import moving
from service.flows.paths import paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, RuleBroken, told
from service.store import audit
from service.store.classes import classes
from service.store.classes.classes import OwnClassFacts
from service.store.day_one import checklists as store
from service.store.day_one.checklists import ChecklistFacts
from service.store.learning import assignments
from service.store.learning.assignments import AssignmentFacts
from service.store.papers import offers, papers
from service.store.papers.papers import IssuedPaperFacts


class TrainingStanding(StrEnum):
    """Whether a training can follow the first day, and why not."""

    FOLLOWS = "follows"
    BEGUN = "begun"
    FINISHED = "finished"
    ANOTHER_DAY = "another_day"
    GIVEN_TWICE = "given_twice"
    WITHDRAWN = "withdrawn"


MAY_FOLLOW = (TrainingStanding.FOLLOWS, TrainingStanding.BEGUN)


@dataclass(frozen=True)
class Training:
    """One training of the person: its dates as they are, and as they would be with the new first day."""

    id: UUID
    title: Label
    standing: TrainingStanding
    starts: date
    percent: int
    last_due: date | None
    last_due_after: date | None
    has_hours_set_apart: bool

    @property
    def may_follow(self) -> bool:
        return self.standing in MAY_FOLLOW

    @property
    def follows_unless_told(self) -> bool:
        """What nobody has begun follows; in the middle of a training, somebody has to say so."""
        return self.standing is TrainingStanding.FOLLOWS


@dataclass(frozen=True)
class Declaration:
    """The declaration before hiring: sent for which start, and the days that law leaves for the new one."""

    done_for: date | None
    window: Window
    is_too_late: bool


@dataclass(frozen=True)
class Ahead:
    """All that hangs on the first day of one placement, were it put on `start`; nothing is changed by looking."""

    facts: ChecklistFacts
    start: date
    is_past: bool
    is_working_day: bool
    shifts: tuple[Shift, ...]
    trainings: tuple[Training, ...]
    classes: tuple[OwnClassFacts, ...]
    offer_id: UUID | None
    offered: date | None
    signed_on: date | None
    papers: tuple[IssuedPaperFacts, ...]
    declaration: Declaration | None

    @property
    def is_same_day(self) -> bool:
        return self.start == self.facts.start_date

    @property
    def needs_paper(self) -> bool:
        """Whether the offer, and the contract made of it, would say another day."""
        return self.offered is not None and self.offered != self.start


async def look_ahead(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    *,
    start_date: date,
    editions: Editions,
    now: datetime,
) -> Ahead:
    """What another first day would mean. RuleBroken for a day too far away; the reading is noted."""
    facts, today = await store.facts_of(session, actor, application_id), civil_date(now)
    check_range(editions.checklist_of(facts.edition), start_date, today)
    audit.record(session, actor, action="checklist.read", subject=("candidate", facts.candidate_id), now=now)
    (placement,) = await placements_of(session, [facts], editions=editions, today=today)
    offer = await offers.accepted_for(session, facts.application_id)
    documents = _fed(placement, FeedKind.DOCUMENTS)
    return Ahead(
        facts=facts, start=start_date, is_past=start_date < today,
        is_working_day=training_days.working_days(start_date)(start_date),
        shifts=_shifts(placement, start_date, editions=editions, today=today),
        trainings=await trainings_of(session, actor, facts, start_date, editions=editions),
        classes=await _classes_before(session, facts.candidate_id, start_date, now=now),
        offer_id=offer.id if offer else None, offered=offer.start_date if offer else None,
        signed_on=documents.standing.done_on if documents else None,
        papers=await _papers_that_say(session, actor, facts.application_id, facts.start_date),
        declaration=_declaration(placement, start_date, law=editions.law, today=today),
    )  # fmt: skip


def check_range(edition: Edition, start_date: date, today: date) -> None:
    """A first day lies near today: anything else is a slip of the hand."""
    rules = edition.move
    first, last = today - timedelta(days=rules.back_days), today + timedelta(days=rules.ahead_days)
    if not first <= start_date <= last:
        values = {"back": rules.back_days, "ahead": rules.ahead_days}
        detail = told("A first day lies at most %(back)s days back and %(ahead)s days ahead.")
        raise RuleBroken(
            detail, faults=[Fault("/start_date", "range", detail, values)], back=rules.back_days,
            ahead=rules.ahead_days,
        )  # fmt: skip


def _fed(placement: Placement, kind: FeedKind) -> PlacedTask | None:
    fed = (one for one in placement.tasks if one.task.feeds is not None and one.task.feeds.kind is kind)
    return next(fed, None)


def _shifts(placement: Placement, start: date, *, editions: Editions, today: date) -> tuple[Shift, ...]:
    if start == placement.facts.start_date:
        return ()
    edition, works = editions.checklist_of(placement.facts.edition), training_days.working_days(start)
    windows = windows_on(start, editions.law)
    found = (
        shift(
            edition, one.task, recorded_of(one.facts), before=one.standing, start=start, today=today,
            working_days=works, windows=windows,
        )
        for one in placement.tasks
    )  # fmt: skip
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.due, one.slug)))


async def trainings_of(
    session: AsyncSession, actor: Actor, facts: ChecklistFacts, start: date, *, editions: Editions
) -> tuple[Training, ...]:
    """What begins on the first day as it was, finished or not, and what else is not finished yet."""
    given = await assignments.all_of(session, actor, facts.candidate_id)
    return tuple(
        _training(one, given, facts.start_date, start, editions=editions)
        for one in given
        if one.start_date == facts.start_date or not one.is_complete
    )


def _training(
    one: AssignmentFacts, given: Sequence[AssignmentFacts], was: date, start: date, *, editions: Editions
) -> Training:
    path = editions.paths.get((one.path, one.edition))
    standing = _standing(one, given, was, start, is_kept=path is not None)
    follows = standing in MAY_FOLLOW
    own_after = moving.dates_moved(one.due_dates, was=was, start=start) if follows else one.due_dates
    return Training(
        id=one.id, title=path.title if path else Label(fr=one.path, en=one.path), standing=standing,
        starts=one.start_date, percent=one.percent,
        last_due=max(paths.dates_of(path, one.start_date, one.due_dates).values()) if path else None,
        last_due_after=max(paths.dates_of(path, start, own_after).values()) if path and follows else None,
        has_hours_set_apart=bool(one.sittings),
    )  # fmt: skip


def _standing(
    one: AssignmentFacts, given: Sequence[AssignmentFacts], was: date, start: date, *, is_kept: bool
) -> TrainingStanding:
    if one.is_complete:
        return TrainingStanding.FINISHED
    if one.start_date != was:
        return TrainingStanding.ANOTHER_DAY
    if not is_kept:
        return TrainingStanding.WITHDRAWN
    same = (one.path, one.edition, start)
    if any(same == (other.path, other.edition, other.start_date) for other in given if other.id != one.id):
        return TrainingStanding.GIVEN_TWICE
    return TrainingStanding.BEGUN if one.events else TrainingStanding.FOLLOWS


async def _classes_before(
    session: AsyncSession, candidate_id: UUID, start: date, *, now: datetime
) -> tuple[OwnClassFacts, ...]:
    """Live classes to come that the person is on the list of, and that would fall before the first day."""
    return tuple(
        one
        for one in await classes.own_of(session, candidate_id, since=now)
        if one.seat is not Seat.LEFT
        and one.held.cancelled_at is None
        and civil_date(one.held.starts_at) < start
    )


async def _papers_that_say(
    session: AsyncSession, actor: Actor, application_id: UUID, day: date
) -> tuple[IssuedPaperFacts, ...]:
    """Papers already made that name the first day as it was: they stay as they are."""
    if actor.is_blind:
        return ()
    issued = await papers.of_application(session, actor, application_id)
    return tuple(one for one in issued if _says(one.facts, day.isoformat()))


def _says(value: object, day: str) -> bool:
    if isinstance(value, dict):
        return any(_says(part, day) for part in value.values())
    if isinstance(value, list | tuple):
        return any(_says(part, day) for part in value)
    return value == day


def _declaration(placement: Placement, start: date, *, law: Law, today: date) -> Declaration | None:
    declared = next((one for one in placement.tasks if one.task.window == "dpae"), None)
    if declared is None or declared.facts.done_for == start:
        return None
    window = windows_on(start, law)["dpae"]
    return Declaration(declared.facts.done_for, window, is_too_late=window.closes < today)
