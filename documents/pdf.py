"""HTML into an archivable, accessible PDF; the only file that knows WeasyPrint and pikepdf."""

import atexit
import gc
import hashlib
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import IntEnum
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from itertools import zip_longest
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

from documents.glyphs import FACES, SUBSETS, font_bytes, font_file, unshowable

PANGO_HINT = (
    "WeasyPrint cannot load Pango. On Debian or Ubuntu: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
ASSET = "asset:"
TICK_BOX = f"{ASSET}box.svg"
FONT_FILES = frozenset(font_file(face, subset) for face in FACES for subset in SUBSETS)

SQUEEZING = "html { overflow-wrap: anywhere; }"
HARD_SQUEEZING = "table { table-layout: fixed; }"
LONGEST_WORD, LONGEST_SQUEEZED = 30, 200
MOST_IN_A_ROW = 60
"""Letters. A column is as wide as its longest word; these fit the narrowest page beside one another."""

TABLE, ROW, CELL, TAG = (
    re.compile(one, re.DOTALL) for one in ("<table.*?</table>", "<tr", "<t[dh]", "<[^>]*>")
)
WORD = re.compile("[^ \\n\\t-]+")

PDFUA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


class PdfError(RuntimeError):
    """A PDF could not be made; the message says why."""


class PangoMissing(PdfError):
    """The machine lacks the text library that WeasyPrint draws with."""


def render(
    html: str,
    *,
    title: str,
    identifier: str,
    created: datetime,
    attachment: bytes | None = None,
    assets: Mapping[str, bytes] | None = None,
) -> bytes:
    """A PDF that claims PDF/A-3a and PDF/UA-1, with every font embedded and the facts attached as `facts.json`.

    The same arguments give the same bytes on one version of the libraries. Nothing is fetched: `assets` are JPEG
    pictures that the page names `asset:NAME`, and any other URL in the page raises PdfError. Call it in a process
    of its own (a pool), never in a thread. `created` must be aware.
    """
    lacking = unshowable(html)
    if lacking:
        raise PdfError(f"the fonts lack {', '.join(lacking[:5])}")
    moment = created.astimezone(UTC).replace(microsecond=0)
    try:
        with _collector_at_rest():
            return _draw(
                html,
                title=title,
                identifier=identifier,
                created=moment,
                attachment=attachment,
                assets=assets or {},
            )
    except RecursionError as error:
        raise PdfError("the page is nested too deep") from error


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No hunt for cycles while a page is drawn: boxes by the ten thousand are made, and nearly all free themselves.

    Fifty pages take a fifth less time so, and one hundredth more memory.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Tightness(IntEnum):
    """Whether words fit their columns (LOOSE), may have to break within (TIGHT), or are far too long to fit (HARD).

    Breaking within is slow: a cell's least width is then sought letter by letter, and each letter costs as many
    steps as follow it. Columns of a HARD page are as wide as one another instead.
    """

    LOOSE = 0
    TIGHT = 1
    HARD = 2


def _tightness(html: str) -> Tightness:
    longest = _longest(html)
    if longest > LONGEST_SQUEEZED:
        return Tightness.HARD
    is_tight = longest > LONGEST_WORD or any(
        _least_width(table) > MOST_IN_A_ROW for table in TABLE.findall(html)
    )
    return Tightness.TIGHT if is_tight else Tightness.LOOSE


def _least_width(table: str) -> int:
    """The longest words of all columns together."""
    rows = [[_longest(f"<{cell}") for cell in CELL.split(row)[1:]] for row in ROW.split(table)]
    return sum(max(column) for column in zip_longest(*rows, fillvalue=0))


def _longest(html: str) -> int:
    return max(map(len, WORD.findall(TAG.sub(" ", html))), default=0)


def warm() -> None:
    """Import and prepare what every document needs: the first task of a new process of the pool."""
    _workshop()
    unshowable("")


LIBRARIES = ("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "fonttools", "pillow")


@cache
def making() -> str:
    """All that a drawing depends on besides its page, in one line: the libraries, then a hash of style and fonts."""
    _weasyprint()
    from weasyprint.text.ffi import harfbuzz, pango

    number = pango.pango_version()
    versions = {name: version(name) for name in LIBRARIES}
    versions["pango"] = f"{number // 10_000}.{number // 100 % 100}.{number % 100}"
    versions["harfbuzz"] = _newest(harfbuzz.hb_version_atleast)
    versions["zlib"] = zlib.ZLIB_RUNTIME_VERSION
    shipped = hashlib.sha256(
        "".join((_style(), SQUEEZING, HARD_SQUEEZING)).encode() + PDFUA_CLAIM + _tick_box()
    )
    for name in sorted(FONT_FILES):
        shipped.update(font_bytes(name))
    return " ".join([*(f"{name} {one}" for name, one in versions.items()), shipped.hexdigest()])


def _newest(is_at_least: Callable[..., int]) -> str:
    """The version of a library that only tells whether it is at least another."""
    found = [0, 0, 0]
    for place in range(3):
        while is_at_least(*found[:place], found[place] + 1, *[0] * (2 - place)):
            found[place] += 1
    return ".".join(map(str, found))


def count_pages(content: bytes) -> int:
    """The number of pages of a PDF."""
    import pikepdf

    with pikepdf.open(BytesIO(content)) as document:
        return len(document.pages)


def _draw(
    html: str,
    *,
    title: str,
    identifier: str,
    created: datetime,
    attachment: bytes | None,
    assets: Mapping[str, bytes],
) -> bytes:
    weasyprint = _weasyprint()
    fetcher, fonts, style, squeezing = _workshop()
    if assets:
        fetcher = type(fetcher)(assets)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=f"{ASSET}page")
    try:
        document = page.render(font_config=fonts, stylesheets=[style, *squeezing[_tightness(html)]])
        document.metadata.title = title
        document.metadata.created = document.metadata.modified = created.isoformat().replace("+00:00", "Z")
        document.metadata.generator = "Homeshore"
        if attachment is not None:
            document.metadata.attachments.append(_facts(attachment, created, fetcher))
        return _written(document, identifier)
    except fetcher.refusal as error:
        raise PdfError(f"the page asked for a resource: {error}") from error


def _facts(content: bytes, created: datetime, fetcher: Any) -> Any:
    # Without a fetcher WeasyPrint makes one of its own, with the certificates of the machine: that takes a while.
    return _weasyprint().Attachment(
        string=content,
        url_fetcher=fetcher,
        name="facts.json",
        description="Faits du document",
        created=created,
        modified=created,
        relationship="Data",
    )


def _written(document: Any, identifier: str) -> bytes:
    """The bytes; WeasyPrint leaves its colour profile's file to the collector, which is no news to anyone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        content: bytes = document.write_pdf(
            pdf_variant="pdf/a-3a", pdf_identifier=identifier.encode(), finisher=_finish
        )
    return content


def _finish(_document: Any, drawn: Any) -> None:
    """What WeasyPrint leaves out: the PDF/UA claim with its extension schema, and the scope of table heads.

    Running heads and feet become artifacts, which no reader speaks, and the facts are associated once.
    """
    packet = _referred(drawn, drawn.catalog["Metadata"])
    packet.stream = [part.replace(b"</rdf:RDF>", PDFUA_CLAIM + b"</rdf:RDF>", 1) for part in packet.stream]
    for element in drawn.objects:
        if isinstance(element, dict) and element.get("S") == "/TH":
            element["A"]["Scope"] = "/Column" if _is_in_head(drawn, element) else "/Row"
    if "AF" in drawn.catalog:
        drawn.catalog["AF"][:] = dict.fromkeys(drawn.catalog["AF"])
    _set_running_words_apart(drawn)
    _write_once(drawn)


def _set_running_words_apart(drawn: Any) -> None:
    """WeasyPrint numbers what stands in the margins like the page's own words, but leaves it out of the tree."""
    import pydyf  # type: ignore[import-untyped]

    tree = _referred(drawn, drawn.catalog["StructTreeRoot"])
    told, waiting = set(), [*tree["K"]]
    while waiting:
        reference = waiting.pop()
        if isinstance(reference, bytes) and reference not in told:
            told.add(reference)
            waiting.extend(_referred(drawn, reference).get("K", ()))
    for element in drawn.objects:
        is_tag = isinstance(element, dict) and element.get("Type") == "/StructElem"
        if is_tag and element.reference not in told:
            element.clear()
    owners = _referred(drawn, tree["ParentTree"])["Nums"]
    for page, mine in zip(drawn.page_references, owners[1::2], strict=False):
        apart = {mark for mark, owner in enumerate(mine) if owner not in told}
        mine[:] = [owner if owner in told else "null" for owner in mine]
        parts = _referred(drawn, _referred(drawn, page)["Contents"]).stream
        for place, part in enumerate(parts):
            if isinstance(part, pydyf.Dictionary) and part.get("MCID") in apart:
                parts[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]


def _referred(drawn: Any, reference: bytes) -> Any:
    return drawn.objects[int(reference.split()[0])]


def _is_in_head(drawn: Any, element: Any) -> bool:
    while "P" in element:
        element = _referred(drawn, element["P"])
        if element.get("S") == "/THead":
            return True
    return False


def _write_once(drawn: Any) -> None:
    """Every object as its bytes: the writer asks each twice, for the file and for its hash, and compresses anew."""
    import pydyf

    class Written(pydyf.Object):  # type: ignore[misc]
        data = b""

    class WrittenStream(pydyf.Stream):  # type: ignore[misc]
        data = b""

    for place, one in enumerate(drawn.objects):
        if one.free != "f":
            written = WrittenStream() if isinstance(one, pydyf.Stream) else Written()
            written.number, written.data = one.number, one.data
            drawn.objects[place] = written


def _weasyprint() -> Any:
    """WeasyPrint, imported late: it loads Pango from the machine."""
    try:
        import weasyprint
    except OSError as error:
        raise PangoMissing(PANGO_HINT) from error
    return weasyprint


@cache
def _workshop() -> tuple[Any, Any, Any, Any]:
    """What one process keeps between documents: the fetcher that refuses, the fonts, the style, and how to squeeze."""
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher()
    fonts = FontConfiguration()
    # WeasyPrint tidies its font files when these go, which fails noisily once the interpreter is half gone.
    atexit.register(_workshop.cache_clear)
    style, tight, hard = (
        weasyprint.CSS(string=text, url_fetcher=fetcher, font_config=fonts)
        for text in (_style(), SQUEEZING, HARD_SQUEEZING)
    )
    return fetcher, fonts, style, {Tightness.LOOSE: (), Tightness.TIGHT: (tight,), Tightness.HARD: (hard,)}


def _style() -> str:
    return files("documents").joinpath("templates", "fr", "paper.css").read_text("utf-8")


def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class PackageFetcher(URLFetcher):  # type: ignore[misc]
        """Hands out the vendored fonts, the tick box and a page's own pictures (`asset:NAME`), and nothing else."""

        refusal = FatalURLFetchingError

        def __init__(self, assets: Mapping[str, bytes]) -> None:
            # A context of one's own spares reading the machine's certificates, for a fetcher that calls nobody.
            super().__init__(ssl_context=SSLContext(PROTOCOL_TLS_CLIENT))
            self.assets = assets

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url == TICK_BOX:
                return URLFetcherResponse(url, body=_tick_box(), headers={"Content-Type": "image/svg+xml"})
            name = url.removeprefix(ASSET)
            if name != url and name in self.assets:
                return URLFetcherResponse(url, body=self.assets[name], headers={"Content-Type": "image/jpeg"})
            if name == url or name not in FONT_FILES:
                raise FatalURLFetchingError(f"refused: {url[:200]}")
            return URLFetcherResponse(url, body=font_bytes(name), headers={"Content-Type": "font/woff2"})

    return PackageFetcher({})


@cache
def _tick_box() -> bytes:
    return files("documents").joinpath("templates", "fr", "box.svg").read_bytes()
