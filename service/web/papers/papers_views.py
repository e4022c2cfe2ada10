"""Papers and their dates in words: what their pages show, already written for the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from documents.kinds import KINDS, DocumentKind
from documents.rates import figure_in_words
from service.flows.mail.letters import moment_words
from service.flows.papers.papers_facts import Known, issuable
from service.runtime.errors import Fault, Tongue
from service.runtime.vocabulary import Locale, OfferState, PaperState
from service.store.papers.deadlines import DeadlineFacts
from service.store.papers.papers import IssuedPaperFacts
from service.web.figures import Figures
from service.web.papers.papers_words import GROUPS, OTHERS
from service.web.paths.training_views import Reader
from service.web.translations import Translator

NEAR_DAYS = 7


@dataclass(frozen=True)
class KindView:
    """One kind to choose: what it is called, when it is needed, where its form is."""

    title: str
    when: str
    href: str


@dataclass(frozen=True)
class GroupView:
    title: str
    kinds: tuple[KindView, ...]


@dataclass(frozen=True)
class PaperView:
    """One issued paper as lists and its page show it."""

    href: str
    kind_title: str
    title: str
    reference: str
    state: PaperState
    failure: str
    issued: str
    issuer: str
    pages: int
    kilobytes: int
    sha256: str
    facts_sha256: str
    model: str
    confirmations: tuple[str, ...]
    content_href: str


@dataclass(frozen=True)
class DeadlineView:
    """One date: `standing` is done, late, near or open."""

    id: str
    what: str
    day: str
    article: str
    holder: str
    standing: str
    person_name: str
    person_href: str
    paper: str
    paper_href: str
    done: str


@dataclass(frozen=True)
class StopView:
    """One thing to put right elsewhere than in this form, and the page where that is done."""

    words: str
    href: str


def groups_of(application_id: Any, translate: Callable[[str], str]) -> tuple[GroupView, ...]:
    """Every kind on the shelf, in the order of a hiring; what no group names comes last."""
    there = set(issuable())

    def kind_view(kind: DocumentKind, when: str) -> KindView:
        href = f"/applications/{application_id}/papers/new/{kind.value}"
        return KindView(translate(KINDS[kind].title), translate(when) if when else "", href)

    groups = [
        GroupView(translate(title), tuple(kind_view(kind, when) for kind, when in kinds if kind in there))
        for title, kinds in GROUPS
    ]
    known = {kind for _, kinds in GROUPS for kind, _ in kinds}
    left = tuple(kind_view(kind, "") for kind in issuable() if kind not in known)
    return tuple(one for one in (*groups, GroupView(translate(OTHERS), left)) if one.kinds)


def paper_view(paper: IssuedPaperFacts, locale: Locale) -> PaperView:
    figures, say = Figures(locale), Reader(locale)
    return PaperView(
        href=f"/papers/{paper.id}",
        kind_title=Translator(locale)(KINDS[DocumentKind(paper.kind)].title),
        title=say.house(paper.title),
        reference=paper.reference,
        state=paper.state,
        failure=paper.failure,
        issued=moment_words(paper.created_at, locale),
        issuer=paper.issuer_name,
        pages=paper.pages,
        kilobytes=-(-paper.size_bytes // 1000),
        sha256=paper.sha256 or "",
        facts_sha256=paper.facts_sha256,
        model=f"{paper.template_edition} · {paper.mentions_edition}",
        confirmations=tuple(
            f"{figure_in_words(one['figure'])} · {figures.money(one['amount_cents'])} · {one['confirmed_by']}"
            for one in paper.confirmations
        ),
        content_href=f"/papers/{paper.id}/content" if paper.state is PaperState.READY else "",
    )


def deadline_view(line: DeadlineFacts, locale: Locale, *, today: date) -> DeadlineView:
    figures, say = Figures(locale), Reader(locale)
    return DeadlineView(
        id=str(line.id),
        what=say.house(line.what),
        day=figures.short_day(line.due_on),
        article=say.house(line.article),
        holder=line.holder.value,
        standing=_standing(line, today),
        person_name=line.person_name,
        person_href=f"/applications/{line.application_id}/papers",
        paper=line.reference,
        paper_href=f"/papers/{line.paper_id}",
        done=f"{figures.moment(line.done_at)} {line.done_by_name}".strip() if line.done_at else "",
    )


def _standing(line: DeadlineFacts, today: date) -> str:
    if line.done_at:
        return "done"
    if line.due_on < today:
        return "late"
    return "near" if (line.due_on - today).days <= NEAR_DAYS else "open"


def stops_of(faults: Iterable[Fault], known: Known, tongue: Tongue) -> tuple[StopView, ...]:
    """Everything missing that this form does not ask, each with where to fill it in."""
    return tuple(StopView(fault.said(tongue), place_of(fault.pointer, known)) for fault in faults)


def place_of(pointer: str, known: Known) -> str:
    """The page where a part of the facts is written; empty where only the person can write it."""
    part = pointer.strip("/").split("/")[0]
    application, offer = known.application, known.offer
    if part == "person":
        is_name = pointer.endswith(("first_name", "last_name"))
        return f"/candidates/{application.candidate_id}" if is_name else ""
    if part == "employer":
        return "/employer"
    if part == "programme":
        return f"/programmes/{application.programme_id}" if application.programme_id else ""
    if part == "confirmations":
        return f"/offers/{offer.id}#confirmations" if offer else ""
    if part in ("offer", "allowance", "will"):
        if offer is None:
            return f"/applications/{application.id}/offers/new" if application.programme_id else ""
        return f"/offers/{offer.id}/edit" if offer.state is OfferState.DRAFT else f"/offers/{offer.id}"
    return ""
