"""Papers of one training, issued by whoever trains: prefilled from its traces, numbered in the one register."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from documents.facts import PersonFacts
from documents.kinds import DocumentKind
from documents.law import Law
from documents.packs import DocumentPlan, PackRefused
from documents.papers.issuing import plan_paper
from documents.papers.shelf import PAPERS
from service.flows.papers import papers
from service.flows.papers.papers import Wish
from service.flows.papers.papers_facts import Draft, Known, fault_of, paper_of
from service.flows.proof import training_details, training_files
from service.flows.proof.training_files import Proof
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import PARIS
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Forbidden, NotFound, RuleBroken
from service.runtime.vault import Vault
from service.store.papers.papers import TRAINING_KINDS, IssuedPaperFacts
from service.store.proof import training_files as store
from service.tables.people import Candidate

FILE = DocumentKind.DISTANCE_TRAINING_FILE
TYPED = tuple(kind for kind in TRAINING_KINDS if kind is not FILE)
"""Papers that a trainer completes in a form; the file at a distance says what the traces say, and nothing else."""

PREFILLED: Mapping[DocumentKind, Callable[[Proof], dict[str, Any]]] = {
    DocumentKind.TRAINING_PROGRAMME: training_details.programme_details,
    DocumentKind.TRAINING_SUMMONS: training_details.summons_details,
    DocumentKind.COMPLETION_CERTIFICATE: training_details.certificate_details,
    DocumentKind.TRAINING_ATTESTATION: training_details.attestation_details,
    FILE: training_details.file_details,
}
ONLY_WHEN_DONE = frozenset({DocumentKind.COMPLETION_CERTIFICATE, DocumentKind.TRAINING_ATTESTATION})


def kind_of(kind: str) -> DocumentKind:
    """The kind of that name, if it is one of a training; NotFound otherwise."""
    found = next((one for one in TRAINING_KINDS if one.value == kind), None)
    if found is None:
        raise NotFound
    return found


async def check(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    kind: str,
    details: Mapping[str, Any],
    *,
    editions: Editions,
    vault: Vault,
    now: datetime,
) -> tuple[Proof, Known, Draft]:
    """The paper as it would be issued now, with everything that stops it; nothing is written but that it was read."""
    proof, wish, application_id = await _wish(session, actor, assignment_id, kind, details, editions, now)
    known, draft = await papers.check(
        session, actor, application_id, wish, law=editions.law, vault=vault, now=now
    )
    return proof, known, draft


async def issue(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    kind: str,
    details: Mapping[str, Any],
    *,
    editions: Editions,
    vault: Vault,
    now: datetime,
) -> IssuedPaperFacts:
    """Number the paper and ask for its file; RuleBroken names everything missing and takes no number.

    Conflict for a certificate of what is not finished: a program certifies nothing that did not take place.
    """
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    proof, wish, application_id = await _wish(session, actor, assignment_id, kind, details, editions, now)
    if wish.kind in {one.value for one in ONLY_WHEN_DONE} and not proof.progress.is_complete:
        raise Conflict(
            "This training is not finished; nobody can certify it yet.", code="training-unfinished"
        )
    return await papers.issue(session, actor, application_id, wish, law=editions.law, vault=vault, now=now)


async def _wish(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    kind: str,
    details: Mapping[str, Any],
    editions: Editions,
    now: datetime,
) -> tuple[Proof, Wish, UUID]:
    wanted = kind_of(kind)
    proof = await training_files.gather(session, actor, assignment_id, editions=editions, now=now)
    if wanted is FILE and details:
        raise RuleBroken("This paper says what the traces say; it takes no details of its own.")
    application_id = await store.application_of(session, actor, proof.facts.candidate_id)
    if application_id is None:
        raise RuleBroken(
            "This person has no application that a paper could be filed under; record one first.",
            code="no-application",
        )
    wish = Wish(
        kind=wanted.value,
        details={**_fitting(wanted, PREFILLED[wanted](proof)), **details},
        assignment_id=proof.facts.id,
    )
    return proof, wish, application_id


def _fitting(kind: DocumentKind, details: Mapping[str, Any]) -> dict[str, Any]:
    """What the traces say, without what a paper has no place for."""
    model = PAPERS[kind].facts.model_fields["details"].annotation
    assert model is not None
    try:
        model.model_validate(dict(details))
    except ValidationError as error:
        wrong = {str(entry["loc"][0]) for entry in error.errors(include_url=False)}
        return {name: value for name, value in details.items() if name not in wrong}
    return dict(details)


async def plan_file(
    session: AsyncSession, proof: Proof, *, law: Law, now: datetime
) -> DocumentPlan | PackRefused:
    """The file at a distance as it stands now, without a number: for whoever wants to read it, or an auditor."""
    person = await session.get(Candidate, proof.facts.candidate_id)
    named = (
        PersonFacts(first_name=person.given_name or None, last_name=person.family_name or None)
        if person
        else PersonFacts()
    )
    facts = paper_of(FILE.value, is_gathered=True).facts.model_validate(
        {"employer": proof.employer, "person": named, "details": training_details.file_details(proof)}
    )
    return plan_paper(
        FILE, facts, law=law, issued_at=now.astimezone(PARIS), reference=f"SUIVI-{str(proof.facts.id)[:8]}"
    )


async def read_file(
    session: AsyncSession, actor: Actor, assignment_id: str | UUID, *, editions: Editions, now: datetime
) -> DocumentPlan:
    """The same for somebody within reach; RuleBroken names what it still needs."""
    proof = await training_files.gather(session, actor, assignment_id, editions=editions, now=now)
    plan = await plan_file(session, proof, law=editions.law, now=now)
    if isinstance(plan, PackRefused):
        raise RuleBroken(
            "This paper cannot be issued yet; see errors.",
            code="paper-incomplete",
            faults=[fault_of(item) for item in plan.missing],
        )
    return plan
