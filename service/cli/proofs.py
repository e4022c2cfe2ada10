"""homeshore proof: everything that proves trainings in one archive, and the check of such an archive."""

import os
import sys
import zipfile
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from service.cli.output import answer, as_json, run, told
from service.flows.paths import path_shelf
from service.flows.proof import badge_keys, training_exports
from service.flows.proof.training_export_checks import problems_in
from service.flows.writing.drawing import draw
from service.runtime.actors import SYSTEM
from service.runtime.clock import clock_from
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.errors import Malformed
from service.runtime.files import FileStore
from service.runtime.schema import current_revision
from service.runtime.settings import Settings
from service.runtime.vault import installation_vault
from service.store.proof.training_files import WantedProof

FILE = click.Path(dir_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def proof() -> None:
    """Proofs of training: for an auditor, and for whoever checks what an auditor was given."""


@proof.command()
@click.option("--out", "out_path", type=FILE, required=True, help="The archive to write (ZIP).")
@click.option("--candidate", type=click.UUID, help="One person's trainings.")
@click.option("--cohort", type=click.UUID, help="Those of one group.")
@click.option("--path", "slug", help="Those on one path.")
@click.option("--from", "first_day", type=DAY, help="Those still under way on this day or after.")
@click.option("--to", "last_day", type=DAY, help="Those begun on this day or before.")
@as_json
@told
def export(
    out_path: Path,
    candidate: object,
    cohort: object,
    slug: str | None,
    first_day: datetime | None,
    last_day: datetime | None,
    json_output: bool,
) -> None:
    """Write one archive of papers, attendance sheets, events, badges, audit trail and manifest; whole or not at all."""
    settings = _installation()
    wanted = WantedProof.model_validate(
        {
            "candidate_id": candidate,
            "cohort_id": cohort,
            "path": slug,
            "first_day": first_day.date() if first_day else None,
            "last_day": last_day.date() if last_day else None,
        }
    )
    part = out_path.with_name(f".{out_path.name}.part")
    try:
        trainings = run(lambda: _write(settings, wanted, part))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(out_path)
    answer(
        {"file": str(out_path), "trainings": trainings, "bytes": out_path.stat().st_size},
        json_output=json_output,
        words=f"{out_path}: {trainings}",
    )


async def _write(settings: Settings, wanted: WantedProof, part: Path) -> int:
    database = Database(settings.async_database_url, pooled=False)
    try:
        async with database.transaction() as session:
            library = await path_shelf.library(session, load_editions())
        now = clock_from(settings.pretend_now)()
        asked = await training_exports.ask(database, SYSTEM, wanted, now=now, is_bounded=False)
        files = FileStore(settings.data_dir / "files")
        with part.open("wb") as out:
            async for piece in training_exports.write(
                database,
                asked,
                editions=library,
                files=files,
                draw=partial(draw, processes=settings.pdf_processes),
            ):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        return len(asked.assignment_ids)
    finally:
        await database.close()


@proof.command()
@click.argument(
    "archive_path", metavar="FILE.zip", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@as_json
@told
def check(archive_path: Path, json_output: bool) -> None:
    """Say what in an archive is not as its manifest, its trail and its badges say; needs no installation."""
    try:
        with zipfile.ZipFile(archive_path) as archive:
            problems = list(problems_in(archive))
    except (zipfile.BadZipFile, ValueError, KeyError) as error:
        raise Malformed(f"{archive_path.name} is not an archive of proofs: {error}") from None
    answer(
        {"holds": not problems, "problems": problems},
        json_output=json_output,
        words="\n".join(problems) or f"{archive_path.name}: all of it holds",
    )
    sys.exit(1 if problems else 0)


@proof.command()
@as_json
@told
def key(json_output: bool) -> None:
    """Make a new pair of keys that signs badges from now on; what older keys signed is still verified."""
    settings = _installation()

    async def work() -> str:
        database = Database(settings.async_database_url, pooled=False)
        try:
            async with database.transaction() as session:
                made = await badge_keys.renew(
                    session,
                    SYSTEM,
                    settings=settings,
                    vault=installation_vault(settings),
                    now=clock_from(settings.pretend_now)(),
                )
                return made.thumbprint
        finally:
            await database.close()

    thumbprint = run(work)
    answer({"thumbprint": thumbprint}, json_output=json_output, words=thumbprint)


def _installation() -> Settings:
    """The settings, when there is a database behind them."""
    settings = Settings()
    if current_revision(settings) is None:
        raise click.ClickException(
            "There is no database here; set HOMESHORE_DATA_DIR or HOMESHORE_DATABASE_URL."
        )
    return settings
