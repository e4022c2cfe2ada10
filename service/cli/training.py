"""homeshore train: the training paths of this installation."""

import click

from service.cli.output import answer, as_json, told
from service.flows import paths
from service.runtime.clock import civil_date, system_clock
from service.runtime.editions import load_editions


@click.group()
def train() -> None:
    """Training paths."""


@train.command("paths")
@as_json
@told
def list_paths(json_output: bool) -> None:
    """List the paths given today, with every edition kept of each."""
    editions = load_editions()
    rows = [
        {
            "slug": path.slug,
            "edition": path.edition,
            "editions": list(paths.editions_of(editions, path.slug)),
            "title": path.title.fr,
            "minutes": path.minutes,
            "modules": [module.slug for module in path.modules],
            "source": path.source,
        }
        for path in paths.in_force(editions, civil_date(system_clock()))
    ]
    words = "\n".join(
        f"{row['slug']}  {row['edition']}  {row['minutes']} min, {len(row['modules'])} modules\n    {row['title']}"  # type: ignore[arg-type]
        for row in rows
    )
    answer(rows, json_output=json_output, words=words or "No path is given today.")
