"""Who is already known, by the few signs that show a likely twin."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.tables.people import Candidate


@dataclass(frozen=True)
class KnownPerson:
    """The folded signs of one person; empty when the person gave none."""

    id: UUID
    shown_name: str
    folded_name: str
    folded_email: str
    folded_phone: str


async def known_people(session: AsyncSession) -> list[KnownPerson]:
    """Everybody who gave a name, an address or a number; for the check of a whole file."""
    rows = await session.execute(
        _signs().where(
            (col(Candidate.folded_name) != "")
            | (col(Candidate.folded_email) != "")
            | (col(Candidate.folded_phone) != "")
        )
    )
    return [_known(*row) for row in rows]


async def people_like(
    session: AsyncSession, *, folded_name: str, folded_email: str, folded_phone: str
) -> list[KnownPerson]:
    """At most 50 who share an address, a number, or a family name with this person."""
    signs = [
        (col(Candidate.folded_email), folded_email),
        (col(Candidate.folded_phone), folded_phone),
        (col(Candidate.folded_name), folded_name),
    ]
    asked = [column == value for column, value in signs if value]
    if folded_name:
        family = folded_name.split(" ", 1)[0]
        asked.append(col(Candidate.folded_name).startswith(family, autoescape=True))
    if not asked:
        return []
    rows = await session.execute(_signs().where(or_(*asked)).limit(50))
    return [_known(*row) for row in rows]


def _signs() -> Any:
    return select(
        col(Candidate.id),
        col(Candidate.given_name),
        col(Candidate.family_name),
        col(Candidate.pseudonym),
        col(Candidate.folded_name),
        col(Candidate.folded_email),
        col(Candidate.folded_phone),
    )


def _known(
    row_id: UUID, given: str, family: str, pseudonym: str, name: str, email: str, phone: str
) -> KnownPerson:
    return KnownPerson(row_id, f"{given} {family}".strip() or pseudonym, name, email, phone)
