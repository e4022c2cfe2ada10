"""All proofs of some trainings in one archive, for an auditor: papers, sheets, events, badges, trail, manifest."""

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files as resources
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from documents.packs import DocumentPlan, PackRefused
from service.flows.proof import badge_keys, training_files, training_papers, training_sheets
from service.flows.proof.training_files import EVENT_COLUMNS, Proof
from service.flows.proof.training_rules import rules_on
from service.flows.writing.writing_csv import write_csv
from service.flows.writing.writing_zip import RunningZip
from service.runtime.actors import Actor
from service.runtime.clock import PARIS
from service.runtime.database import Database
from service.runtime.editions import Editions
from service.runtime.errors import Gone, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.vocabulary import PaperState
from service.store import audit
from service.store.papers.papers import IssuedPaperFacts
from service.store.proof import badges
from service.store.proof import training_files as store
from service.store.proof.badges import BadgeFacts
from service.store.proof.training_files import WantedProof

MANIFEST, README, EVENTS, TRAIL, KEYS = (
    "manifest.json", "LISEZMOI.txt", "evenements.csv", "piste-audit.json", "badges/cles.json",
)  # fmt: skip

Draw = Callable[[DocumentPlan], Awaitable[bytes]]
"""How a plan becomes its PDF: in the processes of a request, or in those of a worker."""


@dataclass(frozen=True)
class Asked:
    """An export that may begin: whose trainings, by whom, and what the archive is called."""

    assignment_ids: tuple[UUID, ...]
    wanted: WantedProof
    actor: Actor
    now: datetime

    @property
    def file_name(self) -> str:
        return file_name_at(self.now)


def file_name_at(moment: datetime) -> str:
    """What an archive asked for at this moment is called."""
    return f"preuves-formation-{moment.astimezone(PARIS):%Y%m%d-%H%M}.zip"


@dataclass
class _Kept:
    """What the manifest says in the end."""

    missing: list[dict[str, Any]] = field(default_factory=list)
    trainings: list[dict[str, Any]] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    rows: list[Any] = field(default_factory=list)
    classes: dict[UUID, datetime] = field(default_factory=dict)


async def ask(
    database: Database, actor: Actor, wanted: WantedProof, *, now: datetime, is_bounded: bool = True
) -> Asked:
    """Whose proofs within reach were asked for; NotFound for nobody, RuleBroken for too many at once."""
    most = rules_on(now).most_learners_at_once if is_bounded else 1_000_000
    async with database.transaction() as session:
        found = await store.assignments_wanted(session, actor, wanted, limit=most)
        if not found:
            raise NotFound("No training within your reach fits; ask for another person, group or period.")
        if len(found) > most:
            raise RuleBroken(
                "These are more than %(most)s trainings; have the archive prepared, or ask for one group, one path "
                "or a shorter period.",
                code="too-many",
                most=most,
            )
        audit.record(
            session, actor, action="training_proof.export", subject=("training_export", now.isoformat()), now=now,
            detail={"trainings": len(found), **wanted.model_dump(mode="json", exclude_none=True)},
        )  # fmt: skip
    return Asked(found, wanted, actor, now)


async def write(
    database: Database,
    asked: Asked,
    *,
    editions: Editions,
    files: FileStore,
    draw: Draw,
    told: Callable[[int], Awaitable[None]] | None = None,
) -> AsyncIterator[bytes]:
    """The archive, piece by piece: each training is read in a short transaction and drawn outside of any.

    `told` is called after each training with how many are in it by now.
    """
    kept, archive = _Kept(), RunningZip(asked.now)
    try:
        for number, assignment_id in enumerate(asked.assignment_ids, start=1):
            async for name, content in _training(
                database, asked, assignment_id, number, kept, editions=editions, files=files, draw=draw
            ):
                yield archive.add(name, content)
            if told is not None:
                await told(number)
        async for name, content in _sheets(database, kept, asked, editions=editions, draw=draw):
            yield archive.add(name, content)
        async with database.transaction(write=False) as session:
            trail = await store.trail_of(session, kept.subjects)
            position, last = await store.chain_end(session)
            keys = await badge_keys.key_set(session)
        yield archive.add(EVENTS, write_csv(EVENT_COLUMNS, kept.rows))
        yield archive.add(TRAIL, _json({"entries": trail, "chain_end": {"position": position, "hash": last}}))
        yield archive.add(KEYS, _json(keys))
        yield archive.add(
            README, resources("service.flows.proof").joinpath("training_exports.txt").read_bytes()
        )
        manifest = {
            "made_at": asked.now.astimezone(PARIS).isoformat(),
            "asked_by": asked.actor.name or asked.actor.kind.value,
            "asked_for": asked.wanted.model_dump(mode="json", exclude_none=True),
            "trainings": kept.trainings,
            "missing": kept.missing,
            "files": archive.listed,
        }
        yield archive.add(MANIFEST, _json(manifest))
        yield archive.end()
    finally:
        archive.drop()


async def _training(
    database: Database,
    asked: Asked,
    assignment_id: UUID,
    number: int,
    kept: _Kept,
    *,
    editions: Editions,
    files: FileStore,
    draw: Draw,
) -> AsyncIterator[tuple[str, bytes]]:
    async with database.transaction() as session:
        try:
            proof = await training_files.gather(
                session, asked.actor, assignment_id, editions=editions, now=asked.now
            )
        except (Gone, NotFound) as refusal:  # an edition withdrawn since, a person erased meanwhile
            kept.missing.append({"training": str(assignment_id), "paper": "", "why": [str(refusal.detail)]})
            return
        plan = await training_papers.plan_file(session, proof, law=editions.law, now=asked.now)
        papers = (await store.papers_of(session, asked.actor, [assignment_id])).get(assignment_id, [])
        badge = (await badges.of_assignments(session, asked.actor, [assignment_id])).get(assignment_id)
    folder = f"personnes/{number:04d}-{plain(proof.facts.person)}-{proof.facts.path}"
    _note(kept, proof, papers, badge, folder)
    if isinstance(plan, PackRefused):
        kept.missing.append(_lacking(str(assignment_id), "distance_training_file", plan))
    else:
        yield f"{folder}/dossier-formation-a-distance.pdf", await draw(plan)
    for paper in papers:
        if content := _file_of(paper, files):
            yield f"{folder}/{paper.file_name}", content
        else:
            why = f"Le fichier du document {paper.reference} n’est pas encore établi, ou n’est plus là."
            kept.missing.append({"training": str(assignment_id), "paper": paper.kind, "why": [why]})
    if badge:
        yield f"{folder}/badge.jwt", badge.signed.encode()


def _file_of(paper: IssuedPaperFacts, files: FileStore) -> bytes:
    """What was drawn of an issued paper; nothing while it is not, and nothing when a restored disk lacks it."""
    if paper.state is not PaperState.READY or not paper.file_sha256:
        return b""
    try:
        return files.get(paper.file_sha256)
    except NotFound:
        return b""


def _note(
    kept: _Kept, proof: Proof, papers: list[IssuedPaperFacts], badge: BadgeFacts | None, folder: str
) -> None:
    kept.subjects |= {str(proof.facts.id), *(str(one.id) for one in papers)}
    kept.subjects |= {str(badge.id)} if badge else set()
    kept.rows += training_files.event_rows(proof)
    kept.classes |= {one.held.id: one.held.starts_at for one in proof.held}
    kept.trainings.append(
        {
            "training": str(proof.facts.id),
            "folder": folder,
            "person": proof.facts.person,
            "path": proof.facts.path,
            "edition": proof.facts.edition,
            "group": proof.facts.cohort,
            "start": proof.facts.start_date.isoformat(),
            "completed_on": proof.progress.completed_on.isoformat() if proof.progress.completed_on else None,
            "percent": proof.progress.percent,
            "mean_minutes": proof.path.minutes,
            "realised_minutes": proof.realised_minutes,
            "measured_minutes": proof.measured_minutes,
            "papers": [one.reference for one in papers],
            "badge": str(badge.id) if badge else None,
        }
    )


async def _sheets(
    database: Database, kept: _Kept, asked: Asked, *, editions: Editions, draw: Draw
) -> AsyncIterator[tuple[str, bytes]]:
    for class_id in sorted(kept.classes, key=lambda one: (kept.classes[one], one)):
        kept.subjects.add(str(class_id))
        async with database.transaction() as session:
            try:
                sheet, plan = await training_sheets.plan_sheet(
                    session, asked.actor, class_id, editions=editions, now=asked.now
                )
            except (
                NotFound,
                RuleBroken,
            ) as refusal:  # a class of a group out of reach, an employer without a name
                why = [one.detail for one in refusal.faults] or [refusal.detail]
                kept.missing.append({"training": str(class_id), "paper": "attendance_sheet", "why": why})
                continue
        day = sheet.held.starts_at.astimezone(ZoneInfo(sheet.held.zone)).date()
        name = f"seances/{day}-{plain(sheet.held.title)}-{str(class_id)[:8]}.pdf"
        yield name, await draw(plan)


def _lacking(subject: str, paper: str, refused: PackRefused) -> dict[str, Any]:
    why = [f"{one.label} ({one.article}). {one.remedy}" for one in refused.missing]
    return {"training": subject, "paper": paper, "why": why}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def plain(text: str) -> str:
    """A name that every file system and every archive program takes.

    >>> plain("Maïwenn L'Hôpital-Łukasik"), plain("../..")
    ('maiwenn-l-hopital-ukasik', 'x')
    """
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60] or "x"
