"""What the file of a training says of packages and classes: every marked run, and no class of another round."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.flows.proof import training_exports
from service.flows.proof.training_files import is_of
from service.store.classes.classes import ClassFacts
from service.store.learning.assignments import CLASS_ATTENDED, AssignmentFacts, EventFacts
from service.tables.programmes import Employer
from tests.conftest import FixedClock
from tests.service.papers.offering import EMPLOYER
from tests.service.paths.packaged import DONE, Playing, marked
from tests.service.proof.test_training_files import issue, trained

pytestmark = pytest.mark.anyio
ONE_DATABASE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@ONE_DATABASE
async def test_each_run_of_a_package_that_was_marked_is_an_assessment_of_the_file(
    app: Any, clock: FixedClock
) -> None:
    play = await Playing(app, clock).set_up(marked(80))
    async with app.state.database.transaction() as session:
        session.add(Employer(facts=EMPLOYER, updated_at=clock()))
    await play.report(
        await play.open(), is_final=True, core__lesson_status="completed", core__score__raw="40"
    )
    clock.move(minutes=5)
    await play.report(await play.open(), is_final=True, **DONE)
    told = (await play.trainer.get(f"/api/v1/training/files/{play.assignment}")).json()["details"]
    assert [(one["percent"], one["attempt"], one["is_reached"]) for one in told["assessments"]] == [
        (40, 1, False), (90, 2, True),
    ]  # fmt: skip
    assert told["assessments"][0]["title"] == "Contenu interactif « Jouer »"
    assert "selon leur propre repère" in told["planned_assessments"]


@ONE_DATABASE
async def test_a_document_whose_file_is_not_there_is_told_as_missing_in_the_archive(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, assignment = await trained(app, clock)
    issued = await issue(trainer, assignment, "completion_certificate")
    archive = zipfile.ZipFile(io.BytesIO((await trainer.get("/api/v1/training/proofs")).content))
    (lacking,) = json.loads(archive.read(training_exports.MANIFEST))["missing"]
    assert (lacking["training"], lacking["paper"]) == (assignment, "completion_certificate")
    assert issued.json()["reference"] in lacking["why"][0]


CLASS = UUID(int=7)


def held_on(day: int, path: str = "first-calls") -> ClassFacts:
    at = datetime(2026, 11, day, 9, tzinfo=UTC)
    said: dict[str, Any] = {"id": CLASS, "path": path, "starts_at": at, "zone": "Europe/Paris"}
    return ClassFacts.model_construct(**said)


def given(first: int, last: int | None, *, counted: bool = False) -> AssignmentFacts:
    event: dict[str, Any] = {"id": uuid4(), "kind": CLASS_ATTENDED, "detail": {"session": str(CLASS)}}
    said: dict[str, Any] = {
        "path": "first-calls",
        "start_date": date(2026, 11, first),
        "completed_on": None if last is None else date(2026, 11, last),
        "events": (EventFacts.model_construct(**event),) if counted else (),
    }
    return AssignmentFacts.model_construct(**said)


@pytest.mark.parametrize(
    ("facts", "held", "expected"),
    [
        (given(2, 10), held_on(5), True),
        (given(2, 10), held_on(12), False),
        (given(11, None), held_on(12), True),
        (given(11, None), held_on(5), False),
        (given(2, 10, counted=True), held_on(12), True),
        (given(2, 10), held_on(5, path="leading-at-a-distance"), False),
    ],
)
def test_a_class_is_told_in_the_file_of_the_round_it_was_held_for(
    facts: AssignmentFacts, held: ClassFacts, expected: bool
) -> None:
    assert is_of(facts, held) is expected
