"""homeshore lint: whether a file of questions touches a ground that no question may touch."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from assessments.editions import EditionError
from assessments.questionnaires.forbidden import Criteria, Finding, lint, read_questions
from service.cli.output import answer, as_json, told
from service.flows.reading.reading_text import UnreadableFile, decode
from service.runtime.clock import system_clock

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("lint")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="The language of reasons.")
@as_json
@told
def lint_command(files: tuple[Path, ...], lang: str, json_output: bool) -> None:
    """Read questionnaires, interview guides or any YAML of questions, and refuse what touches L1132-1.

    Status 1 when a question touches a ground and no argued override answers for it. A silent lint proves nothing: a
    list of words does not replace reading the questions.
    """
    criteria = load_criteria()
    found = {file: _findings(file, criteria) for file in files}
    told_json = [
        {
            "file": str(file),
            "refused": is_refused(findings),
            "criteria": criteria.edition,
            "findings": [finding_as_json(one, lang) for one in findings],
        }
        for file, findings in found.items()
    ]
    words = "\n".join(_in_words(file, findings, lang) for file, findings in found.items())
    value = told_json[0] if len(told_json) == 1 else {"files": told_json}
    answer(value, json_output=json_output, words=words)
    if any(is_refused(findings) for findings in found.values()):
        sys.exit(1)


def load_criteria() -> Criteria:
    """The criteria in force today."""
    from service.runtime.editions import in_force, load_forbidden_criteria

    found: Criteria = in_force(load_forbidden_criteria(), system_clock().date())
    return found


def _findings(file: Path, criteria: Criteria) -> tuple[Finding, ...]:
    try:
        found = read_questions(decode(file.read_bytes()))
    except OSError as error:
        click.echo(f"homeshore: {file}: {error.strerror}", err=True)
        sys.exit(1)
    except UnreadableFile as error:
        click.echo(f"homeshore: {file}: {error}", err=True)
        sys.exit(1)
    except EditionError as error:
        click.echo(f"homeshore: {file}: {error}", err=True)
        sys.exit(1)
    return lint(found.questions, criteria, found.overrides)


def is_refused(findings: Sequence[Finding]) -> bool:
    """Whether something is found that nobody answers for."""
    return any(one.override is None for one in findings)


def finding_as_json(one: Finding, lang: str) -> dict[str, Any]:
    """One finding as machines are told it."""
    return {
        "path": one.path,
        "item": one.item,
        "language": one.locale,
        "ground": one.ground.value,
        "label": one.label.in_(lang),
        "found": one.found,
        "text": one.text,
        "reason": one.reason.in_(lang),
        "ask_instead": one.ask_instead.in_(lang),
        "override": None if one.override is None else one.override.model_dump(mode="json"),
    }


def _in_words(file: Path, findings: Sequence[Finding], lang: str) -> str:
    if not findings:
        return f"{file}: nothing found."
    return "\n".join(line for one in findings for line in _lines(file, one, lang))


def _lines(file: Path, one: Finding, lang: str) -> list[str]:
    lines = [f"{file}: {one.path}: {one.label.in_(lang)} (L1132-1): « {one.found} »", f"  {one.text}"]
    if one.override is not None:
        who = f"{one.override.approved_by}, {one.override.on.isoformat()}"
        return [*lines, f"  overridden by {who}: {one.override.because}"]
    return [*lines, f"  {one.reason.in_(lang)}", f"  → {one.ask_instead.in_(lang)}"]
