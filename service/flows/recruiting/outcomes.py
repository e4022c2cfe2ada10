"""Somebody who works with a person notes how it goes, some time after the start."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.validation.policy import ValidityPolicy
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Fault, NotFound, RuleBroken
from service.runtime.vocabulary import OutcomeMeasure
from service.store import audit, reach
from service.store.recruiting import outcomes as store
from service.store.recruiting.outcomes import OutcomeFacts
from service.tables.outcomes import Outcome


@dataclass(frozen=True)
class Noted:
    """What somebody says of a person: a value of a measure, so many days after the start, seen on a day."""

    days: int
    measure: OutcomeMeasure
    value: int
    recorded_on: date
    note: str = ""
    application_id: UUID | None = None


async def record_outcome(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    noted: Noted,
    *,
    editions: Editions,
    now: datetime,
) -> OutcomeFacts:
    """Note one outcome of somebody who was hired; it is added to what was noted before and replaces nothing.

    RuleBroken names every member that does not fit: another day than those in force, a value outside its measure, a
    day to come, somebody who was not hired.
    """
    person = await reach.candidate_row(session, actor, candidate_id)
    hired = await store.hired_application_ids(session, person.id)
    if noted.application_id is not None and noted.application_id not in hired:
        raise NotFound
    today = civil_date(now)
    faults = _faults(noted, editions.validity_policy_on(today), today=today)
    if not hired and not person.is_agent:
        faults.append(Fault("/candidate_id", "not_hired", "Only of somebody who was hired can it be said."))
    if faults:
        raise RuleBroken("This cannot be noted as it is; see errors.", faults=faults)
    row = Outcome(
        candidate_id=person.id,
        application_id=noted.application_id or (hired[0] if hired else None),
        days=noted.days,
        measure=noted.measure,
        value=noted.value,
        recorded_on=noted.recorded_on,
        recorded_by=actor.id if actor.kind is ActorKind.STAFF else actor.staff_id,
        note=noted.note,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="outcome.record", subject=("candidate", person.id), now=now,
        detail={"outcome": str(row.id), "days": noted.days, "measure": noted.measure.value},
    )  # fmt: skip
    return store.outcome_facts(row, staff_name=actor.name or None)


def _faults(noted: Noted, policy: ValidityPolicy, *, today: date) -> list[Fault]:
    found = []
    if noted.days not in policy.days:
        known = {"days": ", ".join(map(str, policy.days))}
        found.append(Fault("/days", "unknown_days", "One of these: %(days)s.", known))
    measure = policy.measure(noted.measure.value)
    assert measure is not None, "the policy names every measure"
    if not measure.minimum <= noted.value <= measure.maximum:
        ends = {"minimum": measure.minimum, "maximum": measure.maximum}
        found.append(Fault("/value", "out_of_range", "From %(minimum)s to %(maximum)s.", ends))
    if noted.recorded_on > today:
        found.append(Fault("/recorded_on", "to_come", "This day is still to come."))
    return found
