"""A pack survives the death of whoever was making it: the same documents, once."""

import hashlib
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.app import create_app
from service.runtime.settings import Settings
from tests.conftest import FixedClock
from tests.processes import Process, free_port, start_server, start_worker, wait_until
from tests.service.cast import api
from tests.service.papers.offering import accepted_offer, new_key, set_scene

pytestmark = pytest.mark.anyio

PATIENCE = 150
"""Seconds before a wait is given up: a few suffice on an idle machine, a crowded one needs many."""


@asynccontextmanager
async def _in_process(settings: Settings, clock: FixedClock) -> Any:
    application = create_app(settings, clock=clock)
    async with application.lifespan():
        yield application


async def _ask_for_a_pack(settings: Settings, clock: FixedClock) -> None:
    async with _in_process(settings, clock) as app:
        scene = await set_scene(app, clock)
        offer_id = await accepted_offer(app, scene)
        async with api(app, scene.recruiter) as client:
            answer = await client.post(f"/offers/{offer_id}/packs", headers=new_key())
            assert answer.status_code == 201, answer.text


def _starter(settings: Settings) -> Callable[[], Process]:
    """Whoever does durable work here: the server itself when embedded, a worker beside PostgreSQL."""
    if settings.is_embedded:
        return lambda: start_server(settings, port=free_port(), HOMESHORE_PDF_PROCESSES="1")
    return lambda: start_worker(settings, worker_id="first")


def _all(settings: Settings, question: str) -> list[Any]:
    engine = sa.create_engine(settings.sync_database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.execute(sa.text(question)).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def _kept(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "files").glob("??/*") if not path.name.startswith(".")]


def _log(settings: Settings) -> str:
    return "\n".join(path.read_text()[-3000:] for path in settings.data_dir.glob("*.log"))


async def test_a_pack_halved_by_a_kill_is_finished_once(settings: Settings, clock: FixedClock) -> None:
    await _ask_for_a_pack(settings, clock)
    start = _starter(settings)
    first = start()
    try:
        wait_until(lambda: len(_kept(settings)) >= 1, seconds=PATIENCE, what=lambda: _log(settings))
    finally:
        first.kill()
    second = start()
    try:
        wait_until(
            lambda: (
                _all(settings, "SELECT count(*) FROM outbox WHERE kind = 'pack' AND done_at IS NULL")
                == [(0,)]
            ),
            seconds=PATIENCE,
            what=lambda: _log(settings),
        )
    finally:
        second.stop()
    assert _all(settings, "SELECT state, failure FROM pack") == [("ready", "")]
    documents = _all(settings, "SELECT sha256, size_bytes FROM document ORDER BY position")
    assert len(documents) == 4
    for sha256, size_bytes in documents:
        content = (settings.data_dir / "files" / sha256[:2] / sha256).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size_bytes)
    assert len(_kept(settings)) == 5, "four documents and one archive: nothing twice, nothing left over"
    assert len(_all(settings, "SELECT id FROM mail WHERE subject LIKE 'Vos documents%'")) == 1
