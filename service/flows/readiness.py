"""Fit for day one, or what is missing and who acts: the facts of a whole file, gathered for the pure core."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Label
from onboarding.readiness import DimensionAssessed, DocumentSigned, Party, Readiness, Will, readiness
from service.flows import assignments, learning, paths
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict
from service.store import reach
from service.store import readiness as files
from service.store.readiness import OfferFacts, ScoredFacts


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
    counts as confirmed from the day a person decided to hire on it, so one scored later waits for a person again;
    documents count once signed, and no signature is recorded here yet, so each document of the pack stays to be signed.
    Nor is a hand-over of equipment or a formality recorded here yet: what nobody recorded is told as missing.
    """
    person = await reach.candidate_row(session, actor, candidate_id)
    offer = await files.offer_of(session, person.id)
    day_one = start_date or (offer.start_date if offer else None)
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
        documents=[DocumentSigned(kind=d.kind, label=Label(fr=d.title, en=d.title)) for d in packed],
        assessments=[_assessed(one, hired_at) for one in scored],
        wills=list(_wills(offer)),
        conditions=_conditions(offer),
        today=today,
        start_date=day_one,
        sentences=paths.sentences_in_force(editions, today),
    )
    return DayOne(person.id, found)


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
