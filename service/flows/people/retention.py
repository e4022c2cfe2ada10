"""How long the data of people who were not hired are kept, and who is past it."""

import calendar
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files as resources
from typing import Any
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from service.store import retention as store

LARGEST_SHARE = 20
"""A sweep of more than one person in twenty is more likely a wrong clock than a true one; it needs a second word."""


class Rule(StrEnum):
    """Which period ended last."""

    POOL = "pool"
    EXPLANATION = "explanation"


class DueFacts(BaseModel):
    """One person past the period: since when, by which rule, and the last contact it counts from."""

    model_config = ConfigDict(frozen=True)

    candidate_id: UUID
    shown_name: str
    last_contact: datetime
    since: datetime
    rule: Rule
    edition: str


async def due(session: AsyncSession, *, now: datetime) -> tuple[DueFacts, ...]:
    """Who is past the period of the edition in force, longest silent first; people who were hired never are."""
    period = _period_on(now)
    found = (_due(one, period) for one in await store.silences(session))
    return tuple(one for one in found if one.since <= now)


async def kept_until(session: AsyncSession, candidate_id: UUID, *, now: datetime) -> datetime | None:
    """When this person's data are past the period if nothing happens; None for somebody who was hired."""
    silence = await store.silence_of(session, candidate_id)
    return None if silence is None else _due(silence, _period_on(now)).since


def _due(silence: store.Silence, period: dict[str, Any]) -> DueFacts:
    since, rule = months_after(silence.last_contact, period["pool_months"]), Rule.POOL
    if silence.decided_at is not None:
        explained = months_after(silence.decided_at, period["explain_months"])
        if explained > since:
            since, rule = explained, Rule.EXPLANATION
    return DueFacts(
        candidate_id=silence.candidate_id, shown_name=silence.shown_name, last_contact=silence.last_contact,
        since=since, rule=rule, edition=str(period["edition"]),
    )  # fmt: skip


@cache
def _editions() -> list[dict[str, Any]]:
    text = resources("service.flows.people").joinpath("retention.yaml").read_text("utf-8")
    return sorted(yaml.safe_load(text), key=lambda period: period["valid_from"])


def _period_on(now: datetime) -> dict[str, Any]:
    """The newest edition in force; before the first one, the first."""
    return ([one for one in _editions() if one["valid_from"] <= now.date()] or _editions()[:1])[-1]


def months_after(at: datetime, months: int) -> datetime:
    """The same day and hour some months later, or the last day of that month where it is shorter.

    >>> months_after(datetime(2024, 11, 30), 3).isoformat()
    '2025-02-28T00:00:00'
    """
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


async def is_too_many(session: AsyncSession, people: int) -> bool:
    """True when this many is more than one in twenty of everybody known."""
    return people * LARGEST_SHARE > await store.people_count(session)
