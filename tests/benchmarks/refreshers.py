"""A million refresher cards: today's questions of one learner, and the page of a whole team, beside plain scans."""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from onboarding.continuous import refreshers as core
from onboarding.continuous.refreshers import Card
from service.flows.continuous import refreshers, team_memory
from service.flows.paths.paths import sentences_in_force
from service.jobs import figures
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.vocabulary import Role
from service.store.continuous import notes
from service.store.continuous import team_memory as store
from service.tables.people import Staff
from service.tables.refreshers import RefresherCard
from tests.benchmarks.installation import Installation, installation
from tests.benchmarks.measuring import Measure, interleaved, seconds_of
from tests.benchmarks.refresher_deck import ANSWERS, CARDS, DUE, LEARNERS, NOTES, deal
from tests.conftest import NOON
from tests.postgres import create_database, running_postgres

TURNS, SCANS = 40, 3
TRAINER = Actor(ActorKind.STAFF, Role.TRAINER, sees_all_programmes=True)


def measure() -> list[Measure]:
    """On each of the two databases: an ordinary day, somebody who was away for a year, and the trainer's page."""
    found = []
    for kind, opened in (("SQLite", installation), ("PostgreSQL", _on_postgres)):
        with opened() as service:
            learner = service.run(deal(service))
            actor = Actor(ActorKind.CANDIDATE, Role.AGENT, id=learner)
            found += [
                _side_by_side(service, actor, days=0, what=f"{DUE} due, {kind}"),
                _side_by_side(service, actor, days=400, what=f"all {CARDS} due, {kind}"),
                _team(service, kind),
            ]
    return found


@contextlib.contextmanager
def _on_postgres() -> Iterator[Installation]:
    with (
        tempfile.TemporaryDirectory(prefix="homeshore-pg-") as folder,
        running_postgres(Path(folder)) as server,
        installation(create_database(server, "deck")) as service,
    ):
        yield service


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


def _team(service: Installation, kind: str) -> Measure:
    """Ours: what falls due by its index, answers as counted this morning, notes; the other way counts every answer."""
    service.run(_add_reader(service))
    state = service.app.state
    counted_s = seconds_of(
        lambda: service.run(figures.count_team_memory(service.settings, state.editions, now=NOON))
    )
    (scan_s,) = interleaved(lambda: service.run(_count_all(service)), turns=SCANS, warm=False)
    (ours_s,) = interleaved(lambda: service.run(_page(service)), turns=TURNS)
    return Measure(
        "refreshers",
        f"the trainer's page of {LEARNERS:,} people, {kind}, {LEARNERS * ANSWERS:,} answers in 30 days", ours_s,
        "every answer and every due card counted anew", scan_s, TURNS,
        f"ours also lists {NOTES} notes with who met them; the goal is 150 ms; once a day, with nobody waiting, the "
        f"count takes {counted_s:.1f} s; the other way took {SCANS} turns",
    )  # fmt: skip


async def _add_reader(service: Installation) -> UUID:
    row = Staff(name="Ada Roche", email="ada@example.com", role=Role.TRAINER, created_at=NOON)
    async with service.app.state.database.transaction() as session:
        session.add(row)
    return row.id


async def _page(service: Installation) -> None:
    state = service.app.state
    async with state.database.transaction(write=False) as session:
        listed = await notes.page_of(session, TRAINER, limit=25)
        memory = await team_memory.team_memory(session, TRAINER, editions=state.editions, now=NOON)
    assert (len(listed.lines), listed.lines[0].people) == (NOTES, LEARNERS)
    assert memory.answers == LEARNERS * ANSWERS, memory.answers
    assert memory.overdue == LEARNERS * DUE, memory.overdue


async def _count_all(service: Installation) -> None:
    """Everything from the rows themselves, as the page once did."""
    since, today = civil_date(NOON - timedelta(days=30)), civil_date(NOON)
    async with service.app.state.database.transaction(write=False) as session:
        found = await store.count(session, TRAINER, since=since, least_people=5, limit=5, at=NOON)
        await store.due_within(session, TRAINER, today=today, until=today + timedelta(days=13))
    assert found.people == LEARNERS
