"""Durable work survives the death of whoever was doing it."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.flows.mail import mailing
from service.runtime.clock import system_clock
from service.runtime.database import Database
from service.runtime.settings import Settings
from tests.processes import free_port, start_server, start_worker, wait_until


def _write_letters(settings: Settings, count: int) -> None:
    async def write() -> None:
        database = Database(settings.async_database_url)
        async with database.transaction() as session:
            for number in range(count):
                mailing.write_letter(
                    session, recipient=f"p{number}@example.com", subject="Bonjour", body_text="Bonjour",
                    body_html="<p>Bonjour</p>", candidate_id=None, now=system_clock(),
                )  # fmt: skip
        await database.close()

    asyncio.run(write())


def _count(settings: Settings, condition: str) -> int:
    engine = sa.create_engine(settings.sync_database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"SELECT count(*) FROM {condition}")).scalar()
    engine.dispose()
    return int(found or 0)


def _log(settings: Settings) -> str:
    return "\n".join(path.read_text()[-1500:] for path in Path(settings.data_dir).glob("*.log"))


@pytest.mark.postgres
def test_another_worker_takes_over_what_a_killed_one_left(postgres_settings: Settings) -> None:
    _write_letters(postgres_settings, 40)
    first = start_worker(postgres_settings, worker_id="first")
    wait_until(
        lambda: _count(postgres_settings, "mail WHERE state = 'sent'") >= 3,
        seconds=40,
        what=lambda: _log(postgres_settings),
    )
    first.kill()
    second = start_worker(postgres_settings, worker_id="second")
    try:
        wait_until(
            lambda: _count(postgres_settings, "outbox WHERE done_at IS NULL") == 0,
            seconds=90,
            what=lambda: _log(postgres_settings),
        )
    finally:
        second.stop()
    assert _count(postgres_settings, "mail WHERE state = 'sent'") == 40
    assert _count(postgres_settings, "outbox WHERE failure <> ''") == 0
    assert len(list((postgres_settings.data_dir / "mail").glob("*.eml"))) == 40


def test_a_killed_server_finishes_after_it_starts_again(sqlite_settings: Settings) -> None:
    _write_letters(sqlite_settings, 30)
    port = free_port()
    server = start_server(sqlite_settings, port=port)
    wait_until(
        lambda: _count(sqlite_settings, "mail WHERE state = 'sent'") >= 2,
        seconds=40,
        what=lambda: _log(sqlite_settings),
    )
    server.kill()
    server = start_server(sqlite_settings, port=port)
    wait_until(
        lambda: _count(sqlite_settings, "outbox WHERE done_at IS NULL") == 0,
        seconds=60,
        what=lambda: _log(sqlite_settings),
    )
    assert server.stop() == 0
    assert _count(sqlite_settings, "mail WHERE state = 'sent'") == 30


@contextlib.contextmanager
def _mail_server_that_hangs_up() -> Iterator[tuple[int, list[int]]]:
    """Its port, and a list that grows by one with each call it takes."""
    calls: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            with contextlib.suppress(OSError):  # it was closed: the test is over
                while True:
                    listening.accept()[0].close()
                    calls.append(1)

        threading.Thread(target=hang_up, daemon=True).start()
        yield listening.getsockname()[1], calls
        listening.shutdown(socket.SHUT_RDWR)


def test_a_server_that_waits_to_send_a_letter_again_still_stops_and_the_letter_waits(
    sqlite_settings: Settings,
) -> None:
    _write_letters(sqlite_settings, 1)
    with _mail_server_that_hangs_up() as (port, calls):
        smtp = f"smtp://127.0.0.1:{port}"
        server = start_server(sqlite_settings, port=free_port(), HOMESHORE_SMTP_URL=smtp)
        wait_until(lambda: len(calls) >= 2, seconds=60, what=lambda: _log(sqlite_settings))
        assert server.stop() == 0
    assert _count(sqlite_settings, "outbox WHERE done_at IS NULL AND failure = ''") == 1
    assert _count(sqlite_settings, "mail WHERE state = 'waiting'") == 1
    server = start_server(sqlite_settings, port=free_port())
    wait_until(
        lambda: _count(sqlite_settings, "mail WHERE state = 'sent'") == 1,
        seconds=60,
        what=lambda: _log(sqlite_settings),
    )
    assert server.stop() == 0
