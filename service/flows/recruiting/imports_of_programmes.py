"""The programmes of a file against those known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from assessments.profiles import ProgrammeProfile
from service.flows.matching.lexicons import revised
from service.flows.matching.matching import weigh_programmes
from service.flows.reading.reading_files import ProgrammeRow
from service.flows.recruiting.programmes import new_row, profile_document, put_profile
from service.runtime.actors import Actor
from service.runtime.editions import load_editions
from service.store import audit
from service.tables.programmes import Programme

KEYS_AT_ONCE = 500


@dataclass(frozen=True)
class ProgrammeChange:
    """A known programme and what the file says newly."""

    row: Programme
    profile: ProgrammeProfile
    client_name: str


@dataclass(frozen=True)
class PlannedProgrammes:
    """What applying the rows would do."""

    new: tuple[ProgrammeRow, ...]
    changed: tuple[ProgrammeChange, ...]
    unchanged: int


async def plan_programmes(session: AsyncSession, rows: Sequence[ProgrammeRow]) -> PlannedProgrammes:
    """Compare by key; nothing is written."""
    keys = [row.key for row in rows]
    known: dict[str, Programme] = {}
    for start in range(0, len(keys), KEYS_AT_ONCE):
        part = keys[start : start + KEYS_AT_ONCE]
        found = await session.scalars(select(Programme).where(col(Programme.external_id).in_(part)))
        known.update({row.external_id: row for row in found if row.external_id})
    changes = [_change(known[row.key], row) for row in rows if row.key in known]
    changed = tuple(change for change in changes if change is not None)
    new = tuple(row for row in rows if row.key not in known)
    return PlannedProgrammes(new, changed, len(changes) - len(changed))


def _change(present: Programme, row: ProgrammeRow) -> ProgrammeChange | None:
    said = {name: value for name, value in profile_document(row.profile).items() if value not in ("", [])}
    client_name = row.client_name or present.client_name
    merged = {**present.profile, **said}
    if merged == present.profile and client_name == present.client_name:
        return None
    return ProgrammeChange(present, ProgrammeProfile.model_validate({**merged, "id": "new"}), client_name)


async def write_programmes(
    session: AsyncSession, actor: Actor, plan: PlannedProgrammes, *, now: datetime
) -> None:
    """Write the plan in the caller's transaction, each programme with an audit entry."""
    for entry in plan.new:
        row = new_row(entry.profile, client_name=entry.client_name, now=now, external_id=entry.key)
        session.add(row)
        audit.record(session, actor, action="programme.create", subject=("programme", row.id), now=now)
    for change in plan.changed:
        put_profile(change.row, change.profile)
        change.row.client_name, change.row.updated_at = change.client_name, now
        audit.record(session, actor, action="programme.edit", subject=("programme", change.row.id), now=now)
    await session.flush()
    await weigh_programmes(
        session, await revised(session, load_editions()), [change.row.id for change in plan.changed], now=now
    )
