"""HTML into an archivable, accessible PDF; the only file that knows WeasyPrint and pikepdf."""

import atexit
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from documents.glyphs import FACES, SUBSETS, font_bytes, font_file, unshowable

PANGO_HINT = (
    "WeasyPrint cannot load Pango. On Debian or Ubuntu: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
ASSET = "asset:"
TICK_BOX = f"{ASSET}box.svg"
FONT_FILES = frozenset(font_file(face, subset) for face in FACES for subset in SUBSETS)

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
        drawn = _draw(
            html,
            title=title,
            identifier=identifier,
            created=moment,
            attachment=attachment,
            assets=assets or {},
        )
    except RecursionError as error:
        raise PdfError("the page is nested too deep") from error
    return _claim_accessibility(drawn)


def warm() -> None:
    """Import and prepare what every document needs: the first task of a new process of the pool."""
    _workshop()
    unshowable("")


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
    fetcher, fonts, style = _workshop()
    if assets:
        fetcher = type(fetcher)(assets)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=f"{ASSET}page")
    try:
        document = page.render(font_config=fonts, stylesheets=[style])
        document.metadata.title = title
        document.metadata.created = document.metadata.modified = created.isoformat().replace("+00:00", "Z")
        document.metadata.generator = "Homeshore"
        if attachment is not None:
            document.metadata.attachments.append(_facts(attachment, created))
        return _written(document, identifier)
    except fetcher.refusal as error:
        raise PdfError(f"the page asked for a resource: {error}") from error


def _facts(content: bytes, created: datetime) -> Any:
    return _weasyprint().Attachment(
        string=content,
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
        content: bytes = document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=identifier.encode())
    return content


def _weasyprint() -> Any:
    """WeasyPrint, imported late: it loads Pango from the machine."""
    try:
        import weasyprint
    except OSError as error:
        raise PangoMissing(PANGO_HINT) from error
    return weasyprint


@cache
def _workshop() -> tuple[Any, Any, Any]:
    """What one process keeps between documents: the fetcher that refuses, the fonts, the style sheet."""
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher()
    fonts = FontConfiguration()
    style = files("documents").joinpath("templates", "fr", "paper.css").read_text("utf-8")
    # WeasyPrint tidies its font files when these go, which fails noisily once the interpreter is half gone.
    atexit.register(_workshop.cache_clear)
    return fetcher, fonts, weasyprint.CSS(string=style, url_fetcher=fetcher, font_config=fonts)


def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class PackageFetcher(URLFetcher):  # type: ignore[misc]
        """Hands out the vendored fonts, the tick box and a page's own pictures (`asset:NAME`), and nothing else."""

        refusal = FatalURLFetchingError

        def __init__(self, assets: Mapping[str, bytes]) -> None:
            super().__init__()
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


def _claim_accessibility(content: bytes) -> bytes:
    """Add what WeasyPrint leaves out: the PDF/UA claim with its extension schema, and the scope of table heads."""
    import pikepdf

    with pikepdf.open(BytesIO(content)) as document:
        root = document.Root
        packet = root.Metadata.read_bytes().replace(b"</rdf:RDF>", PDFUA_CLAIM + b"</rdf:RDF>", 1)
        root.Metadata.write(packet)
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        _scope_heads(root.StructTreeRoot, inside_head=False)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _scope_heads(element: Any, *, inside_head: bool) -> None:
    """Every TH says what it heads: its column inside a THead, its row elsewhere."""
    import pikepdf

    role = str(element.get("/S", ""))
    inside = inside_head or role == "/THead"
    if role == "/TH":
        scope = pikepdf.Name.Column if inside else pikepdf.Name.Row
        element.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=scope)
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            _scope_heads(child, inside_head=inside)
