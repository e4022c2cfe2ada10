"""What is known beside a person's word: files kept, and what was measured, attested or verified recorded on its day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from assessments.questionnaires import answers
from assessments.questionnaires.answers import Answers
from assessments.questionnaires.evidence import HowKnown
from assessments.questionnaires.instruments import Instrument
from assessments.questionnaires.items import FileItem, Item, MeasurementItem
from service.flows.assessing.answering import (
    answers_of,
    fitting_items,
    in_both,
    instrument_of,
    let_file_go,
    put_in,
    refuse_when_submitted,
)
from service.flows.assessing.judging_files import FileFault, Judged, judge, refusal
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.editions import Editions
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken
from service.runtime.files import FileStore
from service.runtime.vocabulary import ResponseState
from service.store import audit, reach
from service.store.assessing import assessments as responses
from service.store.assessing import evidence_files as store
from service.store.assessing.evidence_files import EvidenceFacts, EvidenceFileFacts
from service.tables.assessments import Response
from service.tables.evidence import Evidence, EvidenceFile

KIND_NAMES = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP"}
"""What can be kept; a question may name fewer."""
MOST_MEGABYTES = 20
MOST_FILES = 60
"""How many files are kept of one person at most."""
BY_STAFF = (HowKnown.ATTESTED, HowKnown.VERIFIED)


def judge_for(item: FileItem | None, content: bytes) -> Judged:
    """What a file is and its bytes made safe, for one question (None: recorded by staff); RuleBroken says what to do.

    Slow: call it in a thread, outside a transaction.
    """
    accepts = [kind for kind in (item.accepts if item else KIND_NAMES) if kind in KIND_NAMES]
    megabytes = item.max_megabytes if item else MOST_MEGABYTES
    found = judge(content, accepts=accepts, max_megabytes=megabytes)
    if isinstance(found, FileFault):
        raise refusal(found, pointer="/file", megabytes=megabytes, kinds=kinds_in_words(accepts))
    return found


def kinds_in_words(accepts: Iterable[str]) -> str:
    """The kinds of file that can be kept, by the names people know.

    >>> kinds_in_words(["application/pdf", "image/jpeg", "image/heic"])
    'PDF, JPEG'
    """
    return ", ".join(KIND_NAMES[kind] for kind in accepts if kind in KIND_NAMES)


def file_item(instrument: Instrument, item_id: str) -> FileItem:
    """The question that asks for a file; NotFound for any other."""
    found = instrument.item(item_id)
    if not isinstance(found, FileItem):
        raise NotFound
    return found


async def attach(
    session: AsyncSession,
    actor: Actor,
    row: Response,
    item_id: str,
    judged: Judged,
    *,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> EvidenceFileFacts:
    """Keep a person's own file as the answer to a question; a file that was there before gives way."""
    refuse_when_submitted(row)
    instrument = instrument_of(editions, row)
    item = file_item(instrument, item_id)
    kept = await _keep(
        session, actor, row.candidate_id, (row.instrument, item.id), judged, files=files, now=now
    )
    before = answers_of(instrument, row.answers).get(item.id)
    put_in(row, instrument, {item.id: kept.id.hex}, now=now)
    await let_file_go(session, row.candidate_id, before)
    await session.flush()
    return store.file_facts(kept)


async def detach(
    session: AsyncSession, actor: Actor, row: Response, item_id: str, *, editions: Editions, now: datetime
) -> None:
    """Take back the file given as the answer to a question; doing it twice does no harm."""
    refuse_when_submitted(row)
    instrument = instrument_of(editions, row)
    item = file_item(instrument, item_id)
    before = answers_of(instrument, row.answers).get(item.id)
    put_in(row, instrument, {item.id: None}, now=now)
    await let_file_go(session, row.candidate_id, before)
    audit.record(
        session, actor, action="evidence_file.remove", subject=("candidate", row.candidate_id), now=now,
        detail={"item": f"{row.instrument} {item.id}"},
    )  # fmt: skip
    await session.flush()


async def _keep(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    about: tuple[str, str],
    judged: Judged,
    *,
    files: FileStore,
    now: datetime,
) -> EvidenceFile:
    if len(await store.files_of(session, candidate_id)) >= MOST_FILES:
        raise Conflict(
            "There are already %(most)s files; remove one first.", code="too-many-files", most=MOST_FILES
        )
    instrument, item = about
    row = EvidenceFile(
        candidate_id=candidate_id,
        instrument=instrument,
        item=item,
        sha256=files.put(judged.content),
        media_type=judged.media_type,
        size_bytes=len(judged.content),
        file_name=f"{item.replace('_', '-')}.{judged.extension}",
        staff_id=actor.staff_id,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="evidence_file.keep", subject=("candidate", candidate_id), now=now,
        detail={"file": str(row.id), "item": f"{instrument} {item}"},
    )  # fmt: skip
    return row


async def open_file(
    session: AsyncSession,
    actor: Actor,
    file_id: str | UUID,
    *,
    of_candidate: str = "",
    files: FileStore,
    now: datetime,
) -> tuple[EvidenceFileFacts, bytes]:
    """One file with its bytes, for whoever may see the person; the read is noted.

    NotFound when it is not about `of_candidate`, where one is named.
    """
    row = await store.file_row(session, actor, file_id)
    if of_candidate and str(row.candidate_id) != of_candidate:
        raise NotFound
    audit.record(
        session, actor, action="evidence_file.read", subject=("candidate", row.candidate_id), now=now,
        detail={"file": str(row.id)},
    )  # fmt: skip
    return store.file_facts(row), files.get(row.sha256)


@dataclass(frozen=True)
class Shown:
    """What somebody of the staff saw about one question: on which day, how, and what it was."""

    instrument: str
    item: str
    kind: HowKnown
    known_on: date
    value: object = None
    note: str = ""
    file_id: UUID | None = None


async def keep_for_staff(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    about: tuple[str, str],
    judged: Judged,
    *,
    files: FileStore,
    editions: Editions,
    now: datetime,
) -> EvidenceFileFacts:
    """Keep a file that staff was shown about one question (questionnaire, item), to be named by what they record."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    instrument = await instrument_about(session, candidate.id, about[0], editions=editions, now=now)
    if instrument.item(about[1]) is None:
        raise NotFound
    row = await _keep(session, actor, candidate.id, about, judged, files=files, now=now)
    return store.file_facts(row)


async def record_shown(
    session: AsyncSession,
    actor: Actor,
    candidate_id: str | UUID,
    shown: Shown,
    *,
    editions: Editions,
    now: datetime,
) -> EvidenceFacts:
    """Record that an item was attested or verified; what the person declared stays as it was declared.

    RuleBroken with pointers when the item cannot be known in this way, the day is to come, the value does not fit, or
    the file is not one about this person.
    """
    candidate = await reach.candidate_row(session, actor, candidate_id)
    instrument = await instrument_about(session, candidate.id, shown.instrument, editions=editions, now=now)
    item = instrument.item(shown.item)
    faults = faults_of_shown(instrument, item, shown, now=now)
    if shown.file_id and shown.file_id not in {one.id for one in await store.files_of(session, candidate.id)}:
        faults.append(Fault("/file_id", "unknown_file", in_both(instrument.phrases.problems.unknown_file)))
    if faults:
        raise RuleBroken("This cannot be recorded as it is; see errors.", faults=faults)
    row = Evidence(
        candidate_id=candidate.id,
        instrument=instrument.slug,
        item=shown.item,
        kind=shown.kind,
        value=_stored(instrument, shown),
        known_on=shown.known_on,
        file_id=shown.file_id,
        staff_id=actor.staff_id,
        note=shown.note.strip(),
        recorded_at=now,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, action="evidence.record", subject=("candidate", candidate.id), now=now,
        detail={"evidence": str(row.id), "item": f"{instrument.slug} {shown.item}", "kind": shown.kind.value},
    )  # fmt: skip
    return store.evidence_facts(row, actor.name)


def faults_of_shown(instrument: Instrument, item: Item | None, shown: Shown, *, now: datetime) -> list[Fault]:
    """What does not fit in what somebody wants to record, with the way to each."""
    if item is None:
        return [Fault("/item", "unknown_item", in_both(instrument.phrases.problems.unknown_item))]
    faults = []
    if shown.kind not in BY_STAFF or shown.kind not in item.known_by:
        faults.append(Fault("/kind", "not_known_so", "This question cannot be known in this way."))
    if shown.known_on > civil_date(now):
        faults.append(Fault("/known_on", "not_yet", "A day that has come; this one is still to come."))
    read = _read_value(instrument, item, shown.value)
    if not isinstance(read, Answers):
        faults += [Fault("/value", problem.code, in_both(problem.text)) for problem in read]
    return faults


def _read_value(instrument: Instrument, item: Item, value: object) -> Answers | tuple[answers.Problem, ...]:
    empty = answers.from_json(instrument, {}, complete=False)
    if value is None or not isinstance(empty, Answers):
        return empty
    if isinstance(item, MeasurementItem):
        return answers.with_measurements(instrument, empty, {item.id: value})
    return answers.from_json(instrument, {item.id: value}, complete=False)


def _stored(instrument: Instrument, shown: Shown) -> Any:
    item = instrument.item(shown.item)
    read = _read_value(instrument, item, shown.value) if item else ()
    return read.to_json().get(shown.item) if isinstance(read, Answers) else None


async def instrument_about(
    session: AsyncSession, candidate_id: UUID, slug: str, *, editions: Editions, now: datetime
) -> Instrument:
    """The edition that this person answers to, else the one of today; NotFound for an unknown questionnaire."""
    row = await responses.latest_row(session, candidate_id, slug)
    if row is not None:
        return instrument_of(editions, row)
    return (
        next((one for one in editions.instruments_on(civil_date(now)) if one.slug == slug), None)
        or _unknown()
    )


def _unknown() -> Instrument:
    raise NotFound


async def read_evidence(
    session: AsyncSession, actor: Actor, candidate_id: str | UUID, *, now: datetime
) -> tuple[EvidenceFacts, ...]:
    """Everything shown about one person, newest first; the read is noted."""
    candidate = await reach.candidate_row(session, actor, candidate_id)
    audit.record(session, actor, action="evidence.list", subject=("candidate", candidate.id), now=now)
    return await store.evidence_of(session, candidate.id)


async def record_measured(
    session: AsyncSession,
    actor: Actor,
    candidate_id: UUID,
    measured: Mapping[str, int],
    *,
    editions: Editions,
    now: datetime,
) -> tuple[EvidenceFacts, ...]:
    """Keep what was measured (by the name of the measure, whole numbers in its unit) as evidence dated today.

    Every question of a questionnaire that asks for one of the measures gets it, and so do answers that are still
    being given: a newer measurement takes the place of an older one there. A value outside the bounds of its question
    is left out: it says more about the measuring than about the line. The caller has checked who is asking.
    """
    kept: list[EvidenceFacts] = []
    for today in editions.instruments_on(civil_date(now)):
        row = await responses.latest_row(session, candidate_id, today.slug, to_change=True)
        instrument = today if row is None else instrument_of(editions, row)
        values = fitting_items(instrument, _by_item(instrument, measured))
        if row is not None and row.state is ResponseState.DRAFT and values:
            put_in(row, instrument, values, now=now)
        for item, value in values.items():
            piece = Evidence(
                candidate_id=candidate_id, instrument=instrument.slug, item=item, kind=HowKnown.MEASURED,
                value=value, known_on=civil_date(now), staff_id=actor.staff_id, recorded_at=now,
            )  # fmt: skip
            session.add(piece)
            await session.flush()
            kept.append(store.evidence_facts(piece))
    return tuple(kept)


def _by_item(instrument: Instrument, measured: Mapping[str, int]) -> dict[str, int]:
    return {item.id: measured[item.measure] for item in instrument.measurements if item.measure in measured}
