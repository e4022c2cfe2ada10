"""Issue one paper: all that stops it by name, or its plan, pinned to the last byte."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from jinja2 import UndefinedError
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from documents import packs, wording
from documents.completeness import Missing, leaves_of, unconfirmed, unshowable_texts
from documents.faults import Fault
from documents.kinds import KINDS, DocumentKind
from documents.law import Law
from documents.mentions import Mentions
from documents.packs import DocumentPlan, PackRefused, canonical_json
from documents.papers.mentions import absent
from documents.papers.paper import Paper
from documents.papers.shelf import PAPERS
from documents.photographs import photograph_faults, pictures

FIRST_YEAR, LAST_YEAR = 1900, 2199


class WordingError(RuntimeError):
    """A template asks for a value that nobody gives; the message names template and value."""


def check_paper(
    kind: DocumentKind, facts: BaseModel, *, law: Law, issued_at: datetime
) -> tuple[Missing, ...]:
    """All that stops this paper, without wording anything; empty means that it may be issued.

    `facts` are of the kind's own class (`PAPERS[kind].facts`). Absent things come first, then contradictions,
    figures that a named person must confirm, and texts that the fonts cannot write.
    """
    paper = PAPERS[kind]
    if paper.own:
        return paper.own.check(facts, law, issued_at)
    day = issued_at.date()
    found = [*absent(paper, facts, _wanted(kind, law, issued_at))]
    if unlikely := tuple(_unlikely_dates(kind, facts)):
        return (*found, *unlikely)
    faults = (*paper.faults(facts, law, day), *photograph_faults(facts))
    found += [Missing(kind=kind, **finding._asdict()) for finding in faults]
    doubts = unconfirmed(kind, paper.doubts(facts, law, day), getattr(facts, "confirmations", ()))
    return (*found, *doubts, *unshowable_texts(kind, facts))


def plan_paper(
    kind: DocumentKind, facts: BaseModel, *, law: Law, issued_at: datetime, reference: str
) -> DocumentPlan | PackRefused:
    """One paper worded and pinned, or everything missing by name. `issued_at` is aware.

    The same facts, law, moment and reference give the same plan, and a plan gives the same bytes
    (`packs.render_document`).
    """
    paper = PAPERS[kind]
    if stopping := check_paper(kind, facts, law=law, issued_at=issued_at):
        return PackRefused(missing=stopping)
    if paper.own:
        return paper.own.plan(facts, law, issued_at, reference)
    day = issued_at.date()
    figures = paper.context(facts, law, day)
    record = canonical_json(
        {
            "facts": facts.model_dump(mode="json"),
            "figures": to_jsonable_python(figures),
            "editions": [_wanted(kind, law, issued_at).name, *law.editions],
        }
    )
    digest = hashlib.sha256(record.encode()).hexdigest()
    name, title = paper.name(facts), paper.title_on(facts)
    html = _worded(
        paper,
        {
            **figures,
            "facts": facts,
            "details": getattr(facts, "details", None),
            "confirmed": tuple(_confirmed(paper, facts, law, issued_at)),
            "issued_on": day,
        },
        title=title,
        name=name,
        author=_author(facts),
        reference=f"{reference} · faits {digest[:12]}",
    )
    plan = packs.pinned(
        kind,
        html=html,
        facts_json=record,
        name=name,
        file_name=f"{KINDS[kind].file_stem}.pdf",
        issued_at=issued_at,
        pictures=pictures(facts),
    )
    return plan.model_copy(update={"title": f"{title} – {name}", "signatories": paper.signatories_of(facts)})


def _worded(paper: Paper[Any], context: Mapping[str, object], **head: str) -> str:
    try:
        return wording.write_paper(paper.kind, context, **head)
    except UndefinedError as error:
        raise WordingError(f"{KINDS[paper.kind].template}: {error.message}") from error


def _wanted(kind: DocumentKind, law: Law, issued_at: datetime) -> Mentions:
    """The mentions in force; a paper without an edition of them is no paper."""
    wanted = law.mentions_on(kind, issued_at.date())
    if wanted is None:
        raise WordingError(f"data/mentions/{kind.value}: no edition")
    return wanted


def _unlikely_dates(kind: DocumentKind, facts: BaseModel) -> Iterator[Missing]:
    """Days that nobody working today can mean; what is reckoned from them would leave the calendar."""
    for path, day in leaves_of(facts):
        if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
            yield Missing(
                kind=kind,
                fault=Fault.INCONSISTENT,
                field=path,
                label=f"L'année {day.year} ne peut pas être juste",
                article="Vraisemblance des faits",
                remedy="Corrigez cette date.",
            )


def _confirmed(paper: Paper[Any], facts: Any, law: Law, issued_at: datetime) -> Iterator[tuple[str, Any]]:
    """Each doubtful figure's label with the confirmation that vouches for it, for the paper to print."""
    labels = {doubt.figure: doubt.label for doubt in paper.doubts(facts, law, issued_at.date())}
    for given in facts.confirmations:
        if given.figure in labels:
            yield labels[given.figure], given


def _author(facts: Any) -> str:
    employer: str | None = facts.employer.name
    return employer or ""
