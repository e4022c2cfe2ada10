"""What of somebody's answers has aged, and asking only that again."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.carrying import compare, still_answers
from assessments.questionnaires.evidence import Evidence
from assessments.questionnaires.staleness import Ageing, ageing_of
from service.flows.assessing.answering import answers_of, instrument_for, instrument_of, own_row
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, NotFound
from service.runtime.vocabulary import ResponseState
from service.store import audit
from service.store.assessing import assessments as store
from service.store.assessing import evidence_files as shown
from service.tables.assessments import Response


async def ageing_of_person(
    session: AsyncSession, candidate_id: UUID, *, editions: Editions, now: datetime
) -> tuple[Ageing, ...]:
    """What has aged of each questionnaire that was sent; the caller has checked who is asking.

    A questionnaire that is being answered again is left out: it is being looked at already.
    """
    today = civil_date(now)
    pieces = await shown.evidence_of(session, candidate_id)
    found = []
    for instrument in editions.instruments_on(today):
        row = await store.latest_row(session, candidate_id, instrument.slug)
        if row is None or row.state is not ResponseState.SUBMITTED:
            continue
        own = instrument_of(editions, row)
        ageing = ageing_of(
            own, answers_of(own, row.answers), answered_on=days_of_answers(row), on=today,
            shown=[_evidence(one) for one in pieces if one.instrument == own.slug],
            lives=editions.shelf_lives_on(today),
        )  # fmt: skip
        if ageing.items:
            found.append(ageing)
    return tuple(found)


def _evidence(one: shown.EvidenceFacts) -> Evidence:
    return Evidence(item=one.item, kind=one.kind, known_on=one.known_on)


def days_of_answers(row: Response) -> Mapping[str, date]:
    """When each answer of a response was given; one that was carried along keeps its first day until it changes."""
    given = civil_date(row.submitted_at or row.saved_at)
    carried = row.carried or {}
    return {
        item: date.fromisoformat(carried[item]["on"])
        if item in carried and carried[item]["value"] == value
        else given
        for item, value in row.answers.items()
    }


async def begin_again(
    session: AsyncSession, actor: Actor, slug: str, *, editions: Editions, now: datetime
) -> Response:
    """Open a questionnaire once more for the person who is signed in, with everything that still keeps filled in.

    Only what has aged is empty, and what was sent stays as it was sent. The edition is that of today; what it newly
    asks is empty, too. Conflict when nothing has aged; NotFound for what was never sent.
    """
    candidate = await own_row(session, actor)
    last = await store.latest_row(session, candidate.id, slug, to_change=True)
    if last is None:
        raise NotFound
    if last.state is not ResponseState.SUBMITTED:
        return last
    found = await ageing_of_person(session, candidate.id, editions=editions, now=now)
    ageing = next((one for one in found if one.instrument == slug), None)
    if ageing is None:
        raise Conflict("Nothing of this has aged; there is nothing to ask again.", code="nothing-stale")
    row = _opened(last, ageing, editions=editions, now=now)
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="response.begin_again", subject=("candidate", candidate.id), now=now,
        detail={"response": str(row.id), "instrument": slug, "items": len(ageing.items)},
    )  # fmt: skip
    return row


def _opened(last: Response, ageing: Ageing, *, editions: Editions, now: datetime) -> Response:
    before, today = instrument_of(editions, last), instrument_for(editions, last.instrument, now=now)
    spent = {one.item for one in ageing.items}
    kept = {item: value for item, value in last.answers.items() if item not in spent}
    if before.edition != today.edition:
        kept = still_answers(today, kept, compare(before, today))
    days = days_of_answers(last)
    return Response(
        candidate_id=last.candidate_id, instrument=last.instrument, edition=today.edition,
        sitting=last.sitting + 1, locale=last.locale, answers=kept,
        carried={item: {"on": days[item].isoformat(), "value": value} for item, value in kept.items()},
        extra_time_percent=last.extra_time_percent, notice_read_at=now, started_at=now, saved_at=now,
    )  # fmt: skip
