"""Whoever was trained here and is erased leaves nothing: in no letter to others, in no file, in no answer."""

from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import col

from service.runtime.vocabulary import Role
from service.tables.applications import Application
from service.tables.people import Candidate
from service.tables.programmes import Employer
from service.tables.trail import Mail
from service.tables.training import Assignment
from tests.conftest import FixedClock
from tests.service.callers import add_staff, as_candidate, client_of, session_of
from tests.service.cast import add_candidate
from tests.service.classes.classes import plan
from tests.service.classes.test_class_reminders import DUE, sweep
from tests.service.learning.test_assignments import cohort_with, once
from tests.service.papers.offering import EMPLOYER
from tests.service.papers.test_terms import START, pass_quiz, put_on_the_shelf, yearly
from tests.service.people.traces import CANARY, REASON, bytes_on_disk, command, holding, rows, send_letters
from tests.service.proof.test_proof_archives import make

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]

API = "/api/v1"
NAME = f"{CANARY['given_name']} {CANARY['family_name']}"


async def done(answer: httpx.Response) -> dict[str, Any]:
    """What came back of something that was to succeed."""
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


async def ask_for_help(learner: httpx.AsyncClient, trainer: httpx.AsyncClient) -> None:
    words = {"topic": "work", "words": f"Ici {NAME} : où est-ce que je note un paiement en trois fois ?"}
    asked = await done(await learner.post(f"{API}/me/help", json=words, headers=once()))
    url = f"{API}/help/{asked['id']}"
    tag = {"If-Match": (await trainer.get(url)).headers["etag"]}
    answer = {"words": f"Bonjour {NAME}, dans l'onglet Paiement."}
    await done(await trainer.post(f"{url}/answers", json=answer, headers=tag))


async def show_proof(learner: httpx.AsyncClient, trainer: httpx.AsyncClient, given: str) -> None:
    written = BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, "PNG")
    file = {"file": (f"{NAME}.png", written.getvalue(), "image/png")}
    here = f"{API}/me/assignments/{given}/modules/second/proofs"
    sent = await done(await learner.post(here, files=file, data={"words": f"Diplôme de {NAME}"}))
    decision = {"is_granted": True, "reason": f"Vu en original, au nom de {NAME}."}
    await done(await trainer.post(f"{API}/exemptions/{sent['id']}/decision", json=decision))


async def trained(app: Any, clock: FixedClock) -> tuple[UUID, UUID]:
    """The canary is through with a path, has a seat in a class, asked for help and is in an archive of proofs."""
    async with app.state.database.transaction() as session:
        session.add(Employer(facts=EMPLOYER, updated_at=clock()))
    put_on_the_shelf(app, yearly())
    leader = await add_staff(app, clock, Role.TRAINER)
    trainer = client_of(app, await session_of(app, clock, staff_id=leader))
    identity: dict[str, Any] = {name: value for name, value in CANARY.items() if name != "headline"}
    person = await add_candidate(app, clock, **identity)
    async with app.state.database.transaction() as session:
        session.add(Application(candidate_id=person, created_at=clock(), stage_since=clock()))
    other = await add_candidate(app, clock, given_name="Ana", family_name="Roy", email="ana@example.com")
    cohort = await cohort_with(trainer, [str(person), str(other)])
    body = {"path": "sample", "cohort_id": cohort, "start_date": START}
    await done(await trainer.post(f"{API}/assignments", json=body, headers=once()))
    async with app.state.database.transaction(write=False) as session:
        given = str(
            await session.scalar(select(col(Assignment.id)).where(col(Assignment.candidate_id) == person))
        )
    learner = await as_candidate(app, clock, person)
    await pass_quiz(learner, given, "first")
    words = {"act": "remind", "assignments": [given], "words": f"Pour {NAME}."}
    await done(await trainer.post(f"{API}/training/actions", json=words, headers=once()))
    await show_proof(learner, trainer, given)
    await pass_quiz(learner, given, "third")
    await ask_for_help(learner, trainer)
    await done(await trainer.post(f"{API}/training/files/{given}/badge"))
    for kind in ("distance_training_file", "completion_certificate"):
        here = f"{API}/training/files/{given}/papers"
        await done(await trainer.post(here, json={"kind": kind, "details": {}}, headers=once()))
    asked = await done(
        await trainer.post(f"{API}/training/proof-archives", json={"path": "sample"}, headers=once())
    )
    assert await make(app, asked["id"], now=clock())
    await done(await plan(trainer, cohort_id=cohort, trainer_id=str(leader)))
    assert await sweep(app, DUE) == 3
    await send_letters(app)
    return person, other


async def test_whoever_was_trained_and_is_erased_leaves_no_row_no_file_and_no_byte(
    app: Any, clock: FixedClock
) -> None:
    person, other = await trained(app, clock)
    held = set(holding(await rows(app)))
    assert {"help_message", "exemption", "issued_paper", "mail"} <= held
    said = await command(app, "erase", str(person), "--reason", REASON, "--json", now=clock())
    assert said.exit_code == 0, said.output
    assert holding(await rows(app)) == {}
    assert holding(bytes_on_disk(app)) == {}
    assert app.state.files.all_hashes() == frozenset(), (
        "what is packed or drawn shows no trace, so nothing may be left"
    )
    async with app.state.database.transaction(write=False) as session:
        assert list(await session.scalars(select(col(Candidate.id)))) == [other]
        kept = await session.scalar(select(func.count()).where(col(Mail.candidate_id) == other))
        assert kept, "letters to somebody else stay"
