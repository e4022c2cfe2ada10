"""A paper survives the death of whoever was drawing it: the number it had, one file, one letter."""

import hashlib
from typing import Any

import pytest

from service.app import create_app
from service.runtime.settings import Settings
from tests.conftest import FixedClock
from tests.processes import wait_until
from tests.service.jobs.test_packs import PATIENCE, _all, _kept, _log, _starter
from tests.service.papers.issuing import issue
from tests.service.papers.offering import accepted_offer, set_scene

pytestmark = pytest.mark.anyio


async def _issue(settings: Settings, clock: FixedClock) -> dict[str, Any]:
    application = create_app(settings, clock=clock)
    async with application.lifespan():
        scene = await set_scene(application, clock)
        await accepted_offer(application, scene)
        return await issue(application, scene)


async def test_a_paper_whose_drawer_was_killed_is_drawn_once_under_its_number(
    settings: Settings, clock: FixedClock
) -> None:
    made = await _issue(settings, clock)
    start = _starter(settings)
    first = start()
    try:
        wait_until(
            lambda: len(_all(settings, "SELECT id FROM worker")) >= 1,
            seconds=PATIENCE,
            what=lambda: _log(settings),
        )
    finally:
        first.kill()
    second = start()
    try:
        wait_until(
            lambda: (
                _all(settings, "SELECT count(*) FROM outbox WHERE kind = 'paper' AND done_at IS NULL")
                == [(0,)]
            ),
            seconds=PATIENCE,
            what=lambda: _log(settings),
        )
    finally:
        second.stop()
    ((state, number, sha256, size_bytes),) = _all(
        settings, "SELECT state, number, sha256, size_bytes FROM issued_paper"
    )
    content = (settings.data_dir / "files" / sha256[:2] / sha256).read_bytes()
    assert (state, number) == ("ready", made["number"])
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size_bytes)
    assert len(_kept(settings)) == 1
    assert len(_all(settings, "SELECT id FROM mail WHERE subject = 'Un document vous attend'")) == 1
