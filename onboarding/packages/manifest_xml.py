"""Read a manifest's XML into a small tree that knows its lines; entities, DTDs, depth and size are refused first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from onboarding.packages.package_rules import Finding, ManifestLimits

XML = "http://www.w3.org/XML/1998/namespace"

Name = tuple[str | None, str]


@dataclass(frozen=True)
class Element:
    """One element: its name without namespace, its attributes by name, its text, and the line where it opens.

    Where two attributes differ by namespace alone, the last one is kept; ``base`` is what `xml:base` says.
    """

    name: str
    namespace: str
    line: int
    attributes: dict[str, str]
    base: str
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, without spaces around it."""
        return "".join(self.pieces).strip()

    def all(self, name: str) -> list["Element"]:
        """Its children of that name."""
        return [child for child in self.children if child.name == name]

    def one(self, name: str) -> "Element | None":
        """Its first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def walk(self) -> Iterator["Element"]:
        """Itself and everything below, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


class _RefusedError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def read_xml(content: bytes, limits: ManifestLimits, *, place: str) -> Element | Finding:
    """The root of the document, or why it cannot be read and at which line."""
    handler = _Tree(limits, place)
    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        parser.parse(BytesIO(content))
    except _RefusedError as error:
        return error.finding
    except DefusedXmlException:
        return Finding("xml_dtd", f"{place}:{parser.getLineNumber()}")
    except SAXParseException as error:
        return Finding(
            "xml_not_well_formed", f"{place}:{error.getLineNumber()}", {"what": error.getMessage()}
        )
    except (SAXException, ValueError, LookupError) as error:
        return Finding("xml_not_well_formed", place, {"what": str(error)})
    if handler.root is None:
        return Finding("xml_not_well_formed", place, {"what": "no element"})
    return handler.root


class _Tree(ContentHandler):
    """Builds the tree and stops at the first element that is too deep or one too many."""

    def __init__(self, limits: ManifestLimits, place: str) -> None:
        super().__init__()
        self.root: Element | None = None
        self._limits, self._place = limits, place
        self._open: list[Element] = []
        self._count = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the name that SAX calls
        self._locator = locator

    def startElementNS(self, name: Name, qname: str | None, attrs: AttributesNSImpl) -> None:  # noqa: N802
        line = self._locator.getLineNumber() if self._locator is not None else None
        self._count += 1
        self._stop("xml_too_deep", len(self._open) + 1, self._limits.most_depth, line)
        self._stop("xml_too_many", self._count, self._limits.most_elements, line)
        given = dict(attrs.items())
        element = Element(
            name=name[1],
            namespace=name[0] or "",
            line=line or 0,
            attributes={local: value for (_, local), value in given.items()},
            base=given.get((XML, "base"), ""),
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def endElementNS(self, name: Name, qname: str | None) -> None:  # noqa: N802
        self._open.pop()

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].pieces.append(content)

    def _stop(self, code: str, count: int, most: int, line: int | None) -> None:
        if count > most:
            raise _RefusedError(Finding(code, f"{self._place}:{line}", {"most": most}))
