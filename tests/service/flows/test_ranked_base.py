"""A large shortlist, ranked in columns, is the one that weighing everybody pair by pair gives, on both databases."""

import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from service.flows.matching import packed_base, ranked_base
from service.flows.people import candidates
from service.flows.recruiting import shortlists
from service.flows.recruiting.shortlists import ShortlistPage, ShortlistQuestion
from service.runtime.actors import SYSTEM, Actor, ActorKind
from service.runtime.editions import load_editions
from service.runtime.vocabulary import Role
from service.store.matching import packed_readings
from service.tables.people import Candidate
from tests.conftest import FixedClock
from tests.service.cast import add_candidate, add_programme
from tests.service.matching.test_matching import CALLS, NO_FRENCH, SHOP, _apply

pytestmark = pytest.mark.anyio

POOR_LINE = {**CALLS["home"], "measured": {"download_mbps": 50, "upload_mbps": 0.1, "latency_ms": 20}}


@pytest.fixture(autouse=True)
def _many_from_two_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked_base, "LARGE", 1)


async def _page(app: Any, clock: FixedClock, programme: UUID, question: Any, actor: Actor = SYSTEM) -> Any:
    return await shortlists.read_shortlist(
        app.state.database, actor, programme, question=question, editions=load_editions(), now=clock()
    )


def _told(page: ShortlistPage) -> list[Any]:
    return [(one.person.id, one.match, one.applied) for one in page.listed]


async def _every_page(
    app: Any, clock: FixedClock, programme: UUID, actor: Actor = SYSTEM, **asked: Any
) -> Any:
    """All pages of two, one after the other, with what the first says of everybody."""
    found: list[Any] = []
    first = page = await _page(app, clock, programme, ShortlistQuestion(limit=2, **asked), actor)
    found += _told(page)
    while page.after:
        page = await _page(
            app, clock, programme, ShortlistQuestion(limit=2, after=page.after, **asked), actor
        )
        found += _told(page)
    return found, (first.shortlist.considered, first.shortlist.outcomes, first.shortlist.closed, first.found)


async def _pair_by_pair(
    app: Any, clock: FixedClock, programme: UUID, actor: Actor = SYSTEM, **asked: Any
) -> Any:
    page = await _page(app, clock, programme, ShortlistQuestion(**asked), actor)
    whole = page.shortlist
    return _told(page), (whole.considered, whole.outcomes, whole.closed, page.found)


async def _crowd(app: Any, clock: FixedClock) -> list[UUID]:
    chance, people = random.Random(4), []
    for number in range(14):
        kind = chance.choice((CALLS, SHOP, NO_FRENCH, {**CALLS, "home": POOR_LINE}))
        profile = (
            kind
            | {"desired_weekly_hours": chance.choice((20, 28, 35))}
            | ({"home": POOR_LINE} if number < 2 else {})
        )
        people.append(
            await add_candidate(app, clock, profile={**CALLS, **profile} if number < 2 else profile)
        )
    return people


async def test_every_page_and_filter_names_the_same_people_with_the_same_reasons(
    app: Any, clock: FixedClock
) -> None:
    people, programme = await _crowd(app, clock), await add_programme(app, clock)
    for person in people[:4]:
        await _apply(app, clock, person, programme)
    async with app.state.database.transaction() as session:
        hired = await session.get(Candidate, people[5])
        hired.is_agent = True
    reach = Actor(
        ActorKind.STAFF,
        role=Role.RECRUITER,
        id=people[0],
        staff_id=people[0],
        programme_ids=frozenset({programme}),
    )
    for asked in (
        {}, {"applied_only": True}, {"people": frozenset(people[2:7])},
        {"outcomes": frozenset({shortlists.Outcome.AFTER_REMEDY, shortlists.Outcome.MATCH})},
        {"outcomes": frozenset({shortlists.Outcome.NO})},
    ):  # fmt: skip
        assert await _every_page(app, clock, programme, **asked) == await _pair_by_pair(
            app, clock, programme, **asked
        )
    beside = ShortlistQuestion(limit=60, after=(80.0, ""))  # from a score on, whoever has it
    assert _told(await _page(app, clock, programme, beside)) == _told(
        await _page(app, clock, programme, replace(beside, limit=None))
    )
    assert await _every_page(app, clock, programme, reach) == await _pair_by_pair(
        app, clock, programme, reach
    )


async def test_who_comes_changes_or_leaves_is_followed_and_only_they_are_packed_anew(
    app: Any, clock: FixedClock
) -> None:
    people, programme = await _crowd(app, clock), await add_programme(app, clock)
    await _every_page(app, clock, programme)
    before = await _revisions(app)
    async with app.state.database.transaction() as session:
        await candidates.edit_candidate(
            session, SYSTEM, people[3], changes={"profile": {"skills": ["tchat"], "languages": []}},
            check_version=lambda version: None, editions=load_editions(), now=clock(),
        )  # fmt: skip
        await session.delete(await session.get(Candidate, people[4]))
    new = await add_candidate(app, clock, profile=CALLS)
    assert await _every_page(app, clock, programme) == await _pair_by_pair(app, clock, programme)
    after = await _revisions(app)
    assert {one for one in before | after if before.get(one) != after.get(one)} == {people[3], people[4], new}


async def test_people_are_packed_before_anybody_asks_where_they_are_many(app: Any, clock: FixedClock) -> None:
    people = await _crowd(app, clock)
    ahead = packed_base.pack_ahead
    asked = {"editions": load_editions(), "now": clock()}
    assert await ahead(app.state.database, larger_than=len(people), **asked) == 0
    assert await ahead(app.state.database, larger_than=2, **asked) == len(people)
    assert set(await _revisions(app)) == set(people)
    assert await ahead(app.state.database, larger_than=2, **asked) == 0


async def test_a_wish_that_no_known_skill_covers_is_read_from_packed_words(
    app: Any, clock: FixedClock
) -> None:
    await _crowd(app, clock)
    folding = {
        **SHOP,
        "experience": [{"title": "Plieuse", "months": 40, "description": "pliage de serviettes en cygne"}],
    }
    await add_candidate(app, clock, profile=folding)
    odd = {"skills": [{"text": "pliage de serviettes en cygne", "level": 2, "importance": "must"}]}
    programme = await add_programme(app, clock, **odd)
    assert await _every_page(app, clock, programme) == await _pair_by_pair(app, clock, programme)
    await add_candidate(app, clock, profile=folding)
    assert await _every_page(app, clock, programme) == await _pair_by_pair(app, clock, programme)


async def _revisions(app: Any) -> dict[UUID, int]:
    layout = packed_base.layout_for(load_editions()).name
    async with app.state.database.transaction(write=False) as session:
        return dict(await packed_readings.revisions_of(session, layout))
