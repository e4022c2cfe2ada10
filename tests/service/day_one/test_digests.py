"""The daily letters: one to a reader, at one hour, never on a Sunday or a holiday, none for nothing, none twice."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from onboarding.day_one.checklists import TaskState
from service.flows.day_one import digests
from service.flows.mail.letters import compose
from service.runtime.editions import load_editions
from service.runtime.vocabulary import DeskKind, Locale, Role
from service.tables.checklists import ChecklistTask, Desk, Digest
from service.tables.trail import Mail
from tests.conftest import FixedClock
from tests.service.cast import api, bearer_of_staff
from tests.service.papers.offering import Scene, accepted_offer, set_scene

pytestmark = pytest.mark.anyio

MORNING = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)  # Wednesday, half past eight in Paris


BOTH = pytest.mark.parametrize(
    "settings", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Any:
    """SQLite, unless a test asks for both."""
    return request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_settings")


async def killed_sweep(app: Any) -> None:
    async with app.state.database.transaction() as session:
        await digests.send_due(session, editions=load_editions(), settings=app.state.settings, now=MORNING)
        raise RuntimeError("killed")


async def hold_the_day(app: Any) -> None:
    async with app.state.database.transaction() as session:
        session.add(Digest(day=MORNING.date(), reader=digests.EVERYBODY, tasks=0, made_at=MORNING))


async def placed(app: Any, clock: FixedClock) -> Scene:
    """One placement that starts on Monday 7 December, with a trainer and both desks; letters so far are gone."""
    scene = await set_scene(app, clock)
    await accepted_offer(app, scene)
    await bearer_of_staff(app, clock, Role.TRAINER)
    async with app.state.database.transaction() as session:
        for kind, locale in ((DeskKind.IT, Locale.EN), (DeskKind.PAYROLL, Locale.FR)):
            address = f"{kind.value}@example.com"
            session.add(Desk(kind=kind, address=address, locale=locale, updated_at=clock()))
        for letter in await session.scalars(select(Mail)):
            await session.delete(letter)
    return scene


async def sweep(app: Any, at: datetime) -> int:
    async with app.state.database.transaction() as session:
        return await digests.send_due(session, editions=load_editions(), settings=app.state.settings, now=at)


async def letters(app: Any) -> dict[str, Mail]:
    async with app.state.database.transaction(write=False) as session:
        found = list(await session.scalars(select(Mail)))
        assert len({one.recipient for one in found}) == len(found), "somebody was written to twice"
        return {one.recipient: one for one in found}


async def test_each_reader_gets_one_letter_with_their_own_tasks(app: Any, clock: FixedClock) -> None:
    await placed(app, clock)
    assert await sweep(app, MORNING.replace(hour=6)) == 0
    assert await sweep(app, MORNING) == 4
    found = await letters(app)
    assert set(found) == {
        "maiwenn@example.com", "recruiter@example.com", "trainer@example.com", "it@example.com",
    }  # fmt: skip
    own = found["maiwenn@example.com"]
    assert own.candidate_id is not None
    assert "/me/tasks" in own.body_text
    assert "Attester l’état du lieu de travail" in own.body_text
    desk = found["it@example.com"]
    assert "Send the equipment, by Thursday 26 November 2026" in desk.body_text
    assert "/desk/hsd_" in desk.body_text
    for address, letter in found.items():
        named = "Maïwenn" in letter.body_text
        assert named is (address == "maiwenn@example.com"), "letters to others name nobody"
    assert await sweep(app, MORNING.replace(hour=9)) == 0
    assert len(await letters(app)) == 4


async def test_nothing_leaves_on_a_sunday_or_a_public_holiday(app: Any, clock: FixedClock) -> None:
    await placed(app, clock)
    sunday, christmas = MORNING.replace(day=29), datetime(2026, 12, 25, 9, tzinfo=UTC)
    assert await sweep(app, sunday) == 0
    assert await sweep(app, christmas) == 0
    assert await letters(app) == {}
    assert await sweep(app, MORNING.replace(day=28)) > 0  # a Saturday is a day like others


@BOTH
async def test_a_sweep_that_was_killed_sends_once(app: Any, clock: FixedClock) -> None:
    await placed(app, clock)
    with pytest.raises(RuntimeError):
        await killed_sweep(app)
    assert await letters(app) == {}
    await sweep(app, MORNING)
    await sweep(app, MORNING)
    assert len(await letters(app)) == 4
    with pytest.raises(IntegrityError):
        await hold_the_day(app)


async def test_who_wants_no_letter_gets_none_and_staff_read_their_own_language(
    app: Any, clock: FixedClock
) -> None:
    scene = await placed(app, clock)
    async with api(app, scene.candidate) as person, api(app, scene.recruiter) as recruiter:
        off = {"is_wanted": False}
        assert (await person.put("/me/daily-letter", json=off)).json() == off
        english = {"locale": "en"}
        assert (await recruiter.get("/sign-ins/me/language")).json() == {"locale": "fr"}
        assert (await recruiter.put("/sign-ins/me/language", json=english)).json() == english
    await sweep(app, MORNING)
    found = await letters(app)
    assert "maiwenn@example.com" not in found
    assert "Call the person to prepare the arrival" in found["recruiter@example.com"].body_text


async def test_with_everything_settled_nobody_is_written_to(app: Any, clock: FixedClock) -> None:
    await placed(app, clock)
    async with app.state.database.transaction() as session:
        for row in await session.scalars(select(ChecklistTask)):
            row.state, row.done_on, row.done_for = TaskState.DONE, MORNING.date(), date(2026, 12, 7)
    assert await sweep(app, MORNING) == 0
    assert await letters(app) == {}


async def test_what_is_late_with_others_reaches_the_recruiter(app: Any, clock: FixedClock) -> None:
    scene = await placed(app, clock)
    assert scene
    monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
    await sweep(app, monday)
    told = (await letters(app))["recruiter@example.com"].body_text
    assert "En retard chez d'autres" in told
    assert "Envoyer le matériel, attendu pour le jeudi 26 novembre 2026, date passée" in told


def test_a_letter_about_what_others_hold_alone_never_says_that_the_reader_holds_it() -> None:
    asked = {
        "name": "",
        "is_own": "",
        "lines": (),
        "more": "",
        "not_back": (),
        "url": "https://x.example.com",
    }
    words = compose("checklist_digest", Locale.FR, count="0", others=("Le casque",), until="", **asked)
    assert words.subject == "Des tâches en retard chez d'autres"
    assert "vous tenez" not in words.body_text
    assert "En retard chez d'autres, et qui empêche le premier appel :\n\n- Le casque" in words.body_text
