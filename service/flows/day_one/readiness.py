"""Fit for day one, or what is missing and who acts: the facts of a whole file, gathered for the pure core."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Label
from onboarding.day_one.checklists import FeedKind, Task
from onboarding.day_one.equipment import Loan
from onboarding.day_one.readiness import (
    DimensionAssessed,
    DocumentSigned,
    FormalityDone,
    Party,
    Readiness,
    Will,
    readiness,
)
from onboarding.day_one.tasks import TaskStanding
from service.flows import training_days
from service.flows.day_one import checklists
from service.flows.learning import assignments, learning
from service.flows.paths import paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict
from service.store import reach
from service.store.day_one import checklists as lists
from service.store.day_one import readiness as files
from service.store.day_one.readiness import OfferFacts, ScoredFacts


@dataclass(frozen=True)
class DayOne:
    """The readiness of one person for one day."""

    candidate_id: UUID
    readiness: Readiness


async def of_candidate(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    *,
    editions: Editions,
    now: datetime,
    start_date: date | None = None,
) -> DayOne:
    """Compare a person's file with what day one asks for.

    Day one is `start_date`, else the start of the offer accepted or sent; Conflict when there is neither. An assessment
    counts as confirmed from the day a person decided to hire on it, so one scored later waits for a person again.
    Documents signed, equipment lent, formalities and tasks are as the checklist of the placement says them, and its
    first day is the one that counts: what nobody recorded is told as missing.
    """
    person = await reach.candidate_row(session, actor, candidate_id)
    offer = await files.offer_of(session, person.id)
    listed = await _checklist(session, offer, editions=editions, now=now)
    day_one = start_date or listed.start_date or (offer.start_date if offer else None)
    if day_one is None:
        raise Conflict("No offer names a first day yet; send start_date to ask for a day.", code="no-day-one")
    today = civil_date(now)
    if start_date is not None:
        assignments.check_start(start_date, today=today)
    progressed = await learning.progress_of(session, actor, person.id, editions=editions, now=now)
    hired_at = await files.hired_at(session, person.id)
    scored = await files.scored_dimensions(session, person.id)
    packed = await files.documents_of(session, offer.id) if offer else ()
    found = readiness(
        paths.requirements_in_force(editions, today),
        progress=[standing for _, standing in progressed],
        documents=[
            DocumentSigned(kind=d.kind, label=Label(fr=d.title, en=d.title), signed_on=listed.signed_on)
            for d in packed
        ],
        assessments=[_assessed(one, hired_at) for one in scored],
        wills=list(_wills(offer)),
        equipment=listed.loans,
        formalities=listed.formalities,
        tasks=listed.tasks,
        conditions=_conditions(offer) | listed.conditions,
        today=today,
        start_date=day_one,
        known_since=listed.known_since,
        working_days=training_days.working_days(day_one),
        sentences=paths.sentences_in_force(editions, today),
    )
    return DayOne(person.id, found)


@dataclass(frozen=True)
class _Listed:
    """What the checklist of a placement says of day one; nothing at all where none was opened."""

    start_date: date | None = None
    known_since: date = date.min
    signed_on: date | None = None
    loans: tuple[Loan, ...] = ()
    formalities: tuple[FormalityDone, ...] = ()
    tasks: tuple[TaskStanding, ...] = ()
    conditions: frozenset[str] = frozenset()


async def _checklist(
    session: AsyncSession, offer: OfferFacts | None, *, editions: Editions, now: datetime
) -> _Listed:
    found = await lists.of_offer(session, offer.id) if offer else None
    if found is None:
        return _Listed()
    (placement,) = await checklists.placements_of(session, [found], editions=editions, today=civil_date(now))
    edition = editions.checklist_of(found.edition)
    labels = {kind.slug: kind.label for kind in edition.equipment}
    fed = {one.task.feeds.kind: one for one in placement.tasks if one.task.feeds is not None}
    documents = fed.get(FeedKind.DOCUMENTS)
    return _Listed(
        start_date=found.start_date,
        known_since=found.known_since,
        signed_on=documents.standing.done_on if documents else None,
        loans=tuple(
            Loan(
                item=loan.item, label=labels.get(loan.item, edition.equipment[-1].label),
                serial=loan.serial or None, received_on=loan.received_on, returned_on=loan.returned_on,
            )
            for loan in placement.loans
        ),
        formalities=tuple(
            FormalityDone(formality=one.task.feeds.subject, done_on=one.standing.done_on)
            for one in placement.tasks
            if one.task.feeds is not None and one.task.feeds.subject is not None
        ),
        tasks=tuple(
            one.standing
            for one in placement.tasks
            if not _is_told_by_another_fact(one.task) and one.task.is_for_day_one(found.start_date)
        ),
        conditions=frozenset(found.conditions),
    )  # fmt: skip


def _is_told_by_another_fact(task: Task) -> bool:
    """Formalities, papers, loans and paths have requirements of their own; every other task stands for itself."""
    return task.feeds is not None or (task.follows is not None and task.follows.path is not None)


def _assessed(scored: ScoredFacts, hired_at: datetime | None) -> DimensionAssessed:
    """A hire confirms what was scored by then, and nothing scored after it."""
    is_confirmed = hired_at is not None and scored.scored_at <= hired_at
    return DimensionAssessed(
        dimension=scored.dimension, confirmed_on=civil_date(hired_at) if hired_at and is_confirmed else None
    )


def _wills(offer: OfferFacts | None) -> Iterator[Will]:
    """Both dated wills to work from home, as the offer keeps them."""
    if offer is not None and offer.candidate_will_at is not None:
        yield Will(party=Party.CANDIDATE, given_on=civil_date(offer.candidate_will_at))
    if offer is not None and offer.employer_will_at is not None:
        yield Will(party=Party.EMPLOYER, given_on=civil_date(offer.employer_will_at))


def _conditions(offer: OfferFacts | None) -> frozenset[str]:
    handles_cards = offer is not None and offer.programme_profile.get("card_data") is True
    return frozenset({"handles_card_data"} if handles_cards else ())
