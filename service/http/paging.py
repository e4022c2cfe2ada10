"""Pages of a list: opaque signed cursors, and Link headers (RFC 8288)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Request

from service.runtime.errors import Fault, RuleBroken

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


def write_cursor(secret: bytes, position: Sequence[Any], *, of: str) -> str:
    """A cursor that says where the next page of the list `of` starts; it is signed, so that nobody can make one up."""
    text = json.dumps(list(position), default=str, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(secret, text, of) + text).decode().rstrip("=")


def read_cursor(secret: bytes, cursor: str, *, of: str) -> list[Any]:
    """The position a cursor names; 422 when it was not written here, for the list `of`."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    mac, text = raw[:16], raw[16:]
    if not text or not hmac.compare_digest(mac, _mac(secret, text, of)):
        raise RuleBroken(
            "This cursor was not given by this service; start again from the first page.",
            faults=[Fault("cursor", "cursor", "not a cursor of this list")],
        )
    position: list[Any] = json.loads(text)
    return position


def _mac(secret: bytes, text: bytes, of: str) -> bytes:
    return hmac.new(secret, f"cursor of {of}\n".encode() + text, hashlib.sha256).digest()[:16]


def next_link(request: Request[Any, Any, Any], public_url: str, cursor: str) -> str:
    """The Link header for the next page: the same question from the cursor on; on our base URL, never the Host's."""
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
    return f'<{public_url}{request.url.path}?{urlencode([*query, ("cursor", cursor)])}>; rel="next"'


def checked_limit(limit: int) -> int:
    """`limit` when a page may have that many rows; RuleBroken otherwise."""
    if 1 <= limit <= MAX_LIMIT:
        return limit
    fault = Fault("limit", "range", "1 to %(most)s", {"most": MAX_LIMIT})
    raise RuleBroken("Ask for 1 to %(most)s rows at a time.", most=MAX_LIMIT, faults=[fault])
