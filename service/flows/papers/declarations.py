"""The file of a declaration before hiring (DPAE), made from its issued sheet with the number opened for it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from documents.kinds import DocumentKind
from documents.law import Law
from documents.papers.dpae import DpaeFacts, DpaeRefused, dpae_file
from service.flows.papers import social_numbers
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.errors import Fault, Forbidden, InBoth, NotFound, RuleBroken
from service.runtime.vault import Vault
from service.store import audit
from service.store.papers import papers as store


async def file_of(
    session: AsyncSession,
    actor: Actor,
    paper_id: str | UUID,
    *,
    is_trial_run: bool,
    law: Law,
    vault: Vault,
    now: datetime,
) -> tuple[str, bytes]:
    """Its name and the message for the deposit by file, made anew and kept nowhere; both readings are noted.

    RuleBroken outside the days on which a declaration may be sent, or where a value lacks. NotFound for other papers.
    """
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    paper = await store.facts_of(session, actor, paper_id)
    if paper.kind != DocumentKind.DPAE_SHEET:
        raise NotFound
    number = await social_numbers.open_number(session, actor, paper.candidate_id, vault=vault, now=now)
    details = {**paper.facts["details"], "nir": number}
    facts = DpaeFacts.model_validate({**paper.facts, "details": details})
    made = dpae_file(facts, law, on=civil_date(now), is_trial_run=is_trial_run)
    if isinstance(made, DpaeRefused):
        said = " ".join(made.reasons)
        faults = [Fault("", "declaration", InBoth(reason, reason)) for reason in made.reasons]
        raise RuleBroken(InBoth(said, said), code="declaration-refused", faults=faults)
    audit.record(
        session, actor, action="declaration.download", subject=("paper", paper.id), now=now,
        detail={"trial_run": is_trial_run},
    )  # fmt: skip
    return f"{paper.reference.lower()}-dpae.xml", made
