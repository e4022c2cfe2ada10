"""The working day before a class: a reminder to everybody with a seat, and to the trainer one list of who comes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.classes import Seat
from onboarding.content import Language
from onboarding.learning.reminding import ReminderRules, furthest_day, may_recall, recalled_at
from service.flows import training_days
from service.flows.classes import class_letters
from service.runtime.actors import SYSTEM
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.settings import Settings
from service.store.accounts import sign_ins
from service.store.classes import class_reminders as store
from service.store.classes import classes
from service.store.classes.class_reminders import NearFacts, SeatedFacts
from service.store.classes.class_seats import Addressee, addressees, seats_of
from service.store.classes.classes import ClassFacts
from service.tables.classes import ClassReminder

AT_ONCE = 50
OTHER_CLOCKS = timedelta(days=2)
"""How much longer than a day in Paris a day lasts somewhere."""


@dataclass(frozen=True)
class _Reader:
    """Somebody who is to be told of one class: a learner, or whoever leads it."""

    near: NearFacts
    day: date
    candidate_id: UUID | None = None

    @property
    def key(self) -> str:
        return f"candidate:{self.candidate_id}" if self.candidate_id else f"staff:{self.near.trainer_id}"


async def send_due(session: AsyncSession, *, editions: Editions, settings: Settings, now: datetime) -> int:
    """Write to the next readers, and say to how many; 0 when everybody was told.

    Each letter stands beside the row that says so: a sweep that is killed, or runs twice, sends once. The classes are
    locked meanwhile, so a letter says what holds, and one that moves or is cancelled later is told after it.
    """
    rules = editions.reminder_rules_on(civil_date(now))
    due = await _due(session, rules, now=now)
    found = {one.near.id for one in await _waiting(session, due, rules, now=now)}
    if not found:
        return 0
    due = await _due(session, rules, now=now, lock=found)
    waiting = (await _waiting(session, due, rules, now=now))[:AT_ONCE]
    people = await addressees(session, {one.candidate_id for one in waiting if one.candidate_id})
    held = {
        near_id: await classes.facts_of(session, SYSTEM, near_id)
        for near_id in {one.near.id for one in waiting}
    }
    letters = [
        await _write(
            session, one, held[one.near.id], people, rules, editions=editions, settings=settings, now=now
        )
        for one in waiting
    ]
    await session.flush()
    session.add_all(
        ClassReminder(
            class_id=one.near.id, day=one.day, reader=one.key, candidate_id=one.candidate_id,
            staff_id=None if one.candidate_id else one.near.trainer_id, letter_id=letter_id, made_at=now,
        )
        for one, letter_id in zip(waiting, letters, strict=True)
    )  # fmt: skip
    await session.flush()
    return len(waiting)


async def _due(
    session: AsyncSession, rules: ReminderRules, *, now: datetime, lock: Collection[UUID] | None = None
) -> list[NearFacts]:
    """Classes that are to be recalled at this moment."""
    today = civil_date(now)
    works = training_days.working_days(today)
    last = furthest_day(today + timedelta(days=1), rules=rules, works=works)
    until = datetime.combine(last, now.timetz()) + OTHER_CLOCKS
    return [
        one
        for one in await store.near(session, after=now, until=until, lock=lock)
        if may_recall(
            now, one.starts_at, zone=one.zone, rules=rules, works=works,
            is_holiday=lambda day: day in training_days.holidays(day.year),
        )
    ]  # fmt: skip


async def _waiting(
    session: AsyncSession, due: Collection[NearFacts], rules: ReminderRules, *, now: datetime
) -> list[_Reader]:
    """Who has not been told: learners first, then the trainer."""
    ids = [one.id for one in due]
    if not ids:
        return []
    told = await store.told_of(session, ids)
    seats = await store.seated(session, ids)
    works = training_days.working_days(civil_date(now))
    return [
        reader
        for one in due
        for reader in _readers(
            one, seats, since=recalled_at(one.starts_at, zone=one.zone, rules=rules, works=works)
        )
        if (one.id, reader.day, reader.key) not in told
    ]


def _readers(near: NearFacts, seats: Collection[SeatedFacts], *, since: datetime) -> Iterator[_Reader]:
    """Learners who had their seat, and knew of this day, before the reminder's hour; later letters say it all anyway.

    The trainer gets the list even of a class that moved since, but not of one planned since: they have just made it.
    """
    day = near.starts_at.astimezone(ZoneInfo(near.zone)).date()
    if near.changed_at <= since:
        for seat in seats:
            if seat.class_id == near.id and seat.changed_at <= since:
                yield _Reader(near, day, seat.candidate_id)
    if near.trainer_id is not None and near.created_at <= since:
        yield _Reader(near, day)


async def _write(
    session: AsyncSession,
    one: _Reader,
    held: ClassFacts,
    people: Mapping[UUID, Addressee],
    rules: ReminderRules,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> UUID | None:
    if one.candidate_id is None:
        return await _write_list(session, held, editions=editions, settings=settings, now=now)
    to = people[one.candidate_id]
    lines = rules.preparation.of(has_link=bool(held.link), has_place=bool(held.place))
    return class_letters.write(
        session, "class_reminder", held, to, policy=editions.class_policy_of(held.policy_edition),
        settings=settings, now=now, link=held.link if held.place else "",
        preparation=tuple(line.said_in(Language(to.locale.value)) for line in lines),
    )  # fmt: skip


async def _write_list(
    session: AsyncSession,
    held: ClassFacts,
    *,
    editions: Editions,
    settings: Settings,
    now: datetime,
) -> UUID | None:
    """Tell whoever leads a class who comes, by name as far as they may see; nothing to somebody who has left."""
    found = await classes.leader(session, held.trainer_id)
    if found is None:
        return None
    actor = await sign_ins.actor_of_staff(session, found.id)
    if not actor.is_signed_in:
        return None
    names = [one.person for one in await seats_of(session, actor, held.id) if one.seat is Seat.TAKEN]
    return class_letters.write(
        session, "class_list", held, class_letters.to_leader(found),
        policy=editions.class_policy_of(held.policy_edition), settings=settings, now=now,
        people=tuple(names), count=str(held.taken), others=str(held.taken - len(names) or ""),
        waiting=str(held.waiting or ""),
    )  # fmt: skip
