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
    ├── UnsupportedMediaType  415  a body that says it is something else than what is read here
    ├── RuleBroken            422  readable, but against a rule of the domain
    ├── PreconditionRequired  428  an edit that does not say which version it edits
    ├── TooManyRequests       429  slow down
    └── Unavailable           503  a thing this machine lacks or is busy with; state unchanged

Expected refusals of the core are return values; a flow raises one of these where the caller must be told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from service.runtime.vocabulary import Locale


@dataclass(frozen=True)
class InBoth:
    """A sentence that data says in French and in English; law is said in French in both places."""

    fr: str
    en: str


def told(sentence: str) -> str:
    """Mark the sentence of an error that is written elsewhere than where the error is made; it comes back unchanged."""
    return sentence


class Tongue(Protocol):
    """What says a sentence, as written in code, in its reader's language: `catalogues.Translator`."""

    locale: Locale

    def __call__(self, sentence: str, **values: object) -> str: ...


def _plainly(sentence: str | InBoth, values: Mapping[str, object]) -> str:
    text = sentence.en if isinstance(sentence, InBoth) else sentence
    return text % values if values else text


def _said(sentence: str | InBoth, values: Mapping[str, object], tongue: Tongue) -> str:
    if isinstance(sentence, InBoth):
        return sentence.fr if tongue.locale is Locale.FR else sentence.en
    return tongue(sentence, **values)


@dataclass(frozen=True)
class Fault:
    """One thing to put right: where (`pointer`, RFC 6901 into the body, or a parameter's name), which, what to do.

    The sentence is English, with its `values` by name as `%(name)s`; French is in `service/http/locale/fr`.
    """

    pointer: str
    code: str
    sentence: str | InBoth
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def detail(self) -> str:
        """In English."""
        return _plainly(self.sentence, self.values)

    def said(self, tongue: Tongue) -> str:
        return _said(self.sentence, self.values, tongue)


class HomeshoreError(Exception):
    """Base of all; `code` is the last part of the problem's `type` and never changes once published.

    The sentence is English, with its values by name: `RuleBroken("At least %(least)s characters.", least=12)`; French
    is in `service/http/locale/fr`, and a test asks for it.
    """

    status = 500
    code = "internal"
    title = "Something broke here"

    def __init__(
        self,
        sentence: str | InBoth = "",
        *,
        code: str | None = None,
        faults: Sequence[Fault] = (),
        **values: object,
    ) -> None:
        self.sentence = sentence or self.title
        self.values = values
        super().__init__(self.detail)
        self.code = code or type(self).code
        self.faults = tuple(faults)

    @property
    def detail(self) -> str:
        """In English."""
        return _plainly(self.sentence, self.values)

    def said(self, tongue: Tongue) -> str:
        return _said(self.sentence, self.values, tongue)


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


class UnsupportedMediaType(HomeshoreError):
    status, code, title = 415, "unsupported-media-type", "This kind of body is not read here"


class RuleBroken(HomeshoreError):
    status, code, title = 422, "rule-broken", "A rule does not allow this"


class PreconditionRequired(HomeshoreError):
    status, code, title = 428, "precondition-required", "Say which version you edit"


class TooManyRequests(HomeshoreError):
    status, code, title = 429, "too-many-requests", "Too many requests"


class Unavailable(HomeshoreError):
    status, code, title = 503, "unavailable", "Not available just now"
