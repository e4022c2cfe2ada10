"""What running content of a training package reports: taken once, from the window whose token it is, with its time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.packages.scorm_snapshots import Status
from onboarding.packages.scorm_states import Answer, Message, Outcome, UnitState, receive
from service.flows.learning.package_attempts import settle, unit_row, write
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions, in_force
from service.runtime.errors import Forbidden, NotSignedIn
from service.store.accounts import sign_ins
from service.store.learning import assignments
from service.store.learning import package_attempts as store
from service.store.paths import packages as shelf
from service.tables.packages import Package, PackageAttempt, PackageSession
from service.tables.training import Assignment


async def report(
    session: AsyncSession,
    session_id: str,
    token: str,
    message: Message,
    *,
    editions: Editions,
    now: datetime,
) -> Outcome:
    """Take one report of running content from the window whose token this is.

    NotSignedIn for a token that is unknown or whose window is too old; Forbidden when it reports for another window
    than its own: the completion of somebody else, or of another unit, cannot be claimed with it.
    """
    window = await store.session_by_token(session, token, now=now)
    if window is None:
        raise NotSignedIn("This window is too old to report. Open the unit again.", code="window-over")
    if str(window.id) != session_id or message.session != session_id:
        raise Forbidden("This token reports for another window.", code="token-of-another")
    package = await session.get(Package, window.package_id)
    assert package is not None, "a window goes with its package"
    manifest, rules = shelf.manifest_of(package), in_force(editions.package_rules, civil_date(now))
    unit = next(one for one in manifest.units if one.identifier == window.unit)
    if window.attempt_id is None:
        fresh = UnitState(unit=unit.identifier, session=session_id)
        return receive(fresh, message, unit=unit, standard=manifest.standard, rules=rules)
    row, actor, attempt = await _held(session, window.attempt_id)
    kept = await unit_row(session, attempt, unit)
    outcome = receive(store.state_of(kept), message, unit=unit, standard=manifest.standard, rules=rules)
    if outcome.answer not in (Answer.KEPT, Answer.LATE):
        return outcome
    write(kept, outcome.state)
    _count_time(window, attempt, outcome.state, now=now)
    await session.flush()
    has_failed = message.is_final and outcome.answer is Answer.KEPT and _has_failed(outcome.state)
    await settle(session, actor, row, attempt, manifest, has_failed=has_failed, editions=editions, now=now)
    return outcome


def _has_failed(state: UnitState) -> bool:
    return state.snapshot.status is Status.FAILED or state.snapshot.success == Status.FAILED.value


async def _held(session: AsyncSession, attempt_id: UUID) -> tuple[Assignment, Actor, PackageAttempt]:
    """Assignment and attempt, held in the order in which a window is opened, and the learner whose window speaks.

    The token of a window acts for that person alone.
    """
    found = await session.get(PackageAttempt, attempt_id)
    assert found is not None, "a window goes with its attempt"
    person = await store.candidate_of(session, found.candidate_id)
    assert person is not None, "an attempt goes with its learner"
    actor = sign_ins.candidate_actor(person)
    row = await assignments.assignment_row(session, actor, found.assignment_id)
    return row, actor, await store.attempt_to_change(session, attempt_id)


def _count_time(window: PackageSession, attempt: PackageAttempt, state: UnitState, *, now: datetime) -> None:
    """Time really spent: what the content tells of this session, never more than has passed since it was opened.

    Where the content tells none, what has passed until its last report.
    """
    passed = max(0, int((now - window.opened_at).total_seconds()))
    told = state.snapshot.session_centiseconds // 100
    spent = min(told, passed) if told else passed
    attempt.seconds += spent - window.seconds
    window.seconds, window.reported_at, attempt.reported_at = spent, now, now
