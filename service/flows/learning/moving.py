"""Changing what was given: another start, or another edition of the path; what was done stays done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.schedule import moved_along
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
from service.store.learning import assignments, exemptions
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

    Dates of the learner's own stay as many working days from the start; hours set apart are let go, since they were
    planned for other weeks. Before the new start the modules are closed again and what was done stays done.
    Conflict for a finished path, or where the person has this very path from that day already.
    """
    row = await assignments.assignment_row(session, actor, assignment_id)
    check_start(start_date, today=civil_date(now))
    if row.start_date == start_date:
        return
    _check_unfinished(row)
    await _check_free(session, row, edition=row.edition, start_date=start_date)
    before = row.start_date
    row.start_date, row.sittings = start_date, None
    own = {slug: date.fromisoformat(day) for slug, day in (row.due_dates or {}).items()}
    after = dates_moved(own, was=before, start=start_date)
    row.due_dates = {slug: day.isoformat() for slug, day in after.items()} or None
    _tell(session, actor, row, START_MOVED, (before.isoformat(), start_date.isoformat()), why=why, now=now)
    await session.flush()
    await learning.rewrite(session, actor, row, editions=editions, now=now)


def dates_moved(own: Mapping[str, date], *, was: date, start: date) -> dict[str, date]:
    """Dates of the learner's own after such a move."""
    works = working_days(min(was, start))
    return {slug: moved_along(day, was=was, start=start, working_days=works) for slug, day in own.items()}


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

    What is common stays done, whatever is asked besides by now; old marks are told as they were, and proofs for modules
    that are left behind are closed. Conflict when that edition is no longer the one given.
    """
    ahead = await edition_ahead(session, actor, assignment_id, editions=editions, now=now)
    row = await assignments.assignment_row(session, actor, assignment_id)
    if row.edition == edition:
        return
    _check_unfinished(row)
    if ahead is None or ahead[0].edition != edition:
        raise Conflict("Another edition is given today; look at what would change.", code="edition-changed")
    await _check_free(session, row, edition=edition, start_date=row.start_date)
    done = await _rewritten_and_done(session, actor, row, ahead[1], editions=editions, now=now)
    before, row.edition = row.edition, edition
    kept = {module.slug for module in ahead[0].modules}
    row.due_dates = {slug: day for slug, day in (row.due_dates or {}).items() if slug in kept} or None
    row.sittings = [one for one in row.sittings or [] if one["module"] in kept] or None
    _tell(session, actor, row, EDITION_MOVED, (before, edition), why=why, now=now)
    await session.flush()
    await _close_proofs(session, actor, row, kept, now=now)
    await learning.carry_over(session, actor, row, done, left=before, now=now)
    await learning.rewrite(session, actor, row, editions=editions, now=now)


async def _close_proofs(
    session: AsyncSession, actor: Actor, row: Assignment, kept: Collection[str], *, now: datetime
) -> None:
    """Proofs that wait for a module which is no longer there replace nothing: whoever made the move closes them."""
    for one in await exemptions.of_assignments(session, actor, [row.id]):
        if one.decided_at is None and one.module not in kept:
            proof = await exemptions.exemption_row(session, actor, one.id)
            proof.decided_at, proof.decided_by, proof.is_granted = now, actor.staff_id, False
            proof.reason = f"Le module ne fait plus partie du parcours suivi (édition {row.edition})."


async def move_to_newest(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], *, why: str, editions: Editions, now: datetime
) -> list[UUID]:
    """Several learners to the edition given today, each with what it keeps of theirs; those who moved.

    Whoever finished meanwhile, or was given that very edition beside, stays where they are.
    """
    moved = []
    for one in sorted(ids):
        ahead = await edition_ahead(session, actor, one, editions=editions, now=now)
        try:
            if ahead is not None:
                edition = ahead[0].edition
                await move_edition(session, actor, one, edition=edition, why=why, editions=editions, now=now)
                moved.append(one)
        except Conflict:
            continue
    return moved


async def _rewritten_and_done(
    session: AsyncSession, actor: Actor, row: Assignment, move: Carried, *, editions: Editions, now: datetime
) -> dict[str, date]:
    """Modules that the other edition rewrites and that are finished, with the day; none where the old one is gone."""
    if not move.changed or (row.path, row.edition) not in editions.paths:
        return {}
    facts = await assignments.facts_of(session, actor, row.id)
    modules = learning.standing(facts, editions=editions, today=civil_date(now)).modules
    return {
        one.module: one.completed_on for one in modules if one.completed_on and one.module in move.changed
    }


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
