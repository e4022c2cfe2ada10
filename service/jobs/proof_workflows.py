"""The durable run that makes a large archive of proofs: written beside, kept whole, or begun again from its start."""

import tempfile
from typing import BinaryIO
from uuid import UUID

from dbos import DBOS
from dbos import error as dbos_error

from documents.packs import DocumentPlan, render_document
from service.flows.paths import path_shelf
from service.flows.proof import proof_archives, training_exports
from service.flows.proof.proof_archives import Kept
from service.flows.proof.training_exports import Asked
from service.jobs.tools import tools
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.log import log
from service.store.mail import outbox

TOLD_EVERY = 5
"""Trainings, some seconds of work: how often it is noted how far an archive is."""


@DBOS.workflow()
def make_proof_archive(run_id: str, archive_id: str) -> None:
    """Make one archive and mark it ready, or given up; a run that takes over begins it again."""
    try:
        _make(run_id, archive_id)
    except dbos_error.DBOSMaxStepRetriesExceeded as error:
        _give_up(run_id, archive_id, f"gave up ({error.step_name})")


@DBOS.step(retries_allowed=True, max_attempts=3, interval_seconds=2.0, backoff_rate=2.0)
def _make(run_id: str, archive_id: str) -> None:
    """Write it to a file without a name, keep that, and note it with the end of the run in one transaction."""
    kit, subject = tools(), UUID(archive_id)

    async def work() -> None:
        database = Database(kit.settings.async_database_url, pooled=False)
        try:
            async with database.transaction() as session:
                asked = await proof_archives.asked_of(session, subject)
                if asked is None:
                    await outbox.mark_done(session, UUID(run_id), now=kit.clock())
                    return
            kept = await _written(database, asked, subject)
            async with database.transaction() as session:
                now = kit.clock()
                is_wanted = await proof_archives.keep(session, subject, kept, now=now)
                await outbox.mark_done(session, UUID(run_id), now=now)
            if not is_wanted:
                kit.files.remove(kept.sha256)
        finally:
            await database.close()

    kit.do(work)


async def _written(database: Database, asked: Asked, archive_id: UUID) -> Kept:
    kit = tools()

    async def draw(plan: DocumentPlan) -> bytes:
        return tools().render(render_document, plan)  # asked for each time: a stop must not wait for the rest

    async def told(made: int) -> None:
        if made % TOLD_EVERY == 0:
            async with database.transaction() as session:
                await proof_archives.note_made(session, archive_id, made)

    async with database.transaction() as session:
        library = await path_shelf.library(session, load_editions())
    with tempfile.TemporaryFile(dir=kit.settings.data_dir) as beside:
        async for piece in training_exports.write(
            database, asked, editions=library, files=kit.files, draw=draw, told=told
        ):
            beside.write(piece)
        return _kept(beside, len(asked.assignment_ids))


def _kept(beside: BinaryIO, trainings: int) -> Kept:
    size = beside.tell()
    return Kept(sha256=tools().files.keep(beside), size_bytes=size, trainings=trainings)


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=1.0, backoff_rate=2.0)
def _give_up(run_id: str, archive_id: str, why: str) -> None:
    async def work() -> None:
        async with tools().transaction() as session:
            await proof_archives.give_up(session, UUID(archive_id))
            await outbox.mark_failed(session, UUID(run_id), why, now=tools().clock())

    log.error("proof_archive_given_up", id=archive_id)
    tools().do(work)
