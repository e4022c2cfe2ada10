"""homeshore rescore: a whole base under another edition of a questionnaire, tried first and then kept."""

import sys

import click

from service.cli.output import answer, as_json, run, told
from service.flows.assessing.rescoring import BATCH, ImpactFacts
from service.flows.assessing.rescoring import rescore as rescore_base
from service.flows.assessing.scoring import whole_points
from service.runtime.clock import clock_from
from service.runtime.database import Database
from service.runtime.editions import load_editions
from service.runtime.schema import current_revision
from service.runtime.settings import Settings


@click.command()
@click.option("--instrument", "slug", required=True, help="The questionnaire, such as work-organisation.")
@click.option("--to", "edition", required=True, help="The edition to score under, such as 2026-11.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Say who would change band; write nothing.")
@click.option(
    "--batch", type=click.IntRange(1, 5000), default=BATCH, show_default=True, help="People at a time."
)
@as_json
@told
def rescore(slug: str, edition: str, is_dry_run: bool, batch: int, json_output: bool) -> None:
    """Score everybody's submitted answers under an edition; old scores stay. Interrupted, it goes on where it was."""
    settings = Settings()
    if current_revision(settings) is None:
        raise click.ClickException(
            "There is no database here; set HOMESHORE_DATA_DIR or HOMESHORE_DATABASE_URL."
        )

    async def work() -> ImpactFacts:
        database = Database(settings.async_database_url, pooled=False)
        try:
            return await rescore_base(
                database, slug, edition, editions=load_editions(), now=clock_from(settings.pretend_now)(),
                is_dry_run=is_dry_run, batch=batch, tick=_tick,
            )  # fmt: skip
        finally:
            await database.close()

    impact = run(work)
    answer(impact.model_dump(mode="json"), json_output=json_output, words=_words(impact))


def _tick(people: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"  {people} more", err=True)


def _words(impact: ImpactFacts) -> str:
    would = "would be scored" if impact.is_dry_run else "scored"
    lines = [
        f"{impact.instrument} {impact.to_edition}: {impact.scored} {would}, {impact.already} had it before, "
        f"{impact.not_scored} have no answer that counts there."
    ]
    for old, one in impact.editions.items():
        lines.append(
            f"  from {old}: {len(one.same)} questions are the same, {len(one.changed)} are asked otherwise, "
            f"{len(one.dropped)} are gone, {len(one.added)} are new"
        )
    lines += [f"  {bands}: {count}" for bands, count in impact.bands.items()]
    lines.append(f"  mean change: {impact.mean_change_hundredths / 100:+.2f} points")
    sure = sum(not one.is_within_error for one in impact.moved)
    lines.append(f"  {len(impact.moved)} change band, {sure} of them by more than the error of both scores")
    lines += [
        f"    {one.candidate_id} {one.from_band} ({whole_points(one.from_hundredths)}) > "
        f"{one.to_band} ({whole_points(one.to_hundredths)}){' within error' if one.is_within_error else ''}"
        for one in impact.moved
    ]
    return "\n".join(lines)
