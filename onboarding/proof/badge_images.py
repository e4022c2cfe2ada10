"""The picture of a badge, and the signed credential baked into it (Open Badges 3.0, chapter 5.3)."""

import struct
import zlib
from html import escape

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_KEYWORD = b"openbadgecredential"
SVG_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SIDE = 400
PER_LINE, MOST_LINES = 17, 4


def drawn(*, title: str, issuer: str, day: str, token: str = "") -> str:
    """The badge as SVG: paper, ink, one green. With ``token`` (the compact JWT) it is baked in."""
    lines = wrapped(title)
    top = 200 - 17 * (len(lines) - 1)
    told = "".join(
        f'<text x="200" y="{top + 34 * number}" font-size="28" font-weight="700" fill="#1B2430">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    space = f' xmlns:openbadges="{SVG_NAMESPACE}"' if token else ""
    baked = f'<openbadges:credential verify="{escape(token)}"></openbadges:credential>' if token else ""
    label = escape(f"{title}, {issuer}, {day}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{space} viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" '
        f'role="img" aria-label="{label}">{baked}<title>{label}</title>'
        '<path d="M200 12 370 82v150c0 76-72 128-170 156C102 360 30 308 30 232V82z" fill="#FBFAF7" '
        'stroke="#0A665F" stroke-width="10" stroke-linejoin="round"/>'
        '<path d="M164 92l26 26 50-52" fill="none" stroke="#0A665F" stroke-width="12" stroke-linecap="round" '
        'stroke-linejoin="round"/>'
        '<g font-family="Atkinson Hyperlegible, Verdana, sans-serif" text-anchor="middle">'
        f'{told}<text x="200" y="318" font-size="17" fill="#545F6D">{escape(shortened(issuer, 24))}</text>'
        f'<text x="200" y="342" font-size="15" fill="#545F6D">{escape(day)}</text></g></svg>'
    )


def wrapped(title: str) -> tuple[str, ...]:
    """A title in a few short lines; what does not fit is cut, since the credential tells it whole.

    >>> wrapped("L’essentiel du travail à domicile")
    ('L’essentiel du', 'travail à', 'domicile')
    """
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= PER_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(shortened(word, PER_LINE))
    return (
        (*lines[: MOST_LINES - 1], shortened(" ".join(lines[MOST_LINES - 1 :]), PER_LINE))
        if len(lines) > MOST_LINES
        else tuple(lines)
    )


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def bake(png: bytes, token: str) -> bytes:
    """The same picture with the credential in an ``iTXt`` chunk before the image data; ValueError for what is no PNG.

    A credential that was there before is taken out: a picture holds one.
    """
    chunks = [(kind, data) for kind, data in _chunks(png) if not _holds_badge(kind, data)]
    text = PNG_KEYWORD + b"\x00\x00\x00\x00\x00" + token.encode()
    place = next(number for number, (kind, _) in enumerate(chunks) if kind == b"IDAT")
    chunks.insert(place, (b"iTXt", text))
    return PNG_SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def baked_in(png: bytes) -> str | None:
    """The credential that a picture holds; ValueError for what is no PNG."""
    for kind, data in _chunks(png):
        if _holds_badge(kind, data):
            return data.split(b"\x00", 5)[5].decode("utf-8", "replace")
    return None


def _holds_badge(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(PNG_KEYWORD + b"\x00\x00\x00\x00\x00")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    if not png.startswith(PNG_SIGNATURE):
        raise ValueError("not a PNG picture")
    found, place = [], len(PNG_SIGNATURE)
    while place + 12 <= len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if len(data) != length:
            break
        found.append((kind, data))
        place += 12 + length
    if not any(kind == b"IDAT" for kind, _ in found):
        raise ValueError("a PNG picture without image data")
    return found
