"""What time alone brings about: the clock's own functions under a moved clock, on both databases."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from onboarding.continuous import validity
from service.flows.paths import paths
from service.jobs import clocks, tools
from service.runtime.vocabulary import Role
from service.tables.trail import Mail
from service.tables.training import Assignment
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_staff, in_browser
from tests.service.learning.test_assignments import PATH, give

pytestmark = pytest.mark.anyio

DONE = date(2026, 11, 24)


@pytest.fixture
def laid_out(settings: Any, clock: FixedClock) -> Iterator[None]:
    """The tools that jobs work with, over the test's database and clock."""
    tools.open_tools(settings, clock)
    yield
    tools.close_tools()


async def rows(app: Any, table: Any, order: Any) -> list[Any]:
    async with app.state.database.transaction(write=False) as session:
        return list(await session.scalars(select(table).order_by(order)))


def move_to(clock: FixedClock, day: date) -> None:
    clock.move(days=(day - clock().date()).days)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_sweep_that_fails_keeps_no_other_from_its_turn(laid_out: None) -> None:
    done = []

    async def broken() -> None:
        raise ValueError

    async def sound() -> None:
        done.append("sound")

    clocks.do_each((broken, sound))
    assert done == ["sound"]


async def test_training_is_given_again_once_before_its_end_said_on_the_first_page_and_ends_on_its_day(
    app: Any, clock: FixedClock, laid_out: None
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock, is_agent=True)
    assert (await give(trainer, candidate_id=str(person), start_date=str(DONE))).status_code == 201
    term = validity.term(paths.to_give(app.state.editions, PATH, today=DONE), completed_on=DONE)
    assert term is not None
    async with app.state.database.transaction() as session:
        row = await session.scalar(select(Assignment))
        row.is_complete, row.percent, row.completed_on = True, 100, DONE
        row.expires_on, row.renewal_on = term.expires_on, term.renewal_on

    async def first_page() -> str:
        page = await in_browser(app, clock, candidate_id=person)
        return str((await page.get("/me")).text)

    move_to(clock, date(2028, 9, 22))
    assert await clocks.renew_training() == 0, "the window opens on Monday the 25th"
    assert "la validité prend fin" not in await first_page()
    move_to(clock, date(2028, 9, 25))
    assert [await clocks.renew_training(), await clocks.renew_training()] == [1, 0]
    first, again = await rows(app, Assignment, Assignment.start_date)
    assert (again.renews_id, again.path, again.start_date) == (first.id, PATH, date(2028, 9, 25))
    assert [one.recipient for one in await rows(app, Mail, Mail.recipient)] == [
        "ines@example.com", "trainer@example.com",
    ]  # fmt: skip
    told = await first_page()
    assert "la validité prend fin dans 60 jour" in told
    assert f'href="/me/training/{again.id}"' in told
    move_to(clock, date(2028, 11, 24))
    assert await clocks.renew_training() == 0, "its last day still counts"
    move_to(clock, date(2028, 11, 25))
    assert await clocks.renew_training() == 0, "nobody is written to on a Saturday"
    move_to(clock, date(2028, 11, 27))
    assert [await clocks.renew_training(), await clocks.renew_training()] == [1, 0]
    assert "La validité a pris fin" in await first_page()
    first, again = await rows(app, Assignment, Assignment.start_date)
    assert (first.ended_at, again.ended_at, len(await rows(app, Mail, Mail.recipient))) == (clock(), None, 3)
