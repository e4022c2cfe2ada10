"""What a team remembers: counted once a day, within the walls between programmes, never of fewer than five people."""

from typing import Any
from uuid import UUID

import pytest

from onboarding.continuous.refreshers import Origin, Phase, Recall
from service.jobs import figures
from service.runtime.clock import civil_date
from service.runtime.vocabulary import Role
from service.tables.people import StaffProgramme
from service.tables.refreshers import RefresherCard, RefresherReview
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, add_staff, as_staff, client_of, session_of
from tests.service.cast import add_programme
from tests.service.continuous.test_refreshers import API, hire

pytestmark = pytest.mark.anyio

ABOUT = "homeworking-essentials/your-workplace/{}"


async def learner(
    app: Any, clock: FixedClock, number: int, programme: UUID, *answers: tuple[str, Recall, bool]
) -> None:
    """Somebody hired for a programme with a card for each answer: which question, how it came, whether first met."""
    person = await add_candidate(app, clock, email=f"p{number}@example.com", pseudonym=f"P-{number}")
    await hire(app, clock, person, programme)
    async with app.state.database.transaction() as session:
        for question, recall, is_first in answers:
            card = RefresherCard(
                candidate_id=person, about=ABOUT.format(question), origin=Origin.QUIZ, edition="2026-11",
                due_on=civil_date(clock()), due_at=clock(), phase=Phase.KNOWN, seen_at=clock(), turns=1,
            )  # fmt: skip
            review = RefresherReview(
                card_id=card.id, turn=0, recall=recall, chosen=[], is_first=is_first, days=3,
                policy_edition="2026-11", at=clock(), day=civil_date(clock()),
            )  # fmt: skip
            session.add(card)
            await session.flush()
            session.add(review)


async def read(client: Any) -> dict[str, Any]:
    answer = await client.get(f"{API}/procedures/figures")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def count(app: Any, clock: FixedClock) -> int:
    return await figures.count_team_memory(app.state.settings, app.state.editions, now=clock())


async def test_sums_are_counted_once_a_day_for_each_reach_and_tell_nothing_of_four_people(
    app: Any, clock: FixedClock
) -> None:
    energy, water = await add_programme(app, clock), await add_programme(app, clock, title="Eau")
    known, lost = ("one", Recall.WELL, False), ("two", Recall.FORGOTTEN, False)
    for number in range(4):
        await learner(app, clock, number, energy, known, lost, ("three", Recall.FORGOTTEN, True))
    everybody = await as_staff(app, clock, Role.TRAINER)
    limited = await add_staff(app, clock, Role.SUPERVISOR, sees_all_programmes=False)
    async with app.state.database.transaction() as session:
        session.add(StaffProgramme(staff_id=limited, programme_id=energy))
    supervisor = client_of(app, await session_of(app, clock, staff_id=limited))
    told = await read(everybody)
    assert (told["kept_percent"], told["counted_at"], told["due"][0]["cards"]) == (None, None, 12)
    assert [await count(app, clock), await count(app, clock)] == [2, 0], (
        "one of everybody, one of a programme"
    )
    told = await read(everybody)
    assert (told["kept_percent"], told["answers"], told["counted_at"] is None) == (None, 0, False)
    await learner(app, clock, 5, water, known, lost)
    assert (await read(everybody))["kept_percent"] is None, "nobody reads one answer between two counts"
    clock.move(days=1)
    everybody = await as_staff(app, clock, Role.TRAINER, email="other@example.com")
    supervisor = client_of(app, await session_of(app, clock, staff_id=limited))
    assert await count(app, clock) == 2
    told, theirs = await read(everybody), await read(supervisor)
    assert (told["kept_percent"], told["answers"], told["overdue"]) == (50, 10, 14)
    assert (theirs["kept_percent"], theirs["answers"], theirs["overdue"]) == (None, 0, 12)
