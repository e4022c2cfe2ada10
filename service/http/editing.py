"""Edits that cannot overwrite unseen: ETag out, If-Match in (RFC 9110; 428 by RFC 6585)."""

from litestar import Request

from service.runtime.errors import PreconditionRequired, StaleVersion


def etag_of(version: int) -> str:
    """The entity tag of a row's version.

    >>> etag_of(3)
    '"v3"'
    """
    return f'"v{version}"'


def check_version(request: Request, version: int) -> None:  # type: ignore[type-arg]
    """Raise 428 when the edit names no version, 412 when it names another than the present one; `*` takes any."""
    wanted = request.headers.get("if-match")
    if wanted is None:
        raise PreconditionRequired("Send If-Match with the ETag you read.")
    tags = [tag.strip() for tag in wanted.split(",")]
    if "*" not in tags and etag_of(version) not in tags:
        raise StaleVersion(
            "You edit %(wanted)s, but the present version is %(present)s. Read it again.",
            wanted=wanted,
            present=etag_of(version),
        )
