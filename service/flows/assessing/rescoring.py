"""A whole base under another edition: who would change band, before it is published, and new cards beside the old."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from pydantic import BaseModel, ConfigDict
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.questionnaires.answers import Answers, from_stored
from assessments.questionnaires.carrying import Carried, compare, still_answers
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.rescoring import Scores, compiled, encode_all
from assessments.questionnaires.rescoring import rescore as score_all
from assessments.questionnaires.scoring import ways_known
from assessments.questionnaires.standing import Placed, is_tie
from service.flows.assessing.assessments import SCORE_COLUMNS
from service.flows.assessing.scoring import answers_under, card_of, pieces_about, row_of
from service.runtime.actors import SYSTEM
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import RuleBroken
from service.store import audit
from service.store.assessing import rescoring
from service.store.assessing.evidence_files import EvidenceFacts
from service.store.assessing.rescoring import AnsweredFacts, CardFacts
from service.tables.assessments import Scorecard
from service.tables.people import Candidate

BATCH = 500
WAYS = list(HowKnown)


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MovedFacts(_Facts):
    """One person whose band changes. `is_within_error`: both scores are closer than their errors."""

    candidate_id: UUID
    from_edition: str
    from_band: str
    to_band: str
    from_hundredths: int
    to_hundredths: int
    is_within_error: bool


class ImpactFacts(_Facts):
    """What scoring a base under an edition does, or would do when `is_dry_run`.

    `already` had a card under it before. `not_scored` has no answer left that counts there. `bands` counts people by
    "old > new" band, `moved` names those whose band changes; `editions` compares the questions, by old edition.
    """

    instrument: str
    to_edition: str
    is_dry_run: bool
    already: int
    considered: int
    scored: int
    not_scored: int
    bands: dict[str, int]
    moved: tuple[MovedFacts, ...]
    mean_change_hundredths: int
    editions: dict[str, Carried]


class _Weighed(_Facts):
    """One response under the new edition; None scores say that nothing is left that counts."""

    response_id: UUID
    candidate_id: UUID
    before: CardFacts | None
    score_hundredths: int | None
    error_hundredths: int | None
    band: str | None


async def rescore(
    database: Database,
    slug: str,
    edition: str,
    *,
    editions: Editions,
    now: datetime,
    is_dry_run: bool,
    batch: int = BATCH,
    tick: Callable[[int], object] = lambda _: None,
) -> ImpactFacts:
    """Score every submitted response to `slug` under `edition`; old cards stay.

    Batch by batch: read, score outside any transaction, write in one short transaction. Stopped half-way it goes on
    where it was, since a response with a card under the edition is passed over. A dry run writes nothing.
    RuleBroken for an edition that is not known.
    """
    instrument = editions.instruments.get((slug, edition))
    if instrument is None:
        known = ", ".join(sorted(f"{name} {one}" for name, one in editions.instruments))
        raise RuleBroken(
            "There is no edition %(slug)s %(edition)s. Known: %(known)s.",
            slug=slug,
            edition=edition,
            known=known,
            code="unknown-edition",
        )
    async with database.transaction(write=False) as session:
        already = await rescoring.already_scored(session, slug, edition)
    weighed: list[_Weighed] = []
    after: UUID | None = None
    while True:
        async with database.transaction(write=False) as session:
            base = await rescoring.base_after(session, slug, edition, after=after, limit=batch)
            before = await rescoring.newest_cards(session, [one.id for one in base])
            shown = await rescoring.shown_of_many(session, [one.candidate_id for one in base], slug)
        if not base:
            break
        after = base[-1].id
        found = _weighed(instrument, base, before, shown, editions=editions)
        if not is_dry_run:
            cards = _cards(instrument, base, shown, editions=editions, now=now)
            async with database.transaction() as session:
                written = await _write(session, instrument, cards, now=now)
            found = [one for one in found if one.score_hundredths is None or one.response_id in written]
        weighed += found
        tick(len(base))
    return _impact(instrument, weighed, already=already, is_dry_run=is_dry_run, editions=editions)


def _weighed(
    instrument: Instrument,
    base: Sequence[AnsweredFacts],
    before: Mapping[UUID, CardFacts],
    shown: Mapping[UUID, tuple[EvidenceFacts, ...]],
    *,
    editions: Editions,
) -> list[_Weighed]:
    """A whole batch in one call of the vector form, answers carried over question by question."""
    ready = compiled(instrument)
    comparisons = _comparisons(instrument, {row.edition for row in base}, editions)
    kept = [still_answers(instrument, row.answers, comparisons[row.edition]) for row in base]
    known = np.full((len(base), len(ready.columns)), -1, dtype=np.int8)
    for at, row in enumerate(base):
        if row.candidate_id in shown:
            answers = from_stored(instrument, kept[at])
            assert isinstance(answers, Answers)
            pieces = pieces_about(instrument.slug, shown[row.candidate_id])
            known[at] = [WAYS.index(way) for way in ways_known(instrument, answers, pieces)]
    scores = score_all(ready, encode_all(ready, kept), known=known if shown else None)
    return [_one(instrument, row, before.get(row.id), scores, at) for at, row in enumerate(base)]


def _comparisons(instrument: Instrument, olds: Collection[str], editions: Editions) -> dict[str, Carried]:
    return {one: compare(editions.instruments[instrument.slug, one], instrument) for one in olds}


def _one(
    instrument: Instrument, row: AnsweredFacts, before: CardFacts | None, scores: Scores, at: int
) -> _Weighed:
    is_scored = scores.scores[at] >= 0
    return _Weighed(
        response_id=row.id,
        candidate_id=row.candidate_id,
        before=before,
        score_hundredths=int(scores.scores[at]) if is_scored else None,
        error_hundredths=int(scores.standard_errors[at]) if is_scored else None,
        band=instrument.bands[scores.bands[at]].key.value if is_scored else None,
    )


def _cards(
    instrument: Instrument,
    base: Sequence[AnsweredFacts],
    shown: Mapping[UUID, tuple[EvidenceFacts, ...]],
    *,
    editions: Editions,
    now: datetime,
) -> list[Scorecard]:
    """The new cards of a batch with all their reasons; none for answers of which nothing is left that counts."""
    comparisons = _comparisons(instrument, {row.edition for row in base}, editions)
    found = []
    for row in base:
        _, answers = answers_under(
            editions, instrument.slug, instrument.edition, row.answers, row.edition,
            comparison=comparisons[row.edition],
        )  # fmt: skip
        card = card_of(instrument, answers, shown.get(row.candidate_id, ()), editions=editions, now=now)
        found.append(row_of(row, instrument, answers, card, editions=editions, now=now))
    return [one for one in found if one is not None]


async def _write(
    session: AsyncSession, instrument: Instrument, cards: Sequence[Scorecard], *, now: datetime
) -> set[UUID]:
    """Keep one batch of new cards; lists follow where a response is the person's last one. Gives back what was kept."""
    wanted = await rescoring.held_of(session, [card.response_id for card in cards], instrument.edition)
    kept = [card for card in cards if card.response_id in wanted]
    latest = await rescoring.latest_ids(session, [card.candidate_id for card in kept], instrument.slug)
    by_score: dict[int, list[UUID]] = {}
    for card in kept:
        session.add(card)
        audit.record(
            session, SYSTEM, action="scorecard.rescore", subject=("candidate", card.candidate_id), now=now,
            detail={"scorecard": str(card.id), "edition": f"{instrument.slug} {instrument.edition}"},
        )  # fmt: skip
        if card.response_id in latest:
            by_score.setdefault(card.score, []).append(card.candidate_id)
    await session.flush()
    for score, people in by_score.items():
        await session.execute(
            update(Candidate)
            .where(col(Candidate.id).in_(people))
            .values({SCORE_COLUMNS[instrument.dimension]: score})
        )
    return wanted


def _impact(
    instrument: Instrument,
    weighed: Sequence[_Weighed],
    *,
    already: int,
    is_dry_run: bool,
    editions: Editions,
) -> ImpactFacts:
    scored = [one for one in weighed if one.score_hundredths is not None]
    changes = [
        (one.score_hundredths or 0) - one.before.score_hundredths for one in scored if one.before is not None
    ]
    olds = sorted({one.before.edition for one in weighed if one.before is not None})
    bands = Counter(f"{one.before.band} > {one.band}" for one in scored if one.before is not None)
    return ImpactFacts(
        instrument=instrument.slug,
        to_edition=instrument.edition,
        is_dry_run=is_dry_run,
        already=already,
        considered=len(weighed),
        scored=len(scored),
        not_scored=len(weighed) - len(scored),
        bands=dict(sorted(bands.items())),
        moved=tuple(moved for one in scored if (moved := _moved(one)) is not None),
        mean_change_hundredths=round(sum(changes) / len(changes)) if changes else 0,
        editions={
            old: compare(editions.instruments[instrument.slug, old], instrument)
            for old in olds
            if (instrument.slug, old) in editions.instruments
        },
    )


def _moved(one: _Weighed) -> MovedFacts | None:
    before = one.before
    if before is None or before.band == one.band or one.band is None or one.score_hundredths is None:
        return None
    old, new = (
        Placed(name=name, score_hundredths=score, standard_error_hundredths=error or 0)
        for name, score, error in (
            ("old", before.score_hundredths, before.error_hundredths),
            ("new", one.score_hundredths, one.error_hundredths),
        )
    )
    return MovedFacts(
        candidate_id=one.candidate_id,
        from_edition=before.edition,
        from_band=before.band,
        to_band=one.band,
        from_hundredths=before.score_hundredths,
        to_hundredths=one.score_hundredths,
        is_within_error=is_tie(old, new),
    )
