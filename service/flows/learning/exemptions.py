"""Exemptions: a proof shown in place of a module, and a trainer's decision about it, with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from onboarding.content import Language
from onboarding.learning.progress import ModuleState
from onboarding.paths.paths import Module
from service.flows.assessing.evidence import KIND_NAMES, kinds_in_words
from service.flows.assessing.judging_files import FileFault, Judged, judge, refusal
from service.flows.learning import learning
from service.flows.mail import mailing
from service.flows.mail.letters import compose
from service.flows.paths import paths
from service.runtime.actors import Actor, ActorKind
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, Forbidden, Gone, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.settings import Settings
from service.store import audit
from service.store.learning import assignments, board, exemptions
from service.store.learning.exemptions import ExemptionFacts
from service.tables.training import Assignment, Exemption

LONGEST_WORDS = 1000
MOST_AT_ONCE = 50
"""Proofs decided about, or people exempted, in one go: each of them is looked at, and each is written to."""


class Outcome(StrEnum):
    """What came of one proof among several."""

    DECIDED = "decided"
    DECIDED_BEFORE = "decided_before"
    WITHDRAWN = "withdrawn"
    ABSENT = "absent"


@dataclass(frozen=True)
class Told:
    """One proof among several; `proof` is None where it is absent or out of reach."""

    id: UUID
    outcome: Outcome
    proof: ExemptionFacts | None


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
    settings: Settings,
    editions: Editions,
    now: datetime,
) -> ExemptionFacts:
    """Accept a proof in place of the module, or say why it does not take its place; once, by a person, with a reason.

    The person is written to. The same decision told again changes nothing; another one is a Conflict.
    """
    check_person(actor)
    row = await exemptions.exemption_row(session, actor, exemption_id)
    said = " ".join(reason.split())[:LONGEST_WORDS]
    if row.decided_at is not None:
        if (row.is_granted, row.reason) == (is_granted, said):
            return await exemptions.facts_of(session, actor, row.id)
        raise Conflict("Somebody decided about this proof already.", code="already-decided")
    _check_reason(said, editions=editions, now=now)
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
    await _tell(session, found, settings=settings, editions=editions, now=now)
    return found


def check_person(actor: Actor) -> None:
    """Forbidden for a token, a learner or the service: only a person of the staff decides about a person."""
    if actor.kind is not ActorKind.STAFF or actor.staff_id is None:
        raise Forbidden("A person of the staff does this, signed in under their own name.")


def reason_fault(reason: str, *, editions: Editions, now: datetime) -> Fault | None:
    """What is wrong with a reason that a person is to read."""
    least = editions.term_rules_on(civil_date(now)).reason_least_characters
    if len(reason) >= least:
        return None
    words = "Say why in at least %(least)s characters: the person reads it."
    return Fault("/reason", "too-short", words, {"least": least})


def _check_reason(reason: str, *, editions: Editions, now: datetime) -> None:
    if fault := reason_fault(reason, editions=editions, now=now):
        raise RuleBroken("Say why.", faults=[fault])


async def _tell(
    session: AsyncSession, found: ExemptionFacts, *, settings: Settings, editions: Editions, now: datetime
) -> None:
    """Write to the person what was decided and why; without an address, the page of the module says it."""
    to = (await board.letters_of(session, [found.assignment_id]))[found.assignment_id]
    if not to.address:
        return
    path, language = paths.as_begun(editions, found.path, found.edition), Language(to.locale.value)
    words = compose(
        "exemption_decided", to.locale, name=to.given_name, reason=found.reason,
        module=paths.module_of(path, found.module).title.said_in(language),
        title=path.title.said_in(language), is_granted="yes" if found.is_granted else "",
        url=f"{settings.public_url}/me/training/{found.assignment_id}/modules/{found.module}",
    )  # fmt: skip
    mailing.write_letter(
        session, recipient=to.address, subject=words.subject, body_text=words.body_text,
        body_html=words.body_html, candidate_id=found.candidate_id, now=now,
    )  # fmt: skip


async def decide_many(
    session: AsyncSession,
    actor: Actor,
    exemption_ids: Sequence[UUID],
    *,
    is_granted: bool,
    reason: str,
    settings: Settings,
    editions: Editions,
    now: datetime,
) -> tuple[Told, ...]:
    """Decide the same about several proofs for one module, for one reason; each whole or not at all, in their order.

    A proof that cannot be decided about stops no other: what came of each is told. RuleBroken for none, too many, or
    proofs for several modules.
    """
    check_person(actor)
    asked = tuple(dict.fromkeys(exemption_ids))
    if not 0 < len(asked) <= MOST_AT_ONCE:
        fault = Fault("/exemptions", "range", "from 1 to %(most)s", {"most": MOST_AT_ONCE})
        raise RuleBroken("Choose from 1 to %(most)s proofs.", most=MOST_AT_ONCE, faults=[fault])
    _check_reason(" ".join(reason.split()), editions=editions, now=now)
    found = {one.id: one for one in await exemptions.many_of(session, actor, asked)}
    if len({(one.path, one.module) for one in found.values()}) > 1:
        fault = Fault("/exemptions", "several-modules", "proofs for one module of one path")
        raise RuleBroken("One reason is for proofs of one module.", faults=[fault])
    told: dict[UUID, Told] = {}
    for one in sorted(asked):  # one order for everybody who decides at the same time
        proof, outcome = found.get(one), Outcome.ABSENT
        if proof is not None:
            try:
                async with session.begin_nested():
                    proof = await decide(
                        session, actor, one, is_granted=is_granted, reason=reason, settings=settings,
                        editions=editions, now=now,
                    )  # fmt: skip
                outcome = Outcome.DECIDED
            except Conflict:
                outcome = Outcome.DECIDED_BEFORE
            except Gone:
                outcome = Outcome.WITHDRAWN
            except NotFound:
                proof = None
        told[one] = Told(one, outcome, proof)
    return tuple(told[one] for one in asked)


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
    settings: Settings,
    editions: Editions,
    now: datetime,
) -> ExemptionFacts:
    """Note a proof that a trainer saw and accepts, in one step; entered again word for word, it is the first."""
    check_person(actor)
    said, why = " ".join(words.split())[:LONGEST_WORDS], " ".join(reason.split())[:LONGEST_WORDS]
    facts = await assignments.facts_of(session, actor, assignment_id)
    for one in await exemptions.of_assignments(session, actor, [facts.id]):
        if one.is_granted and (one.module, one.words, one.reason) == (module, said, why):
            return one
    shown = await show_proof(
        session, actor, assignment_id, module, words=words, judged=judged, files=files, editions=editions,
        now=now,
    )  # fmt: skip
    return await decide(
        session,
        actor,
        shown.id,
        is_granted=True,
        reason=reason,
        settings=settings,
        editions=editions,
        now=now,
    )


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
