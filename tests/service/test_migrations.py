"""The schema goes up, down and up again on both databases, and says what the tables say."""

from pathlib import Path

import pytest
from alembic import command

from service.runtime.schema import alembic_config, current_revision, upgrade
from service.runtime.settings import Settings
from tests.postgres import create_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path)
    server = request.getfixturevalue("postgres_server")
    return Settings(data_dir=tmp_path, database_url=create_database(server, f"empty_{tmp_path.name}"[:60]))


def test_the_schema_goes_up_down_and_up_and_never_drifts(empty: Settings) -> None:
    newest = upgrade(empty)
    config = alembic_config(empty)
    command.check(config)
    command.downgrade(config, "base")
    assert current_revision(empty) is None
    assert upgrade(empty) == newest
    command.check(config)


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(empty: Settings) -> None:
    assert upgrade(empty) == upgrade(empty) == current_revision(empty)
