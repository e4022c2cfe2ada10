"""Lists: bounds, cursors, sorts and words that nobody should send; and an index under every default order."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import event, text

from tests.service.cast import PROFILE, add_candidate
from tests.service.hostile.place import Place, client_of, listed

pytestmark = pytest.mark.anyio

LISTS = {
    "/candidates": "recruiter",
    "/applications": "recruiter",
    "/programmes": "recruiter",
    "/offers": "recruiter",
    "/cohorts": "trainer",
    "/assignments": "trainer",
    "/letters": "administrator",
}
SHORTLIST = "/programmes/{programme_id}/shortlist"

REFUSED = (
    "limit=0", "limit=-1", f"limit={10**9}", f"limit={2**64}", "limit=a", "limit=", "limit=1.5", "limit=NaN",
    "cursor=a", "cursor=%00", "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor=%F0%9F%98%80", "cursor==",
    f"cursor={'A' * 8_000}",
)  # fmt: skip


def _lists(place: Place) -> dict[str, str]:
    return {**LISTS, place.filled(SHORTLIST): "recruiter"}


async def test_impossible_bounds_and_made_up_cursors_are_refused(place: Place) -> None:
    wrong = []
    for path, who in _lists(place).items():
        async with client_of(place.app, place.bearers[who]) as client:
            for question in REFUSED:
                answer = await client.get(f"/api/v1{path}?{question}")
                if answer.status_code not in (400, 422) or not answer.json()["errors"]:
                    wrong.append((path, question[:60], answer.status_code, answer.text[:200]))
    assert not wrong, listed(wrong)


async def test_an_unknown_order_or_filter_value_is_refused(place: Place) -> None:
    wrong = []
    for path in ("/candidates", "/applications"):
        async with client_of(place.app, place.bearers["recruiter"]) as client:
            for sort in (
                "email",
                "folded_name",
                "password_hash",
                "created_at desc",
                "1",
                "",
                "-",
                "created_at;--",
            ):
                answer = await client.get(f"/api/v1{path}", params={"sort": sort})
                if answer.status_code not in (400, 422):
                    wrong.append((path, sort, answer.status_code))
            for question in ("stage=x", "programme=1", "min_score=-1", "min_score=101", "min_score=a"):
                answer = await client.get(f"/api/v1{path}?{question}")
                if answer.status_code not in (400, 422):
                    wrong.append((path, question, answer.status_code))
    assert not wrong, listed(wrong)


async def _cursor(place: Place, path: str = "/candidates", **question: str) -> str:
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        answer = await client.get(f"/api/v1{path}", params={"limit": "1", **question})
    found = re.search(r"cursor=([^&>]+)", answer.headers["link"])
    assert found
    return found[1]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_cursor_changed_in_any_place_or_taken_to_another_list_is_refused(place: Place) -> None:
    cursor, wrong = await _cursor(place), []
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for place_of in range(0, len(cursor), 3):
            other = "A" if cursor[place_of] != "A" else "B"
            changed = cursor[:place_of] + other + cursor[place_of + 1 :]
            answer = await client.get(f"/api/v1/candidates?cursor={changed}")
            if answer.status_code != 422:
                wrong.append((place_of, answer.status_code))
        for path in ("/programmes", "/offers", "/applications", place.filled(SHORTLIST)):
            answer = await client.get(f"/api/v1{path}?cursor={cursor}")
            if answer.status_code not in (400, 422):
                wrong.append((path, answer.status_code, answer.text[:200]))
        moved = await client.get(f"/api/v1/candidates?cursor={cursor}&sort=name")
        if moved.status_code != 422:
            wrong.append(("another sort", moved.status_code))
    async with client_of(place.app, place.bearers["trainer"]) as client:
        for path in ("/cohorts", "/assignments"):
            answer = await client.get(f"/api/v1{path}?cursor={cursor}")
            if answer.status_code not in (400, 422):
                wrong.append((path, answer.status_code, answer.text[:200]))
    assert not wrong, listed(wrong)


async def test_marks_of_patterns_in_a_search_are_letters_like_others(place: Place) -> None:
    await add_candidate(place.app, place.clock, profile={**PROFILE, "headline": "100 % a_b\\c"})
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for q, count in (
            ("%", 1),
            ("_", 1),
            ("\\", 1),
            ("%%%", 0),
            ("a_b", 1),
            ("aXb", 0),
            ("' OR 1=1 --", 0),
        ):
            answer = await client.get("/api/v1/candidates", params={"q": q})
            assert answer.status_code == 200, (q, answer.text)
            assert len(answer.json()["items"]) == count, (q, answer.text[:300])


async def test_a_question_of_two_hundred_filters_or_with_nul_breaks_nothing(place: Place) -> None:
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        for path in ("/candidates", "/applications", "/programmes", "/offers"):
            many = "&".join(f"filter{number}=x" for number in range(200))
            assert (await client.get(f"/api/v1{path}?{many}")).status_code in (200, 400)
            same = "&".join("q=x" for _ in range(200))
            assert (await client.get(f"/api/v1{path}?{same}")).status_code in (200, 400)
            for question in ("q=%00", "q=a%00b", "skill=%00", "%00=1", "outcome=%00"):
                answer = await client.get(f"/api/v1{path}?{question}")
                assert answer.status_code in (200, 400, 422), (path, question, answer.text)
            for words in ("\ud7ff", "é" * 200, "e\u0301" * 100, "\u202e", "🏠", "\ufffd"):
                answer = await client.get(f"/api/v1{path}?q={quote(words)}")
                assert answer.status_code == 200, (path, words, answer.text)


async def test_past_the_end_there_is_an_empty_page(place: Place) -> None:
    cursor = await _cursor(place)
    async with client_of(place.app, place.bearers["recruiter"]) as client:
        second = await client.get(f"/api/v1/candidates?limit=200&cursor={cursor}")
        assert second.status_code == 200
        assert "link" not in second.headers
        assert second.json()["next"] is None


async def test_every_default_order_walks_an_index(place: Place) -> None:
    """Tables this small are scanned by choice on PostgreSQL, so scanning is made dear there for the question."""
    database = place.app.state.database
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "LIMIT" in statement:
            said.append((statement, parameters))

    wrong = []
    for path, who in LISTS.items():
        said.clear()
        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        async with client_of(place.app, place.bearers[who]) as client:
            answer = await client.get(f"/api/v1{path}?limit=2")
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        assert answer.status_code == 200, answer.text
        wrong += [(path, plan) for plan in [await _plan(database, *said[-1])] if not _walks_an_index(plan)]
    assert not wrong, listed(wrong)


async def _plan(database: Any, statement: str, parameters: Any) -> str:
    async with database.transaction(write=False) as session:
        connection = await session.connection()
        if database.is_sqlite:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return "\n".join(str(row[3]) for row in rows if row[1] == 0)
        for name in (
            "enable_seqscan",
            "enable_sort",
            "enable_hashjoin",
            "enable_mergejoin",
            "enable_bitmapscan",
        ):
            await session.execute(text(f"SET LOCAL {name} = off"))
        rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return "\n".join(str(row[0]) for row in rows)


def _walks_an_index(plan: str) -> bool:
    """Rows of one instant may be sorted by their id (an incremental sort); the list itself may not."""
    outer = re.split(r"^\s*SubPlan", plan, maxsplit=1, flags=re.MULTILINE)[0]
    first = re.search(r"(Incremental )?\bSort  \(|USE TEMP B-TREE FOR ORDER BY", outer)
    return first is None or first[1] is not None
