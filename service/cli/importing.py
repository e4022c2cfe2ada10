"""homeshore import: people and programmes from files, checked first."""

import sys
from pathlib import Path
from typing import Any

import click

from service.cli.output import answer, as_json, run, told, transaction
from service.runtime.settings import Settings

SHOWN = 20


@click.group("import")
def import_command() -> None:
    """Bring people or programmes in from a file (JSON, or CSV with ; , or tab)."""


def _options(command: Any) -> Any:
    file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    apply = click.option(
        "--apply", "is_applied", is_flag=True, help="Apply; without it the file is only checked."
    )
    return file(apply(as_json(told(command))))


@import_command.command("candidates")
@_options
def candidates(file: Path, is_applied: bool, json_output: bool) -> None:
    """People. The same file again changes nothing; a likely duplicate is shown, never merged."""
    _bring_in(file, "candidates", is_applied=is_applied, json_output=json_output)


@import_command.command("programmes")
@_options
def programmes(file: Path, is_applied: bool, json_output: bool) -> None:
    """Programmes of clients."""
    _bring_in(file, "programmes", is_applied=is_applied, json_output=json_output)


@import_command.command("outcomes")
@_options
def outcomes(file: Path, is_applied: bool, json_output: bool) -> None:
    """How the work of hired people goes: candidate, days, measure, value, recorded_on (CSV).

    A candidate is named by id, by the id of the file they came from, or by e-mail. What is noted already stays one
    note.
    """
    from service.flows.reading.reading_outcomes import read_outcomes
    from service.flows.recruiting.imports_of_outcomes import bring_in
    from service.runtime.actors import SYSTEM
    from service.runtime.clock import system_clock
    from service.runtime.editions import load_editions
    from service.runtime.schema import upgrade

    settings = Settings()
    read = read_outcomes(file.read_bytes())
    upgrade(settings)

    async def work() -> dict[str, Any]:
        async with transaction(settings) as session:
            report = await bring_in(
                session, SYSTEM, read, is_applied=is_applied, editions=load_editions(), now=system_clock()
            )
            return report.model_dump(mode="json")

    _tell(run(work), is_applied=is_applied, json_output=json_output)


def _bring_in(file: Path, kind: str, *, is_applied: bool, json_output: bool) -> None:
    from service.flows.recruiting import imports
    from service.runtime.actors import SYSTEM
    from service.runtime.clock import system_clock
    from service.runtime.editions import load_editions
    from service.runtime.files import FileStore
    from service.runtime.schema import upgrade
    from service.runtime.vocabulary import ImportKind

    settings = Settings()
    data = file.read_bytes()
    reading = imports.read_file(data, kind=ImportKind(kind), file_name=file.name)
    upgrade(settings)

    async def work() -> dict[str, Any]:
        async with transaction(settings) as session:
            if is_applied:
                report = await imports.apply_at_once(
                    session, SYSTEM, reading, data, files=FileStore(settings.data_dir / "files"),
                    editions=load_editions(), now=system_clock(),
                )  # fmt: skip
            else:
                report = await imports.check(session, reading)
            return report.model_dump(mode="json")

    _tell(run(work), is_applied=is_applied, json_output=json_output)


def _tell(report: dict[str, Any], *, is_applied: bool, json_output: bool) -> None:
    done = is_applied and report["bad"] == 0
    answer({"applied": done, **report}, json_output=json_output, words=_words(report, is_applied=is_applied))
    sys.exit(0 if report["bad"] == 0 else 1)


def _words(report: dict[str, Any], *, is_applied: bool) -> str:
    counts = ("new", "changed", "unchanged", "bad", "likely_duplicates")
    lines = [", ".join(f"{name.replace('_', ' ')} {report[name]}" for name in counts)]
    for fault in report["faults"][:SHOWN]:
        value = f" « {fault['value']} »" if fault["value"] else ""
        lines.append(f"  line {fault['line']}: {fault['column']}{value} {fault['reason']}".replace("  ", " "))
    if report["fault_count"] > SHOWN:
        lines.append(f"  … and {report['fault_count'] - SHOWN} more; --json lists 500")
    for twin in report["duplicates"][:SHOWN]:
        other = f"line {twin['other_line']}" if twin["other_line"] else "known"
        signs = ", ".join(twin["signs"])
        lines.append(
            f"  line {twin['line']}: {twin['name']} is likely {twin['other_name']} ({other}; {signs})"
        )
    if report["ignored_columns"]:
        lines.append(f"Columns that nobody reads: {', '.join(report['ignored_columns'])}")
    lines.append(_end(report, is_applied=is_applied))
    return "\n".join(lines)


def _end(report: dict[str, Any], *, is_applied: bool) -> str:
    if report["bad"]:
        return "Nothing was applied: put these rows right first."
    if report["applied_before"]:
        return "This very file was applied before; nothing changes."
    return "Applied." if is_applied else "Only checked. Add --apply to bring them in."
