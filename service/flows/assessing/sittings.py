"""A questionnaire is done again: opened once more for one person in its own edition, beside what was sent before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.actors import Actor
from service.runtime.vocabulary import ResponseState
from service.store import audit
from service.store.assessing import assessments as store
from service.tables.assessments import Response


async def open_again(
    session: AsyncSession, actor: Actor, scorecard_id: UUID, *, now: datetime
) -> Response | None:
    """Open the questionnaire behind a scorecard once more, with the answers of before to be looked at again.

    What was sent and what it came to stay as they are; times that were limited begin anew. None when there is nothing
    to open: the card is gone, or the person is already answering. The caller has checked who is asking.
    """
    sent = await store.response_of_card(session, scorecard_id)
    if sent is None:
        return None
    last = await store.latest_row(session, sent.candidate_id, sent.instrument, to_change=True)
    if last is None or last.state is not ResponseState.SUBMITTED:
        return None
    row = Response(
        candidate_id=last.candidate_id, instrument=last.instrument, edition=last.edition, sitting=last.sitting + 1,
        locale=last.locale, answers=last.answers, extra_time_percent=last.extra_time_percent,
        notice_read_at=last.notice_read_at, started_at=now, saved_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="response.open_again", subject=("candidate", row.candidate_id), now=now,
        detail={"response": str(row.id), "instrument": row.instrument, "edition": row.edition, "sitting": row.sitting},
    )  # fmt: skip
    return row
