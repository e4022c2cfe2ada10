"""The same page by other ways to paper. Each takes the words of our page, its fonts and A4; none takes all of its look.

What is not installed (LibreOffice, for most) is left out by name.
"""

import itertools
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from documents.glyphs import FACES, SUBSETS, font_bytes, font_file

Draw = Callable[[], bytes]
HEADS = ("h1", "h2", "h3")
FAMILY = "Atkinson Hyperlegible"


class Block(NamedTuple):
    """A head, a paragraph, an item, or a table with its rows."""

    tag: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


class Peer(NamedTuple):
    """One way; `draw` is None where it is not installed. `note` says what it does not do."""

    name: str
    draw: Draw | None
    note: str


def blocks_of(html: str) -> list[Block]:
    """
    >>> blocks_of("<h1>A</h1><p>b <b>c</b></p><table><tr><th>d</th><td><p>e</p></td></tr></table>")[2].rows
    (('d', 'e'),)
    """
    reader = _Reader()
    reader.feed(html)
    return reader.blocks


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.is_in_table = False

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag == "table":
            self.is_in_table, self.rows = True, []
        elif tag == "tr":
            self.rows.append([])
        elif tag == "br":
            self.words.append(" ")
        if tag in (*HEADS, "th", "td") or (tag in ("p", "li") and not self.is_in_table):
            self.words = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = " ".join("".join(self.words).replace("\u00a0", "\u2060 ").split()).replace("\u2060 ", "\u00a0")
        if tag == "table":
            self.is_in_table = False
            self.blocks.append(Block("table", rows=tuple(map(tuple, self.rows))))
        elif tag in ("th", "td"):
            self.rows[-1].append(text)
        elif tag in (*HEADS, "p", "li") and not self.is_in_table and text:
            self.blocks.append(Block(tag, text))
            self.words = []


@contextmanager
def peers(html: str, page: Path, folder: Path) -> Iterator[list[Peer]]:
    """Every way, ready to draw what `page` (the same, with its style and fonts as files) holds."""
    blocks = blocks_of(html)
    fonts = _fonts(folder)
    with _chromium(page) as by_browser:
        yield [
            Peer(
                "typst, source written from the page",
                _typst(blocks, fonts),
                "tagged, PDF/A-3a; a plainer look",
            ),
            Peer(
                "reportlab, the same words in its flow", _reportlab(blocks, fonts), "no tags, no archive form"
            ),
            Peer("Chromium kept open", by_browser, "tagged; no archive form, no running heads of ours"),
            Peer("LibreOffice, a process each", _libreoffice(page, folder), "it ignores the paged style"),
        ]


def _fonts(folder: Path) -> Path:
    """The vendored fonts as TrueType, which the others want."""
    from fontTools.ttLib import woff2

    made = folder / "truetype"
    made.mkdir()
    for face, subset in itertools.product(FACES, SUBSETS):
        name = font_file(face, subset)
        source = folder / name
        source.write_bytes(font_bytes(name))
        woff2.decompress(str(source), str((made / name).with_suffix(".ttf")))
    return made


def _typst(blocks: list[Block], fonts: Path) -> Draw | None:
    if find_spec("typst") is None:
        return None
    import typst

    head = (
        '#set document(title: "Avenant")\n#set page("a4", margin: 25mm, numbering: "1 / 1")\n'
        f'#set text(font: "{FAMILY}", size: 10.5pt, lang: "fr")\n'
    )
    source, count = head + "\n\n".join(map(_typst_block, blocks)), itertools.count()
    compiler = typst.Compiler(font_paths=[str(fonts)], ignore_system_fonts=True)

    def draw() -> bytes:
        # Another number each time: what it has compiled before, it remembers.
        text = source.replace("Avenant", f"Avenant {next(count)}").encode()
        made: bytes = compiler.compile(input=text, format="pdf", pdf_standards=["a-3a"])
        return made

    return draw


def _typst_block(block: Block) -> str:
    if block.rows:
        width = max(map(len, block.rows), default=1)
        cells = [cell for row in block.rows for cell in (*row, *[""] * (width - len(row)))]
        return f"#table(columns: {width}, {', '.join(f'[{_typst_text(cell)}]' for cell in cells)})"
    if block.tag in HEADS:
        return "=" * (HEADS.index(block.tag) + 1) + " " + _typst_text(block.text)
    return ("- " if block.tag == "li" else "") + _typst_text(block.text)


def _typst_text(text: str) -> str:
    return "".join(f"\\{one}" if one in "\\#$*_`<>@=-+/~[]\"'" else one for one in text)


def _reportlab(blocks: list[Block], fonts: Path) -> Draw | None:
    if find_spec("reportlab") is None:
        return None
    from io import BytesIO
    from xml.sax.saxutils import escape

    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    for face in ("400-normal", "700-normal"):
        pdfmetrics.registerFont(TTFont(face, str((fonts / font_file(face, "latin")).with_suffix(".ttf"))))
    plain = ParagraphStyle("plain", fontName="400-normal", fontSize=10.5, leading=15, spaceAfter=5)
    bold = ParagraphStyle("bold", parent=plain, fontName="700-normal", fontSize=12)

    def flowable(block: Block) -> object:
        if block.rows:
            return Table([[Paragraph(escape(cell), plain) for cell in row] for row in block.rows])
        words = escape(("• " if block.tag == "li" else "") + block.text)
        return Paragraph(words, bold if block.tag in HEADS else plain)

    def draw() -> bytes:
        out = BytesIO()
        SimpleDocTemplate(out, pagesize=A4, leftMargin=36 * mm, rightMargin=22 * mm).build(
            [flowable(block) for block in blocks]
        )
        return out.getvalue()

    return draw


@contextmanager
def _chromium(page: Path) -> Iterator[Draw | None]:
    program = shutil.which("chromium")
    if program is None or find_spec("playwright") is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        tab = browser.new_page()

        def draw() -> bytes:
            tab.goto(page.as_uri())
            return tab.pdf(prefer_css_page_size=True, tagged=True, print_background=True)

        try:
            yield draw
        finally:
            browser.close()


def _libreoffice(page: Path, folder: Path) -> Draw | None:
    program = shutil.which("soffice")
    if program is None:
        return None

    def draw() -> bytes:
        subprocess.run(
            [program, "--headless", "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", str(folder), str(page)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return (folder / f"{page.stem}.pdf").read_bytes()

    return draw
