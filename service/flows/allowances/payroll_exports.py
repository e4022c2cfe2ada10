"""What payroll takes in: the lines of one payslip month, in the columns of a map that the employer may replace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from sqlalchemy.ext.asyncio import AsyncSession

from documents.payroll_lines import (
    PayrollKind,
    PayrollLine,
    PayrollMap,
    PayrollMapError,
    PayrollRefused,
    read_map,
    write_lines,
)
from service.flows.allowances.allowances import check_may_settle
from service.runtime.actors import Actor, ActorKind
from service.runtime.errors import Conflict, Fault, Forbidden, InBoth, RuleBroken
from service.store import audit
from service.store.allowances import allowances as store
from service.store.allowances.allowances import PayslipRow
from service.tables.allowances import PayrollColumns

LONGEST_MAP = 20_000
BOM = "\ufeff"


@dataclass(frozen=True)
class MapInForce:
    """The map that counts, as its text says it; `sent_at` is empty for the one that ships."""

    text: str
    columns: PayrollMap
    sent_at: datetime | None = None
    sent_by: str = ""


def shipped_map() -> str:
    return files("documents").joinpath("exports", "variables.yaml").read_text("utf-8")


async def map_in_force(session: AsyncSession) -> MapInForce:
    sent = await store.payroll_columns(session)
    if sent is None:
        return MapInForce(shipped_map(), read_map(shipped_map()))
    return MapInForce(sent.text, read_map(sent.text), sent.sent_at, sent.sent_by_name)


async def replace_map(session: AsyncSession, actor: Actor, text: str, *, now: datetime) -> MapInForce:
    """Take another map of columns; RuleBroken says what does not fit. Exports made before stay as they were."""
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden("A person of the staff does this, signed in under their own name.")
    columns = _checked(text)
    session.add(PayrollColumns(text=text, title=columns.title[:200], staff_id=actor.staff_id, sent_at=now))
    audit.record(
        session, actor, action="payroll_map.replace", subject=("payroll_map", columns.payroll_map[:40]), now=now,
        detail={"edition": columns.edition[:40]},
    )  # fmt: skip
    await session.flush()
    return MapInForce(text, columns, now, actor.name)


def _checked(text: str) -> PayrollMap:
    if len(text) > LONGEST_MAP or "\x00" in text:
        raise RuleBroken(
            "A map of columns has at most %(most)s characters.", most=LONGEST_MAP,
            faults=[Fault("/text", "too-long", "Send a shorter map.")],
        )  # fmt: skip
    try:
        columns = read_map(text)
    except (PayrollMapError, RecursionError) as error:
        words = " ".join(str(error).split())[:500]
        raise RuleBroken(
            "This map of columns cannot be used; see errors.",
            faults=[Fault("/text", "invalid", InBoth(words, words))],
        ) from None
    lacking = [kind for kind in PayrollKind if not columns.codes.get(kind)]
    if lacking:
        raise RuleBroken(
            "This map of columns cannot be used; see errors.",
            faults=[
                Fault(f"/codes/{kind.value}", "missing", "Give the payroll code of this kind of line.")
                for kind in lacking
            ],
        )  # fmt: skip
    return columns


async def read_export(
    session: AsyncSession, actor: Actor, month: date, *, now: datetime
) -> tuple[Sequence[PayslipRow], PayrollMap]:
    """What the file of a closed month is made of; `write_export` makes it, outside of any transaction."""
    check_may_settle(actor)
    if not (await store.month_facts(session, month)).is_closed:
        raise Conflict("Close this month first: its sums still change.", code="month-open")
    rows = await store.payslip_rows(session, month)
    columns = (await map_in_force(session)).columns
    audit.record(
        session, actor, action="allowance_month.export", subject=("allowance_month", f"{month:%Y-%m}"), now=now,
        detail={"rows": len(rows), "map": f"{columns.payroll_map}/{columns.edition}"[:200]},
    )  # fmt: skip
    return rows, columns


def write_export(rows: Sequence[PayslipRow], columns: PayrollMap, *, month: date) -> bytes:
    """The file, as spreadsheets and payroll programs open it; RuleBroken names what stops it. Call it in a thread."""
    written = write_lines(_lines(rows, month), columns)
    if isinstance(written, PayrollRefused):
        raise RuleBroken(
            "Payroll cannot take this month in; see errors.",
            faults=[
                Fault(one.field, "refused", InBoth(one.detail, one.detail)) for one in written.faults[:50]
            ],
        )
    return (BOM + written).encode()


def _lines(rows: Sequence[PayslipRow], month: date) -> list[PayrollLine]:
    lines = []
    for row in rows:
        own = row.month == month and row.position == 0
        kinds = (
            (PayrollKind.ALLOWANCE_EXEMPT, PayrollKind.ALLOWANCE_TAXABLE)
            if own
            else (PayrollKind.CORRECTION_EXEMPT, PayrollKind.CORRECTION_TAXABLE)
        )
        for kind, cents in zip(kinds, (row.exempt_cents, row.taxable_cents), strict=True):
            if cents:
                lines.append(
                    PayrollLine(
                        employee=row.number, kind=kind, cents=cents, month=row.month, settled_in=month
                    )
                )
    return lines
