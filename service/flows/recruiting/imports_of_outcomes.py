"""Outcomes of hired people come in from a file: checked first, then noted whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.validation.policy import ValidityPolicy
from service.flows.reading.reading_files import RowFault
from service.flows.reading.reading_outcomes import OutcomeRow
from service.flows.reading.reading_reasons import shown
from service.flows.recruiting.imports import FAULTS_SHOWN, FaultLine, Report
from service.flows.recruiting.outcomes import Noted, record_outcome
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.recruiting import outcomes as store
from service.store.recruiting.outcomes import Person


@dataclass(frozen=True)
class Plan:
    """What a file would note, what is noted already, and what is to be put right."""

    new: tuple[tuple[UUID, Noted], ...]
    unchanged: int
    faults: tuple[RowFault, ...]

    @property
    def report(self) -> Report:
        lines = tuple(
            FaultLine(line=one.line, column=one.column, value=one.value, reason=one.reason)
            for one in self.faults[:FAULTS_SHOWN]
        )
        return Report(
            new=len(self.new), changed=0, unchanged=self.unchanged, bad=len({one.line for one in self.faults}),
            likely_duplicates=0, faults=lines, fault_count=len(self.faults),
        )  # fmt: skip


async def bring_in(
    session: AsyncSession,
    actor: Actor,
    read: tuple[Sequence[OutcomeRow], Sequence[RowFault]],
    *,
    is_applied: bool,
    editions: Editions,
    now: datetime,
) -> Report:
    """What a file (as `read_outcomes` gave it) says; with `is_applied` and without a fault it is noted.

    What is noted already stays one note.
    """
    rows, faults = read
    plan = await _plan(session, actor, rows, faults, editions=editions, now=now)
    if is_applied and not plan.faults:
        for person_id, noted in plan.new:
            await record_outcome(session, actor, person_id, noted, editions=editions, now=now)
    return plan.report


async def _plan(
    session: AsyncSession,
    actor: Actor,
    rows: Sequence[OutcomeRow],
    faults: Sequence[RowFault],
    *,
    editions: Editions,
    now: datetime,
) -> Plan:
    today = civil_date(now)
    policy = editions.validity_policy_on(today)
    people = await store.people_named(session, actor, {row.candidate for row in rows})
    noted = await store.noted_of(session, {one.id for found in people.values() for one in found})
    wrong, new, unchanged = list(faults), [], 0
    for row in rows:
        found = people.get(row.candidate.casefold(), ())
        reasons = [*_who(row, found), *_what(row, policy, today)]
        wrong += [RowFault(row.line, column, value, reason) for column, value, reason in reasons]
        if reasons:
            continue
        key = (found[0].id, row.days, row.measure, row.value, row.recorded_on)
        if key in noted:
            unchanged += 1
            continue
        noted.add(key)
        new.append((found[0].id, Noted(row.days, row.measure, row.value, row.recorded_on, row.note)))
    return Plan(tuple(new), unchanged, tuple(sorted(wrong, key=lambda one: one.line)))


def _who(row: OutcomeRow, found: Sequence[Person]) -> list[tuple[str, str, str]]:
    name = shown(row.candidate)
    if not found:
        return [("candidate", name, "n'est personne que nous connaissons")]
    if len(found) > 1:
        return [("candidate", name, "désigne plusieurs personnes : écrivez l'identifiant")]
    if not found[0].is_hired:
        return [("candidate", name, "n'a pas été embauché : rien ne peut être noté de son travail")]
    return []


def _what(row: OutcomeRow, policy: ValidityPolicy, today: date) -> list[tuple[str, str, str]]:
    faults = []
    if row.days not in policy.days:
        days = ", ".join(map(str, policy.days))
        faults.append(("days", str(row.days), f"n'est pas un des jours prévus : {days}"))
    bounds = policy.measure(row.measure.value)
    assert bounds is not None, "the policy names every measure"
    if not bounds.minimum <= row.value <= bounds.maximum:
        reason = f"n'est pas entre {bounds.minimum} et {bounds.maximum}"
        faults.append(("value", str(row.value), reason))
    if row.recorded_on > today:
        faults.append(("recorded_on", row.recorded_on.isoformat(), "est un jour à venir"))
    return faults
