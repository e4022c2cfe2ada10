"""What the API takes and gives about issued papers, their kinds, their dates and the sealed number."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from documents.kinds import KINDS, DocumentKind, Signatory
from documents.mentions import Mentions
from documents.papers.paper import Paper
from service.api.models import Count, In, Line, Out
from service.flows.papers.papers import GivenConfirmation, Wish
from service.flows.papers.papers_facts import SEALED_KINDS, SEALED_MEMBER, Draft, details_of, pointer_in_paper
from service.runtime.vocabulary import DeadlineHolder, PaperState
from service.store.papers.deadlines import DeadlineFacts
from service.store.papers.papers import IssuedPaperFacts

KindName = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z_]+$")]
MOST_DETAILS, MOST_CONFIRMATIONS = 200, 50


class PaperConfirmationIn(In):
    """Your word, under your own name, for one figure of law that is not verified, at exactly this amount."""

    figure: Line
    amount_cents: Count
    text_read: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class PaperIn(In):
    """One paper to issue. `details` fit the schema of its kind; one that is left out keeps what the hiring says."""

    kind: KindName
    details: Annotated[dict[str, JsonValue], Field(max_length=MOST_DETAILS)] = {}
    confirmations: Annotated[list[PaperConfirmationIn], Field(max_length=MOST_CONFIRMATIONS)] = []

    @property
    def wish(self) -> Wish:
        given = (GivenConfirmation(**one.model_dump()) for one in self.confirmations)
        return Wish(self.kind, self.details, tuple(given))


class MentionOut(Out):
    """One thing that the law wants said: by which text, when, and from which fields."""

    mention: str
    article: str
    when: str
    fields: list[str]


class PaperKindOut(Out):
    """One kind of paper; `details` is the JSON Schema of what it alone needs, empty where the hiring says all."""

    kind: DocumentKind
    title: str
    edition: str
    signatories: list[Signatory]
    details: dict[str, Any]
    mentions_edition: str
    mentions: list[MentionOut]


class PaperKindsOut(Out):
    """Every kind of paper that is issued about one person."""

    items: list[PaperKindOut]


class PaperOut(Out):
    """One issued paper: numbered at once, `requested` until it is drawn, then `ready`, or `failed` with its cause."""

    id: UUID
    application_id: UUID
    offer_id: UUID | None
    kind: str
    title: str
    reference: str
    series: str
    year: int
    number: int
    template_edition: str
    mentions_edition: str
    facts_sha256: str
    confirmations: list[dict[str, Any]]
    state: PaperState
    failure: str
    file_name: str
    sha256: str | None
    size_bytes: int
    pages: int
    issued_on: date
    issuer_name: str
    created_at: datetime
    ready_at: datetime | None
    content: str | None


class PapersOut(Out):
    """Issued papers, the newest first."""

    items: list[PaperOut]


class PaperStopOut(Out):
    """One thing that stops a paper: where, why, by which text, and what to do."""

    pointer: str
    code: str
    label: str
    article: str
    remedy: str


class PaperDoubtOut(Out):
    """A figure of law that a named person must confirm before this paper is issued."""

    figure: str
    label: str
    amount_cents: int
    source: str
    why: str


class PaperCheckOut(Out):
    """How a paper would be issued now: the details with what the hiring says, and all that stops it."""

    kind: DocumentKind
    details: dict[str, Any]
    missing: list[PaperStopOut]
    unfit: list[PaperStopOut]
    unconfirmed: list[PaperDoubtOut]
    may_be_issued: bool


class DeadlineOut(Out):
    """One date that follows from a paper, and who has to act before it ends."""

    id: UUID
    paper_id: UUID
    application_id: UUID
    person_name: str
    paper: str
    reference: str
    what: str
    due_on: date
    article: str
    holder: DeadlineHolder
    done_at: datetime | None
    done_by_name: str


class DeadlinePageOut(Out):
    """Dates, the soonest first; `next` is the cursor of the page after."""

    items: list[DeadlineOut]
    next: str | None


class SocialNumberIn(In):
    """The fifteen characters of a carte Vitale, with or without spaces."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9ABab .\-]+$")]

    @classmethod
    def as_kept(cls, body: Any) -> Any:
        """As typed: a secret is not a text."""
        return body


class SocialNumberOut(Out):
    """A number without saying it, or the whole one to whoever declares the hiring; empty when none was given."""

    number: str


def kind_out(paper: Paper[Any], mentions: Mentions | None) -> PaperKindOut:
    spec, model = KINDS[paper.kind], details_of(paper)
    schema = model.model_json_schema() if model else {}
    if paper.kind in SEALED_KINDS:
        schema.get("properties", {}).pop(SEALED_MEMBER, None)
    return PaperKindOut(
        kind=paper.kind,
        title=spec.title,
        edition=spec.edition,
        signatories=list(spec.signatories),
        details=schema,
        mentions_edition=mentions.edition if mentions else "",
        mentions=[
            MentionOut(mention=one.mention, article=one.article, when=one.when, fields=list(one.fields))
            for one in (mentions.items if mentions else ())
        ],
    )


def paper_out(paper: IssuedPaperFacts) -> PaperOut:
    shown = paper.model_dump(include=set(PaperOut.model_fields))
    return PaperOut(
        **{**shown, "confirmations": [dict(one) for one in paper.confirmations]},
        reference=paper.reference,
        content=f"/api/v1/papers/{paper.id}/content" if paper.state is PaperState.READY else None,
    )


def check_out(draft: Draft) -> PaperCheckOut:
    return PaperCheckOut(
        kind=draft.paper.kind,
        details={name: value for name, value in draft.details.items() if name != SEALED_MEMBER},
        missing=[
            PaperStopOut(
                pointer=pointer_in_paper(one.field), code=one.fault.value, label=one.label, article=one.article,
                remedy=one.remedy,
            )
            for one in draft.missing
        ],
        unfit=[
            PaperStopOut(pointer=one.pointer, code=one.code, label=one.detail, article="", remedy="")
            for one in draft.unfit
        ],
        unconfirmed=[
            PaperDoubtOut(
                figure=one.figure, label=one.label, amount_cents=one.amount_cents, source=one.source, why=one.why
            )
            for one in draft.unconfirmed
        ],
        may_be_issued=not draft.faults,
    )  # fmt: skip


def deadline_out(line: DeadlineFacts) -> DeadlineOut:
    shown = line.model_dump(include=set(DeadlineOut.model_fields))
    return DeadlineOut(**shown, paper=line.paper_title)
