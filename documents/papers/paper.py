"""What one kind of paper is: the facts it needs, what it reckons, what contradicts it, and what follows from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from documents.completeness import Missing
from documents.facts import Confirmation, EmployerFacts, Line, PackFacts, PersonFacts
from documents.faults import Finding
from documents.kinds import KINDS, DocumentKind, Signatory
from documents.law import Law
from documents.packs import DocumentPlan, PackRefused
from documents.rates import Frozen, Unconfirmed

F = TypeVar("F", bound=BaseModel)


class LetterFacts(Frozen):
    """What every paper's facts hold; a kind adds `details`, flat, each field with a French title and help."""

    employer: EmployerFacts
    person: PersonFacts
    confirmations: tuple[Confirmation, ...] = Field(default=(), max_length=50)


class Deadline(Frozen):
    """A date that follows from issuing a paper, by which text, and who has to act before it ends."""

    what: Line
    on: date
    article: Line
    holder: Literal["employer", "person"]


@dataclass(frozen=True)
class OwnWay(Generic[F]):
    """How a kind that is older than the shelf is checked and planned: by the pack's or the report's own functions."""

    check: Callable[[F, Law, datetime], tuple[Missing, ...]]
    plan: Callable[[F, Law, datetime, str], DocumentPlan | PackRefused]


def _nothing(*_: object) -> tuple[Any, ...]:
    return ()


def _no_words(*_: object) -> Mapping[str, object]:
    return {}


def name_on(facts: Any) -> str:
    """Whom a paper is about: the person, or the employer where it is for everybody."""
    return facts.person.full_name or facts.employer.name or ""


@dataclass(frozen=True)
class Paper(Generic[F]):
    """One kind of paper. The day is the day of issue.

    `context` gives the template what law and facts reckon, and is called only when nothing is missing; its values are
    models, dates, texts and whole numbers, since the record inside the PDF keeps them as `figures`. `faults` are
    contradictions, `doubts` the figures that a named person must confirm. `situations` are named by `when` in the
    mentions. `examples` are file stems below `examples/`; without them, all files of `examples/<kind>/`.
    """

    kind: DocumentKind
    facts: type[F]
    context: Callable[[F, Law, date], Mapping[str, object]] = _no_words
    faults: Callable[[F, Law, date], Iterable[Finding]] = _nothing
    doubts: Callable[[F, Law, date], tuple[Unconfirmed, ...]] = _nothing
    situations: Mapping[str, Callable[[F], bool]] = field(default_factory=dict)
    deadlines: Callable[[F, Law, date], tuple[Deadline, ...]] = _nothing
    prefill: Callable[[PackFacts], Mapping[str, object]] = _no_words
    title: Callable[[F], str] | None = None
    name: Callable[[F], str] = name_on
    signed_by: Callable[[F], tuple[Signatory, ...]] | None = None
    own: OwnWay[F] | None = None
    examples: tuple[str, ...] = ()

    def title_on(self, facts: F) -> str:
        """The title of this very paper: its kind's, or what the facts make of it (a request, an answer)."""
        return self.title(facts) if self.title else KINDS[self.kind].title

    def signatories_of(self, facts: F) -> tuple[Signatory, ...]:
        return self.signed_by(facts) if self.signed_by else KINDS[self.kind].signatories
