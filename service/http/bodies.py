"""JSON bodies read once by strict eyes before any model sees them."""

import json
from typing import Any

from litestar import Request

from service.runtime.errors import Malformed

MAX_DEPTH = 32


async def check_json_body(request: Request[Any, Any, Any]) -> None:
    """Refuse what databases, models or readers would later take differently.

    That is: not UTF-8, a byte-order mark, NUL, duplicate keys, NaN and infinities, integers beyond 64 bits, more than
    32 levels. Runs before the handler; the body stays readable.
    """
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.method in ("GET", "HEAD") or media_type not in ("application/json", ""):
        return
    body = await request.body()
    if body:
        read_strict_json(body)


def read_strict_json(body: bytes) -> Any:
    """The value of a JSON text, or Malformed in words."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_int=_bounded_int,
        )
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except RecursionError:
        raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels.") from None
    except json.JSONDecodeError as error:
        raise Malformed(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    _check_value(value, depth=0)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("The body names the same key twice in one object.")
    return found


def _refuse_constant(name: str) -> Any:
    raise Malformed(f"{name} is not a JSON number.")


def _bounded_int(digits: str) -> int:
    if len(digits) > 19 or not -(2**63) <= int(digits) < 2**63:
        raise Malformed("A number is larger than 64 bits.")
    return int(digits)


def _check_value(value: Any, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise Malformed("A number is too large.")
    elif isinstance(value, list):
        for entry in value:
            _check_value(entry, depth=depth + 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            _check_text(key)
            _check_value(entry, depth=depth + 1)


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise Malformed("A text holds a NUL character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Malformed("A text holds half of a character pair.")
