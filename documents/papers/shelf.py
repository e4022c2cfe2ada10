"""Every kind of paper by its name: the families of this folder, and the kinds of the hiring pack and of reports."""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.resources import files
from itertools import chain
from typing import Any

from documents import packs
from documents.completeness import Missing, missing, unshowable_texts
from documents.facts import FixedTermReason, PackFacts, ShortlistFacts, TeleworkOrigin
from documents.figures import reckon
from documents.kinds import PACK_ORDER, DocumentKind
from documents.law import Law
from documents.packs import DocumentPlan, PackRefused
from documents.papers import (
    accidents,
    allowance_statements,
    amendments,
    attendance,
    candidate_notices,
    charters,
    cost_statements,
    distance_files,
    dpae,
    information,
    interviews,
    occupations,
    offers,
    refusals,
    returns,
    reversibility,
    trainings,
)
from documents.papers.paper import OwnWay, Paper
from documents.reports import ReportFacts

HIRINGS = ("cdi-full-time", "cdd-part-time", "cdi-hybrid-supervisor")
PICTURED = "cdi-hybrid-with-photographs"
"""A hiring whose loan says the condition of each item and shows photographs."""


HIRING_SITUATIONS: Mapping[str, Callable[[PackFacts], bool]] = {
    "fixed_term": lambda facts: facts.offer.is_fixed_term,
    "replacement": lambda facts: facts.offer.reason is FixedTermReason.REPLACEMENT,
    "part_time": lambda facts: facts.offer.is_part_time,
    "full_time": lambda facts: not facts.offer.is_part_time,
    "telework_text": lambda facts: facts.employer.telework_basis_text is not None,
    "hired_to_telework": lambda facts: facts.will.telework_origin is TeleworkOrigin.HIRE,
    "moved_to_telework": lambda facts: facts.will.telework_origin is TeleworkOrigin.AMENDMENT,
    "adaptation": lambda facts: facts.will.adaptation_months is not None,
    "card_data": lambda facts: facts.programme.handles_card_data,
    "hand_over_state": lambda facts: any(
        item.condition or item.accessories or item.photographs for item in facts.offer.equipment
    ),
}


def _of_pack(kind: DocumentKind) -> Paper[PackFacts]:
    def check(facts: PackFacts, law: Law, issued_at: datetime) -> tuple[Missing, ...]:
        return missing(
            kind, facts, figures=reckon(facts, law), requirements=law.requirements_on(issued_at.date())
        )

    def plan(facts: PackFacts, law: Law, issued_at: datetime, reference: str) -> DocumentPlan | PackRefused:
        return packs.plan_document(kind, facts, law=law, issued_at=issued_at, reference=reference)

    examples = (*HIRINGS, PICTURED) if kind is DocumentKind.EQUIPMENT_LOAN else HIRINGS
    return Paper(
        kind=kind,
        facts=PackFacts,
        situations=HIRING_SITUATIONS,
        own=OwnWay(check=check, plan=plan),
        examples=examples,
    )


def _shortlist() -> Paper[ShortlistFacts]:
    kind = DocumentKind.SHORTLIST

    def plan(
        facts: ShortlistFacts, law: Law, issued_at: datetime, reference: str
    ) -> DocumentPlan | PackRefused:
        author = facts.client or facts.programme
        return packs.plan_shortlist(facts, author=author, issued_at=issued_at, reference=reference)

    own = OwnWay(check=lambda facts, law, issued_at: tuple(unshowable_texts(kind, facts)), plan=plan)
    return Paper(kind=kind, facts=ShortlistFacts, own=own, name=lambda facts: facts.programme)


def _report(kind: DocumentKind) -> Paper[ReportFacts]:
    def plan(facts: ReportFacts, law: Law, issued_at: datetime, reference: str) -> DocumentPlan | PackRefused:
        return packs.plan_report(kind, facts, author=facts.person, issued_at=issued_at, reference=reference)

    own = OwnWay(check=lambda facts, law, issued_at: tuple(unshowable_texts(kind, facts)), plan=plan)
    return Paper(
        kind=kind,
        facts=ReportFacts,
        own=own,
        title=lambda facts: facts.title,
        name=lambda facts: facts.person,
    )


FAMILIES: tuple[tuple[Paper[Any], ...], ...] = (
    tuple(_of_pack(kind) for kind in PACK_ORDER),
    (_shortlist(),),
    (
        _report(DocumentKind.ASSESSMENT_REPORT),
        _report(DocumentKind.SCORECARD),
    ),
    occupations.PAPERS,
    cost_statements.PAPERS,
    allowance_statements.PAPERS,
    returns.PAPERS,
    offers.PAPERS,
    information.PAPERS,
    dpae.PAPERS,
    candidate_notices.PAPERS,
    accidents.PAPERS,
    trainings.PAPERS,
    distance_files.PAPERS,
    attendance.PAPERS,
    amendments.PAPERS,
    charters.PAPERS,
    reversibility.PAPERS,
    refusals.PAPERS,
    interviews.PAPERS,
    # A family's owner adds one line here: `its_file.PAPERS,`
)
PAPERS: Mapping[DocumentKind, Paper[Any]] = {paper.kind: paper for paper in chain.from_iterable(FAMILIES)}


def examples_of(kind: DocumentKind) -> Mapping[str, str]:
    """The fictional facts that come with a kind: a short name and the JSON, in the order of their names."""
    folder = files("documents").joinpath("examples")
    paper = PAPERS[kind]
    if paper.examples:
        return {stem: folder.joinpath(f"{stem}.json").read_text("utf-8") for stem in paper.examples}
    own = folder.joinpath(kind.value)
    if not own.is_dir():
        return {}
    found = sorted((entry for entry in own.iterdir() if entry.name.endswith(".json")), key=lambda e: e.name)
    return {entry.name.removesuffix(".json"): entry.read_text("utf-8") for entry in found}
