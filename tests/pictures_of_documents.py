"""Each page of each document, drawn from an example of its kind in documents/examples by pdftoppm."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageOps

from documents.kinds import DocumentKind
from documents.packs import PackRefused, render_document
from documents.papers.issuing import plan_paper
from documents.papers.shelf import PAPERS, examples_of
from service.runtime.editions import load_law
from tests.documents.papers.reading import ISSUED_AT
from tests.processes import ROOT

FOLDER = ROOT / "documents/pictures"
CHOSEN = {
    DocumentKind.SHORTLIST: "energy-eight-seats",
    DocumentKind.ASSESSMENT_REPORT: "mixed-answers",
    DocumentKind.SCORECARD: "mixed-answers",
}
"""The example to picture where it is not the first."""
ALSO = {"employment_contract_fixed_term": (DocumentKind.EMPLOYMENT_CONTRACT, "cdd-part-time")}
DOTS_PER_INCH = 72


def pictured() -> dict[str, tuple[DocumentKind, str]]:
    """The name of each document's pictures, with the example they show."""
    usual = {kind.value: (kind, CHOSEN.get(kind) or next(iter(examples_of(kind)))) for kind in PAPERS}
    return usual | ALSO


def draw_documents(folder: Path, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, Image.Image]]:
    """`<kind>-<page>` and its picture, for every kind and for a contract of fixed term."""
    for stem, (kind, example) in pictured().items():
        if not is_wanted(stem):
            continue
        source = folder / f"{stem}.pdf"
        source.write_bytes(_drawn(kind, example))
        subprocess.run(
            ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "-sep", "-", str(source), str(folder / stem)],
            check=True,
        )
        pages = sorted(folder.glob(f"{stem}-*.png"))
        for old in set(FOLDER.glob(f"{stem}-*.png")) - {
            FOLDER / f"{stem}-{n + 1}.png" for n in range(len(pages))
        }:
            old.unlink()
        for number, page in enumerate(pages, start=1):
            yield f"{stem}-{number}", _framed(Image.open(page).convert("RGB"))


def _drawn(kind: DocumentKind, example: str) -> bytes:
    facts = PAPERS[kind].facts.model_validate_json(examples_of(kind)[example])
    plan = plan_paper(kind, facts, law=load_law(), issued_at=ISSUED_AT, reference="HS-EXEMPLE")
    assert not isinstance(plan, PackRefused), plan
    return render_document(plan)


def _framed(page: Image.Image) -> Image.Image:
    """A hairline around the sheet, so that it stands out on a white page."""
    return ImageOps.expand(page, border=1, fill="#8B8577")
