"""What a contract must say of a person and an application must not ask: address and birth, and nothing more."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from documents.facts import PersonFacts
from documents.glyphs import unshowable
from service.runtime.actors import Actor
from service.runtime.clock import civil_date
from service.runtime.errors import Conflict, Fault, NotFound, RuleBroken, told
from service.store import audit
from service.store.papers import civil_details as store
from service.store.papers.civil_details import CivilDetailsFacts
from service.store.papers.offers import has_accepted_offer
from service.tables.offers import CivilDetails

MEMBERS = {
    "street": told("Give the number and the street."),
    "postcode": told("Give the postcode."),
    "city": told("Give the town."),
    "birth_date": told("Give your date of birth."),
    "birth_place": told("Give your place of birth."),
}
OLDEST = date(1900, 1, 1)


def faults_in(details: Mapping[str, Any], *, now: datetime) -> list[Fault]:
    """What is missing or cannot be right, each beside its field; empty when all can stand in a contract."""
    faults = [
        Fault(f"/civil_details/{name}", "absent", words)
        for name, words in MEMBERS.items()
        if not str(details.get(name) or "").strip()
    ]
    lacking = {fault.pointer.rsplit("/", 1)[-1] for fault in faults}
    for name in MEMBERS:
        if name not in lacking:
            faults += _unfit(name, details[name], now=now)
    return faults


def _unfit(name: str, value: Any, *, now: datetime) -> list[Fault]:
    pointer = f"/civil_details/{name}"
    if name == "birth_date":
        born = _day(value)
        if born is None or not OLDEST <= born < civil_date(now):
            words = "This date of birth does not work. Write the day, the month and the year."
            return [Fault(pointer, "invalid", words)]
        return []
    lacking = unshowable(str(value))
    if lacking:
        signs = {"signs": ", ".join(lacking[:5])}
        return [
            Fault(pointer, "invalid", "The contract cannot write %(signs)s. Write in Latin letters.", signs)
        ]
    try:
        PersonFacts.model_validate({"birth_place": value})
    except ValidationError:
        return [Fault(pointer, "invalid", "Write one line of at most 200 characters.")]
    return []


def _day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None


async def record_details(
    session: AsyncSession, candidate_id: UUID, details: Mapping[str, Any], *, now: datetime
) -> CivilDetails:
    """Keep the details, whole; the caller has checked them with `faults_in`."""
    born = _day(details["birth_date"])
    facts = {
        "address": {name: str(details[name]).strip() for name in ("street", "postcode", "city")},
        "birth_date": born.isoformat() if born else None,
        "birth_place": str(details["birth_place"]).strip(),
    }
    row = await store.details_row(session, candidate_id)
    if row is None:
        row = CivilDetails(candidate_id=candidate_id, facts=facts, updated_at=now)
        session.add(row)
    else:
        row.facts, row.updated_at = facts, now
    await session.flush()
    return row


async def own_details(session: AsyncSession, actor: Actor, *, now: datetime) -> CivilDetailsFacts:
    """What the person gave; empty before."""
    if actor.id is None:
        raise NotFound
    audit.record(session, actor, action="civil_details.read", subject=("candidate", actor.id), now=now)
    return store.facts_of(await store.details_row(session, actor.id))


async def correct_own_details(
    session: AsyncSession,
    actor: Actor,
    *,
    details: Mapping[str, Any],
    check_version: Callable[[int], None],
    now: datetime,
) -> CivilDetailsFacts:
    """The person corrects them; Conflict before an offer was accepted, when nobody may ask."""
    if actor.id is None:
        raise NotFound
    row = await store.details_row(session, actor.id)
    check_version(row.version if row else 0)
    if not await has_accepted_offer(session, actor.id):
        raise Conflict("These details are asked only once you accepted an offer.", code="too-early")
    faults = [
        Fault(f.pointer.removeprefix("/civil_details"), f.code, f.sentence, f.values)
        for f in faults_in(details, now=now)
    ]
    if faults:
        raise RuleBroken("Something is still missing; see errors.", faults=faults)
    kept = await record_details(session, actor.id, details, now=now)
    audit.record(session, actor, action="civil_details.edit", subject=("candidate", actor.id), now=now)
    return store.facts_of(kept)
