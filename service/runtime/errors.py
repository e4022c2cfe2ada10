"""The errors of the shell, one small tree; `service/http/problems.py` alone turns them into answers.

    HomeshoreError
    ├── Malformed             400  the request cannot be read
    ├── NotSignedIn           401  nobody, or credentials that no longer hold
    ├── Forbidden             403  you may see it, but not do that
    ├── NotFound              404  absent, or out of your reach: the same answer, on purpose
    ├── Conflict              409  true today, but not compatible with what is recorded
    ├── Gone                  410  a link or a file whose time is over
    ├── StaleVersion          412  somebody changed it since you read it
    ├── TooLarge              413  more than is accepted here
    ├── RuleBroken            422  readable, but against a rule of the domain
    ├── PreconditionRequired  428  an edit that does not say which version it edits
    ├── TooManyRequests       429  slow down
    └── Unavailable           503  a thing this machine lacks or is busy with; state unchanged

Expected refusals of the core are return values; a flow raises one of these where the caller must be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing to put right: where (`pointer`, RFC 6901 into the body, or a parameter's name), which, what to do."""

    pointer: str
    code: str
    detail: str


class HomeshoreError(Exception):
    """Base of all; `code` is the last part of the problem's `type` and never changes once published."""

    status = 500
    code = "internal"
    title = "Something broke here"

    def __init__(self, detail: str = "", *, code: str | None = None, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.code = code or type(self).code
        self.faults = tuple(faults)


class Malformed(HomeshoreError):
    status, code, title = 400, "malformed", "The request cannot be read"


class NotSignedIn(HomeshoreError):
    status, code, title = 401, "not-signed-in", "Sign in first"


class Forbidden(HomeshoreError):
    status, code, title = 403, "forbidden", "Your role does not allow this"


class NotFound(HomeshoreError):
    status, code, title = 404, "not-found", "There is nothing here for you"


class Conflict(HomeshoreError):
    status, code, title = 409, "conflict", "This does not fit what is recorded"


class Gone(HomeshoreError):
    status, code, title = 410, "gone", "This is no longer available"


class StaleVersion(HomeshoreError):
    status, code, title = 412, "stale-version", "Somebody changed this since you read it"


class TooLarge(HomeshoreError):
    status, code, title = 413, "too-large", "This is more than is accepted here"


class RuleBroken(HomeshoreError):
    status, code, title = 422, "rule-broken", "A rule does not allow this"


class PreconditionRequired(HomeshoreError):
    status, code, title = 428, "precondition-required", "Say which version you edit"


class TooManyRequests(HomeshoreError):
    status, code, title = 429, "too-many-requests", "Too many requests"


class Unavailable(HomeshoreError):
    status, code, title = 503, "unavailable", "Not available just now"
