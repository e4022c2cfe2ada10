"""Packages on the shelf: brought in or refused whole, withdrawn, removed with their file, and listed behind walls."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from service.flows import erasing
from service.flows.matching.lexicons import InForce
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role
from service.tables.packages import Package, PackageAttempt, PackageEntry, PackageSession, PackageUnit
from service.tables.training import LearningEvent
from tests.conftest import FixedClock
from tests.onboarding.package_makers import Sco, item, manifest, package, several
from tests.service.callers import as_staff, in_browser
from tests.service.cast import add_programme
from tests.service.paths.packaged import (
    DONE,
    PAGE,
    SLUG,
    Playing,
    bring_in,
    marked,
    path_with,
    put_path,
    rows,
    staff_id_in,
)

pytestmark = pytest.mark.anyio
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


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
    staff_id = await staff_id_in(app)
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
