"""Papers of the shelf for tests: planned, rendered once for all, and read back as a reader and a machine read them."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from html import unescape
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from xml.etree import ElementTree

import pikepdf
from pydantic import BaseModel

from documents import packs
from documents.kinds import DocumentKind
from documents.law import Law
from documents.packs import DocumentPlan, PackRefused
from documents.papers.issuing import plan_paper
from documents.papers.shelf import PAPERS, examples_of

ISSUED_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
REFERENCE = "HS-2026-0042"
EXAMPLES = tuple((kind, slug) for kind in PAPERS for slug in examples_of(kind))
"""Every kind with each of its examples, for `parametrize`."""


def named(example: Any) -> str:
    return str(example)


@cache
def facts_of(kind: DocumentKind, slug: str) -> Any:
    return PAPERS[kind].facts.model_validate_json(examples_of(kind)[slug])


def plan_of(
    kind: DocumentKind, facts: BaseModel, law: Law, *, issued_at: datetime = ISSUED_AT
) -> DocumentPlan | PackRefused:
    return plan_paper(kind, facts, law=law, issued_at=issued_at, reference=REFERENCE)


def with_fact(facts: BaseModel, path: str, value: Any) -> Any:
    """The same facts with one of them changed (`details.items.0.serial`), checked anew."""
    data = facts.model_dump(mode="json")
    place: Any = data
    *parents, last = path.split(".")
    for name in parents:
        place = place[int(name) if name.isdigit() else name]
    place[int(last) if last.isdigit() else last] = value
    return type(facts).model_validate(data)


def words_of(html: str) -> str:
    """What a reader reads: the page without its marks, every space alike."""
    bare = unescape(re.sub(r"<[^>]+>", " ", html.split("<body>")[1]))
    return re.sub(r" (?=[.,)])", "", " ".join(bare.split()))


@dataclass(frozen=True)
class Word:
    """One printed word and its box in points from the top left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Issued:
    """One example, planned and rendered."""

    kind: DocumentKind
    slug: str
    facts: Any
    plan: DocumentPlan
    content: bytes

    @property
    def words(self) -> str:
        return words_of(self.plan.html)

    @property
    def opened(self) -> pikepdf.Pdf:
        return pikepdf.open(BytesIO(self.content))

    @cached_property
    def pages(self) -> tuple[tuple[Word, ...], ...]:
        """The words of each page as printed, read by poppler."""
        with NamedTemporaryFile(suffix=".pdf") as file:
            Path(file.name).write_bytes(self.content)
            shown = subprocess.run(
                ["pdftotext", "-bbox", file.name, "-"], capture_output=True, check=True
            ).stdout.decode()
        bare = re.sub(r' xmlns="[^"]+"|<!DOCTYPE[^>]+>', "", shown)
        return tuple(
            tuple(
                Word(
                    word.text or "",
                    *(float(word.get(side, "0")) for side in ("xMin", "yMin", "xMax", "yMax")),
                )
                for word in page.iter("word")
            )
            for page in ElementTree.fromstring(bare).iter("page")
        )


def render(plan: DocumentPlan, folder: Path) -> bytes:
    """The bytes of a plan, kept in `folder` for the other processes of this run: a plan has only one rendering."""
    kept = folder / f"{plan.kind.value}-{plan.identifier}.pdf"
    if not kept.exists():
        being_made = kept.with_suffix(f".{os.getpid()}")
        being_made.write_bytes(packs.render_document(plan))
        being_made.replace(kept)
    return kept.read_bytes()


def elements(element: Any) -> Iterator[Any]:
    """An element of the structure tree and all below it, in reading order."""
    yield element
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from elements(child)
