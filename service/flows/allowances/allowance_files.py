"""Files of days: tried first, with every bad line told, then taken in whole, into an open month or as corrections."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from documents.allowance_days import SheetFault
from documents.allowance_people import PersonDays, read_days
from documents.law import Law
from service.flows.allowances import allowance_days
from service.flows.allowances import allowances as months
from service.flows.allowances.allowance_days import SaidDays
from service.flows.reading.reading_reasons import shown
from service.flows.reading.reading_text import UnreadableFile, decode
from service.flows.recruiting.imports import FAULTS_SHOWN, MAX_BYTES, FaultLine, Report
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Fault, Forbidden, RuleBroken, TooLarge
from service.runtime.ids import new_id
from service.runtime.vocabulary import DaysSource, ImportState
from service.store import audit
from service.store.allowances import allowances as store
from service.store.allowances.allowances import DaysFacts, FileFacts, FileLineFacts
from service.tables.allowances import AllowanceDays, AllowanceFile, AllowanceFileLine

Read = tuple[tuple[PersonDays, ...], tuple[SheetFault, ...]]

LEAST_REASON = 20
"""Characters that say why something settled changes: as many as the API asks of any reason."""


def read(data: bytes, *, month: date) -> Read:
    """The lines of a file and every fault; slow for a large one, so call it in a thread."""
    if len(data) > MAX_BYTES:
        raise TooLarge("A file has at most %(most)s MB; cut it in two.", most=MAX_BYTES // 1_000_000)
    try:
        text = decode(data)
    except UnreadableFile as error:
        return (), (SheetFault(line=error.line, column="", value="", detail=str(error)),)
    people, faults = read_days(text, month=month)
    if not people and not faults:
        return (), (
            SheetFault(line=1, column="", value="", detail="Le fichier n'a pas de ligne sous ses titres."),
        )
    return people, faults


async def keep_check(
    session: AsyncSession, actor: Actor, month: date, found: Read, *, file_name: str, law: Law, now: datetime
) -> FileFacts:
    """What taking the file in would do, kept with its lines; an earlier trial of this month is forgotten.

    The file itself is not kept: its lines are, by person, until it is taken in.
    """
    _check_whole_reach(actor)
    lines, faults = found
    book = await months.open_book(session, actor, await store.month_facts(session, month), law=law)
    known = dict(zip(book.numbers, book.candidate_ids, strict=True))
    standing = await _standing(session, actor, month)
    wrong = [*faults, *(_unknown(one) for one in lines if one.number not in known)]
    fit = [one for one in lines if one.number in known]
    fresh, changed = 0, 0
    for one in fit:
        before = standing.get(known[one.number])
        fresh += before is None
        changed += before is not None and before[:4] != (
            one.days,
            one.is_whole,
            one.paid_cents,
            one.receipts_cents,
        )
    report = Report(
        new=fresh, changed=changed, unchanged=len(fit) - fresh - changed, bad=len({one.line for one in wrong}),
        likely_duplicates=0, fault_count=len(wrong),
        faults=tuple(
            FaultLine(line=one.line, column=one.column, value=shown(one.value), reason=one.detail)
            for one in sorted(wrong, key=lambda one: one.line)[:FAULTS_SHOWN]
        ),
    )  # fmt: skip
    await session.execute(
        delete(AllowanceFile).where(
            col(AllowanceFile.month) == month, col(AllowanceFile.state) == ImportState.CHECKED
        )
    )
    row = AllowanceFile(
        month=month, file_name=file_name[:255], state=ImportState.CHECKED, report=report.model_dump(mode="json"),
        staff_id=actor.staff_id, created_at=now,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    if fit:
        await session.execute(
            insert(AllowanceFileLine),
            [
                {
                    "id": new_id(), "file_id": row.id, "candidate_id": known[one.number], "days": one.days,
                    "is_whole": one.is_whole, "paid_cents": one.paid_cents, "receipts_cents": one.receipts_cents,
                }
                for one in fit
            ],
        )  # fmt: skip
    audit.record(
        session, actor, action="allowance_file.check", subject=("allowance_file", row.id), now=now,
        detail={"month": f"{month:%Y-%m}", "lines": len(fit), "bad": report.bad},
    )  # fmt: skip
    return FileFacts.model_validate(row)


def _unknown(one: PersonDays) -> SheetFault:
    return SheetFault(
        line=one.line,
        column="matricule",
        value=one.number,
        detail="Personne n'a ce matricule avec des jours à domicile ce mois-ci.",
    )


async def _standing(session: AsyncSession, actor: Actor, month: date) -> Mapping[UUID, DaysFacts]:
    """What a file would replace: recorded days of an open month, settled ones of a closed month."""
    if not (await store.month_facts(session, month)).is_closed:
        return await store.days_of_month(session, month)
    return {
        row.candidate_id: DaysFacts(
            row.days or 0, row.is_whole, row.paid_cents, row.receipts_cents, row.source, ""
        )
        for row in await store.settled_in_columns(session, actor, month)
    }


async def apply(
    session: AsyncSession, actor: Actor, file_id: str | UUID, *, law: Law, reason: str = "", now: datetime
) -> FileFacts:
    """Take a tried file in, whole or not at all; taken in already, it stays as it is.

    In a month closed meanwhile or before, each line that changes a sum becomes a correction, with `reason`.
    """
    row = await store.file_row(session, file_id)
    _check_whole_reach(actor)
    if row.state is ImportState.APPLIED:
        return FileFacts.model_validate(row)
    report = Report.model_validate(row.report)
    if not report.can_apply:
        raise RuleBroken(
            "%(rows)s rows are to be put right first; nothing was applied.",
            rows=report.bad,
            code="import-has-faults",
            faults=[
                Fault(f"line {one.line}: {one.column}", "bad-value", f"{one.value} {one.reason}".strip())
                for one in report.faults[:50]
            ],
        )
    lines = await store.file_lines(session, row.id)
    if (await store.month_facts(session, row.month)).is_closed:
        await _correct_all(session, actor, row.month, lines, reason=reason, law=law, now=now)
    else:
        await _replace_days(session, actor, row, lines, now=now)
    await session.execute(delete(AllowanceFileLine).where(col(AllowanceFileLine.file_id) == row.id))
    row.state, row.applied_at = ImportState.APPLIED, now
    audit.record(
        session, actor, action="allowance_file.apply", subject=("allowance_file", row.id), now=now,
        detail={"month": f"{row.month:%Y-%m}", "lines": len(lines)},
    )  # fmt: skip
    await session.flush()
    return FileFacts.model_validate(row)


async def _replace_days(
    session: AsyncSession, actor: Actor, file: AllowanceFile, lines: Sequence[FileLineFacts], *, now: datetime
) -> None:
    """The lines take the place of what was recorded of the same people, in two statements however many they are."""
    named = select(col(AllowanceFileLine.candidate_id)).where(col(AllowanceFileLine.file_id) == file.id)
    await session.execute(
        delete(AllowanceDays).where(
            col(AllowanceDays.month) == file.month, col(AllowanceDays.candidate_id).in_(named)
        )
    )
    if lines:
        await session.execute(
            insert(AllowanceDays),
            [
                {
                    **one._asdict(), "id": new_id(), "month": file.month, "source": DaysSource.IMPORTED, "note": "",
                    "staff_id": actor.staff_id, "recorded_at": now,
                }
                for one in lines
            ],
        )  # fmt: skip


async def _correct_all(
    session: AsyncSession,
    actor: Actor,
    month: date,
    lines: Sequence[FileLineFacts],
    *,
    reason: str,
    law: Law,
    now: datetime,
) -> None:
    """A closed month is put right person by person: whoever gets the same sums is left alone."""
    if len(reason.strip()) < LEAST_REASON:
        raise RuleBroken(
            "This month is closed: say why it is put right.",
            faults=[Fault("/reason", "missing", "At least 20 characters.")],
        )
    for one in lines:
        said = SaidDays(one.days, one.is_whole, one.paid_cents, one.receipts_cents)
        try:
            await allowance_days.correct_month(
                session, actor, month, one.candidate_id, said, reason=reason, law=law,
                source=DaysSource.IMPORTED, now=now,
            )  # fmt: skip
        except RuleBroken as refusal:
            if refusal.code != "nothing-changes":
                raise


def _check_whole_reach(actor: Actor) -> None:
    if actor.kind not in (ActorKind.STAFF, ActorKind.TOKEN):
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    if not actor.sees_all_programmes:
        raise Forbidden("Only somebody who reaches every programme settles a month for everybody.")
