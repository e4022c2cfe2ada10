"""Giving paths by rule: written once, looked at before it is switched on, then applied as people come to meet it."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.schedule import WorkingDays, add_working_days
from service.flows.learning import assignments as giving
from service.flows.learning.assignments import Own
from service.flows.paths import paths
from service.flows.training_days import working_days
from service.runtime.actors import SYSTEM, Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, NotFound, RuleBroken
from service.runtime.log import log
from service.runtime.vocabulary import FINAL_STAGES, Stage
from service.store import audit, reach
from service.store.learning import assignment_rules as store
from service.store.learning.assignment_rules import RuleFacts
from service.tables.assignment_rules import AssignmentRule

AT_ONCE = 200
"""How many people one rule gives its path to in one transaction; the next sweep goes on."""
MOST_DAYS = 120
LONGEST_NAME = 120
LONGEST_POST = 200


@dataclass(frozen=True)
class RuleAsked:
    """A rule as somebody writes it; at least one condition. `post` is the job title of an accepted offer."""

    name: str
    path: str
    programme_id: UUID | None = None
    stage: Stage | None = None
    skill: str | None = None
    post: str | None = None
    after_path: str | None = None
    start_days: int = 0


@dataclass(frozen=True)
class Foreseen:
    """Whom a rule would give its path to, and from which day."""

    candidate_id: UUID
    person: str
    start_date: date


async def write(
    session: AsyncSession, actor: Actor, asked: RuleAsked, *, editions: Editions, now: datetime
) -> UUID:
    """Keep a rule, switched off until somebody has looked at whom it is for; RuleBroken with every fault."""
    asked = await _checked(session, actor, asked, editions=editions, now=now)
    row = AssignmentRule(**asdict(asked), is_active=False, created_by=actor.staff_id, created_at=now)
    session.add(row)
    await session.flush()
    audit.record(session, actor, action="assignment_rule.write", subject=("assignment_rule", row.id), now=now)
    return row.id


async def edit(
    session: AsyncSession,
    actor: Actor,
    rule_id: str | UUID,
    changes: Mapping[str, Any],
    *,
    check_version: Callable[[int], None],
    editions: Editions,
    now: datetime,
) -> RuleFacts:
    """Change what a rule says; what it gave stays given, with its dates.

    A change of anything but the name pauses the rule until somebody has looked at whom it is for now. With another
    path, those who were given the former one can be given the new one too.
    """
    row = await store.rule_row(session, actor, rule_id)
    check_version(row.version)
    before = RuleAsked(**{field.name: getattr(row, field.name) for field in fields(RuleAsked)})
    asked = await _checked(session, actor, replace(before, **changes), editions=editions, now=now)
    changed = [name for name, value in asdict(asked).items() if value != getattr(before, name)]
    if changed:
        for name in changed:
            setattr(row, name, getattr(asked, name))
        row.is_active = row.is_active and changed == ["name"]
        audit.record(
            session, actor, action="assignment_rule.edit", subject=("assignment_rule", row.id), now=now,
            detail={"changed": changed},
        )  # fmt: skip
        await session.flush()
    return await store.facts_of(session, actor, row.id)


async def _checked(
    session: AsyncSession, actor: Actor, asked: RuleAsked, *, editions: Editions, now: datetime
) -> RuleAsked:
    """The rule with its words in order; RuleBroken with every fault."""
    asked = replace(
        asked, name=" ".join(asked.name.split()), post=" ".join((asked.post or "").split()) or None
    )
    if faults := await _faults_of(session, actor, asked, editions=editions, now=now):
        raise RuleBroken("This rule cannot be kept as it is; see errors.", faults=faults)
    return asked


async def _faults_of(
    session: AsyncSession, actor: Actor, asked: RuleAsked, *, editions: Editions, now: datetime
) -> list[Fault]:
    faults = []
    given = {path.slug for path in paths.in_force(editions, civil_date(now))}
    if not 0 < len(asked.name) <= LONGEST_NAME or not asked.name.isprintable():
        faults.append(Fault("/name", "length", "1 to 120 characters"))
    if asked.path not in given:
        faults.append(Fault("/path", "unknown", "choose one of the paths of GET /paths"))
    if asked.after_path is not None and not any(slug == asked.after_path for slug, _ in editions.paths):
        faults.append(Fault("/after_path", "unknown", "no path has this name"))
    if asked.after_path == asked.path:
        faults.append(Fault("/after_path", "same", "another path than the one that is given"))
    if asked.skill is not None and asked.skill not in editions.resolver.skills:
        faults.append(Fault("/skill", "unknown-skill", "Choose a skill of the list."))
    if asked.post is not None and (len(asked.post) > LONGEST_POST or not asked.post.isprintable()):
        faults.append(Fault("/post", "length", "the job title as the offer says it, 1 to 200 characters"))
    if asked.stage in FINAL_STAGES and asked.stage is not Stage.HIRED:
        faults.append(Fault("/stage", "ended", "a step of an application that goes on"))
    if not -MOST_DAYS <= asked.start_days <= MOST_DAYS:
        faults.append(Fault("/start_days", "range", "from -%(most)s to %(most)s", {"most": MOST_DAYS}))
    conditions = (asked.programme_id, asked.stage, asked.skill, asked.post, asked.after_path)
    if not any(conditions):
        faults.append(Fault("/conditions", "missing", "at least one condition"))
    faults += await _faults_of_programme(session, actor, asked.programme_id)
    return faults


async def _faults_of_programme(session: AsyncSession, actor: Actor, programme_id: UUID | None) -> list[Fault]:
    if programme_id is None:
        return (
            []
            if actor.sees_all_programmes
            else [Fault("/programme_id", "missing", "name one of your programmes")]
        )
    try:
        await reach.programme_row(session, actor, programme_id)
    except NotFound:
        return [Fault("/programme_id", "unknown", "no programme of yours has this id")]
    return []


async def foresee(
    session: AsyncSession, actor: Actor, rule: RuleFacts, *, now: datetime, limit: int = AT_ONCE
) -> tuple[Foreseen, ...]:
    """Whom the rule would give its path to if it were applied now; nothing is changed."""
    today = civil_date(now)
    works = working_days(today)
    meeting = await store.people_meeting(session, actor, rule, limit=limit)
    return tuple(
        Foreseen(one.candidate_id, one.person, start_of(rule, one.first_day, today=today, works=works))
        for one in meeting
    )


def start_of(rule: RuleFacts, first_day: date | None, *, today: date, works: WorkingDays) -> date:
    """So many working days before or after the first day of work, or today where that is not known or has passed.

    >>> from types import SimpleNamespace
    >>> from onboarding.learning.schedule import weekdays_except
    >>> week_before = SimpleNamespace(start_days=-5)
    >>> monday, works = date(2026, 11, 30), weekdays_except(())
    >>> start_of(week_before, monday, today=date(2026, 11, 2), works=works)
    datetime.date(2026, 11, 23)
    >>> start_of(week_before, monday, today=date(2026, 11, 25), works=works)
    datetime.date(2026, 11, 25)
    """
    if first_day is None:
        return today
    if rule.start_days >= 0:
        return max(today, add_working_days(first_day, rule.start_days, working_days=works))
    day, left = first_day, -rule.start_days
    while left and day > today:
        day -= timedelta(days=1)
        left -= works(day)
    return max(today, day)


async def switch(
    session: AsyncSession, actor: Actor, rule_id: str | UUID, *, is_active: bool, now: datetime
) -> RuleFacts:
    """Switch a rule on or off; what it gave stays given."""
    row = await store.rule_row(session, actor, rule_id)
    if row.is_active != is_active:
        row.is_active = is_active
        audit.record(
            session, actor, action=f"assignment_rule.{'start' if is_active else 'pause'}",
            subject=("assignment_rule", row.id), now=now,
        )  # fmt: skip
    await session.flush()
    return await store.facts_of(session, actor, row.id)


async def apply(
    session: AsyncSession, actor: Actor, rule_id: str | UUID, *, editions: Editions, now: datetime
) -> int:
    """Give the path to those who meet the rule now, at most 200; how many. Applied again, nobody gets it twice."""
    row = await store.rule_row(session, actor, rule_id)
    rule = await store.facts_of(session, actor, row.id)
    starts: Mapping[date, list[UUID]] = defaultdict(list)
    for one in await foresee(session, actor, rule, now=now):
        starts[one.start_date].append(one.candidate_id)
    count = 0
    for start_date, people in starts.items():
        given = await giving.give(
            session, actor, people, path=rule.path, start_date=start_date, cohort_id=None,
            editions=editions, now=now, own=Own(rule_id=rule.id),
        )  # fmt: skip
        count += len(given.created)
    await store.note_applied(session, row.id, now=now)
    return count


async def start(
    session: AsyncSession, actor: Actor, rule_id: str | UUID, *, editions: Editions, now: datetime
) -> int:
    """Switch a rule on and apply it at once; how many were given its path."""
    await switch(session, actor, rule_id, is_active=True, now=now)
    return await apply(session, actor, rule_id, editions=editions, now=now)


async def apply_active(session: AsyncSession, *, editions: Editions, now: datetime) -> int:
    """Apply every rule that is switched on; one whose path is no longer given waits, with a line in the log."""
    count = 0
    for rule_id in await store.active_ids(session):
        rule = await store.facts_of(session, SYSTEM, rule_id)
        if all(path.slug != rule.path for path in paths.in_force(editions, civil_date(now))):
            log.warning("assignment_rule_without_path", rule=str(rule_id), path=rule.path)
            continue
        count += await apply(session, SYSTEM, rule_id, editions=editions, now=now)
    return count


async def remove(session: AsyncSession, actor: Actor, rule_id: str | UUID, *, now: datetime) -> None:
    """Forget a rule; what it gave stays given."""
    row = await store.rule_row(session, actor, rule_id)
    await session.delete(row)
    audit.record(
        session, actor, action="assignment_rule.remove", subject=("assignment_rule", row.id), now=now
    )
    await session.flush()
