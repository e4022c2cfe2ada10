"""homeshore documents: any paper from a file of facts, without a server or a database."""

import hashlib
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel, ValidationError

from documents.kinds import KINDS, DocumentKind
from documents.law import Law
from documents.packs import DocumentPlan, PackRefused, render_document
from documents.papers.issuing import plan_paper
from documents.papers.shelf import PAPERS, examples_of
from documents.pdf import PdfError, count_pages
from service.cli.output import answer, as_json, told
from service.cli.packs import FACTS
from service.http.bodies import read_strict_json
from service.runtime.clock import PARIS, civil_date, system_clock
from service.runtime.editions import load_law
from service.runtime.errors import Fault, Malformed, RuleBroken, Unavailable

KIND = click.Choice([kind.value for kind in PAPERS])
PDF = click.Path(dir_okay=False, writable=True, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
NOBODY = "nobody signs"
LARGEST_FACTS = 8_000_000
"""Bytes: facts with their photographs."""


@click.group()
def documents() -> None:
    """Any document of the house, from a file of facts."""


@documents.command("kinds")
@as_json
@told
def list_kinds(json_output: bool) -> None:
    """List the kinds of documents, who signs each, and the examples that come with it."""
    law, today = load_law(), civil_date(system_clock())
    rows = [_kind(kind, law, today) for kind in PAPERS]
    width = max(len(row["kind"]) for row in rows)
    words = "\n".join(
        f"{row['kind'].ljust(width)}  {row['title']}  ({', '.join(row['signatories']) or NOBODY})"
        for row in rows
    )
    answer(rows, json_output=json_output, words=words)


def _kind(kind: DocumentKind, law: Law, today: date) -> dict[str, Any]:
    spec, mentions = KINDS[kind], law.mentions_on(kind, today)
    return {
        "kind": kind.value,
        "title": spec.title,
        "template": spec.template,
        "mentions": mentions.name if mentions else None,
        "signatories": [who.value for who in spec.signatories],
        "examples": list(examples_of(kind)),
    }


@documents.command("example")
@click.argument("kind", type=KIND, metavar="KIND")
@click.option(
    "--which", metavar="SLUG", help="One of the examples that `kinds --json` lists; the first without it."
)
@as_json
@told
def example(kind: str, which: str | None, json_output: bool) -> None:
    """Print the facts of a made-up KIND, ready to change and to hand to `make`. They are JSON either way."""
    known = examples_of(DocumentKind(kind))
    if which is not None and which not in known:
        raise click.BadParameter(f"there is {', '.join(known)}, but no {which}.", param_hint="--which")
    facts = json.loads(known[which or next(iter(known))])
    answer(facts, json_output=True, words="")


@documents.command("make")
@click.argument("kind", type=KIND, metavar="KIND")
@click.option("--facts", "facts_path", type=FACTS, required=True, help="The facts, as `example` prints them.")
@click.option("--out", "out_path", type=PDF, required=True, help="The PDF to write.")
@click.option(
    "--issued-on", type=DAY, metavar="YYYY-MM-DD", help="The day on the document; today without it."
)
@click.option(
    "--reference", default="", help="Printed in the foot of every page; made from the day without it."
)
@as_json
@told
def make(
    kind: str, facts_path: Path, out_path: Path, issued_on: datetime | None, reference: str, json_output: bool
) -> None:
    """Make one KIND from its facts; everything missing is named, and then nothing is written.

    The same facts, day and reference give the same bytes.
    """
    day = issued_on.date() if issued_on else civil_date(system_clock())
    wanted = DocumentKind(kind)
    law, facts = load_law(), read_facts(facts_path, PAPERS[wanted].facts)
    reference = _printable(reference) or f"HS-{day:%Y%m%d}"
    try:
        plan = plan_paper(
            wanted, facts, law=law, issued_at=datetime.combine(day, time(), PARIS), reference=reference
        )
        if isinstance(plan, PackRefused):
            raise refusal(plan)
        content = render_document(plan)
    except PdfError as error:
        raise Unavailable(str(error)) from None
    _write(out_path, content)
    made = _made(plan, content, out_path) | {
        "reference": reference,
        "issued_on": day.isoformat(),
        "deadlines": [one.model_dump(mode="json") for one in PAPERS[wanted].deadlines(facts, law, day)],
    }
    answer(made, json_output=json_output, words=_words(made))


def read_facts(path: Path, shape: type[BaseModel]) -> BaseModel:
    """The facts of one paper; Malformed or RuleBroken says what does not fit and where."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FACTS + 1)
    if len(content) > LARGEST_FACTS:
        raise Malformed(f"{path.name} is larger than {LARGEST_FACTS} bytes.")
    try:
        return shape.model_validate(read_strict_json(content))
    except ValidationError as error:
        faults = [
            Fault("/" + "/".join(map(str, entry["loc"])), "invalid", entry["msg"]) for entry in error.errors()
        ]
        raise RuleBroken(f"{path.name} does not fit the facts of this kind; `example` prints their shape.",
                         faults=faults) from None  # fmt: skip


def refusal(refused: PackRefused) -> RuleBroken:
    """What stops a document as an error: field, article and what to do, one line each."""
    return RuleBroken(
        "Le document n'est pas complet ; rien n'a été écrit.",
        faults=[
            Fault(item.field, item.fault.value, f"{item.label} ({item.article}). {item.remedy}")
            for item in refused.missing
        ],
    )


def _printable(reference: str) -> str:
    if len(reference) > 60 or not reference.isprintable():
        raise click.BadParameter("at most 60 printable characters.", param_hint="--reference")
    return reference.strip()


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from None


def _made(plan: DocumentPlan, content: bytes, path: Path) -> dict[str, Any]:
    return {
        "kind": plan.kind.value,
        "title": plan.title,
        "path": str(path),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "pages": count_pages(content),
        "template": plan.template,
        "signatories": [who.value for who in plan.signatories],
    }


def _words(made: dict[str, Any]) -> str:
    lines = [made["path"], f"{made['title']}, {made['pages']} page(s), sha256 {made['sha256']}"]
    lines += [f"{one['on']}  {one['what']} ({one['article']})" for one in made["deadlines"]]
    return "\n".join(lines)
