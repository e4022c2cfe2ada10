"""What every request and response model of the API has in common."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Protocol, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from service.runtime.vocabulary import Locale


def without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(without_nul)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(without_nul)
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=20, max_length=2000),
    AfterValidator(without_nul),
]
"""Why a person decided: at least 20 characters, in words that the candidate may read."""

Count = Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
Flag = StrictBool


def in_one_form(value: Any) -> Any:
    """Every text of a JSON value in one Unicode form (NFC), so that twins typed on two systems are one."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [in_one_form(entry) for entry in value]
    if isinstance(value, dict):
        return {key: in_one_form(entry) for key, entry in value.items()}
    return value


class In(BaseModel):
    """A request body: unknown members are refused, texts are trimmed and put in one Unicode form."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @classmethod
    def model_validate(cls, obj: Any, *, strict: bool | None = None, **options: Any) -> Self:
        """Litestar passes `strict=False`, which would let "12" be a StrictInt: each field keeps its own strictness."""
        return super().model_validate(cls.as_kept(obj), strict=strict or None, **options)

    @classmethod
    def as_kept(cls, body: Any) -> Any:
        """The body with its texts as they are kept."""
        return in_one_form(body)


class Out(BaseModel):
    """A response body, validated on its way out."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


def every_model(base: type[BaseModel] | None = None) -> tuple[type[BaseModel], ...]:
    """Every request and response model, for the description of the API."""
    if base is None:
        return every_model(In) + every_model(Out)
    return tuple(model for child in base.__subclasses__() for model in (child, *every_model(child)))


class InBoth(Protocol):
    """Whatever says the same in French and in English."""

    @property
    def fr(self) -> str: ...

    @property
    def en(self) -> str: ...


class SaidOut(Out):
    """One thing said in both languages."""

    fr: str
    en: str

    @classmethod
    def of(cls, words: InBoth) -> Self:
        return cls(fr=words.fr, en=words.en)


class Problem(Out):
    """RFC 9457 problem details; `errors` point into the request."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, Any]] = []
    retryable: bool = False


class SignInIn(In):
    """Either a one-time link's token, or a staff address with its password."""

    link_token: Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)] | None = None
    email: Annotated[str, StringConstraints(max_length=320), AfterValidator(without_nul)] | None = None
    password: Annotated[str, StringConstraints(max_length=1000), AfterValidator(without_nul)] | None = None

    @classmethod
    def as_kept(cls, body: Any) -> Any:
        """As typed: a secret is not a text."""
        return body


class SignInOut(Out):
    """A session: send the token as `Authorization: Bearer …`."""

    token: str
    expires_at: datetime
    role: str
    id: UUID


class LanguageIn(In):
    """The language of the letters that one is sent."""

    locale: Locale


class LanguageOut(Out):
    """The language of the letters that one is sent."""

    locale: Locale


class MeOut(Out):
    """Who this token speaks for."""

    kind: str
    role: str | None
    id: UUID | None
    name: str
    scopes: list[str]
