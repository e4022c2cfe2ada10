"""A large archive of proofs: asked for by a person, made by durable work, kept some days, read by its asker alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service.flows.proof.training_exports import Asked
from service.flows.proof.training_rules import rules_on
from service.runtime.actors import SYSTEM, Actor
from service.runtime.errors import Conflict, Forbidden, Gone, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.ids import new_id
from service.runtime.vocabulary import ProofArchiveState, Role, WorkKind
from service.store import audit
from service.store.accounts import sign_ins
from service.store.mail import outbox
from service.store.proof import proof_archives as store
from service.store.proof.proof_archives import ProofArchiveFacts
from service.store.proof.training_files import WantedProof
from service.tables.proof_archives import ProofArchive

MAY_ASK = (Role.TRAINER, Role.SUPERVISOR)
"""Who hands proofs to an auditor; somebody whose role changed meanwhile gets no archive made."""


@dataclass(frozen=True)
class Kept:
    """A file that is whole by now: its SHA-256, its size, and how many trainings are in it."""

    sha256: str
    size_bytes: int
    trainings: int


async def request(
    session: AsyncSession, actor: Actor, wanted: WantedProof, *, now: datetime
) -> ProofArchiveFacts:
    """Ask for an archive of these trainings as they are now; Conflict while another of this person's is being made."""
    if actor.staff_id is None:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    most = rules_on(now).most_learners_prepared
    if await store.under_way(session, actor):
        raise Conflict(
            "An archive of yours is being made already; ask again once it is there.", code="archive-under-way"
        )
    people = await store.people_of(session, actor, wanted, limit=most)
    if not people:
        raise NotFound("No training within your reach fits; ask for another person, group or period.")
    if len(people) > most:
        raise RuleBroken(
            "These are more than %(most)s trainings; ask for one group, one path or a shorter period.",
            code="too-many",
            most=most,
        )
    said = wanted.model_dump(mode="json", exclude_none=True)
    row = ProofArchive(
        id=new_id(), asked_by=actor.staff_id, wanted=said, trainings=len(people), created_at=now
    )
    session.add(row)
    await session.flush()
    await store.hold(session, row.id, people)
    outbox.ask(session, WorkKind.PROOF_ARCHIVE, row.id, now=now)
    audit.record(
        session, actor, action="proof_archive.request", subject=("proof_archive", row.id), now=now,
        detail={"trainings": len(people), **said},
    )  # fmt: skip
    return ProofArchiveFacts.model_validate(row)


async def asked_of(session: AsyncSession, archive_id: UUID) -> Asked | None:
    """What is still to be made, within the reach that the asker has by now; None when there is nothing to make."""
    row = await session.get(ProofArchive, archive_id)
    if row is None or row.state is not ProofArchiveState.REQUESTED:
        return None
    asker = await sign_ins.actor_of_staff(session, row.asked_by)
    trainings = await store.trainings_of(session, row.id)
    if asker.role not in MAY_ASK or not trainings:
        row.state = ProofArchiveState.FAILED
        return None
    return Asked(trainings, WantedProof.model_validate(row.wanted), asker, row.created_at)


async def note_made(session: AsyncSession, archive_id: UUID, made: int) -> None:
    """Say how many trainings are in it so far."""
    row = await session.get(ProofArchive, archive_id)
    if row is not None and row.state is ProofArchiveState.REQUESTED:
        row.made = made


async def keep(session: AsyncSession, archive_id: UUID, kept: Kept, *, now: datetime) -> bool:
    """Say that it is ready and until when; False when its file is not wanted any more, done before it does nothing.

    Somebody erased while it was being made may be in it: then it is not handed out, and the asker asks again.
    """
    row = await session.get(ProofArchive, archive_id)
    if row is None or row.state is not ProofArchiveState.REQUESTED:
        return row is not None and row.sha256 == kept.sha256
    row.made = kept.trainings
    if len(await store.trainings_of(session, row.id)) != kept.trainings:
        row.state = ProofArchiveState.WITHDRAWN
        return False
    row.state, row.sha256, row.size_bytes = ProofArchiveState.READY, kept.sha256, kept.size_bytes
    row.ready_at, row.kept_until = now, now + timedelta(days=rules_on(now).archive_kept_days)
    return True


async def give_up(session: AsyncSession, archive_id: UUID) -> None:
    """Nobody makes it any more; its asker may ask for another."""
    row = await session.get(ProofArchive, archive_id)
    if row is not None and row.state is ProofArchiveState.REQUESTED:
        row.state = ProofArchiveState.FAILED


async def read(
    session: AsyncSession, actor: Actor, archive_id: str | UUID, *, now: datetime
) -> ProofArchiveFacts:
    """An archive to download; NotFound before it is ready, Gone once its file is. The reading is noted."""
    facts = await store.facts_of(session, actor, archive_id)
    if facts.state in (ProofArchiveState.EXPIRED, ProofArchiveState.WITHDRAWN) or (
        facts.kept_until is not None and facts.kept_until <= now
    ):
        raise Gone("This archive is not kept any more; ask for another.")
    if facts.sha256 is None:
        raise NotFound("The archive is not ready yet.")
    audit.record(
        session, actor, action="proof_archive.download", subject=("proof_archive", facts.id), now=now
    )
    return facts


async def remove_over(session: AsyncSession, *, now: datetime) -> tuple[str, ...]:
    """Let go of the archives whose days are over; the files that come back are removed after the commit."""
    return tuple(
        _remove(session, row, ProofArchiveState.EXPIRED, now=now)
        for row in await store.over(session, now=now)
    )


async def remove_of(session: AsyncSession, candidate_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """Let go of every finished archive that somebody who is being erased is in."""
    return tuple(
        _remove(session, row, ProofArchiveState.WITHDRAWN, now=now)
        for row in await store.that_hold(session, candidate_id)
        if row.state is ProofArchiveState.READY
    )


def _remove(session: AsyncSession, row: ProofArchive, state: ProofArchiveState, *, now: datetime) -> str:
    gone = row.sha256 or ""
    row.state, row.sha256, row.size_bytes = state, None, None
    audit.record(
        session, SYSTEM, action="proof_archive.remove", subject=("proof_archive", row.id), now=now,
        detail={"why": state.value},
    )  # fmt: skip
    return gone


def remove_files(gone: tuple[str, ...], files: FileStore) -> None:
    """Take them off the disk; doing it twice does no harm."""
    for sha256 in gone:
        files.remove(sha256)
