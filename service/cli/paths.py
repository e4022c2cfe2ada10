"""homeshore paths: the training paths of this installation."""

import contextlib

import click
from sqlalchemy.exc import SQLAlchemyError

from onboarding.paths.paths import Module, Path, quiz_words
from service.cli.output import answer, as_json, run, told, transaction
from service.flows.paths import path_shelf
from service.flows.paths import paths as flow
from service.runtime.clock import civil_date, system_clock
from service.runtime.editions import Editions, load_editions
from service.runtime.settings import Settings


@click.group()
def paths() -> None:
    """Training paths."""


@paths.command("list")
@as_json
@told
def list_paths(json_output: bool) -> None:
    """List the paths given today, with every edition kept of each, their modules and how much there is to read."""
    editions = run(_library)
    given = flow.in_force(editions, civil_date(system_clock()))
    rows = [_row(path) | {"editions": list(flow.editions_of(editions, path.slug))} for path in given]
    words = "\n".join(
        f"{path.slug}  {path.edition}  {path.minutes} min, {len(path.modules)} modules\n    {path.title.fr}"
        for path in given
    )
    answer(rows, json_output=json_output, words=words or "No path is given today.")


async def _library() -> Editions:
    """What ships, and what was published here where there is a database of this service."""
    settings, shipped = Settings(), load_editions()
    if settings.async_database_url.startswith("sqlite") and not (settings.data_dir / "homeshore.db").exists():
        return shipped
    with contextlib.suppress(SQLAlchemyError):  # no server, or a database without tables: what ships is there
        async with transaction(settings) as session:
            return await path_shelf.library(session, shipped)
    return shipped


def _row(path: Path) -> dict[str, object]:
    return {
        "slug": path.slug,
        "edition": path.edition,
        "languages": [language.value for language in path.languages],
        "title": {language.value: path.title.said_in(language) for language in path.languages},
        "minutes": path.minutes,
        "modules": [_module(module, path) for module in path.modules],
        "source": path.source,
    }


def _module(module: Module, path: Path) -> dict[str, object]:
    """Words to read (the quiz has its own count) and questions, in each language."""
    return {
        "slug": module.slug,
        "minutes": module.minutes,
        "words": {language.value: module.words(language) for language in path.languages},
        "quiz_words": {language.value: quiz_words(module, language) for language in path.languages},
        "questions": {language.value: len(module.quiz) for language in path.languages},
    }
