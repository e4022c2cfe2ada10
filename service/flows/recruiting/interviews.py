"""Interviews: a guide is made and frozen, two people note alone, and both are shown once both have sent."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.figures import Figure
from assessments.questionnaires.interviews import (
    Comparison,
    Guide,
    OpenMatters,
    Part,
    compare,
    faults_of_note,
    make_guide,
)
from assessments.validation.agreement import Level, intraclass, krippendorff_alpha
from assessments.values import Text, Value
from service.flows.matching import ledger
from service.flows.matching.plans import plan_of
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, RuleBroken
from service.runtime.vocabulary import FINAL_STAGES
from service.store import audit
from service.store.assessing import assessments
from service.store.reach import application_row
from service.store.recruiting import interviews as store
from service.store.recruiting import programmes
from service.store.recruiting.interviews import InterviewFile, NoteFacts
from service.tables.applications import Application
from service.tables.interviews import Interview, InterviewNote

CheckVersion = Callable[[int], None]

LONGEST_NOTE = 2000
SEED = 2026
"""The bootstrap of an interval begins here, so that the same notes always give the same interval."""


class AgreementFacts(Value):
    """How far two raters agree over all interviews of a programme that both have sent; core questions only."""

    interviews: int
    ratings: int
    exact: int
    adjacent: int
    intraclass: Figure
    alpha: Figure


async def open_interview(
    session: AsyncSession, actor: Actor, application_id: str | UUID, *, editions: Editions, now: datetime
) -> InterviewFile:
    """Make the guide of one application and freeze it; Conflict while another interview of it is open."""
    staff_id = _person(actor)
    application = await application_row(session, actor, application_id)
    if application.stage in FINAL_STAGES:
        raise Conflict("This application is closed.", code="application-closed")
    if await store.open_interview_of(session, application.id) is not None:
        raise Conflict("An interview of this application is open; close it first.", code="interview-open")
    policy = editions.interview_policy_on(civil_date(now))
    guide = make_guide(
        policy,
        channels=await _channels_of(session, actor, application),
        cards=[
            one.result for one in await assessments.newest_scorecards_of(session, application.candidate_id)
        ],
        instruments=editions.instruments.values(),
        matters=await _matters_of(session, application.candidate_id, editions=editions, now=now),
    )
    row = Interview(
        application_id=application.id, guide=guide.model_dump(mode="json"), policy_edition=policy.edition,
        opened_by=staff_id, opened_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="interview.open", subject=("application", application.id), now=now,
        detail={"interview": str(row.id), "edition": policy.edition},
    )  # fmt: skip
    return await store.file_of(session, actor, row.id)


async def _channels_of(session: AsyncSession, actor: Actor, application: Application) -> tuple[str, ...]:
    if application.programme_id is None:
        return ()
    programme = await programmes.facts_of(session, actor, application.programme_id)
    return tuple(channel.value for channel in programme.as_profile.channels)


async def _matters_of(
    session: AsyncSession, candidate_id: UUID, *, editions: Editions, now: datetime
) -> OpenMatters:
    """What is open beside the scores: signals of the way of answering, contested results, and what is planned."""
    plan = await plan_of(session, candidate_id, editions=editions, now=now)
    texts = {step.remedy: step.text for step in plan.steps}
    signals: list[Text] = []
    contradictions: list[Text] = []
    for card in await assessments.newest_scorecards_of(session, candidate_id):
        for signal in card.signals:
            text = Text.model_validate(signal["text"])
            (contradictions if signal.get("kind") == "contradiction" else signals).append(text)
    return OpenMatters(
        signals=tuple(signals),
        contradictions=tuple(contradictions),
        contested=await store.contested_words_of(session, candidate_id),
        planned={gap.key: texts[gap.closed_by[0]] for gap in plan.gaps if gap.closed_by},
    )


async def read_interview(
    session: AsyncSession, actor: Actor, interview_id: str | UUID, *, now: datetime
) -> InterviewFile:
    """The interview as this reader may see it; the reading is noted."""
    found = await store.file_of(session, actor, interview_id)
    audit.record(session, actor, action="interview.read", subject=("interview", found.interview.id), now=now)
    return found


async def save_note(
    session: AsyncSession,
    actor: Actor,
    interview_id: str | UUID,
    *,
    ratings: Mapping[str, int | None],
    notes: Mapping[str, str],
    now: datetime,
    check_version: CheckVersion,
) -> NoteFacts:
    """Keep what the actor noted; what is left out stays as it was. `check_version` gets 0 where nothing is kept yet.

    Conflict once it was sent or the interview was closed, and for a third person: two people note, each alone.
    """
    interview = await store.row_of(session, actor, interview_id, to_change=True)
    _check_note(interview, ratings, notes)
    is_empty = not any(ratings.values()) and not any(text.strip() for text in notes.values())
    row = await _own_row(session, actor, interview, check_version=check_version, now=now, is_empty=is_empty)
    row.ratings = {**row.ratings, **ratings}
    row.notes = {**row.notes, **{name: text.strip() for name, text in notes.items()}}
    row.saved_at = now
    await session.flush()
    return store.note_facts(row, actor.name)


async def submit_note(
    session: AsyncSession,
    actor: Actor,
    interview_id: str | UUID,
    *,
    now: datetime,
    check_version: CheckVersion,
) -> NoteFacts:
    """Send the actor's own note: from now on it does not change, so that the other's can be shown. RuleBroken for a
    note without a single rating."""
    interview = await store.row_of(session, actor, interview_id, to_change=True)
    row = await _own_row(session, actor, interview, check_version=check_version, now=now, is_empty=True)
    if not any(value is not None for value in row.ratings.values()):
        raise RuleBroken(
            "Rate at least one question before you send your notes.",
            code="nothing-rated",
            faults=[Fault("/ratings", "missing", "no question is rated yet")],
        )
    row.submitted_at = row.saved_at = now
    audit.record(
        session, actor, action="interview.submit", subject=("interview", interview.id), now=now,
        detail={"note": str(row.id)},
    )  # fmt: skip
    await session.flush()
    return store.note_facts(row, actor.name)


async def close_interview(
    session: AsyncSession,
    actor: Actor,
    interview_id: str | UUID,
    *,
    editions: Editions,
    now: datetime,
    check_version: CheckVersion,
) -> InterviewFile:
    """Close an interview that at least one person has sent notes of; nothing is written in it afterwards.

    A note that was begun and not sent stays, for its writer alone. What was sent is written in the person's skills.
    Closing decides nothing.
    """
    _person(actor)
    row = await store.row_of(session, actor, interview_id, to_change=True)
    check_version(row.version)
    if row.closed_at is not None:
        raise Conflict("This interview is closed already.", code="interview-closed")
    if not await store.has_submitted(session, row.id):
        raise RuleBroken("Nobody has sent notes of this interview yet.", code="no-notes")
    row.closed_at = now
    audit.record(session, actor, action="interview.close", subject=("interview", row.id), now=now)
    await session.flush()
    found = await store.file_of(session, actor, row.id)
    readings = ledger.Readings(
        row.id, {one.id: one.label.fr for one in found.interview.guide.questions},
        [note.ratings for note in found.revealed],
    )  # fmt: skip
    await ledger.note_interview(
        session, actor, found.interview.candidate_id, readings, editions=editions, now=now
    )
    return found


def comparison_of(found: InterviewFile) -> Comparison | None:
    """Both readings question by question; None as long as there are not two to be shown."""
    if len(found.revealed) < store.RATERS:
        return None
    first, second = found.revealed[:2]
    return compare(found.interview.guide, first.ratings, second.ratings)


async def agreement_of(
    session: AsyncSession, actor: Actor, programme_id: str | UUID, *, now: datetime
) -> AgreementFacts:
    """ICC(1,1), since the raters differ from one interview to the next, and Krippendorff's ordinal alpha.

    What is rated is one person's answer to one core question; ratings of open questions are left out, because not
    everybody is asked them. The reading is noted.
    """
    programme = await programmes.facts_of(session, actor, programme_id)
    audit.record(session, actor, action="interview.agreement", subject=("programme", programme.id), now=now)
    pairs = await store.pairs_of(session, actor, programme.id)
    rows = [
        (first.get(question.id), second.get(question.id))
        for guide, first, second in pairs
        for question in guide.questions
        if question.part is Part.CORE
    ]
    both = [abs(one - other) for one, other in rows if one is not None and other is not None]
    return AgreementFacts(
        interviews=len(pairs),
        ratings=len(both),
        exact=both.count(0),
        adjacent=both.count(1),
        intraclass=intraclass(rows).one_way,
        alpha=krippendorff_alpha(rows, level=Level.ORDINAL, seed=SEED),
    )


async def _own_row(
    session: AsyncSession,
    actor: Actor,
    interview: Interview,
    *,
    check_version: CheckVersion,
    now: datetime,
    is_empty: bool,
) -> InterviewNote:
    """The actor's own note to be changed; begun when there is none and a place is left.

    Nobody takes one of the two places by saving nothing.
    """
    staff_id = _person(actor)
    row = await store.note_row(session, interview.id, staff_id)
    check_version(row.version if row else 0)
    if interview.closed_at is not None:
        raise Conflict("This interview is closed already.", code="interview-closed")
    if row is not None:
        if row.submitted_at is not None:
            raise Conflict("These notes were sent and no longer change.", code="notes-sent")
        return row
    if await store.raters_count(session, interview.id) >= store.RATERS:
        raise Conflict("Two people note this interview already.", code="two-raters")
    if is_empty:
        raise RuleBroken("Rate or write something before you save.", code="nothing-written")
    row = InterviewNote(
        interview_id=interview.id, staff_id=staff_id, ratings={}, notes={}, started_at=now, saved_at=now
    )
    session.add(row)
    await session.flush()
    return row


def _check_note(interview: Interview, ratings: Mapping[str, int | None], notes: Mapping[str, str]) -> None:
    faults = [
        Fault(
            f"/{fault.path.replace('.', '/', 1)}",
            "not-in-guide",
            "does not belong to this guide, or is not 1 to 5",
        )
        for fault in faults_of_note(Guide.model_validate(interview.guide), ratings, notes)
    ]
    faults += [
        Fault(f"/notes/{name}", "too-long", "at most %(most)s characters", {"most": LONGEST_NOTE})
        for name, text in notes.items()
        if len(text) > LONGEST_NOTE
    ]
    if faults:
        raise RuleBroken("These notes do not fit the guide; see errors.", code="not-in-guide", faults=faults)


def _person(actor: Actor) -> UUID:
    """Only a member of staff who signed in notes an interview; a token is nobody."""
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("Only a member of staff who signed in can note an interview.")
    return actor.staff_id
