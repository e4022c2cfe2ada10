"""Each page of each document, drawn from the facts in documents/examples by pdftoppm."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageOps

from documents.facts import ShortlistFacts
from documents.kinds import DocumentKind
from documents.packs import PackRefused, plan_pack, plan_report, plan_shortlist, render_document
from documents.reports import ReportFacts
from service.cli.packs import read_facts
from service.runtime.clock import PARIS
from service.runtime.editions import load_law
from tests.processes import ROOT

EXAMPLES = ROOT / "documents/examples"
ISSUED = datetime(2026, 11, 24, 10, 30, tzinfo=PARIS)
DOTS_PER_INCH = 72


def draw_documents(folder: Path, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, Image.Image]]:
    """`<kind>-<page>` and its picture: a hiring's documents, a contract of fixed term, the shortlist, both reports."""
    for stem, content in _documents(is_wanted):
        source = folder / f"{stem}.pdf"
        source.write_bytes(content)
        subprocess.run(
            ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "-sep", "-", str(source), str(folder / stem)],
            check=True,
        )
        for number, page in enumerate(sorted(folder.glob(f"{stem}-*.png")), start=1):
            yield f"{stem}-{number}", _framed(Image.open(page).convert("RGB"))


def _documents(is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    for example in ("cdi-full-time", "cdd-part-time"):
        plan = plan_pack(
            read_facts(EXAMPLES / f"{example}.json"), law=load_law(), issued_at=ISSUED, reference="HS-EXEMPLE"
        )
        assert not isinstance(plan, PackRefused), plan
        for document in plan.documents:
            is_other = example == "cdd-part-time"
            if is_other and document.kind is not DocumentKind.EMPLOYMENT_CONTRACT:
                continue
            stem = f"{document.kind.value}{'_fixed_term' if is_other else ''}"
            if is_wanted(stem):
                yield stem, render_document(document)
    if is_wanted("shortlist"):
        facts = ShortlistFacts.model_validate_json(
            (EXAMPLES / "shortlist/energy-eight-seats.json").read_text("utf-8")
        )
        paper = plan_shortlist(facts, author="Claire Dumont", issued_at=ISSUED, reference="HS-EXEMPLE")
        assert not isinstance(paper, PackRefused), paper
        yield "shortlist", render_document(paper)
    for kind in (DocumentKind.ASSESSMENT_REPORT, DocumentKind.SCORECARD):
        if is_wanted(kind.value):
            yield kind.value, _report(kind)


def _report(kind: DocumentKind) -> bytes:
    """A made-up person's report, as the person gets it, or the sheet that staff bring to the talk."""
    example = EXAMPLES / kind.value / "mixed-answers.json"
    facts = ReportFacts.model_validate_json(example.read_text("utf-8"))
    plan = plan_report(kind, facts, author="Claire Dumont", issued_at=ISSUED, reference="HS-EXEMPLE")
    assert not isinstance(plan, PackRefused), plan
    return render_document(plan)


def _framed(page: Image.Image) -> Image.Image:
    """A hairline around the sheet, so that it stands out on a white page."""
    return ImageOps.expand(page, border=1, fill="#8B8577")
