"""homeshore pack: the documents of one hiring from a file of facts, without a server or a database."""

from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from documents.facts import PackFacts
from documents.packs import Pack, PackRefused, build_pack
from documents.pdf import PdfError
from service.cli.output import answer, as_json, told
from service.http.bodies import read_strict_json
from service.runtime.clock import PARIS, system_clock
from service.runtime.editions import load_law
from service.runtime.errors import Fault, Malformed, RuleBroken, Unavailable

FOLDER = click.Path(file_okay=False, path_type=Path)
FACTS = click.Path(exists=True, dir_okay=False, path_type=Path)
LARGEST_FACTS = 1_000_000


@click.command()
@click.argument("facts_path", metavar="FACTS.json", type=FACTS)
@click.option("--out", "out_path", type=FOLDER, required=True, help="The folder for the documents.")
@click.option(
    "--reference", default="", help="Printed in the foot of every page; made from the day without it."
)
@as_json
@told
def pack(facts_path: Path, out_path: Path, reference: str, json_output: bool) -> None:
    """Make the documents to sign of one hiring; everything missing is named, and then nothing is written."""
    issued_at = system_clock().astimezone(PARIS)
    facts = read_facts(facts_path)
    try:
        made = build_pack(
            facts, law=load_law(), issued_at=issued_at, reference=reference or f"HS-{issued_at:%Y%m%d-%H%M}"
        )
    except PdfError as error:
        raise Unavailable(str(error)) from None
    if isinstance(made, PackRefused):
        raise RuleBroken(
            "Le dossier n'est pas complet ; rien n'a été écrit.",
            faults=[
                Fault(item.field, item.fault.value, f"{item.label} ({item.article}). {item.remedy}")
                for item in made.missing
            ],
        )
    paths = write_pack(made, out_path)
    answer(
        {"documents": _listed(made, out_path), "files": [str(path) for path in paths]},
        json_output=json_output,
        words="\n".join(str(path) for path in paths),
    )


def read_facts(path: Path) -> PackFacts:
    """The facts of one hiring; Malformed or RuleBroken says what does not fit and where."""
    content = path.read_bytes()[: LARGEST_FACTS + 1]
    if len(content) > LARGEST_FACTS:
        raise Malformed(f"{path.name} is larger than {LARGEST_FACTS} bytes.")
    try:
        return PackFacts.model_validate(read_strict_json(content))
    except ValidationError as error:
        faults = [
            Fault("/" + "/".join(map(str, entry["loc"])), "invalid", entry["msg"]) for entry in error.errors()
        ]
        raise RuleBroken(f"{path.name} does not fit the shape of facts.", faults=faults) from None


def write_pack(made: Pack, folder: Path) -> list[Path]:
    """Each document, the manifest and the archive, in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    named = [
        (document.file_name, content) for document, content in zip(made.documents, made.contents, strict=True)
    ]
    paths = []
    for name, content in [*named, ("manifest.json", made.manifest), ("pack.zip", made.archive)]:
        target = folder / name
        target.write_bytes(content)
        paths.append(target)
    return paths


def _listed(made: Pack, folder: Path) -> list[dict[str, Any]]:
    return [
        {**document.model_dump(mode="json"), "path": str(folder / document.file_name)}
        for document in made.documents
    ]
