"""The employer's own facts are written, checked where a number carries its own check."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from documents.facts import EmployerFacts
from service.flows.people.candidates import CheckVersion
from service.runtime.actors import Actor
from service.runtime.errors import Fault, RuleBroken
from service.store import audit
from service.store.people import employer
from service.store.people.employer import EmployerRecord
from service.tables.programmes import Employer

LA_POSTE = "356000000"


def siret_holds(siret: str) -> bool:
    """Whether a SIRET's check digit fits (Luhn); La Poste's sites sum their digits to a multiple of five instead.

    >>> siret_holds("73282932000074"), siret_holds("73282932000075"), siret_holds("35600000049837")
    (True, False, True)
    """
    if siret.startswith(LA_POSTE) and siret != f"{LA_POSTE}00048":
        return sum(map(int, siret)) % 5 == 0
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(siret))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


async def write_employer(
    session: AsyncSession, actor: Actor, facts: EmployerFacts, *, check_version: CheckVersion, now: datetime
) -> EmployerRecord:
    """Replace what is known of the employer."""
    present = await employer.row(session)
    check_version(present.version if present else 0)
    if facts.siret is not None and not siret_holds(facts.siret):
        raise RuleBroken(
            "This SIRET does not hold: its check digit is wrong.",
            faults=[Fault("/facts/siret", "checksum", "check the fourteen digits")],
        )
    written = facts.model_dump(mode="json")
    if present is None:
        present = Employer(facts=written, updated_at=now)
        session.add(present)
    else:
        present.facts, present.updated_at = written, now
    audit.record(session, actor, action="employer.edit", subject=("employer", present.id), now=now)
    await session.flush()
    return await employer.record(session)
