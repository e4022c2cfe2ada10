"""homeshore training: what is kept of every learner, computed again from what happened."""

import sys
from uuid import UUID

import click

from service.cli.output import answer, as_json, run, told
from service.flows.learning.recomputing import AT_ONCE, Part, Recomputing
from service.flows.paths import path_shelf
from service.runtime.clock import clock_from
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.schema import current_revision
from service.runtime.settings import Settings


@click.group()
def training() -> None:
    """Training: keep what lists show of every learner in step with what happened."""


@training.command()
@click.option(
    "--batch", type=click.IntRange(1, 20_000), default=AT_ONCE, show_default=True, help="Learners at a time."
)
@as_json
@told
def recompute(batch: int, json_output: bool) -> None:
    """Compute everybody's progress again from the learning events, and correct what differs.

    It may run while people learn, and may be interrupted: each part is whole, and running it again changes nothing.
    """
    settings = Settings()
    if current_revision(settings) is None:
        raise click.ClickException(
            "There is no database here; set HOMESHORE_DATA_DIR or HOMESHORE_DATABASE_URL."
        )

    async def work() -> dict[str, int]:
        database = Database(settings.async_database_url, pooled=False)
        now = clock_from(settings.pretend_now)()
        counts = {"read": 0, "rewritten": 0, "left_out": 0}
        try:
            async with database.transaction(write=False) as session:
                library = await path_shelf.library(session, load_editions())
            recomputing, after = Recomputing(library, now=now), None
            while True:
                part = await _part(database, recomputing, after, batch)
                counts["read"] += part.read
                counts["rewritten"] += part.rewritten
                counts["left_out"] += part.left_out
                if part.after is None:
                    return counts
                after = part.after
                if sys.stderr.isatty():
                    click.echo(f"  {counts['read']} read", err=True)
        finally:
            await database.close()

    counts = run(work)
    answer(counts, json_output=json_output, words=_words(counts))


async def _part(database: Database, recomputing: Recomputing, after: UUID | None, batch: int) -> Part:
    async with database.transaction() as session:
        return await recomputing.part(session, after=after, at_once=batch)


def _words(counts: dict[str, int]) -> str:
    said = f"{counts['read']} learners read, {counts['rewritten']} corrected."
    if counts["left_out"]:
        said += f" {counts['left_out']} are on an edition that is no longer kept and stay as they are."
    return said
