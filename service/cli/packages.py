"""homeshore packages: training packages from authoring tools, checked before anything is unpacked."""

import sys
from pathlib import Path
from typing import Any

import click

from onboarding.content import Language
from onboarding.packages.manifest_reading import Standard
from onboarding.packages.manifests import Manifest
from onboarding.packages.packages import Checked, check
from onboarding.packages.scorm_values import write_span
from service.cli.output import answer, as_json, told
from service.runtime.clock import system_clock
from service.runtime.editions import in_force, load_package_rules

STANDARDS = {Standard.SCORM_1_2: "SCORM 1.2", Standard.SCORM_2004: "SCORM 2004"}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def packages() -> None:
    """Training packages (SCORM 1.2, and SCORM 2004 of a single unit)."""


@packages.command("check")
@click.argument("file", type=FILE)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="The language of problems.")
@as_json
@told
def check_command(file: Path, lang: str, json_output: bool) -> None:
    """Say whether FILE may be brought in, and name everything that is wrong with it and where.

    Nothing is unpacked or written. Status 1 when the package is refused.
    """
    rules = in_force(load_package_rules(), system_clock().date())
    language = Language(lang)
    try:
        with file.open("rb") as opened:
            checked = check(opened, rules)
    except OSError as error:
        click.echo(f"homeshore: {file}: {error.strerror}", err=True)
        sys.exit(2)
    answer(_told(file, checked, language), json_output=json_output, words=_words(file, checked, language))
    if not checked.is_accepted:
        sys.exit(1)


def _told(file: Path, checked: Checked, language: Language) -> dict[str, Any]:
    return {
        "file": str(file),
        "accepted": checked.is_accepted,
        "problems": [
            {"code": one.code, "place": one.place, "text": one.text.said_in(language)}
            for one in checked.problems
        ],
        "package": _told_manifest(checked.manifest, checked) if checked.manifest is not None else None,
        "edition": checked.edition,
    }


def _told_manifest(manifest: Manifest, checked: Checked) -> dict[str, Any]:
    return {
        "standard": manifest.standard.value,
        "version": manifest.version,
        "identifier": manifest.identifier,
        "title": manifest.title,
        "files": len(checked.archive.entries),
        "bytes": checked.archive.unpacked_bytes,
        "units": [
            {
                "identifier": unit.identifier,
                "title": unit.title,
                "kind": unit.kind.value,
                "href": unit.path,
                "mastery_score": None if unit.mastery_score is None else float(unit.mastery_score),
                "max_time": None
                if unit.max_time_centiseconds is None
                else write_span(unit.max_time_centiseconds),
                "prerequisites": list(unit.prerequisites),
            }
            for unit in manifest.units
        ],
    }


def _words(file: Path, checked: Checked, language: Language) -> str:
    if checked.manifest is None:
        return "\n".join(f"{file}: {one.place}: {one.text.said_in(language)}" for one in checked.problems)
    manifest, files = checked.manifest, len(checked.archive.entries)
    units = [f"  {unit.identifier}  {unit.title}  ({unit.path})" for unit in manifest.units]
    accepted, held = ("accepté", "fichiers :") if language is Language.FR else ("accepted", "files:")
    about = f"{STANDARDS[manifest.standard]}, {held} {files}"
    return "\n".join([f"{file}: {accepted}: {manifest.title} ({about})", *units])
