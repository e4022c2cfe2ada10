"""What every test may ask for: real databases, a fixed clock, a whole service in process."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest

import service  # noqa: F401  # first of all: it puts the safe SQLite in place
from service.runtime.settings import Settings

hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
"""No test fails for taking long: speed is for the benchmarks, and a busy machine is no fault of the code."""

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **units: float) -> None:
        self.now += timedelta(**units)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL of our own: Debian's binaries where they are, else the wheel's."""
    from tests.postgres import forget_power_cuts, running_postgres

    with tempfile.TemporaryDirectory(prefix="homeshore-pg-") as folder, running_postgres(Path(folder)) as url:
        forget_power_cuts(url)
        yield url


def _settings(folder: Path, database_url: str = "") -> Settings:
    return Settings(
        data_dir=folder,
        database_url=database_url,
        rate_limit_per_minute=1_000_000,
        sign_ins_per_minute=1_000_000,
        log_level="ERROR",
        port=0,
        base_url="http://homeshore.test",
    )


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated empty database, copied for each test."""
    from service.runtime.schema import upgrade

    folder = tmp_path_factory.mktemp("migrated")
    upgrade(_settings(folder))
    return folder / "homeshore.db"


@pytest.fixture
def sqlite_settings(tmp_path: Path, migrated_sqlite: Path) -> Settings:
    shutil.copy(migrated_sqlite, tmp_path / "homeshore.db")
    return _settings(tmp_path)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """A migrated database that each test copies as its template."""
    from service.runtime.schema import upgrade
    from tests.postgres import create_database

    name = create_database(postgres_server, f"template_{uuid4().hex[:8]}")
    upgrade(_settings(Path("/nonexistent"), name))
    return name


@pytest.fixture
def postgres_settings(tmp_path: Path, postgres_server: str, migrated_postgres: str) -> Settings:
    from tests.postgres import create_database

    url = create_database(postgres_server, f"test_{uuid4().hex[:8]}", template=migrated_postgres)
    return _settings(tmp_path, url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest) -> Settings:
    """The settings of one installation, on each of the two databases in turn."""
    found: Settings = request.getfixturevalue(f"{request.param}_settings")
    return found


@pytest.fixture(scope="session")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The service with all its routes put together, once for each process: nothing of a test stays in it."""
    from service.app import create_app

    return create_app(_settings(tmp_path_factory.mktemp("routed")))


@pytest.fixture
async def app(routed: Any, settings: Settings, clock: FixedClock) -> AsyncIterator[Any]:
    """The whole service, started, without durable work."""
    from service.app import state_of

    routed.state = state_of(settings, clock)
    async with routed.lifespan():
        yield routed
