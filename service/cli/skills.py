"""homeshore skills: lists of skills brought in from their official files, and free text resolved into skills."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from service.cli.output import answer, as_json, run, told, transaction
from service.runtime.settings import Settings

if TYPE_CHECKING:
    from assessments.skills.finding import Finder, Found, Named
    from service.flows.matching.skill_lists import ListReport

SHOWN = 10
MOST_PHRASES = 1_000_000


@click.group("skills")
def skills() -> None:
    """Lists of skills (ESCO, ROME, a customer's own), and what people's words mean in them."""


@skills.command("import")
@click.argument("name", metavar="esco|rome|NAME")
@click.argument(
    "paths", metavar="FILES...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--edition", help="The list's edition, as 1.2; the day of the import otherwise.")
@click.option("--title", default="", help="What people are shown as the list's name.")
@click.option("--licence", default="", help="Under what licence the list may be used.")
@click.option("--check", "is_only_checked", is_flag=True, help="Say what would change; bring nothing in.")
@as_json
@told
def import_command(
    name: str, paths: tuple[Path, ...], edition: str | None, title: str, licence: str, is_only_checked: bool,
    json_output: bool,
) -> None:  # fmt: skip
    """Bring a list in from its files (a folder stands for its CSV files), and say what changed since the last time.

    The official files of ESCO and ROME are known by their columns. Any other NAME is a customer's own list.
    """
    from service.flows.matching import lexicons, skill_lists
    from service.runtime.actors import SYSTEM
    from service.runtime.clock import system_clock
    from service.runtime.editions import load_editions
    from service.runtime.lexicon_shelf import LexiconShelf
    from service.runtime.schema import upgrade

    settings, now = Settings(), system_clock()
    files = [skill_lists.SentFile(path.name, path.read_bytes()) for path in _files(paths)]
    sent = skill_lists.read_files(files, scheme=name, edition=edition or now.date().isoformat())
    upgrade(settings)

    async def work() -> "ListReport":
        async with transaction(settings) as session:
            if is_only_checked:
                return await skill_lists.check_list(
                    session, sent.listed, ignored_files=sent.read.ignored_files
                )
            report = await skill_lists.import_list(
                session, SYSTEM, sent.listed, now=now, title=title, licence=licence, files=files
            )
        async with transaction(settings) as session:
            (await lexicons.finder(session, load_editions(), LexiconShelf(settings.data_dir)))()
        return report.model_copy(update={"ignored_files": sent.read.ignored_files})

    report = run(work)
    value = {"scheme": name, "edition": sent.listed.edition, "applied": not is_only_checked,
             **report.model_dump(mode="json")}  # fmt: skip
    answer(value, json_output=json_output, words=_words(report, is_only_checked=is_only_checked))


def _files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.glob("*.csv")) if path.is_dir() else [path])]


def _words(report: "ListReport", *, is_only_checked: bool) -> str:
    counts = ("added", "removed", "relabelled", "changed", "unchanged")
    lines = [f"{report.concepts} skills: " + ", ".join(f"{name} {getattr(report, name)}" for name in counts)]
    lines += [f"  + {one.label}" for one in report.added_lines[:SHOWN]]
    lines += [f"  - {one.label}" for one in report.removed_lines[:SHOWN]]
    lines += [f"  {one.was} -> {one.label}" for one in report.relabelled_lines[:SHOWN]]
    if report.shared_label_count:
        shared = ", ".join(report.shared_labels[:SHOWN])
        lines.append(f"Labels that several skills share: {report.shared_label_count} ({shared})")
    lines += [f"A skill is broader than itself: {' -> '.join(ring)}" for ring in report.rings[:SHOWN]]
    if report.ignored_files:
        lines.append(f"Files that hold no skills: {', '.join(report.ignored_files)}")
    lines.append("Only checked." if is_only_checked else "Brought in.")
    return "\n".join(lines)


@skills.command("resolve")
@click.argument("file", type=click.File("rb"))
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="The language of labels.")
@as_json
@told
def resolve(file: Any, lang: str, json_output: bool) -> None:
    """Say which skill each phrase of FILE names (a JSON list of strings, - for standard input), or that none does."""
    phrases = _phrases(file)
    found = _finder(Settings()).find_all(phrases)
    if json_output:
        told_all = [told_found(text, one, lang) for text, one in zip(phrases, found, strict=True)]
        click.echo(json.dumps(told_all, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_line(one, lang) for one in found))


def _phrases(file: Any) -> list[str]:
    try:
        read = json.loads(file.read().decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        _stop(f"{file.name}: is no JSON: {error}")
    if not isinstance(read, list) or not all(isinstance(one, str) for one in read):
        _stop(f"{file.name}: is not a list of strings")
    if len(read) > MOST_PHRASES:
        _stop(f"{file.name}: has more than {MOST_PHRASES} phrases")
    return read


def _stop(words: str) -> NoReturn:
    click.echo(f"homeshore: {words}", err=True)
    sys.exit(1)


def _finder(settings: Settings) -> "Finder":
    """Our own list and every list brought in; where there is no database yet, our own list alone."""
    from service.flows.matching import lexicons
    from service.runtime.editions import load_editions
    from service.runtime.lexicon_shelf import LexiconShelf
    from service.runtime.schema import upgrade

    shipped = load_editions()
    if (
        settings.is_embedded
        and not (settings.data_dir / "homeshore.db").exists()
        and not settings.database_url
    ):
        return lexicons.own_finder(shipped)
    upgrade(settings)

    async def work() -> "Finder":
        async with transaction(settings) as session:
            return (await lexicons.finder(session, shipped, LexiconShelf(settings.data_dir)))()

    return run(work)


NO_SKILL = {"skill": None, "uri": None, "label": None, "scheme": None, "confidence": 0.0}


def told_found(text: str, found: "Found", lang: str) -> dict[str, Any]:
    """One phrase as machines are told it; `skill`, `uri` and `label` are null when nothing fits."""
    return {
        "text": text,
        **(_told_named(found.named, lang) if found.named else NO_SKILL),
        "way": found.way.value,
        "is_ambiguous": found.is_ambiguous,
        "is_to_confirm": found.is_to_confirm,
        "alternatives": [_told_named(one, lang) for one in found.alternatives],
        "parts": [told_found(part.phrase, part, lang) for part in found.parts],
    }  # fmt: skip


def _told_named(one: "Named", lang: str) -> dict[str, Any]:
    return {
        "skill": one.skill,
        "uri": one.uri,
        "label": one.label.in_(lang),
        "scheme": one.scheme,
        "confidence": one.confidence,
    }


def _line(found: "Found", lang: str) -> str:
    if found.parts:
        return "\n".join([f"{found.phrase}:", *(f"  {_line(part, lang)}" for part in found.parts)])
    if found.named is None:
        others = ", ".join(one.label.in_(lang) for one in found.alternatives[:3])
        return f"{found.phrase}: no match" + (f" (nearest: {others})" if others else "")
    mark = " (ambiguous)" if found.is_ambiguous else ""
    return f"{found.phrase}: {found.named.label.in_(lang)} [{found.named.uri}] {found.named.confidence:.2f}{mark}"
