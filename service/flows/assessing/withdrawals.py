"""Evidence recorded by mistake is withdrawn by a person with a reason: it stays to be read, and counts no more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.items import MeasurementItem
from service.flows.assessing.answering import instrument_of, put_in
from service.flows.assessing.evidence import instrument_about
from service.runtime.actors import Actor
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken
from service.runtime.vocabulary import ResponseState
from service.store import audit
from service.store.assessing import assessments as responses
from service.store.assessing import evidence_files as store
from service.store.assessing.evidence_files import EvidenceFacts
from service.store.reach import id_of
from service.tables.evidence import Evidence

LEAST_CHARACTERS = 20


async def withdraw(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    evidence_id: str | UUID,
    *,
    why: str,
    editions: Editions,
    now: datetime,
) -> EvidenceFacts:
    """Withdraw one piece of evidence; what is demonstrated is weighed without it from now on, everywhere it is read.

    The declared answer and every card that was kept stay as they are. RuleBroken for a reason that is too short;
    Conflict for what was withdrawn before; NotFound for a piece about somebody else.
    """
    row = await store.evidence_row(session, actor, evidence_id)
    if row.candidate_id != id_of(candidate_id):
        raise NotFound
    if row.withdrawn_at is not None:
        raise Conflict("This was withdrawn before; it counts no more.", code="already-withdrawn")
    said = why.strip()
    if len(said) < LEAST_CHARACTERS:
        raise RuleBroken(
            "Say why in at least %(least)s characters.", least=LEAST_CHARACTERS,
            faults=[Fault("/why", "too-short", "at least %(least)s characters", {"least": LEAST_CHARACTERS})],
        )  # fmt: skip
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now, actor.staff_id, said
    await session.flush()
    if row.kind is HowKnown.MEASURED:
        await _take_out(session, row, editions=editions, now=now)
    audit.record(
        session, actor, action="evidence.withdraw", subject=("candidate", row.candidate_id), now=now,
        detail={"evidence": str(row.id), "item": f"{row.instrument} {row.item}"},
    )  # fmt: skip
    found = await store.evidence_of(session, row.candidate_id)
    return next(one for one in found if one.id == row.id)


async def _take_out(session: AsyncSession, row: Evidence, *, editions: Editions, now: datetime) -> None:
    """A measured value also stands in answers that are still being given: the newest one that counts stands there."""
    response = await responses.latest_row(session, row.candidate_id, row.instrument, to_change=True)
    if response is None or response.state is not ResponseState.DRAFT:
        return
    instrument = await instrument_about(session, row.candidate_id, row.instrument, editions=editions, now=now)
    if not isinstance(instrument.item(row.item), MeasurementItem):
        return
    left = [
        one.value
        for one in await store.counting_evidence_of(session, row.candidate_id)
        if (one.instrument, one.item, one.kind) == (row.instrument, row.item, HowKnown.MEASURED)
    ]
    put_in(response, instrument_of(editions, response), {row.item: left[0] if left else None}, now=now)
    await session.flush()
