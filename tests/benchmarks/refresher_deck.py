"""A million cards in an empty installation: what ten thousand people learned and were told, and a month of answers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from service.runtime.clock import civil_date
from service.tables.people import Candidate
from service.tables.refreshers import RefresherCard, RefresherNote, RefresherReview
from tests.benchmarks.installation import Installation
from tests.conftest import NOON, FixedClock
from tests.service.callers import add_candidate
from tests.service.people import add_programme

LEARNERS, CARDS = 10_000, 100
DUE = 12
NOTES, ANSWERS, DAYS = 20, 40, 30
"""Of each person's cards so many are notes to the team; so many answers were given in so many days."""

AT_ONCE = 250


async def deal(service: Installation) -> UUID:
    """Everybody has the notes and a card of each question of the shipped paths, again and again until there are enough.

    Returns one learner.
    """
    learner = await add_candidate(service.app, FixedClock(), email="one@example.com")
    notes = await _notes(service)
    questions = [
        (f"{path.slug}/{module.slug}/{question.slug}", path.edition)
        for path in service.app.state.editions.paths.values()
        for module in path.modules
        for question in module.quiz
    ]
    async with service.app.state.database.transaction() as session:
        people = [learner, *(uuid4() for _ in range(LEARNERS - 1))]
        template = (await session.execute(sa.select(_table(Candidate)))).mappings().first()
        await session.execute(
            sa.insert(_table(Candidate)),
            [{**dict(template or {}), "id": one, "pseudonym": f"P-{n}"} for n, one in enumerate(people) if n],
        )
        for start in range(0, len(people), AT_ONCE):
            await _cards(session, people[start : start + AT_ONCE], notes, questions)
    async with service.app.state.database.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await outside.execute(
            sa.text("ANALYZE" if service.app.state.database.is_sqlite else "VACUUM ANALYZE")
        )
    return learner


async def _notes(service: Installation) -> list[UUID]:
    programme = await add_programme(service.app, FixedClock())
    said = {"fr": "Le remboursement passe à 30 jours.", "en": "Refunds now take 30 days."}
    rows = [
        RefresherNote(
            programme_id=programme, origin="procedure", said={"title": said, "lesson": said},
            sent_at=NOON - timedelta(days=n),
        )
        for n in range(NOTES)
    ]  # fmt: skip
    async with service.app.state.database.transaction() as session:
        session.add_all(rows)
    return [one.id for one in rows]


async def _cards(
    session: AsyncSession, people: list[UUID], notes: list[UUID], questions: Sequence[tuple[str, str]]
) -> None:
    cards, reviews = [], []
    for one in people:
        for number in range(CARDS):
            is_note = number < NOTES
            note_id = notes[number] if is_note else None
            about, edition = (f"note/{note_id}", "") if is_note else questions[number % len(questions)]
            ahead = -1 if number % (CARDS // DUE) == 0 and number < CARDS // DUE * DUE else 1 + number % 90
            card = {
                "id": uuid4(), "candidate_id": one, "origin": "procedure" if is_note else "quiz",
                "edition": edition, "note_id": note_id,
                "about": about if number < len(questions) or is_note else f"{about}-{number}",
                "due_on": (NOON + timedelta(days=ahead)).date(), "due_at": NOON + timedelta(days=ahead),
                "phase": "known", "stability_days": 5.0 + number, "difficulty": 5.0, "turns": 3,
                "seen_at": NOON - timedelta(days=5 + number),
            }  # fmt: skip
            cards.append(card)
            if number < ANSWERS:
                at = NOON - timedelta(days=number % DAYS)
                recall = "forgotten" if (number + len(cards)) % 9 == 0 else "well"
                reviews.append(
                    {
                        "id": uuid4(), "card_id": card["id"], "turn": 1, "recall": recall, "chosen": [],
                        "is_first": False, "days": 9, "policy_edition": "2026-11", "at": at,
                        "day": civil_date(at),
                    }
                )  # fmt: skip
    await session.execute(sa.insert(_table(RefresherCard)), cards)
    await session.execute(sa.insert(_table(RefresherReview)), reviews)


def _table(declared: Any) -> sa.Table:
    found: sa.Table = declared.__table__
    return found
