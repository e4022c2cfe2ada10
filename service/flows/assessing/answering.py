"""Answers as they are given: begin after the notice, save as one goes, page by page or value by value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires import answers
from assessments.questionnaires.answers import Answers, Problem
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import FileItem
from assessments.values import Text
from service.flows.assessing import time_limits
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, InBoth, NotFound, RuleBroken
from service.runtime.vocabulary import Locale, ResponseState
from service.store import audit, reach
from service.store.assessing import assessments as store
from service.store.assessing import evidence_files as shown
from service.store.assessing.assessments import ResponseFacts
from service.tables.assessments import Response
from service.tables.evidence import EvidenceFile
from service.tables.people import Candidate

ALREADY_SUBMITTED = "These answers were submitted; they no longer change."
TIME_IS_OVER = "The time for this page is over; what was answered on it is kept."


def instrument_for(editions: Editions, slug: str, *, now: datetime) -> Instrument:
    """The questionnaire of that name that a person who begins now is given."""
    found = next((one for one in editions.instruments_on(civil_date(now)) if one.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def edition_of(editions: Editions, slug: str, edition: str, *, now: datetime) -> Instrument:
    """One edition of a questionnaire by its name, that of today for ""; NotFound for one that is not known."""
    if not edition:
        return instrument_for(editions, slug, now=now)
    if (slug, edition) not in editions.instruments:
        raise NotFound
    return editions.instruments[slug, edition]


def instrument_of(editions: Editions, response: ResponseFacts | Response) -> Instrument:
    """The edition that a response was begun with; it stays that person's edition."""
    return editions.instruments[response.instrument, response.edition]


def is_current(editions: Editions, response: ResponseFacts, *, now: datetime) -> bool:
    """Whether the edition that a response was begun with is the one that a person who begins now is given."""
    return any(
        (one.slug, one.edition) == (response.instrument, response.edition)
        for one in editions.instruments_on(civil_date(now))
    )


def answers_of(instrument: Instrument, stored: Mapping[str, object]) -> Answers:
    """Stored answers as the core's value. They were valid when they were stored, and an edition never changes."""
    found = answers.from_stored(instrument, stored)
    assert isinstance(found, Answers)
    return found


@dataclass(frozen=True)
class Beginning:
    """How somebody begins: in which language, with how much more time than the limits say, having read which edition.

    `edition` is "" for whichever holds today.
    """

    locale: Locale = Locale.FR
    extra_time_percent: int | None = 0
    edition: str = ""


async def begin(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    how: Beginning,
    *,
    editions: Editions,
    now: datetime,
) -> tuple[ResponseFacts, bool]:
    """Begin a questionnaire, its notice having been read; a second beginning gives the first back, and False.

    What was measured before stands in it at once. Conflict when the notice that was read is not that of today.
    """
    candidate = await own_row(session, actor)
    instrument = instrument_for(editions, slug, now=now)
    found = await store.latest_row(session, candidate.id, slug)
    if found is not None:
        return store.response_facts(found), False
    if how.edition not in ("", instrument.edition):
        raise retired(instrument)
    row = Response(
        candidate_id=candidate.id,
        instrument=slug,
        edition=instrument.edition,
        locale=how.locale,
        answers=await _measured_before(session, candidate.id, instrument),
        extra_time_percent=how.extra_time_percent,
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


def retired(instrument: Instrument) -> Conflict:
    """The error for somebody who read an edition that is no longer given; nothing was begun."""
    sentence = "This questionnaire is now given in edition %(edition)s; read its notice, then begin."
    fault = Fault(
        "/edition", "edition_retired", "The edition of today is %(edition)s.", {"edition": instrument.edition}
    )
    return Conflict(sentence, code="edition-retired", faults=[fault], edition=instrument.edition)


async def _measured_before(
    session: AsyncSession, candidate_id: UUID, instrument: Instrument
) -> dict[str, object]:
    pieces = await shown.counting_evidence_of(session, candidate_id)
    newest: dict[str, object] = {}
    for piece in pieces:
        if piece.kind is HowKnown.MEASURED and piece.instrument == instrument.slug:
            newest.setdefault(piece.item, piece.value)
    return fitting_items(instrument, newest)


def fitting_items(instrument: Instrument, measured: Mapping[str, object]) -> dict[str, object]:
    """Of measured values by item, those that this edition asks for and that stand within its bounds."""
    empty = answers_of(instrument, {})
    return {
        name: value
        for name, value in measured.items()
        if isinstance(answers.with_measurements(instrument, empty, {name: value}), Answers)
    }


async def own_row(session: AsyncSession, actor: Actor) -> Candidate:
    """The person who is signed in, as a row."""
    if actor.id is None:
        raise NotFound
    return await reach.candidate_row(session, actor, actor.id)


@dataclass(frozen=True)
class Given:
    """Typed values by item (null empties), the seconds spent by page, and the edition they answer ("" for any)."""

    answers: Mapping[str, object]
    seconds: Mapping[str, int] = field(default_factory=dict)
    edition: str = ""


async def change_answers(
    session: AsyncSession,
    row: Response,
    given: Given,
    *,
    editions: Editions,
    now: datetime,
) -> ResponseFacts:
    """Put typed values beside what is saved; RuleBroken with a pointer for each that does not fit.

    Conflict when they are for another edition than the one this response was begun with.
    """
    instrument = instrument_of(editions, row)
    refuse_when_submitted(row)
    if given.edition not in ("", instrument.edition):
        raise _other_edition(instrument)
    problems = _problems_of(instrument, given.answers) + await _strange_files(
        session, row, instrument, given.answers
    )
    faults = faults_of(problems) + _faults_of_time(instrument, row, given, now=now)
    if faults:
        raise RuleBroken("Some answers do not fit; see errors.", faults=faults)
    before = dict(row.answers)
    put_in(row, instrument, given.answers, now=now)
    await _let_files_go(session, row, instrument, before)
    _note_time(row, instrument, given, now=now)
    await session.flush()
    return store.response_facts(row)


def _other_edition(instrument: Instrument) -> Conflict:
    sentence = "These answers were begun with edition %(edition)s and go on with it; send that one, or none."
    fault = Fault(
        "/edition",
        "other_edition",
        "These answers were begun with edition %(edition)s.",
        {"edition": instrument.edition},
    )
    return Conflict(sentence, code="other-edition", faults=[fault], edition=instrument.edition)


def _problems_of(instrument: Instrument, given: Mapping[str, object]) -> tuple[Problem, ...]:
    unknown = {name: "x" for name, value in given.items() if instrument.item(name) is None}
    read = answers.from_json(instrument, {**given, **unknown}, complete=False)
    return () if isinstance(read, Answers) else read


async def _strange_files(
    session: AsyncSession, row: Response, instrument: Instrument, given: Mapping[str, object]
) -> tuple[Problem, ...]:
    """A problem for each file that is not this person's own, given for this very question."""
    asked = [item for item in instrument.items if isinstance(item, FileItem) and given.get(item.id)]
    if not asked:
        return ()
    own = {(one.instrument, one.item, one.id.hex) for one in await shown.files_of(session, row.candidate_id)}
    words = instrument.phrases.problems.unknown_file
    return tuple(
        Problem(item=item.id, code="unknown_file", text=words)
        for item in asked
        if (instrument.slug, item.id, given[item.id]) not in own
    )


def _faults_of_time(instrument: Instrument, row: Response, given: Given, *, now: datetime) -> list[Fault]:
    facts = store.response_facts(row)
    over = {
        item.id
        for page in instrument.pages
        if time_limits.takes_no_more(page, facts, now=now)
        for item in page.items
    }
    pages = {page.id for page in instrument.pages}
    late = [Fault(f"/answers/{name}", "page_closed", TIME_IS_OVER) for name in given.answers if name in over]
    strange = [
        Fault(f"/seconds/{name}", "unknown_page", "There is no page of this name here.")
        for name in given.seconds
        if name not in pages
    ]
    return late + strange


def _note_time(row: Response, instrument: Instrument, given: Given, *, now: datetime) -> None:
    facts = store.response_facts(row)
    touched = [page for page in instrument.pages if any(item.id in given.answers for item in page.items)]
    time_limits.note_saving(row, touched, facts, now=now)
    for page in instrument.pages:
        time_limits.note_seconds(row, page, given.seconds.get(page.id, 0))


def put_in(row: Response, instrument: Instrument, values: Mapping[str, object], *, now: datetime) -> None:
    """Put checked values (None empties) beside what is saved; measured ones may be among them."""
    both = {name: value for name, value in {**row.answers, **values}.items() if value not in (None, "", [])}
    keep(row, answers_of(instrument, both), now=now)


async def _let_files_go(
    session: AsyncSession, row: Response, instrument: Instrument, before: Mapping[str, object]
) -> None:
    for item in instrument.items:
        if isinstance(item, FileItem) and before.get(item.id) != row.answers.get(item.id):
            await let_file_go(session, row.candidate_id, before.get(item.id))


async def let_file_go(session: AsyncSession, candidate_id: UUID, value: object) -> None:
    """Forget a file that a person replaced or took back; its bytes go with the sweep once no row refers to them.

    A file that answers which were sent before refer to stays with them.
    """
    if not isinstance(value, str) or await store.was_sent(session, candidate_id, value):
        return
    found = await session.get(EvidenceFile, UUID(value))
    if found is not None and found.candidate_id == candidate_id and found.staff_id is None:
        await session.delete(found)


def faults_of(problems: Sequence[Problem]) -> list[Fault]:
    """Problems with answers as faults of a body that holds them."""
    return [Fault(f"/answers/{one.item}", one.code, in_both(one.text)) for one in problems]


def keep(row: Response, taken: Answers, *, now: datetime) -> None:
    stored = taken.to_json()
    if stored != row.answers:
        row.answers = stored
    row.saved_at = now


def refuse_when_submitted(row: Response) -> None:
    if row.state is ResponseState.SUBMITTED:
        raise Conflict(ALREADY_SUBMITTED, code="already-submitted")


def in_both(text: Text) -> InBoth:
    return InBoth(text.in_("fr"), text.in_("en"))
