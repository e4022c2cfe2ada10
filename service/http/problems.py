"""One translator from errors to answers: RFC 9457 problems for machines, a page in words for people."""

import logging
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Template
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from service.http.languages import speaker
from service.runtime.errors import (
    Conflict,
    Fault,
    HomeshoreError,
    Malformed,
    NotFound,
    NotSignedIn,
    StaleVersion,
    Tongue,
    Unavailable,
)
from service.runtime.log import log

PROBLEM_JSON = "application/problem+json"
TYPE_BASE = "/problems/"


def problem_body(
    error: HomeshoreError, *, tongue: Tongue, instance: str, status: int | None = None
) -> dict[str, Any]:
    """The members of a problem: RFC 9457's, `errors` with pointers, and whether the same request may succeed later."""
    return {
        "type": f"{TYPE_BASE}{error.code}",
        "title": tongue(type(error).title),
        "status": status or error.status,
        "detail": error.said(tongue),
        "instance": instance,
        "errors": [{"pointer": f.pointer, "code": f.code, "detail": f.said(tongue)} for f in error.faults],
        "retryable": (status or error.status) in (409, 429, 503),
    }


def is_for_machines(request: Request[Any, Any, Any]) -> bool:
    return request.url.path.startswith(("/api/", "/schema"))


def tell(
    request: Request[Any, Any, Any], error: HomeshoreError, *, status: int | None = None
) -> Response[Any]:
    """Answer with `error`, in the caller's way; a page visitor who is not signed in is sent to sign in."""
    code = status or error.status
    instance = uuid4().hex
    headers = _headers(error)
    if is_for_machines(request):
        tongue = speaker(request)
        body = problem_body(error, tongue=tongue, instance=instance, status=code)
        headers |= {"Content-Language": tongue.locale.value, "Vary": "Accept-Language"}
        return Response(body, status_code=code, media_type=PROBLEM_JSON, headers=headers)
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return Response(
            None, status_code=303, headers={"Location": "/sign-in"}, media_type=MediaType.TEXT, cookies=[]
        )
    show = getattr(request.app.state, "show_error_page", None)
    if show is None:
        return Response(error.detail, status_code=code, media_type=MediaType.TEXT, headers=headers)
    page: Template = show(request, error, code, instance)
    return page


def _headers(error: HomeshoreError) -> dict[str, str]:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": 'Bearer realm="homeshore"'}
    if error.status in (429, 503):
        return {"Retry-After": "5"}
    return {}


def _tell_ours(request: Request[Any, Any, Any], error: HomeshoreError) -> Response[Any]:
    return tell(request, error)


def _tell_unreadable(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    if not isinstance(error.extra, list):
        return tell(request, Malformed(error.detail))
    faults = [_fault(entry) for entry in error.extra if isinstance(entry, Mapping)]
    return tell(request, Malformed("The request does not fit its schema; see errors.", faults=faults))


def _fault(entry: Mapping[str, Any]) -> Fault:
    key = str(entry.get("key", "")).replace(".", "/")
    source = str(getattr(entry.get("source"), "value", entry.get("source", "body")))
    pointer = f"/{key}" if source == "body" else key
    said = str(entry.get("message", "invalid"))
    if said.startswith("Invalid enum value"):  # it repeats the value, and a value may be somebody's address
        said = "is not one of the accepted values"
    return Fault(pointer, "invalid", said)


def _tell_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if error.status_code == 405 and request.method == "GET" and not is_for_machines(request):
        return _to_page_of_form(request)
    if error.status_code == NotFound.status:  # a path that is nowhere and a row of nobody are one answer
        return tell(request, NotFound())
    phrase = HTTPStatus(error.status_code)
    kind = type(
        "HttpProblem",
        (HomeshoreError,),
        {"status": int(phrase), "code": phrase.phrase.lower().replace(" ", "-"), "title": phrase.phrase},
    )
    answer = tell(request, kind(error.detail if error.status_code < 500 else phrase.phrase))
    for name, value in (error.headers or {}).items():
        answer.headers.setdefault(name, value)
    return answer


def _to_page_of_form(request: Request[Any, Any, Any]) -> Response[Any]:
    """A form back with errors stands at an address that only takes posts: asked for again, lead one level up."""
    above = request.url.path.rstrip("/").rpartition("/")[0] or "/"
    return Response(None, status_code=303, headers={"Location": above}, media_type=MediaType.TEXT)


def _tell_integrity(request: Request[Any, Any, Any], _error: IntegrityError) -> Response[Any]:
    return tell(request, Conflict("Another record already says this, or what it refers to is gone."))


def _tell_stale(request: Request[Any, Any, Any], _error: StaleDataError) -> Response[Any]:
    return tell(
        request, StaleVersion("Somebody changed this at the same moment; read it again and redo your edit.")
    )


def _tell_too_deep(request: Request[Any, Any, Any], _error: RecursionError) -> Response[Any]:
    return tell(request, Malformed("The body is nested too deeply."))


def _tell_busy(request: Request[Any, Any, Any], error: OperationalError) -> Response[Any]:
    log.warning("database_unavailable", error_type=type(error.orig).__name__)
    return tell(
        request, Unavailable("The database is busy or out of reach; nothing was changed. Try again shortly.")
    )


def _tell_broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The last resort: the log gets the type and the place, the caller neither."""
    log.error("unhandled_error", error_type=type(error).__name__)
    frames = "".join(
        traceback.format_tb(error.__traceback__)
    )  # the places only: a message may quote what was sent
    logging.getLogger("homeshore").error("%s at\n%s", type(error).__name__, frames)
    return tell(
        request, HomeshoreError("It is noted. Nothing of what you sent was half kept; try again later.")
    )


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    HomeshoreError: _tell_ours,
    ValidationException: _tell_unreadable,
    HTTPException: _tell_http,
    IntegrityError: _tell_integrity,
    StaleDataError: _tell_stale,
    RecursionError: _tell_too_deep,
    OperationalError: _tell_busy,
    Exception: _tell_broken,
}
