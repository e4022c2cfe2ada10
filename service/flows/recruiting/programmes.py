"""Programmes are entered, corrected, opened and closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from assessments.profiles import ProgrammeProfile
from service.flows.matching.lexicons import revised
from service.flows.matching.matching import weigh_programmes
from service.flows.people.candidates import CheckVersion, profile_faults
from service.runtime.actors import Actor
from service.runtime.editions import load_editions
from service.runtime.errors import Fault, RuleBroken
from service.runtime.vocabulary import ProgrammeState
from service.store import audit
from service.store.reach import programme_row
from service.store.recruiting.programmes import ProgrammeFacts
from service.tables.programmes import Programme


def profile_document(profile: ProgrammeProfile) -> dict[str, Any]:
    """A programme as the row keeps it: JSON, without what was not said and without the id."""
    return profile.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"id"})


def checked_profile(values: Mapping[str, Any]) -> ProgrammeProfile:
    """A programme that fits its shape; RuleBroken says what does not."""
    empty: dict[str, Any] = {"skills": [], "languages": [], "opening_hours": []}
    try:
        profile = ProgrammeProfile.model_validate({**empty, **values, "id": "new"})
    except ValidationError as error:
        raise RuleBroken(
            "The programme does not fit its shape; see errors.", faults=profile_faults(error)
        ) from None
    if not profile.title.strip():
        raise RuleBroken(
            "A programme has a title.", faults=[Fault("/profile/title", "missing", "give a title")]
        )
    return profile


def new_row(
    profile: ProgrammeProfile, *, client_name: str, now: datetime, external_id: str | None = None
) -> Programme:
    """A programme's row, open, not yet added to a session."""
    row = Programme(
        external_id=external_id, title="", client_name=client_name, state=ProgrammeState.OPEN, seats=0,
        weekly_hours=0, profile={}, created_at=now, updated_at=now,
    )  # fmt: skip
    put_profile(row, profile)
    return row


def put_profile(row: Programme, profile: ProgrammeProfile) -> None:
    """Write the profile and the columns that lists and documents read."""
    row.profile = profile_document(profile)
    row.title = profile.title[:200] or "Programme"
    row.seats, row.weekly_hours, row.start_date = profile.seats, profile.weekly_hours, profile.start_date


async def create_programme(
    session: AsyncSession,
    actor: Actor,
    *,
    profile: Mapping[str, Any],
    client_name: str,
    now: datetime,
    external_id: str | None = None,
) -> ProgrammeFacts:
    """Enter one programme, open at once."""
    row = new_row(checked_profile(profile), client_name=client_name, now=now, external_id=external_id)
    session.add(row)
    await session.flush()
    audit.record(session, actor, action="programme.create", subject=("programme", row.id), now=now)
    return ProgrammeFacts.model_validate(row)


async def edit_programme(
    session: AsyncSession,
    actor: Actor,
    programme_id: str | UUID,
    *,
    changes: Mapping[str, Any],
    check_version: CheckVersion,
    now: datetime,
) -> ProgrammeFacts:
    """Change what is named in `changes`: client_name, state, profile (member by member; None takes one away)."""
    row = await programme_row(session, actor, programme_id)
    check_version(row.version)
    if changes.get("client_name") is not None:
        row.client_name = changes["client_name"]
    if changes.get("state") is not None:
        row.state = ProgrammeState(changes["state"])
    if changes.get("profile") is not None:
        wanted = {**row.profile, **changes["profile"]}
        put_profile(
            row, checked_profile({name: value for name, value in wanted.items() if value is not None})
        )
    row.updated_at = now
    if changes.get("profile") is not None:
        await weigh_programmes(session, await revised(session, load_editions()), [row.id], now=now)
    audit.record(
        session, actor, action="programme.edit", subject=("programme", row.id), now=now,
        detail={"members": sorted(changes)},
    )  # fmt: skip
    await session.flush()
    return ProgrammeFacts.model_validate(row)
