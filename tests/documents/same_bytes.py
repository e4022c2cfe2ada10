"""python -m tests.documents.same_bytes: the SHA-256 of every example as drawn here, to compare with another Python.

Two interpreters with the same library versions must print the same lines. Needs the documents package alone.
"""

import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import documents
from documents import law as law_module
from documents import packs, pdf
from documents.law import Law
from documents.packs import DocumentPlan
from documents.papers.issuing import plan_paper
from documents.papers.paper import Paper
from documents.papers.shelf import PAPERS

PACKAGE = Path(documents.__file__).parent
ISSUED_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
REFERENCE = "HS-2026-0042"

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>
<meta name="author" content="É."></head>
<body><main><h1>Été – « œuvre », l’Haÿ</h1><p>Un <strong>long</strong> <em>paragraphe</em> à 1 867,02 €, \
avec Łukasik, Żółć et Đorđe, qui passe à la ligne, et <a href="https://example.org/">un lien</a>.</p>
<h2>Liste</h2><ul><li>un</li><li>deux<ul><li>trois</li></ul></li></ul>
<table><thead><tr><th scope="col" colspan="2">Deux</th><th scope="col">Somme</th></tr></thead><tbody>
<tr><th scope="row">Ligne</th><td>gauche</td><td>79,30 €</td></tr></tbody></table>
<div class="pair"><div>Signature</div><div><img class="box" alt="Case :" src="asset:box.svg"> droite</div></div>
<p class="far">Page suivante.</p></main></body></html>"""

STYLE = """@font-face { font-family: "A"; src: url("asset:atkinson-hyperlegible-latin-400-normal.woff2"); }
@font-face { font-family: "A"; font-weight: 700; src: url("asset:atkinson-hyperlegible-latin-700-normal.woff2"); }
@font-face { font-family: "A"; font-style: italic; src: url("asset:atkinson-hyperlegible-latin-400-italic.woff2"); }
@font-face { font-family: "B"; src: url("asset:atkinson-hyperlegible-latin-ext-400-normal.woff2"); }
@page { size: A5; margin: 20mm; @bottom-right { content: counter(page) " sur " counter(pages); font: 8pt "A"; } }
html { font: 11pt/15pt "A", "B"; overflow-wrap: break-word; } .pair { display: flex; gap: 5mm; }
h1 { string-set: title content(); color: #0A665F; } .box { width: 3mm; height: 3mm; } .far { break-before: page; }
table { width: 100%; border-collapse: collapse; } td { border-bottom: 0.5pt solid #C9C4B8; }"""


def drawn_page() -> bytes:
    """The made-up page above, as `pdf.render` draws it."""
    return pdf.render(PAGE, title="Essai", identifier="0" * 32, created=ISSUED_AT, attachment=b'{"facts": 1}')


def every_plan() -> Iterator[tuple[str, DocumentPlan]]:
    """Each example of each kind, planned; the name is `kind/example`."""
    data = PACKAGE / "data"
    law = law_module.gather(
        {file.relative_to(data).as_posix(): file.read_text("utf-8") for file in data.rglob("*.yaml")}
    )
    for kind, paper in PAPERS.items():
        for stem in paper.examples or sorted(
            f"{kind.value}/{file.stem}" for file in (PACKAGE / "examples" / kind.value).glob("*.json")
        ):
            yield f"{kind.value}/{Path(stem).stem}", _planned(paper, stem, law)


def _planned(paper: Paper, stem: str, law: Law) -> DocumentPlan:
    facts = paper.facts.model_validate_json((PACKAGE / "examples" / f"{stem}.json").read_text("utf-8"))
    plan = plan_paper(paper.kind, facts, law=law, issued_at=ISSUED_AT, reference=REFERENCE)
    assert isinstance(plan, DocumentPlan), (stem, plan)
    return plan


def main() -> None:
    sys.stderr.write(f"Python {sys.version.split()[0]}; {pdf.making()}\n")
    for name, plan in every_plan():
        sys.stdout.write(f"{name} {hashlib.sha256(packs.render_document(plan)).hexdigest()}\n")


if __name__ == "__main__":
    main()
