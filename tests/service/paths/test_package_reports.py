"""Packages played: what content reports completes, resumes, is judged, and does no harm when it lies or stutters."""

from typing import Any

import pytest

from service.tables.training import LearningEvent
from tests.conftest import FixedClock
from tests.onboarding.package_makers import scorm_2004, several
from tests.service.hostile.place import picture
from tests.service.paths.packaged import DONE, Playing, events, marked, rows

pytestmark = pytest.mark.anyio
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def test_a_package_that_is_played_to_its_end_completes_its_module(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked())
    assert (await play.own())["units"][0]["is_open"]
    window = await play.open()
    clock.move(minutes=3)
    begun = await play.report(window, 1, core__lesson_status="incomplete", core__lesson_location="p4")
    assert (begun.status_code, begun.json()) == (200, {"answer": "kept"})
    assert not (await play.progress())["is_complete"]
    ended = await play.report(window, 2, is_final=True, **DONE)
    assert ended.status_code == 200, ended.text
    told = await play.progress()
    assert (told["is_complete"], told["percent"]) == (True, 100)
    assert await events(app) == [(True, 90, 150)]
    own = await play.own()
    assert (own["is_complete"], own["score"], own["seconds"]) == (True, 90.0, 150)
    assert own["units"][0]["status"] == "passed"


@ONE_DATABASE
async def test_a_completion_claimed_with_anothers_token_is_forbidden_and_changes_nothing(
    app: Any, clock: FixedClock
) -> None:
    play = await Playing(app, clock).set_up(marked())
    _, other, assignment = await play.another("Paul")
    mine, theirs = await play.open(), await play.open(by=other, of=assignment)
    before = await picture(app)
    claimed = await play.report(mine, token=theirs["token"], is_final=True, **DONE)
    assert (claimed.status_code, claimed.json()["type"]) == (403, "/problems/token-of-another")
    crossed = await play.report({**theirs, "session": mine["session"]}, is_final=True, **DONE)
    assert crossed.status_code == 403
    for token in ("made-up", "hsp_" + "x" * 43):
        assert (await play.report(mine, token=token, is_final=True, **DONE)).status_code == 401
    assert (await other.post(f"{play.address()}/units/1/sessions")).status_code == 404
    assert await picture(app) == before
    assert (await play.report(theirs, is_final=True, **DONE)).status_code == 200
    assert not (await play.progress())["is_complete"]


async def test_reports_twice_or_out_of_order_do_no_harm(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked())
    window = await play.open()
    third: dict[str, Any] = {"core__lesson_status": "incomplete", "core__lesson_location": "p3"}
    assert (await play.report(window, 3, **third)).json() == {"answer": "kept"}
    assert (await play.report(window, 3, **third)).json() == {"answer": "repeated"}
    late = await play.report(window, 1, core__lesson_status="incomplete", core__lesson_location="p1")
    assert late.json() == {"answer": "late"}
    reused = await play.report(window, 3, core__lesson_location="p9")
    assert (reused.status_code, reused.json()["type"]) == (409, "/problems/number-reused")
    for _ in range(2):
        assert (await play.report(window, 4, is_final=True, **DONE)).status_code == 200
    after = await play.report(window, 5, core__lesson_status="incomplete")
    assert (after.status_code, after.json()["type"]) == (409, "/problems/session-over")
    assert len(await events(app)) == 1
    assert (await play.progress())["is_complete"]


@ONE_DATABASE
async def test_a_unit_resumes_where_it_stopped_and_a_newer_window_takes_over(
    app: Any, clock: FixedClock
) -> None:
    play = await Playing(app, clock).set_up(marked())
    first = await play.open()
    clock.move(minutes=10)
    await play.report(
        first, 1, core__lesson_status="incomplete", core__lesson_location="p7", suspend_data="état",
        core__exit="suspend", core__session_time="0000:04:00",
    )  # fmt: skip
    second = await play.open()
    run_time = await play.fetch(second, "__homeshore__/runtime.js")
    start = run_time.text.split("\n", 1)[0]
    assert run_time.headers["cache-control"] == "no-store"
    for words in ('"p7"', '"\\u00e9tat"', '"resume"', '"0000:04:00.00"', '"In\\u00e8s"', second["session"]):
        assert words in start
    assert str(play.person) not in start
    older = await play.report(first, 2, core__lesson_location="p2")
    assert (older.status_code, older.json()["type"]) == (409, "/problems/session-replaced")
    clock.move(minutes=1)
    await play.report(second, 1, core__lesson_status="incomplete", core__session_time="0009:00:00")
    assert (await play.own())["seconds"] == 300  # nine hours told within one minute are one minute
    clock.move(hours=13)
    assert (await play.report(second, 2, core__lesson_location="p8")).status_code == 401
    assert (await play.fetch(second, "unit/index.html")).status_code == 404


@ONE_DATABASE
async def test_below_the_mark_is_to_take_again_and_what_was_passed_stays(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked(80))
    low: dict[str, Any] = {"core__lesson_status": "completed", "core__score__raw": "40"}
    await play.report(await play.open(), is_final=True, **low)
    assert [(passed, percent) for passed, percent, _ in await events(app)] == [(False, 40)]
    assert not (await play.progress())["is_complete"]
    clock.move(minutes=1)
    await play.report(await play.open(), is_final=True, **DONE)
    clock.move(minutes=1)
    await play.report(await play.open(), is_final=True, **low)
    assert [(passed, percent) for passed, percent, _ in await events(app)] == [(False, 40), (True, 90)]
    assert (await play.progress())["is_complete"]


async def test_units_open_in_order_and_an_asset_is_done_once_shown(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(several())
    assert [one["is_open"] for one in (await play.own())["units"]] == [True, False, False]
    early = await play.learner.post(f"{play.address()}/units/2/sessions")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/unit-locked")
    for number in ("0", "4", "-1", "x", "1" * 30):
        assert (await play.learner.post(f"{play.address()}/units/{number}/sessions")).status_code == 404
    await play.report(await play.open(1), is_final=True, **DONE)
    second = await play.open(2)
    assert second["address"].endswith("/unites/b%20b/index.html?mode=1&theme=calme")
    await play.report(second, is_final=True, core__lesson_status="completed")
    assert not (await play.progress())["is_complete"]
    await play.open(3)
    assert (await play.progress())["is_complete"]


@ONE_DATABASE
async def test_scorm_2004_is_judged_in_its_own_words(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(scorm_2004())
    window = await play.open()
    ended = await play.report(
        window, is_final=True, completion_status="completed", success_status="passed", score__scaled="0.9"
    )
    assert ended.status_code == 200, ended.text
    assert (await play.progress())["is_complete"]


@ONE_DATABASE
async def test_what_scorm_does_not_know_is_refused_with_its_place(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked())
    window = await play.open()
    wrong = await play.report(window, core__lesson_status="winning")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/report-faulty")
    assert wrong.json()["errors"][0]["pointer"] == "/values/cmi.core.lesson_status"
    big = await play.report(window, suspend_data="x" * 1_000_001)
    assert (big.status_code, big.json()["type"]) == (413, "/problems/report-too-big")
    assert await rows(app, LearningEvent) == [0]
