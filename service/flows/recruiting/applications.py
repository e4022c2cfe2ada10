"""Applications are made, moved through the stages, withdrawn, and decided by a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.flows.matching.lexicons import revised
from service.flows.matching.matching import note_match
from service.flows.people.candidates import CheckVersion
from service.runtime.actors import Actor, ActorKind
from service.runtime.editions import load_editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.vocabulary import (
    DECIDED_STAGES,
    FINAL_STAGES,
    DecisionOutcome,
    ProgrammeState,
    Stage,
)
from service.store import audit
from service.store.papers.offers import accepted_for
from service.store.reach import application_row, candidate_row, programme_row
from service.store.recruiting.applications import ApplicationFacts, DecisionFacts
from service.tables.applications import Application, Decision, StageChange
from service.tables.people import Candidate
from service.tables.programmes import Programme

MIN_REASON = 20

_STAGE_OF = {DecisionOutcome.HIRE: Stage.HIRED, DecisionOutcome.NOT_RETAIN: Stage.NOT_RETAINED}


async def create_application(
    session: AsyncSession,
    actor: Actor,
    *,
    candidate_id: str | UUID,
    programme_id: str | UUID,
    now: datetime,
    stage: Stage = Stage.APPLIED,
) -> ApplicationFacts:
    """Note that a person within reach applies for a programme within reach; Conflict when noted already."""
    person = await candidate_row(session, actor, candidate_id)
    programme = await programme_row(session, actor, programme_id)
    return await _create(session, actor, person, programme, stage=stage, now=now)


async def apply_in_person(
    session: AsyncSession, actor: Actor, *, candidate_id: UUID, programme_ids: Sequence[UUID], now: datetime
) -> None:
    """A candidate's own applications to open programmes; one made already stays as it is."""
    person = await session.get(Candidate, candidate_id)
    if person is None:
        raise NotFound
    for programme_id in dict.fromkeys(programme_ids):
        programme = await session.get(Programme, programme_id)
        if programme is None:
            raise NotFound
        if await _existing(session, candidate_id, programme_id) is None:
            await _create(session, actor, person, programme, stage=Stage.APPLIED, now=now)


async def _create(
    session: AsyncSession,
    actor: Actor,
    person: Candidate,
    programme: Programme,
    *,
    stage: Stage,
    now: datetime,
) -> ApplicationFacts:
    if programme.state is not ProgrammeState.OPEN:
        raise RuleBroken("This programme is closed; open it first.", code="programme-closed")
    if await _existing(session, person.id, programme.id) is not None:
        raise Conflict("This person already applies for this programme.", code="already-applied")
    row = Application(
        candidate_id=person.id, programme_id=programme.id, stage=stage, stage_since=now, created_at=now
    )
    note_match(await revised(session, load_editions()), row, person, programme, now=now)
    session.add(row)
    await session.flush()
    session.add(StageChange(application_id=row.id, to_stage=stage, staff_id=_staff_id(actor), at=now))
    audit.record(
        session, actor, action="application.create", subject=("application", row.id), now=now,
        detail={"candidate": str(person.id), "programme": str(programme.id)},
    )  # fmt: skip
    return ApplicationFacts.model_validate(row)


async def _existing(session: AsyncSession, candidate_id: UUID, programme_id: UUID) -> Application | None:
    return await session.scalar(
        select(Application).where(
            col(Application.candidate_id) == candidate_id, col(Application.programme_id) == programme_id
        )
    )


async def move_application(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    *,
    stage: Stage,
    now: datetime,
    reason: str = "",
    check_version: CheckVersion | None = None,
) -> ApplicationFacts:
    """Take one step. *Hired* and *not retained* are decisions and never steps; a closed application stays closed."""
    row = await application_row(session, actor, application_id)
    if check_version is not None:
        check_version(row.version)
    if stage in DECIDED_STAGES:
        raise RuleBroken(
            "A person decides this: send a decision with its reason instead.",
            code="decision-needed",
            faults=[Fault("/stage", "decision-needed", "reached by a decision only")],
        )
    if stage is Stage.WITHDRAWN and actor.kind is not ActorKind.CANDIDATE and not reason.strip():
        raise RuleBroken(
            "Say how the person withdrew.",
            faults=[Fault("/reason", "missing", "how did the person withdraw?")],
        )
    _check_open(row)
    await step(session, actor, row, stage=stage, reason=reason, now=now)
    return ApplicationFacts.model_validate(row)


async def withdraw(
    session: AsyncSession, actor: Actor, application_id: str | UUID, *, now: datetime, reason: str = ""
) -> ApplicationFacts:
    """The candidate takes the application back; nobody else can do it in their name here."""
    if actor.kind is not ActorKind.CANDIDATE:
        raise Forbidden("Only the person can withdraw an application here.")
    row = await application_row(session, actor, application_id)
    if row.stage is not Stage.WITHDRAWN:
        _check_open(row)
        await step(session, actor, row, stage=Stage.WITHDRAWN, reason=reason, now=now)
    return ApplicationFacts.model_validate(row)


async def step(
    session: AsyncSession, actor: Actor, row: Application, *, stage: Stage, now: datetime, reason: str = ""
) -> None:
    """Write one step of an application with its history and audit entry; the caller has checked that it may happen."""
    before = row.stage
    if before is stage:
        return
    row.stage, row.stage_since = stage, now
    session.add(
        StageChange(
            application_id=row.id, from_stage=before, to_stage=stage, reason=reason.strip(),
            staff_id=_staff_id(actor), at=now,
        )
    )  # fmt: skip
    audit.record(
        session, actor, action="application.stage", subject=("application", row.id), now=now,
        detail={"from": before.value, "to": stage.value},
    )  # fmt: skip
    await session.flush()


def _check_open(row: Application) -> None:
    if row.stage in FINAL_STAGES:
        raise Conflict("This application is closed.", code="application-closed")


async def decide(
    session: AsyncSession,
    actor: Actor,
    application_id: str | UUID,
    *,
    outcome: DecisionOutcome,
    reason: str,
    now: datetime,
    check_version: CheckVersion | None = None,
) -> DecisionFacts:
    """Confirm a decision about one person as a person: signed in as staff, with a reason of 20 characters or more.

    No job, no token and no candidate gets here. Hiring needs an offer that the person accepted (GDPR art. 22:
    a decision with such effect is never made by a program alone).
    """
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("Only a member of staff who signed in can decide about a person.")
    row = await application_row(session, actor, application_id)
    if check_version is not None:
        check_version(row.version)
    if len(reason.strip()) < MIN_REASON:
        raise RuleBroken(
            "Give the reason in at least %(least)s characters; the person may ask to read it.",
            least=MIN_REASON,
            faults=[Fault("/reason", "too-short", "at least %(least)s characters", {"least": MIN_REASON})],
        )
    _check_open(row)
    if outcome is DecisionOutcome.HIRE and await accepted_for(session, row.id) is None:
        raise RuleBroken(
            "Nobody is hired before an offer is accepted: make the offer and wait for the answer.",
            code="offer-not-accepted",
            faults=[Fault("/outcome", "offer-not-accepted", "no accepted offer for this application")],
        )
    return await _record_decision(session, actor, row, outcome=outcome, reason=reason.strip(), now=now)


async def _record_decision(
    session: AsyncSession,
    actor: Actor,
    row: Application,
    *,
    outcome: DecisionOutcome,
    reason: str,
    now: datetime,
) -> DecisionFacts:
    decision = Decision(
        application_id=row.id, outcome=outcome, reason=reason, staff_id=actor.staff_id, decided_at=now
    )
    session.add(decision)
    audit.record(
        session, actor, action="application.decide", subject=("application", row.id), now=now,
        detail={"outcome": outcome.value, "decision": str(decision.id)},
    )  # fmt: skip
    await step(session, actor, row, stage=_STAGE_OF[outcome], reason=reason, now=now)
    if outcome is DecisionOutcome.HIRE:
        person = await session.get(Candidate, row.candidate_id)
        if person is not None:
            person.is_agent, person.updated_at = True, now
    await session.flush()
    return DecisionFacts(
        id=decision.id, application_id=row.id, outcome=outcome, reason=reason, staff_id=actor.staff_id,
        staff_name=actor.name, decided_at=now,
    )  # fmt: skip


def _staff_id(actor: Actor) -> UUID | None:
    return actor.staff_id if actor.kind in (ActorKind.STAFF, ActorKind.TOKEN) else None
