"""Answers as they are given: begin after the notice, save as one goes, page by page or value by value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from assessments import answers
from assessments.answer_values import to_form
from assessments.answers import Answers, Problem
from assessments.instruments import Instrument, Page
from assessments.values import Text
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, InBoth, NotFound, RuleBroken
from service.runtime.vocabulary import Locale, ResponseState
from service.store import assessments as store
from service.store import audit, reach
from service.store.assessments import ResponseFacts
from service.tables.assessments import Response
from service.tables.people import Candidate

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
    refuse_when_submitted(row)
    problems = _problems_of(instrument, given)
    if problems:
        raise RuleBroken("Some answers do not fit; see errors.", faults=faults_of(problems))
    both = {name: value for name, value in {**row.answers, **given}.items() if value not in (None, "", [])}
    _keep(row, answers_of(instrument, both), now=now)
    await session.flush()
    return store.response_facts(row)


def _problems_of(instrument: Instrument, given: Mapping[str, object]) -> tuple[Problem, ...]:
    unknown = {name: "x" for name, value in given.items() if instrument.item(name) is None}
    read = answers.from_json(instrument, {**given, **unknown}, complete=False)
    return () if isinstance(read, Answers) else read


def faults_of(problems: Sequence[Problem]) -> list[Fault]:
    return [Fault(f"/answers/{one.item}", one.code, in_both(one.text)) for one in problems]


def _keep(row: Response, taken: Answers, *, now: datetime) -> None:
    stored = taken.to_json()
    if stored != row.answers:
        row.answers = stored
    row.saved_at = now


def refuse_when_submitted(row: Response) -> None:
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
    refuse_when_submitted(row)
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
