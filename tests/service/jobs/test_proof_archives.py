"""A large archive of proofs survives the death of whoever was making it: made once, whole, with every training."""

import hashlib
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.app import create_app
from service.flows.proof.training_export_checks import problems_in
from service.runtime.settings import Settings
from service.tables.training import Assignment
from tests.conftest import FixedClock
from tests.processes import wait_until
from tests.service.jobs.test_packs import PATIENCE, _all, _log, _starter
from tests.service.proof.test_proof_archives import ask
from tests.service.proof.test_training_files import trained

pytestmark = pytest.mark.anyio
TRAININGS = 6


async def _ask(settings: Settings, clock: FixedClock) -> None:
    application = create_app(settings, clock=clock)
    async with application.lifespan():
        trainer, _, assignment = await trained(application, clock)
        async with application.state.database.transaction() as session:
            given = await session.get_one(Assignment, UUID(assignment))
            for days in range(1, TRAININGS):
                again: dict[str, Any] = given.model_dump() | {
                    "id": uuid4(),
                    "start_date": date(2026, 11, 20) - timedelta(days=days),
                }
                session.add(Assignment(**again))
        asked = await ask(trainer)
        assert asked.json()["trainings"] == TRAININGS, asked.text


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_an_archive_whose_maker_was_killed_is_made_once_and_whole(
    settings: Settings, clock: FixedClock
) -> None:
    await _ask(settings, clock)
    start = _starter(settings)
    first = start()
    try:
        wait_until(
            lambda: _all(settings, "SELECT made FROM proof_archive") != [(0,)],
            seconds=PATIENCE,
            what=lambda: _log(settings),
        )
    finally:
        first.kill()
    second = start()
    try:
        wait_until(
            lambda: (
                _all(settings, "SELECT count(*) FROM outbox WHERE kind = 'proof_archive' AND done_at IS NULL")
                == [(0,)]
            ),
            seconds=PATIENCE,
            what=lambda: _log(settings),
        )
    finally:
        second.stop()
    ((state, made, sha256, size),) = _all(
        settings, "SELECT state, made, sha256, size_bytes FROM proof_archive"
    )
    assert (state, made) == ("ready", TRAININGS)
    kept = settings.data_dir / "files" / sha256[:2] / sha256
    content = kept.read_bytes()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)
    with zipfile.ZipFile(kept) as archive:
        files = [name for name in archive.namelist() if name.endswith("dossier-formation-a-distance.pdf")]
        assert (len(files), list(problems_in(archive))) == (TRAININGS, [])
    assert len(list((settings.data_dir / "files").glob("??/*"))) == 1, "one archive, nothing twice"
