"""Files of a training package as a browser asks for them: inflated out of the ZIP piece by piece, whole or in part."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from litestar import Response
from litestar.response import Stream

from onboarding.packages.archives import Entry, read_entry
from onboarding.packages.scorm_pages import headers_of, is_page, runtime_tag, with_runtime
from service.flows.learning.package_attempts import Opened

PREFIX = "/package-content"
HELD = 1 << 20
"""A file up to this size is sent at once, a longer one piece by piece."""

KEPT_BY_BROWSERS = "private, max-age=43200, immutable"
"""What lies in a folder never changes, and its address is made for one window."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
_LOOKED_AT = 1 << 16


def folder_address(public_url: str, folder: str) -> str:
    """The address of the folder of one window, as its policy and its pages name it."""
    return f"{public_url}{PREFIX}/{folder}/"


def number_of(text: str) -> int:
    """A unit's number in an address; anything else is no unit at all.

    >>> number_of("2"), number_of("-1"), number_of("two")
    (2, 0, 0)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def window_told(opened: Opened, public_url: str) -> dict[str, str]:
    """What a player needs of a window just opened: where its content begins, where and with what it reports."""
    folder = folder_address(public_url, opened.folder)
    return {
        "session": str(opened.session_id),
        "unit": opened.unit.identifier,
        "token": opened.token,
        "folder": folder,
        "address": folder + opened.address,
        "commit": f"/api/v1/package-sessions/{opened.session_id}/reports",
    }


def answer_file(path: Path, entry: Entry, *, folder: str, wanted: str = "") -> Response[bytes] | Stream:
    """One file of the package at `path`; `wanted` is the Range header. Slow up to `HELD` bytes: call it in a thread.

    A page gets the run-time put in, and is only ever sent whole. A range that is not understood is no range (RFC 9110).
    """
    headers = {**headers_of(entry.name, folder=folder), "Cache-Control": KEPT_BY_BROWSERS}
    if is_page(entry.name):
        return _whole(_page(path, entry, runtime_tag(folder)), headers, size=None if entry.size > HELD else 0)
    headers["Accept-Ranges"] = "bytes"
    part = _part_of(wanted, entry.size)
    if part is None:
        return _whole(_pieces(path, entry, 0, entry.size), headers, size=entry.size)
    start, end = part
    if start > end:
        headers["Content-Range"] = f"bytes */{entry.size}"
        return Response(b"", status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end}/{entry.size}"
    length = end - start + 1
    return _whole(_pieces(path, entry, start, length), headers, size=length, status=206)


def _whole(
    pieces: Iterator[bytes], headers: Mapping[str, str], *, size: int | None, status: int = 200
) -> Response[bytes] | Stream:
    """At once when short; `size` None is long, and not known beforehand. A text's encoding is told by itself alone."""
    kind = (
        "application/octet-stream"  # the header of the same name goes first, without a charset made up here
    )
    if size is not None and size <= HELD:
        return Response(b"".join(pieces), status_code=status, headers=dict(headers), media_type=kind)
    length = {} if size is None else {"Content-Length": str(size)}
    return Stream(pieces, status_code=status, headers={**headers, **length}, media_type=kind)


def _pieces(path: Path, entry: Entry, start: int, length: int) -> Iterator[bytes]:
    left = length
    with path.open("rb") as file:
        for piece in read_entry(file, entry, start=start):
            if left <= 0:
                return
            yield piece[:left]
            left -= len(piece)


def _page(path: Path, entry: Entry, tag: bytes) -> Iterator[bytes]:
    """A page with the run-time's tag: only its beginning is looked at, where a tag may go."""
    pieces = _pieces(path, entry, 0, entry.size)
    top = b""
    for piece in pieces:
        top += piece
        if len(top) >= _LOOKED_AT:
            break
    yield with_runtime(top, tag)
    yield from pieces


def _part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte of one range; a first beyond the last cannot be given (416).

    >>> _part_of("bytes=2-", 10), _part_of("bytes=-3", 10), _part_of("bytes=0-99", 10), _part_of("bytes=10-", 10)
    ((2, 9), (7, 9), (0, 9), (10, 9))
    >>> _part_of("bytes=0-1,4-5", 10), _part_of("", 10), _part_of("bytes=5-2", 10)
    (None, None, None)
    """
    found = _RANGE.match(wanted.strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1
