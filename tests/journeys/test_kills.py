"""kill -9 of server and worker at random moments: nothing half, nothing twice, every acknowledged write there.

`make test` kills some times of each kind, `make kills` fifty (HOMESHORE_TEST_KILLS).
"""

import asyncio
import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import sqlalchemy as sa

from service.app import create_app
from service.flows.allowances.verifying import verify_everything
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from tests.conftest import NOON, FixedClock
from tests.processes import Process, free_port, start_server, start_worker, wait_until
from tests.service.cast import PROFILE, bearer_of_staff
from tests.service.papers.offering import accepted_offer, set_scene

KILLS = int(os.environ.get("HOMESHORE_TEST_KILLS", "3"))
PEOPLE = 150


class Installation:
    """A server (and beside PostgreSQL a worker) that can be killed and started again on the same data."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.port = free_port()
        self.processes: list[Process] = []
        self.generation = 0

    def start(self) -> None:
        """Mostly the same worker comes back; every fourth time another has to take over what it left."""
        self.generation += 1
        variables = {"HOMESHORE_PRETEND_NOW": NOON.isoformat(), "HOMESHORE_PDF_PROCESSES": "1"}
        self.processes = [
            start_server(self.settings, port=self.port, HOMESHORE_WORKER_ID="server", **variables)
        ]
        if not self.settings.is_embedded:
            self.processes.append(
                start_worker(self.settings, worker_id=f"worker{self.generation // 4}", **variables)
            )

    def kill(self) -> None:
        for process in self.processes:
            process.kill()

    def stop(self) -> None:
        for process in self.processes:
            process.stop()

    def post(self, path: str, bearer: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {bearer}", **request.pop("headers", {})}
        url = f"http://127.0.0.1:{self.port}/api/v1{path}"
        return httpx.post(url, headers=headers, timeout=30, **request)

    def kill_while(self, act: Callable[[], httpx.Response], *, within: float) -> httpx.Response | None:
        """Start `act`, kill everything at a random moment within so many seconds; the answer, if one came."""
        answers: list[httpx.Response] = []

        def ask() -> None:
            with suppress(httpx.TransportError):
                answers.append(act())

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(random.uniform(0, within))
        self.kill()
        asking.join()
        return answers[0] if answers else None

    def count(self, what: str) -> int:
        engine = sa.create_engine(self.settings.sync_database_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            found = connection.execute(sa.text(f"SELECT count(*) FROM {what}")).scalar()
        engine.dispose()
        return int(found or 0)

    def findings(self) -> list[str]:
        """What `homeshore verify` finds broken."""

        async def work() -> list[str]:
            database = Database(self.settings.async_database_url, pooled=False)
            async with database.transaction(write=False) as session:
                found = await verify_everything(
                    session, FileStore(self.settings.data_dir / "files"), load_editions()
                )
            await database.close()
            return [f"{one.promise}: {one.detail}" for one in found if not one.holds]

        return asyncio.run(work())

    def log(self) -> str:
        return "\n".join(path.read_text()[-2000:] for path in self.settings.data_dir.glob("*.log"))


@contextmanager
def _prepared(
    settings: Settings, prepare: Callable[[Any, FixedClock], Any]
) -> Iterator[tuple[Installation, Any]]:
    """An installation with what `prepare` wrote into it, started, and stopped at the end."""
    clock = FixedClock()

    async def work() -> Any:
        application = create_app(settings, clock=clock)
        async with application.lifespan():
            return await prepare(application, clock)

    prepared = asyncio.run(work())
    installation = Installation(settings)
    installation.start()
    try:
        yield installation, prepared
    finally:
        installation.stop()


def _people(turn: int) -> bytes:
    return json.dumps([{"id": f"k{turn}-{number}", **PROFILE} for number in range(PEOPLE)]).encode()


def test_an_import_killed_at_any_moment_is_whole_or_absent(settings: Settings) -> None:
    acknowledged = whole = 0
    with _prepared(settings, bearer_of_staff) as (installation, bearer):
        for turn in range(KILLS):
            sent = installation.post(
                "/imports",
                bearer,
                data={"kind": "candidates"},
                files={"file": ("people.json", _people(turn))},
            )
            assert sent.status_code == 201, sent.text
            path, key = f"/imports/{sent.json()['id']}/apply", {"Idempotency-Key": f"apply-{turn}"}
            answer = installation.kill_while(
                lambda path=path, key=key: installation.post(path, bearer, headers=key), within=1.2
            )
            there = installation.count(f"candidate WHERE external_id LIKE 'k{turn}-%'")
            assert there in (0, PEOPLE), f"half an import: {there}"
            if answer is not None and answer.status_code == 200:
                acknowledged += 1
                assert there == PEOPLE, "an acknowledged import is gone"
            whole += there == PEOPLE
            installation.start()
            again = installation.post(path, bearer, headers=key)
            assert again.status_code == 200, again.text
            assert installation.count(f"candidate WHERE external_id LIKE 'k{turn}-%'") == PEOPLE
            assert (
                installation.count(
                    f"audit_entry WHERE action LIKE 'import%apply' AND subject_id = '{sent.json()['id']}'"
                )
                == 1
            )
            assert installation.findings() == []
    print(f"imports: {KILLS} kills, {whole} whole at the kill, {acknowledged} acknowledged")  # noqa: T201


async def _with_accepted_offer(app: Any, clock: FixedClock) -> tuple[str, str]:
    scene = await set_scene(app, clock)
    return await accepted_offer(app, scene), scene.recruiter


def test_a_pack_killed_at_any_moment_is_made_once_and_whole(settings: Settings) -> None:
    with _prepared(settings, _with_accepted_offer) as (installation, (offer_id, bearer)):
        for turn in range(KILLS):
            key = {"Idempotency-Key": f"pack-{turn}"}
            path = f"/offers/{offer_id}/packs"
            answer = installation.kill_while(
                lambda path=path, key=key: installation.post(path, bearer, headers=key), within=6.0
            )
            installation.start()
            again = installation.post(path, bearer, headers=key)
            assert again.status_code == 201, again.text
            if answer is not None and answer.status_code == 201:
                assert again.json()["id"] == answer.json()["id"], "an acknowledged pack was asked for twice"
            wait_until(
                lambda: installation.count("pack WHERE state = 'requested'") == 0,
                seconds=90,
                what=installation.log,
            )
            assert installation.count("pack") == turn + 1
            assert installation.count("pack WHERE state = 'ready'") == turn + 1, installation.log()
            assert installation.count("document") == 4 * (turn + 1)
            wait_until(
                lambda: installation.count("outbox WHERE done_at IS NULL") == 0,
                seconds=90,
                what=installation.log,
            )
            assert installation.findings() == []
