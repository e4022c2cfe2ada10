"""Large archives of proofs: asked for, made while nobody waits, kept some days, read by nobody but their asker."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from documents.packs import DocumentPlan
from service.flows import erasing
from service.flows.proof import proof_archives, training_exports
from service.flows.proof.training_export_checks import problems_in
from service.flows.proof.training_rules import rules_on
from service.runtime.actors import SYSTEM
from service.runtime.files import FileStore
from service.runtime.vocabulary import Role
from service.tables.people import Staff
from service.tables.trail import AuditEntry
from service.tables.training import Assignment
from tests.conftest import FixedClock
from tests.service.callers import as_staff
from tests.service.cast import browser, submit
from tests.service.learning.test_assignments import PATH, once
from tests.service.proof.test_training_files import trained
from tests.service.proof.test_training_files_pages import token_of

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]
HERE = "/api/v1/training/proof-archives"


async def ask(trainer: httpx.AsyncClient, **whose: str) -> httpx.Response:
    return await trainer.post(HERE, json=whose, headers=once())


async def make(app: Any, archive: str, *, now: datetime) -> bool:
    """What the worker does, with sheets of paper that are not drawn; whether the file was wanted."""
    files = FileStore(app.state.settings.data_dir / "files")

    async def draw(plan: DocumentPlan) -> bytes:
        return plan.file_name.encode()

    async with app.state.database.transaction() as session:
        asked = await proof_archives.asked_of(session, UUID(archive))
    if asked is None:
        return False
    pieces = [
        piece
        async for piece in training_exports.write(
            app.state.database, asked, editions=app.state.editions, files=files, draw=draw
        )
    ]
    content = b"".join(pieces)
    kept = proof_archives.Kept(files.put(content), len(content), len(asked.assignment_ids))
    async with app.state.database.transaction() as session:
        return await proof_archives.keep(session, UUID(archive), kept, now=now)


async def test_an_archive_is_read_by_its_asker_alone_until_its_last_day(app: Any, clock: FixedClock) -> None:
    trainer, _, _ = await trained(app, clock)
    asked = await ask(trainer, path=PATH)
    assert (asked.status_code, asked.json()["state"], asked.json()["trainings"]) == (201, "requested", 1)
    here = asked.headers["location"]
    assert (await trainer.get(f"{here}/content")).status_code == 404
    assert (await ask(trainer)).json()["type"].rpartition("/")[2] == "archive-under-way"
    assert await make(app, asked.json()["id"], now=clock())
    told = (await trainer.get(here)).json()
    assert (told["state"], told["made"], told["kept_until"][:10]) == ("ready", 1, "2026-12-01")
    answer = await trainer.get(told["content"])
    assert (len(answer.content), answer.headers["content-type"]) == (told["size_bytes"], "application/zip")
    assert list(problems_in(zipfile.ZipFile(io.BytesIO(answer.content)))) == []
    other = await as_staff(app, clock, Role.SUPERVISOR)
    assert {(await other.get(f"{here}{part}")).status_code for part in ("", "/content")} == {404}
    async with app.state.database.transaction() as session:
        actions = list(
            await session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == told["id"]))
        )
    assert actions == ["proof_archive.request", "proof_archive.download"]
    clock.now += timedelta(days=8)
    assert (await trainer.get(told["content"])).status_code in (401, 410)
    files = FileStore(app.state.settings.data_dir / "files")
    async with app.state.database.transaction() as session:
        gone = await proof_archives.remove_over(session, now=clock())
    proof_archives.remove_files(gone, files)
    assert (gone, told["sha256"] in files.all_hashes()) == ((told["sha256"],), False)


async def test_an_archive_leaves_with_whoever_is_erased_and_so_does_one_being_made(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, assignment = await trained(app, clock, has_application=False)
    async with app.state.database.transaction(write=False) as session:
        person = (await session.get_one(Assignment, UUID(assignment))).candidate_id
    archive = (await ask(trainer)).json()["id"]
    assert await make(app, archive, now=clock())
    kept = (await trainer.get(f"{HERE}/{archive}")).json()["sha256"]
    waiting = (await ask(trainer)).json()["id"]
    files = FileStore(app.state.settings.data_dir / "files")
    async with app.state.database.transaction() as session:
        erased = await erasing.erase(
            session, SYSTEM, person, files=files, reason="asked for by letter", now=clock()
        )
    assert kept in erased.files
    assert (await trainer.get(f"{HERE}/{archive}")).json()["state"] == "withdrawn"
    assert not await make(app, waiting, now=clock())
    assert (await trainer.get(f"{HERE}/{waiting}")).json()["state"] == "failed"


async def test_nothing_is_made_for_somebody_who_may_no_longer_enter(app: Any, clock: FixedClock) -> None:
    trainer, _, _ = await trained(app, clock)
    archive = (await ask(trainer)).json()["id"]
    async with app.state.database.transaction() as session:
        (asker,) = await session.scalars(select(Staff))
        asker.is_active = False
    assert not await make(app, archive, now=clock())


async def test_the_page_hands_out_a_small_archive_and_prepares_a_large_one(
    app: Any, clock: FixedClock
) -> None:
    trainer, _, assignment = await trained(app, clock)
    async with browser(app, token_of(trainer)) as page:
        assert "Télécharger l&#39;archive (ZIP)" in (await page.get("/training/files")).text
        async with app.state.database.transaction() as session:
            given = await session.get_one(Assignment, UUID(assignment))
            shared = given.model_dump(include={"candidate_id", "path", "edition", "next_due", "moved_on"})
            for day in range(rules_on(clock()).most_learners_at_once):
                start = date(2020, 1, 1) + timedelta(days=day)
                at = datetime(2020, 1, 1, tzinfo=UTC)
                session.add(Assignment(**shared, id=uuid4(), start_date=start, assigned_at=at))
        shown = (await page.get("/training/files")).text
        assert "Télécharger l&#39;archive (ZIP)" not in shown
        assert "Le filtre montre 501 formations" in shown
        assert (await page.get("/training/files/export")).status_code == 422
        sent = await submit(page, "/training/files/archives", {"path": PATH})
        assert (sent.status_code, sent.headers["location"]) == (303, f"/training/files?path={PATH}#export")
        followed = (await page.get("/training/files/archives")).text
        assert "0 sur 501" in followed
        assert 'hx-trigger="every 3s"' in followed
        again = await submit(page, "/training/files/archives", {"path": PATH})
        assert (again.status_code, "déjà en préparation" in again.text) == (422, True)
