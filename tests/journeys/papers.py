"""What a downloaded pack says: the words of a PDF, and an archive that agrees with its own manifest."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf

BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
HEXADECIMAL = re.compile(rb"<([0-9a-fA-F]+)>")


def words_of(path: Path) -> str:
    """The text of a PDF as a reader copies it, white space made single; unreadable glyphs fail."""
    with pikepdf.open(path) as document:
        return " ".join("".join(part for page in document.pages for part in _page(page)).split())


def _page(page: pikepdf.Page) -> Iterator[str]:
    fonts = {name: _glyphs(font) for name, font in page.Resources.get("/Font", {}).items()}
    glyphs: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "Tf":
                glyphs = fonts[str(operands[0])]
            case "Tj":
                yield _decoded(operands[0], glyphs)
            case "TJ":
                yield "".join(
                    _decoded(part, glyphs) for part in operands[0] if isinstance(part, pikepdf.String)
                )
            case "ET":
                yield " "


def _decoded(written: pikepdf.String, glyphs: dict[int, str]) -> str:
    codes = bytes(written)
    return "".join(glyphs[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))


def _glyphs(font: pikepdf.Object) -> dict[int, str]:
    """Glyph number -> text, from the font's own ToUnicode table."""
    found: dict[int, str] = {}
    for kind, block in BLOCK.findall(font["/ToUnicode"].read_bytes()):
        said = [bytes.fromhex(one.decode()) for one in HEXADECIMAL.findall(block)]
        wide = 2 if kind == b"char" else 3
        for at in range(0, len(said), wide):
            start, end, text = said[at], said[at + wide - 2], said[at + wide - 1].decode("utf-16-be")
            for step in range(int.from_bytes(end) - int.from_bytes(start) + 1):
                found[int.from_bytes(start) + step] = text[:-1] + chr(ord(text[-1]) + step)
    return found


def check_archive(path: Path) -> dict[str, bytes]:
    """The documents of an archive by name, each with the SHA-256 that the manifest gives it; no more, no less."""
    with zipfile.ZipFile(BytesIO(path.read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    promised = {one["file_name"]: one["sha256"] for one in manifest["documents"]}
    assert promised == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return files
