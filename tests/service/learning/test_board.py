"""The trainers' board, acts for many, and rules that give paths, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from service.flows.learning import assignments, group_actions, learning
from service.flows.learning.group_acts import Act, Asked
from service.flows.learning.recomputing import Recomputing
from service.runtime.actors import SYSTEM
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.vocabulary import Role
from service.store.learning.assignments import QUIZ_MARKED
from service.tables.trail import Mail
from service.tables.training import Assignment, AssignmentChange, LearningEvent
from tests.conftest import FixedClock
from tests.service.callers import add_candidate, as_candidate, as_staff, form_token
from tests.service.learning.test_assignments import PATH, once
from tests.service.learning.test_assignments import people as some_people
from tests.service.learning.test_training import Statements, trainer_pages

pytestmark = pytest.mark.anyio

LIMITED = "first-calls"


async def give(app: Any, clock: FixedClock, person: str, start: date, path: str = PATH) -> UUID:
    async with app.state.database.transaction() as session:
        given = await assignments.give(
            session, SYSTEM, [UUID(person)], path=path, start_date=start, cohort_id=None,
            editions=app.state.editions, now=clock(),
        )  # fmt: skip
    return given.created[0]


async def mark(
    app: Any, clock: FixedClock, assignment: UUID, module: str, *percents: int, editions: Any = None
) -> None:
    """Tries at a quiz, one a minute from now on, as the learner's own flow keeps them."""
    async with app.state.database.transaction() as session:
        row = await session.get(Assignment, assignment)
        for number, percent in enumerate(percents):
            session.add(
                LearningEvent(
                    assignment_id=assignment, module=module, kind=QUIZ_MARKED, detail={"answers": {}},
                    mark_percent=percent, is_passed=percent >= 75, at=clock() + timedelta(minutes=number),
                )
            )  # fmt: skip
        await session.flush()
        await learning.rewrite(session, SYSTEM, row, editions=editions or app.state.editions, now=clock())


async def four(app: Any, clock: FixedClock) -> list[UUID]:
    """Somebody on the way, somebody late and at a standstill, somebody not yet through, somebody who begins later."""
    today = civil_date(clock())
    first, late, again, later = await some_people(app, clock, 4)
    given = [
        await give(app, clock, first, today),
        await give(app, clock, late, today - timedelta(days=15)),
        await give(app, clock, again, today - timedelta(days=1)),
        await give(app, clock, later, today + timedelta(days=30)),
    ]
    await mark(app, clock, given[2], "your-post", 20, 40)
    return given


async def test_the_board_tells_who_needs_a_hand_and_why(app: Any, clock: FixedClock) -> None:
    await four(app, clock)
    api = await as_staff(app, clock, Role.TRAINER)
    found = (await api.get("/api/v1/training/board")).json()
    by_name = {line["person"]: line for line in found["items"]}
    assert by_name["Personne0"]["situations"] == []
    assert by_name["Personne1"]["situations"] == ["late", "stuck"]
    assert by_name["Personne2"]["situations"] == ["again"]
    assert by_name["Personne2"]["unpassed"] == 2
    assert by_name["Personne3"]["situations"] == []
    assert "commencé" in by_name["Personne3"]["next_step"]["fr"] or by_name["Personne3"]["next_step"]["fr"]
    counts = {"all": 4, "hand": 2, "late": 1, "again": 1, "stuck": 1, "done": 0}
    assert found["counts"].items() >= counts.items()
    for column in ("late", "again", "stuck", "hand"):
        narrowed = (await api.get("/api/v1/training/board", params={"column": column})).json()["items"]
        assert len(narrowed) == counts[column]
    paged = await api.get("/api/v1/training/board", params={"limit": 3})
    rest = await api.get(
        paged.headers["link"].split(">")[0].lstrip("<").removeprefix("http://homeshore.test")
    )
    assert len(rest.json()["items"]) == 1
    pages = await trainer_pages(app, clock)
    page = (await pages.get("/training", params={"column": "again"})).text
    assert "2 essais, pas encore validé" in page
    assert "Personne1" not in page


@pytest.mark.parametrize("rows", [1, 3])
async def test_the_board_asks_the_same_questions_for_one_row_and_for_three(
    app: Any, clock: FixedClock, rows: int
) -> None:
    for person in await some_people(app, clock, rows):
        await give(app, clock, person, civil_date(clock()))
    trainer = await trainer_pages(app, clock)
    await trainer.get("/training")
    statements = Statements(app)
    board = await trainer.get("/training")
    assert board.text.count("data-item") == rows
    assert len(statements.sent) == 10, statements.sent


async def test_one_act_reaches_everybody_it_can_and_says_whom_it_leaves(app: Any, clock: FixedClock) -> None:
    on_way, late, again, later = await four(app, clock)
    trainer = await trainer_pages(app, clock)
    chosen = {**form_token(trainer), "line": [str(on_way), str(late), str(later)], "back": "/training"}
    asked = await trainer.post("/training/actions", data={**chosen, "act": "remind"})
    assert asked.status_code == 200, asked.text
    assert "Pour 2 personnes. Rien n'est encore fait." in asked.text.replace("&#39;", "'")
    assert "c'est prévu" in asked.text.replace("&#39;", "'").replace("\xa0", " ")
    done = await trainer.post("/training/actions/remind", data={**chosen, "words": "Je suis là à 9 h."})
    assert (done.status_code, done.headers["location"]) == (303, "/training")
    await trainer.post("/training/actions/remind", data=chosen)
    async with app.state.database.transaction() as session:
        letters = list(await session.scalars(select(Mail)))
    assert len(letters) == 2, "a second reminder on the same day is not sent"
    assert all("Je suis là à 9 h." in letter.body_text for letter in letters)
    moved = await trainer.post("/training/actions/dates", data={**chosen, "days": "5", "words": "Panne"})
    assert moved.status_code == 303
    async with app.state.database.transaction() as session:
        row = await session.get(Assignment, late)
        change = await session.scalar(
            select(AssignmentChange).where(col(AssignmentChange.assignment_id) == late)
        )
        assert row.next_due == date(2026, 12, 1)
        assert (change.kind, change.after, change.why) == ("due_dates", "2026-12-01", "Panne")
    board = (await trainer.get("/training", params={"column": "late"})).text
    assert "Personne1" not in board
    learner = await as_candidate(app, clock, row.candidate_id)
    own = (await learner.get(f"/api/v1/me/assignments/{late}")).json()
    assert own["next_due"] == "2026-12-01", own
    assert str(again) not in done.text


async def test_a_path_dropped_on_many_is_given_to_those_who_do_not_have_it(
    app: Any, clock: FixedClock
) -> None:
    on_way, *_ = await four(app, clock)
    api = await as_staff(app, clock, Role.TRAINER)
    body = {"act": "give", "assignments": [str(on_way)], "path": PATH, "start_date": "2026-11-25"}
    has_it = await api.post("/api/v1/training/actions", json=body, headers=once())
    assert has_it.status_code == 201, has_it.text
    assert (has_it.json()["done"], has_it.json()["effects"][0]["effect"]) == ([], "has_it")
    look = {**body, "path": LIMITED, "dry_run": True}
    assert (await api.post("/api/v1/training/actions", json=look, headers=once())).json()["done"] == []
    given = await api.post("/api/v1/training/actions", json={**body, "path": LIMITED}, headers=once())
    assert len(given.json()["done"]) == 1
    nobody = await api.post("/api/v1/training/actions", json={**body, "assignments": []}, headers=once())
    assert nobody.status_code == 422
    trainer = await trainer_pages(app, clock)
    empty = await trainer.post("/training/actions", data={**form_token(trainer), "give": PATH})
    assert (empty.status_code, empty.headers["location"]) == (303, "/training")
    slip = {**form_token(trainer), "line": [str(on_way)], "path": LIMITED, "start_date": "hier"}
    again = await trainer.post("/training/actions/give", data=slip)
    assert again.status_code == 422


def with_limits(editions: Editions, attempts: int) -> Editions:
    """The same library, where each quiz may be taken only so often."""
    limited = {
        key: path.model_copy(
            update={"modules": tuple(one.model_copy(update={"attempts": attempts}) for one in path.modules)}
        )
        for key, path in editions.paths.items()
    }
    return replace(editions, paths=limited)


async def test_attempts_open_only_where_none_is_left(app: Any, clock: FixedClock) -> None:
    library = with_limits(app.state.editions, 2)
    stopped, free = await some_people(app, clock, 2)
    ids = [await give(app, clock, person, civil_date(clock())) for person in (stopped, free)]
    await mark(app, clock, ids[0], "your-post", 0, 0, editions=library)
    await mark(app, clock, ids[1], "your-post", 0, editions=library)
    asked = Asked(Act.ATTEMPTS, count=1)
    async with app.state.database.transaction() as session:
        chosen = await group_actions.chosen_of(
            session, SYSTEM, ids, [], act=Act.ATTEMPTS, editions=library, now=clock()
        )
        assert [line.waits_for_trainer for line in chosen.lines].count(True) == 1
        done = await group_actions.act(
            session,
            SYSTEM,
            chosen,
            asked,
            editions=library,
            settings=app.state.settings,
            files=app.state.files,
            now=clock(),
        )
        assert done.done == (ids[0],)
        row = await session.get(Assignment, ids[0])
        assert (row.waits_for_trainer, row.step) == (False, "read_page")


async def test_everybody_recomputed_is_what_their_own_flows_kept_and_drift_is_corrected(
    app: Any, clock: FixedClock
) -> None:
    ids = await four(app, clock)
    await mark(app, clock, ids[0], "your-post", 100)
    async with app.state.database.transaction() as session:
        part = await Recomputing(app.state.editions, now=clock()).part(session, after=None)
        assert (part.read, part.rewritten, part.left_out, part.after) == (4, 0, 0, None)
    async with app.state.database.transaction() as session:
        row = await session.get(Assignment, ids[2])
        kept = row.model_dump(exclude={"version"})
        row.percent, row.unpassed, row.step_page = 99, 0, "elsewhere"
        done = await session.get(Assignment, ids[0])
        done.is_complete = True
    seen, after = 0, None
    while True:
        async with app.state.database.transaction() as session:
            part = await Recomputing(app.state.editions, now=clock()).part(session, after=after, at_once=3)
        seen, after = seen + part.rewritten, part.after
        if after is None:
            break
    assert seen == 2
    async with app.state.database.transaction() as session:
        assert (await session.get(Assignment, ids[2])).model_dump(exclude={"version"}) == kept
        assert (await session.get(Assignment, ids[0])).is_complete is False


async def test_an_act_reaches_nobody_outside_a_trainers_programmes(app: Any, clock: FixedClock) -> None:
    api = await as_staff(app, clock, Role.TRAINER, sees_all_programmes=False)
    person = await add_candidate(app, clock, given_name="Hors", email="hors@example.com", pseudonym="P-9")
    out = await give(app, clock, str(person), civil_date(clock()))
    nobody = await api.post(
        "/api/v1/training/actions",
        json={"act": "dates", "assignments": [str(out)], "days": 3},
        headers=once(),
    )
    assert nobody.status_code == 422
    assert (await api.get("/api/v1/training/board")).json()["items"] == []
