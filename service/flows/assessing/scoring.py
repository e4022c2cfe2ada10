"""From answers and what was shown to a scorecard: scored once and kept, and seen again with what was shown since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires import quality, scoring
from assessments.questionnaires.answers import Answers, from_stored
from assessments.questionnaires.carrying import Carried, carried
from assessments.questionnaires.evidence import Evidence
from assessments.questionnaires.instruments import Instrument
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.store.assessing import evidence_files, rescoring
from service.store.assessing.assessments import ScorecardFacts
from service.store.assessing.evidence_files import EvidenceFacts
from service.tables.assessments import Response, Scorecard


def whole_points(hundredths: int) -> int:
    """Hundredths of a point as whole points out of 100, rounded half up, as lists sort and filter them.

    >>> whole_points(7249), whole_points(7250), whole_points(10000)
    (72, 73, 100)
    """
    return (hundredths + 50) // 100


def pieces_about(slug: str, shown: Sequence[EvidenceFacts]) -> tuple[Evidence, ...]:
    """What was shown about one questionnaire, as the core weighs it."""
    return tuple(
        Evidence(
            item=one.item, kind=one.kind, known_on=one.known_on,
            value=tuple(one.value) if isinstance(one.value, list) else one.value,
        )
        for one in shown
        if one.instrument == slug
    )  # fmt: skip


def card_of(
    instrument: Instrument,
    answers: Answers,
    shown: Sequence[EvidenceFacts],
    *,
    editions: Editions,
    now: datetime,
) -> scoring.Scorecard:
    """The scorecard of these answers with all that was shown of this person, as of today."""
    day = civil_date(now)
    return scoring.score(
        instrument, answers, evidence=pieces_about(instrument.slug, shown), on=day,
        lives=editions.shelf_lives_on(day),
    )  # fmt: skip


async def shown_of(session: AsyncSession, candidate_id: UUID) -> tuple[EvidenceFacts, ...]:
    """What was shown about one person and counts. The caller has checked who is asking."""
    return await evidence_files.counting_evidence_of(session, candidate_id)


def row_of(
    response: Response | rescoring.AnsweredFacts,
    instrument: Instrument,
    answers: Answers,
    card: scoring.Scorecard,
    *,
    editions: Editions,
    now: datetime,
) -> Scorecard | None:
    """The row that keeps a card, with what the way of answering shows; None when nothing that counts was answered."""
    if card.score_hundredths is None or card.band is None:
        return None
    words = editions.quality_words_on(civil_date(now))
    seen = quality.signals(instrument, answers, timings=response.timings, words=words)
    return Scorecard(
        candidate_id=response.candidate_id,
        response_id=response.id,
        instrument=card.instrument,
        edition=card.edition,
        dimension=card.dimension.value,
        score=whole_points(card.score_hundredths),
        band=card.band.key.value,
        standard_error=card.standard_error_hundredths,
        signals=[one.model_dump(mode="json") for one in seen],
        result=card.model_dump(mode="json"),
        scored_at=now,
    )


def answers_under(
    editions: Editions,
    slug: str,
    edition: str,
    stored: Mapping[str, Any],
    answered_edition: str,
    *,
    comparison: Carried | None = None,
) -> tuple[Instrument, Answers]:
    """Stored answers as answers to one edition: as they are, or carried over from the edition they were given to.

    KeyError for an edition that is not known, ValueError for answers that do not fit theirs. `comparison` is that of
    both editions, for those who carry many answers.
    """
    instrument, given_to = editions.instruments[slug, edition], editions.instruments[slug, answered_edition]
    read = from_stored(given_to, stored)
    if not isinstance(read, Answers):
        raise ValueError(f"these are no answers to {slug} {answered_edition}")
    if instrument is given_to:
        return instrument, read
    return instrument, carried(given_to, instrument, read, comparison=comparison)


def scored_again(
    kept: scoring.Scorecard, stored: Mapping[str, Any], answered_edition: str, editions: Editions
) -> scoring.Scorecard:
    """A kept card computed once more from its answers and from what had been shown by then."""
    instrument, answers = answers_under(editions, kept.instrument, kept.edition, stored, answered_edition)
    shown = kept.demonstrated
    return scoring.score(
        instrument, answers, evidence=kept.evidence, on=shown.on if shown else None,
        lives=editions.shelf_lives_of(shown.edition) if shown else None,
    )  # fmt: skip


async def seen_today(
    session: AsyncSession, cards: Sequence[ScorecardFacts], *, editions: Editions, now: datetime
) -> tuple[ScorecardFacts, ...]:
    """Kept cards of one person with what was shown up to today: the score stays, what is demonstrated may not.

    The row that was kept is not touched. Without anything shown the cards are given back as they are.
    """
    if not cards:
        return ()
    shown = await shown_of(session, cards[0].candidate_id)
    if not shown:
        return tuple(cards)
    given = await rescoring.answers_of(session, [card.response_id for card in cards])
    return tuple(
        card.model_copy(
            update={"result": _seen(card, given[card.response_id], shown, editions=editions, now=now)}
        )
        for card in cards
    )


def _seen(
    card: ScorecardFacts,
    given: rescoring.AnsweredFacts,
    shown: Sequence[EvidenceFacts],
    *,
    editions: Editions,
    now: datetime,
) -> scoring.Scorecard:
    instrument, answers = answers_under(editions, card.instrument, card.edition, given.answers, given.edition)
    return card_of(instrument, answers, shown, editions=editions, now=now)
