"""Today's refreshers of one learner among a million cards: our walk along an index, beside a scan of everybody's."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.continuous import refreshers as core
from onboarding.continuous.refreshers import Card
from service.flows import refreshers
from service.flows.paths import sentences_in_force
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.vocabulary import Role
from service.tables.people import Candidate
from service.tables.refreshers import RefresherCard
from tests.benchmarks.installation import Installation, installation
from tests.benchmarks.measuring import Measure, interleaved
from tests.conftest import NOON, FixedClock
from tests.service.callers import add_candidate

LEARNERS, CARDS = 10_000, 100
DUE = 12
TURNS, SCANS = 40, 3


def measure() -> list[Measure]:
    """Two lines: an ordinary day, and somebody who was away and has every card due."""
    with installation() as service:
        learner = service.run(add_candidate(service.app, FixedClock(), email="one@example.com"))
        service.run(_fill(service, learner))
        actor = Actor(ActorKind.CANDIDATE, Role.AGENT, id=learner)
        return [
            _side_by_side(service, actor, days=0, what=f"{DUE} due"),
            _side_by_side(service, actor, days=400, what=f"all {CARDS} due"),
        ]


def _side_by_side(service: Installation, actor: Actor, *, days: int, what: str) -> Measure:
    """Ours: rows by the index, ranked, ten questions read; the other way: every due card read, kept if it is theirs."""
    (scan_s,) = interleaved(lambda: service.run(_scan(service, actor, days)), turns=SCANS, warm=False)
    (ours_s,) = interleaved(lambda: service.run(_ours(service, actor, days)), turns=TURNS)
    return Measure(
        "refreshers", f"today's questions of one learner, {what}, of {LEARNERS * CARDS:,} cards", ours_s,
        "every due card read, kept if theirs", scan_s, TURNS,
        f"ours adds the words of each question and who asks it; the goal is 10 ms; the scan took {SCANS} turns",
    )  # fmt: skip


async def _ours(service: Installation, actor: Actor, days: int) -> None:
    async with service.app.state.database.transaction(write=False) as session:
        today = await refreshers.today_of(
            session, actor, editions=service.app.state.editions, now=NOON + timedelta(days=days)
        )
    assert len(today.due) == 10, len(today.due)


async def _scan(service: Installation, actor: Actor, days: int) -> None:
    """What one writes first: all that is due in one list, the learner's picked out of it, and ranked."""
    now, editions = NOON + timedelta(days=days), service.app.state.editions
    async with service.app.state.database.transaction(write=False) as session:
        columns = RefresherCard.__table__.c  # type: ignore[attr-defined]
        rows = await session.execute(
            sa.select(columns.candidate_id, *(columns[name] for name in _CARD)).where(
                columns.due_on <= civil_date(now)
            )
        )
        own = [Card(**_card(row[1:])) for row in rows if row[0] == actor.id]
    today = core.sitting(
        own, at=now, policy=editions.refresher_policy_on(civil_date(now)),
        sentences=sentences_in_force(editions, civil_date(now)), until=now + timedelta(hours=12),
    )  # fmt: skip
    assert len(today.cards) == 10


_CARD = ("about", "origin", "due_at", "phase", "step", "stability_days", "difficulty", "seen_at")


def _card(row: Any) -> dict[str, Any]:
    return {"due" if name == "due_at" else name: value for name, value in zip(_CARD, row, strict=True)}


async def _fill(service: Installation, learner: UUID) -> None:
    """Everybody has a card of each question of the shipped paths, again and again until there are enough."""
    editions = service.app.state.editions
    questions = [
        (path.slug, path.edition, module.slug, question.slug)
        for path in editions.paths.values()
        for module in path.modules
        for question in module.quiz
    ]
    async with service.app.state.database.transaction() as session:
        people = [learner, *(uuid4() for _ in range(LEARNERS - 1))]
        template = (await session.execute(sa.select(Candidate.__table__))).mappings().first()  # type: ignore[attr-defined]
        await session.execute(
            sa.insert(Candidate),
            [{**dict(template or {}), "id": one, "pseudonym": f"P-{n}"} for n, one in enumerate(people) if n],
        )
        for start in range(0, len(people), 500):
            await _cards(session, people[start : start + 500], questions)
        await session.execute(sa.text("ANALYZE"))


async def _cards(session: AsyncSession, people: list[UUID], questions: Sequence[tuple[str, ...]]) -> None:
    rows = []
    for one in people:
        for number in range(CARDS):
            path, edition, module, question = questions[number % len(questions)]
            ahead = -1 if number < DUE else 1 + number % 90
            rows.append(
                {
                    "id": uuid4(), "candidate_id": one, "origin": "quiz", "edition": edition,
                    "about": f"{path}/{module}/{question}" + ("" if number < len(questions) else f"-{number}"),
                    "due_on": (NOON + timedelta(days=ahead)).date(), "due_at": NOON + timedelta(days=ahead),
                    "phase": "known", "stability_days": 5.0 + number, "difficulty": 5.0, "turns": 3,
                    "seen_at": NOON - timedelta(days=5 + number),
                }
            )  # fmt: skip
    await session.execute(sa.insert(RefresherCard), rows)
