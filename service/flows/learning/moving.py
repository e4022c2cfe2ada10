"""Changing what was given: another start, or another edition of the path; what was done stays done."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.schedule import add_working_days
from onboarding.paths.editions import Carried, carried
from onboarding.paths.paths import Path
from service.flows.learning import learning
from service.flows.learning.assignments import check_start
from service.flows.paths import paths
from service.flows.training_days import working_days
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, RuleBroken
from service.store import audit
from service.store.learning import assignments
from service.store.learning.assignment_changes import EDITION_MOVED, START_MOVED
from service.tables.training import Assignment, AssignmentChange

LONGEST_WHY = 500


async def move_start(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    *,
    start_date: date,
    why: str,
    editions: Editions,
    now: datetime,
) -> None:
    """Let a path begin on another day, as often as life asks; to the same day again, nothing changes.

    Dates of the learner's own move by as many days, to the next working day; hours set apart are let go, since they
    were planned for other weeks. Before the new start the modules are closed again and what was done stays done.
    Conflict for a finished path, or where the person has this very path from that day already.
    """
    row = await assignments.assignment_row(session, actor, assignment_id)
    check_start(start_date, today=civil_date(now))
    if row.start_date == start_date:
        return
    _check_unfinished(row)
    await _check_free(session, row, edition=row.edition, start_date=start_date)
    before, moved = row.start_date, start_date - row.start_date
    row.start_date, row.sittings = start_date, None
    own = {slug: date.fromisoformat(day) for slug, day in (row.due_dates or {}).items()}
    row.due_dates = {slug: day.isoformat() for slug, day in dates_moved(own, moved).items()} or None
    _tell(session, actor, row, START_MOVED, (before.isoformat(), start_date.isoformat()), why=why, now=now)
    await session.flush()
    await learning.rewrite(session, actor, row, editions=editions, now=now)


def dates_moved(own: Mapping[str, date], by: timedelta) -> dict[str, date]:
    """Dates of the learner's own after such a move, each on a working day."""
    there = {slug: day + by for slug, day in own.items()}
    return {slug: add_working_days(day, 0, working_days=working_days(day)) for slug, day in there.items()}


async def edition_ahead(
    session: AsyncSession, actor: Actor, assignment_id: str | UUID, *, editions: Editions, now: datetime
) -> tuple[Path, Carried] | None:
    """What a learner's move to the edition given today would mean, told before; None where there is none to move to.

    Where the edition that was begun is gone altogether, what was done is found by the names of modules alone.
    """
    facts = await assignments.facts_of(session, actor, assignment_id)
    today = civil_date(now)
    newest = next((one for one in paths.in_force(editions, today) if one.slug == facts.path), None)
    if facts.is_complete or newest is None or newest.edition == facts.edition:
        return None
    begun = editions.paths.get((facts.path, facts.edition))
    if begun is None:
        return newest, carried(newest, newest, done=())
    standing = learning.standing(facts, editions=editions, today=today)
    done = [module.module for module in standing.modules if module.is_complete]
    return newest, carried(begun, newest, done=done)


async def move_edition(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    *,
    edition: str,
    why: str,
    editions: Editions,
    now: datetime,
) -> None:
    """Let a learner go on with the edition given today; `edition` is the one that the person was shown.

    What is common stays done, old marks are told as they were. Conflict when that edition is no longer the one given.
    """
    ahead = await edition_ahead(session, actor, assignment_id, editions=editions, now=now)
    row = await assignments.assignment_row(session, actor, assignment_id)
    if row.edition == edition:
        return
    _check_unfinished(row)
    if ahead is None or ahead[0].edition != edition:
        raise Conflict("Another edition is given today; look at what would change.", code="edition-changed")
    await _check_free(session, row, edition=edition, start_date=row.start_date)
    before, row.edition = row.edition, edition
    kept = {module.slug for module in ahead[0].modules}
    row.due_dates = {slug: day for slug, day in (row.due_dates or {}).items() if slug in kept} or None
    row.sittings = [one for one in row.sittings or [] if one["module"] in kept] or None
    _tell(session, actor, row, EDITION_MOVED, (before, edition), why=why, now=now)
    await session.flush()
    await learning.rewrite(session, actor, row, editions=editions, now=now)


def _check_unfinished(row: Assignment) -> None:
    if row.is_complete:
        raise Conflict("This path is finished; give it again instead.", code="path-finished")


async def _check_free(session: AsyncSession, row: Assignment, *, edition: str, start_date: date) -> None:
    if await assignments.has_twin(session, row, edition=edition, start_date=start_date):
        raise Conflict("This person has this path from that day already.", code="already-assigned")


def _tell(
    session: AsyncSession,
    actor: Actor,
    row: Assignment,
    kind: str,
    change: tuple[str, str],
    *,
    why: str,
    now: datetime,
) -> None:
    said = " ".join(why.split())
    if len(said) > LONGEST_WHY:
        words = "at most %(most)s characters"
        raise RuleBroken(
            "This is too long.", faults=[Fault("/why", "too-long", words, {"most": LONGEST_WHY})]
        )
    before, after = change
    session.add(
        AssignmentChange(
            assignment_id=row.id,
            kind=kind,
            before=before,
            after=after,
            why=said,
            staff_id=actor.staff_id,
            at=now,
        )
    )
    audit.record(
        session, actor, action=f"assignment.{kind}", subject=("candidate", row.candidate_id), now=now,
        detail={"assignment": str(row.id), "before": before, "after": after},
    )  # fmt: skip
