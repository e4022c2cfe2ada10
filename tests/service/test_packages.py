"""Training packages in the product: brought in or refused whole, played in windows, resumed, judged and kept."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlmodel import col

from service.flows import erasing
from service.flows.lexicons import InForce
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role
from service.tables.packages import Package, PackageAttempt, PackageEntry, PackageSession, PackageUnit
from service.tables.people import Staff
from service.tables.training import LearningEvent
from tests.conftest import FixedClock
from tests.onboarding.package_makers import Sco, item, manifest, package, scorm_2004, several
from tests.service.callers import as_staff, in_browser
from tests.service.hostile.place import picture
from tests.service.packaged import PAGE, SLUG, Playing, bring_in, marked, path_with, put_path
from tests.service.people import add_programme

pytestmark = pytest.mark.anyio

ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DONE: dict[str, Any] = {
    "core__lesson_status": "completed",
    "core__score__raw": "90",
    "core__session_time": "0000:02:30.00",
}


async def rows(app: Any, *tables: Any) -> list[int]:
    async with app.state.database.transaction(write=False) as session:
        return [int(await session.scalar(select(func.count()).select_from(table)) or 0) for table in tables]


async def events(app: Any) -> list[tuple[bool | None, int | None, int]]:
    async with app.state.database.transaction(write=False) as session:
        found = await session.scalars(select(LearningEvent).order_by(col(LearningEvent.at)))
        return [(one.is_passed, one.mark_percent, one.seconds) for one in found]


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


async def test_the_same_bytes_are_one_package_and_a_refused_one_leaves_nothing(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    assert (await bring_in(trainer, marked())).status_code == 201
    again = await bring_in(trainer, marked(), "autre nom.zip")
    assert (again.status_code, again.json()["file_name"]) == (200, "accueil.zip")
    kept = app.state.files.all_hashes()
    hostile = package(
        manifest(Sco("SCO-1", "missing.html")),
        further=[item("../evil.js"), item("unit.zip", b"PK\x03\x04"), item("UNIT.zip")],
    )
    refused = await bring_in(trainer, hostile)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/package-refused")
    found = {(one["code"], one["pointer"]) for one in refused.json()["errors"]}
    assert ("name_parent", "/file/../evil.js") in found
    assert {"nested_archive", "name_case"} <= {code for code, _ in found}
    assert await rows(app, Package, PackageEntry) == [1, 3]
    assert app.state.files.all_hashes() == kept


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


@ONE_DATABASE
async def test_content_is_served_in_its_fence_to_its_own_window_alone(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked())
    window = await play.open()
    page = await play.fetch(window, "unit/index.html")
    assert page.headers["content-type"] == "text/html"  # its encoding is its own to tell
    assert f'<script src="{window["folder"]}__homeshore__/runtime.js"></script>' in page.text
    policy = page.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert window["folder"] in policy
    assert "x-frame-options" not in page.headers
    assert "set-cookie" not in page.headers
    part = await play.fetch(window, "unit/a.css", Range="bytes=1-2")
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"{}", "bytes 1-2/3")
    assert (await play.fetch(window, "unit/a.css", Range="bytes=9-")).status_code == 416
    for name in ("unit/", "unit/A.css", "nothing.html", "..%2f..%2fhomeshore.db", "imsmanifest.xml/x"):
        assert (await play.fetch(window, name)).status_code == 404
    assert (
        await play.fetch({"folder": window["folder"].replace("hsf_", "hsf_x")}, "unit/a.css")
    ).status_code == 404
    app.state.files.remove(play.package["sha256"])
    assert (await play.fetch(window, "unit/a.css")).status_code == 410


@ONE_DATABASE
async def test_a_film_is_brought_in_by_the_page_and_sent_in_pieces_from_where_it_is_asked(
    app: Any, clock: FixedClock
) -> None:
    film = bytes(range(256)) * 12_000
    long = PAGE + b"<p>" + b"mot " * 300_000
    for is_deflated in (False, True):
        unit = manifest(Sco("SCO-1", f"{is_deflated}.html"))
        made = package(
            unit, further=[item(f"{is_deflated}.html", long), item("film.mp4", film, is_deflated=is_deflated)]
        )
        trainer = await as_staff(app, clock, Role.TRAINER, email=f"{is_deflated}@example.com")
        page = await in_browser(app, clock, staff_id=await _staff_id(app))
        answer = await page.post(
            "/training/packages", data={"_csrf_token": page.cookies["csrftoken"]},
            files={"file": ("film.zip", made, "application/zip")},
        )  # fmt: skip
        assert answer.status_code == 303
        here = answer.headers["location"]
        opened = await page.post(
            f"{here}/units/1/sessions", headers={"x-csrftoken": page.cookies["csrftoken"]}
        )
        folder = opened.json()["folder"]
        whole = await trainer.get(folder + "film.mp4")
        assert (whole.status_code, whole.content == film) == (200, True)
        assert whole.headers["content-length"] == str(len(film))
        later = await trainer.get(folder + "film.mp4", headers={"Range": "bytes=1500000-"})
        assert (later.status_code, later.content == film[1_500_000:]) == (206, True)
        shown = (await trainer.get(folder + f"{is_deflated}.html")).content
        assert len(shown) == len(long) + len(f'<script src="{folder}__homeshore__/runtime.js"></script>')


@ONE_DATABASE
async def test_a_package_of_two_thousand_files_is_taken_and_one_more_is_not(
    app: Any, clock: FixedClock
) -> None:
    def of(files: int) -> bytes:
        further = [item(f"unit/{number}.txt", b"%d" % number) for number in range(files - 2)]
        return package(manifest(Sco("SCO-1", "index.html")), further=[item("index.html", PAGE), *further])

    play = await Playing(app, clock).set_up(of(2000))
    assert play.package["files"] == 2000
    assert (await play.fetch(await play.open(), "unit/1997.txt")).content == b"1997"
    refused = await bring_in(play.trainer, of(2001))
    assert [one["code"] for one in refused.json()["errors"]] == ["too_many_entries"]


async def test_a_withdrawn_package_is_finished_by_those_who_began_and_opened_by_nobody_else(
    app: Any, clock: FixedClock
) -> None:
    play = await Playing(app, clock).set_up(marked())
    _, other, assignment = await play.another("Paul")
    window = await play.open()
    shelf = f"/api/v1/packages/{play.package['id']}"
    assert (await play.trainer.delete(shelf)).status_code == 409
    gone = await play.trainer.post(f"{shelf}/withdrawal", json={"why": "Le texte de loi a changé depuis."})
    assert gone.status_code == 200, gone.text
    refused = await other.post(f"{play.address(assignment)}/units/1/sessions")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/package-withdrawn")
    assert (await play.report(window, is_final=True, **DONE)).status_code == 200
    assert (await play.progress())["is_complete"]
    await play.open()
    assert (await play.trainer.delete(f"{shelf}/withdrawal")).json()["withdrawn_at"] is None
    await play.open(by=other, of=assignment)


@ONE_DATABASE
async def test_a_module_taken_back_in_mid_play_keeps_what_was_done_and_tells_no_event(
    app: Any, clock: FixedClock
) -> None:
    play = await Playing(app, clock).set_up(marked())
    window = await play.open()
    paths = {name: one for name, one in app.state.editions.paths.items() if name[0] != SLUG}
    app.state.editions = replace(app.state.editions, paths=paths)
    app.state.in_force = InForce(app.state.database, app.state.editions)
    assert (await play.report(window, is_final=True, **DONE)).status_code == 200
    assert await rows(app, LearningEvent) == [0]
    shown = (await play.trainer.get(f"/api/v1/packages/{play.package['id']}/attempts")).json()["items"]
    assert [(one["percent"], one["score"]) for one in shown] == [(100, 90.0)]


@ONE_DATABASE
async def test_an_unused_package_is_removed_and_its_file_with_the_next_sweep(
    app: Any, clock: FixedClock
) -> None:
    trainer = await as_staff(app, clock, Role.TRAINER)
    kept = (await bring_in(trainer, marked(70))).json()

    async def sweep() -> int:
        async with app.state.database.transaction() as session:
            later = clock() + timedelta(days=3)
            return await erasing.remove_forgotten(
                session, files=app.state.files, settings=app.state.settings, now=later
            )

    assert await sweep() == 0
    put_path(app, path_with(kept["sha256"]))
    assert (await trainer.delete(f"/api/v1/packages/{kept['id']}")).status_code == 409
    put_path(app, path_with("0" * 64))
    assert (await trainer.delete(f"/api/v1/packages/{kept['id']}")).status_code == 204
    assert await rows(app, Package, PackageEntry) == [0, 0]
    assert await sweep() == 1


async def test_all_of_it_goes_with_the_learner(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked())
    await play.report(await play.open(), suspend_data="à moi")
    async with app.state.database.transaction() as session:
        await erasing.erase(
            session, SYSTEM, play.person, files=app.state.files, reason="Demande du 24 novembre.", now=clock()
        )
    left = await rows(app, PackageAttempt, PackageUnit, PackageSession, Package)
    assert left == [0, 0, 0, 1]


@ONE_DATABASE
async def test_learners_are_listed_in_two_queries_behind_their_walls(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(marked())
    await play.open()
    address = f"/api/v1/packages/{play.package['id']}/attempts"
    counted: list[int] = []
    for name in ("", "Paul", "Zoé"):
        clock.move(minutes=1)
        if name:
            _, other, assignment = await play.another(name)
            await play.open(by=other, of=assignment)
        asked: list[str] = []
        engine = app.state.database.engine.sync_engine
        event.listen(
            engine, "before_cursor_execute", note := lambda *told, asked=asked: asked.append(told[2])
        )
        listed = (await play.trainer.get(address)).json()["items"]
        event.remove(engine, "before_cursor_execute", note)
        counted.append(len(asked))
    assert [one["person"] for one in listed][-1] == "Inès"
    assert len(set(counted)) == 1
    await add_programme(app, clock)
    narrow = await as_staff(app, clock, Role.SUPERVISOR, sees_all_programmes=False)
    assert (await narrow.get(address)).json()["items"] == []
    first = await play.trainer.get(address, params={"limit": 1})
    assert len(first.json()["items"]) == 1
    assert 'rel="next"' in first.headers["link"]


@ONE_DATABASE
async def test_pages_show_the_shelf_every_problem_and_the_player(app: Any, clock: FixedClock) -> None:
    play = await Playing(app, clock).set_up(several())
    staff_id = await _staff_id(app)
    page = await in_browser(app, clock, staff_id=staff_id)
    listed = await page.get("/training/packages")
    assert "Accueil à distance" in listed.text
    token = {"_csrf_token": page.cookies["csrftoken"]}
    broken = package(manifest(Sco("SCO-1", "missing.html")), further=[item("../evil.js")])
    refused = await page.post(
        "/training/packages", data=token, files={"file": ("mauvais.zip", broken, "application/zip")}
    )
    assert refused.status_code == 422
    assert "../evil.js" in refused.text
    assert "Rien n'a été gardé" in refused.text.replace("&#39;", "'")
    none = await page.post("/training/packages", data=token, files={"x": ("", b"", "text/plain")})
    assert none.status_code == 422
    here = f"/training/packages/{play.package['id']}"
    short = await page.post(f"{here}/withdrawal", data={**token, "reason": "non"})
    assert short.status_code == 422
    assert "vingt caractères" in short.text
    tried = await page.get(f"{here}/units/1")
    opened = await page.post(f"{here}/units/1/sessions", headers={"x-csrftoken": token["_csrf_token"]})
    assert 'sandbox="allow-scripts allow-forms allow-downloads"' in tried.text
    window = opened.json()
    assert (await play.fetch(window, "unites/a/index.html")).status_code == 200
    assert (await play.report(window, is_final=True, **DONE)).json() == {"answer": "kept"}
    assert await rows(app, PackageAttempt) == [0]
    page = await in_browser(app, clock, candidate_id=play.person)
    here = f"/me/training/{play.assignment}/modules/play/package"
    units = await page.get(here)
    assert set(re.findall(r'href="[^"]*/package/units/(\d)"', units.text)) == {"1"}
    locked = await page.get(f"{here}/units/2")
    assert (locked.status_code, locked.headers["location"]) == (303, here)
    shown = await page.get(f"{here}/units/1")
    assert window["token"] not in shown.text
    assert f'data-open="{here}/units/1/sessions"' in shown.text
    assert await rows(app, PackageAttempt) == [0]  # looking at the page opens nothing


async def _staff_id(app: Any) -> Any:
    async with app.state.database.transaction(write=False) as session:
        return await session.scalar(select(col(Staff.id)))
