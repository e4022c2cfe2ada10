"""Self-assessment: begin after the notice, save as one goes, submit once, score, and weigh for a person who decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments import answers, scoring, screening
from assessments.answer_values import to_form
from assessments.answers import Answers, Problem
from assessments.instruments import Dimension, Instrument, Page
from assessments.values import Text
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, InBoth, NotFound, RuleBroken
from service.runtime.vocabulary import Locale, ResponseState, Stage
from service.store import assessments as store
from service.store import audit, reach
from service.store.assessments import ResponseFacts, ScorecardFacts, ScreeningFacts
from service.tables.applications import Application, StageChange
from service.tables.assessments import Response, Scorecard, Screening
from service.tables.people import Candidate

SCORE_COLUMNS = {
    Dimension.AUTONOMY: "autonomy_score",
    Dimension.ENVIRONMENT: "environment_score",
    Dimension.EQUIPMENT: "equipment_score",
}
ALREADY_SUBMITTED = "These answers were submitted; they no longer change."


def instrument_for(editions: Editions, slug: str, *, now: datetime) -> Instrument:
    """The questionnaire of that name that a person who begins now is given."""
    found = next((one for one in editions.instruments_on(civil_date(now)) if one.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def instrument_of(editions: Editions, response: ResponseFacts | Response) -> Instrument:
    """The edition that a response was begun with; it stays that person's edition."""
    return editions.instruments[response.instrument, response.edition]


def answers_of(instrument: Instrument, stored: Mapping[str, object]) -> Answers:
    """Stored answers as the core's value. They were valid when they were stored, and an edition never changes."""
    found = answers.from_json(instrument, stored, complete=False)
    assert isinstance(found, Answers)
    return found


async def begin(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    *,
    locale: Locale,
    editions: Editions,
    now: datetime,
) -> tuple[ResponseFacts, bool]:
    """Begin a questionnaire, its notice having been read; a second beginning gives the first back, and False."""
    candidate = await own_row(session, actor)
    instrument = instrument_for(editions, slug, now=now)
    found = await store.latest_row(session, candidate.id, slug)
    if found is not None:
        return store.response_facts(found), False
    row = Response(
        candidate_id=candidate.id,
        instrument=slug,
        edition=instrument.edition,
        locale=locale,
        answers={},
        notice_read_at=now,
        started_at=now,
        saved_at=now,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session,
        actor,
        action="response.begin",
        subject=("candidate", candidate.id),
        now=now,
        detail={"response": str(row.id), "instrument": slug, "edition": instrument.edition},
    )
    return store.response_facts(row), True


async def own_row(session: AsyncSession, actor: Actor) -> Candidate:
    """The person who is signed in, as a row."""
    if actor.id is None:
        raise NotFound
    return await reach.candidate_row(session, actor, actor.id)


async def change_answers(
    session: AsyncSession,
    row: Response,
    given: Mapping[str, object],
    *,
    editions: Editions,
    now: datetime,
) -> ResponseFacts:
    """Put typed values (null empties) beside what is saved; RuleBroken with a pointer for each that does not fit."""
    instrument = instrument_of(editions, row)
    _refuse_when_submitted(row)
    problems = _problems_of(instrument, given)
    if problems:
        raise RuleBroken("Some answers do not fit; see errors.", faults=_faults(problems))
    both = {name: value for name, value in {**row.answers, **given}.items() if value not in (None, "", [])}
    _keep(row, answers_of(instrument, both), now=now)
    await session.flush()
    return store.response_facts(row)


def _problems_of(instrument: Instrument, given: Mapping[str, object]) -> tuple[Problem, ...]:
    unknown = {name: "x" for name, value in given.items() if instrument.item(name) is None}
    read = answers.from_json(instrument, {**given, **unknown}, complete=False)
    return () if isinstance(read, Answers) else read


def _faults(problems: Sequence[Problem]) -> list[Fault]:
    return [Fault(f"/answers/{one.item}", one.code, in_both(one.text)) for one in problems]


def _keep(row: Response, taken: Answers, *, now: datetime) -> None:
    stored = taken.to_json()
    if stored != row.answers:
        row.answers = stored
    row.saved_at = now


def _refuse_when_submitted(row: Response) -> None:
    if row.state is ResponseState.SUBMITTED:
        raise Conflict(ALREADY_SUBMITTED, code="already-submitted")


@dataclass(frozen=True)
class Typed:
    """One page of a form: the fields as typed, and the same fields as they were when the form was shown."""

    fields: Mapping[str, tuple[str, ...]]
    shown: Mapping[str, tuple[str, ...]]
    shown_items: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Saved:
    """What became of one page: the response now, what could not be kept, and what another window had changed."""

    response: ResponseFacts
    problems: tuple[Problem, ...]
    changed_elsewhere: tuple[str, ...]


async def save_page(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    page: Page,
    typed: Typed,
    *,
    editions: Editions,
    now: datetime,
) -> Saved:
    """Keep every valid answer of one page. A field that this window did not touch leaves what another window saved."""
    row = await store.latest_row(session, (await own_row(session, actor)).id, slug, to_change=True)
    if row is None:
        raise NotFound
    _refuse_when_submitted(row)
    instrument = instrument_of(editions, row)
    saved = answers_of(instrument, row.answers)
    before = form_of(page, saved)
    touched = {name for name, values in typed.fields.items() if values != typed.shown.get(name, ())}
    elsewhere = {name for name in typed.fields if before.get(name, ()) != typed.shown.get(name, ())}
    wanted = {
        name: typed.fields.get(name, ()) if name in touched else before.get(name, ())
        for name in (item.id for item in page.items)
    }
    taken, problems = valid_part(instrument, wanted)
    broken = {problem.item for problem in problems}
    kept = {name: value for name, value in saved.to_json().items() if name in broken}
    merged = answers.merged(instrument, saved, page, answers_of(instrument, taken.to_json() | kept))
    _keep(row, merged, now=now)
    await session.flush()
    return Saved(store.response_facts(row), problems, tuple(sorted(elsewhere)))


def valid_part(
    instrument: Instrument, form: Mapping[str, Sequence[str]]
) -> tuple[Answers, tuple[Problem, ...]]:
    """The answers of a form that fit, and the problems of those that do not."""
    read = answers.read(instrument, form, complete=False)
    if isinstance(read, Answers):
        return read, ()
    broken = {problem.item for problem in read}
    rest = answers.read(
        instrument, {name: values for name, values in form.items() if name not in broken}, complete=False
    )
    assert isinstance(rest, Answers)
    return rest, read


def form_of(page: Page, saved: Answers) -> dict[str, tuple[str, ...]]:
    """Saved answers of one page as the form would send them."""
    found = ((item.id, to_form(saved.get(item.id))) for item in page.items)
    return {name: values for name, values in found if values}


def in_both(text: Text) -> InBoth:
    return InBoth(text.in_("fr"), text.in_("en"))


async def submit(
    session: AsyncSession, actor: Actor, row: Response, *, editions: Editions, now: datetime
) -> ScorecardFacts:
    """Freeze the answers and score them; RuleBroken names every question still open. Nothing changes afterwards."""
    _refuse_when_submitted(row)
    instrument = instrument_of(editions, row)
    read = answers.from_json(instrument, row.answers, complete=True)
    if not isinstance(read, Answers):
        raise RuleBroken("Some questions are still open; see errors.", faults=_faults(read))
    card = scoring.score(instrument, read)
    if card.score_hundredths is None or card.band is None:
        raise RuleBroken(in_both(card.reasons[0]), code="nothing-answered")
    row.answers, row.state, row.submitted_at, row.saved_at = read.to_json(), ResponseState.SUBMITTED, now, now
    kept = Scorecard(
        candidate_id=row.candidate_id,
        response_id=row.id,
        instrument=card.instrument,
        edition=card.edition,
        dimension=card.dimension.value,
        score=whole_points(card.score_hundredths),
        band=card.band.key.value,
        result=card.model_dump(mode="json"),
        scored_at=now,
    )
    session.add(kept)
    candidate = await session.get_one(Candidate, row.candidate_id)
    setattr(candidate, SCORE_COLUMNS[card.dimension], kept.score)
    await session.flush()
    audit.record(
        session, actor, action="response.submit", subject=("candidate", row.candidate_id), now=now,
        detail={"response": str(row.id), "scorecard": str(kept.id), "edition": f"{row.instrument} {row.edition}"},
    )  # fmt: skip
    if await _has_submitted_all(session, row.candidate_id, editions=editions, now=now):
        await advance(
            session, row.candidate_id, (Stage.APPLIED, Stage.INVITED), Stage.ASSESSED,
            staff_id=None, now=now,
        )  # fmt: skip
    return store.scorecard_facts(kept)


async def submit_own(
    session: AsyncSession, actor: Actor, slug: str, *, editions: Editions, now: datetime
) -> None:
    """Submit one's own answers to one questionnaire; a second press of the button changes nothing."""
    row = await store.latest_row(session, (await own_row(session, actor)).id, slug, to_change=True)
    if row is None:
        raise NotFound
    if row.state is not ResponseState.SUBMITTED:
        await submit(session, actor, row, editions=editions, now=now)


def whole_points(hundredths: int) -> int:
    """Hundredths of a point as whole points out of 100, rounded half up, as lists sort and filter them.

    >>> whole_points(7249), whole_points(7250), whole_points(10000)
    (72, 73, 100)
    """
    return (hundredths + 50) // 100


async def _has_submitted_all(
    session: AsyncSession, candidate_id: UUID, *, editions: Editions, now: datetime
) -> bool:
    submitted = await session.scalars(
        select(col(Response.instrument)).where(
            col(Response.candidate_id) == candidate_id, col(Response.state) == ResponseState.SUBMITTED
        )
    )
    return {one.slug for one in editions.instruments_on(civil_date(now))} <= set(submitted)


async def advance(
    session: AsyncSession,
    candidate_id: UUID,
    from_stages: Sequence[Stage],
    to_stage: Stage,
    *,
    staff_id: UUID | None,
    now: datetime,
) -> int:
    """Move the applications of one person that stand at one of `from_stages` on to `to_stage`; how many moved.

    Only for the steps that follow from what happened (invited, assessed), never for one that a person decides.
    """
    rows = await session.scalars(
        select(Application)
        .where(col(Application.candidate_id) == candidate_id, col(Application.stage).in_(from_stages))
        .with_for_update()
    )
    moved = list(rows)
    for row in moved:
        change = StageChange(
            application_id=row.id, from_stage=row.stage, to_stage=to_stage,
            staff_id=staff_id, at=now,
        )  # fmt: skip
        session.add(change)
        row.stage, row.stage_since = to_stage, now
    return len(moved)


async def read_scorecards(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, now: datetime
) -> tuple[ScorecardFacts, ...]:
    """A person's scorecards for staff; the read is noted."""
    found = await store.scorecards_of(session, actor, candidate_id)
    audit.record(session, actor, action="scorecard.list", subject=("candidate", str(candidate_id)), now=now)
    return found


async def read_scorecard(
    session: AsyncSession, actor: Actor, scorecard_id: str | UUID, *, now: datetime
) -> ScorecardFacts:
    """One scorecard with all its reasons; the read is noted."""
    found = await store.scorecard(session, actor, scorecard_id)
    audit.record(
        session, actor, action="scorecard.read", subject=("candidate", found.candidate_id), now=now,
        detail={"scorecard": str(found.id)},
    )  # fmt: skip
    return found


async def screen_candidate(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, editions: Editions, now: datetime
) -> ScreeningFacts:
    """Weigh a person's newest scorecards and keep what was recommended, why, and by which editions. Decides nothing."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    cards = await store.newest_scorecards_of(session, candidate.id)
    policy = editions.screening_policy_on(civil_date(now))
    recommendation = screening.recommend([card.result for card in cards], policy)
    row = Screening(
        candidate_id=candidate.id,
        policy_edition=policy.edition,
        outcome=recommendation.outcome.value,
        result=recommendation.model_dump(mode="json"),
        scorecard_ids=[str(card.id) for card in cards],
        staff_id=actor.staff_id,
        screened_at=now,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="screening.create", subject=("candidate", candidate.id), now=now,
        detail={"screening": str(row.id), "outcome": row.outcome, "policy": policy.edition},
    )  # fmt: skip
    return store.screening_facts(row)


async def read_screenings(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, now: datetime
) -> tuple[ScreeningFacts, ...]:
    """Every recommendation about one person; the read is noted."""
    found = await store.screenings_of(session, actor, candidate_id)
    audit.record(session, actor, action="screening.list", subject=("candidate", str(candidate_id)), now=now)
    return found
