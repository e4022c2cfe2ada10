"""How the files of a package are handed to a browser: as what they are, fenced in, with the run-time put into pages."""

import json
import re
from collections.abc import Mapping

from onboarding.packages.manifest_reading import Standard

RUNTIME = "__homeshore__/runtime.js"
"""Where, below a package's own address, the run-time's script is served; no file of a package can be called so."""

SANDBOX = "allow-scripts allow-forms allow-downloads"
"""What a frame with content may do. Never `allow-same-origin`: its origin is nobody's, so it has no session."""

_TYPES = {
    "html": "text/html", "htm": "text/html", "xhtml": "application/xhtml+xml", "js": "text/javascript",
    "mjs": "text/javascript", "css": "text/css", "json": "application/json", "xml": "application/xml",
    "xsd": "application/xml", "dtd": "application/xml-dtd", "txt": "text/plain", "vtt": "text/vtt",
    "srt": "text/plain", "csv": "text/csv", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg",
    "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon",
    "bmp": "image/bmp", "cur": "image/x-icon", "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm",
    "ogv": "video/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "ogg": "audio/ogg",
    "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject", "pdf": "application/pdf", "wasm": "application/wasm",
}  # fmt: skip
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_HEAD = re.compile(rb"<head(?:\s[^<>]*)?>", re.IGNORECASE)
_START = re.compile(rb"<!doctype[^<>]*>|<html(?:\s[^<>]*)?>", re.IGNORECASE)
_LOOKED_AT = 65_536


def media_type(name: str) -> str:
    """What a file is served as, by its suffix alone; what is unknown is only ever downloaded.

    >>> media_type("a/Page.HTM"), media_type("run.exe")
    ('text/html', 'application/octet-stream')
    """
    return _TYPES.get(name.rsplit(".", 1)[-1].lower(), "application/octet-stream")


def headers_of(name: str, *, folder: str) -> Mapping[str, str]:
    """What is said with every file; `folder` is the address of the package, made for one attempt, and ends with /.

    Content loads from its own folder and nowhere else. Its origin is nobody's, so its own files are foreign to it: it
    may read them because the last headers say so, and never with a session. Who may frame it is not said: a page in
    nobody's origin could then not frame its own folder, and nobody else knows the address.
    """
    policy = (
        f"sandbox {SANDBOX}; default-src 'none'; script-src {folder} 'unsafe-inline' 'unsafe-eval'; "
        f"style-src {folder} 'unsafe-inline'; img-src {folder} data: blob:; media-src {folder} data: blob:; "
        f"font-src {folder} data:; connect-src {folder}; frame-src {folder}; worker-src 'none'; object-src 'none'; "
        f"form-action 'none'; base-uri {folder}"
    )
    kept = {
        "Content-Type": media_type(name),
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "null",
        "Vary": "Origin",
    }
    if media_type(name) == "application/octet-stream":
        kept["Content-Disposition"] = "attachment"
    return kept


def is_page(name: str) -> bool:
    """Whether a file is a page that the run-time is put into."""
    return media_type(name) in _PAGES


def runtime_tag(folder: str) -> bytes:
    """What is put at the top of a page: short, since a browser looks for a page's encoding in its first bytes."""
    return f'<script src="{folder}{RUNTIME}"></script>'.encode("ascii")


def runtime_start(values: Mapping[str, str], *, standard: Standard, session: str, player: str) -> bytes:
    """The first line of the run-time's script: the data model it starts from, and the origin of our page."""
    told = {"standard": standard.value, "session": session, "player": player, "values": dict(values)}
    return f"window.homeshoreScorm = {json.dumps(told)};\n".encode("ascii")


def with_runtime(page: bytes, tag: bytes) -> bytes:
    """The page with this tag before any script of its own: in its head, or where its head would begin.

    A page in UTF-16 is given back as it was: bytes of another width would break it.

    >>> with_runtime(b"<!doctype html><HEAD a=b><script>", b"<x>")
    b'<!doctype html><HEAD a=b><x><script>'
    """
    if page[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return page
    top = page[:_LOOKED_AT]
    script = top.lower().find(b"<script")
    head = _HEAD.search(top)
    if head is not None and (script == -1 or head.end() <= script):
        at = head.end()
    else:
        starts = [found.end() for found in _START.finditer(top) if script == -1 or found.end() <= script]
        at = max(starts, default=3 if page.startswith(b"\xef\xbb\xbf") else 0)
    return page[:at] + tag + page[at:]
