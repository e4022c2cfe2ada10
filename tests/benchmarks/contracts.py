"""A contract on paper: our archivable, accessible PDF beside WeasyPrint as it comes; two processes beside one."""

import tempfile
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path

from documents import packs, pdf
from documents.facts import PackFacts
from documents.kinds import DocumentKind
from documents.packs import DocumentPlan
from service.runtime.editions import load_law
from tests.benchmarks.measuring import Measure, interleaved

TURNS, IN_POOL, POOL_TURNS = 5, 4, 3


def measure() -> list[Measure]:
    """Three lines: the same page with and without our guarantees, without its style, and in two processes."""
    plan = _plan()
    with tempfile.TemporaryDirectory() as folder:
        html, style = _without_guarantees(plan.html, Path(folder))
        ours_s, styled_s, bare_s = interleaved(
            lambda: packs.render_document(plan),
            lambda: _plain(html, style),
            lambda: _plain(html, None),
            turns=TURNS,
        )
    pages = pdf.count_pages(packs.render_document(plan))
    what = f"one contract, {pages} pages, warm"
    return [
        Measure(
            "contracts", what, ours_s, "weasyprint write_pdf(), same page and style sheet", styled_s, TURNS,
            "plain: no PDF/A, no tags, no attached facts, other bytes each time",
        ),
        Measure(
            "contracts", what, ours_s, "weasyprint write_pdf(), same page, no style", bare_s, TURNS,
            "plain: the same lacks, and an unstyled page",
        ),
        _in_processes(plan),
    ]  # fmt: skip


def _plan() -> DocumentPlan:
    text = files("documents").joinpath("examples", "cdi-full-time.json").read_text("utf-8")
    made = packs.plan_pack(
        PackFacts.model_validate_json(text),
        law=load_law(),
        issued_at=datetime(2026, 11, 21, 9, tzinfo=UTC),
        reference="HS-2026-0001",
    )
    assert isinstance(made, packs.PackPlan), made
    return next(one for one in made.documents if one.kind is DocumentKind.EMPLOYMENT_CONTRACT)


def _without_guarantees(html: str, folder: Path) -> tuple[str, str]:
    """The same page and style sheet with fonts and pictures as plain files, as one writes it by hand."""
    package = files("documents")
    for source in (*package.joinpath("fonts").iterdir(), package.joinpath("templates", "fr", "box.svg")):
        (folder / source.name).write_bytes(source.read_bytes())
    style = package.joinpath("templates", "fr", "paper.css").read_text("utf-8")
    return html.replace("asset:", f"{folder.as_uri()}/"), style.replace("asset:", f"{folder.as_uri()}/")


def _plain(html: str, style: str | None) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    sheets = [CSS(string=style, font_config=fonts)] if style else []
    content: bytes = HTML(string=html).write_pdf(stylesheets=sheets, font_config=fonts)
    return content


def _in_processes(plan: DocumentPlan) -> Measure:
    fresh = get_context("spawn")
    with (
        ProcessPoolExecutor(1, mp_context=fresh, initializer=pdf.warm) as one,
        ProcessPoolExecutor(2, mp_context=fresh, initializer=pdf.warm) as two,
    ):
        one_s, two_s = interleaved(
            partial(_render_all, one, plan), partial(_render_all, two, plan), turns=POOL_TURNS
        )
    return Measure(
        "contracts", f"{IN_POOL} contracts in two processes", two_s, "in one process", one_s, POOL_TURNS
    )


def _render_all(pool: Executor, plan: DocumentPlan) -> None:
    waiting = [pool.submit(packs.render_document, plan) for _ in range(IN_POOL)]
    for each in waiting:
        each.result()
