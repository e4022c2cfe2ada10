"""Proofs of a training: papers that trainers issue, the archive of an auditor, and who reads none of it."""

import io
import json
import zipfile
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.flows.proof import training_exports, training_sheets
from service.flows.proof.training_export_checks import problems_in
from service.runtime.actors import SYSTEM
from service.runtime.vocabulary import Role, Stage
from service.tables.applications import Application
from service.tables.papers import IssuedPaper
from service.tables.programmes import Employer
from tests.conftest import FixedClock
from tests.documents.papers.reading import words_of
from tests.service.callers import add_candidate, as_candidate, as_staff
from tests.service.learning.test_assignments import PATH, give, once
from tests.service.learning.training import pass_every_quiz
from tests.service.papers.offering import EMPLOYER

pytestmark = pytest.mark.anyio
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def trained(
    app: Any, clock: FixedClock, *, but: int = 0, has_application: bool = True
) -> tuple[httpx.AsyncClient, httpx.AsyncClient, str]:
    """A trainer, a hired learner who is through (or nearly) with a path, and the assignment's id."""
    trainer = await as_staff(app, clock, Role.TRAINER)
    person = await add_candidate(app, clock, given_name="Maïwenn", family_name="Le Goff")
    async with app.state.database.transaction() as session:
        session.add(Employer(facts=EMPLOYER, updated_at=clock()))
        if has_application:
            session.add(
                Application(candidate_id=person, stage=Stage.HIRED, created_at=clock(), stage_since=clock())
            )
    given = await give(trainer, candidate_id=str(person), start_date="2026-11-20")
    (assignment,) = given.json()["assignments"]
    await pass_every_quiz(app, assignment, now=clock(), but=but)
    return trainer, await as_candidate(app, clock, person), str(assignment)


async def issue(trainer: httpx.AsyncClient, assignment: str, kind: str, **details: Any) -> httpx.Response:
    return await trainer.post(
        f"/api/v1/training/files/{assignment}/papers", json={"kind": kind, "details": details}, headers=once()
    )


async def test_the_file_tells_each_activity_with_mean_and_real_time_and_each_attempt(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, assignment = await trained(app, clock, but=1)
    told = (await trainer.get(f"/api/v1/training/files/{assignment}")).json()
    *done, last = told["details"]["activities"]
    assert {one["standing"] for one in done} == {"done"}
    assert {one["spent_minutes"] for one in done} == {10}
    assert (last["standing"], last["spent_minutes"], last["done_on"]) == ("to_do", None, None)
    assert told["mean_minutes"] - told["realised_minutes"] == last["minutes"]
    assert len(told["details"]["assessments"]) == len(done)
    assert {one["is_technical"] for one in told["details"]["assistance"][1:]} == {True}


async def test_a_trainer_issues_papers_of_a_training_and_its_learner_has_them(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, assignment = await trained(app, clock)
    for kind in ("distance_training_file", "training_programme", "completion_certificate"):
        made = await issue(trainer, assignment, kind)
        assert made.status_code == 201, (kind, made.text)
    told = (await trainer.get(f"/api/v1/training/files/{assignment}")).json()
    assert [one["kind"] for one in told["papers"]] == [
        "completion_certificate", "training_programme", "distance_training_file",
    ]  # fmt: skip
    certificate = (await trainer.get(f"/api/v1/papers/{told['papers'][0]['id']}")).json()
    assert certificate["reference"].startswith("DOC-2026-")


@ONE_DATABASE
async def test_the_paper_of_a_trainer_says_neither_where_somebody_lives_nor_when_they_were_born(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, assignment = await trained(app, clock)
    await issue(trainer, assignment, "completion_certificate")
    async with app.state.database.transaction(write=False) as session:
        paper = (await session.scalars(select(IssuedPaper))).one()
    assert paper.facts["person"]["last_name"] == "Le Goff"
    assert (paper.facts["person"]["address"], paper.facts["person"]["birth_date"]) == (None, None)
    assert str(paper.assignment_id) == assignment


@ONE_DATABASE
async def test_nobody_certifies_what_is_not_finished(app: Any, clock: FixedClock) -> None:
    trainer, _, assignment = await trained(app, clock, but=1)
    refused = await issue(trainer, assignment, "completion_certificate")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "training-unfinished")


@ONE_DATABASE
async def test_the_file_at_a_distance_takes_no_words_of_its_own(app: Any, clock: FixedClock) -> None:
    trainer, _, assignment = await trained(app, clock)
    assert (await issue(trainer, assignment, "distance_training_file", title="Autre")).status_code == 422
    assert (await issue(trainer, assignment, "offer_letter")).status_code == 404


@ONE_DATABASE
async def test_without_an_application_no_number_is_taken_and_the_answer_says_what_to_do(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, assignment = await trained(app, clock, has_application=False)
    refused = await issue(trainer, assignment, "completion_certificate")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "no-application")


async def test_one_call_hands_an_auditor_everything_and_it_can_be_checked(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, assignment = await trained(app, clock)
    await issue(trainer, assignment, "completion_certificate")
    assert (await learner.post(f"/api/v1/me/assignments/{assignment}/badge")).status_code == 201
    answer = await trainer.get("/api/v1/training/proofs", params={"path": PATH})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = archive.namelist()
    folder = f"personnes/0001-maiwenn-le-goff-{PATH}"
    assert {f"{folder}/dossier-formation-a-distance.pdf", f"{folder}/badge.jwt"} <= set(names)
    assert names[-1] == training_exports.MANIFEST
    assert archive.read("evenements.csv").decode("utf-8-sig").count(";quiz_marked;") == 6
    manifest = json.loads(archive.read(training_exports.MANIFEST))
    assert [one["person"] for one in manifest["trainings"]] == ["Maïwenn Le Goff"]
    assert list(problems_in(archive)) == []
    assert found_in_a_changed(archive) == [
        "ajout.txt: not in the manifest", "piste-audit.json: its SHA-256 is another one",
    ]  # fmt: skip


def found_in_a_changed(source: zipfile.ZipFile) -> list[str]:
    """What checking says of the same archive with one more file, and another word in the trail."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for name in source.namelist():
            content = source.read(name)
            is_trail = name == training_exports.TRAIL
            changed.writestr(name, content.replace(b'"actor"', b'"acteur"', 1) if is_trail else content)
        changed.writestr("ajout.txt", b"")
    return list(problems_in(zipfile.ZipFile(out)))


@ONE_DATABASE
async def test_an_auditor_asking_for_nobody_is_told_before_the_first_byte(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, _ = await trained(app, clock)
    assert (await trainer.get("/api/v1/training/proofs", params={"path": "no-such-path"})).status_code == 404
    assert (await learner.get("/api/v1/training/proofs")).status_code == 403


@ONE_DATABASE
async def test_the_sheet_of_a_class_says_who_was_there_and_who_signed_when(
    app: Any, clock: FixedClock
) -> None:
    trainer, learner, _ = await trained(app, clock)
    plan = {"title": "Écouter", "day": "2026-11-24", "starts": "09:00", "ends": "17:00", "place": "Salle 4"}
    held = await trainer.post("/api/v1/classes", json=plan)
    at = held.headers["location"]
    person = (await trainer.get("/api/v1/assignments")).json()["items"][0]["candidate_id"]
    assert (await trainer.post(f"{at}/seats", json={"candidates": [person]})).status_code == 200
    clock.now = clock.now.replace(hour=11, minute=5)
    marks = {
        "marks": [{"candidate_id": person, "presence": "late", "missed_minutes": 20, "reason": "technical"}]
    }
    noted = await trainer.put(f"{at}/attendance/morning", json=marks, headers={"If-Match": "*"})
    assert noted.status_code == 200, noted.text
    own = f"/api/v1/me/classes/{held.json()['id']}/signatures/morning"
    signed = await learner.post(own, json={"name": "Maïwenn Le Goff"})
    assert signed.status_code in (200, 201), signed.text
    async with app.state.database.transaction() as session:
        sheet, paper = await training_sheets.plan_sheet(
            session, SYSTEM, held.json()["id"], editions=app.state.editions, now=clock()
        )
    said = words_of(paper.html)
    assert "Maïwenn Le Goff présence en partie 20 min manquées" in said
    assert ", à 12 h 05" in said
    assert "Mardi 24 novembre 2026, après-midi" in said
    assert sheet.lines[0].attended.minutes == 220
