"""Exemptions: a proof shown in place of a module, and a trainer's decision about it, with its reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.learning.progress import ModuleState
from onboarding.paths.paths import Module
from service.flows import learning, paths
from service.flows.evidence import KIND_NAMES, kinds_in_words
from service.flows.judging_files import FileFault, Judged, judge, refusal
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.store import assignments, audit, exemptions
from service.store.exemptions import ExemptionFacts
from service.tables.training import Assignment, Exemption

LONGEST_WORDS = 1000


def judge_proof(content: bytes, *, editions: Editions, now: datetime) -> Judged:
    """A proof's bytes made safe; RuleBroken says what to do. Slow: call it in a thread, outside a transaction."""
    megabytes = editions.term_rules_on(civil_date(now)).proof_megabytes
    found = judge(content, accepts=list(KIND_NAMES), max_megabytes=megabytes)
    if isinstance(found, FileFault):
        raise refusal(found, pointer="/file", megabytes=megabytes, kinds=kinds_in_words(KIND_NAMES))
    return found


async def show_proof(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    *,
    words: str,
    judged: Judged | None,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> ExemptionFacts:
    """Keep a proof that a learner sends, or that a trainer saw; sent again as it is while it waits, it is the first.

    Conflict where no proof exempts from the module, where it is done, or where too many wait already. RuleBroken when
    there is neither a file nor, from a trainer, words about what was seen.
    """
    row = await assignments.assignment_row(session, actor, assignment_id)
    _check_open(await _open(session, actor, row, module, editions=editions, now=now))
    said = " ".join(words.split())[:LONGEST_WORDS]
    if judged is None and (actor.kind is ActorKind.CANDIDATE or not said):
        missing = Fault("/file", "missing", "Choose a file: the certificate or the diploma.")
        raise RuleBroken("A proof is missing.", faults=[missing])
    sha256 = files.put(judged.content) if judged else ""
    for one in await exemptions.of_assignments(session, actor, [row.id]):
        if one.decided_at is None and (one.module, one.sha256, one.words) == (module, sha256, said):
            return one
    most = editions.term_rules_on(civil_date(now)).open_proofs
    if await exemptions.count_waiting(session, row.candidate_id) >= most:
        raise Conflict(
            "There are already %(most)s proofs waiting for a decision.", code="too-many-proofs", most=most
        )
    kept = Exemption(
        assignment_id=row.id, module=module, words=said, sha256=sha256, asked_by=actor.staff_id, asked_at=now,
        media_type=judged.media_type if judged else "", size_bytes=len(judged.content) if judged else 0,
        file_name=f"{module}.{judged.extension}" if judged else "",
    )  # fmt: skip
    session.add(kept)
    await session.flush()
    audit.record(
        session, actor, action="exemption.ask", subject=("candidate", row.candidate_id), now=now,
        detail={"assignment": str(row.id), "module": module, "exemption": str(kept.id)},
    )  # fmt: skip
    return await exemptions.facts_of(session, actor, kept.id)


async def _open(
    session: AsyncSession, actor: Actor, row: Assignment, module: str, *, editions: Editions, now: datetime
) -> tuple[Module, ModuleState]:
    found = paths.module_of(paths.as_begun(editions, row.path, row.edition), module)
    facts = await assignments.facts_of(session, actor, row.id)
    standing = learning.standing(facts, editions=editions, today=civil_date(now))
    return found, learning.module_standing(standing, module).state


def _check_open(found: tuple[Module, ModuleState]) -> None:
    module, state = found
    if module.exemption is None:
        raise Conflict("No proof takes the place of this module.", code="no-exemption")
    if state in (ModuleState.DONE, ModuleState.PASSED, ModuleState.EXEMPTED):
        raise Conflict("This module is done already.", code="module-done")


async def decide(
    session: AsyncSession,
    actor: Actor,
    exemption_id: str | UUID,
    *,
    is_granted: bool,
    reason: str,
    editions: Editions,
    now: datetime,
) -> ExemptionFacts:
    """Accept a proof in place of the module, or say why it does not take its place; once, by a person, with a reason.

    The same decision told again changes nothing; another one is a Conflict.
    """
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    row = await exemptions.exemption_row(session, actor, exemption_id)
    said = " ".join(reason.split())[:LONGEST_WORDS]
    if row.decided_at is not None:
        if (row.is_granted, row.reason) == (is_granted, said):
            return await exemptions.facts_of(session, actor, row.id)
        raise Conflict("Somebody decided about this proof already.", code="already-decided")
    least = editions.term_rules_on(civil_date(now)).reason_least_characters
    if len(said) < least:
        words = "Say why in at least %(least)s characters: the person reads it."
        raise RuleBroken("Say why.", faults=[Fault("/reason", "too-short", words, {"least": least})])
    row.decided_at, row.decided_by, row.is_granted, row.reason = now, actor.staff_id, is_granted, said
    await session.flush()
    found = await exemptions.facts_of(session, actor, row.id)
    audit.record(
        session, actor, action="exemption.decide", subject=("candidate", found.candidate_id), now=now,
        detail={"exemption": str(row.id), "module": row.module, "is_granted": is_granted},
    )  # fmt: skip
    if is_granted:
        assignment = await assignments.assignment_row(session, actor, row.assignment_id)
        await learning.note_exemption(
            session, actor, assignment, row.module, exemption=row.id, editions=editions, now=now
        )
    return found


async def enter_seen(
    session: AsyncSession,
    actor: Actor,
    assignment_id: str | UUID,
    module: str,
    *,
    words: str,
    reason: str,
    judged: Judged | None,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> ExemptionFacts:
    """Note a proof that a trainer saw and accepts, in one step; entered again word for word, it is the first."""
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    said, why = " ".join(words.split())[:LONGEST_WORDS], " ".join(reason.split())[:LONGEST_WORDS]
    facts = await assignments.facts_of(session, actor, assignment_id)
    for one in await exemptions.of_assignments(session, actor, [facts.id]):
        if one.is_granted and (one.module, one.words, one.reason) == (module, said, why):
            return one
    shown = await show_proof(
        session, actor, assignment_id, module, words=words, judged=judged, files=files, editions=editions,
        now=now,
    )  # fmt: skip
    return await decide(session, actor, shown.id, is_granted=True, reason=reason, editions=editions, now=now)


async def open_proof(
    session: AsyncSession, actor: Actor, exemption_id: str | UUID, *, files: FileStore, now: datetime
) -> tuple[ExemptionFacts, bytes]:
    """The file of a proof within reach; the reading is noted. NotFound where there was none but words."""
    found = await exemptions.facts_of(session, actor, exemption_id)
    if not found.sha256:
        raise NotFound
    audit.record(
        session, actor, action="exemption.file", subject=("candidate", found.candidate_id), now=now,
        detail={"exemption": str(found.id)},
    )  # fmt: skip
    return found, files.get(found.sha256)
