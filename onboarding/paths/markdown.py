"""Markdown as blocks: what a trainer writes becomes values that a template prints escaped, never HTML.

Read as CommonMark with tables, without HTML. Beyond it: a quote that begins with ``[!TIP]`` (or RULE, WARNING, their
French names, and those that other tools write) is a callout, one that begins with ``[!DIALOGUE]`` a conversation, and a
link that stands alone with a title beginning with « vidéo » a film to open elsewhere.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from onboarding.paths.blocks import (
    Block,
    Callout,
    Code,
    Dialogue,
    Divider,
    Heading,
    Image,
    Items,
    Line,
    Paragraph,
    Quote,
    Span,
    Spans,
    Table,
    Tone,
    Video,
)

MAXIMUM_CHARACTERS = 40_000
MOST_NESTED = 8
MOST_BRACKETS = 1000
_TONES = {
    **dict.fromkeys(("TIP", "CONSEIL", "ASTUCE"), Tone.TIP),
    **dict.fromkeys(("RULE", "RÈGLE", "REGLE", "NOTE", "IMPORTANT"), Tone.RULE),
    **dict.fromkeys(("WARNING", "ATTENTION", "CAUTION"), Tone.WARNING),
}
_MARKER = re.compile(r"\[!([A-Za-zÈè]+)\][ \t]*")
_SPEAKER = re.compile(r"^\s*([^:]{1,60}?)\s*:\s*(?=\S)")
_VIDEO = re.compile(r"^(?:vidéo|video)\b[\s:,·(]*([^)]*)\)?$", re.IGNORECASE)
_CONTAINERS = re.compile(r"(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+")
_CONTAINER = re.compile(r"[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))")
_INDENT = re.compile(r"^[ \t]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,40}>?|<!--")
_DEAD_LINK = re.compile(r"\]\(\s*<?([^\s)>]{1,80})")
_SCHEMES = ("https", "mailto", "tel")

_reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable("table").disable("code")
_reader.disable(["html_block", "html_inline", "reference"])


@lru_cache(maxsize=512)
def read(text: str) -> tuple[Block, ...]:
    """The blocks of a text; whatever it holds, something is read and no word of it is lost.

    >>> [block.kind for block in read("## Titre\\n\\nUn **mot**.\\n\\n> [!TIP]\\n> Notez-le.")]
    ['heading', 'paragraph', 'callout']
    """
    tokens = _reader.parse(_shallow(text[: 2 * MAXIMUM_CHARACTERS]))
    return tuple(_blocks(SyntaxTreeNode(tokens).children))


def _shallow(text: str) -> str:
    """Containers nested deeper than anybody reads become words: a parser that recurses must not be led on."""
    if (
        text.count("[") > MOST_BRACKETS
    ):  # each open one is looked for to the end: a page of them alone takes minutes
        kept = text.split("[", MOST_BRACKETS)
        text = "[".join((*kept[:-1], kept[-1].replace("[", "\\[")))
    return "\n".join(_shallow_line(line) for line in text.split("\n"))


def _shallow_line(line: str) -> str:
    indent = _INDENT.match(line)
    if indent and len(indent[0].expandtabs(4)) > 4 * MOST_NESTED:
        line = " " * (4 * MOST_NESTED) + line.lstrip(" \t")
    opened = _CONTAINERS.match(line)
    if opened is None:
        return line
    marks = list(_CONTAINER.finditer(opened[0]))
    if len(marks) <= MOST_NESTED:
        return line
    cut = marks[MOST_NESTED - 1].end()
    rest = line[cut:].lstrip(" \t")
    return f"{line[:cut]} \\{rest}" if not rest[:1].isdigit() else f"{line[:cut]} \u200b{rest}"


def address_of(href: str) -> str | None:
    """The address when a page may lead there: https, a mail or telephone address, or a page of this service.

    >>> address_of("https://example.org/a"), address_of("/me/help"), address_of("javascript:alert(1)")
    ('https://example.org/a', '/me/help', None)
    """
    if href.startswith("/") and not href.startswith(("//", "/\\")):
        return href
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    is_known = parts.scheme in _SCHEMES and (parts.scheme != "https" or bool(parts.hostname))
    return href if is_known else None


class Problem(NamedTuple):
    """Something in a text that a reader would stumble over: a stable code, and the words it is about."""

    code: str
    about: str


def problems_in(text: str) -> tuple[Problem, ...]:
    """What will not become what its author meant: HTML, links that lead nowhere, marks that nobody knows."""
    root = SyntaxTreeNode(_reader.parse(_shallow(text[:MAXIMUM_CHARACTERS])))
    found: list[Problem] = []
    for node in root.walk():
        match node.type:
            case "text":
                found += [Problem("html", one[0]) for one in _TAG.finditer(node.content)]
                found += [Problem("link-refused", one[1]) for one in _DEAD_LINK.finditer(node.content)]
            case "link" if address_of(str(node.attrs.get("href", ""))) is None:
                found.append(Problem("link-refused", str(node.attrs.get("href", ""))))
            case "blockquote":
                words = "".join(one.content for one in node.walk() if one.type == "text")
                marker = _MARKER.match(words)
                if marker and marker[1].upper() not in (*_TONES, "DIALOGUE"):
                    found.append(Problem("mark-unknown", marker[1]))
                elif marker and marker[1].upper() == "DIALOGUE" and not _lines(node):
                    found.append(Problem("dialogue-unread", ""))
    return tuple(dict.fromkeys(found))


def _blocks(nodes: list[SyntaxTreeNode]) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "heading":
                yield Heading(level=2 if node.tag in ("h1", "h2") else 3, spans=_line(node))
            case "paragraph":
                yield from _paragraph(node)
            case "bullet_list" | "ordered_list":
                is_ordered = node.type == "ordered_list"
                items = tuple(tuple(_blocks(item.children)) for item in node.children)
                start = int(node.attrs.get("start", 1)) if is_ordered else 1
                yield Items(is_ordered=is_ordered, start=start, items=items)
            case "blockquote":
                yield from _quote(node)
            case "table":
                yield _table(node)
            case "fence" | "code_block":
                yield Code(text=node.content.rstrip("\n"))
            case "hr":
                yield Divider()


def _line(node: SyntaxTreeNode) -> Spans:
    """Text of a heading or a cell; an image in it is told by its words."""
    return _joined([one for one in _inline(node) if isinstance(one, Span)])


def _paragraph(node: SyntaxTreeNode) -> Iterator[Block]:
    video = _video(node)
    if video is not None:
        yield video
        return
    run: list[Span] = []
    for piece in _inline(node, lift=True):
        if isinstance(piece, Span):
            run.append(piece)
            continue
        if spans := _joined(run):
            yield Paragraph(spans=spans)
        yield piece
        run = []
    if spans := _joined(run):
        yield Paragraph(spans=spans)


def _video(node: SyntaxTreeNode) -> Video | None:
    inline = node.children[0].children if node.children else []
    if len(inline) != 1 or inline[0].type != "link":
        return None
    link = inline[0]
    said, href = _VIDEO.match(str(link.attrs.get("title", ""))), str(link.attrs.get("href", ""))
    if said is None or not href.startswith("https://") or address_of(href) is None:
        return None
    title = "".join(span.text for span in _joined(list(_spans(link.children, Span(text="")))))
    host = (urlsplit(href).hostname or "").removeprefix("www.")
    return Video(title=title or host, href=href, host=host, length=said[1].strip())


def _inline(node: SyntaxTreeNode, *, lift: bool = False) -> Iterator[Span | Image]:
    """The runs of one line; with ``lift``, images that stand in it come out as blocks of their own."""
    for part in node.children:
        for child in part.children:
            if lift and child.type == "image":
                yield _image(child)
            else:
                yield from _spans([child], Span(text=""))


def _image(node: SyntaxTreeNode) -> Image:
    words = "".join(span.text for span in _spans(node.children, Span(text="")))
    return Image(
        file=unquote(str(node.attrs.get("src", ""))),
        words=words.strip(),
        caption=str(node.attrs.get("title", "")),
    )


def _spans(nodes: list[SyntaxTreeNode], style: Span) -> Iterator[Span]:
    for node in nodes:
        match node.type:
            case "text" | "text_special" | "html_inline":
                yield style.model_copy(update={"text": node.content})
            case "code_inline":
                yield style.model_copy(update={"text": node.content, "is_code": True})
            case "softbreak":
                yield style.model_copy(update={"text": " "})
            case "hardbreak":
                yield style.model_copy(update={"text": "\n"})
            case "strong":
                yield from _spans(node.children, style.model_copy(update={"is_strong": True}))
            case "em":
                yield from _spans(node.children, style.model_copy(update={"is_emphasis": True}))
            case "link":
                href = address_of(str(node.attrs.get("href", "")))
                yield from _spans(node.children, style.model_copy(update={"href": href}))
            case _:
                yield from _spans(node.children or [], style)


def _joined(spans: list[Span]) -> Spans:
    """Neighbours of one look become one run; empty runs go."""
    joined: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if joined and joined[-1].model_copy(update={"text": ""}) == span.model_copy(update={"text": ""}):
            joined[-1] = span.model_copy(update={"text": joined[-1].text + span.text})
        else:
            joined.append(span)
    return tuple(joined)


def _quote(node: SyntaxTreeNode) -> Iterator[Block]:
    blocks = tuple(_blocks(node.children))
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and (marker := _MARKER.match(first.spans[0].text)):
        rest = _after(first.spans, marker.end())
        inside = ((Paragraph(spans=rest),) if rest else ()) + blocks[1:]
        name = marker[1].upper()
        if name in _TONES and inside:
            yield Callout(tone=_TONES[name], blocks=inside)
            return
        if name == "DIALOGUE" and (lines := _lines(node)):
            yield Dialogue(lines=lines)
            return
    if blocks:
        yield Quote(blocks=blocks)


def _after(spans: Spans, count: int) -> Spans:
    """What follows the first ``count`` characters of the first run."""
    first = spans[0].model_copy(update={"text": spans[0].text[count:]})
    return _joined([first, *spans[1:]])


def _lines(node: SyntaxTreeNode) -> tuple[Line, ...]:
    """A conversation: each line of the quote begins with who speaks and a colon; a line without continues."""
    lines: list[Line] = []
    for number, row in enumerate(_rows(node)):
        spans = _joined(row)
        if number == 0 and spans and (marker := _MARKER.match(spans[0].text)):
            spans = _after(spans, marker.end())
        if not spans:
            continue
        text = "".join(span.text for span in spans)
        speaker = _SPEAKER.match(text)
        if speaker:
            lines.append(Line(who=speaker[1].strip(), spans=_cut(spans, speaker.end())))
        elif lines:
            last = lines[-1]
            lines[-1] = last.model_copy(update={"spans": _joined([*last.spans, Span(text=" "), *spans])})
        else:
            return ()
    return tuple(lines)


def _rows(node: SyntaxTreeNode) -> Iterator[list[Span]]:
    for leaf in node.walk():
        if leaf.type != "inline":
            continue
        row: list[Span] = []
        for child in leaf.children:
            if child.type in ("softbreak", "hardbreak"):
                yield row
                row = []
            else:
                row += _spans([child], Span(text=""))
        yield row


def _cut(spans: Spans, count: int) -> Spans:
    """What follows the first ``count`` characters, whatever runs they lie in."""
    left: list[Span] = []
    for span in spans:
        taken = min(count, len(span.text))
        count -= taken
        left.append(span.model_copy(update={"text": span.text[taken:]}))
    return _joined(left)


def _table(node: SyntaxTreeNode) -> Table:
    rows = [row for part in node.children for row in part.children]
    cells = [tuple(_line(cell) for cell in row.children) for row in rows]
    return Table(head=cells[0], rows=tuple(cells[1:]))
