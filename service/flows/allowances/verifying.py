"""What `homeshore verify` proves: promises that stored data must keep, each with what was counted or found broken."""

import hashlib
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires.scoring import Scorecard
from service.flows.allowances import allowances
from service.flows.assessing.scoring import scored_again
from service.runtime.editions import Editions
from service.runtime.errors import NotFound
from service.runtime.files import FileStore
from service.runtime.vocabulary import PackState
from service.store import trail
from service.store.allowances import allowances as allowance_store
from service.store.assessing import evidence
from service.store.recruiting import contests


class Finding(BaseModel):
    """One promise, whether it holds, and what was counted or found broken."""

    model_config = ConfigDict(frozen=True)

    promise: str
    holds: bool
    detail: str


async def verify_everything(session: AsyncSession, files: FileStore, editions: Editions) -> list[Finding]:
    """Check every promise; nothing is changed."""
    return [
        await _database_is_whole(session),
        await _audit_chain_holds(session),
        await _files_are_there(session, files),
        await _packs_are_whole(session),
        await _papers_bear_their_numbers(session),
        await _work_is_done_once(session),
        await _scores_recompute(session, editions),
        await _allowances_recompute(session, editions),
        await _people_decided(session),
        await _second_people_reviewed(session),
    ]


def _finding(promise: str, broken: Iterable[str], *, counted: str) -> Finding:
    """Broken ones by name, at most five; else what was counted."""
    names = list(broken)
    detail = counted if not names else f"{len(names)} broken: {', '.join(names[:5])}"
    return Finding(promise=promise, holds=not names, detail=detail)


async def _database_is_whole(session: AsyncSession) -> Finding:
    faults = await evidence.database_faults(session)
    return _finding("the database is whole", faults, counted="integrity and references checked")


async def _audit_chain_holds(session: AsyncSession) -> Finding:
    broken = await trail.first_broken_link(session)
    linked, waiting = await trail.counts(session)
    faults = [] if broken is None else [f"entry {broken}"]
    return _finding("the audit chain holds", faults, counted=f"{linked} entries linked, {waiting} waiting")


async def _files_are_there(session: AsyncSession, files: FileStore) -> Finding:
    kept = await evidence.referenced_files(session)
    broken = [sha256[:12] for sha256 in kept if not _is_sound(files, sha256)]
    return _finding("every file referred to is there, byte for byte", broken, counted=f"{len(kept)} files")


def _is_sound(files: FileStore, sha256: str) -> bool:
    try:
        return hashlib.sha256(files.get(sha256)).hexdigest() == sha256
    except NotFound:
        return False


async def _packs_are_whole(session: AsyncSession) -> Finding:
    packs = await evidence.packs(session)
    broken = [str(pack.id) for pack in packs if not _is_whole(pack)]
    return _finding("every pack is whole or not there at all", broken, counted=f"{len(packs)} packs")


def _is_whole(pack: evidence.PackEvidence) -> bool:
    if pack.state is not PackState.READY:
        return not pack.documents and pack.archive_sha256 is None
    in_order = [document.position for document in pack.documents] == list(range(1, len(pack.documents) + 1))
    return bool(pack.documents) and in_order and pack.archive_sha256 is not None


async def _papers_bear_their_numbers(session: AsyncSession) -> Finding:
    broken = await evidence.papers_out_of_step(session)
    counted = await evidence.papers_count(session)
    return _finding("every paper and pack bears a number of its own", broken, counted=f"{counted} papers")


async def _work_is_done_once(session: AsyncSession) -> Finding:
    broken = await evidence.work_out_of_step(session)
    return _finding("what was asked for is done, once", broken, counted="outbox and results agree")


async def _scores_recompute(session: AsyncSession, editions: Editions) -> Finding:
    scored = await evidence.scored_responses(session)
    broken = [str(row.scorecard_id) for row in scored if not _recomputes(row, editions)]
    return _finding("every score recomputes to the bit", broken, counted=f"{len(scored)} scorecards")


def _recomputes(row: evidence.ScoredResponse, editions: Editions) -> bool:
    """Whether the same answers, and what had been shown by then, give the same card again, every digit and word."""
    try:
        kept = Scorecard.model_validate(row.result)
        return (
            scored_again(kept, row.answers, row.answered_edition, editions).model_dump(mode="json")
            == row.result
        )
    except (KeyError, ValueError):
        return False


async def _allowances_recompute(session: AsyncSession, editions: Editions) -> Finding:
    kept = await allowance_store.kept_standings(session)
    broken = allowances.standings_reckoned_otherwise(editions.law, kept)
    broken += await allowance_store.differences_that_do_not_add_up(session)
    return _finding(
        "every settled allowance recomputes to the cent", broken, counted=f"{len(kept)} statements"
    )


async def _people_decided(session: AsyncSession) -> Finding:
    broken = await evidence.decided_by_nobody(session)
    return _finding(
        "every final decision was a person's, with a reason", broken, counted="decisions and stages agree"
    )


async def _second_people_reviewed(session: AsyncSession) -> Finding:
    broken = await contests.reviewed_by_the_first(session)
    answered = await contests.answered_count(session)
    return _finding(
        "every answered contest was looked at by a second person", broken, counted=f"{answered} answered"
    )
