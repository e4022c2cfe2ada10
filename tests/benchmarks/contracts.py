"""A contract on paper: our archivable, accessible PDF beside WeasyPrint as it comes and as one tunes it, and others."""

import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from documents import packs, pdf
from documents.facts import PackFacts
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan
from documents.papers.issuing import plan_paper
from documents.papers.shelf import PAPERS
from service.runtime.drawn import DrawnFiles
from service.runtime.editions import load_law
from service.runtime.files import FileStore
from tests.benchmarks.measuring import Measure, interleaved
from tests.benchmarks.papermakers import peers

TURNS, IN_POOL, POOL_TURNS = 7, 8, 3
MOST_BYTES = 60_000
ISSUED_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
AMENDMENT = ("telework_amendment", "hybrid-asked-by-the-person.json")
PLAIN = "weasyprint HTML(string=…).write_pdf()"
LACKS = "plain: no PDF/A, no tags, no attached facts, other bytes each time"


def measure() -> list[Measure]:
    """Four pages and seven, each beside the plain and the tuned call; others; two processes; the same once more."""
    amendment, contract = _amendment(), _contract()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        return [
            *_beside_weasyprint(amendment, folder / "amendment"),
            *_beside_weasyprint(contract, folder / "contract"),
            *_beside_others(amendment, folder / "others"),
            _in_processes(amendment, folder / "processes"),
            _once_more(amendment, folder / "kept"),
        ]


def _amendment() -> DocumentPlan:
    """A change of a contract to telework: four pages."""
    paper = PAPERS[DocumentKind(AMENDMENT[0])]
    text = files("documents").joinpath("examples", *AMENDMENT).read_text("utf-8")
    facts = paper.facts.model_validate_json(text)
    made = plan_paper(paper.kind, facts, law=load_law(), issued_at=ISSUED_AT, reference="HS-2026-0001")
    assert isinstance(made, DocumentPlan), made
    return made


def _contract() -> DocumentPlan:
    text = files("documents").joinpath("examples", "cdi-full-time.json").read_text("utf-8")
    facts = PackFacts.model_validate_json(text)
    made = packs.plan_pack(facts, law=load_law(), issued_at=ISSUED_AT, reference="HS-2026-0001")
    assert isinstance(made, packs.PackPlan), made
    return next(one for one in made.documents if one.kind is DocumentKind.EMPLOYMENT_CONTRACT)


def _beside_weasyprint(plan: DocumentPlan, folder: Path) -> list[Measure]:
    page = _as_written_by_hand(plan, folder)
    tuned = _tuned(plan)
    ours_s, plain_s, tuned_s = interleaved(
        lambda: packs.render_document(plan), lambda: _plain(page), tuned, turns=TURNS
    )
    content = packs.render_document(plan)
    assert len(content) <= MOST_BYTES, f"{len(content)} bytes are more than {MOST_BYTES}"
    what = f"one contract, {pdf.count_pages(content)} pages, {len(content) / 1000:.0f} kB, warm"
    return [
        Measure("contracts", what, ours_s, PLAIN, plain_s, TURNS, LACKS),
        Measure(
            "contracts", what, ours_s, "the same with fonts and style kept, nothing fetched", tuned_s, TURNS,
            "tuned: the same lacks",
        ),
    ]  # fmt: skip


def _as_written_by_hand(plan: DocumentPlan, folder: Path) -> str:
    """The same page with its style inside, fonts and pictures as plain files."""
    folder.mkdir()
    package = files("documents")
    for source in (*package.joinpath("fonts").iterdir(), package.joinpath("templates", "fr", "box.svg")):
        (folder / source.name).write_bytes(source.read_bytes())
    style = package.joinpath("templates", "fr", "paper.css").read_text("utf-8")
    page = plan.html.replace("</head>", f"<style>{style}</style></head>", 1)
    return page.replace("asset:", f"{folder.as_uri()}/")


def _plain(page: str) -> bytes:
    from weasyprint import HTML

    content: bytes = HTML(string=page).write_pdf()
    return content


def _tuned(plan: DocumentPlan) -> Callable[[], Any]:
    """WeasyPrint at its best with what its manual offers: one set of fonts and style, and no reader of certificates."""
    from weasyprint import HTML

    fetcher, fonts, style, _ = pdf._workshop()

    def draw() -> bytes:
        page = HTML(string=plan.html, url_fetcher=fetcher, base_url="asset:page")
        content: bytes = page.write_pdf(font_config=fonts, stylesheets=[style])
        return content

    return draw


def _beside_others(plan: DocumentPlan, folder: Path) -> list[Measure]:
    page = folder / "page.html"
    page_text = _as_written_by_hand(plan, folder)
    page.write_text(page_text, "utf-8")
    with peers(plan.html, page, folder) as found:
        ready = [one for one in found if one.draw is not None]
        works = [one.draw for one in ready if one.draw is not None]
        ours_s, *taken = interleaved(lambda: packs.render_document(plan), *works, turns=TURNS)
        pages = {one.name: pdf.count_pages(one.draw()) for one in ready if one.draw is not None}
    seconds = dict(zip((one.name for one in ready), taken, strict=True))
    what = "the same four pages by another way"
    return [
        Measure(
            "contracts", what, ours_s, one.name, seconds[one.name], TURNS, f"{one.note}; {pages[one.name]} pages"
        )
        if one.name in seconds
        else Measure("contracts", what, ours_s, f"{one.name}: not installed", n=TURNS)
        for one in found
    ]  # fmt: skip


def _in_processes(plan: DocumentPlan, folder: Path) -> Measure:
    page = _as_written_by_hand(plan, folder)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=pdf.warm) as two:
        two_s, loop_s = interleaved(
            lambda: _render_all(two, plan), lambda: [_plain(page) for _ in range(IN_POOL)], turns=POOL_TURNS
        )
    return Measure(
        "contracts",
        f"{IN_POOL} contracts in two processes",
        two_s,
        f"a loop over {PLAIN}",
        loop_s,
        POOL_TURNS,
        LACKS,
    )


def _render_all(pool: Executor, plan: DocumentPlan) -> None:
    waiting = [pool.submit(packs.render_document, plan) for _ in range(IN_POOL)]
    for each in waiting:
        each.result()


def _once_more(plan: DocumentPlan, folder: Path) -> Measure:
    """As the jobs do it: the plan's key, the note, the file, and its hash compared."""
    store = FileStore(folder / "files")
    drawn, making = DrawnFiles(folder / "drawn", store), pdf.making()
    drawn.note(packs.key_of(plan, making=making), store.put(packs.render_document(plan)))

    def again() -> None:
        assert drawn.find(packs.key_of(plan, making=making)) is not None

    again_s, render_s = interleaved(again, lambda: packs.render_document(plan), turns=TURNS)
    return Measure("contracts", "an unchanged contract once more", again_s, "drawing it", render_s, TURNS)
