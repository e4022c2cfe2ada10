"""Proofs, moved starts and editions, drawn questions, terms and renewal, through the API and the daily clock."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from onboarding.content import Label, Words
from onboarding.paths.paths import Attachment, LiveClass, Path
from service.flows.learning import renewals
from service.flows.paths import path_shelf
from service.runtime.vocabulary import Role
from service.tables.ledger import SkillEntry
from service.tables.people import Candidate
from service.tables.trail import Mail
from service.tables.training import Assignment
from tests.conftest import FixedClock
from tests.onboarding.samples import FULL_KEY, sample
from tests.service.assessing.trial import put_in_force
from tests.service.callers import add_candidate, as_candidate, as_staff, in_browser
from tests.service.learning.test_assignments import once

pytestmark = pytest.mark.anyio
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

START = "2026-11-24"
A_REASON = "Diplôme de 2024, vu en original."


def yearly() -> Path:
    """One path of three modules: a proof exempts from each, two of three questions are drawn, it holds a year."""
    modules = tuple(
        one.model_copy(
            update={
                "exemption": Words(fr="Un diplôme", en="A degree"),
                "quiz_draw": 2,
                "teaches": ("telework",),
                "attempts": 3,
            }
        )
        for one in sample().modules
    )
    return sample().model_copy(update={"modules": modules, "valid_months": 12, "renewal_days": 60})


def put_on_the_shelf(app: Any, *found: Path) -> None:
    known = {(one.slug, one.edition): one for one in found}
    put_in_force(app, replace(app.state.editions, paths={**app.state.editions.paths, **known}))


async def learner_on_the_path(
    app: Any, clock: FixedClock, path: Path | None = None
) -> tuple[httpx.AsyncClient, httpx.AsyncClient, str]:
    put_on_the_shelf(app, path or yearly())
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock, is_agent=True)
    body = {"path": "sample", "candidate_id": str(person), "start_date": START}
    given = await trainer.post("/api/v1/assignments", json=body, headers=once())
    assert given.status_code == 201, given.text
    learner = await as_candidate(app, clock, person)
    return trainer, learner, given.json()["assignments"][0]


async def pass_quiz(learner: httpx.AsyncClient, assignment: str, module: str) -> httpx.Response:
    here = f"/api/v1/me/assignments/{assignment}/modules/{module}"
    asked = (await learner.get(here)).json()["quiz"]
    answers = {one["question"]: FULL_KEY[one["question"]] for one in asked}
    return await learner.post(f"{here}/attempts", json={"answers": answers, "seconds": 90}, headers=once())


async def finish(learner: httpx.AsyncClient, assignment: str) -> None:
    for module in ("first", "second", "third"):
        marked = await pass_quiz(learner, assignment, module)
        assert marked.json()["passed"], marked.text


async def rows(app: Any, table: Any) -> list[Any]:
    async with app.state.database.transaction(write=False) as session:
        return list(await session.scalars(select(table)))


async def sweep(app: Any, clock: FixedClock) -> int:
    async with app.state.database.transaction() as session:
        library = await path_shelf.library(session, app.state.editions)
        told = {"settings": app.state.settings, "editions": library, "now": clock()}
        opened = await renewals.open_due(session, **told)
        return opened + await renewals.end_due(session, **told)


async def test_a_proof_is_decided_by_a_person_and_takes_the_place_of_the_module(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, given = await learner_on_the_path(app, clock)
    picture = {"file": ("diplome.png", _png(), "image/png")}
    here = f"/api/v1/me/assignments/{given}/modules/second/proofs"
    sent = await learner.post(here, files=picture, data={"words": "BTS"})
    again = await learner.post(here, files=picture, data={"words": "BTS"})
    assert (sent.status_code, again.json()["id"]) == (201, sent.json()["id"]), sent.text
    (waiting,) = (await trainer.get("/api/v1/exemptions")).json()["items"]
    decision = f"/api/v1/exemptions/{waiting['id']}/decision"
    short = await trainer.post(decision, json={"is_granted": True, "reason": "oui"})
    assert (short.status_code, short.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (await learner.post(decision, json={"is_granted": True, "reason": A_REASON})).status_code == 403
    granted = await trainer.post(decision, json={"is_granted": True, "reason": A_REASON})
    assert (granted.status_code, granted.json()["is_granted"]) == (200, True), granted.text
    other = await trainer.post(decision, json={"is_granted": False, "reason": A_REASON})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/already-decided")
    second = (await learner.get(f"/api/v1/me/assignments/{given}")).json()["modules"][1]
    assert (second["state"], second["exempted_on"], second["is_complete"]) == ("exempted", START, True)
    assert (await learner.post(here, files=picture)).json()["type"] == "/problems/module-done"
    (entry,) = await rows(app, SkillEntry)
    assert (entry.skill, "dispensé sur preuve" in entry.words) == ("telework", True)


@ONE_DATABASE
async def test_a_reload_asks_the_same_questions_and_a_marked_attempt_is_told_as_it_was_asked(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, given = await learner_on_the_path(app, clock)
    here = f"/api/v1/me/assignments/{given}/modules/first"
    first = (await learner.get(here)).json()
    assert (first["quiz"], first["pool"]) == ((await learner.get(here)).json()["quiz"], 3)
    unasked = [slug for slug in FULL_KEY if slug not in {one["question"] for one in first["quiz"]}]
    stale = {"answers": {slug: FULL_KEY[slug] for slug in unasked}}
    assert (await learner.post(f"{here}/attempts", json=stale, headers=once())).status_code == 422
    marked = (await pass_quiz(learner, given, "first")).json()
    assert [one["question"] for one in marked["questions"]] == [one["question"] for one in first["quiz"]]
    told = (await trainer.get(f"/api/v1/assignments/{given}")).json()
    assert (told["seconds"], told["modules"][0]["seconds"]) == (90, 90)


@ONE_DATABASE
async def test_time_is_measured_between_opening_and_leaving_and_two_windows_are_one_attempt(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, given = await learner_on_the_path(app, clock)
    person = (await rows(app, Candidate))[0].id
    page = await in_browser(app, clock, candidate_id=person)
    here = f"/me/training/{given}/modules/first"
    lesson = _hidden((await page.get(f"{here}/pages/one")).text)
    clock.move(minutes=4)
    assert (await page.post(f"{here}/pages/one", data=lesson)).status_code == 303
    lesson = _hidden((await page.get(f"{here}/pages/two")).text)
    clock.move(hours=3)
    assert (await page.post(f"{here}/pages/two", data=lesson)).status_code == 303
    told = (await trainer.get(f"/api/v1/assignments/{given}")).json()["modules"][0]
    assert (told["seconds"], told["pages_read"]) == (4 * 60 + 30 * 60, ["one", "two"])
    one, other = [_hidden((await page.get(f"{here}/quiz")).text) for _ in range(2)]
    text = (await page.get(f"{here}/quiz")).text
    answers = {f"q-{slug}": key for slug, key in FULL_KEY.items() if f'name="q-{slug}"' in text}
    assert (await page.post(f"{here}/quiz", data={**one, **answers})).status_code == 303
    assert one["attempt"] == other["attempt"], "a reload and a second window go on with one attempt"
    slug = next(iter(answers))
    changed = {**other, **answers, slug: "c" if slug == "q-q2" else "a" if answers[slug] == ["b"] else "b"}
    again = await page.post(f"{here}/quiz", data=changed)
    told = (await page.get(again.headers["location"])).text
    assert (again.status_code, "déjà été corrigé" in told, "100 %" in told) == (303, True, True)
    assert (await trainer.get(f"/api/v1/assignments/{given}")).json()["modules"][0]["attempts_used"] == 1
    assert _hidden((await page.get(f"{here}/quiz")).text)["attempt"] != one["attempt"]


@ONE_DATABASE
async def test_a_file_of_a_module_is_shown_or_saved_while_the_module_is_open(
    app: Any, clock: FixedClock
) -> None:
    content = _png()
    kept = app.state.files.put(content)
    title = Label(fr="Le poste", en="The desk")
    drawing = Attachment(
        name="poste.png", sha256=kept, media_type="image/png", size=len(content), title=title
    )
    whole = yearly()
    path = whole.model_copy(
        update={"modules": tuple(one.model_copy(update={"files": (drawing,)}) for one in whole.modules)}
    )
    await learner_on_the_path(app, clock, path)
    person, given = (await rows(app, Candidate))[0].id, (await rows(app, Assignment))[0].id
    page = await in_browser(app, clock, candidate_id=person)
    here = f"/me/training/{given}/modules"
    found = await page.get(f"{here}/first/files/poste.png")
    assert (found.status_code, found.content, found.headers["content-type"]) == (200, content, "image/png")
    assert found.headers["content-disposition"].startswith("inline")
    assert "Le poste" in (await page.get(f"{here}/first")).text
    assert (await page.get(f"{here}/first/files/autre.png")).status_code == 404
    assert (await page.get(f"{here}/second/files/poste.png")).status_code == 409


@ONE_DATABASE
async def test_a_start_moved_twice_keeps_what_was_done_and_tells_both_moves(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, given = await learner_on_the_path(app, clock)
    await pass_quiz(learner, given, "first")
    here = f"/api/v1/assignments/{given}"
    due = [one["due"] for one in (await trainer.get(here)).json()["modules"]]
    for day in ("2026-12-24", "2026-12-24", "2026-12-14"):
        moved = await trainer.post(f"{here}/start", json={"start_date": day, "why": "Arrêt"})
        assert moved.status_code == 200, moved.text
        clock.move(minutes=1)
    told = moved.json()
    assert (told["start_date"], [one["state"] for one in told["modules"]]) == (
        "2026-12-14", ["passed", "locked", "locked"],
    )  # fmt: skip
    assert [one["due"] for one in told["modules"]] > due
    changes = (await trainer.get(f"{here}/changes")).json()["items"]
    assert [(one["before"], one["after"]) for one in changes] == [
        (START, "2026-12-24"), ("2026-12-24", "2026-12-14"),
    ]  # fmt: skip
    far = await trainer.post(f"{here}/start", json={"start_date": "2031-01-01"})
    assert far.json()["errors"][0]["pointer"] == "/start_date"


@ONE_DATABASE
async def test_a_learner_stays_on_the_edition_begun_until_a_trainer_moves_them_and_old_marks_stay(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, given = await learner_on_the_path(app, clock)
    marked = (await pass_quiz(learner, given, "first")).json()
    lost = (await pass_quiz(learner, given, "third")).json()
    page = await in_browser(app, clock, candidate_id=(await rows(app, Candidate))[0].id)
    mine = f"/me/training/{given}"
    opened = _hidden((await page.get(f"{mine}/modules/first/quiz")).text)
    first, second, _ = yearly().modules
    asks_more = {"quiz": first.quiz[1:], "quiz_draw": None, "live": LiveClass(minutes=60)}
    changed = first.model_copy(update=asks_more)
    newer = yearly().model_copy(
        update={"edition": "2026-12", "modules": (changed, second.model_copy(update={"slug": "fourth"}))}
    )
    put_on_the_shelf(app, newer)
    here = f"/api/v1/assignments/{given}"
    assert len((await learner.get(f"/api/v1/me/assignments/{given}")).json()["modules"]) == 3
    ahead = (await trainer.get(f"{here}/edition-ahead")).json()
    assert (ahead["edition"], ahead["changed"], ahead["dropped"]) == (
        "2026-12",
        ["first"],
        ["second", "third"],
    )
    proof = await learner.post(
        f"/api/v1/me/assignments/{given}/modules/second/proofs",
        files={"file": ("a.png", _png(), "image/png")},
    )
    assert proof.status_code == 201, proof.text
    all_at_once = {"act": "edition", "assignments": [given], "dry_run": True}
    told = await trainer.post("/api/v1/training/actions", json=all_at_once, headers=once())
    assert [one["effect"] for one in told.json()["effects"]] == ["will"], told.text
    wrong = await trainer.post(f"{here}/edition", json={"edition": "2027-01"})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/edition-changed")
    done = await trainer.post(
        "/api/v1/training/actions", json=all_at_once | {"dry_run": False}, headers=once()
    )
    assert (done.json()["done"], done.status_code) == ([given], 201), done.text
    moved = (await trainer.post(f"{here}/edition", json={"edition": "2026-12"})).json()
    assert [(one["module"], one["is_complete"]) for one in moved["modules"]] == [
        ("first", True), ("fourth", False),
    ]  # fmt: skip
    assert (await trainer.get("/api/v1/exemptions")).json()["items"] == [], "nothing waits for a lost module"
    for mark in (marked, lost):
        kept = await page.get(f"{mine}/attempts/{mark['id']}")
        assert kept.status_code == 200, "of a module that is no longer there too"
        assert all(one["text"]["fr"].split(" ?")[0] in kept.text for one in mark["questions"])
    late = await page.post(f"{mine}/modules/first/quiz", data={**opened, "q-q3": "b"})
    assert (late.status_code, "a changé depuis" in late.text, late.text.count(" checked")) == (409, True, 1)
    assert (await page.get(f"{mine}/modules/third")).status_code == 409
    assert "une autre édition" in (await page.get(mine)).text


async def test_recertification_starts_itself_once_and_what_has_ended_counts_no_more(
    app: Any, clock: FixedClock
) -> None:
    _, learner, given = await learner_on_the_path(app, clock)
    await finish(learner, given)
    told = (await learner.get(f"/api/v1/me/assignments/{given}")).json()
    assert (told["expires_on"], told["renewal_on"]) == ("2027-11-24", "2027-09-25")
    assert await sweep(app, clock) == 0
    clock.move(days=(date(2027, 9, 26) - clock().date()).days)  # a Sunday: nobody is written to
    assert await sweep(app, clock) == 0
    clock.move(hours=24)
    assert [await sweep(app, clock), await sweep(app, clock)] == [1, 0]
    first, again = sorted(await rows(app, Assignment), key=lambda one: one.start_date)
    assert (again.renews_id, again.start_date, again.is_complete) == (first.id, date(2027, 9, 27), False)
    letters = await rows(app, Mail)
    by_reader = {one.recipient: one.body_text for one in letters}
    assert sorted(by_reader) == ["ines@example.com", "trainer@example.com"]
    assert "- Un essai : une personne" in by_reader["trainer@example.com"]
    assert "Inès" not in by_reader["trainer@example.com"]
    clock.move(days=(date(2027, 11, 25) - clock().date()).days)
    assert [await sweep(app, clock), await sweep(app, clock)] == [1, 0]
    assert {one.ended_why for one in await rows(app, SkillEntry)} == {
        "« Un essai » n'est plus valable depuis le mercredi 24 novembre 2027"
    }
    learner = await as_candidate(app, clock, first.candidate_id)
    await finish(learner, str(again.id))
    assert sum(one.ended_at is None for one in await rows(app, SkillEntry)) == 3


async def test_a_path_given_by_hand_before_its_end_is_not_given_twice(app: Any, clock: FixedClock) -> None:
    trainer, learner, given = await learner_on_the_path(app, clock)
    await finish(learner, given)
    clock.move(days=(date(2027, 9, 27) - clock().date()).days)
    trainer = await as_staff(app, clock, Role.TRAINER, email="other@example.com")
    person = (await rows(app, Assignment))[0].candidate_id
    body = {"path": "sample", "candidate_id": str(person), "start_date": "2027-09-27"}
    assert (await trainer.post("/api/v1/assignments", json=body, headers=once())).status_code == 201
    assert await sweep(app, clock) == 1
    first, again = sorted(await rows(app, Assignment), key=lambda one: one.start_date)
    assert (again.renews_id, len(await rows(app, Mail))) == (first.id, 0)


def _hidden(text: str) -> dict[str, str]:
    """What a form carries unseen."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))


def _png() -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, "PNG")
    return written.getvalue()
