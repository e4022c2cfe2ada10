"""Bodies and forms read once by strict eyes before any model sees them."""

import json
import unicodedata
from typing import Any

from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg
from litestar.utils.scope.state import ScopeState

from service.runtime.errors import Fault, Malformed, UnsupportedMediaType

MAX_DEPTH = 32
AS_TYPED = ("password", "_csrf_token")
"""Members of a form that stay as they were typed: a secret is not a text."""


async def check_json_body(request: Request[Any, Any, Any]) -> None:
    """Refuse what databases, models or readers would later take differently.

    That is: not UTF-8, a byte-order mark, NUL, duplicate keys, NaN and infinities, integers beyond 64 bits, more than
    32 levels, and JSON that says it is something else. Runs before the handler; the body stays readable.
    """
    if request.method in ("GET", "HEAD") or _wanted_type(request) is not RequestEncodingType.JSON:
        return
    body = await request.body()
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType("Send the body as JSON, with Content-Type: application/json.")
    if not body.strip():
        raise Malformed(
            "The body is empty; send a JSON object.", faults=[Fault("", "missing", "a JSON object")]
        )
    read_strict_json(body)


def _wanted_type(request: Request[Any, Any, Any]) -> RequestEncodingType | str | None:
    """How the handler reads its body; None when it takes none."""
    data = request.route_handler.parsed_data_field
    kind = data.kwarg_definition if data is not None else None
    return kind.media_type if isinstance(kind, BodyKwarg) else None


async def check_form(request: Request[Any, Any, Any]) -> None:
    """Before a page's handler: every typed text in one Unicode form (NFC), and a NUL shown for what it is.

    What was typed comes back with its error beside it, so a form is never refused whole for one character.
    """
    if request.method in ("GET", "HEAD"):
        return
    # A second Request on the same scope reads the form into the state that the handler's own Request then finds.
    await Request(request.scope, receive=request.receive).form()
    state = ScopeState.from_scope(request.scope)
    state.form = {name: _tidy(name, value) for name, value in dict(state.form).items()}  # type: ignore[arg-type]


def _tidy(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_tidy(name, entry) for entry in value]
    if not isinstance(value, str):
        return value
    return value if name in AS_TYPED else unicodedata.normalize("NFC", value.replace("\x00", "\ufffd"))


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
        raise Malformed("The body is nested deeper than %(most)s levels.", most=MAX_DEPTH) from None
    except json.JSONDecodeError as error:
        raise Malformed(
            "The body is not JSON: %(problem)s at line %(line)s, column %(column)s.",
            problem=error.msg,
            line=error.lineno,
            column=error.colno,
        ) from None
    _check_value(value, "", depth=0)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("The body names the same key twice in one object.")
    return found


def _refuse_constant(name: str) -> Any:
    raise Malformed("%(name)s is not a JSON number.", name=name)


def _bounded_int(digits: str) -> int:
    if len(digits) > 19 or not -(2**63) <= int(digits) < 2**63:
        raise Malformed("A number is larger than 64 bits.")
    return int(digits)


def _check_value(value: Any, pointer: str, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed("The body is nested deeper than %(most)s levels.", most=MAX_DEPTH)
    if isinstance(value, str):
        _check_text(value, pointer)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise _at(pointer, "too-large", "A number is too large.")
    elif isinstance(value, list):
        for place, entry in enumerate(value):
            _check_value(entry, f"{pointer}/{place}", depth=depth + 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            _check_text(key, pointer)
            _check_value(entry, f"{pointer}/{_escaped(key)}", depth=depth + 1)


def _check_text(text: str, pointer: str) -> None:
    if "\x00" in text:
        raise _at(pointer, "nul", "A text holds a NUL character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _at(pointer, "half-pair", "A text holds half of a character pair.")


def _at(pointer: str, code: str, detail: str) -> Malformed:
    return Malformed(detail, faults=[Fault(pointer, code, detail)])


def _escaped(key: str) -> str:
    """A member's name in a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
