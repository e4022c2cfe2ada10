"""homeshore db, homeshore verify: the schema, and whether what is kept is sound."""

import sys

import click

from service.cli.output import answer, as_json, run, told, transaction
from service.runtime.schema import current_revision, upgrade
from service.runtime.settings import Settings


@click.group()
def db() -> None:
    """The database's schema."""


@db.command("upgrade")
@as_json
@told
def upgrade_command(json_output: bool) -> None:
    """Bring the schema to the newest revision."""
    revision = upgrade(Settings())
    answer({"revision": revision}, json_output=json_output, words=f"The schema is at revision {revision}.")


@db.command("current")
@as_json
@told
def current(json_output: bool) -> None:
    """Say at which revision the schema is."""
    revision = current_revision(Settings())
    answer({"revision": revision}, json_output=json_output, words=revision or "empty")


@db.command("check")
@told
def check() -> None:
    """Fail when the tables and the migrations differ."""
    from alembic import command

    from service.runtime.schema import alembic_config

    command.check(alembic_config(Settings()))


@click.command()
@as_json
@told
def verify(json_output: bool) -> None:
    """Check the audit chain and every other promise that the stored data must keep."""
    from service.flows.allowances.verifying import verify_everything
    from service.runtime.editions import load_editions
    from service.runtime.files import FileStore

    settings = Settings()

    async def work() -> tuple[list[dict[str, object]], bool]:
        async with transaction(settings) as session:
            findings = await verify_everything(
                session, FileStore(settings.data_dir / "files"), load_editions()
            )
        return [finding.model_dump(mode="json") for finding in findings], all(f.holds for f in findings)

    findings, sound = run(work)
    words = "\n".join(f"{'ok   ' if f['holds'] else 'BROKEN'} {f['promise']} {f['detail']}" for f in findings)
    answer({"sound": sound, "findings": findings}, json_output=json_output, words=words)
    sys.exit(0 if sound else 1)
