"""python -m tests.drift: fail when the tables and the migrations differ."""

import sys
import tempfile
from pathlib import Path

from alembic import command

import service  # noqa: F401  # puts the safe SQLite in place
from service.runtime.schema import alembic_config, upgrade
from service.runtime.settings import Settings


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="")
        upgrade(settings)
        command.check(alembic_config(settings))
    sys.stdout.write("migrations: no drift\n")


if __name__ == "__main__":
    main()
