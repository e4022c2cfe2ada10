"""A million cards in an empty installation: what ten thousand people learned and were told, and a month of answers."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous.refreshers import Origin
from service.runtime.clock import civil_date
from service.tables.people import Candidate
from service.tables.refreshers import RefresherCard, RefresherNote, RefresherReview
from tests.benchmarks.installation import Installation
from tests.conftest import NOON, FixedClock
from tests.service.callers import add_candidate
from tests.service.cast import add_programme

LEARNERS, CARDS = 10_000, 100
DUE = 12
NOTES, ANSWERS, DAYS = 20, 40, 30
"""Of each person's cards so many are notes to the team; so many answers were given in so many days."""


async def deal(service: Installation) -> UUID:
    """One learner has the notes and a card of each question of the shipped paths, repeated until there are enough.

    The database itself copies that deck to everybody else. Returns the learner.
    """
    learner = await add_candidate(service.app, FixedClock(), email="one@example.com")
    cards, reviews = _deck(service, learner, await _notes(service))
    state = service.app.state
    new_id: Any = sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
    if not state.database.is_sqlite:
        new_id = sa.func.gen_random_uuid()
    async with state.database.transaction() as session:
        template = (await session.execute(sa.select(_table(Candidate)))).mappings().one()
        await session.execute(
            sa.insert(_table(Candidate)),
            [{**template, "id": uuid4(), "pseudonym": f"P-{n}"} for n in range(1, LEARNERS)],
        )
        await session.execute(sa.insert(_table(RefresherCard)), cards)
        await session.execute(sa.insert(_table(RefresherReview)), reviews)
        await _copy(session, learner, new_id)
    async with state.database.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(sa.text("ANALYZE" if state.database.is_sqlite else "VACUUM ANALYZE"))
    return learner


async def _copy(session: AsyncSession, learner: UUID, new_id: Any) -> None:
    person, card, review = _table(Candidate).c, _table(RefresherCard), _table(RefresherReview)
    model = card.alias()
    taken = {**{one.name: model.c[one.name] for one in card.c}, "id": new_id, "candidate_id": person.id}
    await session.execute(
        card.insert().from_select(
            list(taken),
            sa.select(*taken.values())
            .select_from(model.join(_table(Candidate), person.id != learner))
            .where(model.c.candidate_id == learner),
        )
    )
    given = {**{one.name: review.c[one.name] for one in review.c}, "id": new_id, "card_id": card.c.id}
    answered = sa.select(*given.values()).where(
        review.c.card_id == model.c.id, model.c.about == card.c.about, card.c.candidate_id != learner
    )
    await session.execute(review.insert().from_select(list(given), answered))


async def _notes(service: Installation) -> list[UUID]:
    programme = await add_programme(service.app, FixedClock())
    said = {"fr": "Le remboursement passe à 30 jours.", "en": "Refunds now take 30 days."}
    rows = [
        RefresherNote(
            programme_id=programme, origin=Origin.PROCEDURE, said={"title": said, "lesson": said},
            sent_at=NOON - timedelta(days=n),
        )
        for n in range(NOTES)
    ]  # fmt: skip
    async with service.app.state.database.transaction() as session:
        session.add_all(rows)
    return [one.id for one in rows]


Rows = list[dict[str, Any]]


def _deck(service: Installation, learner: UUID, notes: list[UUID]) -> tuple[Rows, Rows]:
    """The cards of one learner, some due since yesterday, and the answers of a month."""
    questions = [
        (f"{path.slug}/{module.slug}/{question.slug}", path.edition)
        for path in service.app.state.editions.paths.values()
        for module in path.modules
        for question in module.quiz
    ]
    asked: list[tuple[str, str, UUID | None]] = [(f"note/{one}", "", one) for one in notes]
    for number in range(CARDS - NOTES):
        again, place = divmod(number, len(questions))
        about, edition = questions[place]
        asked.append((f"{about}-{again}" if again else about, edition, None))
    cards, reviews = [], []
    for number, (about, edition, note_id) in enumerate(asked):
        ahead = -1 if number % (CARDS // DUE) == 0 and number < CARDS // DUE * DUE else 1 + number % 90
        card = uuid4()
        cards.append(
            {
                "id": card, "candidate_id": learner, "origin": "procedure" if note_id else "quiz", "about": about,
                "edition": edition, "note_id": note_id, "due_on": (NOON + timedelta(days=ahead)).date(),
                "due_at": NOON + timedelta(days=ahead), "phase": "known", "stability_days": 5.0 + number,
                "difficulty": 5.0, "turns": 3, "seen_at": NOON - timedelta(days=5 + number),
            }
        )  # fmt: skip
        if number < ANSWERS:
            at = NOON - timedelta(days=1 + number % DAYS)
            reviews.append(
                {
                    "id": uuid4(), "card_id": card, "turn": 1, "recall": "well" if number % 9 else "forgotten",
                    "chosen": [], "is_first": False, "days": 9, "policy_edition": "2026-11", "at": at,
                    "day": civil_date(at),
                }
            )  # fmt: skip
    return cards, reviews


def _table(declared: Any) -> sa.Table:
    found: sa.Table = declared.__table__
    return found
