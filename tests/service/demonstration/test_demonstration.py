"""The demonstration has a team in training: every page of training has somebody to show, and it is made once."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from onboarding.learning.board import Situation
from service.flows.continuous import refreshers
from service.flows.demonstration import demonstration, demonstration_training
from service.flows.demonstration.demonstration_scene import Scene
from service.flows.learning import board
from service.flows.paths import path_shelf
from service.runtime.actors import SYSTEM
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store.accounts.sign_ins import candidate_actor
from service.store.learning.board import BoardQuestion
from service.tables.assignment_rules import AssignmentRule
from service.tables.badges import Badge
from service.tables.checklists import Checklist
from service.tables.classes import ClassSignature, LiveClass
from service.tables.help import HelpRequest
from service.tables.packages import PackageAttempt
from service.tables.people import Candidate
from service.tables.refreshers import RefresherNote
from service.tables.training import Assignment, Exemption, LearningEvent
from tests.conftest import NOON

pytestmark = pytest.mark.anyio

SHOWN: dict[Any, int] = {
    Assignment: 25, LearningEvent: 100, Badge: 1, Checklist: 12, LiveClass: 2, ClassSignature: 8, HelpRequest: 2,
    PackageAttempt: 6, RefresherNote: 2, Exemption: 1, AssignmentRule: 1,
}  # fmt: skip
"""How many of each thing there are at least."""


async def counts(session: AsyncSession) -> Counter[Any]:
    return Counter({table: await session.scalar(select(func.count(table.id))) or 0 for table in SHOWN})


async def test_the_demonstration_shows_a_team_in_training_and_is_made_once(sqlite_settings: Settings) -> None:
    settings = sqlite_settings.model_copy(update={"pretend_now": NOON})
    assert {"trainer", "agent"} < (await demonstration.load_once_and_link(settings)).keys()
    database = Database(settings.async_database_url, pooled=False)
    async with database.transaction(write=False) as session:
        made = await counts(session)
        assert all(made[table] >= least for table, least in SHOWN.items()), made
    await demonstration.load_once_and_link(settings)
    async with database.transaction(write=False) as session:
        assert await counts(session) == made
        library = await path_shelf.library(session, load_editions())
        shown = await board.show(session, SYSTEM, BoardQuestion(), editions=library, now=NOON, limit=100)
        told = {(one.line.person, situation) for one in shown.learners for situation in one.situations}
        finished = [one.line.person for one in shown.learners if one.line.is_complete]
        assert {
            ("Priya Nair", Situation.LATE), ("Joris Blanchard", Situation.STUCK),
            ("Salomé Quéré", Situation.AGAIN), ("Rachid Mansouri", Situation.CLASS_SOON),
        } <= told  # fmt: skip
        assert "Manon Lefèvre" in finished
        agent = await session.scalar(select(Candidate).where(col(Candidate.external_id) == "demo-a02"))
        assert agent is not None
        assert agent.is_agent
        today = await refreshers.today_of(session, candidate_actor(agent), editions=library, now=NOON)
        assert today.due
        days = set(await session.scalars(select(col(LearningEvent.at))))
        assert max(days) < NOON
        assert not [day for day in days if day.weekday() > 4 or day.date() == date(2026, 11, 11)]
    await database.close()


async def test_before_the_first_path_is_given_there_is_no_team(sqlite_settings: Settings) -> None:
    early = datetime(2026, 10, 15, 12, tzinfo=UTC)
    database = Database(sqlite_settings.async_database_url, pooled=False)
    async with database.transaction() as session:
        files = FileStore(sqlite_settings.data_dir / "files")
        await demonstration_training.play(
            Scene(session, sqlite_settings, files, load_editions(), early, staff={}, people={})
        )
        assert await session.scalar(select(func.count(col(Assignment.id)))) == 0
    await database.close()
