"""Lists of skills come in: read from their files, held against what is kept, then taken whole; nothing is lost."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files as resources
from typing import Any
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.skills import esco, own_lists, rome
from assessments.skills.concept_files import ListError, ReadList
from assessments.skills.concepts import (
    ESCO,
    ROME,
    Concept,
    ConceptList,
    changes,
    cycles,
    digest,
    shared_labels,
)
from assessments.skills.revisions import named, revised, with_former
from service.flows.matching import lexicons
from service.runtime.actors import Actor
from service.runtime.errors import Fault, InBoth, RuleBroken, TooLarge
from service.runtime.files import FileStore
from service.runtime.ids import new_id
from service.runtime.vocabulary import ImportState
from service.store import audit
from service.store.recruiting import skills as store
from service.store.recruiting.skills import EditionFacts
from service.tables.skills import SkillConcept, SkillEdition

MAX_BYTES = 40_000_000
"""All files of one list together."""
LINES_SHOWN = 200
RINGS_SHOWN = 50
LICENCES = {
    ESCO: "ESCO, European Commission, CC BY 4.0",
    ROME: "ROME 4.0, France Travail, Licence Ouverte 2.0",
}
TITLES = {ESCO: "ESCO", ROME: "ROME 4.0"}


class ConceptLine(BaseModel):
    """One skill that an edition adds, leaves out or calls otherwise; `was` is what it was called."""

    model_config = ConfigDict(frozen=True)

    uri: str
    label: str
    was: str = ""


class ListReport(BaseModel):
    """What an edition changes; counts count all, the lists show the first 200.

    A skill left out is kept and no longer offered; a label that changed still names its skill. `shared_labels` are
    labels of several skills, which a phrase cannot tell apart; `rings` are skills that are kinds of themselves.
    """

    model_config = ConfigDict(frozen=True)

    concepts: int
    added: int
    removed: int
    relabelled: int
    changed: int
    unchanged: int
    added_lines: tuple[ConceptLine, ...] = ()
    removed_lines: tuple[ConceptLine, ...] = ()
    relabelled_lines: tuple[ConceptLine, ...] = ()
    shared_label_count: int = 0
    shared_labels: tuple[str, ...] = ()
    ring_count: int = 0
    rings: tuple[tuple[str, ...], ...] = ()
    ignored_files: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.removed or self.relabelled or self.changed)


@dataclass(frozen=True)
class SentFile:
    """One file of a list as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ReadFiles:
    """A list read from its files, without a database."""

    read: ReadList
    files: tuple[SentFile, ...]

    @property
    def listed(self) -> ConceptList:
        return self.read.concepts


def read_files(files: Sequence[SentFile], *, scheme: str, edition: str) -> ReadFiles:
    """Read the files of one list; some seconds for a large one, so call it in a thread. RuleBroken with every fault."""
    if sum(len(one.content) for one in files) > MAX_BYTES:
        raise TooLarge("The files have at most %(most)s MB together.", most=MAX_BYTES // 1_000_000)
    edition = edition.replace("\x00", "").strip()[:80]
    if not edition or not files:
        raise RuleBroken("A list has an edition, a date or a number, and at least one file.")
    texts = {one.name: _text(one) for one in files}
    try:
        if scheme == ESCO:
            read = esco.read(texts, edition=edition)
        elif scheme == ROME:
            read = rome.read(texts, edition=edition)
        else:
            read = own_lists.read(texts, scheme=scheme, edition=edition)
    except ListError as error:
        raise RuleBroken(
            "These files cannot be read as a list of skills; see errors.",
            code="list-unreadable",
            faults=[
                Fault(
                    f"{one.file}:{one.line}" if one.line else one.file,
                    "unreadable",
                    InBoth(fr=in_french(one.message), en=one.message),
                )
                for one in error.faults
            ],
        ) from None
    return ReadFiles(read, tuple(files))


@cache
def _french() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = resources("service.flows.matching").joinpath("skill_lists.yaml").read_text("utf-8")
    return tuple((re.compile(said), french) for said, french in yaml.safe_load(text).items())


def in_french(message: str) -> str:
    """A fault of a list's file in French; one that is not known here stays as it is.

    >>> in_french("« 12x » is no OGR code")
    "« 12x » n'est pas un code OGR"
    """
    for said, french in _french():
        if found := said.fullmatch(message):
            return found.expand(french)
    return message


def _text(file: SentFile) -> str:
    """As UTF-8, else as the encoding that spreadsheets write in France."""
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.content.decode("cp1252", errors="replace")
    return text.replace("\x00", "")


async def check_list(
    session: AsyncSession, listed: ConceptList, *, ignored_files: Sequence[str] = ()
) -> ListReport:
    """What taking the list would change; nothing is written."""
    return _report(listed, await store.kept_rows(session, listed.scheme), ignored_files)


def _report(
    listed: ConceptList, rows: Mapping[str, SkillConcept], ignored_files: Sequence[str]
) -> ListReport:
    before = {uri: Concept.model_validate(row.concept) for uri, row in rows.items() if row.removed_at is None}
    after = {one.uri: one for one in listed.concepts}
    found = changes(before.values(), after.values())
    relabelled = [uri for uri in found.changed if _lost_labels(before[uri], after[uri])]
    shared, rings = shared_labels(listed.concepts), cycles(listed.concepts)
    return ListReport(
        concepts=len(after), added=len(found.added), removed=len(found.removed), relabelled=len(relabelled),
        changed=len(found.changed) - len(relabelled), unchanged=found.unchanged,
        added_lines=tuple(_named_line(after[uri]) for uri in found.added[:LINES_SHOWN]),
        removed_lines=tuple(_named_line(before[uri]) for uri in found.removed[:LINES_SHOWN]),
        relabelled_lines=tuple(_named_line(after[uri], before[uri]) for uri in relabelled[:LINES_SHOWN]),
        shared_label_count=len(shared), shared_labels=tuple(shared)[:RINGS_SHOWN],
        ring_count=len(rings), rings=rings[:RINGS_SHOWN], ignored_files=tuple(ignored_files),
    )  # fmt: skip


def _named_line(concept: Concept, before: Concept | None = None) -> ConceptLine:
    was = " / ".join(_lost_labels(before, concept)) if before is not None else ""
    return ConceptLine(uri=concept.uri, label=concept.label.fr, was=was)


def _lost_labels(before: Concept, after: Concept) -> tuple[str, ...]:
    """Labels that the skill no longer carries as its labels."""
    now = {named(after.label_fr), named(after.label_en)}
    return tuple(label for label in (before.label_fr, before.label_en) if label and named(label) not in now)


async def keep_check(
    session: AsyncSession,
    actor: Actor,
    sent: ReadFiles,
    *,
    title: str,
    licence: str,
    files: FileStore,
    now: datetime,
) -> EditionFacts:
    """Keep the files and the report of what taking them would change, so that they can be taken as checked."""
    report = await check_list(session, sent.listed, ignored_files=sent.read.ignored_files)
    for one in sent.files:
        files.put(one.content)
    row = _edition_row(actor, sent.listed, report, title=title, licence=licence, files=sent.files, now=now)
    session.add(row)
    audit.record(
        session, actor, action="skill_list.check", subject=("skill_edition", row.id), now=now,
        detail={"scheme": row.scheme, "sha256": row.sha256},
    )  # fmt: skip
    await session.flush()
    return EditionFacts.model_validate(row)


def read_kept(facts: EditionFacts, files: FileStore) -> ReadFiles:
    """The files of a kept edition, read again; slow, as `read_files`."""
    sent = [SentFile(one["name"], files.get(one["sha256"])) for one in facts.files]
    return read_files(sent, scheme=facts.scheme, edition=facts.edition)


async def apply_kept(
    session: AsyncSession, actor: Actor, edition_id: str | UUID, sent: ReadFiles, *, now: datetime
) -> EditionFacts:
    """Take a kept edition whole; one that was taken already stays as it is."""
    row = await store.edition_row(session, edition_id)
    if row.state is not ImportState.APPLIED:
        report = await _take(session, actor, row, sent.listed, sent.read.ignored_files, now=now)
        row.report = report.model_dump(mode="json")
    return EditionFacts.model_validate(row)


async def import_list(
    session: AsyncSession,
    actor: Actor,
    listed: ConceptList,
    *,
    now: datetime,
    title: str = "",
    licence: str = "",
    files: Sequence[SentFile] = (),
) -> ListReport:
    """Take a list at once, whole, and say what it changed: for the command line."""
    row = _edition_row(actor, listed, None, title=title, licence=licence, files=files, now=now)
    session.add(row)
    await session.flush()
    report = await _take(session, actor, row, listed, (), now=now)
    row.report = report.model_dump(mode="json")
    return report


def _edition_row(
    actor: Actor,
    listed: ConceptList,
    report: ListReport | None,
    *,
    title: str,
    licence: str,
    files: Sequence[SentFile],
    now: datetime,
) -> SkillEdition:
    return SkillEdition(
        scheme=listed.scheme, title=_line(title) or TITLES.get(listed.scheme, listed.scheme),
        edition=listed.edition[:80],
        sha256=digest(listed.concepts), source=(listed.source or ", ".join(one.name for one in files))[:500],
        licence=_line(licence) or LICENCES.get(listed.scheme, ""), state=ImportState.CHECKED,
        files=[{"name": one.name, "sha256": hashlib.sha256(one.content).hexdigest()} for one in files],
        report=report.model_dump(mode="json") if report else {}, staff_id=actor.staff_id, created_at=now,
    )  # fmt: skip


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:200]


async def _take(
    session: AsyncSession,
    actor: Actor,
    row: SkillEdition,
    listed: ConceptList,
    ignored_files: Sequence[str],
    *,
    now: datetime,
) -> ListReport:
    rows = await store.kept_rows(session, listed.scheme)
    report = _report(listed, rows, ignored_files)
    await _write(session, row.id, listed, rows, now=now)
    row.state, row.applied_at = ImportState.APPLIED, now
    audit.record(
        session, actor, action="skill_list.apply", subject=("skill_edition", row.id), now=now,
        detail={"scheme": listed.scheme, "added": report.added, "removed": report.removed},
    )  # fmt: skip
    lexicons.ring_after_commit(session)
    await session.flush()
    return report


async def _write(
    session: AsyncSession,
    edition_id: UUID,
    listed: ConceptList,
    rows: Mapping[str, SkillConcept],
    *,
    now: datetime,
) -> None:
    """New rows at once, changed ones by their ids; a skill left out only gets the day it went."""
    changed = await store.revisions_of(session)
    touched = {one.uri for one in changed}
    new, other = [], []
    for concept in listed.concepts:
        row = rows.get(concept.uri)
        former = _former(row, concept) if row else []
        said = _columns(
            concept,
            former,
            [one for one in changed if one.uri == concept.uri] if concept.uri in touched else (),
        )
        if row is None:
            new.append(
                {"id": new_id(), "uri": concept.uri, "edition_id": edition_id, "removed_at": None, **said}
            )
        elif row.removed_at is not None or row.concept != said["concept"] or row.former != former:
            other.append({"id": row.id, "edition_id": edition_id, "removed_at": None, **said})
    if new:
        await session.execute(insert(SkillConcept), new)
    if other:
        await session.execute(update(SkillConcept), other)
    here = {concept.uri for concept in listed.concepts}
    gone = [
        {"id": row.id, "removed_at": now}
        for uri, row in rows.items()
        if uri not in here and row.removed_at is None
    ]
    if gone:
        await session.execute(update(SkillConcept), gone)


def _former(row: SkillConcept, concept: Concept) -> list[str]:
    """Labels of earlier editions that the newest one does not give as names."""
    names = {named(name) for name in concept.names}
    every = (*row.former, *_lost_labels(Concept.model_validate(row.concept), concept))
    return [label for label in dict.fromkeys(every) if named(label) not in names]


def _columns(concept: Concept, former: Sequence[str], changed: Sequence[Any]) -> dict[str, Any]:
    (whole,) = revised([with_former(concept, former)], changed)
    return {
        "scheme": concept.scheme,
        "notation": concept.notation,
        "label": concept.label.fr[:600],
        "folded": searched(whole),
        "concept": concept.model_dump(mode="json"),
        "former": list(former),
    }


def searched(concept: Concept) -> str:
    """Every name of a skill as it is compared, one a line, with a line end before and after each.

    >>> searched(Concept(uri="acme:1", scheme="acme", notation="1", label_fr="Été")).split("\\n")
    ['', 'ete', '']
    """
    return "\n" + "\n".join(dict.fromkeys(named(name) for name in concept.names)) + "\n"
